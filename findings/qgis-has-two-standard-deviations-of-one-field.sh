#!/usr/bin/env bash
# QGIS divides by n for the standard deviation of a field in its basic statistics and by category, as it does of
# pixels in zones, and by n - 1 in the expression stdev() and so in the algorithm Aggregate and in labels: 22 %
# more for three numbers, and nothing in a name tells which. One NaN among the numbers of a memory layer makes
# their mean NaN, and quartiles and medians that look right and are not: they are taken of numbers that were
# sorted with a NaN among them, change with the order of rows, and may be the wrong way round.
#
# Seen with QGIS 3.22.16 of Debian 12; dB -9, -12, -18:
#   basic statistics 3.74, by category 3.74, stdev() 4.58, Aggregate 4.58
#   -9 nan -30 -12 -8 -14: mean nan, median nan, quartiles -9.0 to -12.0, range -3.0
#   -30 -14 -12 -9 -8 nan: mean nan, median -10.5, quartiles -14.0 to -8.0, range 6.0
#   nan -8 -9 -12 -14 -30: mean nan, median -13.0, quartiles -30.0 to -9.0, range 21.0
#   without it:            mean -14.6, median -12.0, quartiles -14.0 to -9.0, range 5.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/run.py" <<'PY'
import os, sys

sys.path.insert(0, "/usr/share/qgis/python/plugins")
from qgis.core import QgsApplication, QgsExpression, QgsFeature, QgsVectorLayer

app = QgsApplication([], False)
app.initQgis()
import processing
from processing.core.Processing import Processing

Processing.initialize()


def fields_of(values):
    layer = QgsVectorLayer("NoGeometry?field=db:double(0,0)&field=all:integer", "fields", "memory")
    for value in values:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([value, 1])
        layer.dataProvider().addFeature(feature)
    return layer


def by_expression(layer, text):
    return QgsExpression(text).evaluate(layer.createExpressionContext())


def by_processing(layer):
    return processing.run("qgis:basicstatisticsforfields", {"INPUT_LAYER": layer, "FIELD_NAME": "db"})


three = fields_of([-9, -12, -18])
groups = processing.run("qgis:statisticsbycategories", {
    "INPUT": three, "VALUES_FIELD_NAME": "db", "CATEGORIES_FIELD_NAME": ["all"], "OUTPUT": "memory:",
})["OUTPUT"]
aggregate = {"aggregate": "stdev", "input": '"db"', "name": "stdev", "type": 6, "length": 0, "precision": 0}
joined = processing.run("native:aggregate", {
    "INPUT": three, "GROUP_BY": "NULL", "AGGREGATES": [{**aggregate, "delimiter": ""}], "OUTPUT": "memory:",
})["OUTPUT"]
spread = [
    f"{value:.2f}" for value in (
        by_processing(three)["STD_DEV"], next(groups.getFeatures())["stddev"],
        by_expression(three, 'stdev("db")'), next(joined.getFeatures())["stdev"],
    )
]
print("basic statistics {}, by category {}, stdev() {}, Aggregate {}".format(*spread))
nan = float("nan")
numbers = [-9, -30, -12, -8, -14]
seen = []
for values in ([-9, nan, *numbers[1:]], [*sorted(numbers), nan], [nan, *sorted(numbers)[::-1]], numbers):
    found = by_processing(fields_of(values))
    said = "mean {MEAN}, median {MEDIAN}, quartiles {FIRSTQUARTILE} to {THIRDQUARTILE}, range {IQR}".format(**found)
    name = " ".join(map(str, values)) if nan in values else "without it"
    print(f"{name + ':':22} {said}")
    seen.append(said)
sys.stdout.flush()
os._exit(spread != ["3.74", "3.74", "4.58", "4.58"] or seen != [
    "mean nan, median nan, quartiles -9.0 to -12.0, range -3.0",
    "mean nan, median -10.5, quartiles -14.0 to -8.0, range 6.0",
    "mean nan, median -13.0, quartiles -30.0 to -9.0, range 21.0",
    "mean -14.6, median -12.0, quartiles -14.0 to -9.0, range 5.0",
])
PY
QT_QPA_PLATFORM=offscreen "${PYTHON_QGIS:-/usr/bin/python3}" "$folder/run.py" 2>/dev/null
