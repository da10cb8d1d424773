"""Numbers that never repeat: message ids (`mid`) and the salts of signed quests.

An id is a positive int64: milliseconds since 2020 in the upper 41 bits, the node in the lower 22. The milliseconds
are those of a virtual clock, one for each process, that takes a step with every id and never goes back: a burst runs
ahead of the real clock, and a real clock that is set back does no harm. The node is the process: a random number
drawn once in the root of a tree of forked processes plus the process id, so forked siblings always differ and
processes that know nothing of each other differ by chance.
"""

from __future__ import annotations

import os
import secrets
from os import getpid
from threading import Lock
from time import time_ns

__all__ = ["next_id"]

_EPOCH = 1_577_836_800_000
"""2020-01-01 UTC, ms: 41 bits last until 2089."""

_NODE_BITS = 22
_ROOT = secrets.randbits(_NODE_BITS)


class _Clock:
    """The virtual clock of one process."""

    __slots__ = ("last", "lock", "node")

    def __init__(self, pid: int) -> None:
        self.lock = Lock()
        self.last = 0
        self.node = (_ROOT + pid) % (1 << _NODE_BITS)


_clocks: dict[int, _Clock] = {}
"""By process id: a forked child finds no clock and makes its own, also where fork hooks are not called (uWSGI)."""


def next_id() -> int:
    """Make a new id. Any thread of any process may call it.

    Returns:
        An int from 1 to 2**63 - 1 that was not returned before, neither here nor in a process related by fork.
    """
    pid = getpid()
    clock = _clocks.get(pid)
    if clock is None:
        clock = _clocks.setdefault(pid, _Clock(pid))
    with clock.lock:
        last = clock.last + 1
        now = time_ns() // 1_000_000 - _EPOCH
        if last < now:
            last = now
        clock.last = last
    return last << _NODE_BITS | clock.node


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_clocks.clear)
