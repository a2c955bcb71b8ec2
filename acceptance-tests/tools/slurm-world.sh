# A Slurm of several nodes on one machine, each node a network namespace with an address of its own. Sourced.
#
#     slurm_world_enter "$0" "$@"     first line of a story: goes on in namespaces of its own (network, mounts, processes), so
#                                     that nothing outlives it
#     slurm_world N                   N nodes n1 … nN (10.77.0.1 …) on a bridge, munge, slurmctld, a slurmd in each
#     slurm_node I COMMAND…           a command in node I's network
#     slurm_world_end
#
# Everything lies in SLURM_WORLD (made by slurm_world). Nothing of the machine's own Slurm or munge is read or written.

slurm_world_missing() {
    local name
    [[ $(id -u) == 0 ]] || { echo "it needs root for network namespaces" && return; }
    for name in unshare ip tc nft munged slurmctld slurmd srun; do
        command -v "$name" >/dev/null || PATH=$PATH:/usr/sbin command -v "$name" >/dev/null || { echo "there is no $name" && return; }
    done
    unshare --net --mount --pid --fork --mount-proc true 2>/dev/null || { echo "namespaces are not allowed here" && return; }
    ls /usr/lib/*/slurm-wlm/mpi_pmix*.so >/dev/null 2>&1 || echo "this Slurm has no PMIx plugin"
}

slurm_world_enter() {
    [[ -n ${SLURM_WORLD_INSIDE:-} ]] && return
    SLURM_WORLD_INSIDE=1 exec unshare --net --mount --propagation private --pid --fork --kill-child --mount-proc -- "$@"
}

slurm_node() {
    local node=$1
    shift
    nsenter --net="/run/netns/n$node" -- "$@" # not ip netns exec: it hides /sys/fs/cgroup, which slurmd wants
}

slurm_world() {
    local count=$1 folder=$SLURM_WORLD node host
    host=$(hostname)
    PATH=$PATH:/usr/sbin:/sbin
    mkdir -p "$folder"/{state,munge} /run/netns
    mount -t tmpfs none /run/netns
    ip link set lo up
    ip link add bridge type bridge
    ip addr add 10.77.0.254/24 dev bridge
    ip link set bridge up
    for ((node = 1; node <= count; node++)); do
        mkdir -p "$folder/spool-n$node" "$folder/tmp-n$node"
        ip netns add "n$node"
        ip link add "v$node" mtu 9001 type veth peer name eth0 mtu 9001 netns "n$node"
        ip link set "v$node" master bridge up
        slurm_node "$node" ip addr add "10.77.0.$node/24" dev eth0
        slurm_node "$node" ip link set lo up
        slurm_node "$node" ip link set eth0 up
    done

    head -c 1024 /dev/urandom >"$folder/munge/key"
    chmod 700 "$folder/munge" && chmod 400 "$folder/munge/key"
    chmod 755 "$folder" && mkdir -p "$folder/socket" && chmod 755 "$folder/socket"
    munged --foreground --force --key-file "$folder/munge/key" --socket "$folder/socket/munge" \
        --pid-file "$folder/munge/pid" --log-file "$folder/munge/log" --seed-file "$folder/munge/seed" \
        >"$folder/munged.log" 2>&1 &
    SLURM_PIDS=($!)
    hp_await 10 test -S "$folder/socket/munge" || return 1

    cat >"$folder/slurm.conf" <<END
ClusterName=probe
SlurmctldHost=$host(10.77.0.254)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/socket/munge
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
TmpFS=$folder/tmp-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/%n.pid
SlurmdLogFile=$folder/%n.log
SlurmctldLogFile=$folder/slurmctld.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/linear
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=0
InactiveLimit=0
KillWait=2
NodeName=n[1-$count] NodeHostname=$host NodeAddr=10.77.0.[1-$count] Port=16818 CPUs=64 RealMemory=1024 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES
END
    export SLURM_CONF=$folder/slurm.conf
    slurmctld -D -c -i >"$folder/slurmctld.out" 2>&1 &
    SLURM_PIDS+=($!)
    for ((node = 1; node <= count; node++)); do
        nsenter --net="/run/netns/n$node" -- slurmd -D -N "n$node" >"$folder/n$node.out" 2>&1 & # its pid is $!
        SLURM_PIDS+=($!)
    done
    slurm_world_up() { (($(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l) == $1)); }
    hp_await 30 slurm_world_up "$count"
}

slurm_world_end() {
    local pid
    for pid in "${SLURM_PIDS[@]}"; do kill "$pid" 2>/dev/null; done
    wait "${SLURM_PIDS[@]}" 2>/dev/null
}
