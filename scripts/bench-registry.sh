#!/usr/bin/env bash
# usage: bench-registry.sh [RUNS]     (5 unless told otherwise)
# Compares what relsh does with registries with the tools it stands for, in one go and taking turns; prints tables in Markdown:
#   mirror     an image of five layers, 500 MB, to two registries: registry.copy, skopeo copy twice, docker buildx imagetools
#              create, and docker pull, tag and push; with the peak of memory, and once more where all of it is there already
#   release    docker_release_multi_build_dev_image and docker_release_multi_arch_prod_image of two platforms, to three registries,
#              against the same docker commands one after the other (scripts/incumbent.sh)
# The registries of the mirror are its own and go when it ends. skopeo is installed by apt-get where it is missing. RELSH_BIN names
# another relsh; RELSH_BENCH_MIB the size of a layer, 100 unless told otherwise. Nothing is written into the repository.
set -euo pipefail

runs=${1:-5}
[[ $runs =~ ^[1-9][0-9]*$ ]] || { sed -n 's/^# //; 2,10p' "$0"; exit 2; }
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
relsh=${RELSH_BIN:-$repo/.build/release/relsh}
[[ -x $relsh ]] || { printf '%s\n' "bench-registry: $relsh is missing; build it first: make build" >&2; exit 1; }
settings=$("$repo/scripts/engine.sh" env)
eval "$settings"

if ! command -v skopeo >/dev/null; then
  [[ $EUID == 0 ]] && command -v apt-get >/dev/null || { printf '%s\n' 'bench-registry: skopeo is missing; please install it' >&2; exit 1; }
  printf '%s\n' 'bench-registry: installing skopeo by apt-get' >&2
  apt-get -qq -o Acquire::Retries=5 update &&
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Acquire::Retries=5 --no-install-recommends install skopeo >/dev/null
fi

exec python3 -B "$repo/Tests/Benchmarks/registries.py" --runs "$runs" --layer "${RELSH_BENCH_MIB:-100}" "$relsh" "$repo"
