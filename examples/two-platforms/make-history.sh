#!/usr/bin/env bash
# usage: make-history.sh DIR
# Copies this project into DIR, builds its program for both platforms with clang, and gives it a git history and a remote,
# DIR.git, with the branch master.
set -euo pipefail

die() { printf '%s\n' "make-history: $*" >&2; exit 1; }

[[ $# == 1 && $1 != -* ]] || die "usage: make-history.sh DIR"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ ! -e $1 || -z $(ls -A "$1") ]] || die "$1 is not empty: give a new directory"
[[ ! -e $1.git ]] || die "$1.git is there already: it would be the remote"
mkdir -p "$1"
dir=$(cd "$1" && pwd)

cp -R "$here/." "$dir/"
for pair in amd64:x86_64 arm64:aarch64; do
  clang --target="${pair#*:}-linux-gnu" -O1 -ffreestanding -nostdlib -static -fuse-ld=lld -o "$dir/check-${pair%:*}" "$dir/check.c"
done

# The history is the same on every machine, whatever its git is set to.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
git init -q -b master "$dir"
git -C "$dir" config user.name "Hello Developer"
git -C "$dir" config user.email "developer@hello.example"
git -C "$dir" config commit.gpgsign false
git -C "$dir" config tag.gpgsign false
git -C "$dir" add -A
git -C "$dir" commit -q -m "A program for two platforms"
git init -q --bare -b master "$dir.git"
git -C "$dir" remote add origin "$dir.git"
git -C "$dir" push -q -u origin master
printf '%s\n' "make-history: $dir is on master, pushed to $dir.git"
