#!/usr/bin/env bash
# Sets the machine up and runs the firewall in the foreground on the interface of the default route.
#   sudo npm start [-- -i NAME ...]      options go to `netxfw system daemon`
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ]; then
	echo 'start: the firewall needs root; run: sudo npm start' >&2
	exit 4
fi
scripts/setup.sh runtime
if ! mountpoint -q /sys/fs/bpf; then
	echo 'start: mounting bpffs on /sys/fs/bpf' >&2
	mount -t bpf bpf /sys/fs/bpf
fi
exec bin/netxfw system daemon "$@"
