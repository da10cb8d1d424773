"""Numbers that never repeat: message ids (`mid`) and the salts of signed quests.

An id is a positive int64: milliseconds since 2020 in the upper 41 bits, the node in the lower 22. The milliseconds are
those of the process's first id, one more for each further id: a clock that is set back does no harm. The node is the
process: a random number drawn once in the root of a tree of forked processes plus the process id. So forked siblings
always differ, and processes that know nothing of each other differ by chance.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from itertools import count
from os import getpid
from time import time_ns

__all__ = ["next_id"]

_EPOCH = 1_577_836_800_000
"""2020-01-01 UTC, ms: 41 bits last until 2089."""

_NODE_BITS = 22
_ROOT = secrets.randbits(_NODE_BITS)

_counters: dict[int, Callable[[], int]] = {}
"""By process id: a forked child finds none and makes its own, also where fork hooks are not called (uWSGI)."""


def next_id() -> int:
    """Make a new id. Any thread of any process may call it.

    Returns:
        An int from 1 to 2**63 - 1 that was not returned before, neither here nor in a process related by fork.
    """
    try:
        return _counters[getpid()]()
    except KeyError:
        return _new_counter()()


def _new_counter() -> Callable[[], int]:
    pid = getpid()
    first = (time_ns() // 1_000_000 - _EPOCH) << _NODE_BITS | (_ROOT + pid) % (1 << _NODE_BITS)
    return _counters.setdefault(pid, count(first, 1 << _NODE_BITS).__next__)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_counters.clear)
