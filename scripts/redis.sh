#!/usr/bin/env bash
# The tests of what processes share need a Redis: install it where we may, otherwise say what to install.
set -euo pipefail

if command -v redis-server >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== installing redis-server"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null
    apt-get install -qq --yes --no-install-recommends redis-server >/dev/null
    exit 0
fi
echo "The tests of what processes share need a Redis: install Debian's package redis-server." >&2
exit 1
