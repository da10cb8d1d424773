from __future__ import annotations

from collections.abc import Iterator

import pytest

from rtm_sdk.bearychat import BearyChatClient
from rtm_sdk.gate import Gate

from ...bearychat.scenario import seed
from .raw import Raw


@pytest.fixture(scope="module")
def running() -> Iterator[Gate]:
    """One gate for the tests of a file."""
    gate = Gate()
    seed(gate)
    with gate:
        yield gate


@pytest.fixture
def gate(running: Gate) -> Gate:
    """That gate as the scenario has it."""
    running.reset()
    return running


@pytest.fixture(scope="module")
def client(running: Gate) -> Iterator[BearyChatClient]:
    door = running.bearychat
    with BearyChatClient(door.token, base_url=door.base_url, rtm_base_url=door.rtm_base_url, timeout=5) as client:
        yield client


@pytest.fixture(scope="module")
def raw(running: Gate) -> Iterator[Raw]:
    with Raw(running) as raw:
        yield raw


@pytest.fixture
def own() -> Iterator[Gate]:
    """A gate for one test, that may seed it."""
    gate = Gate()
    seed(gate)
    with gate:
        yield gate
