"""The contract: `python -m backend.service.openapi > docs/openapi.json`, or `--check` it."""

import json
import sys
from contextlib import closing
from pathlib import Path

from backend.service.app import create_app
from backend.service.settings import Settings
from backend.service.state import State

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.json"


def contract() -> str:
    """The OpenAPI document as it is kept in docs/openapi.json."""
    with closing(State(Settings(token="unused"))) as state:
        return json.dumps(create_app(state).openapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Print the contract, or with --check say whether docs/openapi.json is up to date."""
    if sys.argv[1:] != ["--check"]:
        sys.stdout.write(contract())
    elif CONTRACT.read_text(encoding="utf-8") != contract():
        sys.exit(f"{CONTRACT.name} is stale: python -m backend.service.openapi > docs/openapi.json")


if __name__ == "__main__":
    main()
