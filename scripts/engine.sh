#!/usr/bin/env bash
# A real Docker Engine and three real registries for the tests, the demo and CI. `engine.sh --help` tells the rest.
set -euo pipefail

case ${RELSH_ENGINE_DIR:=/opt/relsh-engine} in
/*) dir=$RELSH_ENGINE_DIR ;;
*) dir=$PWD/$RELSH_ENGINE_DIR ;;
esac
installed=$dir/root              # packages unpacked here, never into the system
data=$dir/data                   # images, containers and the registries' contents: what `down --wipe` removes
run=$dir/run                     # pid files
logs=$dir/log
rootfs=$dir/cache/python-base.tar
password_file=$dir/ghcr.password
other_engine=$run/other-engine   # present when `up` found an engine it had not started; holds its address
registries=(ecr dockerhub ghcr)
declare -A port=([ecr]=5001 [dockerhub]=5002 [ghcr]=5003)
ghcr_user=ci
base_image=relsh-base:python

callers_config=${DOCKER_CONFIG:-}
export DOCKER_CONFIG=$dir/docker-config
export PATH=$installed/usr/sbin:$installed/usr/bin:$PATH

usage() {
  cat <<TEXT
usage: scripts/engine.sh COMMAND

  up                    makes sure that a Docker Engine answers (starting one if none does), makes the image
                        $base_image, and starts three registries on the loopback interface:
                        ecr :${port[ecr]}, dockerhub :${port[dockerhub]} and ghcr :${port[ghcr]} (which asks for a password)
  down [--wipe]         stops what \`up\` started; --wipe also deletes images, containers and registry contents
  status                tells what runs; exits with 1 when something does not
  env                   prints settings for a shell:  eval "\$(scripts/engine.sh env)"
  registries-reset      empties the three registries
  stop-registry NAME    stops one of ${registries[*]}
  start-registry NAME   starts it again, with its contents
  qemu                  lets this machine run programs for arm64, with Debian's qemu-user-static; needs root

Everything lives in \$RELSH_ENGINE_DIR (now $dir). An engine that already runs is used as it is and
is never stopped. Starting one needs root on Debian. Elsewhere the base image is built from \$RELSH_PYTHON_IMAGE
(python:3.12-slim unless set).
TEXT
}

say() { printf '%s\n' "engine: $*"; }
die() { printf '%s\n' "engine: $*" >&2; exit 1; }

# ---- Daemons: started in a session of their own, known by a pid file and by a word of their command line

# A pid file outlives a crash or a reboot, and its number may then belong to a stranger.
pid_of() { # name word
  local pid line
  [[ -s $run/$1.pid ]] && read -r pid <"$run/$1.pid" && [[ $pid =~ ^[0-9]+$ ]] || return 1
  line=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") || return 1
  [[ $line == *"$2"* ]] && printf '%s\n' "$pid"
}

# The last word of the command is the one that it is known by.
launch() { # name command…
  local name=$1 word=${!#} pid tries
  shift
  (
    # A daemon that kept our lock or a caller's pipe would hold up whoever waits for the other end.
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      if ((fd > 2 && fd != 255)); then exec {fd}>&-; fi
    done
    exec setsid "$@" </dev/null >"$logs/$name.log" 2>&1
  ) &
  pid=$!
  printf '%s\n' "$pid" >"$run/$name.pid"
  # Until then it is this shell by its command line, and looks like a stranger. One that has ended is `await`'s to tell.
  for ((tries = 0; tries < 500; tries++)); do
    if pid_of "$name" "$word" >/dev/null || ! kill -0 "$pid" 2>/dev/null; then return 0; fi
    sleep 0.01
  done
}

await() { # name word seconds probe…
  local name=$1 word=$2 deadline=$((SECONDS + $3))
  shift 3
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= deadline)) || ! pid_of "$name" "$word" >/dev/null; then
      printf '%s\n' "engine: $name did not become ready; the end of $logs/$name.log:" >&2
      tail -n 20 "$logs/$name.log" >&2
      terminate "$name" "$word" 5
      exit 1
    fi
    sleep 0.05
  done
  # Whoever answered must still be the one we started.
  pid_of "$name" "$word" >/dev/null || die "$name ended as soon as it had started; see $logs/$name.log"
}

terminate() { # name word seconds
  local pid tries=$(($3 * 20))
  if pid=$(pid_of "$1" "$2"); then
    kill -TERM "$pid" 2>/dev/null || true
    while pid_of "$1" "$2" >/dev/null; do
      if ((tries == 0)); then kill -KILL "$pid" 2>/dev/null || true; fi
      if ((tries-- == -100)); then die "process $pid ($1) cannot be killed"; fi
      sleep 0.05
    done
  fi
  rm -f "$run/$1.pid"
}

# ---- Packages

root_on_debian() { [[ $EUID == 0 ]] && on_debian; }
on_debian() { grep -qx 'ID=debian' /etc/os-release 2>/dev/null; }

debian_mirror() {
  local uri
  uri=$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null) || true
  [[ -n $uri ]] ||
    uri=$(awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /:\//) {print $i; exit}}' /etc/apt/sources.list 2>/dev/null) || true
  [[ -n $uri ]] || die "found no mirror in /etc/apt/sources.list.d/debian.sources nor in /etc/apt/sources.list"
  printf '%s\n' "$uri"
}

apt_install() {
  say "installing $* with apt"
  apt-get -qq -o Acquire::Retries=5 update || die "apt-get update failed; its messages stand above"
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 --no-install-recommends install "$@" >"$logs/apt.log" 2>&1 ||
    { tail -n 20 "$logs/apt.log" >&2; die "apt could not install $*"; }
}

install_missing() { # command=package…
  local wanted=() pair
  for pair; do
    command -v "${pair%%=*}" >/dev/null || wanted+=("${pair#*=}")
  done
  ((${#wanted[@]} == 0)) && return
  root_on_debian || die "please install: ${wanted[*]}"
  apt_install "${wanted[@]}"
}

# Debian 12's own Docker has neither buildx nor the containerd image store; Debian 13's has both and runs on Debian 12's libc.
# apt checks the index's signature and every package's SHA256, in lists of its own, so that the system's packages stay as they are.
unpack_from_trixie() { # package…
  local package wanted=() apt=$dir/apt options
  for package; do
    [[ -e $installed/.$package ]] || wanted+=("$package")
  done
  ((${#wanted[@]} == 0)) && return
  on_debian || die "$* cannot be fetched here: this is not Debian. Please install Docker 26 or newer, buildx and docker-registry."
  say "fetching ${wanted[*]} from Debian 13, into $installed"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$installed"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie main\n' "$(debian_mirror)" >"$apt/sources.list"
  options=(-qq -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$apt/lists"
    -o "Dir::Cache=$apt/cache" -o Acquire::Languages=none -o Acquire::Retries=5 -o APT::Sandbox::User=root)
  (apt-get "${options[@]}" update && cd "$apt" && apt-get "${options[@]}" download "${wanted[@]/%//trixie}") ||
    die "the packages could not be fetched; apt's messages stand above"
  for package in "${wanted[@]}"; do
    dpkg -x "$apt/${package}"_*.deb "$installed"
    touch "$installed/.$package"
  done
  rm -rf "$apt"
}

provide_pytest() {
  python3 -c 'import pytest' 2>/dev/null && return
  install_missing python3=python3
  if ! python3 -c 'import pytest' 2>/dev/null; then
    root_on_debian || die "the QA tests need pytest for $(command -v python3): python3 -m pip install pytest"
    apt_install python3-pytest
  fi
  # Debian's pytest belongs to Debian's Python, which need not be the one that PATH finds first.
  if ! python3 -c 'import pytest' 2>/dev/null; then
    mkdir -p "$installed/usr/bin"
    ln -sf /usr/bin/python3 "$installed/usr/bin/python3"
  fi
}

# ---- The engine

engine_pid() { pid_of dockerd "$dir/daemon.json"; }

callers_docker() {
  if [[ -n $callers_config ]]; then DOCKER_CONFIG=$callers_config docker "$@"; else env -u DOCKER_CONFIG docker "$@"; fi
}

# The caller's docker may reach its engine by a context, which our own configuration directory does not know.
remember_other_engine() {
  local address=${DOCKER_HOST:-}
  [[ -n $address ]] || address=$(callers_docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null) || true
  [[ $address == unix:///var/run/docker.sock ]] && address=
  printf '%s\n' "$address" >"$other_engine"
}

point_docker_at_engine() {
  local address=
  if [[ -e $other_engine ]]; then read -r address <"$other_engine" || true; fi
  if [[ -n $address ]]; then export DOCKER_HOST=$address; else unset DOCKER_HOST; fi
}

find_engine() {
  if engine_pid >/dev/null; then
    engine=running
    rm -f "$other_engine"
    say "the engine that we started is running"
  elif command -v docker >/dev/null && callers_docker info >/dev/null 2>&1; then
    engine=other
    remember_other_engine
    say "an engine that we did not start answers: using that one"
  else
    engine=missing
    rm -f "$other_engine"
    root_on_debian ||
      die "no Docker Engine answers, and starting one needs root on Debian. Start Docker (26 or newer), or run this as root on Debian."
  fi
  point_docker_at_engine
}

start_engine() {
  if [[ $engine == missing ]]; then
    unpack_from_trixie docker.io docker-cli docker-buildx containerd docker-registry tini
    printf '{"features": {"containerd-snapshotter": true}, "insecure-registries": ["127.0.0.0/8"], "data-root": "%s", "exec-root": "%s", "pidfile": "%s", "init-path": "%s"}\n' \
      "$data/docker" "$dir/exec" "$run/docker.pid" "$installed/usr/bin/tini-static" >"$dir/daemon.json"
    say "starting the engine"
    launch dockerd "$installed/usr/sbin/dockerd" --config-file "$dir/daemon.json"
  fi
  if [[ $engine != other ]]; then await dockerd "$dir/daemon.json" 60 docker info; fi
  provide_buildx
}

provide_buildx() {
  local plugins=$DOCKER_CONFIG/cli-plugins ours=$installed/usr/libexec/docker/cli-plugins/docker-buildx
  local theirs=${callers_config:-$HOME/.docker}/cli-plugins/docker-buildx
  mkdir -p "$plugins"
  if [[ -e $ours ]]; then
    ln -sf "$ours" "$plugins/docker-buildx"
  elif ! docker buildx version >/dev/null 2>&1; then
    if [[ ! -x $theirs ]]; then
      unpack_from_trixie docker-buildx
      theirs=$ours
    fi
    ln -sf "$theirs" "$plugins/docker-buildx"
  fi
}

stop_engine() {
  if engine_pid >/dev/null; then
    say "stopping the engine"
    terminate dockerd "$dir/daemon.json" 30
  elif [[ -e $other_engine ]]; then
    say "the engine is not ours: leaving it as it is"
  fi
  # A dockerd that was killed leaves its containerd behind.
  if [[ -s $dir/exec/containerd/containerd.pid ]]; then
    cp "$dir/exec/containerd/containerd.pid" "$run/containerd.pid"
    terminate containerd "$dir/exec/containerd" 10
  fi
  rm -f "$other_engine" "$run/docker.pid"
}

# ---- The base image

have_base_image() { docker image inspect "$base_image" >/dev/null 2>&1; }

bootstrap_rootfs() {
  local suite excludes=() path
  suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  for path in doc man locale info; do excludes+=(--dpkgopt="path-exclude=/usr/share/$path/*"); done
  mkdir -p "${rootfs%/*}"
  mmdebstrap --variant=minbase --include=python3,python3-pip,python3-pytest --dpkgopt=force-unsafe-io "${excludes[@]}" \
    --aptopt='Acquire::Retries "5"' "$suite" "$rootfs.new.tar" "$(debian_mirror)" >"$logs/base.log" 2>&1 && mv "$rootfs.new.tar" "$rootfs"
}

make_base_image() {
  have_base_image && return
  if [[ -s $rootfs ]]; then
    say "importing $base_image from $rootfs"
    docker import -c 'ENV LANG=C.UTF-8' -c 'CMD ["python3"]' "$rootfs" "$base_image" >/dev/null
  else
    local public=${RELSH_PYTHON_IMAGE:-python:3.12-slim}
    say "building $base_image from $public, because making it from packages needs root on Debian"
    docker build -q -t "$base_image" - >/dev/null <<TEXT
FROM $public
RUN pip install --no-cache-dir --disable-pip-version-check --retries 10 pytest
TEXT
  fi
}

# ---- The registries

registry_word() { printf '%s\n' "$dir/registry-$1.yml"; }
registry_pid() { pid_of "registry-$1" "$(registry_word "$1")"; }
# Answering is enough: a registry that asks for a password answers with 401.
registry_answers() { curl -s -o /dev/null --noproxy '*' --max-time 2 "http://127.0.0.1:${port[$1]}/v2/"; }

make_password() {
  local salt hash
  [[ -s $password_file && -s $dir/ghcr.htpasswd ]] && return
  (
    umask 077
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$password_file"
    salt=$(od -An -N11 -tx1 /dev/urandom | tr -d ' \n')
    # shellcheck disable=SC2016 # The dollars are bcrypt's and perl's.
    hash=$(perl -e '$p = <STDIN>; print crypt($p, q($2y$05$) . $ARGV[0])' "$salt" <"$password_file")
    ((${#hash} == 60)) || die "this system's crypt does not know bcrypt, which the ghcr registry needs"
    printf '%s:%s\n' "$ghcr_user" "$hash" >"$dir/ghcr.htpasswd"
  )
}

start_registry() {
  local name=$1 config
  config=$(registry_word "$name")
  registry_pid "$name" >/dev/null && return
  if registry_answers "$name"; then
    die "127.0.0.1:${port[$name]} is taken by another process, and the $name registry belongs there"
  fi
  command -v docker-registry >/dev/null || unpack_from_trixie docker-registry
  {
    printf 'version: 0.1\nlog: {level: warn, accesslog: {disabled: true}}\n'
    printf 'storage: {filesystem: {rootdirectory: "%s"}, delete: {enabled: true}}\n' "$data/registry-$name"
    printf 'http: {addr: "127.0.0.1:%s"}\n' "${port[$name]}"
    if [[ $name == ghcr ]]; then
      make_password
      printf 'auth: {htpasswd: {realm: ghcr, path: "%s"}}\n' "$dir/ghcr.htpasswd"
    fi
  } >"$config"
  mkdir -p "$data/registry-$name"
  launch "registry-$name" docker-registry serve "$config"
}

await_registry() { await "registry-$1" "$(registry_word "$1")" 20 registry_answers "$1"; }
stop_registry() { terminate "registry-$1" "$(registry_word "$1")" 5; }

known_registry() {
  [[ -n ${1:-} && -n ${port[$1]:-} ]] || die "which registry? one of ${registries[*]}"
}

# ---- Commands

prepare() {
  if ! mkdir -p "$run" "$logs" "$data" "$DOCKER_CONFIG" 2>/dev/null || [[ ! -w $run ]]; then
    die "$dir cannot be written; set RELSH_ENGINE_DIR to a directory of yours"
  fi
  exec 9>"$dir/lock"
  if ! flock -n 9; then
    say "waiting for another engine.sh to finish"
    flock -w 600 9 || die "another engine.sh holds $dir/lock for more than ten minutes"
  fi
}

up() {
  local bootstrap='' engine name needed=(git=git curl=curl perl=perl)
  prepare
  find_engine
  if [[ $engine == missing ]]; then needed+=(runc=runc iptables=iptables); fi
  if [[ ! -s $rootfs ]] && root_on_debian && ! have_base_image; then needed+=(mmdebstrap=mmdebstrap); fi
  install_missing "${needed[@]}"
  if [[ " ${needed[*]} " == *mmdebstrap* ]]; then
    say "making the root file system of $base_image (half a minute, once)"
    bootstrap_rootfs 9>&- &
    bootstrap=$!
    # shellcheck disable=SC2064 # This process is meant, not whatever the variable holds later.
    trap "kill $bootstrap 2>/dev/null || true" EXIT
  fi
  start_engine
  for name in "${registries[@]}"; do start_registry "$name"; done
  for name in "${registries[@]}"; do await_registry "$name"; done
  provide_pytest
  if [[ -n $bootstrap ]] && ! wait "$bootstrap"; then
    tail -n 20 "$logs/base.log" >&2
    die "the base image could not be made; see $logs/base.log"
  fi
  trap - EXIT
  make_base_image
  say "engine $(docker version --format '{{.Server.Version}}') and registries ${registries[*]} are up; next: eval \"\$(scripts/engine.sh env)\""
}

down() {
  local name left
  prepare
  for name in "${registries[@]}"; do stop_registry "$name"; done
  stop_engine
  if [[ ${1:-} == --wipe ]]; then
    # Deleting below a mount would reach into whatever is mounted there.
    awk -v d="$dir/" 'index($5, d) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r left; do umount "$left"; done
    rm -rf --one-file-system "$data" "$dir/exec" "$DOCKER_CONFIG" "$password_file" "$dir/ghcr.htpasswd"
    say "deleted what was stored in $dir; packages and the base image's root file system stay for the next up"
  fi
  say "down"
}

status() {
  local name pid ok=0 version
  point_docker_at_engine
  if version=$(docker version --format '{{.Server.Version}}' 2>/dev/null); then
    if pid=$(engine_pid); then
      printf '%-11s running, version %s, pid %s, started by us\n' engine "$version" "$pid"
    else
      printf '%-11s running, version %s, not started by us\n' engine "$version"
    fi
    if have_base_image; then printf '%-11s %s\n' 'base image' "$base_image"; else printf '%-11s missing\n' 'base image' && ok=1; fi
  else
    printf '%-11s does not answer\n' engine && ok=1
  fi
  for name in "${registries[@]}"; do
    if pid=$(registry_pid "$name") && registry_answers "$name"; then
      printf '%-11s running, 127.0.0.1:%s, pid %s\n' "$name" "${port[$name]}" "$pid"
    else
      printf '%-11s stopped\n' "$name" && ok=1
    fi
  done
  return $ok
}

print_env() {
  [[ -r $password_file ]] || die "nothing is up in $dir; first: scripts/engine.sh up"
  point_docker_at_engine
  if [[ -d $installed/usr/bin ]]; then
    # shellcheck disable=SC2016 # The caller's PATH is meant, as it is then.
    printf 'export PATH=%q:%q:"$PATH"\n' "$installed/usr/sbin" "$installed/usr/bin"
  fi
  printf 'export %s=%q\n' DOCKER_CONFIG "$DOCKER_CONFIG"
  if [[ -n ${DOCKER_HOST:-} ]]; then printf 'export DOCKER_HOST=%q\n' "$DOCKER_HOST"; else printf 'unset DOCKER_HOST\n'; fi
  printf 'export %s=%q\n' RELSH_ECR "127.0.0.1:${port[ecr]}" RELSH_DOCKERHUB "127.0.0.1:${port[dockerhub]}" \
    RELSH_GHCR "127.0.0.1:${port[ghcr]}" GHCR_USERNAME "$ghcr_user" GHCR_TOKEN_FILE "$password_file" \
    GHCR_TOKEN "$(<"$password_file")"
}

registries_reset() {
  local name
  prepare
  for name in "${registries[@]}"; do stop_registry "$name"; done
  for name in "${registries[@]}"; do rm -rf "$data/registry-$name"; done
  for name in "${registries[@]}"; do start_registry "$name"; done
  for name in "${registries[@]}"; do await_registry "$name"; done
  say "the registries are empty"
}

# ---- Other processors

# The kernel hands a program of another processor to qemu; the flag F lets containers have that, too.
binfmt=/proc/sys/fs/binfmt_misc
provide_qemu() {
  [[ $(uname -m) == aarch64 || -e $binfmt/qemu-aarch64 ]] && return
  [[ $EUID == 0 ]] || die "only root can register qemu"
  mkdir -p "$logs"
  install_missing qemu-aarch64-static=qemu-user-static
  [[ -e $binfmt/register ]] || mount -t binfmt_misc binfmt_misc "$binfmt" || die "this kernel has no binfmt_misc"
  # Installing it may have registered it.
  [[ -e $binfmt/qemu-aarch64 ]] || cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$binfmt/register" ||
    die "qemu could not be registered in $binfmt"
  say "this machine runs programs for arm64 with qemu"
}

case ${1:-} in
up) up ;;
qemu) provide_qemu ;;
down)
  [[ ${2:-} == '' || $2 == --wipe ]] || die "down takes --wipe or nothing, but is given $2"
  down "${2:-}"
  ;;
status) status ;;
env) print_env ;;
registries-reset) registries_reset ;;
start-registry)
  known_registry "${2:-}"
  prepare
  start_registry "$2"
  await_registry "$2"
  ;;
stop-registry)
  known_registry "${2:-}"
  prepare
  stop_registry "$2"
  ;;
-h | --help | help) usage ;;
'') usage >&2 && exit 2 ;;
*) die "unknown command $1; see engine.sh --help" ;;
esac
