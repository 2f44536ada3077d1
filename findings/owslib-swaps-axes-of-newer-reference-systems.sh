#!/usr/bin/env bash
# OWSLib keeps its own list of the EPSG codes whose axes go north first, and the list has not grown with EPSG's: 573
# codes that PROJ knows are not in it, among them Japan's plane grids on JGD2011, Colombia's, Russia's and Ukraine's
# new ones, ETRF2000, and the ITRFs. For them it writes a box east first where a server of WMS 1.3.0 reads north
# first, and so asks for another place, mostly for an empty image. The same grid on Japan's older datum is
# right. Nothing is said; pyproj has the axes of all.
#
# Seen with OWSLib 0.35.0, pyproj 3.7.2 (EPSG 11.022), Python 3.11; a box of x -10000 to 0, y -40000 to -30000:
#   EPSG:2451 JGD2000 / Japan Plane Rectangular CS IX, north first: bbox=-40000,-10000,-30000,0
#   EPSG:6677 JGD2011 / Japan Plane Rectangular CS IX, north first: bbox=-10000,-40000,0,-30000
#   573 codes go north first and are not listed
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check owslib==0.35.0 pyproj==3.7.2
cat > "$folder/run.py" <<'PY'
import sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit
from owslib.crs import Crs
from owslib.wms import WebMapService
from pyproj import CRS
from pyproj.database import query_crs_info

asked = []


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        query = {name.lower(): value[0] for name, value in parse_qs(urlsplit(self.path).query).items()}
        asked.append(query)
        self.send_response(200)
        self.send_header("Content-Type", "image/png" if query["request"] == "GetMap" else "text/xml")
        self.end_headers()
        self.wfile.write(CAPABILITIES.format(self.server.server_port).encode())

    def log_message(self, *_):
        pass


CAPABILITIES = (
    '<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink">'
    "<Service><Name>WMS</Name><Title>Maps</Title></Service><Capability><Request>"
    "<GetCapabilities><Format>text/xml</Format></GetCapabilities>"
    "<GetMap><Format>image/png</Format><DCPType><HTTP><Get>"
    '<OnlineResource xlink:href="http://127.0.0.1:{}/"/></Get></HTTP></DCPType></GetMap></Request>'
    "<Layer><Title>Maps</Title><Layer><Name>radar</Name><Title>Radar</Title></Layer></Layer></Capability>"
    "</WMS_Capabilities>"
)
server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
service = WebMapService(f"http://127.0.0.1:{server.server_port}/", version="1.3.0")
seen = []
for code in (2451, 6677):
    box = (-10000, -40000, 0, -30000)
    service.getmap(layers=["radar"], srs=f"EPSG:{code}", bbox=box, size=(9, 9), format="image/png")
    system = CRS(code)
    seen.append((system.axis_info[0].direction, asked[-1]["bbox"]))
    print(f"EPSG:{code} {system.name}, {seen[-1][0]} first: bbox={seen[-1][1]}")
missing = 0
for info in query_crs_info("EPSG", ["PROJECTED_CRS", "GEOGRAPHIC_2D_CRS"]):
    north_first = [axis.direction for axis in CRS.from_epsg(info.code).axis_info][:2] == ["north", "east"]
    missing += north_first and Crs(f"urn:ogc:def:crs:EPSG::{info.code}").axisorder != "yx"
print(f"{missing} codes go north first and are not listed")
sys.exit(seen != [("north", "-40000,-10000,-30000,0"), ("north", "-10000,-40000,0,-30000")] or missing != 573)
PY
"$folder/venv/bin/python" "$folder/run.py"
