#!/usr/bin/env bash
# usage: sqlite.sh     Makes sure of SQLite's header and library. Installs Debian's where they are missing and it may; says
# what to install where it may not. Does and says nothing where they are there.
set -euo pipefail

has_sqlite() { printf '#include <sqlite3.h>\n' | "${CC:-clang}" -E - >/dev/null 2>&1; }

if has_sqlite; then exit 0; fi
remedy='install the development files of SQLite: libsqlite3-dev on Debian and Ubuntu, sqlite-devel on Fedora'
if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
  printf '%s\n' "sqlite: sqlite3.h is missing, and relsh keeps its ledger with SQLite" "  help: $remedy" >&2
  exit 1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libsqlite3-dev >>"$log" 2>&1; }
# The lists of packages may be missing or old.
if ! install && ! { apt-get update >>"$log" 2>&1 && install; }; then
  tail -n 5 "$log" >&2
  printf '%s\n' "sqlite: libsqlite3-dev could not be installed" "  help: $remedy" >&2
  exit 1
fi
