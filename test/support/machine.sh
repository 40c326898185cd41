#!/usr/bin/env bash
# Turns the namespaces it runs in into a throw-away copy of this system and runs a command there as process 1:
#   unshare --mount --pid --fork --uts --ipc --cgroup machine.sh DIRECTORY SHARED COMMAND...
# What is written lands in memory and is gone at the end; only SHARED is the same directory inside and outside.
set -euo pipefail
directory=$1 shared=$2
shift 2
mount --make-rprivate /
mount -t tmpfs tmpfs "$directory"
mkdir "$directory"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$directory/upper,workdir=$directory/work" "$directory/root"
root=$directory/root
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t bpf bpf "$root/sys/fs/bpf"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
mkdir -p "$root/mnt/shared"
mount --bind "$shared" "$root/mnt/shared"
# A checkout of this project must not help the package.
checkout=$(cd "$(dirname "$0")/../.." && pwd)
case $checkout in /?*) mount -t tmpfs tmpfs "$root$checkout" ;; esac
exec chroot "$root" "$@"
