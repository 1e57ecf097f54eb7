#!/usr/bin/env bash
# usage: incumbent.sh DIR VERSION [all | multi-dev | multi-prod]
# Releases the project in DIR as the tasks that teams use today do it: the docker and git commands of `docker_release_all`, of
# `docker_release_multi_build_dev_image` or of `docker_release_multi_arch_prod_image`, one after the other, with three registries.
# It is what benchmarks compare relsh with, so it does no work that those tasks do not do, and leaves out what the task runner
# itself costs.
set -euo pipefail

[[ $# == [23] && -f $1/relsh.toml && ${3:-all} =~ ^(all|multi-dev|multi-prod)$ ]] ||
  { printf '%s\n' "usage: incumbent.sh DIR VERSION [all | multi-dev | multi-prod] (DIR holds a relsh.toml)" >&2; exit 2; }
cd "$1"
version=$2
what=${3:-all}
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

# ---- Several platforms: built and pushed once, pulled, tested, and promoted tag by tag

multi() { # stage built-image build-option…
  local stage=$1 image=$2 suite base tag
  shift 2
  step "build and push $image"
  docker buildx build -q --push --platform linux/amd64,linux/arm64 -f "devops/docker_build/$stage.Dockerfile" "$@" -t "$image" .
  docker pull -q "$image"
  for suite in fast slow superslow; do
    step "$suite tests, $stage"
    docker run --rm "$image" /check
  done
  if [[ $stage == dev ]]; then git tag --force -a -m "Release $version" "$name-$version" >/dev/null; fi
  for base in "${bases[@]}"; do
    for tag in "$stage-$version" "$stage"; do
      step "promote to $base/$name:$tag"
      docker buildx imagetools create -t "$base/$name:$tag" "$image"
    done
  done
  if [[ $stage == dev ]]; then git push -q --force origin "refs/tags/$name-$version"; fi
  step "released $stage of $name $version"
}

step "log in"
docker login --username "$GHCR_USERNAME" --password-stdin "${ghcr%%/*}" <"$GHCR_TOKEN_FILE" >/dev/null 2>&1

case $what in
multi-dev)
  multi dev "$home/$name:local-$user-$version" --build-arg AM_CONTAINER_VERSION="$version" --build-arg INSTALL_DIND=True \
    --build-arg POETRY_MODE=update --build-arg CLEAN_UP_INSTALLATION=True
  exit
  ;;
multi-prod)
  multi prod "$home/$name:local-$user-prod-$version" --build-arg VERSION="$version" --build-arg PROD_VERSION="$version" \
    --build-arg ECR_BASE_PATH="$home" --build-arg IMAGE_NAME="$name" --build-arg BASE_IMAGE="$home/$name:dev-$version"
  exit
  ;;
esac

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
