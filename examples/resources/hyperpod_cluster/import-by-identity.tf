# Terraform 1.12, OpenTofu 1.12
import {
  to = hyperpod_cluster.eks
  identity = {
    cluster_name = "ml-cluster"
  }
}
