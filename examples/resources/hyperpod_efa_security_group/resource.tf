# All traffic from the group itself and to the group itself is always permitted: EFA needs it.
resource "hyperpod_efa_security_group" "nodes" {
  name       = "hyperpod-nodes"
  vpc_id     = "vpc-0a1b2c3d4e5f60718"
  fsx_lustre = {} # a file system that carries this group

  ingress_rules = {
    metrics = { ip_protocol = "tcp", from_port = 9100, to_port = 9100, cidr_ipv4 = "10.20.0.0/16" }
    names   = { ip_protocol = "udp", from_port = 53, to_port = 53, prefix_list_id = "pl-0a1b2c3d" }
  }
}

# The group that EKS has made for its cluster: what EFA needs is added, and only that is removed in the end.
resource "hyperpod_efa_security_group" "eks" {
  existing_security_group_id = "sg-0a1b2c3d4e5f60718"
  fsx_openzfs                = { cidr_blocks = ["10.20.0.0/16"] }
}

# Nodes that reach nothing but each other and one endpoint.
resource "hyperpod_efa_security_group" "closed" {
  name_prefix               = "closed-"
  vpc_id                    = "vpc-0a1b2c3d4e5f60718"
  exclusive                 = true # rules that others add are removed
  internet_egress           = false
  https_ingress_cidr_blocks = []

  egress_rules = {
    endpoint = { ip_protocol = "tcp", from_port = 443, to_port = 443, cidr_ipv4 = "10.20.0.0/16" }
  }

  timeouts {
    delete = "1h"
  }
}
