#!/usr/bin/env bash
# icechunk 2 needs Python 3.12, so pip gives Python 3.11 icechunk 1.1.21 without a word. A repository
# that icechunk 2.3.0 makes by its defaults has format 2, and 1.1.21 refuses it; the other way round
# works. dClimate's published store of Tessera 1.1 has format 2, so Python 3.11 cannot read it.
#
# Seen with icechunk 1.1.21 and 2.3.0, zarr 3.1.6, both on Python 3.13:
#   made by 2.3.0, read by 1.1.21: this repository uses Icechunk v2 format, please upgrade the icechunk library
#   made by 1.1.21, read by 2.3.0: [0, 1, 2]
#   icechunk 2.3.0 requires Python >=3.12
# Needs Python 3.12 or newer: PYTHON=python3.12 names one.
set -euo pipefail
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for version in 1.1.21 2.3.0; do
    "$python" -m venv "$folder/$version"
    "$folder/$version/bin/pip" install -q --disable-pip-version-check "icechunk==$version" zarr==3.1.6
done
cat > "$folder/make.py" <<'PY'
import sys, icechunk, numpy as np, zarr
repository = icechunk.Repository.create(icechunk.local_filesystem_storage(sys.argv[1]))
session = repository.writable_session("main")
zarr.create_group(session.store).create_array("a", data=np.arange(3))
session.commit("three numbers")
PY
cat > "$folder/read.py" <<'PY'
import sys, icechunk, zarr
try:
    repository = icechunk.Repository.open(icechunk.local_filesystem_storage(sys.argv[1]))
    print(zarr.open_group(repository.readonly_session("main").store, mode="r")["a"][:].tolist())
except icechunk.IcechunkError as error:
    print(str(error).strip(" x\n").splitlines()[0])
PY
run() { "$folder/$1/bin/python" "$folder/$2.py" "$folder/of-$3" 2>/dev/null; }
run 2.3.0 make new
run 1.1.21 make old >/dev/null
old_reads_new=$(run 1.1.21 read new | tail -n 1 ) || true
new_reads_old=$(run 2.3.0 read old | tail -n 1)
needs=$("$folder/2.3.0/bin/python" -c 'from importlib.metadata import metadata; print(metadata("icechunk")["Requires-Python"])')
echo "made by 2.3.0, read by 1.1.21: $old_reads_new"
echo "made by 1.1.21, read by 2.3.0: $new_reads_old"
echo "icechunk 2.3.0 requires Python $needs"
[[ $old_reads_new == *"uses Icechunk v2 format"* && $new_reads_old == "[0, 1, 2]" && $needs == ">=3.12" ]]
