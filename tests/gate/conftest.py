from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from rtm_sdk.gate import Gate

from .raw_client import RawClient
from .users import LogIn


@pytest.fixture
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture
def client(gate: Gate) -> Iterator[RawClient]:
    with RawClient(gate) as client:
        yield client


@pytest.fixture
def log_in(gate: Gate, client: RawClient) -> Iterator[LogIn]:
    with ExitStack() as exits:
        yield LogIn(gate, client, exits)
