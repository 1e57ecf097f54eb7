#!/usr/bin/env bash
# usage: bench-language.sh [RUNS]     (7 unless told otherwise)
# Compares the language with Lua 5.4, CPython and starlark on the programs in Tests/Benchmarks, and measures start-up, memory and
# checking; prints tables in Markdown. Lua and starlark are installed where they are missing: Lua by apt-get, starlark by pip into
# a directory of its own below the user's cache. RELSH_BIN names another relsh. Nothing is written into the repository.
set -euo pipefail

runs=${1:-7}
[[ $runs =~ ^[1-9][0-9]*$ ]] || { sed -n 's/^# //; 2,6p' "$0"; exit 2; }
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
relsh=${RELSH_BIN:-$repo/.build/release/relsh}
[[ -x $relsh ]] || { printf '%s\n' "bench-language: $relsh is missing; build it first: make build" >&2; exit 1; }
command -v python3 >/dev/null || { printf '%s\n' 'bench-language: python3 is missing; install Python 3' >&2; exit 1; }

if ! command -v lua5.4 >/dev/null; then
  if [[ $(id -u) -eq 0 ]]; then become_root=(); else become_root=(sudo); fi
  printf '%s\n' 'bench-language: installing lua5.4 by apt-get' >&2
  "${become_root[@]}" apt-get -o Acquire::Retries=5 install --yes --quiet lua5.4 >&2
fi

packages=${XDG_CACHE_HOME:-$HOME/.cache}/relsh-bench
export PYTHONPATH=$packages PYTHONDONTWRITEBYTECODE=1
if ! python3 -c 'import starlark' 2>/dev/null; then
  printf '%s\n' "bench-language: installing starlark-pyo3 into $packages" >&2
  python3 -m pip install --quiet --disable-pip-version-check --retries 10 --target "$packages" starlark-pyo3 >&2
fi

exec python3 "$repo/Tests/Benchmarks/run.py" --runs "$runs" "$relsh"
