# terraform query -generate-config-out=found.tf
list "hyperpod_cluster" "training" {
  provider = hyperpod

  config {
    name_contains = "train"
  }
}
