# On EKS: groups by name, each with its own type, role and scripts.
resource "hyperpod_cluster" "eks" {
  cluster_name  = "ml-cluster"
  eks           = { cluster_arn = "arn:aws:eks:us-west-2:111122223333:cluster/sim" }
  node_recovery = "Automatic"

  vpc_config = {
    subnet_ids         = ["subnet-0a1b2c3d4e5f60718"]
    security_group_ids = ["sg-0a1b2c3d4e5f60718"]
  }

  instance_groups = {
    workers = {
      instance_type            = "ml.p5.48xlarge"
      instance_count           = 16
      execution_role           = "arn:aws:iam::111122223333:role/hyperpod-nodes"
      lifecycle_config         = { source_s3_uri = "s3://sagemaker-scripts/workers/", on_create = "on_create.sh" }
      instance_storage_configs = [{ ebs_volume_config = { volume_size_in_gb = 500 } }]
    }
    system = {
      instance_type    = "ml.c5.2xlarge"
      instance_count   = 2
      execution_role   = "arn:aws:iam::111122223333:role/hyperpod-nodes"
      lifecycle_config = { source_s3_uri = "s3://sagemaker-scripts/system/", on_create = "on_create.sh" }
    }
  }

  timeouts {
    create = "6h"
  }
}

# Many groups of one kind: an expression builds the map.
resource "hyperpod_cluster" "many" {
  cluster_name = "many-groups"
  eks          = { cluster_arn = "arn:aws:eks:us-west-2:111122223333:cluster/sim" }

  vpc_config = {
    subnet_ids         = ["subnet-0a1b2c3d4e5f60718"]
    security_group_ids = ["sg-0a1b2c3d4e5f60718"]
  }

  instance_groups = {
    for rack in range(4) : "rack-${rack}" => {
      instance_type    = "ml.g5.8xlarge"
      instance_count   = 2
      execution_role   = "arn:aws:iam::111122223333:role/hyperpod-nodes"
      lifecycle_config = { source_s3_uri = "s3://sagemaker-scripts/workers/", on_create = "on_create.sh" }
    }
  }
}
