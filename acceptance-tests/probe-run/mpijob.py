"""Reads the MPIJob of examples/probe: prints what is wrong with it, and the probe's command line on a line of its own."""

import sys

import yaml

# Of kubeflow.org/v2beta1, as the MPI Operator 0.5 of the HyperPod Helm chart has it.
KNOWN = {
    "spec": "slotsPerWorker runPolicy mpiReplicaSpecs launcherCreationPolicy mpiImplementation sshAuthMountPath",
    "runPolicy": "cleanPodPolicy ttlSecondsAfterFinished activeDeadlineSeconds backoffLimit schedulingPolicy suspend",
    "replica": "replicas restartPolicy template",
    "pod": "containers volumes nodeSelector",
    "container": "name image command env resources securityContext volumeMounts",
}


def unknown(kind, what):
    return [f"{kind} has no {key}" for key in what if key not in KNOWN[kind].split()]


def faults(job):
    spec = job["spec"]
    replicas = spec["mpiReplicaSpecs"]
    found = unknown("spec", spec) + unknown("runPolicy", spec["runPolicy"])
    if (job["apiVersion"], job["kind"]) != ("kubeflow.org/v2beta1", "MPIJob") or set(replicas) != {"Launcher", "Worker"}:
        found.append("it is no MPIJob of a launcher and workers")
    for replica in replicas.values():
        pod = replica["template"]["spec"]
        found += unknown("replica", replica) + unknown("pod", pod) + unknown("container", pod["containers"][0])
        mounted = {mount["name"] for mount in pod["containers"][0].get("volumeMounts", [])}
        if mounted != {volume["name"] for volume in pod.get("volumes", [])}:
            found.append("volumes and mounts differ")
    launcher, worker = (replicas[name]["template"]["spec"]["containers"][0] for name in ("Launcher", "Worker"))
    command, limits = launcher["command"], worker["resources"]["limits"]
    for option in "-np", "--expect":
        if command[command.index(option) + 1] != str(replicas["Worker"]["replicas"]):
            found.append(f"{option} is not the number of workers")
    for limit in "vpc.amazonaws.com/efa", "hugepages-2Mi", "memory":  # huge pages need one of memory or cpu beside them
        if limit not in limits:
            found.append(f"workers have no {limit}")
    if "IPC_LOCK" not in worker["securityContext"]["capabilities"]["add"]:
        found.append("workers cannot lock memory")
    return found, command[command.index("run") :]


problems, line = faults(yaml.safe_load(open(sys.argv[1], encoding="utf-8")))
print("\n".join(problems), file=sys.stderr)
print(*line)
sys.exit(bool(problems))
