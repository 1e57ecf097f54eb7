#!/bin/sh
# Writes the recipes in recipes/ into Sources/Builtins/Project/StandardRecipes.swift, so that they ship inside relsh.
#
#   scripts/embed-recipes.sh           write the file
#   scripts/embed-recipes.sh --check   compare instead; exit 1 where it is not up to date
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.."
target=${EMBED_TARGET:-Sources/Builtins/Project/StandardRecipes.swift}

# One dictionary entry. The raw string gets one # more than any run of them after a quote or a backslash in the text, so
# that nothing in it can end it or be an escape.
entry() {
    awk -v name="${1#recipes/}" '
        function note(line,    rest, run) {
            rest = line
            while (match(rest, /["\\]#*/)) {
                run = RLENGTH - 1
                if (run > most) most = run
                rest = substr(rest, RSTART + RLENGTH)
            }
        }
        /\r/ { print FILENAME ": a carriage return cannot be embedded" > "/dev/stderr"; failed = 1; exit 1 }
        { lines[NR] = $0; note($0) }
        END {
            if (failed) exit 1
            hashes = "#"
            for (i = 0; i < most; i++) hashes = hashes "#"
            printf "        \"%s\": %s\"\"\"\n", name, hashes
            for (i = 1; i <= NR; i++) print lines[i]
            printf "\n\"\"\"%s,\n", hashes
        }' "$1"
}

generate() {
    cat <<'HEAD'
// swift-format-ignore-file
// Made from recipes/ by scripts/embed-recipes.sh; edit the recipes, then run it again.

/// The recipes that ship with relsh: path in `recipes/` to text. An import reaches them as `"std/dev.rel"`.
package enum StandardRecipes {
HEAD
    files=$(find recipes -type f -name '*.rel' | sort)
    if [ -z "$files" ]; then
        echo '    package static let files: [String: String] = [:]'
    else
        echo '    package static let files: [String: String] = ['
        echo "$files" | while IFS= read -r file; do entry "$file"; done
        echo '    ]'
    fi
    echo '}'
}

new=$(mktemp)
trap 'rm -f "$new"' EXIT
generate >"$new"

if [ "${1:-}" = --check ]; then
    if ! cmp -s "$new" "$target"; then
        echo "$target is not up to date: run scripts/embed-recipes.sh" >&2
        exit 1
    fi
elif ! cmp -s "$new" "$target"; then
    mkdir -p "$(dirname "$target")"
    cat "$new" >"$target"
    echo "wrote $target"
fi
