#!/usr/bin/env bash
# A column that the SQL of a QGIS virtual layer computes has the type of its value in the first row. Where that is a
# whole number, as of coalesce(dB, 0) over a field without data, the column is an integer: the layer still shows
# -11.7, and Execute SQL of Processing, like any export of the layer, writes -12. Where it is NULL the column is
# text, sorted by letters. The same rows in another order are right, and nothing is said. The field alone,
# cast(... AS real), or /*:real*/ behind the name keeps the fractions.
#
# Seen with QGIS 3.22.16 of Debian 12; dB of three fields: none, -11.7, -12.4, and in reverse order:
#   coalesce(db, 0) AS x:            int8 0 -12 -12; reversed double -12.4 -11.7 0
#   db + 0 AS x:                     string NULL -11.7 -12.4; reversed double -12.4 -11.7 NULL
#   db AS x:                         double NULL -11.7 -12.4; reversed double -12.4 -11.7 NULL
#   coalesce(db, 0) AS x /*:real*/:  double 0 -11.7 -12.4; reversed double -12.4 -11.7 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/run.py" <<'PY'
import os, sys

sys.path.insert(0, "/usr/share/qgis/python/plugins")
from qgis.core import NULL, QgsApplication, QgsFeature, QgsVectorLayer

app = QgsApplication([], False)
app.initQgis()
import processing
from processing.core.Processing import Processing

Processing.initialize()


def fields_of(values):
    layer = QgsVectorLayer("NoGeometry?field=db:double", "fields", "memory")
    for value in values:
        feature = QgsFeature(layer.fields())
        feature["db"] = value
        layer.dataProvider().addFeature(feature)
    return layer


def computed(column, values):
    made = processing.run("qgis:executesql", {
        "INPUT_DATASOURCES": [fields_of(values)], "INPUT_QUERY": f"SELECT {column} FROM input1",
        "INPUT_GEOMETRY_TYPE": 1, "OUTPUT": "memory:",
    })["OUTPUT"]
    rows = ("NULL" if row["x"] == NULL else f"{float(row['x']):g}" for row in made.getFeatures())
    return " ".join([made.fields()[0].typeName(), *rows])


values = [NULL, -11.7, -12.4]
seen = {}
for column in ("coalesce(db, 0) AS x", "db + 0 AS x", "db AS x", "coalesce(db, 0) AS x /*:real*/"):
    seen[column] = computed(column, values), computed(column, values[::-1])
    print(f"{column + ':':32} {seen[column][0]}; reversed {seen[column][1]}")
sys.stdout.flush()
os._exit([first for first, _ in seen.values()] != [
    "int8 0 -12 -12", "string NULL -11.7 -12.4", "double NULL -11.7 -12.4", "double 0 -11.7 -12.4",
] or {last for _, last in seen.values()} != {"double -12.4 -11.7 0", "double -12.4 -11.7 NULL"})
PY
QT_QPA_PLATFORM=offscreen "${PYTHON_QGIS:-/usr/bin/python3}" "$folder/run.py" "$folder" 2>/dev/null
