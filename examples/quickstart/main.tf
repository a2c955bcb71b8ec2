# A small training cluster: EFA traffic is allowed among its nodes, and two groups of instances do the work.

terraform {
  required_providers {
    hyperpod = {
      source  = "hyperpod/hyperpod"
      version = "~> 0.1"
    }
  }
}

provider "hyperpod" {
  region = "us-west-2"

  default_tags {
    tags = { Project = "quickstart" }
  }
}

# The defaults are what hyperpod-sim has: a VPC, a subnet, an EKS cluster and a role.
variable "vpc_id" {
  type    = string
  default = "vpc-0a1b2c3d4e5f60718"
}

variable "subnet_id" {
  type    = string
  default = "subnet-0a1b2c3d4e5f60718"
}

variable "eks_cluster_arn" {
  type    = string
  default = "arn:aws:eks:us-west-2:111122223333:cluster/sim"
}

variable "execution_role" {
  type    = string
  default = "arn:aws:iam::111122223333:role/hyperpod-nodes"
}

locals {
  scripts = {
    source_s3_uri = "s3://sagemaker-lifecycle-scripts/nodes/"
    on_create     = "on_create.sh"
  }
}

# Everything from itself and to itself: EFA needs both, and 0.0.0.0/0 covers neither.
resource "hyperpod_efa_security_group" "nodes" {
  name   = "hyperpod-nodes"
  vpc_id = var.vpc_id

  ingress_rules = {
    metrics = { ip_protocol = "tcp", from_port = 9100, to_port = 9100, referenced_security_group_id = "self" }
  }
}

resource "hyperpod_cluster" "this" {
  cluster_name = "quickstart"
  eks          = { cluster_arn = var.eks_cluster_arn }

  vpc_config = {
    subnet_ids         = [var.subnet_id]
    security_group_ids = [hyperpod_efa_security_group.nodes.id]
  }

  # A map by name: adding, removing or renaming one group touches no other.
  instance_groups = {
    workers = {
      instance_type            = "ml.g6.12xlarge"
      instance_count           = 4
      execution_role           = var.execution_role
      lifecycle_config         = local.scripts
      instance_storage_configs = [{ ebs_volume_config = { volume_size_in_gb = 500 } }]
    }
    system = {
      instance_type    = "ml.c5.2xlarge"
      instance_count   = 2
      execution_role   = var.execution_role
      lifecycle_config = local.scripts
    }
  }
}

output "cluster" {
  value = {
    arn    = hyperpod_cluster.this.arn
    status = hyperpod_cluster.this.status
    nodes  = { for name, group in hyperpod_cluster.this.instance_group_details : name => group.current_count }
  }
}

output "security_group" {
  value = {
    id    = hyperpod_efa_security_group.nodes.id
    rules = hyperpod_efa_security_group.nodes.rule_ids
  }
}
