#!/usr/bin/env bash
# usage: libraries.sh     Makes sure of the headers and libraries that relsh is built with: SQLite's and libedit's. Installs
# Debian's where they are missing and it may; says what to install where it may not. Does and says nothing where they are there.
set -euo pipefail

has_header() { printf '#include <%s>\n' "$1" | "${CC:-clang}" -E - >/dev/null 2>&1; }

packages=() purposes=()
has_header sqlite3.h || { packages+=(libsqlite3-dev); purposes+=('SQLite, which keeps the ledger'); }
has_header histedit.h || { packages+=(libedit-dev); purposes+=('libedit, which reads what is typed at the prompt'); }
[ "${#packages[@]}" -gt 0 ] || exit 0

refuse() {
  printf 'libraries: relsh is built with %s\n' "${purposes[@]}" >&2
  printf '%s\n' "  help: install ${packages[*]} on Debian and Ubuntu; sqlite-devel, libedit-devel on Fedora" >&2
  exit 1
}
if ((EUID != 0)) || ! command -v apt-get >/dev/null; then refuse; fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() { DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=5 install -y --no-install-recommends "${packages[@]}" >>"$log" 2>&1; }
# The lists of packages may be missing or old.
if ! install && ! { apt-get -o Acquire::Retries=5 update >>"$log" 2>&1 && install; }; then
  tail -n 5 "$log" >&2
  refuse
fi
