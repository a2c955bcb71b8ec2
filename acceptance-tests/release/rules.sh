# What a program that is shipped must be, one rule each: a function that takes the program's path, prints what is
# wrong, and is true when nothing is. `rules` names them with their sentences. Sourced, never run.

rules() {
    cat <<'END'
glibc_only          needs glibc and no other library
glibc_234           needs no glibc newer than 2.34
exports_nothing     exports no symbol of its own
position            may lie anywhere in memory, without a relocation in its code
relro               has all of its relocations read-only before main
no_exec_stack       has no stack that could be run, and no page that is writable and executable
no_rpath            looks for libraries where the system does and nowhere else
stack_protector     watches over its stack
fortified           checks the lengths of copies
stripped            carries no symbols and no debugger's half
traceable           has a build-id, and its debugger's half beside it
no_paths            tells no path of the machine it was built on
small               has at most 14 MiB
END
}

# Prints what is there and fails when there is something.
none() {
    local found
    found=$(cat)
    [[ -z $found ]] || { echo "$found" && false; }
}

some() {
    grep -q . || { echo "there is none" && false; }
}

glibc_only() {
    readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(libc|libm|ld-linux-[a-z0-9-]+)\.so\.[0-9]+$' | none
}

glibc_234() {
    readelf -VW "$1" | grep -oE 'GLIBC_2\.[0-9]+' | sort -uV | awk -F. '$2 > 34' | none
}

# What remains are glibc's own variables (stderr@GLIBC_2.2.5), of which a program has the copy.
exports_nothing() {
    nm -D --defined-only "$1" | grep -vE '@GLIBC_[0-9.]+$' | none
}

position() {
    readelf -hW "$1" | grep -q 'Type: *DYN' || { echo "not PIE" && return 1; }
    readelf -dW "$1" | grep -q 'FLAGS_1.*PIE' || { echo "a library, not PIE" && return 1; }
    readelf -dW "$1" | grep TEXTREL | none
}

relro() {
    readelf -lW "$1" | grep GNU_RELRO | some && readelf -dW "$1" | grep -E 'BIND_NOW|FLAGS_1.*NOW' | some
}

no_exec_stack() {
    readelf -lW "$1" | grep GNU_STACK | some && readelf -lW "$1" | grep -E '(LOAD|GNU_STACK).* (RWE|R?WE) ' | none
}

no_rpath() {
    readelf -dW "$1" | grep -E 'RPATH|RUNPATH' | none
}

stack_protector() {
    nm -D "$1" | grep -w '__stack_chk_fail@.*' | some
}

fortified() {
    nm -D "$1" | grep -E '__(memcpy|snprintf|vsnprintf|read)_chk' | some
}

stripped() {
    readelf -SW "$1" | grep -E ' \.(symtab|debug_)' | none
}

traceable() {
    local half main
    half=$(dirname "$1")/.debug/$(basename "$1").debug
    [[ -e $half ]] || { echo "there is no $half" && return 1; }
    [[ $(readelf -nW "$1" | grep 'Build ID') == $(readelf -nW "$half" | grep 'Build ID') ]] || { echo "another build-id" && return 1; }
    readelf -nW "$1" | grep 'Build ID' | some || return
    main=$(nm "$half" | sed -n 's/ T main$//p')
    addr2line -e "$1" "0x$main" | grep 'src/.*main\.c:[0-9]' | some # as from a crash report's offset
}

no_paths() {
    local half
    half=$(dirname "$1")/.debug/$(basename "$1").debug
    for half in "$1" "$half"; do
        [[ ! -e $half ]] || strings -a "$half" | grep -F -e "$HP_ROOT" -e "$WORK" | head -n 5 | none || return
    done
}

small() {
    (($(stat -L -c %s "$1") <= 14 * 1024 * 1024)) || { stat -L -c '%s bytes' "$1" && false; }
}
