# What the stories of hyperpod-probe share. Sourced after lib.sh.

PROBE=$HP_BIN/hyperpod-probe

# libpmix keeps some words for itself when a process ends.
probe_lsan() {
    echo leak:libpmix >"$WORK/lsan"
    export LSAN_OPTIONS=suppressions=$WORK/lsan:print_suppressions=0
}

# attempt COMMAND…: its output in OUT, its status in STATUS, how long it took in TOOK (seconds).
attempt() {
    local began=$SECONDS
    echo "\$ $*" >>"$WORK/log"
    "$@" >"$OUT" 2>&1 </dev/null
    STATUS=$?
    TOOK=$((SECONDS - began))
    cat "$OUT" >>"$WORK/log"
}

# expect_status "sentence" STATUS… : the last attempt ended with one of these.
expect_status() {
    local sentence=$1 status
    shift
    for status; do
        [[ $STATUS == "$status" ]] && ok "$sentence" && return
    done
    not_ok "$sentence (it ended with $STATUS, not $*)"
}

# Ranks that poll want a processor each. Where four of them share fewer, what is slow is chance: dead, stopped and silent
# nodes are named all the same, and what the judge says beside is skipped, with its reason.
processors_wanted=4
too_few() { (($(nproc) < processors_wanted)); }
why_too_few() { echo "$processors_wanted ranks that poll share $(nproc) processors, so what is slow is chance"; }

# expect_verdict "sentence" STATUS…: as expect_status; with too few processors another verdict is skipped.
expect_verdict() {
    if too_few && [[ $STATUS == [234] && " ${*:2} " != *" $STATUS "* ]]; then
        skip "$1" "$(why_too_few) (it ended with $STATUS)"
    else
        expect_status "$@"
    fi
}

expect_said() { # "sentence" REGEX
    grep -qE -- "$2" "$OUT"
    check "$1" $?
}

# expect_report "sentence" FOLDER JQ: what report.json says.
expect_report() {
    if jq -e "$3" "$2/report.json" >/dev/null 2>>"$WORK/log"; then
        ok "$1"
    else
        jq -c '{nodes: [.nodes[] | {name, presence, why}], findings, judged: .judged | del(.summaries, .heats)}' \
            "$2/report.json" >"$OUT" 2>&1
        not_ok "$1"
    fi
}

# expect_accused "sentence" FOLDER NAME JQ: this node is among the suspects of which JQ is true, and nobody else is. On a
# machine where others took too much, a slow link cannot be judged, and the report must say so: then it is skipped.
expect_accused() {
    if jq -e '.judged.verdict == "INCONCLUSIVE"' "$2/report.json" >/dev/null 2>&1; then
        skip "$1" "others took too much of this machine: $(jq -r '.judged.reasons[0]' "$2/report.json")"
        return
    fi
    if too_few && ! jq -e "$(accuses "$3" "$4")" "$2/report.json" >/dev/null; then
        if jq -e ". as \$r | [.judged.suspects[] | select($4) | \$r.nodes[.a].name] | index(\"$3\") != null" \
            "$2/report.json" >/dev/null; then
            ok "$1"
            skip "and nobody beside" "$(why_too_few)"
            return
        elif [[ $4 != *gone* ]]; then
            skip "$1" "$(why_too_few)"
            return
        fi
    fi
    expect_report "$1" "$2" "$(accuses "$3" "$4")"
}
accuses() { # NAME JQ
    echo ". as \$r | [.judged.suspects[] | select($2) | \$r.nodes[.a].name] as \$who
        | (\$who | index(\"$1\")) != null
        and ([.judged.suspects[] | select(.kind == \"node\") | \$r.nodes[.a].name] - [\"$1\"] == [])"
}

free_mpirun() { # COMMAND…: ranks of one machine, wherever the processors have room
    telling_mpirun --quiet "$@"
}
telling_mpirun() { # the same, with what mpirun itself says of ranks that die
    env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \
        timeout -k 5 240 mpirun --bind-to none "$@"
}
