"""The calls that the gate refused, for whoever tests a program with it."""

from __future__ import annotations

import threading
from collections import deque
from typing import NamedTuple

__all__ = ["RefusedCall", "RefusedCalls"]

MAX_REFUSED = 1000
"""So many are kept; the oldest is dropped for one more."""


class RefusedCall(NamedTuple):
    """A call that was answered with an error.

    Attributes:
        method: its name; of a call over HTTP for which there is no method, verb and path.
        code: the error code; of a call over HTTP the status.
        text: what the answer said.
        known: whether the gate has such a method.
    """

    method: str
    code: int
    text: str
    known: bool


class RefusedCalls:
    """What was refused; injected faults are not among it. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[RefusedCall] = deque(maxlen=MAX_REFUSED)

    def add(self, call: RefusedCall) -> None:
        """Keep one more."""
        with self._lock:
            self._calls.append(call)

    def take(self) -> list[RefusedCall]:
        """Those since the last `take`, oldest first."""
        with self._lock:
            taken = list(self._calls)
            self._calls.clear()
        return taken
