"""The JSON of requests, checked as a whole before anything of it is looked at.

Python reads more than JSON has: half characters, which no reply can hold, and values without end,
each of which would become an error of its own.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

MOST_VALUES = 2000
"""Values of one message, an area apart, whose corners are counted where it is read."""

AREA = "aoi"


class BoundedRequest(Request):
    """A request whose JSON is bounded."""

    async def json(self) -> Any:
        """Return the body's value.

        Raises:
            HTTPException: it is not Unicode, or has too many values.
        """
        if not hasattr(self, "_json"):
            try:
                self._json = json.loads((await self.body()).decode())
                require_text(self._json)
            except UnicodeDecodeError:
                raise HTTPException(400, "it is not UTF-8") from None
            except UnicodeEncodeError:
                raise HTTPException(422, "it holds half a character") from None
            if count_values(self._json) > MOST_VALUES:
                raise HTTPException(422, f"it has more than {MOST_VALUES:,} values")
        return self._json


class BoundedRoute(APIRoute):
    """A route whose requests are bounded."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of requests."""
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            return await handle(BoundedRequest(request.scope, request.receive))

        return bounded


def require_text(value: Any) -> None:
    """Raise UnicodeError where any text of a JSON value has half a character."""
    json.dumps(value, ensure_ascii=False).encode()


def count_values(value: Any) -> int:
    """Return how many values a JSON value holds, without those of an area; just beyond the most."""
    count, left = 0, [value]
    while left and count <= MOST_VALUES:
        one = left.pop()
        count += 1
        if isinstance(one, dict):
            left += [each for name, each in one.items() if name != AREA]
        elif isinstance(one, list):
            left += one
    return count
