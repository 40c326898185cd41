#!/usr/bin/env bash
# Measures the firewall beside what it stands beside: docs/explanation/performance.md.
#   sudo npm run bench [-- NAME... [--quick] [--json FILE]]
#   sudo npm run bench -- --report FILE     writes docs/explanation/performance.md from the JSON of a run
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ]; then
	echo 'bench: network namespaces and eBPF need root; run: sudo npm run bench' >&2
	exit 4
fi
scripts/setup.sh bench
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
scripts/build-bpf.sh bench 2>/dev/null || scripts/build-bpf.sh bench
find dist/bench -name '*.mjs' -delete
node scripts/bundle-bench.mjs
exec node --enable-source-maps dist/bench/main.mjs "$@"
