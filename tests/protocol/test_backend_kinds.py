"""A kind of job is one file: put where the kinds are, it is taken, followed and described."""

import json
from pathlib import Path

import httpx

from tests.protocol.server import TOKEN, start_server

# In a fork the service is there already, with the kinds that it had; here it is imported anew.
LAUNCH = """
import sys
for name in [name for name in sys.modules if name.startswith("backend.service")]:
    del sys.modules[name]
from backend.service import kinds
kinds.__path__.append(sys.argv.pop(1))
from backend import commands, serve
commands.run(serve.app)
"""

COUNT = '''
"""Jobs that count letters."""

from typing import Literal

from backend.errors import PhraseInvalid
from backend.service.kinds import Checked, Kind, KindRequest, KindResult
from backend.service.schemas import ResultFile


class CountRequest(KindRequest):
    """Count the letters of a text."""

    kind: Literal["count"]
    text: str


class CountResult(KindResult):
    """How many there are of each."""

    kind: Literal["count"] = "count"
    letters: dict[str, int]
    files: list[ResultFile]


def check(request, context):
    if not request.text:
        raise PhraseInvalid("The text is empty.", "Type one.")
    return Checked()


def run(request, context, folder, progress):
    for position, _ in enumerate(request.text):
        progress("Counting", position, len(request.text))
    (folder / "text.txt").write_text(request.text)
    letters = {letter: request.text.count(letter) for letter in request.text}
    file = ResultFile(name="text.txt", bytes=len(request.text), media_type="text/plain")
    return CountResult(letters=letters, files=[file])


KIND = Kind(CountRequest, CountResult, check, run)
'''


def test_a_kind_is_added_by_one_file(tmp_path: Path) -> None:
    (tmp_path / "more" / "kinds").mkdir(parents=True)
    (tmp_path / "more" / "kinds" / "count.py").write_text(COUNT)
    launch = ("-c", LAUNCH, str(tmp_path / "more" / "kinds"))
    server = start_server(tmp_path / "home", launch=launch)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=server.address, headers=headers, timeout=60) as client:
        refused = client.post("/v1/jobs", json={"kind": "count", "text": ""})
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "phrase_invalid")
        unknown = client.post("/v1/jobs", json={"kind": "sum"}).json()["error"]["message"]
        known_kinds = "accuracy, alignment, count, describe, evaluation, fetch, probe, training"
        assert f"the kinds are {known_kinds}" in unknown

        job = client.post("/v1/jobs", json={"kind": "count", "text": "radar"}).json()
        assert (job["kind"], job["request"]) == ("count", {"kind": "count", "text": "radar"})
        with client.stream("GET", f"/v1/jobs/{job['id']}/events") as events:
            lines = [line for line in events.iter_lines() if line.startswith("data:")]
        ended = json.loads(lines[-1].removeprefix("data: "))
        assert (ended["state"], ended["error"]) == ("done", None)
        assert ended["result"] == {
            "kind": "count",
            "letters": {"r": 2, "a": 2, "d": 1},
            "files": [{"name": "text.txt", "bytes": 5, "media_type": "text/plain"}],
        }
        assert client.get(f"/v1/jobs/{job['id']}/files/text.txt").text == "radar"
        assert client.get("/v1/jobs").json()["jobs"][0] == ended

        document = client.get("/v1/openapi.json").json()
    assert server.stop() == 0
    schemas = document["components"]["schemas"]
    assert set(schemas["CountRequest"]["properties"]) == {"kind", "text"}
    known = {"$ref": "#/components/schemas/CountRequest"}
    assert known in schemas["Job"]["properties"]["request"]["oneOf"]
    body = document["paths"]["/v1/jobs"]["post"]["requestBody"]["content"]["application/json"]
    assert known in body["schema"]["oneOf"]
