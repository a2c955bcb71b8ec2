# terraform query -generate-config-out=found.tf
list "hyperpod_efa_security_group" "nodes" {
  provider = hyperpod

  config {
    vpc_id = "vpc-0a1b2c3d4e5f60718"
  }
}
