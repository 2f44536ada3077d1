#!/usr/bin/env bash
# geocube burns a column of dates as numbers, says "seconds from 1970" in `units`, and advises pandas.to_datetime()
# for the way back. The numbers are nanoseconds or, since pandas 3 keeps text as microseconds, microseconds. Taken
# as seconds, no date of this century comes out; by the advice, a pass of May 2024 was on 20 January 1970. A
# field without a date holds -9.2e18, the number of "not a time", beside a _FillValue of 0, so nothing masks
# it and it is the earliest date of all. Naming the column in datetime_measurements gives nanoseconds.
#
# Seen with geocube 0.7.1, pandas 3.1.1, geopandas 1.2.0, rioxarray 0.19.0, Python 3.11; "2024-05-09 05:00" and none:
#   a column of dates:      1715230800000000.0, by pandas 1970-01-20; none -9.223372036854776e+18, fill 0
#   datetime_measurements:  1.7152308e+18, by pandas 2024-05-09; none -9.223372036854776e+18, fill 0
#   units of both:          seconds from 1970-01-01T00:00:00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    geocube==0.7.1 pandas==3.1.1 geopandas==1.2.0 rioxarray==0.19.0 odc-geo==0.5.3 xarray==2026.9.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import logging, sys, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import geopandas, pandas
from geocube.api.core import make_geocube
from shapely.geometry import box

fields = geopandas.GeoDataFrame(geometry=[box(0, 0, 20, 20), box(20, 0, 40, 20)], crs="EPSG:32633")
fields["seen"] = pandas.to_datetime(["2024-05-09T05:00:00", None])
seen, units = [], set()
for name, options in (("a column of dates", {}), ("datetime_measurements", {"datetime_measurements": ["seen"]})):
    burnt = make_geocube(fields.copy(), measurements=["seen"], resolution=(-10, 10), **options)["seen"]
    date, none = float(burnt[0, 0]), float(burnt[0, -1])
    seen.append((date, str(pandas.to_datetime(date).date()), none, burnt.attrs["_FillValue"]))
    units.add(burnt.attrs["units"])
    print("{:23} {}, by pandas {}; none {}, fill {}".format(name + ":", *seen[-1]))
print(f"{'units of both:':23}", *units)
least = -9.223372036854776e18
expected = [(1.7152308e15, "1970-01-20", least, 0), (1.7152308e18, "2024-05-09", least, 0)]
sys.exit(seen != expected or units != {"seconds from 1970-01-01T00:00:00"})
PY
"$folder/venv/bin/python" "$folder/run.py"
