"""Sends files to the service as any tus client does."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx

Data = bytes | Iterator[bytes]


def begin(client: httpx.Client, name: str, size: int, **more: str) -> httpx.Response:
    """Begin an upload; `more` goes into its metadata, such as `beside`."""
    pairs = {"name": name, **more}
    words = [f"{k} {base64.b64encode(v.encode()).decode()}".strip() for k, v in pairs.items()]
    headers = {"Upload-Length": str(size), "Upload-Metadata": ",".join(words)}
    return client.post("/v1/uploads", headers={**headers, "Tus-Resumable": "1.0.0"})


def patch(
    client: httpx.Client,
    upload: str,
    offset: int,
    data: Data,
    checksum: bool = False,
    **more: str,
) -> httpx.Response:
    """Send bytes, or what yields them, from `offset` on; `more` are headers."""
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
    }
    if checksum:
        assert isinstance(data, bytes)
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        headers["Upload-Checksum"] = f"sha256 {digest}"
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return client.patch(f"/v1/uploads/{upload}", content=data, headers=headers)


def offset_of(client: httpx.Client, upload: str) -> int:
    """Ask how many bytes of an upload have come."""
    reply = client.head(f"/v1/uploads/{upload}", headers={"Tus-Resumable": "1.0.0"})
    assert reply.status_code == 200
    return int(reply.headers["Upload-Offset"])


def send(client: httpx.Client, file: Path, **more: str) -> dict[str, str]:
    """Send a whole file; return what the service says of the upload."""
    begun = begin(client, file.name, file.stat().st_size, **more)
    assert begun.status_code == 201, begun.text
    identity = begun.json()["id"]
    reply = patch(client, identity, 0, file.read_bytes(), checksum=True)
    assert reply.status_code == 204, reply.text
    return dict(client.get(f"/v1/uploads/{identity}").json())
