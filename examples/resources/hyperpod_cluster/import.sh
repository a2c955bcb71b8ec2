#!/bin/sh
terraform import hyperpod_cluster.eks ml-cluster
