#!/usr/bin/env bash
# A safe playground: two network namespaces and a cable between them, netxfw on one side, traffic on the other.
#   sudo npm run lab                   a shell on the firewall's side
#   sudo npm run lab -- COMMAND...     runs a command there instead and ends with its exit code
# Nothing outside the namespaces is touched; everything is removed at the end, however it ends.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
if [ "$(id -u)" != 0 ]; then
	echo 'lab: network namespaces and eBPF need root; run: sudo npm run lab' >&2
	exit 4
fi
scripts/setup.sh test
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf

id=nxlab-$$
fw=$id-fw
attacker=$id-attacker
pins=/sys/fs/bpf/$id
dir=$(mktemp -d "${TMPDIR:-/tmp}/$id-XXXXXX")

pids_inside() {
	local side
	for side in "$fw" "$attacker"; do
		[ ! -e "/run/netns/$side" ] || ip netns pids "$side"
	done
}
signal_all() {
	local pid
	for pid in $(pids_inside); do kill -"$1" "$pid" 2>/dev/null || true; done
}
clean_up() {
	local code=$? side
	trap - EXIT
	trap '' INT TERM HUP
	signal_all TERM
	for _ in {1..50}; do
		[ -n "$(pids_inside)" ] || break
		sleep 0.1
	done
	signal_all KILL
	for side in "$fw" "$attacker"; do
		[ ! -e "/run/netns/$side" ] || ip netns del "$side"
	done
	rm -rf "$pins" "$dir"
	exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

ip netns add "$fw"
ip netns add "$attacker"
ip -n "$fw" link add nxf0 type veth peer name nxp0 netns "$attacker"
plug() { # NAMESPACE DEVICE ADDRESS...
	local ns=$1 device=$2 address
	shift 2
	ip -n "$ns" link set lo up
	ip -n "$ns" link set "$device" up
	for address in "$@"; do ip -n "$ns" addr add "$address" dev "$device" nodad; done
}
plug "$fw" nxf0 198.51.100.1/24 2001:db8::1/64
plug "$attacker" nxp0 198.51.100.2/24 198.51.100.66/24 2001:db8::2/64 2001:db8::66/64

cat >"$dir/config.yaml" <<CONFIG
base:
  interfaces: [nxf0]
  bpf_pin_path: $pins
paths:
  state_dir: $dir/state
  run_dir: $dir/run
CONFIG

# Small programs rather than shell functions, so that COMMAND, scripts and both shells have them alike.
mkdir "$dir/bin"
tool() { # NAME BODY
	printf '#!/bin/bash\n%s\n' "$2" >"$dir/bin/$1"
	chmod +x "$dir/bin/$1"
}
tool nx "exec nsenter --net=/run/netns/$fw '$root/bin/netxfw' -c '$dir/config.yaml' \"\$@\""
tool attacker "[ \$# -gt 0 ] || set -- bash --rcfile '$dir/attacker.rc'
exec nsenter --net=/run/netns/$attacker env PATH='$dir/bin':\"\$PATH\" \"\$@\""
tool firewall "[ \$# -gt 0 ] || set -- bash --rcfile '$dir/firewall.rc'
exec nsenter --net=/run/netns/$fw env PATH='$dir/bin':\"\$PATH\" \"\$@\""
for side in attacker firewall; do
	printf '%s\n' "PS1='[$side] \\w\\\$ '" "alias netxfw=nx" >"$dir/$side.rc"
done

"$dir/bin/nx" system daemon >"$dir/daemon.log" 2>&1 &
daemon=$!
for _ in {1..300}; do
	[ ! -S "$dir/run/netxfw.sock" ] || break
	if ! kill -0 "$daemon" 2>/dev/null; then
		echo 'lab: the daemon did not start:' >&2
		cat "$dir/daemon.log" >&2
		exit 1
	fi
	sleep 0.1
done

if [ $# -gt 0 ]; then
	[ $# -gt 1 ] || set -- bash -c "$1"
	"$dir/bin/firewall" "$@" <&0 &
	child=$!
	code=0
	wait "$child" || code=$?
	exit "$code"
fi

cat <<HINT

netxfw lab: two hosts and a cable between them
  firewall   198.51.100.1   2001:db8::1                 this shell; netxfw runs here on nxf0
  attacker   198.51.100.2   2001:db8::2                 and 198.51.100.66, 2001:db8::66

  attacker ping -c 1 198.51.100.1            run a command on the attacker's side: it answers
  nx deny 198.51.100.2                       nx is netxfw of this lab
  attacker ping -c 1 -W 1 198.51.100.1       no answer now
  attacker ping -c 1 -I 198.51.100.66 198.51.100.1
  nx stats                                   what was dropped, and why

The attacker's own shell, here or in another terminal: sudo $dir/bin/attacker
What the daemon printed: $dir/daemon.log. Leave with exit or Ctrl-D; the lab is removed then.

HINT
# Ctrl-C belongs to what runs in the shell.
trap : INT
"$dir/bin/firewall" || true
