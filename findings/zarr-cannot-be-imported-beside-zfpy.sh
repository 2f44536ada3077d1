#!/usr/bin/env bash
# zfpy's current release is 1.0.1.post0, and numcodecs, which offers ZFP in zarr, splits its version at dots
# and takes each part for a whole number. So "import zarr", which imports numcodecs, fails in every
# environment that has zfpy, whoever brought it and whether or not an array uses ZFP; and with it the
# opening of any store by xarray. Nothing of ZFP's or zarr's requirements warns pip. zfpy==1.0.1 works.
#
# Seen with zarr 3.1.6, numcodecs 0.16.6, Python 3.11:
#   without zfpy:           zarr 3.1.6
#   zfpy 1.0.1:             zarr 3.1.6
#   zfpy 1.0.1.post0:       ValueError: invalid literal for int() with base 10: 'post0'
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
pip() { "$folder/venv/bin/pip" install -q --disable-pip-version-check "$@"; }
cat > "$folder/run.py" <<'PY'
try:
    import zarr
    print("zarr", zarr.__version__)
except ValueError as error:
    print(f"ValueError: {error}")
PY
check() { # WHAT EXPECTED
    found=$("$folder/venv/bin/python" "$folder/run.py")
    printf '%-23s %s\n' "$1:" "$found"
    [ "$found" = "$2" ]
}
pip zarr==3.1.6 numcodecs==0.16.6 numpy==2.3.5
check "without zfpy" "zarr 3.1.6"
pip zfpy==1.0.1
check "zfpy 1.0.1" "zarr 3.1.6"
pip zfpy==1.0.1.post0
check "zfpy 1.0.1.post0" "ValueError: invalid literal for int() with base 10: 'post0'"
