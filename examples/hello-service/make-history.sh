#!/usr/bin/env bash
# usage: make-history.sh DIR
# Copies this project into DIR and gives it a git history and a remote, DIR.git, with the branch master.
set -euo pipefail

die() { printf '%s\n' "make-history: $*" >&2; exit 1; }

[[ $# == 1 && $1 != -* ]] || die "usage: make-history.sh DIR"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [[ -e $1 ]]; then
  [[ -d $1 && -z $(ls -A "$1") ]] || die "$1 is not empty: give a new directory"
fi
mkdir -p "$1"
dir=$(cd "$1" && pwd)
[[ ! -e $dir.git ]] || die "$dir.git is there already: it would be the remote"

# The history is the same on every machine, whatever its git is set to.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
day=0
commit() { # message path…
  local message=$1 path
  shift
  for path; do
    mkdir -p "$dir/$(dirname "$path")"
    cp -R "$here/$path" "$dir/$(dirname "$path")/"
  done
  find "$dir" -name __pycache__ -prune -exec rm -rf {} +
  git -C "$dir" add -A
  day=$((day + 1))
  GIT_AUTHOR_DATE="2025-10-0${day}T09:00:00Z" GIT_COMMITTER_DATE="2025-10-0${day}T09:00:00Z" \
    git -C "$dir" commit -q -m "$message"
}

git init -q -b master "$dir"
git -C "$dir" config user.name "Hello Developer"
git -C "$dir" config user.email "developer@hello.example"
git -C "$dir" config commit.gpgsign false
git -C "$dir" config tag.gpgsign false

commit "Add a service that says hello" hello README.md .gitignore
commit "Test it, inside the image and from outside" test pytest.ini
commit "Build dev and prod images" devops
commit "Release with relsh, to three registries" relsh.toml changelog.txt

git init -q --bare -b master "$dir.git"
git -C "$dir" remote add origin "$dir.git"
git -C "$dir" push -q -u origin master
printf '%s\n' "make-history: $dir has $day commits on master, pushed to $dir.git"
