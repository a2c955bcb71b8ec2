variable "subnets" {
  type = list(string)
}

variable "group" {
  type = string
}

variable "workers" {
  default = 2
}

variable "create" {
  default = "1h"
}

variable "update" {
  default = "1h"
}

resource "hyperpod_cluster" "this" {
  cluster_name = "ml-cluster"
  eks          = { cluster_arn = "arn:aws:eks:us-west-2:111122223333:cluster/sim" }

  vpc_config = {
    subnet_ids         = var.subnets
    security_group_ids = [var.group]
  }

  instance_groups = {
    system = {
      instance_type  = "ml.c5.xlarge"
      instance_count = 1
      execution_role = "arn:aws:iam::111122223333:role/nodes"
    }
    workers = {
      instance_type  = "ml.c5.xlarge"
      instance_count = var.workers
      execution_role = "arn:aws:iam::111122223333:role/nodes"
      lifecycle_config = {
        source_s3_uri = "s3://sagemaker-scripts/base"
        on_create     = "on_create.sh"
      }
    }
  }

  timeouts {
    create = var.create
    update = var.update
  }
}
