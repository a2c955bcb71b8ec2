variable "subnets" {
  type = list(string)
}

variable "role" {
  default = "arn:aws:iam::111122223333:role/nodes"
}

# Five groups; counts and names come from the story.
variable "counts" {
  type    = map(number)
  default = { a = 1, b = 1, c = 2, d = 1, e = 0 }
}

variable "team" {
  default = "ml"
}

resource "hyperpod_efa_security_group" "nodes" {
  name   = "nodes"
  vpc_id = "vpc-0a1b2c3d4e5f60718"
}

resource "hyperpod_cluster" "this" {
  cluster_name = "ml-cluster"
  eks          = { cluster_arn = "arn:aws:eks:us-west-2:111122223333:cluster/sim" }

  vpc_config = {
    subnet_ids         = var.subnets
    security_group_ids = [hyperpod_efa_security_group.nodes.id]
  }

  instance_groups = {
    for name, count in var.counts : name => {
      instance_type  = "ml.c5.xlarge"
      instance_count = count
      execution_role = var.role
      lifecycle_config = {
        source_s3_uri = "s3://sagemaker-scripts/base"
        on_create     = "on_create.sh"
      }
      instance_storage_configs = [{ ebs_volume_config = { volume_size_in_gb = 100 } }]
    }
  }

  tags = { Team = var.team }
}
