#!/usr/bin/env bash
# Fetches one package from npm, if it is the one we know: npm_package.sh NAME VERSION SHA512 FOLDER; it lands in FOLDER/VERSION
set -euo pipefail
name=$1 version=$2 sha512=$3 folder=$4

if [ -f "$folder/$version/package.json" ]; then
    exit 0
fi
if ! command -v npm >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "== installing npm"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq >/dev/null
        apt-get install -qq --yes --no-install-recommends npm >/dev/null
    else
        echo "$name comes from npm: install Debian's package npm." >&2
        exit 1
    fi
fi
echo "== fetching $name $version"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "$name@$version" >/dev/null)
if [ "$(openssl dgst -sha512 -binary "$work"/*.tgz | base64 --wrap=0)" != "$sha512" ]; then
    echo "$name $version is not the package we know: its SHA-512 differs." >&2
    exit 1
fi
tar xzf "$work"/*.tgz -C "$work"
mkdir -p "$folder"
rm -rf "${folder:?}/$version"
mv "$work/package" "$folder/$version"
