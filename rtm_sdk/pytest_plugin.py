"""Fixtures for tests of programs that chat: a gate of their own, and clients of it.

pytest finds them when the package is installed. Nothing of the gate is imported before a test asks for it; it needs
``pip install "rtm-sdk[gate]"``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest

if TYPE_CHECKING:
    from .bearychat.client import BearyChatClient
    from .googlechat.client import GoogleChatClient
    from .rtm.client import RTMServerClient
    from .testing import TestGate

__all__ = ["bearychat", "google_chat", "rtm_client", "rtm_gate", "rtm_gate_options"]

_passed: WeakKeyDictionary[pytest.Item, bool] = WeakKeyDictionary()


@pytest.fixture(scope="session")
def rtm_gate_options() -> dict[str, Any]:
    """Options of the gate, see `rtm_sdk.gate.Gate`; override this fixture to set some."""
    return {}


@pytest.fixture(scope="session")
def _rtm_gate(rtm_gate_options: dict[str, Any]) -> Iterator[TestGate]:
    from .testing import TestGate

    with TestGate(**rtm_gate_options) as gate:
        yield gate


@pytest.fixture
def rtm_gate(_rtm_gate: TestGate, request: pytest.FixtureRequest) -> Iterator[TestGate]:
    """A local server for RTM, Google Chat and BearyChat, as new for each test.

    The address is the same for all tests of a process. While a test has it, RTM_ENDPOINT, RTM_PID and RTM_SECRET of the
    environment name it. The test fails at its end when the gate refused calls, see `TestGate.unexpected`.
    """
    from .testing import for_one_test

    with for_one_test(_rtm_gate):
        yield _rtm_gate
        refused = _rtm_gate.unexpected()
    if refused and _passed.get(request.node, True):
        pytest.fail(refused, pytrace=False)
    elif refused:
        request.node.add_report_section("teardown", "by rtm_gate", refused)


@pytest.fixture
def rtm_client(rtm_gate: TestGate) -> Iterator[RTMServerClient]:
    """A client of RTM; closed after the test, when its callbacks have run."""
    from .testing import rtm_client

    with rtm_client(rtm_gate) as client:
        yield client


@pytest.fixture
def google_chat(rtm_gate: TestGate) -> Iterator[GoogleChatClient]:
    """A client of Google Chat; it acts as the user `users/1`. Closed after the test."""
    from .testing import google_chat_client

    with google_chat_client(rtm_gate) as client:
        yield client


@pytest.fixture
def bearychat(rtm_gate: TestGate) -> Iterator[BearyChatClient]:
    """A client of BearyChat; it acts as the robot of the gate. Closed after the test."""
    from .testing import bearychat_client

    with bearychat_client(rtm_gate) as client:
        yield client


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, None]:
    """Remember whether a test passed, for what is said at its end."""
    outcome = yield
    if call.when == "call" and "rtm_gate" in getattr(item, "fixturenames", ()):
        _passed[item] = outcome.get_result().passed
