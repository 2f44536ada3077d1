#!/usr/bin/env bash
# Makes or completes .venv, the backend's environment. PYTHON=/path/to/python overrides the search.
set -euo pipefail
cd "$(dirname "$0")/.."

fits() {
    command -v "$1" >/dev/null &&
        "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
            2>/dev/null
}

find_python() { # prints the first Python that fits
    local python
    for python in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        if [ -n "$python" ] && fits "$python"; then
            echo "$python"
            return
        fi
    done
    return 1
}

if [ "${1:-}" = --check ]; then # whether it could be made now
    find_python >/dev/null
    exit
fi
if ! .venv/bin/python -c "import pip" 2>/dev/null; then
    python=$(find_python) || {
        echo "No Python 3.11, 3.12 or 3.13 with its venv module was found." \
            "Install one (on Debian: apt-get install python3-venv) or run: make PYTHON=/path/to/python" >&2
        exit 1
    }
    "$python" -m venv --clear .venv
fi
# Modules are compiled when they are first imported: most of torch never is.
echo "Installing the backend into .venv (about 2 GB, some minutes)."
.venv/bin/python -m pip install --no-compile --quiet --disable-pip-version-check -c constraints.txt -e '.[demo,stac,tessera,cluster,objects,fast,metrics,corpora,adapters,dev]'
