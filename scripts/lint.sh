#!/usr/bin/env bash
# Formatting, lint and types of everything that is checked in.
set -euo pipefail
cd "$(dirname "$0")/.."
node_modules/.bin/biome check .
node_modules/.bin/tsc -p .
node_modules/.bin/tsc -p web
