#!/bin/sh
terraform import hyperpod_efa_security_group.nodes sg-0a1b2c3d4e5f60718
