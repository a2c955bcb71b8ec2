# Terraform 1.12, OpenTofu 1.12
import {
  to = hyperpod_efa_security_group.nodes
  identity = {
    id = "sg-0a1b2c3d4e5f60718"
  }
}
