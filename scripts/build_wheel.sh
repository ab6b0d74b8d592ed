#!/usr/bin/env bash
# Build the wheel of a commit, twice, and keep it only if both are the same byte for byte: build_wheel.sh PYTHON FOLDER [COMMIT]
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 folder=$2 commit=${3:-HEAD}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
export SOURCE_DATE_EPOCH PYTHONHASHSEED=0
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct "$commit")
"$python" -m venv "$work/venv"
pip=("$work/venv/bin/python" -m pip --disable-pip-version-check --quiet)
"${pip[@]}" install --require-hashes --requirement requirements/build.lock
for round in first second; do
    mkdir "$work/$round"
    git archive "$commit" | tar --extract --directory "$work/$round"
    "${pip[@]}" wheel --no-deps --no-build-isolation --no-index --wheel-dir "$work/$round/dist" "$work/$round"
done
wheel=$(basename "$work"/first/dist/*.whl)
cmp "$work/first/dist/$wheel" "$work/second/dist/$wheel"
mkdir -p "$folder"
cp "$work/first/dist/$wheel" "$folder/"
(cd "$folder" && sha256sum "$wheel")
