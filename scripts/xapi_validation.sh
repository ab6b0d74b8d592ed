#!/usr/bin/env bash
# The browser tests have statements judged by a validator that nobody here wrote, which npm brings: xapi_validation.sh FOLDER
set -euo pipefail
version=3.0.0
folder=$1

if [ -d "$folder/$version/node_modules/@learninglocker/xapi-validation" ]; then
    exit 0
fi
if ! command -v npm >/dev/null; then
    echo "The browser tests of cmi5 packages need npm: scripts/scorm_again.sh installs it where it may." >&2
    exit 1
fi
echo "== fetching @learninglocker/xapi-validation $version"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm install --silent --no-audit --no-fund --ignore-scripts --prefix . "@learninglocker/xapi-validation@$version" >/dev/null)
rm -rf "${folder:?}/$version"
mkdir -p "$folder/$version"
cp -R "$work/node_modules" "$folder/$version/"
