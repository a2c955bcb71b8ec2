resource "hyperpod_efa_security_group" "nodes" {
  name   = "release"
  vpc_id = "vpc-0a1b2c3d4e5f60718"
}
