#!/bin/sh
# Two network namespaces with a cable between them, and TLS over it. Sourced after lib.sh, by
# tests that watch live.
# shellcheck disable=SC2034,SC2154  # variables are shared with lib.sh and the tests
set -eu

near=reprise-$$-near
far=reprise-$$-far
server_pid=""
watch_pid=""

remove_lab() {
    [ -z "$watch_pid" ] || kill -KILL "$watch_pid" 2>/dev/null || true
    [ -z "$server_pid" ] || kill -KILL "$server_pid" 2>/dev/null || true
    ip netns del "$near" 2>/dev/null || true
    ip netns del "$far" 2>/dev/null || true
}

make_lab() {
    [ "$(id -u)" -eq 0 ] || skip "only root can make network namespaces"
    command -v ip >/dev/null || skip "there is no ip command"
    command -v openssl >/dev/null || skip "there is no openssl command"
    at_end remove_lab
    ip netns add "$near" 2>/dev/null || skip "no network namespaces here"
    ip netns add "$far"
    ip -n "$near" link add veth0 type veth peer name veth1 netns "$far" ||
        skip "no veth interfaces here"
    ip -n "$near" address add 192.0.2.1/24 dev veth0
    ip -n "$far" address add 192.0.2.2/24 dev veth1
    ip -n "$near" link set veth0 up
    ip -n "$far" link set veth1 up
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=live.example -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
    ip netns exec "$far" openssl s_server -quiet -accept 443 -cert "$work/cert.pem" \
        -key "$work/key.pem" >"$work/server.log" 2>&1 &
    server_pid=$!
    wait_for is_server_up
}

is_server_up() {
    ip netns exec "$far" ss -ltn 2>/dev/null | grep -q ':443 '
}

# One full handshake and five resumed ones.
reconnect() {
    ip netns exec "$near" openssl s_client -connect 192.0.2.2:443 -servername live.example \
        -tls1_2 -reconnect "$@" </dev/null >"$work/client.log" 2>&1
}

# Begins to watch in the background, with these options; lines go to $work/lines.
watch() {
    ip netns exec "$near" "$REPRISE" watch -i veth0 "$@" >"$work/lines" 2>"$work/closing" &
    watch_pid=$!
    wait_for is_watching
}

# The packet socket is there, and root is given up.
is_watching() {
    [ "$(ip netns exec "$near" ss -H -0 -l | wc -l)" -gt 0 ] &&
        grep -q '^Uid:.*65534' "/proc/$watch_pid/status"
}

has_lines() {
    [ "$(wc -l <"$work/lines")" -ge "$1" ]
}

# Sends a signal and waits for the end; the status is then in $status.
stop_watching() {
    kill "-$1" "$watch_pid"
    status=0
    wait "$watch_pid" || status=$?
    watch_pid=""
    ran="reprise watch"
    cp "$work/closing" "$work/err"
}
