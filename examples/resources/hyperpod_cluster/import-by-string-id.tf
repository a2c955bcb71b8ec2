import {
  to = hyperpod_cluster.eks
  id = "ml-cluster"
}
