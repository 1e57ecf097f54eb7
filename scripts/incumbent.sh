#!/usr/bin/env bash
# usage: incumbent.sh DIR VERSION
# Releases the project in DIR as the tasks that teams use today do it: the docker and git commands of `docker_release_all`,
# one after the other, with three registries. It is what benchmarks compare relsh with, so it does no work that those tasks
# do not do, and leaves out what the task runner itself costs.
set -euo pipefail

[[ $# == 2 && -f $1/relsh.toml ]] || { printf '%s\n' "usage: incumbent.sh DIR VERSION (DIR holds a relsh.toml)" >&2; exit 2; }
cd "$1"
version=$2
name=$(sed -n 's/^name = "\(.*\)"$/\1/p' relsh.toml)
mapfile -t bases < <(sed -n 's/^base = "\(.*\)"$/\1/p' relsh.toml)
home=${bases[0]}
ghcr=${bases[2]}
user=$(id -un)

step() { printf '%6.2fs  %s\n' "$(((${EPOCHREALTIME/[.,]/} - started) / 1000))e-3" "$*"; }
started=${EPOCHREALTIME/[.,]/}

suite() { # image suite-expression [docker run option…]
  local image=$1 marks=$2
  shift 2
  docker run --rm --workdir /app "$@" "$image" python3 -m pytest -q -m "$marks" test
}

qa() { # stage image
  python3 -B -m pytest -q -m qa test --image_stage "$1" --image "$2"
}

push_everywhere() { # stage
  local base
  for base in "${bases[@]}"; do
    if [[ $base != "$home" ]]; then
      docker tag "$home/$name:$1-$version" "$base/$name:$1-$version"
      docker tag "$home/$name:$1-$version" "$base/$name:$1"
    fi
    docker push -q "$base/$name:$1-$version"
    docker push -q "$base/$name:$1"
  done
}

# With an attestation beside the image the engine pushes an index, and while it does, two of its own requests for the same tag
# can meet in the registry and one fail. The tasks predate attestations.
export BUILDX_NO_DEFAULT_ATTESTATIONS=1

fast='not slow and not superslow and not qa'
source=(--volume "$PWD:/app")

step "log in"
docker login --username "$GHCR_USERNAME" --password-stdin "${ghcr%%/*}" <"$GHCR_TOKEN_FILE" >/dev/null 2>&1

step "build the local image"
docker build -q -f devops/docker_build/dev.Dockerfile \
  --build-arg AM_CONTAINER_VERSION="$version" --build-arg INSTALL_DIND=True \
  --build-arg POETRY_MODE=update --build-arg CLEAN_UP_INSTALLATION=True \
  -t "$home/$name:local-$user-$version" .

step "fast tests, local"
suite "$home/$name:local-$user-$version" "$fast" "${source[@]}"
step "slow tests, local"
suite "$home/$name:local-$user-$version" slow "${source[@]}"

step "tag local as dev"
docker tag "$home/$name:local-$user-$version" "$home/$name:dev-$version"
docker tag "$home/$name:local-$user-$version" "$home/$name:dev"
git tag --force -a -m "Release $version" "$name-$version" >/dev/null

step "QA tests, dev"
qa dev "$home/$name:dev-$version"

step "push dev"
push_everywhere dev
git push -q --force origin "refs/tags/$name-$version"

step "build the prod image"
docker build -q -f devops/docker_build/prod.Dockerfile \
  --build-arg VERSION="$version" --build-arg PROD_VERSION="$version" \
  --build-arg ECR_BASE_PATH="$home" --build-arg IMAGE_NAME="$name" \
  -t "$home/$name:prod-$version" .
docker tag "$home/$name:prod-$version" "$home/$name:prod"

step "fast tests, prod"
suite "$home/$name:prod-$version" "$fast"
step "slow tests, prod"
suite "$home/$name:prod-$version" slow
step "superslow tests, prod"
suite "$home/$name:prod-$version" superslow
step "QA tests, prod"
qa prod "$home/$name:prod-$version"

step "push prod"
push_everywhere prod
step "released $name $version"
