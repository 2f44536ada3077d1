#!/usr/bin/env bash
# pygeofilter's evaluator for Python objects, without a database, widens dates of an interval to the first and the last
# moment of their day. Of Python a datetime is a date as well, so intervals with times are widened too: what lies
# DURING 05:00 to 06:00 is all of the day, and AFTER it begins at the next midnight. A period as ECQL writes it
# (05:00 / PT2H) begins at midnight and ends at 02:00. T_INTERSECTS, the way to ask for an overlap, is
# never true, since two intervals have one relation and that one is none. Comparing with < and > is right.
#
# Seen with pygeofilter 0.4.0, lark 1.3.1, cql2 0.6.0, Python 3.11; passes at 00:30, 05:30 and 23:30:
#   T_DURING 05:00 to 06:00:      pygeofilter 00:30, 05:30, 23:30; cql2 05:30
#   T_AFTER 05:00 to 06:00:       pygeofilter none; cql2 23:30
#   T_INTERSECTS 05:00 to 06:00:  pygeofilter none; cql2 05:30
#   DURING 05:00 / PT2H:          pygeofilter 00:30
#   > 05:00 AND < 06:00:          pygeofilter 05:30; cql2 05:30
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    pygeofilter==0.4.0 lark==1.3.1 cql2==0.6.0 shapely==2.2.0
cat > "$folder/run.py" <<'PY'
import sys
from datetime import datetime
import cql2
from pygeofilter.backends.native.evaluate import NativeEvaluator
from pygeofilter.parsers import cql2_text, ecql

day = "2024-05-09T"
times = [f"{day}{time}:00Z" for time in ("00:30", "05:30", "23:30")]
interval = f"INTERVAL('{day}05:00:00Z','{day}06:00:00Z')"
bounds = ((">", "05:00"), ("<", "06:00"))
between = " AND ".join(f"datetime {sign} TIMESTAMP('{day}{time}:00Z')" for sign, time in bounds)


def shown(kept):
    return ", ".join(time[11:16] for time in kept) or "none"


def by_pygeofilter(tree):
    matches = NativeEvaluator(use_getattr=False).evaluate(tree)
    return shown(time for time in times if matches({"datetime": datetime.fromisoformat(time)}))


def by_cql2(text):
    return shown(time for time in times if cql2.Expr(text).matches({"properties": {"datetime": time}}))


seen = {}
for name in ("T_DURING", "T_AFTER", "T_INTERSECTS"):
    ours = by_pygeofilter(cql2_text.parse(f"datetime {name} {interval}"))
    seen[f"{name} 05:00 to 06:00"] = ours, by_cql2(f"{name}(datetime, {interval})")
seen["DURING 05:00 / PT2H"] = (by_pygeofilter(ecql.parse(f"datetime DURING {day}05:00:00Z / PT2H")),)
seen["> 05:00 AND < 06:00"] = by_pygeofilter(cql2_text.parse(between)), by_cql2(between)
for name, found in seen.items():
    print(f"{name + ':':29} pygeofilter {found[0]}" + "".join(f"; cql2 {one}" for one in found[1:]))
right = "05:30"
wrong = [("00:30, 05:30, 23:30", right), ("none", "23:30"), ("none", right), ("00:30",)]
sys.exit([*seen.values()] != [*wrong, (right, right)])
PY
"$folder/venv/bin/python" "$folder/run.py"
