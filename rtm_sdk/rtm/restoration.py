"""What happens when the connection to the server gate comes and goes: subscriptions are restored, user code is told."""

from __future__ import annotations

import itertools
import logging
import os
import threading
from time import monotonic

from ..deadline import Deadline
from ..errors import CallFailed
from ..fpnn.link import Awaited, CannotConnect, Link
from .connection import RTMConnection
from .pushes import Pushes
from .subscriptions import Subscriptions

__all__ = ["Restoration"]

log = logging.getLogger("rtm_sdk.rtm")

_numbers = itertools.count(1)


class _Known:
    """A link, as user code knows it."""

    __slots__ = ("caused_by_error", "comes_back", "is_reconnect", "number")

    def __init__(self) -> None:
        self.number = 0  # nobody was told of it yet
        self.is_reconnect = False
        self.caused_by_error = True
        self.comes_back = True


class Restoration:
    """Watches the links of the connection to the server gate.

    Args:
        connection: that of the client; it is watched from now on.
        subscriptions: what is restored.
        pushes: tells user code, and is told of pings.
        ping_timeout: seconds without a `ping` of the service, after its first one, after which a connection with
            subscriptions is given up; None never does.
    """

    def __init__(
        self,
        connection: RTMConnection,
        subscriptions: Subscriptions,
        pushes: Pushes,
        ping_timeout: float | None,
    ) -> None:
        self._connection = connection
        self._gate = connection.server_gate
        self._subscriptions = subscriptions
        self._pushes = pushes
        self._ping_timeout = ping_timeout
        self._reset()
        self._gate.watcher = self
        pushes.pinged = self.pinged

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._links: dict[Link, _Known] = {}
        self._reconnecting = False
        self._newest: Link | None = None
        self._ping_link: Link | None = None
        self._pinged_at = 0.0
        self._waiting_for_ping = False
        self._pid = os.getpid()

    # ------------------------------------------------------------------ links, on whatever thread

    def prepare(self, link: Link, deadline: Deadline) -> None:
        """Subscribe again on a link that nobody uses yet. Raises `CallFailed`."""
        with self._lock:
            self._links[link] = _Known()
            self._newest = link
        for quest in self._subscriptions.link_is_up(link):
            call = Awaited(quest.method, self._connection.payload(quest), deadline.at)
            try:
                link.exchange(call, deadline)
            except CannotConnect:  # closed by this side
                raise
            except CallFailed as failure:
                log.warning("the subscriptions were not restored: %s", failure.error_code)
                raise

    def opened(self, link: Link) -> None:
        """Calls may use the link."""
        with self._lock:
            replaced = [other for other, known in self._links.items() if other is not link and known.number]
        for other in replaced:  # it is broken, but the thread that breaks it has not come to say so yet
            self.lost(other)
        with self._lock:
            known = self._links.get(link)
            if known is None:  # lost already
                return
            known.number = next(_numbers)
            known.is_reconnect, self._reconnecting = self._reconnecting, False
            self._pushes.tell("connected", known.number, self._gate.endpoint, True, known.is_reconnect)

    def not_opened(self) -> None:
        """An attempt to connect failed."""
        self._pushes.tell("connected", next(_numbers), self._gate.endpoint, False, self._reconnecting)

    def lost(self, link: Link) -> None:
        """A link broke, whether it was opened or not."""
        self._subscriptions.link_is_down(link)
        with self._lock:
            known = self._links.pop(link, None)
            if known is None or not known.number:
                return
            self._reconnecting = known.comes_back
            self._pushes.tell("closed", known.number, self._gate.endpoint, known.caused_by_error, known.is_reconnect)

    def leaving(self, *, comes_back: bool) -> None:
        """This side is about to close the connection.

        Args:
            comes_back: it will connect again at once.
        """
        if self._pid != os.getpid():
            self.forked()
        with self._lock:
            self._reconnecting = self._reconnecting and comes_back
            for known in self._links.values():
                known.caused_by_error = False
                known.comes_back = comes_back

    def forked(self) -> None:
        """In a forked child: there are no links yet."""
        self._reset()
        self._subscriptions.forked()
        self._pushes.forked()

    # ------------------------------------------------------------------ pings of the service

    def pinged(self) -> None:
        """The service sent a ping: from now on another one must come in time. On the thread that reads."""
        self._pinged_at = monotonic()
        self._ping_link = self._newest
        if self._ping_timeout is not None and not self._waiting_for_ping and self._subscriptions.any:
            self._waiting_for_ping = True
            self._gate.after(self._ping_timeout, self._look_for_ping, self._stop_waiting)

    def _look_for_ping(self, _: object) -> None:
        assert self._ping_timeout is not None
        link = self._newest
        silence = monotonic() - self._pinged_at
        if link is None or link is not self._ping_link or link.failure is not None or not self._subscriptions.any:
            self._waiting_for_ping = False
        elif silence >= self._ping_timeout:
            self._waiting_for_ping = False
            link.fail(f"the service sent no ping for {silence:.1f} s")
        else:
            self._gate.after(self._ping_timeout - silence, self._look_for_ping, self._stop_waiting)

    def _stop_waiting(self, _: object) -> None:
        self._waiting_for_ping = False
