#!/usr/bin/env bash
# Write requirements/*.lock: every package with its version and the hashes of its files, for every Python from 3.11 on.
# update_locks.sh PYTHON [--upgrade]; PYTHON has uv. Where packages come from is no part of a lock.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1
shift

compile() {
    "$python" -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --custom-compile-command scripts/update_locks.sh "$@"
}

compile pyproject.toml --output-file requirements/run.lock "$@"
compile --group pyproject.toml:build --output-file requirements/build.lock "$@"
compile pyproject.toml --group pyproject.toml:dev --constraint requirements/run.lock --output-file requirements/dev.lock "$@"
if grep --line-number '://' requirements/*.lock; then
    echo "A lock names an address (above)." >&2
    exit 1
fi
