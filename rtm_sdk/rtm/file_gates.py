"""Connections to file gates, kept for the next file: one at a time for each synchronous send, one shared by callback sends."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from ..fpnn.connection import Connection

__all__ = ["FileGates"]


class FileGates:
    """Keeps connections by endpoint and drops those that were idle too long, whenever it is used.

    Args:
        connect: makes a connection, which opens by itself.
        idle_seconds: how long a connection is kept without use.
    """

    def __init__(self, connect: Callable[[str], Connection], idle_seconds: float) -> None:
        self._connect = connect
        self._idle_seconds = idle_seconds
        self._new()

    def _new(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._idle: dict[str, list[tuple[Connection, float]]] = {}
        self._shared: dict[str, tuple[Connection, float]] = {}
        self.next_drop = float("inf")

    def _check_process(self) -> None:
        if self._pid != os.getpid():
            old = [*(each for kept in self._idle.values() for each in kept), *self._shared.values()]
            self._new()
            for connection, _ in old:
                connection.close(0.0)  # in a forked child this lets go of the parent's socket

    @contextmanager
    def borrowed(self, endpoint: str) -> Iterator[Connection]:
        """A connection that nobody else uses meanwhile."""
        self._check_process()
        self.drop_idle()
        with self._lock:
            kept = self._idle.get(endpoint)
            connection = kept.pop()[0] if kept else None
        if connection is None:
            connection = self._connect(endpoint)
        try:
            yield connection
        finally:
            with self._lock:
                self._idle.setdefault(endpoint, []).append((connection, monotonic()))
                self._note_use()

    def shared(self, endpoint: str) -> Connection:
        """The connection that all callback sends to this endpoint use; its reader thread sends one file after another."""
        self._check_process()
        self.drop_idle()
        with self._lock:
            kept = self._shared.get(endpoint)
            connection = kept[0] if kept else self._connect(endpoint)
            self._shared[endpoint] = connection, monotonic()
            self._note_use()
        return connection

    def _note_use(self) -> None:
        self.next_drop = min(self.next_drop, monotonic() + self._idle_seconds)

    def drop_idle(self) -> None:
        """Close the connections that nobody used for too long."""
        now = monotonic()
        if now < self.next_drop:
            return
        dropped: list[Connection] = []
        with self._lock:
            oldest = now - self._idle_seconds
            soonest = float("inf")
            for endpoint, kept in list(self._idle.items()):
                dropped += [connection for connection, used in kept if used <= oldest]
                still = [(connection, used) for connection, used in kept if used > oldest]
                soonest = min([soonest, *(used + self._idle_seconds for _, used in still)])
                if still:
                    self._idle[endpoint] = still
                else:
                    del self._idle[endpoint]
            for endpoint, (connection, used) in list(self._shared.items()):
                if used <= oldest and not connection.busy:
                    dropped.append(connection)
                    del self._shared[endpoint]
                else:
                    soonest = min(soonest, max(used + self._idle_seconds, now + 1.0))
            self.next_drop = soonest
        for connection in dropped:
            connection.close()

    def close(self, timeout: float) -> None:
        """Close all that is kept."""
        self._check_process()
        with self._lock:
            kept = [*(each for kept in self._idle.values() for each in kept), *self._shared.values()]
            self._idle = {}
            self._shared = {}
            self.next_drop = float("inf")
        for connection, _ in kept:
            connection.close(timeout)

    def __repr__(self) -> str:
        return f"<FileGates {sorted({*self._idle, *self._shared})}>"
