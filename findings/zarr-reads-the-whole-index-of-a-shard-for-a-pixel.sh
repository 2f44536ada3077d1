#!/usr/bin/env bash
# For every window of a sharded array zarr reads the whole index of each shard anew, and keeps none of
# it. In the layout of Tessera's plain stores (shards of 4096 x 4096 in chunks of 32 x 32) that is 262,148
# bytes for a pixel, its chunk of some 20 bytes beside it, and as much again for the next one; from a
# host every window pays it for each array. A store that keeps the ends of files spares it.
#
# Seen with zarr 3.1.6, Python 3.11 and 3.13:
#   pixel 1: 262169 bytes in 2 reads
#   pixel 2: 262169 bytes in 2 reads
#   pixel 3: 262169 bytes in 2 reads
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check zarr==3.1.6 numpy==2.3.5
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np, zarr
from zarr.storage import LocalStore, WrapperStore

class Counting(WrapperStore):
    reads = []

    async def get(self, key, prototype, byte_range=None):
        value = await super().get(key, prototype, byte_range)
        if value is not None:
            self.reads.append(len(value))
        return value

path = sys.argv[1] + "/s.zarr"
array = zarr.create_array(path, shape=(4096, 4096), chunks=(32, 32), shards=(4096, 4096),
                          dtype="float32", fill_value=np.inf)
array[:64, :64] = 1
array = zarr.open_array(Counting(LocalStore(path)), mode="r")
seen = []
for pixel in (1, 2, 3):
    Counting.reads.clear()
    assert array[pixel, pixel] == 1
    seen.append(sum(Counting.reads))
    print(f"pixel {pixel}: {seen[-1]} bytes in {len(Counting.reads)} reads")
sys.exit(not all(bytes_read > 262_148 for bytes_read in seen))
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
