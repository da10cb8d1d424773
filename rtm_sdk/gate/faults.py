"""Faults as data: what the gate is to do wrong, to which quest, how often."""

from __future__ import annotations

import threading
from typing import Literal, get_args

__all__ = ["Action", "Fault", "Faults"]

Action = Literal["error", "delay", "drop_reply", "cut", "cut_after", "truncate", "garbage", "drip", "half_open"]
"""What a fault does to a quest, or a call over HTTP:

- ``error``: nothing is done; the answer is the error ``code``, over HTTP with ``status`` and ``retry_after``.
- ``delay``: the work is done and stored, the answer is held back for ``seconds``.
- ``drop_reply``: the work is done and stored, the answer is never sent.
- ``cut``: nothing is done, the connection is closed.
- ``cut_after``: the work is done and stored, then the connection is closed instead of an answer.
- ``truncate``: the work is done and stored, half of the answer is sent, then the connection is closed.
- ``garbage``: the work is done and stored, random bytes are sent instead of the answer; over HTTP the connection is
  closed then.
- ``drip``: the work is done and stored, the answer comes byte by byte, one every ``seconds``.
- ``half_open``: nothing is done; the connection stays open and goes silent: what comes is thrown away, nothing is
  answered any more.

Over HTTP a truncated answer has its whole head and half of its body, and a connection that dripped is closed.

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
        status: the HTTP status of an ``error``; such a fault strikes calls over HTTP only, unless it has a code.
        retry_after: the seconds in the header ``Retry-After`` of an ``error`` over HTTP.
    """

    def __init__(
        self,
        method: str | None,
        action: Action,
        count: int | None,
        skip: int,
        seconds: float,
        code: int,
        status: int,
        retry_after: float | None,
    ) -> None:
        self.method = method
        self.action = action
        self.code = code
        self.seconds = seconds
        self.status = status
        self.retry_after = retry_after
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

    def _strikes(self, method: str, http: bool) -> bool:
        if self.method is not None and self.method != method:
            return False
        if self.status and not self.code and not http:
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
        status: int = 0,
        retry_after: float | None = None,
    ) -> Fault:
        """Let something go wrong. When several faults fit a quest, the one added first strikes.

        Args:
            method: the wire name of the quest, None for any. Over HTTP the name of the method as the service gives it:
                ``spaces.messages.create`` in Google Chat (the token endpoint is ``token``), ``message.create`` in
                BearyChat.
            action: what happens, see `Action`.
            count: how many quests it strikes; None is all that come.
            skip: how many fitting quests pass before.
            seconds: for ``delay`` the time until the answer, for ``drip`` the time between two bytes.
            code: for ``error`` the code of the answer. For Google Chat the number of a canonical code, for BearyChat
                the code of the body; left out, it is the one that belongs to the status.
            status: for ``error`` over HTTP the status of the answer; left out, it is the one that belongs to the code.
            retry_after: for ``error`` over HTTP the seconds that the header ``Retry-After`` asks for.

        Returns:
            the fault; it counts its hits.

        Raises:
            ValueError: an argument is missing or out of range.
        """
        if action not in get_args(Action):
            raise ValueError(f"action must be one of {', '.join(get_args(Action))}, not {action!r}")
        if (action == "error") != bool(code or status):
            raise ValueError("code or status must be given for the action 'error', and only for it")
        if status and not 400 <= status <= 599:
            raise ValueError(f"status must be an error, 400 to 599, not {status}")
        if retry_after is not None and not (action == "error" and retry_after >= 0):
            raise ValueError("retry_after is for the action 'error' only and must not be negative")
        if (action in _WITH_SECONDS) != (seconds > 0):
            raise ValueError("seconds must be positive for the actions 'delay' and 'drip', and are for them only")
        if (count is not None and count < 1) or skip < 0:
            raise ValueError("count must be at least 1 or None, and skip not negative")
        fault = Fault(method, action, count, skip, seconds, code, status, retry_after)
        with self._lock:
            self._faults = (*self._faults, fault)
        return fault

    def clear(self) -> None:
        """Drop all faults. What has begun already (a delay, a silent connection) goes on."""
        with self._lock:
            self._faults = ()

    def striking(self, method: str, *, http: bool = False) -> Fault | None:
        """The fault that strikes this quest, or this call over HTTP, counted."""
        for fault in self._faults:
            if fault._strikes(method, http):
                return fault
        return None
