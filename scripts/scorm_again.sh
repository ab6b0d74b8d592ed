#!/usr/bin/env bash
# The browser tests play packages in a SCORM run-time of its own, which npm brings: scorm_again.sh FOLDER
set -euo pipefail
version=3.4.3
folder=$1

if [ -f "$folder/$version/scorm12.min.js" ] && [ -f "$folder/$version/scorm2004.min.js" ]; then
    exit 0
fi
if ! command -v npm >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "== installing npm"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq >/dev/null
        apt-get install -qq --yes --no-install-recommends npm >/dev/null
    else
        echo "The browser tests of SCORM packages need npm: install Debian's package npm." >&2
        exit 1
    fi
fi
echo "== fetching scorm-again $version"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "scorm-again@$version" >/dev/null && tar xzf "scorm-again-$version.tgz")
mkdir -p "$folder/$version"
cp "$work/package/dist/scorm12.min.js" "$work/package/dist/scorm2004.min.js" "$work/package/LICENSE"* "$folder/$version/" 2>/dev/null \
    || cp "$work/package/dist/scorm12.min.js" "$work/package/dist/scorm2004.min.js" "$folder/$version/"
