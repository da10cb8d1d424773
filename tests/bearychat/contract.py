"""The endpoints of the service as facts (`endpoints.json`), and what a test needs to try each of them."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from rtm_sdk.bearychat.client import RTM_BASE_URL
from rtm_sdk.calling import Operation
from rtm_sdk.errors import CallFailed
from rtm_sdk.http.request import Request, Response

NOT_GIVEN = object()
"""The default of an argument that has none."""

CLASSES = {
    "meta": "Meta",
    "team": "Teams",
    "users": "Users",
    "vchannels": "Vchannels",
    "channels": "Channels",
    "session_channels": "SessionChannels",
    "p2p": "P2Ps",
    "messages": "Messages",
    "pins": "Pins",
    "reactions": "Reactions",
    "emoji": "Emojis",
    "stickers": "Stickers",
    "files": "Files",
    "rtm": "RTM",
}
"""The mixin class of each domain."""

KEY = "1485236262366.0193"

_SAMPLES: dict[str, Any] = {
    "id": "=bw52O",
    "id[]": ["=bw52O", "=bwMkR"],
    "string": "text",
    "bool": True,
    "Attachment[]": [{"title": "a title", "images": [{"url": "http://example.com/a.png"}]}],
}


class Param(NamedTuple):
    """A parameter of an endpoint."""

    name: str
    type: str
    required: bool
    place: str

    @property
    def sample(self) -> Any:
        """A value for it."""
        return KEY if self.name in ("key", "message_key") else _SAMPLES[self.type]


class Endpoint(NamedTuple):
    """One endpoint and the method for it."""

    name: str
    http: str
    base_url: str
    path: str
    auth: bool
    python: str
    domain: str
    params: tuple[Param, ...]
    status: int
    response: Any

    @property
    def arguments(self) -> dict[str, Any]:
        """Name to default of the method's arguments, in their order, without `callback` and `timeout`."""
        if self.name == "message.query":
            return {"vchannel_id": NOT_GIVEN, "latest": None, "since": None, "window": None}
        if self.name == "rtm_http.message":
            return {"vchannel": NOT_GIVEN, "text": NOT_GIVEN, "markdown": None, "attachments": ()}
        required = {param.name: NOT_GIVEN for param in self.params if param.required}
        return {**required, **{param.name: None for param in self.params if not param.required}}

    @property
    def samples(self) -> dict[str, Any]:
        """A value for each argument, for a query one of its three."""
        if self.name == "message.query":
            return {"vchannel_id": "=bw52O", "since": {"key": KEY, "forward": 3}}
        return {param.name: param.sample for param in self.params}

    @property
    def sent(self) -> dict[str, Any]:
        """The parameters of the request for these values."""
        if self.name == "message.query":
            return {"vchannel_id": "=bw52O", "query": {"since": {"key": KEY, "forward": 3}}}
        return {param.name: param.sample for param in self.params}

    @property
    def request_path(self) -> str:
        """What the request has as its path: the RTM service is not below the base URL of the client."""
        return self.base_url + self.path if self.base_url == RTM_BASE_URL else self.path.lstrip("/")

    def answer(self) -> Any:
        """The documented answer, with a value for everything."""
        return filled(self.response)

    @property
    def is_list(self) -> bool:
        """Whether the answer is an array."""
        return isinstance(self.response, dict) and "[]" in self.response


def _endpoints() -> list[Endpoint]:
    facts = json.loads(Path(__file__).with_name("endpoints.json").read_text(encoding="utf-8"))
    return [Endpoint(**{**each, "params": tuple(Param(*param) for param in each["params"])}) for each in facts]


def filled(shape: Any) -> Any:
    """A value of a documented shape."""
    if isinstance(shape, dict):
        if "[]" in shape:
            return [filled(shape["[]"])]
        if "oneOf" in shape:
            return filled(shape["oneOf"][0])
        return {name: filled(inner) for name, inner in shape.items()}
    if isinstance(shape, list):
        return [filled(inner) for inner in shape]
    kind = shape.partition(":")[0].partition(" (")[0].partition(",")[0].split("|")[0]
    values: dict[str, Any] = {
        "id": "=bw52O",
        "id[]": ["=bw52O"],
        "string": "text",
        "datetime string": "2018-10-09T10:01:08.000+0000",
        "bool": True,
        "int": 0,
        "int64 ms": 1485236262366,
        "null": None,
        "array": [],
        "Attachment[]": [],
        "Message[]": [],
        "Message": {},
    }
    return values[kind]


ENDPOINTS = _endpoints()


def mixin(domain: str) -> type:
    """The class that holds the operations of a domain."""
    found: type = getattr(importlib.import_module(f"rtm_sdk.bearychat.{domain}"), CLASSES[domain])
    return found


CLIENT: Any = type("Client", tuple(mixin(domain) for domain in CLASSES), {"rtm_base_url": RTM_BASE_URL})()
"""All operations, and nothing to carry them out: they are driven by hand."""


def start(name: str, /, *args: Any, **kwargs: Any) -> Operation[Any]:
    """The generator of an operation, not yet begun."""
    generator: Operation[Any] = getattr(type(CLIENT), name).generator(CLIENT, *args, **kwargs)
    return generator


def drive(generator: Operation[Any], answer: Response | CallFailed) -> tuple[Request, Any]:
    """Give an operation the answer to its one request.

    Returns:
        The request and the result.
    """
    request = next(generator)
    try:
        again = generator.throw(answer) if isinstance(answer, CallFailed) else generator.send(answer)
    except StopIteration as stop:
        return request, stop.value
    raise AssertionError(f"the operation asks for more: {again}")
