"""The reader thread of one connection: writes the quests of callback calls in batches, reads for everybody, keeps time.

It starts with the first callback call and ends when nothing has been outstanding for a while. Connecting can take
long, so that a helper thread does it while this one keeps the deadlines.
"""

from __future__ import annotations

import logging
import math
import selectors
import socket
import threading
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING

from ..deadline import Deadline
from ..errors import FPNN_ERROR, CallFailed, ErrorCode
from .link import Awaited, CannotConnect, Link, Pending, timed_out
from .session import Answer

if TYPE_CHECKING:
    from .connection import Connection

__all__ = ["ReaderThread"]

log = logging.getLogger("rtm_sdk.fpnn")

LINGER_SECONDS = 5.0
BATCH_BYTES = 128 * 1024
LONGEST_WAIT = 3600.0
LONGEST_PAUSE = 120.0

_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


class ReaderThread:
    """One run of the reader thread.

    Args:
        connection: what it reads for; its `waiting` calls are taken from there.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._thread = threading.Thread(target=self._run, name=f"rtm-reader {connection.endpoint}", daemon=True)
        self._bell, self._ringer = socket.socketpair()
        self._bell.setblocking(False)
        self._ringer.setblocking(False)
        self._rung = False
        self._stopping = False
        self._calls: deque[Pending] = deque()
        self._left: deque[Pending] = deque()
        self._timers: list[Pending] = []
        self._next_expiry = math.inf
        self._link: Link | None = None
        self._reading = False
        self._watched = 0
        self._connecting = False
        self._connector: threading.Thread | None = None
        self._tried_at = -math.inf
        self._tried = False
        self._closed = connection.closed
        self._last_work = monotonic()

    # ------------------------------------------------------------------ any thread

    def start(self) -> bool:
        """Start the thread. False when the interpreter is ending and starts none."""
        try:
            self._thread.start()
        except RuntimeError:
            self.abandon()
            return False
        return True

    def rouse(self) -> None:
        """There is something to do."""
        if not self._rung:
            self._rung = True
            try:
                self._ringer.send(b"!")
            except OSError:
                pass

    def stop(self) -> None:
        """End soon and answer what waits. The connection's lock must be held, so that no later call comes here."""
        waiting = self.connection.waiting
        while waiting:
            try:
                self._left.append(waiting.popleft())
            except IndexError:  # the thread was faster
                break
        self._stopping = True
        self._rung = False
        self.rouse()

    def join(self, timeout: float) -> None:
        """Wait for the thread to end, unless it is the caller."""
        deadline = Deadline(timeout)
        if self._thread is not threading.current_thread():
            self._thread.join(timeout)
        connector = self._connector
        if connector is not None and connector is not threading.current_thread() and connector.ident is not None:
            connector.join(max(0.0, deadline.remaining()))

    def abandon(self) -> None:
        """The thread does not run: let its sockets go."""
        self._bell.close()
        self._ringer.close()

    # ------------------------------------------------------------------ the reader thread

    def _run(self) -> None:
        try:
            with _Selector() as selector:
                selector.register(self._bell, selectors.EVENT_READ)
                while self._turn(selector):
                    pass
        except Exception:
            log.exception("the reader thread of %s failed", self.connection.endpoint)
            if self._link is not None:
                self._link.fail("the reader thread failed")
        finally:
            self._drop_link(None)
            while not self.connection.reader_ends(self):
                self._take_calls()
            self._answer_all("the connection was closed")
            self.abandon()

    def _turn(self, selector: selectors.BaseSelector) -> bool:
        """One round: take calls, write, wait, read. False when there is no more to do."""
        connection = self.connection
        self._rung = False
        if not self._stopping:
            self._take_calls()
        if self._stopping:
            self._drop_link(selector)
            return False
        now = monotonic()
        if self._link is not None and self._link.failure is not None:
            self._drop_link(selector)
        link = self._link
        if link is None:
            link = self._link = connection.link
        wait = self._expire(now)
        if link is not None:
            if not self._reading:
                link.rouse_reader = self.rouse
                link.driven = True
                self._reading = link.read_lock.acquire(False)
            all_written = link.write_batch(self._calls, BATCH_BYTES)
            wait = min(wait, link.beat(now))
            self._watch(selector, link, all_written)
            if (self._calls and all_written) or link.failure is not None:
                wait = 0.0
        elif self._calls or connection.keep_open:
            wait = min(wait, self._connect(now))
        if self._calls or self._timers or connection.keep_open or self._last_work > now:
            self._last_work = now
        else:
            rest = self._last_work + LINGER_SECONDS - now
            if rest > 0:
                wait = min(wait, rest)
            elif link is not None and link.has_callbacks():
                self._last_work = now
            else:
                self._drop_link(selector)
                return not connection.reader_ends(self)
        ready = selector.select(max(0.0, min(wait, LONGEST_WAIT)))
        for key, events in ready:
            if key.fileobj is self._bell:
                self._bell.recv(4096)
            elif events & selectors.EVENT_READ and link is not None:
                link.receive_now()
        return True

    def _take_calls(self) -> None:
        waiting, calls = self.connection.waiting, self._calls
        soonest = self._next_expiry
        try:
            for _ in range(len(waiting)):
                call = waiting.popleft()
                if call.method:
                    calls.append(call)
                else:
                    self._timers.append(call)
                if call.expires < soonest:
                    soonest = call.expires
                self._last_work = math.inf  # for this turn
        except IndexError:  # close() was faster
            pass
        self._next_expiry = soonest

    def _watch(self, selector: selectors.BaseSelector, link: Link, all_written: bool) -> None:
        """Wait for what the link needs: bytes to read, room to write."""
        wanted = (selectors.EVENT_READ if self._reading else 0) | (0 if all_written else selectors.EVENT_WRITE)
        if wanted == self._watched or link.failure is not None:
            return
        if not self._watched:
            try:
                selector.register(link, wanted)
            except ValueError:  # another thread has just closed it
                return
        elif wanted:
            selector.modify(link, wanted)
        else:
            selector.unregister(link)
        self._watched = wanted

    def _drop_link(self, selector: selectors.BaseSelector | None) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        if self._watched and selector is not None:
            selector.unregister(link)
        self._watched = 0
        link.rouse_reader = None
        link.driven = False
        if self._reading:
            self._reading = False
            link.stop_reading()
        else:
            link.pass_on()

    # ------------------------------------------------------------------ connecting

    def _connect(self, now: float) -> float:
        """See to it that somebody connects. Returns the seconds until there is something to do here."""
        if self._connecting:
            return math.inf
        connect_at = self._next_attempt()
        if now >= connect_at:
            self._tried_at = now
            self._connecting = True
            self._connector = threading.Thread(
                target=self._open_link, name=f"rtm-connect {self.connection.endpoint}", daemon=True
            )
            try:
                self._connector.start()
            except RuntimeError:  # the interpreter is ending and starts no thread
                self._open_link()
            return math.inf
        return connect_at - now

    def _next_attempt(self) -> float:
        """When the next attempt to connect is due."""
        due = self.connection.not_before
        if self._calls:  # a call does not wait for the end of a long pause
            due = min(due, self._tried_at + self.connection.strategy.first_interval_seconds)
        return due

    def _open_link(self) -> None:
        try:
            self.connection.try_to_open(self._closed)
        except Exception:
            log.exception("connecting to %s failed", self.connection.endpoint)
            self.connection.not_before = monotonic() + LONGEST_PAUSE
        self._tried = True
        self._connecting = False
        self.rouse()
        if self._connector is threading.current_thread():  # not so when no thread could be started
            self.connection.tell_if_reconnected()

    # ------------------------------------------------------------------ time

    def _expire(self, now: float) -> float:
        """Answer the calls whose time is over. Returns the seconds until the next one's is."""
        tried, self._tried = self._tried, False
        if now < self._next_expiry and not tried:
            return self._next_expiry - now
        soonest = math.inf
        due: list[tuple[Pending, ErrorCode | None]] = []
        hopeless = now
        if tried and self._link is None:  # the attempt failed: who cannot wait for the next one is told so
            hopeless = max(now, self._next_attempt()) if self.connection.auto_connect else math.inf
        for waiting in (self._timers, self._calls):
            for call in [call for call in waiting if call.expires <= (hopeless if call.method else now)]:
                waiting.remove(call)
                due.append((call, self.connection.not_connected() if call.method else None))
        link = self._link
        if link is not None:
            for seq, call in link.pending.copy().items():
                if not isinstance(call, Awaited) and call.expires <= now and link.pending.pop(seq, None) is not None:
                    due.append((call, timed_out(call)))
        for call in (*self._timers, *self._calls, *(link.pending.copy().values() if link is not None else ())):
            soonest = min(soonest, call.expires)
        self._next_expiry = soonest
        for call, error in due:
            if error is None:
                call.complete(Answer(0, 0, {}))
            else:
                call.complete(CallFailed(error) if call.written else CannotConnect(error))
        return max(0.0, self._next_expiry - now)

    def _answer_all(self, reason: str) -> None:
        error = ErrorCode(FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION, f"{reason}; nothing was sent")
        for call in (*self._timers, *self._calls, *self._left):
            call.complete(CannotConnect(error))
        self._timers.clear()
        self._calls.clear()
        self._left.clear()
