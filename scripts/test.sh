#!/usr/bin/env bash
# Runs the tests: set-up, lint and every tier of test/tiers.json in order.
#   scripts/test.sh [TIER...]      only these tiers, without lint
set -euo pipefail
cd "$(dirname "$0")/.."

privileged=$(node -p '
  const tiers = JSON.parse(fs.readFileSync("test/tiers.json", "utf8"));
  const wanted = process.argv.slice(1);
  const unknown = wanted.find((name) => !tiers.some((tier) => tier.name === name));
  if (unknown) throw new Error(`unknown tier "${unknown}"; there are ${tiers.map((tier) => tier.name).join(", ")}`);
  tiers.some((tier) => tier.privileged && (wanted.length === 0 || wanted.includes(tier.name)))
' "$@" 2> >(grep '^Error' >&2))

if [ "$privileged" = true ] && [ "$(id -u)" != 0 ]; then
	echo 'test: network namespaces and eBPF need root; run: sudo npm test (npm run test:unit works without)' >&2
	exit 1
fi
scripts/setup.sh test
if [ "$privileged" = true ] && ! mountpoint -q /sys/fs/bpf; then
	echo 'test: mounting bpffs on /sys/fs/bpf' >&2
	mount -t bpf bpf /sys/fs/bpf
fi
exec node scripts/test-tiers.mjs "$@"
