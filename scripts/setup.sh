#!/usr/bin/env bash
# Brings a machine to the point where the firewall can run, be built or be tested; does nothing where nothing is missing.
#   scripts/setup.sh [runtime|build|test|bench]
# runtime: libraries, npm packages, and a build when dist/ is missing or older than the sources
# build:   the same, and the compiler even when nothing has to be built
# test:    the same, and the tools that the tests use
# bench:   as build, and what the benchmarks measure beside
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-runtime}

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
	say "$*"
	exit 1
}

packages_of() {
	awk -v groups=" $* " '!/^#/ && NF == 2 && index(groups, " " $1 " ") { print $2 }' scripts/packages.txt | sort -u
}

install_packages() {
	command -v dpkg-query >/dev/null || {
		say "not a Debian system; these must be there already: $(packages_of "$@" | xargs)"
		return 0
	}
	local package missing=()
	for package in $(packages_of "$@"); do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || fail "missing packages; run as root: apt-get install ${missing[*]}"
	say "installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -q >&2
	apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}

check_node() {
	command -v node >/dev/null || fail 'Node.js is missing; install version 20.19 or newer'
	node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
		fail "Node.js $(node --version) is too old; install version 20.19 or newer"
}

install_npm_packages() {
	node scripts/npm-current.mjs && return 0
	say 'installing npm packages'
	npm install --no-save --no-audit --no-fund >&2
}

# A build notes when it started; anything newer than that is not in it.
build_is_stale() {
	[ -e dist/.built ] || return 0
	[ -n "$(find bpf src web scripts/build*.sh scripts/bundle-*.* tsconfig.json tsconfig.build.json package.json \
		-newer dist/.built ! -name '*.test.ts' -type f -print -quit 2>/dev/null)" ]
}

case $what in
runtime) groups=(runtime) ;;
build) groups=(runtime build) ;;
test) groups=(runtime build test) ;;
bench) groups=(runtime build bench) ;;
*) fail "unknown argument \"$what\"; use runtime, build, test or bench" ;;
esac

check_node
if build_is_stale; then stale=1; else stale=0; fi
[ $stale = 0 ] || [ "$what" != runtime ] || groups=(runtime build)
install_packages "${groups[@]}"
install_npm_packages
if [ $stale = 1 ]; then
	say 'building (npm run build)'
	npm run --silent build >&2
fi
