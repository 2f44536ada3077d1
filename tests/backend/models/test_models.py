"""Published weights are shown, fetched whole or not at all, and compared; nothing else fetches."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from backend import query
from backend.encoders import load_encoder
from backend.errors import ConfigInvalid, DiskFull, DownloadFailed, WeightsMissing
from backend.io.http import Client, RetryPolicy
from backend.models.__main__ import app
from backend.models.disk import look, verify
from backend.models.pull import Pull, fetch, fetch_file, plan_pull
from backend.models.release import PublishedFile, Release
from backend.models.table import find_weights, list_weights
from backend.progress import silent
from backend.text import load_text_encoder
from scripts.samples.clip import write_clip, write_ms_clip
from scripts.samples.siglip2 import write_siglip2
from scripts.samples.weights import write_betaearth, write_dinov2, write_vit
from tests.support import hub_server
from tests.support.hub_server import COMMIT, Fault, Hub, serving, status
from tests.support.killing import finish, kill
from tests.support.rasters import speckled, write_raster

DINO = "dinov2-s1"
FILE = "model.safetensors"
HASTY = RetryPolicy(silence_s=0.3, tries=4, backoff_s=0.001, longest_wait_s=3600)


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Small weights in the published layouts, with files beside them that nobody needs."""
    root = tmp_path_factory.mktemp("hub")
    for size in ("s", "l"):
        write_vit(root / "ssl4eo" / f"B2_vit{size}16_mae_ep99_enc.pth", width=128)
    write_betaearth(root / "beta" / "model.pt")
    write_dinov2(root / "dino")
    (root / "dino" / "pytorch_model.bin").write_bytes(b"a pickle")
    (root / "dino" / "README.md").write_text("about")
    write_siglip2(root / "siglip", shard_size="12MB")
    write_clip(root / "clip", pickled=True)
    (root / "clip" / "flax_model.msgpack").write_bytes(b"for others")
    write_ms_clip(root / "ms")
    return {
        "openai/clip-vit-base-patch16": root / "clip",
        "ibm-esa-geospatial/Llama3-MS-CLIP-base": root / "ms",
        "wangyi111/SSL4EO-S12": root / "ssl4eo",
        "asterisk-labs/betaearth-segformer-film-robust": root / "beta",
        "facebook/dinov2-large": root / "dino",
        "google/siglip2-base-patch16-384": root / "siglip",
    }


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path / "home"


@pytest.fixture
def hub(repositories: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving(repositories) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub


def run(*arguments: str, typed: str = "") -> str:
    done = CliRunner().invoke(app, list(arguments), input=typed)
    assert done.exit_code in (0, 1) and not isinstance(done.exception, Exception), done.output
    return done.output


def pull(name: str) -> None:
    fetch(plan_pull(find_weights(name), silent, HASTY), silent, HASTY)


def put(home: Path, hub: Hub, *names: str) -> Path:
    """Copies of DINOv2's published files where a user puts them."""
    folder = home / "models" / DINO
    folder.mkdir(parents=True)
    for name in names:
        published = hub.repositories["facebook/dinov2-large"] / name
        (folder / name).write_bytes(published.read_bytes())
    return folder


# What is fetched


@pytest.mark.parametrize("name", ["ssl4eo-s1", "ssl4eo-s1-vits16", "betaearth-s1", DINO])
def test_a_missing_encoder_names_the_command_that_brings_it(name: str, hub: Hub) -> None:
    with pytest.raises(WeightsMissing) as caught:
        load_encoder(name, device="cpu")
    assert f"python -m backend.models pull {name}." in caught.value.remedy
    run("pull", name, "--yes")
    assert load_encoder(name, device="cpu").spec.name == name
    assert look(find_weights(name)).state == "present"


def test_a_missing_text_encoder_names_it_too_and_shards_come_together(hub: Hub) -> None:
    with pytest.raises(WeightsMissing) as caught:
        load_text_encoder("siglip2-base")
    assert "python -m backend.models pull siglip2-base;" in caught.value.remedy
    run("pull", "siglip2-base", "--yes")
    assert load_text_encoder("siglip2-base", device="cpu").embed(["water"]).shape == (1, 768)
    assert len(hub.ranges("model-00001-of-00002.safetensors")) == 1


def test_an_encoder_with_a_text_tower_brings_both(hub: Hub, home: Path) -> None:
    pull("clip-vitb16")
    here = {file.name for file in (home / "models" / "clip-vitb16").iterdir()}
    assert here == {"config.json", "tokenizer.json", "pytorch_model.bin", "published.json"}
    pull("ms-clip")
    for encoder, text in (("clip-rgb", "clip-vitb16"), ("ms-clip", "ms-clip")):
        dim = load_encoder(encoder, device="cpu").spec.dim
        assert load_text_encoder(text, device="cpu").embed(["a lake"]).shape == (1, dim)


def test_what_is_fetched_is_shown_before_and_asked_for(hub: Hub, home: Path) -> None:
    said = run("pull", DINO, typed="n\n")
    assert "Licence: Apache-2.0" in said and "in 2 files" in said
    assert f"{hub.address}/facebook/dinov2-large/tree/{COMMIT}" in said
    assert str(home / "models" / DINO) in said
    assert not any(path.startswith("/cdn/") for path, _ in hub.asked)
    assert look(find_weights(DINO)).state == "absent"
    assert "is whole" in run("pull", DINO, typed="y\n")


def test_only_what_the_model_needs_is_fetched(hub: Hub, home: Path) -> None:
    pull(DINO)
    there = {path.name for path in (home / "models" / DINO).iterdir()}
    assert there == {"config.json", FILE, "published.json"}
    assert not any("partial" in path.suffix for path in (home / "models").iterdir())


def test_what_is_here_is_not_fetched_again_and_what_was_put_here_is_compared(
    hub: Hub, home: Path
) -> None:
    folder = put(home, hub, "config.json", FILE)
    assert "nothing is known to compare it with" in run("check", DINO)
    assert "0 bytes to come" in run("pull", DINO)
    assert hub.ranges(FILE) == []
    assert (folder / "published.json").is_file()
    assert run("check", DINO) == f"{DINO}: present\n"


def test_every_row_says_what_a_user_must_know() -> None:
    assert len({weights.name for weights in list_weights()}) == len(list_weights()) == 20
    for weights in list_weights():
        assert weights.size and weights.licence and weights.repository.count("/") == 1
    said = run("list")
    assert all(weights.name in said and weights.licence in said for weights in list_weights())


# Faults of the way


FAULTS: dict[str, Fault] = {
    "the line is cut": hub_server.cut,
    "the host stalls": hub_server.stall,
    "the host sends all again": hub_server.ignore_range,
    "the host announces more than it sends": hub_server.announce_more,
    "the host announces less than it sends": hub_server.announce_less,
    "the host sends more than is published": hub_server.send_more,
    "the host sends another part": hub_server.shift,
    "the host sends other bytes": hub_server.garble,
    "the host is overloaded": status(503),
    "the host asks to wait": status(429, Retry_After="0"),
    "the host knows no such range": status(416),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_one_fault_is_outlasted(fault: Fault, hub: Hub, home: Path) -> None:
    hub.faults = [None, hub_server.cut, fault]  # of the configuration, and then of the weights
    pull(DINO)
    assert verify(find_weights(DINO), silent).state == "present"
    assert load_encoder(DINO, device="cpu")


QUICK = [name for name in FAULTS if name != "the host stalls"]


@settings(max_examples=30)
@given(faults=st.lists(st.sampled_from([None, *QUICK]), max_size=6), stop=st.integers(0, 70_000))
def test_whatever_happens_a_transfer_brings_the_file_or_keeps_what_came(
    faults: list[str | None], stop: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    body = bytes(range(256)) * 256
    (folder / "w.bin").write_bytes(body)
    part = folder / "part"
    part.write_bytes(body[:stop])
    came = [min(stop, len(body))]
    with serving({"a/b": folder}) as hub:
        hub.faults = [FAULTS[name] if name else None for name in faults]
        try:
            fetch_file(f"{hub.address}/cdn/a/b/w.bin", len(body), part, Client(HASTY), came.append)
        except DownloadFailed:
            assert part.stat().st_size < len(body)
        else:
            assert part.stat().st_size == len(body)
            if "the host sends other bytes" not in faults:
                assert part.read_bytes() == body
    assert sum(came) == part.stat().st_size


@pytest.mark.parametrize("code", [401, 403, 404])
def test_a_refusal_is_final_and_says_which_file(code: int, hub: Hub) -> None:
    hub.faults = [None, status(code)]
    with pytest.raises(DownloadFailed, match=rf"{FILE} cannot be fetched .*: HTTP {code}"):
        pull(DINO)
    assert len(hub.ranges(FILE)) == 1
    assert look(find_weights(DINO)).state == "absent"


def test_a_host_that_fails_for_long_is_left_and_a_later_run_goes_on(hub: Hub) -> None:
    hub.faults = [None, hub_server.cut, *[status(503)] * HASTY.tries]
    with pytest.raises(DownloadFailed, match="HTTP 503") as caught:
        pull(DINO)
    assert "run the same command again" in caught.value.remedy
    assert "have come" in run("list")
    came = len(hub.ranges(FILE))
    hub.faults = []
    pull(DINO)
    size = (hub.repositories["facebook/dinov2-large"] / FILE).stat().st_size
    assert hub.ranges(FILE)[came:] == [f"bytes={size // 2}-"]


def test_a_host_that_wants_hours_is_not_waited_for(hub: Hub) -> None:
    hub.faults = [None, status(503, Retry_After="36000")]
    with pytest.raises(DownloadFailed, match=r"HTTP 503, come back in 10\.0 h"):
        pull(DINO)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk here")
def test_a_disk_that_fills_is_no_fault_of_the_way(hub: Hub) -> None:
    size = (hub.repositories["facebook/dinov2-large"] / FILE).stat().st_size
    url = f"{hub.address}/cdn/facebook/dinov2-large/{FILE}"
    with pytest.raises(DiskFull, match="became full while /dev/full was written"):
        fetch_file(url, size, Path("/dev/full"), Client(HASTY), lambda size: None)


def test_other_bytes_than_are_published_are_never_put_in_place(hub: Hub, home: Path) -> None:
    hub.faults = [None, hub_server.garble, hub_server.garble]
    with pytest.raises(DownloadFailed, match=f"{FILE} came with other bytes"):
        pull(DINO)
    assert not (home / "models" / DINO).exists()


def test_a_killed_fetch_goes_on_where_it_was(hub: Hub, home: Path) -> None:
    hub.faults = [None, hub_server.stall]
    command = ("-m", "backend.models", "pull", DINO, "--yes")
    size = (hub.repositories["facebook/dinov2-large"] / FILE).stat().st_size

    def half_there() -> bool:
        parts = (home / "models" / f".{DINO}.partial").glob(f"{FILE}.*")
        return any(part.stat().st_size == size // 2 for part in parts)

    assert kill(*command, when=half_there)
    assert look(find_weights(DINO)).state == "absent"
    assert "is whole" in finish(*command)
    assert hub.ranges(FILE) == ["", f"bytes={size // 2}-"]
    assert hub.ranges("config.json") == [""]
    assert verify(find_weights(DINO), silent).state == "present"


# What is refused before anything is fetched


def test_a_full_disk_is_told_before_anything_is_fetched() -> None:
    huge = PublishedFile(FILE, 10**18, f"sha256:{'0' * 64}")
    planned = Pull(find_weights(DINO), Release("a/b", COMMIT, (huge,)), (huge,))
    with pytest.raises(DiskFull, match=r"needs 1,000,000,000\.1 GB; .* GB left"):
        fetch(planned)


def test_two_processes_do_not_fetch_the_same(hub: Hub, home: Path) -> None:
    planned = plan_pull(find_weights(DINO), silent, HASTY)
    (home / "models").mkdir(parents=True)
    with (
        FileLock(home / "models" / f".{DINO}.lock"),
        pytest.raises(DownloadFailed, match="is being fetched by another process"),
    ):
        fetch(planned, silent, HASTY)
    assert hub.ranges(FILE) == []


@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_offline_nothing_is_asked(variable: str, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(ConfigInvalid, match=f"{variable} is set"):
        plan_pull(find_weights(DINO))
    assert hub.asked == []


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ConfigInvalid, match=r"ssl4eo-s1, .*siglip2-giant"):
        find_weights("ssl4eo")


NO_HASH = {"sha": COMMIT, "siblings": [{"rfilename": "config.json", "size": 3}]}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"<html>Log in</html>", "is not a list of files"),
        (b"[]", "is not a list of files"),
        (b'{"sha": "main", "siblings": []}', "is not a list of files"),
        (json.dumps(NO_HASH).encode(), "is not a list of files"),
        (json.dumps(NO_HASH | {"siblings": []}).encode(), r"has no config\.json at 47b73eef"),
    ],
)
def test_an_answer_that_is_none_is_one_sentence(answer: bytes, said: str, hub: Hub) -> None:
    hub.answer = answer
    with pytest.raises(DownloadFailed, match=said):
        plan_pull(find_weights(DINO), silent, HASTY)


def test_a_name_that_leads_elsewhere_is_not_fetched(hub: Hub) -> None:
    listing = hub.listing("google/siglip2-base-patch16-384")
    evil = {"rfilename": "model/../../../evil.safetensors", "size": 1, "blobId": "0" * 40}
    hub.answer = json.dumps(listing | {"siblings": [*listing["siblings"], evil]}).encode()
    planned = plan_pull(find_weights("siglip2-base"), silent, HASTY)
    assert not any("evil" in file.name for file in planned.release.files)


# What is here


def test_a_flipped_bit_is_found_named_and_mended(hub: Hub, home: Path) -> None:
    pull(DINO)
    path = home / "models" / DINO / FILE
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    assert look(find_weights(DINO)).state == "present"  # names and lengths are right
    said = CliRunner().invoke(app, ["check"])
    assert said.exit_code == 1
    assert said.output == f"{DINO}: damaged; {FILE} is not what was published\n"
    assert f"Not what is published, and replaced: {FILE}" in run("pull", DINO, "--yes")
    assert run("check") == f"{DINO}: present\n"
    assert len(hub.ranges("config.json")) == 1


def test_a_short_or_missing_file_is_seen_without_reading(hub: Hub, home: Path) -> None:
    pull(DINO)
    path = home / "models" / DINO / FILE
    path.write_bytes(path.read_bytes()[:-1])
    assert look(find_weights(DINO)).state == "damaged"
    path.unlink()
    assert look(find_weights(DINO)).problem == f"{FILE} is missing"
    assert look(find_weights(DINO)).state == "incomplete"


def test_a_damaged_record_is_no_record(hub: Hub, home: Path) -> None:
    pull(DINO)
    (home / "models" / DINO / "published.json").write_text('{"files": [{"name": "../x"}]}')
    assert "nothing is known to compare it with" in verify(find_weights(DINO), silent).problem


def test_a_query_never_fetches(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*about: object) -> None:
        raise AssertionError("a connection was made")

    scene = write_raster(tmp_path / "scene.tif", speckled(60, 60))
    monkeypatch.setattr(socket.socket, "connect", refuse)
    asked = [str(scene), "water", "--encoder", DINO, "-o", str(tmp_path / "map.tif")]
    done = CliRunner().invoke(query.app, asked)
    assert isinstance(done.exception, WeightsMissing)
    with pytest.raises(WeightsMissing):
        load_text_encoder("siglip2-giant").embed(["water"])
