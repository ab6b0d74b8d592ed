#!/usr/bin/env bash
# The browser tests drive Debian's Chromium: install it where we may, otherwise say what to install.
set -euo pipefail

if [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== installing chromium"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null
    apt-get install -qq --yes --no-install-recommends chromium >/dev/null
    exit 0
fi
echo "The browser tests need Chromium: install Debian's package chromium, or name another with CHROMIUM=/path/to/it." >&2
exit 1
