"""Files are sent in pieces: what is cut goes on, what is whole is a scene, the rest is refused."""

import base64
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.protocol.made import write_scene
from tests.protocol.server import CAN_FILL_DISK, TOKEN, Server
from tests.protocol.test_backend_access import error_of
from tests.support.tus import begin, offset_of, patch, send

BYTES = b"II*\0" * 50_000


@pytest.fixture(autouse=True)
def no_upload_stays(client: httpx.Client) -> Iterator[None]:
    yield
    for upload in client.get("/v1/uploads").json()["uploads"]:
        client.delete(f"/v1/uploads/{upload['id']}")
    assert not client.get("/v1/uploads").json()["uploads"]


def begun(client: httpx.Client, size: int = len(BYTES), name: str = "lake.tif") -> str:
    reply = begin(client, name, size)
    assert reply.status_code == 201, reply.text
    assert reply.headers["location"] == f"/v1/uploads/{reply.json()['id']}"
    return str(reply.json()["id"])


def test_a_file_that_was_sent_is_a_scene_by_its_path(
    client: httpx.Client, scene_file: Path
) -> None:
    sent = send(client, scene_file)
    assert Path(sent["path"]).read_bytes() == scene_file.read_bytes()
    reply = client.post("/v1/scenes", json={"path": sent["path"], "date": "2022-02-02"})
    assert reply.status_code == 201, reply.text
    found = reply.json()
    assert (found["name"], found["date"]) == ("lake_20240501", "2022-02-02")
    refused = client.delete(f"/v1/uploads/{sent['id']}")
    assert (refused.status_code, error_of(refused)["code"]) == (409, "scene_in_use")
    assert client.delete(f"/v1/scenes/{found['id']}").status_code == 204
    assert client.delete(f"/v1/uploads/{sent['id']}").status_code == 204
    assert not Path(sent["path"]).parent.exists()
    assert client.get(f"/v1/uploads/{sent['id']}").status_code == 404


def test_both_files_of_a_pair_lie_in_one_folder(client: httpx.Client, tmp_path: Path) -> None:
    vv, vh = (
        write_scene(tmp_path / f"lake_20240501_{band}.tif", bands=(band,)) for band in ("VV", "VH")
    )
    first = send(client, vv)
    alone = client.post("/v1/scenes", json={"path": first["path"]})
    assert error_of(alone)["code"] == "band_missing"
    send(client, vh, beside=first["id"])
    again = begin(client, vh.name.upper(), 10, beside=first["id"])
    assert (again.status_code, error_of(again)["code"]) == (422, "request_invalid")
    found = client.post("/v1/scenes", json={"path": first["path"]}).json()
    assert [Path(file).name for file in found["files"]] == [vv.name, vh.name]
    client.delete(f"/v1/scenes/{found['id']}")


def test_bytes_go_on_where_they_were(client: httpx.Client) -> None:
    upload = begun(client)
    assert offset_of(client, upload) == 0
    assert patch(client, upload, 0, BYTES[:70_000]).headers["Upload-Offset"] == "70000"
    assert offset_of(client, upload) == 70_000
    for wrong in (0, 69_999, 70_001, 10**9):
        reply = patch(client, upload, wrong, BYTES[70_000:])
        assert (reply.status_code, error_of(reply)["code"]) == (409, "upload_conflict")
    assert client.get(f"/v1/uploads/{upload}").json()["path"] is None
    assert patch(client, upload, 70_000, BYTES[70_000:], checksum=True).status_code == 204
    info = client.get(f"/v1/uploads/{upload}").json()
    assert (info["received"], info["bytes"]) == (len(BYTES), len(BYTES))
    assert Path(info["path"]).read_bytes() == BYTES
    assert patch(client, upload, len(BYTES), b"").status_code == 409


def test_what_came_before_a_cut_counts(client: httpx.Client) -> None:
    def broken() -> Iterator[bytes]:
        yield BYTES[:65_536]
        raise ConnectionAbortedError

    upload = begun(client)
    with pytest.raises(ConnectionAbortedError):
        patch(client, upload, 0, broken())
    received = offset_of(client, upload)
    assert 0 <= received <= 65_536
    assert patch(client, upload, received, BYTES[received:]).status_code == 204
    path = client.get(f"/v1/uploads/{upload}").json()["path"]
    assert Path(path).read_bytes() == BYTES


def test_a_piece_whose_checksum_is_another_does_not_count(client: httpx.Client) -> None:
    upload = begun(client)
    patch(client, upload, 0, BYTES[:100], checksum=True)
    digest = base64.b64encode(b"x" * 32).decode()
    reply = patch(client, upload, 100, BYTES[100:], Upload_Checksum=f"sha256 {digest}")
    assert (reply.status_code, error_of(reply)["code"]) == (460, "checksum_mismatch")
    assert offset_of(client, upload) == 100
    for odd in ("md5 x", "sha256", "sha256 *", f"crc32 {digest}"):
        reply = patch(client, upload, 100, b"x", Upload_Checksum=odd)
        assert (reply.status_code, error_of(reply)["code"]) == (
            (460, "checksum_mismatch") if odd == "sha256" else (422, "request_invalid")
        )
    assert patch(client, upload, 100, BYTES[100:], checksum=True).status_code == 204


def test_a_client_that_comes_back_ends_its_old_connection(
    server: Server, client: httpx.Client
) -> None:
    upload = begun(client)
    head = (
        f"PATCH /v1/uploads/{upload} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nUpload-Offset: 0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {len(BYTES)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as silent:
        silent.sendall(head.encode() + BYTES[:1000])
        while True:
            received = offset_of(client, upload)  # this ends the other
            if patch(client, upload, received, BYTES[received:]).status_code == 204:
                break
        assert silent.recv(12) == b"HTTP/1.1 409"


def test_of_two_that_send_at_once_one_is_told(client: httpx.Client) -> None:
    upload, goes_on = begun(client), threading.Event()

    def slowly() -> Iterator[bytes]:
        yield BYTES[:500]
        goes_on.wait(20)
        yield BYTES[500:]

    replies: list[httpx.Response] = []
    first = threading.Thread(target=lambda: replies.append(patch(client, upload, 0, slowly())))
    first.start()
    time.sleep(0.2)
    received = offset_of(client, upload)
    second = patch(client, upload, received, BYTES[received:])
    goes_on.set()
    first.join(20)
    assert (second.status_code, replies[0].status_code) == (204, 409)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.tif",
        "..\\evil.tif",
        "/etc/evil.tif",
        "C:evil.tif",
        "a/b.tif",
        "..",
        ".tif/..",
        "",
        "evil.vrt",
        "evil.tif\x00.vrt",
        "evil\n.tif",
        "x" * 300 + ".tif",
        "\u202etif.tif",
    ],
)
def test_a_file_cannot_choose_where_it_lies(client: httpx.Client, name: str) -> None:
    reply = begin(client, name, 4)
    assert (reply.status_code, error_of(reply)["code"]) == (422, "request_invalid")


@pytest.mark.parametrize("size", [4_000_001, 10**30, 0, -1])
def test_a_file_is_bounded_in_size(client: httpx.Client, size: int) -> None:
    reply = begin(client, "large.tif", size)
    assert (reply.status_code, error_of(reply)["code"]) == (413, "too_large")
    assert "4,000,000" in error_of(reply)["message"]


@pytest.mark.parametrize("known_size", [True, False])
def test_more_bytes_than_announced_are_refused(client: httpx.Client, known_size: bool) -> None:
    upload, body = begun(client, 10), b"x" * 5_000_000
    chunks = (body[i : i + 100_000] for i in range(0, len(body), 100_000))
    reply = patch(client, upload, 0, body if known_size else chunks)
    assert (reply.status_code, error_of(reply)["code"]) == (413, "too_large")
    assert offset_of(client, upload) == 0


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Upload-Metadata": "name bGFrZS50aWY="}, "request_invalid"),
        ({"Upload-Length": "4"}, "request_invalid"),
        ({"Upload-Length": "four", "Upload-Metadata": "name bGFrZS50aWY="}, "request_invalid"),
        ({"Upload-Length": "4", "Upload-Metadata": "name *"}, "request_invalid"),
        ({"Upload-Length": "4", "Upload-Metadata": "name //8="}, "request_invalid"),
        ({"Upload-Length": "4", "Upload-Metadata": "kind eA=="}, "request_invalid"),
        (
            {"Upload-Length": "4", "Upload-Metadata": "name bGFrZS50aWY=,beside eA=="},
            "upload_unknown",
        ),
    ],
)
def test_what_does_not_begin_an_upload_is_named(
    client: httpx.Client, headers: dict[str, str], code: str
) -> None:
    reply = client.post("/v1/uploads", headers=headers)
    assert error_of(reply)["code"] == code


def test_other_versions_and_kinds_are_refused(client: httpx.Client) -> None:
    upload = begun(client)
    reply = patch(client, upload, 0, b"x", Tus_Resumable="0.2.2")
    assert (reply.status_code, error_of(reply)["code"]) == (412, "version_unsupported")
    assert reply.headers["tus-version"] == reply.headers["tus-resumable"] == "1.0.0"
    reply = patch(client, upload, 0, b"x", Content_Type="image/tiff")
    assert reply.status_code == 415
    assert patch(client, "nothing", 0, b"x").status_code == 404
    known = client.options("/v1/uploads")
    assert known.status_code == 204
    assert known.headers["tus-extension"] == "creation,expiration,termination,checksum"
    assert known.headers["tus-max-size"] == "4000000"


def test_what_is_no_scene_is_explained(client: httpx.Client, scene_file: Path) -> None:
    whole = scene_file.read_bytes()
    for name, body in {"cut.tif": whole[: len(whole) // 50], "text.tif": b"no raster"}.items():
        upload = begun(client, len(body), name)
        patch(client, upload, 0, body)
        path = client.get(f"/v1/uploads/{upload}").json()["path"]
        reply = client.post("/v1/scenes", json={"path": path})
        assert (reply.status_code, error_of(reply)["code"]) == (422, "scene_unreadable"), name


@pytest.mark.skipif(not CAN_FILL_DISK, reason="needs prlimit")
def test_a_disk_that_runs_full_is_one_sentence_and_goes_on_when_there_is_room(
    server: Server, client: httpx.Client
) -> None:
    upload = begun(client)
    with server.disk_full_after(150_000):
        reply = patch(client, upload, 0, BYTES)
    assert (reply.status_code, error_of(reply)["code"]) == (507, "disk_full")
    received = offset_of(client, upload)
    assert received <= 150_000
    assert patch(client, upload, received, BYTES[received:]).status_code == 204
