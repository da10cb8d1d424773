"""The back end ``gate``: a gate in this process."""

from __future__ import annotations

import atexit
import os
import threading
from typing import TYPE_CHECKING

from ..workers import flush_at_exit

if TYPE_CHECKING:
    from ..gate import Gate

__all__ = ["local_gate"]

_gate: Gate | None = None
_starting: dict[int, threading.Lock] = {}
"""By process id: a lock that was held at the fork stays locked in the child."""


def local_gate() -> Gate:
    """The gate of this process; it is started when it does not run, and keeps everything in memory.

    Clients in forked children use the gate of the parent, as long as that lives. A gate that was stopped is started
    again, at the same address, when this is called, or when a client is made.

    Raises:
        ImportError: the extra `gate` is not installed.
    """
    global _gate
    with _starting.setdefault(os.getpid(), threading.Lock()):
        if _gate is None:
            from ..gate import Gate

            _gate = Gate()
            atexit.register(_end, _gate, os.getpid())
        if not _gate.running:
            _gate.start()
        return _gate


def _end(gate: Gate, process: int) -> None:
    if os.getpid() == process and gate.running:
        flush_at_exit()  # callbacks that are owed: without the gate they would fail
        gate.stop()
