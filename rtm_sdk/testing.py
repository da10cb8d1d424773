"""The gate in tests: `GateMixin` for unittest; the fixtures for pytest are in `rtm_sdk.pytest_plugin`.

Needs ``pip install "rtm-sdk[gate]"``.
"""

from __future__ import annotations

import os
import threading
import unittest
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from unittest import mock

from .bearychat.client import BearyChatClient
from .deadline import Deadline
from .errors import FPNN_ERROR, RTM_ERROR, ErrorCode
from .gate import Gate, StoredMessage
from .gate.refused import RefusedCall
from .googlechat.client import GoogleChatClient
from .rtm.client import RTMServerClient

__all__ = ["GateMixin", "TestGate", "bearychat_client", "for_one_test", "google_chat_client", "rtm_client"]

T = TypeVar("T")

_LOOK_AGAIN = 0.005
_SHOWN = 10

_WRONG_CREDENTIALS = (
    401,
    RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN,
    RTM_ERROR.RTM_EC_SAME_SIGN,
    RTM_ERROR.RTM_EC_INVALID_SERVER_TIME,
)
_NO_SUCH_PROJECT = "there is no project "
_NOT_DONE = (500, 501)


class TestGate(Gate):
    """A gate that one test after the other has for itself.

    Args:
        options: as for `Gate`.
    """

    __test__ = False  # or pytest takes it for a test

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._seed = options.get("seed")

    @property
    def environment(self) -> dict[str, str]:
        """What `RTMServerClient.from_env` and the `rtm` command take to reach this gate; for programs a test starts."""
        return {"RTM_ENDPOINT": self.endpoint, "RTM_PID": str(self.pid), "RTM_SECRET": self.secret}

    def wait_for(
        self, count: int = 1, *, text: str | bytes | None = None, timeout: float = 5.0, **wanted: Any
    ) -> list[StoredMessage]:
        """Wait until there are so many messages.

        Args:
            count: how many at least.
            text: only messages with this body.
            timeout: seconds to wait at most.
            wanted: which messages count, as for `messages`.

        Returns:
            all of them, in the order in which they came.

        Raises:
            AssertionError: they did not come in time; the text says what came.
            TypeError, ValueError: an argument cannot be used.
        """
        if isinstance(count, bool) or not isinstance(count, int):
            raise TypeError(f"count must be an int, not {type(count).__name__}; say text= for what is in a message")
        if count < 0:
            raise ValueError(f"count must not be negative, not {count}")
        if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
            raise TypeError(f"timeout must be a number of seconds, not {type(timeout).__name__}")
        if not timeout >= 0:
            raise ValueError(f"timeout must be 0 or more seconds, not {timeout}")
        deadline = Deadline(timeout)
        pause = threading.Event()
        while True:
            expired = deadline.expired
            found = [each for each in self.messages(**wanted) if text is None or each.message == text]
            if len(found) >= count:
                return found
            if expired:
                if text is not None:
                    wanted["text"] = text
                raise AssertionError(self._missing(count, len(found), timeout, wanted))
            pause.wait(_LOOK_AGAIN)

    def _missing(self, count: int, found: int, timeout: float, wanted: Mapping[str, Any]) -> str:
        kept = self.messages()
        which = ", ".join(f"{name}={value!r}" for name, value in wanted.items())
        lines = [f"{found} of {count} messages{f' ({which})' if which else ''} came within {timeout:g} s."]
        held = "no messages." if not kept else "1 message:" if len(kept) == 1 else f"{len(kept)} messages:"
        lines[0] += f" The gate has {held}"
        for each in kept[-_SHOWN:]:
            sender, target, body = each.from_uid, each.to_id, each.message
            lines.append(f"  {each.kind.name} from {sender} to {target}, mtype {each.mtype}: {body[:100]!r}")
        if len(kept) > _SHOWN:
            lines.insert(1, f"  ... (the last {_SHOWN})")
        return "\n".join(lines)

    def take_refused(self) -> list[RefusedCall]:
        """The calls that were answered with an error so far, oldest first. A test that takes them expects them."""
        return self.refused.take()

    def unexpected(self) -> str:
        """Take the rest of what was refused, and say what of it no working program does.

        That is: calls of methods that the gate does not have or does not do, wrong signatures and tokens, requests that
        are malformed. Other errors, such as 200041 or 404, are answers like any other.

        Returns:
            one line for each kind of call; empty when there was none.
        """
        found = Counter(call for call in self.refused.take() if _is_unexpected(call))
        if not found:
            return ""
        lines = [f"The gate refused calls ({found.total()}) that no working program makes:"]
        for call, times in list(found.items())[:_SHOWN]:
            code = str(call.code) if call.code < 1000 else f"{call.code} {ErrorCode(call.code).name}"
            lines.append(f"  {call.method}: {code}, {call.text}{f' ({times} times)' if times > 1 else ''}")
        if len(found) > _SHOWN:
            lines.append("  ...")
        lines.append("When the test means them, it takes them: rtm_gate.take_refused()")
        return "\n".join(lines)

    def reset(self) -> None:
        """Be as new for the next test: no messages, no faults, the right time, the users and spaces of the beginning.

        Address and connections stay.
        """
        self.clock.offset = 0.0
        self._do(self._renew_doors)
        super().reset()

    def _renew_doors(self) -> None:
        google, bearychat = self.google, self.bearychat
        for door in (google, bearychat):
            door.end()
        type(google).__init__(google, google.clock, loopback=google.loopback)
        type(bearychat).__init__(bearychat, bearychat.clock, loopback=bearychat.loopback)
        if self._seed is not None:
            self._load(self._seed)
        for door in (google, bearychat):
            door.begin(self._inside().inside)


def _is_unexpected(call: RefusedCall) -> bool:
    if not call.known or call.code in _WRONG_CREDENTIALS or call.code in _NOT_DONE:
        return True
    if call.code == RTM_ERROR.RTM_EC_INVALID_PID_OR_UID:
        return call.text.startswith(_NO_SUCH_PROJECT)
    return FPNN_ERROR.FPNN_EC_PROTO_UNKNOWN_ERROR <= call.code < RTM_ERROR.RTM_EC_INVALID_PID_OR_UID


@contextmanager
def for_one_test(gate: TestGate) -> Iterator[TestGate]:
    """Give a gate to one test: as new, and named in the environment as RTM_ENDPOINT, RTM_PID and RTM_SECRET.

    Args:
        gate: a gate; one that the test before has stopped is started again, at the same address.
    """
    gate.start()
    gate.reset()
    with mock.patch.dict(os.environ, gate.environment):
        yield gate


def rtm_client(gate: Gate) -> RTMServerClient:
    """A client of RTM."""
    return RTMServerClient(gate.pid, gate.secret, gate.endpoint)


def google_chat_client(gate: Gate) -> GoogleChatClient:
    """A client of Google Chat; it acts as the user `users/1`."""
    return GoogleChatClient(gate.google.token, base_url=gate.google.base_url, proxy="")


def bearychat_client(gate: Gate) -> BearyChatClient:
    """A client of BearyChat; it acts as the robot of the gate."""
    door = gate.bearychat
    return BearyChatClient(door.token, base_url=door.base_url, rtm_base_url=door.rtm_base_url, proxy="")


if TYPE_CHECKING:
    _TestCase = unittest.TestCase
else:
    _TestCase = object


class GateMixin(_TestCase):
    """Gives the tests of a class a gate, and clients of it::

        class TestOrders(GateMixin, unittest.TestCase):
            def test_buyer_is_told(self) -> None:
                shop.order_shipped(self.rtm_client, 2001, "A-17")
                self.rtm_gate.wait_for(to_id=2001)

    Each class has a gate on a free port; before each test it is as new. Meanwhile RTM_ENDPOINT, RTM_PID and RTM_SECRET
    of the environment name it. A test fails at its end when the gate refused calls, see `TestGate.unexpected`.

    Methods `setUpClass` and `setUp` of your own have to call those of the mixin.

    Attributes:
        gate_options: options of `Gate`, to be overridden.
        rtm_gate: the gate.
    """

    gate_options: ClassVar[Mapping[str, Any]] = {}
    rtm_gate: ClassVar[TestGate]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.rtm_gate = TestGate(**cls.gate_options)
        cls.rtm_gate.start()
        cls.addClassCleanup(cls.rtm_gate.stop)

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(self._refuse_unexpected)  # cleanups run backwards: after the clients are closed
        self._enter(for_one_test(self.rtm_gate))

    def _enter(self, context: AbstractContextManager[T]) -> T:
        entered = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return entered

    def _refuse_unexpected(self) -> None:
        refused = self.rtm_gate.unexpected()
        if refused:
            self.fail(refused)

    @cached_property
    def rtm_client(self) -> RTMServerClient:
        """A client of RTM; closed after the test, when its callbacks have run."""
        return self._enter(rtm_client(self.rtm_gate))

    @cached_property
    def google_chat(self) -> GoogleChatClient:
        """A client of Google Chat; it acts as the user `users/1`. Closed after the test."""
        return self._enter(google_chat_client(self.rtm_gate))

    @cached_property
    def bearychat(self) -> BearyChatClient:
        """A client of BearyChat; it acts as the robot of the gate. Closed after the test."""
        return self._enter(bearychat_client(self.rtm_gate))
