#!/usr/bin/env bash
# usage: demo.sh [VERSION]     (or VERSION in the environment, as `make demo VERSION=1.1.0` sets it)
# Releases a sample project to three real registries with relsh, then asks the registries what they hold.
set -euo pipefail

say() { printf '\n%s\n' "== $*"; }
die() { printf '%s\n' "demo: $*" >&2; exit 1; }

case ${1:-} in -*) sed -n 's/^# //; 2,3p' "$0"; [[ $1 == -h || $1 == --help ]]; exit ;; esac

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
relsh=${RELSH_BIN:-$repo/.build/release/relsh}
project=${RELSH_DEMO_DIR:-/tmp/relsh-demo}/hello-service
version=${1:-${VERSION:-}}
[[ -x $relsh ]] || die "$relsh is missing; build it first: swift build -c release (make demo does it)"

say "A Docker Engine and three registries, standing for ECR, DockerHub and GHCR"
"$repo/scripts/engine.sh" up
settings=$("$repo/scripts/engine.sh" env)
eval "$settings"

# The password goes through standard input: a command line can be read by everyone on the machine.
ask() { # registry-address curl-option…
  local address=$1
  shift
  if [[ $address == "$RELSH_GHCR" ]]; then printf 'user = "%s:%s"\n' "$GHCR_USERNAME" "$(<"$GHCR_TOKEN_FILE")"; fi |
    curl -sS --fail --noproxy '*' --max-time 10 -K - "$@" 2>/dev/null
}

digest() { # registry-address tag
  local headers accept
  accept='application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json'
  accept+=', application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json'
  headers=$(ask "$1" -I -H "Accept: $accept" "http://$1/v2/team/hello-service/manifests/$2") || { printf 'missing'; return; }
  tr -d '\r' <<<"$headers" | sed -n 's/^[Dd]ocker-[Cc]ontent-[Dd]igest: //p'
}

holds_images() {
  local address
  for address in "$RELSH_ECR" "$RELSH_DOCKERHUB" "$RELSH_GHCR"; do
    if [[ $(ask "$address" "http://$address/v2/team/hello-service/tags/list") == *'"tags":["'* ]]; then return 0; fi
  done
  return 1
}

newest() { sed -n 's/^# .*-\([0-9][0-9.]*\)$/\1/p' "$project/changelog.txt" | head -n 1; }
is_newer() { [[ $1 != "$2" && $(printf '%s\n' "$1" "$2" | sort -V | tail -n 1) == "$1" ]]; }

if [[ ! -e $project/.git ]]; then
  say "A sample project"
  "$repo/examples/hello-service/make-history.sh" "$project"
  if holds_images; then
    say "The registries hold images of an earlier sample project: they are emptied"
    printf '%s\n' "The same versions of a new project have other digests, and relsh lets no released version change."
    "$repo/scripts/engine.sh" registries-reset
  fi
fi
: "${version:=$(newest)}"
if [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] && is_newer "$version" "$(newest)"; then
  say "A change to release as $version"
  "$repo/examples/hello-service/add-release.sh" "$project" "$version" "Say what is new in $version"
fi

say "relsh recipes/release_all.rel --version $version"
cd "$project"
code=0
"$relsh" "$repo/recipes/release_all.rel" --version "$version" || code=$?
if ((code != 0)); then
  printf '%s\n' "demo: relsh ended with $code" >&2
  exit "$code"
fi

say "What the registries hold"
dev_version=${version%.*}.0
same=yes
printf '%-12s  %-21s  %-21s  %-21s\n' tag "ecr $RELSH_ECR" "hub $RELSH_DOCKERHUB" "ghcr $RELSH_GHCR"
for stage in dev prod; do
  stage_digest=
  for tag in "$stage-$([[ $stage == dev ]] && printf '%s' "$dev_version" || printf '%s' "$version")" "$stage"; do
    row=()
    for address in "$RELSH_ECR" "$RELSH_DOCKERHUB" "$RELSH_GHCR"; do
      held=$(digest "$address" "$tag")
      : "${stage_digest:=$held}"
      [[ $held == "$stage_digest" && $held == sha256:* ]] || same=no
      row+=("${held:0:21}")
    done
    printf '%-12s  %-21s  %-21s  %-21s\n' "$tag" "${row[@]}"
  done
done

say "The git tag on the remote"
git ls-remote --exit-code origin "refs/tags/hello-service-$version" || die "the remote has no tag hello-service-$version"

[[ $same == yes ]] || die "the registries do not hold the same images"
printf '\n%s\n' "All three registries hold the same images."
