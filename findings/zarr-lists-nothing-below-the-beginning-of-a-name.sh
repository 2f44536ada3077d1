#!/usr/bin/env bash
# zarr's stores promise with list_prefix "all keys that begin with a given prefix". In memory that holds;
# in a folder and in object storage a prefix must end where a name ends: "a/c/1" lists neither a/c/1, which
# is there, nor a/c/10, and getsize_prefix says 0 bytes. What was tried in memory finds nothing elsewhere,
# without an error. A prefix that ends with a slash is listed alike by all three.
#
# Seen with zarr 3.1.6, obstore 0.12.1, Python 3.11:
#   MemoryStore: ['a/c/1', 'a/c/10', 'a/c/11'], 3 bytes; 13 keys below a/
#   LocalStore: [], 0 bytes; 13 keys below a/
#   ObjectStore: [], 0 bytes; 13 keys below a/
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check zarr==3.1.6 numpy==2.3.5 obstore==0.12.1
cat > "$folder/run.py" <<'PY'
import sys
import obstore.store, zarr
from zarr.core.sync import sync
from zarr.storage import LocalStore, MemoryStore, ObjectStore

seen = {}
for store in (MemoryStore(), LocalStore(sys.argv[1] + "/store"),
              ObjectStore(obstore.store.MemoryStore())):
    array = zarr.create_array(store, name="a", shape=(12,), chunks=(1,), dtype="int8", compressors=None)
    array[:] = 1

    async def keys(prefix):
        return sorted([key async for key in store.list_prefix(prefix)])

    name = type(store).__name__
    seen[name] = sync(keys("a/c/1"))
    print(f"{name}: {seen[name]}, {sync(store.getsize_prefix('a/c/1'))} bytes; "
          f"{len(sync(keys('a/')))} keys below a/")
    assert sync(store.exists("a/c/1")) and len(sync(keys("a/"))) == 13
wanted = {"MemoryStore": ["a/c/1", "a/c/10", "a/c/11"], "LocalStore": [], "ObjectStore": []}
sys.exit(seen != wanted)
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
