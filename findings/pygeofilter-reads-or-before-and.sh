#!/usr/bin/env bash
# In SQL and in the grammars of CQL and CQL2, AND binds before OR. pygeofilter, which parses filters for catalogues in
# Python, joins conditions from left to right: "ascending OR descending AND HH" is "(ascending OR descending)
# AND HH", in CQL2 text and in ECQL. All its backends work on that tree, so the SQL of a database is wrong as
# well, parentheses and all. A filter that lists its AND first is right, which hides it; cql2 parses it as the
# standard does. Parentheses of one's own mend it.
#
# Seen with pygeofilter 0.4.0, lark 1.3.1, cql2 0.6.0, sqlite of Python 3.11; passes: ascending VV, descending HH:
#   orbit = 'ascending' OR orbit = 'descending' AND pol = 'HH'
#     SQLite: 2, cql2: 2, pygeofilter of CQL2 text: 1, of ECQL: 1
#     ((("orbit" = 'ascending') OR ("orbit" = 'descending')) AND ("pol" = 'HH'))
#   orbit = 'descending' AND pol = 'HH' OR orbit = 'ascending'
#     SQLite: 2, cql2: 2, pygeofilter of CQL2 text: 2, of ECQL: 2
#     ((("orbit" = 'descending') AND ("pol" = 'HH')) OR ("orbit" = 'ascending'))
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    pygeofilter==0.4.0 lark==1.3.1 cql2==0.6.0 shapely==2.2.0
cat > "$folder/run.py" <<'PY'
import sqlite3, sys
import cql2
from pygeofilter.backends.sql import to_sql_where
from pygeofilter.parsers import cql2_text, ecql

names = {"orbit": "orbit", "pol": "pol"}
passes = [("ascending", "VV"), ("descending", "HH")]
table = sqlite3.connect(":memory:")
table.execute("CREATE TABLE passes (orbit, pol)")
table.executemany("INSERT INTO passes VALUES (?, ?)", passes)


def found(where):
    return table.execute(f"SELECT count(*) FROM passes WHERE {where}").fetchone()[0]


seen = []
for text in (
    "orbit = 'ascending' OR orbit = 'descending' AND pol = 'HH'",
    "orbit = 'descending' AND pol = 'HH' OR orbit = 'ascending'",
):
    rust = sum(cql2.Expr(text).matches({"properties": dict(zip(names, one))}) for one in passes)
    where = [to_sql_where(parser.parse(text), names) for parser in (cql2_text, ecql)]
    seen.append((found(text), rust, *map(found, where)))
    print(text)
    print("  SQLite: {}, cql2: {}, pygeofilter of CQL2 text: {}, of ECQL: {}".format(*seen[-1]))
    print(f"  {where[0]}")
sys.exit(seen != [(2, 2, 1, 1), (2, 2, 2, 2)])
PY
"$folder/venv/bin/python" "$folder/run.py"
