"""Who may talk to the backend, and what a request that leads nowhere is told."""

import json
import socket
import time

import httpx
import pytest

from tests.protocol.server import TOKEN, Server

ROUTES = [
    ("GET", "/v1/capabilities"),
    ("GET", "/v1/openapi.json"),
    ("GET", "/v1/scenes"),
    ("POST", "/v1/scenes"),
    ("GET", "/metrics"),
    ("GET", "/v1/uploads"),
    ("POST", "/v1/uploads"),
    ("OPTIONS", "/v1/uploads"),
    ("PATCH", "/v1/uploads/x"),
    ("DELETE", "/v1/uploads/x"),
    ("GET", "/v1/scenes/x"),
    ("DELETE", "/v1/scenes/x"),
    ("POST", "/v1/estimates"),
    ("POST", "/v1/jobs"),
    ("GET", "/v1/jobs"),
    ("GET", "/v1/jobs/x"),
    ("DELETE", "/v1/jobs/x"),
    ("GET", "/v1/jobs/x/events"),
    ("GET", "/v1/jobs/x/files/y"),
    ("GET", "/v1/nothing"),
]


def error_of(reply: httpx.Response) -> dict[str, str]:
    """The reply's error, after checking that it has the one shape of all errors."""
    assert reply.headers["content-type"] == "application/json"
    body = reply.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "remedy"}
    assert body["error"]["message"].endswith((".", ")"))
    return dict(body["error"])


def test_health_needs_no_token(server: Server) -> None:
    reply = httpx.get(f"{server.address}/v1/health")
    assert reply.status_code == 200
    assert reply.json()["device"]["memory_total"] > 0


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN],
)
def test_everything_else_needs_the_token(
    server: Server, method: str, path: str, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    reply = httpx.request(method, server.address + path, headers=headers)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert error_of(reply)["code"] == "unauthorized"


def test_a_token_of_odd_bytes_is_only_wrong(server: Server) -> None:
    headers = {b"Authorization": b"Bearer \xff\xfe\xe9"}
    reply = httpx.get(f"{server.address}/v1/jobs", headers=headers)
    assert reply.status_code == 401


@pytest.mark.parametrize("path", ["/v1/health", "/v1/jobs"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""]
)
def test_a_request_for_another_host_is_refused(
    server: Server, client: httpx.Client, path: str, host: str
) -> None:
    reply = client.get(path, headers={"Host": host.format(port=server.port)})
    assert reply.status_code == 421
    assert error_of(reply)["code"] == "host_refused"


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1"])
def test_loopback_names_with_the_port_are_answered(
    server: Server, client: httpx.Client, name: str
) -> None:
    reply = client.get("/v1/jobs", headers={"Host": f"{name}:{server.port}"})
    assert reply.status_code == 200


def test_a_web_page_elsewhere_is_given_no_leave(client: httpx.Client) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    reply = client.options("/v1/jobs", headers=headers)
    assert reply.status_code == 405
    replies = [reply, client.get("/v1/jobs", headers=headers)]
    assert not [name for r in replies for name in r.headers if name.startswith("access-control")]


def test_the_server_does_not_say_what_it_is_made_of(client: httpx.Client) -> None:
    assert "server" not in client.get("/v1/jobs").headers
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


def test_an_unknown_path_and_a_wrong_method_are_explained(client: httpx.Client) -> None:
    missing = client.get("/v1/nothing/here")
    assert missing.status_code == 404
    assert "/v1/nothing/here" in error_of(missing)["message"]
    wrong = client.put("/v1/jobs")
    assert wrong.status_code == 405
    assert "PUT" in error_of(wrong)["message"]
    assert "POST" in error_of(wrong)["message"]


@pytest.mark.parametrize(
    ("content", "kind", "status", "words"),
    [
        (b"", "application/json", 422, "no body"),
        (b"{", "application/json", 422, "not valid JSON"),
        (b'{"path": "/a"}', "text/plain", 422, "Content-Type"),
        (b"[1, 2]", "application/json", 422, "body"),
        (b"[" * 100_000, "application/json", 400, "cannot be read"),
        (b"\xff\xfe\x00", "application/json", 400, "cannot be read"),
        (b'{"path": "\\ud800"}', "application/json", 422, "half a character"),
        (b'{"path": "/a", "dn_offset_db": NaN}', "application/json", 422, "dn_offset_db"),
        (b'{"path": "/a", "\\ud800": 1}', "application/json", 422, "half a character"),
    ],
)
def test_a_body_that_is_no_message_is_explained(
    client: httpx.Client, content: bytes, kind: str, status: int, words: str
) -> None:
    reply = client.post("/v1/scenes", content=content, headers={"Content-Type": kind})
    assert reply.status_code == status, reply.text
    assert words in error_of(reply)["message"]


def test_a_message_larger_than_any_area_is_refused_however_it_is_sent(
    client: httpx.Client,
) -> None:
    body = json.dumps({"path": "x" * 9 * 1024**2}).encode()
    chunks = (body[i : i + 65536] for i in range(0, len(body), 65536))
    for content in (body, chunks):
        reply = client.post(
            "/v1/scenes", content=content, headers={"Content-Type": "application/json"}
        )
        assert reply.status_code == 413
        assert error_of(reply)["code"] == "too_large"


def test_the_token_is_nowhere_in_the_log(server: Server, client: httpx.Client) -> None:
    client.get("/v1/nothing", headers={"X-Odd": "1"})
    httpx.get(f"{server.address}/v1/jobs", headers={"Authorization": "Bearer wrong-token"})
    assert TOKEN not in server.log.read_text()
    assert "wrong-token" not in server.log.read_text()


def test_a_client_that_sends_no_http_does_not_disturb_others(
    server: Server, client: httpx.Client
) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as strange:
        strange.sendall(b"\x16\x03\x01\x02\x00 hello \x00\r\n\r\n")
        time.sleep(0.1)
        assert client.get("/v1/jobs").status_code == 200
