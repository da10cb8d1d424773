"""What tests need to talk to the gate: a space with short words for messages, and requests by hand."""

from __future__ import annotations

from typing import Any

import requests
from typing_extensions import Self

from rtm_sdk.errors import Code, ErrorCode, unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.gate.googlechat import stored
from rtm_sdk.googlechat.client import GoogleChatClient

Resource = dict[str, Any]

PREFIX = "https://www.googleapis.com/auth/"
APP_SCOPES = [
    f"{PREFIX}chat.{name}"
    for name in (
        "bot",
        "app.delete",
        "app.memberships",
        "app.messages.readonly",
        "app.spaces",
        "app.spaces.create",
    )
]


class Space(str):
    """The name of a space, and a client that works in it."""

    client: GoogleChatClient
    gate: Gate

    def __new__(cls, gate: Gate, client: GoogleChatClient, name: str) -> Space:
        self = str.__new__(cls, name)
        self.gate = gate
        self.client = client
        return self

    def post(self, text: str = "hello", by: GoogleChatClient | None = None, **more: Any) -> Resource:
        """Post a text and return the message; `thread` and other fields go into it, options stay outside."""
        options = {name: more.pop(name) for name in list(more) if name in _OPTIONS}
        message = {"text": text, **more}
        return dict(unwrap((by or self.client).create_message(self, message, **options)))

    def texts(self, **query: Any) -> list[str]:
        """The texts on a page."""
        return [message.get("text", "") for message in self.page(**query).get("messages", [])]

    def page(self, **query: Any) -> Resource:
        """A page of messages."""
        return dict(unwrap(self.client.list_messages(self, **query)))

    def fails(self, **query: Any) -> tuple[str, str]:
        """The code and the text of a page that cannot be read."""
        result, error = self.client.list_messages(self, **query)
        assert result is None
        return error.name, error.message

    def fill(self, count: int) -> None:
        """Have many messages at once, `0`, `1` and so on, without the way over HTTP."""

        def work() -> None:
            for number in range(count):
                content = {"text": str(number)}
                stored.add(inside.store, str(self), "users/1", content, created=start + number, thread=None)

        inside = self.gate.google.inside
        start = int(inside.clock.seconds() * 1_000_000)
        inside.do(lambda: inside.store.turn(work))


_OPTIONS = (
    "request_id",
    "message_id",
    "message_reply_option",
    "thread_key",
    "notification_type",
    "callback",
    "timeout",
)


class Raw:
    """Plain requests, for what the client never sends."""

    def __init__(self, gate: Gate) -> None:
        self.url = gate.google.base_url
        self.token = gate.google.token
        self.session = requests.Session()
        self.session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.session.close()

    def __call__(self, verb: str, path: str, *, token: str | None = None, **more: Any) -> requests.Response:
        """Send a request with the token of the user, or another; an empty one sends none."""
        token = self.token if token is None else token
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **more.pop("headers", {})}
        return self.session.request(verb, f"{self.url}/{path}", headers=headers, timeout=10, **more)


def status_of(answer: requests.Response) -> tuple[int, str]:
    """The HTTP status and the canonical name in an error answer."""
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    return answer.status_code, error["status"]


def refused(outcome: tuple[Any, ErrorCode]) -> str:
    """The name of the code that a call failed with, checked against its HTTP status."""
    result, error = outcome
    assert result is None
    assert error
    assert error.family is Code
    assert error.http_status == Code[error.name].http
    assert error.message
    return error.name
