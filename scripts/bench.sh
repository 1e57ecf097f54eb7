#!/usr/bin/env bash
# usage: bench.sh [RUNS]     (5 unless told otherwise)
# Compares relsh with what it replaces, in one go and taking turns, and prints a table in Markdown:
#   release    docker_release_all against the same docker and git commands one after the other (scripts/incumbent.sh), for one
#              project, with the same caches and registries; before every run a source file changes and a version is added
#   start-up   relsh -e 1 against bash -c true
#   own time   relsh's time on a processor while none of its programs runs; as root, and where perf is installed
# RELSH_BIN names another relsh. Nothing is written into the repository.
set -euo pipefail

runs=${1:-5}
[[ $runs =~ ^[1-9][0-9]*$ ]] || { sed -n 's/^# //; 2,8p' "$0"; exit 2; }
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
relsh=${RELSH_BIN:-$repo/.build/release/relsh}
[[ -x $relsh ]] || { printf '%s\n' "bench: $relsh is missing; build it first: make build" >&2; exit 1; }
settings=$("$repo/scripts/engine.sh" env)
eval "$settings"

work=$(mktemp -d)
place=bench-$$
project=$work/hello-service
clean_up() {
  docker images --format '{{.Repository}}:{{.Tag}}' --filter "reference=*/$place/*" | xargs -r docker rmi --force >/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

# Prints wall time and the processor time of the program itself, without that of the programs it started, both in seconds.
# A program that has ended and was not waited for still has its own times in /proc; wait4 would add up all of them.
cat >"$work/measure.py" <<'PYTHON'
import os, sys, time
started = time.perf_counter()
with open(sys.argv[1], "w") as log:
    pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, log.fileno(), 1), (os.POSIX_SPAWN_DUP2, log.fileno(), 2)])
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
wall = time.perf_counter() - started
fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(f"{wall:.4f} {own:.4f}")
sys.exit(code != 0)
PYTHON

cat >"$work/startup.py" <<'PYTHON'
import os, sys, time
nothing = os.open(os.devnull, os.O_WRONLY)
times = {}
for turn in range(300):
    for name, words in (("bash", ["bash", "-c", "true"]), ("relsh", [sys.argv[1], "-e", "1"])):
        started = time.perf_counter()
        pid = os.posix_spawnp(words[0], words, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nothing, 1)])
        os.waitpid(pid, 0)
        times.setdefault(name, []).append(time.perf_counter() - started)
for name, list in times.items():
    print(name, f"{sorted(list)[len(list) // 2] * 1000:.2f}")
PYTHON

median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }

"$repo/examples/hello-service/make-history.sh" "$project" >/dev/null
sed -i "s,/team\",/$place\"," "$project/relsh.toml"
git -C "$project" commit -q -a -m "Take a place in the registries"
cd "$project"

next=1
release() { # who result-file
  local version=1.$next.0 command
  next=$((next + 1))
  "$repo/examples/hello-service/add-release.sh" "$project" "$version" "Change $version" >/dev/null
  case $1 in
  relsh) command=("$relsh" docker_release_all --version "$version") ;;
  incumbent) command=("$repo/scripts/incumbent.sh" "$project" "$version") ;;
  esac
  if ! python3 "$work/measure.py" "$work/log" "${command[@]}" >>"$2"; then
    tail -n 40 "$work/log" >&2
    printf '%s\n' "bench: ${command[*]} failed; the end of its output stands above" >&2
    exit 1
  fi
  printf 'bench: %-9s %s in %s s\n' "$1" "$version" "$(tail -n 1 "$2" | cut -d ' ' -f 1)" >&2
}

release incumbent "$work/warm-up"
release relsh "$work/warm-up"
for ((run = 0; run < runs; run++)); do
  if ((run % 2)); then order=(relsh incumbent); else order=(incumbent relsh); fi
  for who in "${order[@]}"; do release "$who" "$work/$who"; done
done
ours=$(cut -d ' ' -f 1 "$work/relsh" | median)
theirs=$(cut -d ' ' -f 1 "$work/incumbent" | median)
share=$(awk '{print 100 * $2 / $1}' "$work/relsh" | median)
python3 "$work/startup.py" "$relsh" >"$work/startup"
ours_start=$(awk '$1 == "relsh" {print $2}' "$work/startup")
theirs_start=$(awk '$1 == "bash" {print $2}' "$work/startup")

printf '\nMedians of %s releases and 300 starts each, taking turns, on %s processors.\n\n' "$runs" "$(nproc)"
printf '| what | relsh | compared with | ratio |\n|---|---|---|---|\n'
awk -v a="$ours" -v b="$theirs" 'BEGIN {printf "| docker_release_all, one source file changed | %.2f s | %.2f s, one command after the other | %.2f |\n", a, b, a / b}'
awk -v a="$ours_start" -v b="$theirs_start" 'BEGIN {printf "| start-up: relsh -e 1, bash -c true | %.2f ms | %.2f ms | %.2f |\n", a, b, a / b}'
awk -v a="$share" 'BEGIN {printf "| processor time of relsh itself, of the wall time of a release | %.2f %% | | |\n", a}'

if [[ $EUID == 0 ]] && command -v perf >/dev/null; then
  for ((run = 0; run < runs; run++)); do
    "$repo/examples/hello-service/add-release.sh" "$project" "1.$next.0" "Change 1.$next.0" >/dev/null
    python3 -B "$repo/Tests/Benchmarks/own-time.py" "$relsh" docker_release_all --version "1.$next.0" >>"$work/own"
    next=$((next + 1))
  done
  own=$(awk '{print 100 * $3 / $1}' "$work/own" | median)
  awk -v a="$own" 'BEGIN {printf "| of that, while no program that it has started runs | %.2f %% | | |\n", a}'
else
  printf '%s\n' 'bench: relsh'"'"'s own time on the way is not measured: that needs root, and perf (Debian: linux-perf)' >&2
fi
