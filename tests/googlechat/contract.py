"""The methods of the service as facts (`methods.json`, `schemas.json`), and what a test needs to try each of them."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from rtm_sdk.calling import Operation
from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import CallFailed
from rtm_sdk.googlechat.client import GoogleChatClient
from rtm_sdk.http.request import Request, Response

MODULES = {
    "attachments": "attachments.Attachments",
    "availability": "availability.Availability",
    "customemojis": "custom_emoji.CustomEmoji",
    "events": "events.Events",
    "media": "media.Media",
    "members": "members.Members",
    "messages": "messages.Messages",
    "notifications": "notifications.Notifications",
    "pins": "pins.Pins",
    "reactions": "reactions.Reactions",
    "readstate": "read_state.ReadState",
    "sections": "sections.Sections",
    "spaces": "spaces.Spaces",
}
"""Where the operations of each domain are."""

SCHEMAS: dict[str, dict[str, str | list[str]]] = json.loads(Path(__file__).with_name("schemas.json").read_text())
"""The type of every field of every resource; a list of values for an enumeration."""

_BODIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "CompleteImportSpaceRequest": ((), ()),
    "MarkAsActiveRequest": ((), ("expire_time", "ttl")),
    "MarkAsAwayRequest": ((), ()),
    "MarkAsDoNotDisturbRequest": ((), ("expire_time", "ttl")),
    "MoveSectionItemRequest": (("target_section",), ()),
    "PositionSectionRequest": ((), ("sort_order", "relative_position")),
    "ReplaceMessageCardsRequest": (("cards_v2",), ()),
    "SearchMessagesRequest": (("filter",), ("page_size", "page_token", "order_by", "view", "markup_syntax")),
    "SetUpSpaceRequest": (("space", "memberships"), ("request_id",)),
    "UploadAttachmentRequest": (("file",), ("filename", "content_type", "on_progress")),
}
"""The arguments that a body is made of: by position, and by name only. Other bodies are one argument, a resource."""

EXCLUSIVE = {"ttl", "relative_position"}
"""What is not given together with the argument before it."""

_SAMPLES: dict[str, Any] = {
    "target_section": "users/me/sections/S",
    "cards_v2": [{"cardId": "a", "card": {}}],
    "memberships": [{"member": {"name": "users/1", "type": "HUMAN"}}],
    "space": {"displayName": "x"},
    "file": b"content",
    "filename": "a.txt",
    "content_type": "text/x-y",
    "on_progress": lambda done, size: None,
    "expire_time": "2026-04-21T11:30:00-04:00",
    "ttl": 90,
    "sort_order": 3,
    "page_size": 7,
    "users": ["users/1", "users/a@b.example"],
    "update_mask": ["text", "cards_v2"],
    "target": None,
    "user": "users/1",
}
_SENT = {"ttl": "90s", "update_mask": "text,cards_v2"}


def snake(name: str) -> str:
    """The name of a Python argument for a name on the wire or of a schema."""
    name = name.rpartition(".")[2].removeprefix("GoogleChatV1")
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


class Call(NamedTuple):
    """One method."""

    id: str
    domain: str
    name: str
    http: str
    path: str
    params: dict[str, dict[str, Any]]
    """By the name of the argument."""
    request: str | None
    response: str
    request_id: bool
    paging: dict[str, str]

    @property
    def iterator(self) -> str:
        """The name of the iterator over all pages."""
        return f"iter_{self.name.removeprefix('list_')}"

    @property
    def body_arguments(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Those by position, and those by name only."""
        if self.request is None:
            return (), ()
        return _BODIES.get(self.request, ((snake(self.request),), ()))

    def _of(self, place: str, required: bool | None = None) -> list[str]:
        return [
            argument
            for argument, param in self.params.items()
            if param["in"] == place and required in (None, param["required"])
        ]

    @property
    def positional(self) -> list[str]:
        """The arguments by position: path, body, what the query must have."""
        found = [*self._of("path"), *self.body_arguments[0], *self._of("query", True)]
        return [*found, "target"] if self.id == "media.download" else found

    @property
    def keywords(self) -> set[str]:
        """The arguments by name only, without `callback` and `timeout`."""
        found = {*self._of("query", False), *self.body_arguments[1]}
        return {*found, "on_progress"} if self.id == "media.download" else found

    @property
    def needed(self) -> list[str]:
        """What has no default."""
        return [argument for argument in self.positional if argument not in ("memberships", "target")]

    def sample(self, argument: str) -> Any:
        """A value for an argument."""
        param = self.params.get(argument)
        if param is not None and param["in"] == "path":
            return "m/e/d" if param["pattern"] == "^.*$" else _name(param["pattern"])
        if argument in _SAMPLES:
            return _SAMPLES[argument]
        if self.request is not None and argument == snake(self.request):
            return {"name": "x", "number": 5, "list": [{}]}
        if param is not None and param["type"] == "boolean":
            return True
        return "users/1" if argument == "name" else f"{argument} & +"

    def samples(self, *, everything: bool) -> dict[str, Any]:
        """Values for all arguments, or for those that are needed."""
        wanted = [*self.positional, *sorted(self.keywords - EXCLUSIVE)] if everything else self.needed
        given = {argument: self.sample(argument) for argument in wanted}
        if self.request == "PositionSectionRequest":
            given.setdefault("sort_order", 3)
        if self.request == "UploadAttachmentRequest":
            given.setdefault("filename", "a.txt")
        return given

    def sent_path(self) -> str:
        """The path for the sample values."""
        path = re.sub(r"\{\+(\w+)\}", lambda match: self.sample(snake(match[1])), self.path)
        return f"upload/{path}" if self.id == "media.upload" else path

    def sent_query(self, given: dict[str, Any]) -> list[tuple[str, str]]:
        """Names and values on the wire for the values given."""
        found = []
        for argument in self._of("query"):
            value = _SENT.get(argument, given.get(argument))
            if argument in given:
                for each in value if isinstance(value, list) else [value]:
                    found.append((self.params[argument]["name"], str(each).lower() if each is True else str(each)))
        fixed = {"media.download": [("alt", "media")], "media.upload": [("uploadType", "multipart")]}
        return [*found, *fixed.get(self.id, [])]

    def sent_body(self, given: dict[str, Any]) -> Any:
        """The body for the values given."""
        if self.request is None:
            return None
        if self.request not in _BODIES:
            return given[snake(self.request)]
        return {
            field: _SENT.get(snake(field), given[snake(field)])
            for field in SCHEMAS[self.request]
            if snake(field) in given
        }

    def sample_answer(self) -> dict[str, Any]:
        """An answer with a value for every field, and one of a newer service."""
        fields = SCHEMAS[self.response]
        return {**{field: _value(kind) for field, kind in fields.items()}, "fieldOfTomorrow": [1]} if fields else {}


def _name(pattern: str) -> str:
    """A name that fits a pattern of the service."""
    count = iter(range(100))
    return re.sub(r"\[\^/\]\+", lambda match: f"Ab-{next(count)}.x_", pattern.strip("^$"))


def _value(kind: str | list[str]) -> Any:
    if isinstance(kind, list):
        return kind[-1]
    if kind.endswith("[]"):
        return [_value(kind[:-2])]
    plain = {"boolean": True, "int32": 5, "float": 0.5, "double": 0.5, "int64(string)": "7", "object": {"a": 1}}
    return plain.get(kind, {} if kind in SCHEMAS else "text")


def _calls() -> list[Call]:
    return [
        Call(
            method["id"],
            method["domain"],
            method["python"],
            method["http"],
            method["path"],
            {snake(param["name"]): param for param in method["params"]},
            method["request"],
            method["response"],
            method["request_id"],
            method.get("paging", {}),
        )
        for method in json.loads(Path(__file__).with_name("methods.json").read_text())
    ]


CALLS = _calls()


def mixin(domain: str) -> type:
    """The class that holds the operations of a domain."""
    module, _, name = MODULES[domain].partition(".")
    found: type = getattr(importlib.import_module(f"rtm_sdk.googlechat.{module}"), name)
    return found


def client_of(domain: str, perform: Callable[[Request, Deadline], Response]) -> Any:
    """A client with the operations of one domain only, whose requests a function answers."""
    members = {"timeout": 30.0, "on_event": None, "_perform": staticmethod(perform)}
    return type("Client", (mixin(domain),), members)()


def start(name: str, /, *args: Any, **kwargs: Any) -> Operation[Any]:
    """The generator of an operation, not yet begun. There is no client: the operations need none."""
    generator: Operation[Any] = getattr(GoogleChatClient, name).generator(None, *args, **kwargs)
    return generator


def drive(generator: Operation[Any], *answers: Any) -> tuple[list[Request], Any]:
    """Give an operation its answers, one after the other.

    Args:
        generator: of the operation.
        answers: the data of each answer, or a `CallFailed`.

    Returns:
        The requests it asked for, and its result.
    """
    requests = []
    try:
        request = next(generator)
        for answer in answers:
            requests.append(request)
            if isinstance(answer, CallFailed):
                request = generator.throw(answer)
            else:
                if request.target is not None:
                    request.target.write(answer)
                    answer = {"bytes": len(answer)}
                request = generator.send(Response(200, {}, answer))
    except StopIteration as stop:
        return requests, stop.value
    raise AssertionError(f"the operation asks for more: {request}")
