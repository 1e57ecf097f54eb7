#!/usr/bin/env bash
# usage: bench-ledger.sh [COUNT]     what the ledger costs: COUNT steps (10000), each with a change, beside as many plain commits
# Each change is two commits, its intention and its outcome, so that it is compared with two rows committed by SQLite itself with
# the same settings, on the same disk; the two are run in turn, and the median ratio counts. The goal is 1.5.
set -euo pipefail

case ${1:-} in -*) sed -n 's/^# //; 2,4p' "$0"; exit ;; esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."
relsh=$(realpath "${RELSH_BIN:-.build/release/relsh}")
count=${1:-10000}
dir=$(mktemp -d "$PWD/.build/bench-ledger.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir"
printf 'name = "bench"\n' >relsh.toml
# A change that costs nothing itself: the directory is there already.
printf 'for n in 1..%s { step "Step ${n}" { files.create_directory("here") } }\n' "$count" >changes.rel
printf 'for n in 1..%s { step "Step ${n}" { n + 1 } }\n' "$count" >steps.rel
mkdir here

seconds() { # command…
  local start end
  start=$(date +%s%N)
  "$@" >/dev/null
  end=$(date +%s%N)
  awk -v ns=$((end - start)) 'BEGIN { printf "%.2f", ns / 1e9 }'
}

# Its own time: starting an interpreter is no commit.
plain() {
  python3 - "$count" <<'PY'
import os, sqlite3, sys, time
for end in ("", "-wal", "-shm"):
    if os.path.exists("plain.db" + end): os.remove("plain.db" + end)
database = sqlite3.connect("plain.db", isolation_level=None)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = FULL")
start = time.monotonic()
database.execute("CREATE TABLE effects (id INTEGER PRIMARY KEY, call TEXT, ended INTEGER)")
for number in range(int(sys.argv[1])):
    database.execute("INSERT INTO effects (id, call) VALUES (?, ?)", (number, 'files.create_directory(path: Path("here"))'))
    database.execute("UPDATE effects SET ended = ? WHERE id = ?", (number, number))
print("%.2f" % (time.monotonic() - start))
PY
}

ratios=()
for round in 1 2 3; do
  rm -rf .relsh
  with=$(seconds "$relsh" --quiet changes.rel)
  without=$(seconds "$relsh" --quiet --no-ledger changes.rel)
  raw=$(plain)
  ratio=$(awk -v a="$with" -v b="$without" -v c="$raw" 'BEGIN { printf "%.2f", (a - b) / c }')
  printf '%s\n' "round $round: $count changes $with s, without the ledger $without s, $((2 * count)) plain commits $raw s: ratio $ratio"
  ratios+=("$ratio")
done
rm -rf .relsh
lazy=$(seconds "$relsh" --quiet steps.rel)
bare=$(seconds "$relsh" --quiet --no-ledger steps.rel)
printf '%s\n' "$count steps without a change: $lazy s, without the ledger $bare s"
printf '%s\n' "ledger: $(printf '%s\n' "${ratios[@]}" | sort -n | sed -n 2p) times plain commits (goal: at most 1.5)"
