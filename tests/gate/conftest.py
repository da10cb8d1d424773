from __future__ import annotations

from collections.abc import Iterator

import pytest

from rtm_sdk.gate import Gate

from .raw_client import RawClient


@pytest.fixture
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture
def client(gate: Gate) -> Iterator[RawClient]:
    with RawClient(gate) as client:
        yield client
