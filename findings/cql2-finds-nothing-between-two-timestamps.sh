#!/usr/bin/env bash
# cql2 compares times as instants with =, < and >, in any spelling and with any offset. BETWEEN and IN it
# does not: a STAC item of 05:30 is never BETWEEN TIMESTAMP 05:00 and TIMESTAMP 06:00, nor IN its own time, and
# NOT BETWEEN finds every item. No error is shown, so a search for the passes of a day is empty.
# Two properties are compared letter by letter, so an acquisition that ends half a second after it
# begins has not: "05:30:00.5Z" < "05:30:00Z". With strings in place of TIMESTAMP, BETWEEN works.
#
# Seen with cql2 0.6.0, Python 3.11:
#   datetime >= TIMESTAMP('2024-05-09T07:00:00+02:00'): True
#   datetime BETWEEN TIMESTAMP('2024-05-09T05:00:00Z') AND TIMESTAMP('2024-05-09T06:00:00Z'): False
#   datetime BETWEEN '2024-05-09T05:00:00Z' AND '2024-05-09T06:00:00Z': True
#   datetime IN (TIMESTAMP('2024-05-09T05:30:00Z')): False
#   end_datetime > start_datetime: False
#   T_AFTER(end_datetime, start_datetime): True
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check cql2==0.6.0
cat > "$folder/run.py" <<'PY'
import sys
import cql2

item = {
    "type": "Feature", "stac_version": "1.1.0", "id": "pass", "geometry": None, "assets": {}, "links": [],
    "properties": {
        "datetime": "2024-05-09T05:30:00Z",
        "start_datetime": "2024-05-09T05:30:00Z",
        "end_datetime": "2024-05-09T05:30:00.5Z",
    },
}
expected = {
    "datetime >= TIMESTAMP('2024-05-09T07:00:00+02:00')": True,
    "datetime BETWEEN TIMESTAMP('2024-05-09T05:00:00Z') AND TIMESTAMP('2024-05-09T06:00:00Z')": False,
    "datetime BETWEEN '2024-05-09T05:00:00Z' AND '2024-05-09T06:00:00Z'": True,
    "datetime IN (TIMESTAMP('2024-05-09T05:30:00Z'))": False,
    "end_datetime > start_datetime": False,
    "T_AFTER(end_datetime, start_datetime)": True,
}
seen = {text: cql2.Expr(text).matches(item) for text in expected}
for text, found in seen.items():
    print(f"{text}: {found}")
sys.exit(seen != expected)
PY
"$folder/venv/bin/python" "$folder/run.py"
