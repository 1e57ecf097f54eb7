#!/usr/bin/env bash
# usage: sanitize.sh [OPTION OF swift test…]
# The tests of the language with the address sanitizer, in stress mode: the machine comes up for air at every second back-edge or
# call, so that all it keeps in locals is put away and taken up again wherever it can be. In a build of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=.build-asan
log=$build/test.log
[ "$#" -gt 0 ] || set -- --filter LangTests --filter 'BuiltinsTests\.(Transcript|Corpus|Interpreter|Parallel|StepLimit|Lists|Maps|Strings)'

# Leaks are none of its business: what lives as long as the process counts as one. Swift's backtracer would wait for ever.
export ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no RELSH_STRESS=1
# As in test.sh, not every test begins at once.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-4}
swift build --build-tests --sanitize=address --scratch-path "$build"
code=0
swift test --skip-build --sanitize=address --scratch-path "$build" "$@" </dev/null >"$log" 2>&1 || code=$?
grep -E '^✘ |AddressSanitizer|^(✔|✘) Test run|^error: ' "$log" | tail -n 40 || true
echo "The whole log: $log"
exit "$code"
