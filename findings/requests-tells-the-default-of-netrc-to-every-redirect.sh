#!/usr/bin/env bash
# A `default` line of ~/.netrc is sent by requests to every host that a redirect leads to, although the
# first host has a line of its own: name and password of one login reach signed addresses of a storage
# elsewhere. (Storages such as Amazon S3 answer 400 then, since the address is signed already.)
# A token in the header Authorization of the session is replaced in the same way, without a word.
# A session with any `auth` of its own, and a `rebuild_auth` of its own, keeps to what is meant.
#
# Seen with requests 2.34.2, Python 3.11:
#   archive: me:mine, storage: everybody:everywhere
#   with a token in the session's headers: archive: me:mine, storage: everybody:everywhere
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check requests==2.34.2
cat > "$folder/netrc" <<'NETRC'
machine 127.0.0.3 login me password mine
default login everybody password everywhere
NETRC
cat > "$folder/run.py" <<'PY'
import base64, http.server, sys, threading
import requests

told = {}

def serve(name, host, target=""):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            told[name] = self.headers.get("Authorization")
            self.send_response(302 if target else 200)
            if target:
                self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *about):
            pass

    server = http.server.ThreadingHTTPServer((host, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://{host}:{server.server_port}/file.tif"

def words():
    return ", ".join(
        f"{name}: {base64.b64decode(header.split()[1]).decode()}" for name, header in told.items()
    )

archive = serve("archive", "127.0.0.3", serve("storage", "127.0.0.4") + "?Signature=abc")
requests.get(archive)
plain = words()
print(plain)
session = requests.Session()
session.headers["Authorization"] = "Bearer token"
session.get(archive)
token = words()
print("with a token in the session's headers:", token)
sys.exit(not plain == token == "archive: me:mine, storage: everybody:everywhere")
PY
NETRC="$folder/netrc" "$folder/venv/bin/python" "$folder/run.py"
