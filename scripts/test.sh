#!/usr/bin/env bash
# usage: test.sh [OPTION OF swift test…]     for example: test.sh --filter EndToEnd
# Runs every test once, those against the real engine and registries included. `make test` makes sure of both and builds relsh.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
log=.build/test.log

scripts/embed-recipes.sh --check
settings=$(scripts/engine.sh env)
eval "$settings"

# Of tests that may run at once only so many begin: where all do, each waits for a core behind hundreds of others, and what
# measures time or memory measures them. A suite that runs one test after the other has its turn after those.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-4}

# What began and what passed is in the log; on the screen stands what did not, as soon as it is known.
code=0
swift test "$@" </dev/null 2>&1 | tee "$log" |
  { grep --line-buffered -Ev '^(◇|✔) |^Test (Suite|Case) |^\[[0-9]+/[0-9]+\] ' || true; } || code=$?

printf '\n%s\n' "The whole log: $log. How it ended:"
grep -E '^(✔|✘) (Suite|Test run) |error: fatalError|^error: ' "$log" | tail -n 30 || true
exit "$code"
