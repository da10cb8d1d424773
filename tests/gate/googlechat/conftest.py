from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from typing_extensions import Self

from rtm_sdk.gate import Gate
from rtm_sdk.gate.googlechat.auth import APP_SCOPES
from rtm_sdk.gate.googlechat.methods import Caller

Resource = dict[str, Any]


class Chat:
    """Google Chat as plain HTTP: a session with the token of somebody."""

    def __init__(self, gate: Gate, token: str) -> None:
        self.gate = gate
        self.name = gate.google.user
        self.url = gate.google.base_url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.session.close()

    def send(self, verb: str, path: str, **more: Any) -> requests.Response:
        return self.session.request(verb, f"{self.url}/{path}", timeout=10, **more)

    def ok(self, verb: str, path: str, json: Any = None, **query: Any) -> Resource:
        """The answer to a call that must succeed."""
        answer = self.send(verb, path, json=json, params=query)
        assert answer.status_code == 200, answer.text
        data = answer.json()
        assert isinstance(data, dict)
        return data

    def fails(self, verb: str, path: str, json: Any = None, **query: Any) -> tuple[int, str, str]:
        """Status, canonical name and text of a call that must fail."""
        return error_of(self.send(verb, path, json=json, params=query))

    def create(self, space: str, body: Any = "hello", **query: Any) -> Resource:
        """A new message: a text, or a whole resource."""
        return self.ok("POST", f"v1/{space}/messages", {"text": body} if isinstance(body, str) else body, **query)

    def page(self, space: str, **query: Any) -> Resource:
        return self.ok("GET", f"v1/{space}/messages", **query)

    def texts(self, space: str, **query: Any) -> list[str]:
        return [message.get("text", "") for message in self.page(space, **query).get("messages", [])]


Person = Callable[..., Chat]
"""What the fixture `person` gives."""


def error_of(answer: requests.Response) -> tuple[int, str, str]:
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    assert set(error) <= {"code", "message", "status", "details"}
    return answer.status_code, error["status"], error["message"]


@pytest.fixture(scope="module")
def shared_gate() -> Iterator[Gate]:
    """One gate for all tests of a file; each has a space of its own."""
    with Gate() as gate:
        yield gate


@pytest.fixture
def space(shared_gate: Gate) -> str:
    return shared_gate.google.add_space()


@pytest.fixture(scope="module")
def user(shared_gate: Gate) -> Iterator[Chat]:
    with Chat(shared_gate, shared_gate.google.token) as chat:
        yield chat


@pytest.fixture(scope="module")
def app_token(shared_gate: Gate) -> str:
    return app_token_of(shared_gate)


@pytest.fixture(scope="module")
def app(shared_gate: Gate, app_token: str) -> Iterator[Chat]:
    with Chat(shared_gate, app_token) as chat:
        yield chat


def app_token_of(gate: Gate, scopes: frozenset[str] = APP_SCOPES) -> str:
    """A token of the app, without the way over the token endpoint."""
    door = gate.google
    caller = Caller(door.app, True, False, scopes, "the app")
    token: str = gate._do(lambda: door._credentials.issue(caller, door.inside.store))
    return token


@pytest.fixture
def person(shared_gate: Gate) -> Iterator[Person]:
    """Makes people, each with a token of their own: ``person(space, role=...)`` is one who has joined a space."""
    exits = ExitStack()

    def make(space: str | None = None, *, role: Any = "ROLE_MEMBER", scopes: Any = None, **about: Any) -> Chat:
        name = shared_gate.google.add_user(**about)
        if space is not None:
            shared_gate.google.add_member(space, name, role=role)
        chat = exits.enter_context(Chat(shared_gate, shared_gate.google.add_token(name, scopes)))
        chat.name = name
        return chat

    with exits:
        yield make
