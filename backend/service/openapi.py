"""Print the contract: `python -m backend.service.openapi > docs/openapi.json`."""

import json
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from backend.service.app import create_app
from backend.service.service import Service
from backend.service.settings import Settings

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.json"


def contract() -> str:
    """Return the OpenAPI document as it is kept in docs/openapi.json."""
    with TemporaryDirectory() as state:
        settings = Settings(token="unused", state=Path(state))
        with closing(Service(settings)) as service:
            document = create_app(service).openapi()
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(contract())
