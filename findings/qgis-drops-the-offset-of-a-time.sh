#!/usr/bin/env bash
# GDAL reads the times of a vector file with their offsets; QGIS drops those and takes each time for one of the
# computer's own zone. So 07:30+02:00 is two hours later than 05:30Z, which is the same moment, in GeoJSON,
# FlatGeobuf and GeoPackage: passes are sorted and filtered wrongly, and before 06:00Z only one is found. Their seconds
# since 1970 depend on who looks: in Tokyo both are nine hours too early. Two times that an expression reads
# keep their offsets and are still not equal.
#
# Seen with QGIS 3.22.16 of Debian 12, GDAL 3.6.2:
#   UTC: 07:30+02:00 is 2 h after 05:30Z; before 06:00Z: [1]; 05:30Z is 0 h off
#   Asia/Tokyo: 07:30+02:00 is 2 h after 05:30Z; before 06:00Z: [1]; 05:30Z is -9 h off
#   of an expression: equal False, in UTC 05:30 and 05:30
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/run.py" <<'PY'
import json, os, sys
from osgeo import gdal
from qgis.core import QgsApplication, QgsExpression, QgsFeatureRequest, QgsVectorLayer

app = QgsApplication([], False)
app.initQgis()
gdal.UseExceptions()
times = {1: "2024-05-09T05:30:00Z", 2: "2024-05-09T07:30:00+02:00"}
place = {"type": "Point", "coordinates": [10, 50]}
source = f"{sys.argv[1]}/passes.geojson"
with open(source, "w") as file:
    json.dump({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"pass": number, "begin": time}, "geometry": place}
        for number, time in times.items()
    ]}, file)
seen = set()
for form, end in (("GeoJSON", "geojson"), ("FlatGeobuf", "fgb"), ("GPKG", "gpkg")):
    path = f"{sys.argv[1]}/passes.{end}"
    if path != source:
        gdal.VectorTranslate(path, source, format=form)
    layer = QgsVectorLayer(path, form, "ogr")
    begin = {row["pass"]: row["begin"].toSecsSinceEpoch() for row in layer.getFeatures()}
    early = QgsFeatureRequest().setFilterExpression("\"begin\" < to_datetime('2024-05-09T06:00:00Z')")
    off = begin[1] - 1715232600
    seen.add((begin[2] - begin[1], str([row["pass"] for row in layer.getFeatures(early)]), off))
assert len(seen) == 1, seen
apart, early, off = seen.pop()
zone = os.environ["TZ"]
print(f"{zone}: 07:30+02:00 is {apart // 3600} h after 05:30Z; before 06:00Z: {early}; 05:30Z is {off // 3600} h off")
equal = QgsExpression(" = ".join(f"to_datetime('{time}')" for time in times.values())).evaluate()
read = [QgsExpression(f"to_datetime('{time}')").evaluate().toUTC().toString("HH:mm") for time in times.values()]
if zone != "UTC":
    print(f"of an expression: equal {bool(equal)}, in UTC {' and '.join(read)}")
sys.stdout.flush()
os._exit((apart, early, off, equal, read) != (7200, "[1]", int(sys.argv[2]), 0, ["05:30", "05:30"]))
PY
export QT_QPA_PLATFORM=offscreen
for zone in "UTC 0" "Asia/Tokyo -32400"; do
    mkdir "$folder/${zone%%[/ ]*}"
    TZ=${zone% *} "${PYTHON_QGIS:-/usr/bin/python3}" "$folder/run.py" "$folder/${zone%%[/ ]*}" "${zone#* }" 2>/dev/null
done
