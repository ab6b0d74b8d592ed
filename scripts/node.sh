#!/usr/bin/env bash
# The tests run the packages' JavaScript grader in Node: install it where we may, otherwise say what to install.
set -euo pipefail

if command -v node >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== installing nodejs"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null
    apt-get install -qq --yes --no-install-recommends nodejs >/dev/null
    exit 0
fi
echo "The tests of the JavaScript grader need Node: install Debian's package nodejs." >&2
exit 1
