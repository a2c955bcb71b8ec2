variable "name" {
  type = string
}

variable "more" {
  default = 0
}

provider "hyperpod" {
  default_tags {
    tags = { Story = "debug-mode" }
  }
}

resource "hyperpod_efa_security_group" "nodes" {
  count  = 3 + var.more
  name   = "${var.name}-${count.index}"
  vpc_id = "vpc-0a1b2c3d4e5f60718"
}

resource "hyperpod_cluster" "this" {
  cluster_name = var.name
  eks          = { cluster_arn = "arn:aws:eks:us-west-2:111122223333:cluster/sim" }

  vpc_config = {
    subnet_ids         = ["subnet-0a1b2c3d4e5f60718"]
    security_group_ids = [hyperpod_efa_security_group.nodes[0].id]
  }

  instance_groups = {
    workers = {
      instance_type    = "ml.g5.8xlarge"
      instance_count   = 1 + var.more
      execution_role   = "arn:aws:iam::111122223333:role/hyperpod-nodes"
      lifecycle_config = { source_s3_uri = "s3://sagemaker-scripts/nodes/", on_create = "on_create.sh" }
    }
  }
}
