#!/usr/bin/env bash
# Runs a command with its temporary files in memory, where there is room for them: the databases of tests wait for the
# disk half of the time, and need not survive a loss of power.
set -u

room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
if [ "${room:-0}" -lt 6000000 ] || [ -n "${TMPDIR:-}" ]; then
  exec "$@"
fi
folder=$(mktemp -d /dev/shm/tests.XXXX)
trap 'rm -rf "$folder"' EXIT
chmod 1777 "$folder" # PostgreSQL runs as somebody else
TMPDIR=$folder "$@"
