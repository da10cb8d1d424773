"""Connections to file gates, kept for the next file: one for each synchronous send, one shared by callback sends."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from ..deadline import Deadline
from ..errors import FPNN_ERROR, ErrorCode
from ..fpnn.connection import Connection
from ..fpnn.link import CannotConnect

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
        self._lock = threading.Lock()
        self._lent: set[Connection] = set()
        self._idle: dict[str, list[tuple[Connection, float]]] = {}
        self._shared: dict[str, tuple[Connection, float]] = {}
        self._next_drop = math.inf
        self._pid = os.getpid()

    def _all(self) -> list[Connection]:
        kept = [*(each for idle in self._idle.values() for each in idle), *self._shared.values()]
        return [*self._lent, *(connection for connection, _ in kept)]

    def _check_process(self) -> None:
        if self._pid != os.getpid():
            old = self._all()
            self._new()
            for connection in old:
                connection.close(0.0)  # in a forked child this lets go of the parent's socket

    def _open(self, endpoint: str) -> Connection:
        try:
            return self._connect(endpoint)
        except ValueError as error:
            text = f"the service names a file gate that cannot be one: {error}; nothing was sent to it"
            raise CannotConnect(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION, text)) from None

    @contextmanager
    def borrowed(self, endpoint: str) -> Iterator[Connection]:
        """A connection that nobody else uses meanwhile."""
        self._check_process()
        self.drop_idle()
        with self._lock:
            lent = self._lent
            kept = self._idle.get(endpoint)
            connection = kept.pop()[0] if kept else self._open(endpoint)
            lent.add(connection)
        try:
            yield connection
        finally:
            with self._lock:
                lent.remove(connection)
                kept_open = self._lent is lent
                if kept_open:
                    self._idle.setdefault(endpoint, []).append((connection, monotonic()))
                    self._note_use()
            if not kept_open:  # closed meanwhile
                connection.close()

    def shared(self, endpoint: str) -> Connection:
        """The connection of all callback sends to this endpoint; its reader thread sends one file after another."""
        self._check_process()
        self.drop_idle()
        with self._lock:
            kept = self._shared.get(endpoint)
            connection = kept[0] if kept else self._open(endpoint)
            self._shared[endpoint] = connection, monotonic()
            self._note_use()
        return connection

    def _note_use(self) -> None:
        self._next_drop = min(self._next_drop, monotonic() + self._idle_seconds)

    def drop_idle(self) -> None:
        """Close the connections that nobody used for too long."""
        now = monotonic()
        if now < self._next_drop:
            return
        dropped: list[Connection] = []
        with self._lock:
            oldest = now - self._idle_seconds
            soonest = math.inf
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
            self._next_drop = soonest
        for connection in dropped:
            connection.close()

    def close(self, deadline: Deadline) -> None:
        """Close all of them, those in use too."""
        self._check_process()
        with self._lock:
            connections = self._all()
            self._lent = set()
            self._idle = {}
            self._shared = {}
            self._next_drop = math.inf
        for connection in connections:
            connection.close(max(0.0, deadline.remaining()))

    def __repr__(self) -> str:
        return f"<FileGates {sorted({*self._idle, *self._shared})}>"
