#!/usr/bin/env bash
# icechunk 1.1.21 writes its warnings to the standard output, among what a program answers there: a
# command that prints JSON prints no JSON once it has made or opened a local repository to write.
# `icechunk.set_logs_filter("error")` keeps it quiet.
#
# Seen with icechunk 1.1.21, zarr 3.1.6, Python 3.11 and 3.13:
#   4 lines on the standard output, the last is {"answer": 1}; the first holds "WARN" and
#   "The LocalFileSystem storage is not safe for concurrent commits"
#   with set_logs_filter("error"): 1 line
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check icechunk==1.1.21 zarr==3.1.6
cat > "$folder/make.py" <<'PY'
import sys, icechunk
if sys.argv[2:]:
    icechunk.set_logs_filter(sys.argv[2])
icechunk.Repository.create(icechunk.local_filesystem_storage(sys.argv[1]))
print('{"answer": 1}')
PY
"$folder/venv/bin/python" "$folder/make.py" "$folder/a" > "$folder/loud" 2>/dev/null
"$folder/venv/bin/python" "$folder/make.py" "$folder/b" error > "$folder/quiet" 2>/dev/null
echo "$(grep -c '' "$folder/loud") lines on the standard output; with set_logs_filter: $(grep -c '' "$folder/quiet")"
grep -q "LocalFileSystem storage is not safe for concurrent commits" "$folder/loud"
[[ $(tail -n 1 "$folder/loud") == '{"answer": 1}' && $(cat "$folder/quiet") == '{"answer": 1}' ]]
