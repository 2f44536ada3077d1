"""Ranges of a file are the same from this disk and from a host, however they are joined."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.io import ranges
from backend.io.http import Client, RetryPolicy
from backend.io.ranges import ByteSource, LocalFile, RemoteFile, join_spans
from tests.support.range_server import Host, serve
from tests.support.stac_server import serving, status

DATA = bytes(range(256)) * 40


class HostFailed(Exception):
    pass


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    root = tmp_path_factory.mktemp("host")
    (root / "data.bin").write_bytes(DATA)
    with serve(root) as host:
        yield host


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    client = Client(RetryPolicy(tries=2, silence_s=0.5, backoff_s=0.01))
    yield client
    client.close()


def remote(host: Host, client: Client) -> RemoteFile:
    url = f"{host.address}/data.bin"
    return RemoteFile(url, "data.bin", client, lambda error: HostFailed(str(error)))


@pytest.fixture(params=["local", "remote"])
def source(request: pytest.FixtureRequest, host: Host, client: Client) -> ByteSource:
    return remote(host, client) if request.param == "remote" else LocalFile(host.root / "data.bin")


def test_a_source_has_a_size_and_ranges_that_may_go_beyond_its_end(source: ByteSource) -> None:
    assert (source.name, source.size) == ("data.bin", len(DATA))
    assert source.read(250, 260) == DATA[250:260]
    assert source.read(len(DATA) - 3, len(DATA) + 100) == DATA[-3:]
    spans = [(10, 20), (5000, 5001), (7, 7), (0, 3), (12, 15)]
    assert source.read_many(spans) == [DATA[start:stop] for start, stop in spans]


def test_near_spans_are_one_request_and_long_ones_several(
    host: Host, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "GAP", 100)
    monkeypatch.setattr(ranges, "LONGEST", 1000)
    assert join_spans([(300, 310), (0, 200), (311, 320), (500, 600)]) == [(0, 320), (500, 600)]
    assert join_spans([(0, 600), (600, 1200), (1200, 1300)]) == [(0, 600), (600, 1300)]
    before = len(host.asked)
    remote(host, client).read_many([(0, 10), (50, 60), (5000, 5010)])
    assert sorted(host.asked[before:])[0][1:] == (0, 60) and len(host.asked) == before + 2


@settings(max_examples=200)
@given(
    bounds=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 900)), max_size=12),
    gap=st.integers(0, 500),
    longest=st.integers(1, 2000),
)
def test_joined_spans_cover_each_span(
    bounds: list[tuple[int, int]], gap: int, longest: int
) -> None:
    spans = [(start, start + length) for start, length in bounds]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "GAP", gap)
        patch.setattr(ranges, "LONGEST", longest)
        joined = join_spans(spans)
    parts = [DATA[start:stop] for start, stop in joined]
    for start, stop in spans:
        assert ranges._cut((start, stop), joined, parts) == DATA[start:stop]


def test_a_file_that_changes_while_it_is_read_is_refused(host: Host, client: Client) -> None:
    file = remote(host, client)
    assert file.size == len(DATA)
    host.fault = lambda path, start, before: "longer file"
    try:
        with pytest.raises(HostFailed, match="it changed while it was read"):
            file.read(1, 2)
    finally:
        host.fault = lambda path, start, before: ""


@pytest.mark.parametrize("renewed", [True, False])
def test_an_address_that_is_refused_is_signed_again(client: Client, renewed: bool) -> None:
    """The host of this test knows `/new` alone."""

    class Signer:
        asked = 0

        def signed(self, url: str) -> str:
            self.asked += 1
            return url if self.asked == 1 else url.replace("old", "new")

        def refused(self, address: str) -> bool:
            return renewed

    with serving() as server:
        server.files["/new.bin"] = DATA
        server.files["/old.bin"] = DATA
        server.scripts["/old.bin"] = [status(403)] * 9
        file = RemoteFile(
            f"{server.url}/old.bin", "x", client, lambda error: HostFailed(str(error)), Signer()
        )
        if renewed:
            assert file.read(0, 10) == DATA[:10]
        else:
            with pytest.raises(HostFailed, match="HTTP 403"):
                file.read(0, 10)
            assert server.asked_for("/old") == 1
