"""A gate for the commands, and no settings from outside."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from rtm_sdk import RTMServerClient
from rtm_sdk.gate import Gate

from .shell import CLEAN


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - CLEAN.keys():
        monkeypatch.delenv(name)


@pytest.fixture
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture
def client(gate: Gate) -> Iterator[RTMServerClient]:
    with RTMServerClient(gate.pid, gate.secret, gate.endpoint) as client:
        yield client


@pytest.fixture
def settings(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the lines to paste of `rtm gate` set."""
    monkeypatch.setenv("RTM_ENDPOINT", gate.endpoint)
    monkeypatch.setenv("RTM_PID", str(gate.pid))
    monkeypatch.setenv("RTM_SECRET", gate.secret)
