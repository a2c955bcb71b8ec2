# The language of the stories. A story is a folder here with an executable `run` that begins like this:
#
#     #!/usr/bin/env bash
#     . "$(dirname "$0")/../lib.sh"
#     story "A security group is made, changed in place and destroyed"
#     start_sim
#     stack                                   # copies the folder's *.tf into a scratch folder, terraform init
#     expect_apply "the group is made"
#     expect_empty_plan "a second plan is empty"
#     expect_state "it has an id" '.values.root_module.resources[0].values.id | startswith("sg-")'
#     expect_destroy "everything goes"
#     the_end
#
# Each expectation prints `ok - sentence` or `not ok - sentence` (then with the output that spoke against it) and is
# counted; the last line is `N passed, N failed, N skipped`, and the exit status is 1 when something failed.
# HP_BIN says whose programs are tried (default build/dev/bin; build/asan/bin repeats a story under AddressSanitizer).
# HP_SCENARIO=FILE tells it in that scenario of hyperpod-sim (examples/scenarios); its faults hit the provider only.
# One story runs its commands one after the other; many stories may run at once.

set -u -o pipefail
. "$(dirname "${BASH_SOURCE[0]}")/tools/world.sh"

STORY_DIR=$(cd "$(dirname "$0")" && pwd)
STORY=$(basename "$STORY_DIR")
passed=0 failed=0 skipped=0
OUT=/dev/null # what the last command printed

# story "title": the scratch folder WORK, with TMPDIR inside, and the end of everything that was started.
story() {
    echo "# $STORY: $1"
    WORK=${HP_BIN%/bin}/stories/$STORY${HP_TAG:+-$HP_TAG}
    rm -rf "$WORK"
    mkdir -p "$WORK/tmp"
    # A unix socket's path has room for 107 bytes: where the scratch folder is deep, STORY_TMP lies in /tmp.
    STORY_TMP=$(mktemp -d /tmp/hp-story.XXXXXX)
    export TMPDIR=$STORY_TMP
    OUT=$WORK/out
    : >"$OUT"
    : >"$WORK/log"
    PIDS=()
    trap story_end EXIT
    trap 'exit 130' INT TERM
    for program in terraform-provider-hyperpod hyperpod-sim; do
        [[ -x $HP_BIN/$program ]] || {
            not_ok "$HP_BIN has $program"
            exit 1
        }
    done
    if [[ -n ${HP_SCENARIO:-} ]]; then
        # what the story itself looks at, and what it does behind Terraform's back, is not what is tried
        jq '.faults[]?.user_agent = "hp-aws"' "$HP_SCENARIO" >"$WORK/scenario.json" || exit 1
        export HP_SCENARIO=$WORK/scenario.json
    fi
    # Sanitizers report into files, wherever the program's stderr goes; story_end looks for them.
    export ASAN_OPTIONS=log_path=$WORK/sanitizer:${ASAN_OPTIONS:-} UBSAN_OPTIONS=log_path=$WORK/sanitizer:print_stacktrace=1
    export TSAN_OPTIONS=log_path=$WORK/sanitizer:${TSAN_OPTIONS:-}
    hp_mirror
    export TF_CLI_ARGS=-no-color
}

# The last line of a story.
the_end() {
    THE_END=yes
    exit 0
}

story_end() {
    local status=$? pid report
    trap - EXIT
    for pid in ${PIDS[@]+"${PIDS[@]}"}; do
        [[ -n $pid ]] || continue
        hp_end "$pid"
        report=$?
        [[ $pid == "${SIM_PID:-}" && $report != 0 ]] && not_ok "the simulated AWS ends cleanly (it ended with $report)"
    done
    for report in "$WORK"/sanitizer.*; do
        [[ -e $report ]] || continue
        OUT=$report
        not_ok "no sanitizer has anything to report"
    done
    ((status != 0)) && ((failed == 0)) && not_ok "the story ran to its end (it left with $status)"
    [[ -n ${THE_END:-} || $status != 0 || -n ${SKIPPED_ALL:-} ]] || not_ok "the story ends with the_end"
    rm -rf "$STORY_TMP" # what story made, whatever TMPDIR has become
    echo "$passed passed, $failed failed, $skipped skipped"
    exit $((failed > 0))
}

ok() {
    passed=$((passed + 1))
    echo "ok - $1"
}

not_ok() {
    failed=$((failed + 1))
    echo "not ok - $1"
    [[ -s $OUT ]] && tail -n 40 "$OUT" | cut -c 1-600 | sed 's/^/    # /'
    return 0
}

# check "sentence" STATUS: for expectations of a story's own.
check() {
    if [[ $2 == 0 ]]; then ok "$1"; else not_ok "$1"; fi
}

# One expectation that cannot be tried here, with the reason; counted.
skip() {
    skipped=$((skipped + 1))
    echo "skip - $1 # $2"
}

# battery COMMAND…: a program that prints `ok - …` and `not ok - …` and a closing line of its own, which is added to ours.
battery() {
    local status p f s line
    export HP_BIN TF WORK
    "$@" </dev/null | tee -a "$WORK/log" | grep -vE '^[0-9]+ passed, '
    status=${PIPESTATUS[0]}
    line=$(tail -n 1 "$WORK/log")
    if [[ ! $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        not_ok "$1 has a closing line (it left with $status)"
        return
    fi
    p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=${BASH_REMATCH[3]}
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    ((status != 0 && f == 0)) && not_ok "$1 ends well (it left with $status)"
    return 0
}

# The whole story cannot be told here.
skip_story() {
    skip "$STORY" "$1"
    SKIPPED_ALL=yes
    exit 0
}

# --- the worlds ---

# start_sim [option…]: exports SIM_URL; AWS_* point at it. Without options ten simulated minutes pass in a second.
start_sim() {
    (($# > 0)) || set -- --time-scale 600
    hp_sim "$WORK" "$@" || {
        not_ok "the simulated AWS starts"
        exit 1
    }
    export SIM_URL
    PIDS+=("$SIM_PID")
}

# stop_sim: by SIGTERM; must end with 0.
stop_sim() {
    local status
    hp_end "$SIM_PID"
    status=$?
    PIDS=("${PIDS[@]/$SIM_PID/}")
    check "the simulated AWS ends cleanly" $status
    SIM_PID=
}

# start_moto: moto's server as AWS; skips the story where its Python packages cannot be had.
start_moto() {
    hp_venv || skip_story "the Python packages of requirements.txt could not be installed"
    "$HP_VENV/bin/moto_server" -H 127.0.0.1 -p 0 >"$WORK/moto.log" 2>&1 &
    MOTO_PID=$!
    PIDS+=("$MOTO_PID")
    moto_ready() { grep -qs 'Running on http' "$WORK/moto.log"; }
    hp_await 60 moto_ready || {
        OUT=$WORK/moto.log
        not_ok "moto starts"
        exit 1
    }
    MOTO_URL=$(grep -o 'http://127[0-9.:]*' "$WORK/moto.log" | head -n 1)
    hp_aws "$MOTO_URL" AKIAIOSFODNN7EXAMPLE secret
}

# answers NAME RULES: a server that answers by the rules of a JSON file (tools/answers.py); its address is in ANSWERS_URL,
# and what it was asked in WORK/NAME.asked.
answers() {
    : >"$WORK/$1.asked"
    python3 "$HP_ROOT/acceptance-tests/tools/answers.py" "$2" "$WORK/$1.asked" >"$WORK/$1.out" 2>"$WORK/$1.log" &
    PIDS+=($!)
    answers_ready() { grep -qs '^ready ' "$WORK/$1.out"; }
    hp_await 20 answers_ready "$1" || {
        OUT=$WORK/$1.log
        not_ok "the server $1 starts"
        exit 1
    }
    ANSWERS_URL=$(sed -n 's/^ready //p' "$WORK/$1.out")
}

# The simulator's control calls: sim_get calls, sim_post faults '{"…"}', sim_delete faults.
sim_get() { curl -sSf "$SIM_URL/_sim/$1"; }
sim_post() { curl -sSf -X POST -H 'Content-Type: application/json' -d "${2:-{\}}" "$SIM_URL/_sim/$1"; }
sim_delete() { curl -sSf -X DELETE "$SIM_URL/_sim/$1"; }

# --- the client ---

# stack [FOLDER]: a fresh scratch folder with the .tf files of the story (or of its subfolder), initialised.
# The block that says where the provider comes from is added when no file of the folder has one.
stack() {
    local from=$STORY_DIR${1:+/$1}
    STACK=$WORK/stack${1:+-${1//\//-}}
    rm -rf "$STACK"
    mkdir -p "$STACK"
    cp "$from"/*.tf "$STACK/" 2>/dev/null
    stack_init
}

# stack_of NAME <<END … END: the same with a configuration written in the story.
stack_of() {
    STACK=$WORK/stack-$1
    rm -rf "$STACK"
    mkdir -p "$STACK"
    cat >"$STACK/main.tf"
    stack_init
}

stack_init() {
    grep -qs required_providers "$STACK"/*.tf || cat >"$STACK/versions.tf" <<'END'
terraform {
  required_providers {
    hyperpod = { source = "hyperpod/hyperpod" }
  }
}
END
    run_logged tf init || {
        not_ok "terraform init finds the provider in the mirror"
        exit 1
    }
}

# config <<END … END: replaces main.tf of the current stack.
config() {
    cat >"$STACK/main.tf"
}

# tf ARGUMENT…: the client in the current stack.
tf() {
    "$TF" -chdir="$STACK" "$@"
}

# run_logged COMMAND…: what it prints goes to OUT and to the story's log; its status is given back.
run_logged() {
    local status
    "$@" >"$OUT" 2>&1 </dev/null
    status=$?
    { echo "\$ $* -> $status"; cat "$OUT"; } >>"$WORK/log"
    return $status
}

# What the last command printed, as one line: without the frame and the line breaks of diagnostics.
out_flat() {
    sed 's/[│╷╵]//g' "$OUT" | tr -s ' \t\n' ' '
}

# --- expectations ---

# expect_ok "sentence" COMMAND…
expect_ok() {
    local sentence=$1
    shift
    run_logged "$@"
    check "$sentence" $?
}

# expect_fail "sentence" COMMAND…: the command ends with another status than 0.
expect_fail() {
    local sentence=$1
    shift
    ! run_logged "$@"
    check "$sentence" $?
}

# expect_text "sentence" TEXT: the last command printed it; line breaks and frames do not matter.
expect_text() {
    [[ $(out_flat) == *"$2"* ]]
    check "$1" $?
}

expect_no_text() {
    [[ $(out_flat) != *"$2"* ]]
    check "$1" $?
}

# expect_match "sentence" REGEX: extended, on the flattened output.
expect_match() {
    out_flat | grep -qE -- "$2"
    check "$1" $?
}

# expect_equal "sentence" ACTUAL EXPECTED
expect_equal() {
    if [[ $2 == "$3" ]]; then
        ok "$1"
    else
        printf '%s\n' "is: $2" "should be: $3" >"$OUT"
        not_ok "$1"
    fi
}

expect_apply() {
    local sentence=$1
    shift
    expect_ok "$sentence" tf apply -auto-approve "$@"
}

expect_destroy() {
    local sentence=$1
    shift
    expect_ok "$sentence" tf destroy -auto-approve "$@"
}

# expect_empty_plan "sentence" [ARGUMENT…]
expect_empty_plan() {
    local sentence=$1
    shift
    run_logged tf plan -detailed-exitcode "$@"
    check "$sentence" $?
}

# expect_plan "sentence" JQ [ARGUMENT…]: plans (kept in STACK/plan) and asks the JSON plan.
expect_plan() {
    local sentence=$1 filter=$2
    shift 2
    run_logged tf plan -out=plan "$@" || {
        not_ok "$sentence"
        return
    }
    tf show -json plan >"$STACK/plan.json"
    expect_json "$sentence" "$STACK/plan.json" "$filter"
}

# expect_actions "sentence" "ADDRESS ACTIONS…" [ARGUMENT…]: what the plan would do, one resource a line, for instance
# "hyperpod_cluster.this update"; actions are joined by a comma ("delete,create"); no-op is left out.
expect_actions() {
    local sentence=$1 wanted=$2
    shift 2
    run_logged tf plan -out=plan "$@" || {
        not_ok "$sentence"
        return
    }
    tf show -json plan >"$STACK/plan.json"
    expect_equal "$sentence" "$(jq -r '.resource_changes // [] | .[] | select(.change.actions != ["no-op"])
        | .address + " " + (.change.actions | join(","))' "$STACK/plan.json" | sort)" "$wanted"
}

# expect_apply_plan "sentence": applies the plan that the last expect_plan or expect_actions kept.
expect_apply_plan() {
    expect_ok "$1" tf apply plan
}

# expect_state "sentence" JQ: asks `terraform show -json`.
expect_state() {
    tf show -json >"$WORK/state.json"
    expect_json "$1" "$WORK/state.json" "$2"
}

# state_of ADDRESS: the values of one resource as JSON.
state_of() {
    tf show -json | jq -c --arg address "$1" '.values.root_module.resources // [] | .[] | select(.address == $address) | .values'
}

# expect_json "sentence" FILE JQ
expect_json() {
    if jq -e "$3" "$2" >/dev/null 2>"$OUT"; then
        ok "$1"
    else
        { echo "jq: $3"; jq -c . "$2" | cut -c 1-4000; } >>"$OUT"
        not_ok "$1"
    fi
}

# expect_sim "sentence" PATH JQ: asks a control call of the simulated AWS, "calls" or "state".
expect_sim() {
    sim_get "$2" >"$WORK/sim.json"
    expect_json "$1" "$WORK/sim.json" "$3"
}
