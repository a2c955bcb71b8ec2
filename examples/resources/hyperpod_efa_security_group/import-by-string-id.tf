import {
  to = hyperpod_efa_security_group.nodes
  id = "sg-0a1b2c3d4e5f60718"
}
