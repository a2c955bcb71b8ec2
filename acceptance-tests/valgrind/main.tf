variable "nodes" {
  default = 1
}

variable "port" {
  default = 9100
}

resource "hyperpod_efa_security_group" "nodes" {
  name   = "nodes"
  vpc_id = "vpc-0a1b2c3d4e5f60718"

  ingress_rules = {
    metrics = { ip_protocol = "tcp", from_port = var.port, to_port = var.port, cidr_ipv4 = "10.0.0.0/8" }
  }
  tags = { Team = "ml" }
}

resource "hyperpod_cluster" "this" {
  cluster_name = "checked"
  eks          = { cluster_arn = "arn:aws:eks:us-west-2:111122223333:cluster/sim" }

  vpc_config = {
    subnet_ids         = ["subnet-0a1b2c3d4e5f60718"]
    security_group_ids = [hyperpod_efa_security_group.nodes.id]
  }

  instance_groups = {
    workers = {
      instance_type    = "ml.g5.8xlarge"
      instance_count   = var.nodes
      execution_role   = "arn:aws:iam::111122223333:role/hyperpod-nodes"
      lifecycle_config = { source_s3_uri = "s3://sagemaker-scripts/nodes/", on_create = "on_create.sh" }
    }
  }
}
