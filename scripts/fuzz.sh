#!/usr/bin/env bash
# usage: fuzz.sh [Syntax|Run…]     TIME=600 seconds for each (the default)
# Makes up programs, with the address sanitizer on, and stops at the first that traps, hangs or breaks a promise. What it
# ran into is in .build-fuzz/findings; what reached new code joins Tests/Corpus, which the unit tests run again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=.build-fuzz
[ "$#" -gt 0 ] || set -- Syntax Run

# A crash would wait for Swift's own backtracer, which cannot read these.
export RELSH_FUZZ=1 SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16

# The programs this repository has, one file each.
seeds() {
  local target=$1 number=0 file
  mkdir -p "$target"
  while IFS= read -r file; do
    number=$((number + 1))
    cp "$file" "$target/file-$number"
  done < <(git ls-files '*.rel')
  for file in Tests/Transcripts/*.relt; do
    awk -v prefix="$target/$(basename "$file" .relt)-" '
      /^# .* #$/ { number++ }
      /^> / || /^\| / { print substr($0, 3) >> (prefix number) }' "$file"
  done
}

for name in "$@"; do
  # Of several options the compiler looks at the last alone, and SwiftPM links without a `main` only for its own.
  swift build -c release -Xswiftc -enable-testing --sanitize=fuzzer --sanitize=address -Xswiftc -sanitize=fuzzer,address \
    --scratch-path "$build" --product "Fuzz$name" 2>&1 | grep -v 'warning: Cannot export local symbol'
  work=$build/work/$name
  mkdir -p "$work" "$build/findings" "Tests/Corpus/$name"
  seeds "$build/seeds/$name"
  echo "Fuzz$name for ${TIME:-600} s"
  "$build/release/Fuzz$name" -max_total_time="${TIME:-600}" -timeout=20 -rss_limit_mb=3000 -max_len=4096 \
    -dict=Tests/Fuzz/relsh.dict -artifact_prefix="$build/findings/$name-" -print_final_stats=1 \
    "$work" "Tests/Corpus/$name" "$build/seeds/$name"
  # What is kept: the smallest set that reaches the same code, of programs a person can still read.
  merged=$build/merged/$name
  rm -rf "$merged"
  mkdir -p "$merged"
  "$build/release/Fuzz$name" -merge=1 -use_counters=0 -max_len=512 -timeout=20 "$merged" "Tests/Corpus/$name" "$work" "$build/seeds/$name"
  rm -rf "Tests/Corpus/$name"
  mv "$merged" "Tests/Corpus/$name"
done
