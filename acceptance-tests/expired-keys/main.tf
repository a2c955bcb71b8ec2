provider "hyperpod" {}

resource "hyperpod_cluster" "it" {
  cluster_name = "ml-cluster"
  eks          = { cluster_arn = "arn:aws:eks:us-west-2:111122223333:cluster/sim" }

  vpc_config = {
    subnet_ids         = ["subnet-0a1b2c3d4e5f60718"]
    security_group_ids = ["sg-0a1b2c3d4e5f60718"]
  }

  instance_groups = {
    workers = {
      instance_type    = "ml.c5.2xlarge"
      instance_count   = 2
      execution_role   = "arn:aws:iam::111122223333:role/hyperpod-nodes"
      lifecycle_config = { source_s3_uri = "s3://sagemaker-scripts/nodes/", on_create = "on_create.sh" }
    }
  }
}
