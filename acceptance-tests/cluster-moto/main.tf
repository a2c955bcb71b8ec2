resource "hyperpod_cluster" "this" {
  cluster_name = "ml-cluster"

  vpc_config = {
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0a23456789abcdef0"]
    security_group_ids = ["sg-0123456789abcdef0"]
  }

  # moto keeps ThreadsPerCore and LifeCycleConfig only where they are given, and knows types of 2023.
  instance_groups = {
    controller = {
      instance_type    = "ml.c5.xlarge"
      instance_count   = 1
      execution_role   = "arn:aws:iam::123456789012:role/nodes"
      threads_per_core = 1
      lifecycle_config = {
        source_s3_uri = "s3://sagemaker-scripts/base"
        on_create     = "on_create.sh"
      }
    }
    workers = {
      instance_type    = "ml.p5.48xlarge"
      instance_count   = 2
      execution_role   = "arn:aws:iam::123456789012:role/nodes"
      threads_per_core = 2
      lifecycle_config = {
        source_s3_uri = "s3://sagemaker-scripts/base"
        on_create     = "on_create.sh"
      }
      instance_storage_configs = [{ ebs_volume_config = { volume_size_in_gb = 500 } }]
    }
  }

  tags = { Team = "ml" }
}
