"""Does a quest come from the project it names, now, and for the first time?"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5
from hmac import compare_digest
from typing import Any

from ...errors import RTM_ERROR
from ..clock import Clock
from ..refusal import Refusal
from .params import int32, int64, text

__all__ = ["Signatures"]

MAX_SEEN = 1_000_000
"""How many signs are remembered, some 100 MB.

Beyond that the oldest second is forgotten, and quests as old as that are refused (200008).
"""


class Signatures:
    """Checks pid, sign, clock and replay, in this order.

    A sign holds its ts, so it need not be remembered longer than its ts is inside the window.

    Args:
        projects: the secret of each pid.
        clock: the gate's clock.
        window: how many seconds ts may be off, in both directions.
    """

    def __init__(self, projects: Mapping[int, str], clock: Clock, window: float) -> None:
        self._secrets = dict(projects)
        self._clock = clock
        self._window = window
        self._max_seen = MAX_SEEN
        self.forget()

    def forget(self) -> None:
        """Accept all signs anew."""
        self._seen: dict[int, set[bytes]] = {}
        self._number = 0
        self._floor = -(2**31)

    def project(self, params: dict[str, Any]) -> int:
        """The pid of a quest: 200001 when there is no such project."""
        pid = int32(params, "pid")
        if pid not in self._secrets:
            raise Refusal(RTM_ERROR.RTM_EC_INVALID_PID_OR_UID, f"there is no project {pid} at this gate")
        return pid

    def check(self, pid: int, method: str, params: dict[str, Any]) -> None:
        """Refuse a wrong sign (200002), a ts outside the window (200008), a sign that was used before (200006)."""
        sign = text(params, "sign")
        salt = int64(params, "salt")
        ts = int32(params, "ts")
        signed = f"{pid}:{self._secrets[pid]}:{salt}:{method}:{ts}".encode("utf-8", "surrogateescape")
        digest = md5(signed, usedforsecurity=False)
        expected = digest.hexdigest().upper().encode()
        if not compare_digest(expected, sign if isinstance(sign, bytes) else sign.encode()):
            raise Refusal(RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN, f"the sign is wrong: check the secret of project {pid}")
        late = int(self._clock.seconds()) - ts
        if abs(late) > self._window or ts <= self._floor:
            side = "behind" if late > 0 else "ahead of"
            explained = f"ts is {abs(late)} s {side} the clock of the gate, {self._window:g} s are allowed"
            raise Refusal(RTM_ERROR.RTM_EC_INVALID_SERVER_TIME, explained)
        seen = self._seen.get(ts)
        if seen is None:
            seen = self._open(ts)
        before = len(seen)
        seen.add(digest.digest())
        if len(seen) == before:
            raise Refusal(RTM_ERROR.RTM_EC_SAME_SIGN, "the sign was used before: use a new salt for each quest")
        self._number += 1
        if self._number > self._max_seen:
            self._drop(min(self._seen))

    def _open(self, ts: int) -> set[bytes]:
        oldest = self._clock.seconds() - self._window - 1
        for second in [second for second in self._seen if second < oldest]:
            self._number -= len(self._seen.pop(second))
        return self._seen.setdefault(ts, set())

    def _drop(self, second: int) -> None:
        self._number -= len(self._seen.pop(second))
        self._floor = max(self._floor, second)
