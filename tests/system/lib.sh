#!/bin/sh
# What the system tests share. Sourced; the program to test is in $REPRISE, the project is the
# working directory. Leaves an empty folder in $work, removed at the end.
set -eu

: "${REPRISE:?names the program to test}"
work=$(mktemp -d)
cleanups=""

clean_up() {
    status_before=$?
    for each in $cleanups; do
        "$each" || true
    done
    rm -rf "$work"
    exit "$status_before"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Calls a function at the end, the last one named first.
at_end() {
    cleanups="$1 $cleanups"
}

fail() {
    echo "FAIL: $*"
    exit 1
}

# ctest counts this status as skipped.
skip() {
    echo "skipped: $*"
    exit 77
}

# Runs a command; its status is then in $status, what it said in $work/out and $work/err.
run() {
    ran="$*"
    status=0
    "$@" >"$work/out" 2>"$work/err" || status=$?
}

expect_status() {
    [ "$status" -eq "$1" ] || {
        cat "$work/err"
        fail "'$ran' ended with $status, not with $1"
    }
}

# One line on standard error, with these words in it.
expect_one_line() {
    [ "$(wc -l <"$work/err")" -eq 1 ] || {
        cat "$work/err"
        fail "'$ran' did not say one line"
    }
    expect_error "$1"
}

expect_error() {
    grep -qF -e "$1" "$work/err" || {
        cat "$work/err"
        fail "'$ran' did not say: $1"
    }
}

# The records of a database, one JSON object a line, without what differs from database to
# database: the keyed hashes, the numbers of rows.
records() {
    "$REPRISE" handshakes -d "$1" --format json |
        sed -E 's/"(session_[a-z]+|key_name)":"[0-9a-f]+"/"\1":"set"/g; s/"(id|run)":[0-9]+,//g'
}

count_records() {
    "$REPRISE" handshakes -d "$1" --format json | wc -l
}

# Waits, for at most a minute, until a command succeeds.
wait_for() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || fail "waited in vain for: $*"
        sleep 0.1
    done
}
