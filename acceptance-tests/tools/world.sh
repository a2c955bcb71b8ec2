# What the quickstart and the stories share: a build, a local mirror, the simulated AWS. Sourced, never run.
#
# HP_BIN  the folder with the programs (default build/dev/bin). Everything made for them lies beside it.
# TF      the client: terraform, or tofu where terraform is missing.

HP_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
HP_BIN=$(realpath -m "${HP_BIN:-$HP_ROOT/build/dev/bin}")
HP_VERSION=0.1.0
TF=${TF:-$(command -v terraform || command -v tofu || true)}

# hp_build PRESET [TARGET…]; HP_STATIC=OFF builds the release with this machine's libraries (docs/RELEASE.md).
hp_build() {
    local preset=$1 options=()
    shift
    command -v ccache >/dev/null && options=(-DCMAKE_C_COMPILER_LAUNCHER=ccache)
    [[ $preset == release && -n ${HP_STATIC:-} ]] && options+=("-DHP_STATIC=$HP_STATIC")
    cmake --preset "$preset" -S "$HP_ROOT" "${options[@]}" >/dev/null &&
        cmake --build "$HP_ROOT/build/$preset" ${1:+--target "$@"}
}

# A filesystem mirror with our provider under both registries' names, and a CLI configuration that installs from
# nowhere else: exported as TF_CLI_CONFIG_FILE. Nothing of the user's is read or written.
hp_mirror() {
    local home=${HP_BIN%/bin} host arch folder file=terraform-provider-hyperpod_v$HP_VERSION
    case $(uname -m) in
    x86_64) arch=linux_amd64 ;;
    aarch64) arch=linux_arm64 ;;
    *) arch=linux_$(uname -m) ;;
    esac
    for host in registry.terraform.io registry.opentofu.org; do
        folder=$home/mirror/$host/hyperpod/hyperpod/$HP_VERSION/$arch
        cmp -s "$HP_BIN/terraform-provider-hyperpod" "$folder/$file" && continue
        mkdir -p "$folder"
        cp "$HP_BIN/terraform-provider-hyperpod" "$folder/.new.$$" && mv -f "$folder/.new.$$" "$folder/$file"
    done
    cat >"$home/.terraformrc.$$" <<END
disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = "$home/mirror"
  }
}
END
    mv -f "$home/.terraformrc.$$" "$home/terraformrc"
    export TF_CLI_CONFIG_FILE=$home/terraformrc CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_INPUT=0
    unset TF_PLUGIN_CACHE_DIR TF_DATA_DIR TF_CLI_ARGS TF_WORKSPACE
}

# hp_await SECONDS COMMAND…: repeats the command until it succeeds.
hp_await() {
    local until=$(($(date +%s) + $1))
    shift
    until "$@"; do
        (($(date +%s) >= until)) && return 1
        sleep 0.05
    done
}

# hp_sim FOLDER [OPTION…]: starts hyperpod-sim, its output in FOLDER; sets SIM_PID and SIM_URL, and lets the AWS
# settings of this shell point at it. HP_SCENARIO=FILE: in that scenario.
hp_sim() {
    local folder=$1
    shift
    "$HP_BIN/hyperpod-sim" --port 0 ${HP_SCENARIO:+--scenario "$HP_SCENARIO"} "$@" >"$folder/sim.out" 2>"$folder/sim.log" &
    SIM_PID=$!
    hp_sim_ready() { grep -qs '^ready ' "$folder/sim.out" || ! kill -0 "$SIM_PID" 2>/dev/null; }
    hp_await 20 hp_sim_ready
    SIM_URL=$(sed -n 's/^ready //p' "$folder/sim.out")
    if [[ -z $SIM_URL ]]; then
        echo "hyperpod-sim did not get ready:" >&2
        tail -n 5 "$folder/sim.log" >&2
        return 1
    fi
    hp_aws "$SIM_URL" AKIASIMULATEDACCOUNT simulated-secret
}

# hp_aws URL KEY SECRET: this shell's AWS is there, and nothing of the user's own accounts is left.
hp_aws() {
    local name
    for name in $(compgen -e AWS_); do
        unset "$name"
    done
    export AWS_ENDPOINT_URL=$1 AWS_ACCESS_KEY_ID=$2 AWS_SECRET_ACCESS_KEY=$3 AWS_REGION=us-west-2
    export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/nonexistent AWS_SHARED_CREDENTIALS_FILE=/nonexistent
    export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost
}

# hp_end PID: ends a program of ours by SIGTERM and gives its exit status; kills it when it does not listen.
hp_end() {
    hp_gone() { ! kill -0 "$1" 2>/dev/null; }
    kill -TERM "$1" 2>/dev/null
    hp_await 15 hp_gone "$1" || kill -KILL "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}

# The Python tools of the tests, in an environment of their own: sets HP_VENV. False where they cannot be had.
hp_venv() {
    HP_VENV=$HP_ROOT/build/venv
    local wanted=$HP_ROOT/acceptance-tests/requirements.txt
    mkdir -p "$HP_ROOT/build"
    cmp -s "$wanted" "$HP_VENV/installed.txt" && return
    (
        flock 9
        cmp -s "$wanted" "$HP_VENV/installed.txt" && exit
        python3 -m venv "$HP_VENV" &&
            "$HP_VENV/bin/pip" -q --disable-pip-version-check install -r "$wanted" &&
            cp "$wanted" "$HP_VENV/installed.txt"
    ) 9>"$HP_ROOT/build/venv.lock" >"$HP_ROOT/build/venv.log" 2>&1
}
