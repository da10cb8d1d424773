from __future__ import annotations

from collections.abc import Iterator

import pytest

from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.client import GoogleChatClient
from rtm_sdk.http import retries

from .chat import APP_SCOPES, Raw, Space


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    """One gate for all tests of a file; each has a space of its own."""
    with Gate() as gate:
        yield gate


@pytest.fixture(scope="module")
def user(gate: Gate) -> Iterator[GoogleChatClient]:
    """A client with the token of a user."""
    with GoogleChatClient(gate.google.token, base_url=gate.google.base_url) as client:
        yield client


@pytest.fixture(scope="module")
def app(gate: Gate) -> Iterator[GoogleChatClient]:
    """A client with the service account of an app."""
    info = gate.google.service_account_info()
    url = gate.google.base_url
    with GoogleChatClient.from_service_account_info(info, scopes=APP_SCOPES, base_url=url) as client:
        yield client


@pytest.fixture(scope="module")
def other(gate: Gate) -> Iterator[GoogleChatClient]:
    """A client of another user."""
    name = gate.google.add_user("users/2", email="ann@example.com", display_name="Ann")
    with GoogleChatClient(gate.google.add_token(name), base_url=gate.google.base_url) as client:
        yield client


@pytest.fixture(scope="module")
def raw(gate: Gate) -> Iterator[Raw]:
    """Plain requests with the token of the user, for what the client never sends."""
    with Raw(gate) as raw:
        yield raw


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeats come at once."""
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(retries, "_FIRST_PAUSE_TO_CONNECT", 0.001)
    monkeypatch.setattr(retries, "_SPREAD", 0.001)


@pytest.fixture
def space(gate: Gate, user: GoogleChatClient, other: GoogleChatClient) -> Space:
    """A new space with the user, the app and the other user."""
    door = gate.google
    return Space(gate, user, door.add_space(members=[door.user, door.app, "users/2"]))
