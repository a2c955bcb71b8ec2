# All traffic from the group itself and to the group itself is always permitted: EFA needs it.
resource "hyperpod_efa_security_group" "nodes" {
  name   = "hyperpod-nodes"
  vpc_id = "vpc-0a1b2c3d4e5f60718"

  ingress_rules = {
    metrics = { ip_protocol = "tcp", from_port = 9100, to_port = 9100, cidr_ipv4 = "10.20.0.0/16" }
    lustre  = { ip_protocol = "tcp", from_port = 988, to_port = 988, referenced_security_group_id = "self" }
  }
}

# Nodes that reach nothing but each other and one endpoint.
resource "hyperpod_efa_security_group" "closed" {
  name_prefix               = "closed-"
  vpc_id                    = "vpc-0a1b2c3d4e5f60718"
  internet_egress           = false
  https_ingress_cidr_blocks = []

  egress_rules = {
    endpoint = { ip_protocol = "tcp", from_port = 443, to_port = 443, cidr_ipv4 = "10.20.0.0/16" }
  }

  timeouts {
    delete = "1h"
  }
}
