#!/usr/bin/env bash
# usage: record.sh [NAME…]     names of suites, as `swift test --filter` takes them; all that record unless told otherwise
# Runs the tests that compare with files of the repository, and has them rewrite those files. Look at what changed, then
# commit it. Always ends with 1: a record is no check, and CI must not be able to make one.
set -euo pipefail

case ${1:-} in -*) sed -n 's/^# //; 2,4p' "$0"; [[ $1 == -h || $1 == --help ]]; exit ;; esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
if (($# == 0)); then
  # Every suite that looks at RELSH_RECORD, and those that run transcripts, which do so in TranscriptRunner.
  mapfile -t files < <(grep -lrE 'RELSH_RECORD|TranscriptRunner\(' Tests --include='*Tests.swift')
  mapfile -t suites < <(sed -nE 's/^.*(struct|enum|class) ([A-Za-z]+Tests)( |\{|:).*$/\2/p' "${files[@]}" | sort -u)
  set -- "${suites[@]}"
fi
filters=()
for suite in "$@"; do filters+=(--filter "$suite"); done

printf '%s\n' "record: $*"
RELSH_RECORD=1 swift test "${filters[@]}" </dev/null 2>&1 | grep -E '^(✘|error:)|: error:' || true

printf '\n%s\n' "What was rewritten, and whatever else is not committed:"
git --no-pager diff --stat
git ls-files --others --exclude-standard
printf '\n%s\n' "record: look at the changes, then run the tests; a record always ends with exit code 1" >&2
exit 1
