#!/usr/bin/env bash
# usage: add-release.sh DIR VERSION "what changed"
# Prepares a release in the project DIR: a changelog entry and a change of the code, committed and pushed.
set -euo pipefail

die() { printf '%s\n' "add-release: $*" >&2; exit 1; }

[[ $# == 3 ]] || die 'usage: add-release.sh DIR VERSION "what changed"'
dir=$1 version=$2 change=$3
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || die "VERSION must be like 1.2.3, but is $version"
[[ -n $change && $change != *$'\n'* ]] || die "what changed must be one line"
[[ -d $dir/.git && -f $dir/changelog.txt && -f $dir/hello/news.py ]] || die "$dir is not a project made by make-history.sh"
! grep -q -- "^# .*-${version//./\\.}\$" "$dir/changelog.txt" || die "the changelog has an entry for $version already"

printf '# hello-service-%s\n- %s\n- %s\n\n' "$version" "$(date -u +%F)" "$change" | cat - "$dir/changelog.txt" >"$dir/changelog.new"
mv "$dir/changelog.new" "$dir/changelog.txt"
python3 - "$dir/hello/news.py" "$version" "$change" <<'PYTHON'
import json, pathlib, sys
path, version, change = pathlib.Path(sys.argv[1]), *sys.argv[2:]
entry = f"    ({json.dumps(version)}, {json.dumps(change, ensure_ascii=False)}),\n"
before, opening, after = path.read_text().partition("NEWS = (\n")
path.write_text(before + opening + entry + after)
PYTHON

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
git -C "$dir" commit -q -m "Prepare $version: $change" -- changelog.txt hello/news.py
git -C "$dir" push -q
printf '%s\n' "add-release: $version is in the changelog, committed and pushed"
