#!/usr/bin/env bash
# Makes or completes .venv, the backend's environment. PYTHON=/path/to/python overrides the search.
set -euo pipefail
cd "$(dirname "$0")/.."

fits() {
    command -v "$1" >/dev/null &&
        "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
            2>/dev/null
}

if ! .venv/bin/python -c "import pip" 2>/dev/null; then
    for python in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 ""; do
        if [ -n "$python" ] && fits "$python"; then break; fi
    done
    if [ -z "$python" ]; then
        echo "No Python 3.11, 3.12 or 3.13 with its venv module was found." \
            "Install one (on Debian: apt-get install python3-venv) or run: make PYTHON=/path/to/python" >&2
        exit 1
    fi
    "$python" -m venv --clear .venv
fi
echo "Installing the backend into .venv (about 2 GB, some minutes)."
.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[demo,stac,tessera,dev]'
