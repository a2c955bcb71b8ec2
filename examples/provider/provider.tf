terraform {
  required_providers {
    hyperpod = {
      source  = "hyperpod/hyperpod"
      version = "~> 0.1"
    }
  }
}

# Credentials come from where the aws provider takes them: arguments, environment, shared files, roles of the machine.
provider "hyperpod" {
  region              = "us-west-2"
  allowed_account_ids = ["111122223333"]

  default_tags {
    tags = { Project = "llm" }
  }
}
