#!/usr/bin/env bash
# Builds dist/: the BPF objects, the JavaScript of src/, the bundled CLI and the web UI.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p dist
: >dist/.building
scripts/build-bpf.sh
node_modules/.bin/tsc -p tsconfig.build.json
for bundler in scripts/bundle-*.*; do
	case $bundler in
	*.mjs | *.js) node "$bundler" ;;
	*.sh) bash "$bundler" ;;
	esac
done
mv dist/.building dist/.built
