#!/usr/bin/env bash
# Takes an older version out of the history and installs it, for the test of rolling upgrades: old_code.sh REVISION PYTHON FOLDER
# It says where it lies.
set -euo pipefail
revision=$1 python=$2 folder=$3
cd "$(dirname "$0")/.."

if ! commit=$(git rev-parse --verify --quiet "$revision^{commit}"); then
    echo "There is no revision $revision here." >&2
    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
        echo "This clone has not the whole history; fetch it: git fetch --unshallow" >&2
    fi
    exit 1
fi
place=$folder/$commit
if [ ! -e "$place/.installed" ]; then
    rm -rf "${place:?}"
    mkdir -p "$place"
    git archive "$commit" | tar x -C "$place"
    echo "== installing $(git log -1 --format='%h of %cs' "$commit")" >&2
    (cd "$place" && scripts/install.sh "$python" .venv) >&2
    touch "$place/.installed"
fi
echo "$place"
