from __future__ import annotations

from collections.abc import Iterator

import pytest

from rtm_sdk.gate import Gate

from ...bearychat.conftest import client as client
from ...bearychat.conftest import gate as gate
from ...bearychat.conftest import running as running
from ...bearychat.scenario import seed
from .raw import Raw


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
