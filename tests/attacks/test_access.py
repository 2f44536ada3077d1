"""Token and Host: nobody asks without the token, nor under another name, however it is written."""

import socket

import httpx
import pytest

from tests.protocol.server import TOKEN, Server

HEADERS = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer  ",
    "Bearer\t",
    "Bearer wrong",
    f"Bearer {TOKEN[:-1]}",
    f"Bearer {TOKEN}x",
    f"Bearer {TOKEN},{TOKEN}",
    f"Bearer {TOKEN} {TOKEN}",
    f"Bearer {TOKEN.upper()}",
    f"Bearer {TOKEN[::-1]}",
    f'Bearer "{TOKEN}"',
    f"Bearer {TOKEN}\\0",
    f"Bearer%20{TOKEN}",
    f"Bearer:{TOKEN}",
    f"Bearer={TOKEN}",
    f"Basic {TOKEN}",
    f"Digest {TOKEN}",
    f"Token {TOKEN}",
    TOKEN,
    f" {TOKEN}",
    "null",
    "Bearer null",
    "Bearer undefined",
    "Bearer *",
    "Bearer " + "a" * 4000,
    "Bearer \xe9\xff",
]
PLACES = [
    ("/v1/jobs?token={}", {}),
    ("/v1/jobs?access_token={}", {}),
    ("/v1/jobs?Authorization=Bearer%20{}", {}),
    ("/v1/jobs#{}", {}),
    ("/v1/jobs", {"Cookie": "token={}"}),
    ("/v1/jobs", {"X-Token": "{}"}),
    ("/v1/jobs", {"X-Api-Key": "{}"}),
    ("/v1/jobs", {"Proxy-Authorization": "Bearer {}"}),
    ("/v1/jobs", {"X-Forwarded-Authorization": "Bearer {}"}),
]
PATHS = [
    "/v1/health/../jobs",
    "/v1/health/%2e%2e/jobs",
    "/v1/health%2f..%2fjobs",
    "/v1//jobs",
    "//v1/jobs",
    "/V1/jobs",
    "/v1/jobs/",
    "/v1/jobs;/v1/health",
    "/v1/jobs?/v1/health",
    "/v1/jobs%3f/v1/health",
    "/v1/./jobs",
    "/v1/health\\..\\jobs",
]
HOSTS = [
    "",
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1:{port}.evil.example",
    "127.0.0.1:{port}@evil.example",
    "evil.example@127.0.0.1:{port}",
    "localhost.evil.example:{port}",
    "127.0.0.1.evil.example:{port}",
    "127.1:{port}",
    "2130706433:{port}",
    "0x7f000001:{port}",
    "0.0.0.0:{port}",
    "[::]:{port}",
    "[::ffff:127.0.0.1]:{port}",
    "localhost:{port}, evil.example",
    "localhost :{port}",
    "localhost:0{port}",
    "*",
]


def status_of(server: Server, head: str) -> int:
    """Send a request as it is, and return the status of its reply; 0 where there is none."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head.encode("latin-1") + b"Connection: close\r\n\r\n")
        reply = connection.recv(100).split(b" ")
        return int(reply[1]) if len(reply) > 1 else 0


def test_no_other_header_is_the_token(server: Server) -> None:
    for header in HEADERS:
        head = f"GET /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        assert status_of(server, f"{head}Authorization: {header}\r\n") in (400, 401), header
    head = f"GET /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
    assert status_of(server, f"{head}Authorization: Bearer {TOKEN}\r\n") == 200


def test_a_token_elsewhere_does_not_count(server: Server) -> None:
    for path, headers in PLACES:
        stated = {name: value.format(TOKEN) for name, value in headers.items()}
        reply = httpx.get(server.address + path.format(TOKEN), headers=stated)
        assert reply.status_code == 401, (path, headers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "PUT", "TRACE", "MAGIC"])
def test_no_method_goes_without_the_token(server: Server, method: str) -> None:
    assert httpx.request(method, f"{server.address}/v1/jobs").status_code == 401


def test_no_spelling_of_a_path_goes_without_the_token(server: Server) -> None:
    for path in PATHS:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        assert status_of(server, head) in (400, 401, 404), path


def test_no_other_host_is_answered(server: Server) -> None:
    for host in HOSTS:
        for path in ("/v1/jobs", "/v1/health"):
            head = f"GET {path} HTTP/1.1\r\nHost: {host.format(port=server.port)}\r\n"
            status = status_of(server, f"{head}Authorization: Bearer {TOKEN}\r\n")
            assert status in (400, 421), (host, path)
    for name in ("X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host"):
        head = f"GET /v1/jobs HTTP/1.1\r\nHost: evil.example\r\n{name}: localhost:{server.port}\r\n"
        assert status_of(server, f"{head}Authorization: Bearer {TOKEN}\r\n") == 421
