#!/usr/bin/env bash
# Makes or completes .venv-qgis, the plugin's test environment on QGIS's own Python. Installs QGIS on
# Debian and Ubuntu where it is missing. QGIS_PYTHON=/path/to/python overrides the search.
set -euo pipefail
cd "$(dirname "$0")/.."

find_python() { # prints the Python that QGIS's bindings belong to
    local python
    for python in "${QGIS_PYTHON:-}" /usr/bin/python3 python3 \
        /Applications/QGIS*.app/Contents/MacOS/bin/python3; do
        if [ -n "$python" ] && "$python" -c 'import qgis.core, venv, ensurepip' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    return 1
}

has_screen() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || command -v Xvfb >/dev/null; }

install_qgis() {
    local root=()
    if [ "$(id -u)" != 0 ]; then root=(sudo); fi
    if ! command -v apt-get >/dev/null || { [ ${#root[@]} -gt 0 ] && ! command -v sudo >/dev/null; }; then
        echo "QGIS 3.22 or newer with its Python bindings was not found." \
            "Install it from your system's packages (or run: make QGIS_PYTHON=/path/to/its/python)." >&2
        exit 1
    fi
    echo "Installing QGIS with apt-get (some minutes)."
    "${root[@]}" apt-get update -qq </dev/null >/dev/null
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
        qgis python3-qgis qgis-providers python3-venv xvfb fonts-dejavu-core </dev/null >/dev/null
}

if ! find_python >/dev/null || ! has_screen; then install_qgis; fi
python=$(find_python) || {
    echo "QGIS is installed, but no Python on this machine can import its bindings (qgis.core)." \
        "Run: make QGIS_PYTHON=/path/to/its/python" >&2
    exit 1
}
if ! .venv-qgis/bin/python -c 'import pip, qgis.core' 2>/dev/null; then
    "$python" -m venv --clear --system-site-packages .venv-qgis
fi
echo "Installing the plugin's test tools into .venv-qgis."
.venv-qgis/bin/python -m pip install --no-compile --quiet --disable-pip-version-check -r constraints-qgis.txt
