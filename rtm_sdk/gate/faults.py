"""Faults as data: what the gate is to do wrong, to which quest, how often."""

from __future__ import annotations

import threading
from typing import Literal, get_args

__all__ = ["Action", "Fault", "Faults"]

Action = Literal["error", "delay", "drop_reply", "cut", "cut_after", "truncate", "garbage", "drip", "half_open"]
"""What a fault does to a quest:

- ``error``: nothing is done; the answer is the error ``code``.
- ``delay``: the work is done and stored, the answer is held back for ``seconds``.
- ``drop_reply``: the work is done and stored, the answer is never sent.
- ``cut``: nothing is done, the connection is closed.
- ``cut_after``: the work is done and stored, then the connection is closed instead of an answer.
- ``truncate``: the work is done and stored, half of the answer is sent, then the connection is closed.
- ``garbage``: the work is done and stored, random bytes are sent instead of the answer.
- ``drip``: the work is done and stored, the answer comes byte by byte, one every ``seconds``.
- ``half_open``: nothing is done; the connection stays open and goes silent: what comes is thrown away, nothing is
  answered any more.

In all cases quests that came earlier on the connection are served and answered first.
"""

_WITH_SECONDS = ("delay", "drip")


class Fault:
    """One fault, and how often it struck. Made by `Faults.add`.

    Attributes:
        method: the quest it strikes, None for any; ``*ping`` can be struck too.
        action: what it does, see `Action`.
        code: the code of an ``error``.
        seconds: the time of a ``delay`` or ``drip``.
    """

    def __init__(
        self, method: str | None, action: Action, count: int | None, skip: int, seconds: float, code: int
    ) -> None:
        self.method = method
        self.action = action
        self.code = code
        self.seconds = seconds
        self._count = count
        self._skip = skip
        self._hits = 0
        self._changed = threading.Condition()

    @property
    def hits(self) -> int:
        """How many quests it has struck."""
        return self._hits

    def wait(self, hits: int = 1, timeout: float = 5.0) -> bool:
        """Wait until it has struck.

        Args:
            hits: how often.
            timeout: seconds to wait at most.

        Returns:
            whether it has.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._hits >= hits, timeout)

    def _strikes(self, method: str) -> bool:
        if self.method is not None and self.method != method:
            return False
        with self._changed:
            if self._skip > 0:
                self._skip -= 1
                return False
            if self._count is not None and self._hits >= self._count:
                return False
            self._hits += 1
            self._changed.notify_all()
            return True

    def __repr__(self) -> str:
        return f"<Fault {self.action} of {self.method or 'any quest'}, struck {self._hits} times>"


class Faults:
    """The faults of a gate. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: tuple[Fault, ...] = ()

    def add(
        self,
        method: str | None = None,
        action: Action = "error",
        *,
        count: int | None = 1,
        skip: int = 0,
        seconds: float = 0.0,
        code: int = 0,
    ) -> Fault:
        """Let something go wrong. When several faults fit a quest, the one added first strikes.

        Args:
            method: the wire name of the quest, None for any.
            action: what happens, see `Action`.
            count: how many quests it strikes; None is all that come.
            skip: how many fitting quests pass before.
            seconds: for ``delay`` the time until the answer, for ``drip`` the time between two bytes.
            code: for ``error`` the code of the answer.

        Returns:
            the fault; it counts its hits.

        Raises:
            ValueError: an argument is missing or out of range.
        """
        if action not in get_args(Action):
            raise ValueError(f"action must be one of {', '.join(get_args(Action))}, not {action!r}")
        if (action == "error") != bool(code):
            raise ValueError("code must be given for the action 'error', and only for it")
        if (action in _WITH_SECONDS) != (seconds > 0):
            raise ValueError("seconds must be positive for the actions 'delay' and 'drip', and are for them only")
        if (count is not None and count < 1) or skip < 0:
            raise ValueError("count must be at least 1 or None, and skip not negative")
        fault = Fault(method, action, count, skip, seconds, code)
        with self._lock:
            self._faults = (*self._faults, fault)
        return fault

    def clear(self) -> None:
        """Drop all faults. What has begun already (a delay, a silent connection) goes on."""
        with self._lock:
            self._faults = ()

    def striking(self, method: str) -> Fault | None:
        """The fault that strikes this quest, counted."""
        for fault in self._faults:
            if fault._strikes(method):
                return fault
        return None
