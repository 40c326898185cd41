#!/usr/bin/env bash
# Compiles bpf/*.bpf.c and bpf/plugins/*.bpf.c to dist/bpf/*.o, keeping BTF and dropping DWARF.
#   scripts/build-bpf.sh [bench]   bench: compiles bench/bpf/*.bpf.c to dist/bench/*.o instead
#   CLANG, LLVM_STRIP: other tools than those in PATH
set -euo pipefail
cd "$(dirname "$0")/.."
clang=${CLANG:-clang}
strip=${LLVM_STRIP:-llvm-strip}
from=bpf
out=dist/bpf
if [ "${1:-}" = bench ]; then
	from=bench/bpf
	out=dist/bench
fi

shopt -s nullglob
sources=("$from"/*.bpf.c "$from"/plugins/*.bpf.c)

object_of() {
	local name=${1#"$from"/}
	printf '%s/%s.o' "$out" "${name%.c}"
}

if ! command -v "$clang" >/dev/null || ! command -v "$strip" >/dev/null; then
	for source in "${sources[@]}"; do
		[ -e "$(object_of "$source")" ] && continue
		echo "build-bpf: $clang or $strip is missing and $(object_of "$source") does not exist; run scripts/setup.sh build" >&2
		exit 1
	done
	echo "build-bpf: $clang or $strip is missing; keeping the objects in $out, which may be older than bpf/" >&2
	exit 0
fi

# The kernel's <asm/...> headers live in the multiarch directory, which clang does not search for this target.
flags=(-O2 -g -target bpf -mcpu=v3 -Wall -Wextra -Werror -Ibpf/include -Ibpf
	-idirafter "/usr/include/$(uname -m)-linux-gnu")
for source in "${sources[@]}"; do
	object=$(object_of "$source")
	mkdir -p "$(dirname "$object")"
	"$clang" "${flags[@]}" -c "$source" -o "$object.tmp"
	"$strip" -g "$object.tmp"
	mv "$object.tmp" "$object"
	echo "build-bpf: $object" >&2
done
