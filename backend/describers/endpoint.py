"""A model behind an HTTP endpoint with OpenAI's chat messages, as vLLM, llama.cpp and Ollama have.

A picture leaves this computer only when that is asked for: without `remote` the endpoint must be on
the loopback interface. Redirects are not followed, and a key goes nowhere but to its host, over
https or on this computer.
"""

from __future__ import annotations

import base64
import io
import json
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from backend.describers.model import ModelDescriber, Reply, Turn
from backend.errors import ConfigInvalid, ReplyInvalid
from backend.io.access import Access, host_of, is_here
from backend.io.http import Client, RequestFailed, RetryPolicy
from backend.scenes.sentinel1.picture import Picture

POLICY = RetryPolicy(tries=2, silence_s=120.0, slowest_s=300.0)
LARGEST = 2**22
"""Bytes of a reply."""
MOST_TOKENS = 256
HOST_VARIABLE, KEY_VARIABLE = "GLUELINK_ENDPOINT_HOST", "GLUELINK_ENDPOINT_KEY"
_SHOWN = 80


class Endpoint(ModelDescriber):
    """A describer that asks an endpoint.

    Example:
        describer = Endpoint("http://127.0.0.1:8080/v1", "qwen2.5-vl-7b")
        print(describer.caption(chip).text)
    """

    def __init__(
        self,
        url: str,
        model: str = "",
        *,
        key: str = "",
        remote: bool = False,
        picture: Picture | None = None,
        policy: RetryPolicy = POLICY,
    ) -> None:
        """Take the address that ends in /v1, and the model's name there.

        `key` is sent as a bearer token; `remote` allows another computer than this one.

        Raises:
            ConfigInvalid: the address is none, or leads to another computer without `remote`.
        """
        host = _require_address(url, remote)
        super().__init__(f"{model or 'a model'} at {urlsplit(url).netloc}", picture)
        self.url, self.model = url.rstrip("/") + "/chat/completions", model
        credentials = {host: f"Bearer {key}"} if key else {}
        self._client = Client(policy, Access((host,), credentials))

    def write(self, turns: Sequence[Turn], image: Image.Image | None) -> Reply:
        """Return what the endpoint's model writes.

        Raises:
            ReplyInvalid: it does not answer, or answers something else than a chat message.
        """
        asked = {
            **({"model": self.model} if self.model else {}),
            "messages": _messages(turns, image),
            "max_tokens": MOST_TOKENS,
            "temperature": 0,
        }
        try:
            body = self._client.post(self.url, json.dumps(asked).encode(), LARGEST)
        except RequestFailed as error:
            raise ReplyInvalid(
                f"{self.name} gives no answer: {error}.",
                "Start its server, or check the address, the model's name and the key.",
            ) from error
        return self._read(body)

    def _read(self, body: bytes) -> Reply:
        """Return the text of a reply, and what it says of how that was written."""
        values = self._object(body)
        try:
            choice = values["choices"][0]
            content = choice["message"]["content"]
        except (KeyError, IndexError, TypeError):
            stated = values.get("error") or f"the fields {', '.join(values) or 'none'}"
            raise self._unusable(f"{_short(stated)}; expected choices[0].message.content") from None
        if isinstance(content, list):  # parts, as some servers write them
            parts = [part for part in content if isinstance(part, dict)]
            content = "".join(str(part.get("text", "")) for part in parts)
        if not isinstance(content, str):
            raise self._unusable(f"{_short(content)} as content; expected text")
        more = {"model": values.get("model"), "finish_reason": choice.get("finish_reason")}
        return Reply(content.strip(), {k: v for k, v in more.items() if isinstance(v, str)})

    def _object(self, body: bytes) -> dict[str, Any]:
        try:
            values = json.loads(body)
        except (ValueError, RecursionError):
            begun = body[:_SHOWN].decode("utf-8", "replace").strip()
            page = begun[:1] == "<"
            raise self._unusable(
                "a web page; expected JSON" if page else f'"{begun}"; expected JSON'
            ) from None
        if not isinstance(values, dict):
            raise self._unusable(f"{type(values).__name__}; expected an object")
        return values

    def _unusable(self, what: str) -> ReplyInvalid:
        return ReplyInvalid(
            f"{self.name} answers {what}.",
            "Check that the address is that of OpenAI-compatible chat completions and ends in /v1.",
        )


def open_endpoint(address: str, picture: Picture | None = None) -> Endpoint:
    """Return the describer at an address, with the model's name behind a #.

    The environment says which other computer may be asked, and the key that it gets:
    GLUELINK_ENDPOINT_HOST and GLUELINK_ENDPOINT_KEY. A key on a command line is seen by others.

    Example:
        describer = open_endpoint("http://127.0.0.1:8080/v1#qwen2.5-vl-7b")

    Raises:
        ConfigInvalid: the address is none, or leads to a computer that is not allowed.
    """
    url, _, model = address.partition("#")
    allowed = os.environ.get(HOST_VARIABLE, "")
    remote = bool(allowed) and host_of(url) == allowed
    key = os.environ.get(KEY_VARIABLE, "")
    return Endpoint(url, model, key=key, remote=remote, picture=picture)


def _require_address(url: str, remote: bool) -> str:
    """Return the host of an address that may be asked."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query:
        raise ConfigInvalid(
            f'"{url[:_SHOWN]}" is not the address of an endpoint.'
            if not parts.username
            else "The address of the endpoint holds a user's name.",
            "Give one such as http://127.0.0.1:8080/v1.",
        )
    if not remote and not is_here(host):
        raise ConfigInvalid(
            f"The endpoint is at {host}, which is another computer; pictures would leave this one.",
            f"Use one at 127.0.0.1, or allow it: {HOST_VARIABLE}={host}.",
        )
    return host


def _messages(turns: Sequence[Turn], image: Image.Image | None) -> list[dict[str, Any]]:
    """Return turns as chat messages, the image in front of the first one's text."""
    messages: list[dict[str, Any]] = [{"role": one.role, "content": one.text} for one in turns]
    if image is not None and messages:
        file = io.BytesIO()
        image.save(file, "PNG")
        address = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
        messages[0]["content"] = [
            {"type": "image_url", "image_url": {"url": address}},
            {"type": "text", "text": turns[0].text},
        ]
    return messages


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
