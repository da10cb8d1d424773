"""A connection to one endpoint that opens with the first call, comes back when it breaks, and survives a fork.

Synchronous calls run in their own thread, on the current `Link`. The reader thread (`reader.py`) exists only while
callbacks are outstanding or the connection is to be kept open for pushes.
"""

from __future__ import annotations

import math
import os
import socket
import threading
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from os import getpid
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from ..deadline import Deadline
from ..endpoint import parse_endpoint
from ..errors import FPNN_ERROR, CallFailed, ErrorCode
from ..sockets import LONGEST_WAIT, open_socket
from .frames import DEFAULT_MAX_FRAME, FrameError
from .link import Awaited, CannotConnect, Continued, Handler, Link, Pending
from .session import Answer, Event, Session
from .strategy import KeepAlive, RegressiveStrategy

if TYPE_CHECKING:
    from .encryption import Encryption
    from .reader import ReaderThread

__all__ = ["Connection", "LinkWatcher"]

_FRAME_OVERHEAD = 16 + 255


class LinkWatcher(Protocol):
    """Is told of the links of a connection, on whatever thread. Only `prepare` may wait."""

    def prepare(self, link: Link, deadline: Deadline) -> None:
        """A link is connected and nobody uses it yet. Raises `CallFailed` to give it up."""

    def opened(self, link: Link) -> None:
        """Calls may use the link."""

    def not_opened(self) -> None:
        """An attempt to connect failed."""

    def lost(self, link: Link) -> None:
        """A link broke, whether it was opened or not."""

    def forked(self) -> None:
        """This is a forked child: there are no links."""


class Connection:
    """Calls methods of a peer.

    Args:
        endpoint: `host:port`, an IPv6 literal in brackets. The name is resolved anew at each attempt to connect.
        encryption: settings of the key exchange; None connects in clear.
        connect_timeout: seconds for one attempt to connect, key exchange included.
        keep_alive: when to ping a silent peer; None never does.
        strategy: how long to wait between attempts.
        max_frame: largest frame in bytes, header included, in both directions.
        handlers: what answers quests of the peer, by method name; other methods are answered with 20004.
        on_reconnected: called with the endpoint when a link was opened in place of one that broke, by the thread that
            opened it and may call user code.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        encryption: Encryption | None = None,
        connect_timeout: float = 30.0,
        keep_alive: KeepAlive | None = KeepAlive(),
        strategy: RegressiveStrategy = RegressiveStrategy(),
        max_frame: int = DEFAULT_MAX_FRAME,
        handlers: Mapping[str, Handler] | None = None,
        on_reconnected: Callable[[str], None] | None = None,
    ) -> None:
        parse_endpoint(endpoint)
        self.endpoint = endpoint
        self.encryption = encryption
        self.connect_timeout = connect_timeout
        self.keep_alive = keep_alive
        self.strategy = strategy
        self.max_frame = max_frame
        self.handlers: Mapping[str, Handler] = handlers or {}
        self.on_reconnected = on_reconnected
        self.watcher: LinkWatcher | None = None
        self.keep_open = False
        self.auto_connect = True
        self._link: Link | None = None
        self._preparing: Link | None = None
        self._reader: ReaderThread | None = None
        self._failures = 0
        self._new_locks()
        _connections.add(self)

    def _new_locks(self) -> None:
        self.lock = threading.Lock()
        self._opening = threading.Lock()
        self._attempts = 0
        self.not_before = self._in(0.0)  # when the next attempt to connect is due, by the strategy
        self._last_error = ""
        self._reconnected = False
        self.closed = threading.Event()
        self.waiting: deque[Pending] = deque()
        self._pid = getpid()  # last: another thread of the child may look at it meanwhile

    def _after_fork(self) -> None:
        """In the child: forget the parent's sockets, threads and waiting calls."""
        links, self._link, self._preparing = (self._link, self._preparing), None, None
        reader, self._reader = self._reader, None
        self.keep_open = False
        self._new_locks()
        for link in links:
            if link is not None:
                link.abandon()
        if reader is not None:
            reader.abandon()
        if self.watcher is not None:
            self.watcher.forked()

    # ------------------------------------------------------------------ calls

    def call(
        self, method: str, payload: bytes, deadline: Deadline, *, content: Any = None, extra: int = 0
    ) -> dict[str, Any]:
        """Send a quest and wait for its answer in this thread.

        Args:
            method: name of the method.
            payload: packed parameters.
            deadline: for all of it, connecting included.
            content: bytes of the payload that follow `payload`, in chunks.
            extra: how many bytes `content` gives.

        Returns:
            The parameters of the answer.

        Raises:
            CallFailed: with 20012 when nothing was sent, 20002 when the connection broke, 20003 when no answer came in
                time, or the peer's own error.
        """
        if self._pid != getpid():
            self._after_fork()
        if len(payload) + extra + _FRAME_OVERHEAD > self.max_frame:
            self._check_size(method, payload, extra)
        link = self._link
        if link is None or link.failure is not None:
            link = self.open(deadline)
        call = Awaited(method, payload, deadline.at, content=content, extra=extra)
        try:
            return link.exchange(call, deadline)
        except CallFailed:
            raise
        except BaseException:
            # A signal handler raised. Nobody knows which lock is held, so nothing may go on with this link.
            if not call.asleep:
                link.fail("a thread was interrupted in the middle of a call")
            raise

    def begin(self, call: Pending, deadline: Deadline) -> None:
        """Send a quest and go on: `call.complete` gets the outcome, once, on any thread. Raises `CallFailed`."""
        if self._pid != getpid():
            self._after_fork()
        if len(call.payload) + call.extra + _FRAME_OVERHEAD > self.max_frame:
            self._check_size(call.method, call.payload, call.extra)
        if not self.auto_connect and not self.connected:
            raise CannotConnect(self.not_connected())
        self._hand_over(call, deadline)

    def after(self, seconds: float, resume: Callable[[Any], None], failed: Callable[[CallFailed], None]) -> None:
        """Call `resume` after a while on the reader thread, or `failed` when the connection is closed meanwhile."""
        self._hand_over(Continued("", b"", monotonic() + seconds, resume, failed), Deadline(seconds))

    def pause(self, seconds: float) -> None:
        """Sleep, but not beyond a `close()`."""
        if seconds > 0:
            self.closed.wait(seconds)

    @property
    def busy(self) -> bool:
        """True while calls wait or the reader thread runs."""
        link = self._link
        return self._reader is not None or bool(self.waiting) or (link is not None and bool(link.pending))

    def hold_open(self, keep_open: bool) -> None:
        """Keep the connection open for quests of the peer, and connect again when it breaks, until told otherwise."""
        if self._pid != getpid():
            self._after_fork()
        with self.lock:
            self.keep_open = keep_open
            reader = self._reading()
            if reader is not None:
                reader.rouse()

    def _hand_over(self, call: Pending, deadline: Deadline) -> None:
        self.waiting.append(call)
        reader = self._reader  # looked at after the call is in place; a reader that ends looks the other way round
        if reader is None:
            with self.lock:
                reader = self._reading()
                if reader is None:
                    self.waiting.remove(call)
        if reader is not None:
            reader.rouse()
        else:
            self._call_here(call, deadline)

    def _reading(self) -> ReaderThread | None:
        """The reader thread, started if need be; None when none can be had, as when the interpreter is ending."""
        if self._reader is None:
            from .reader import ReaderThread

            try:
                reader = ReaderThread(self)
            except OSError:  # no more files to be had
                return None
            if reader.start():
                self._reader = reader
        return self._reader

    def _call_here(self, call: Pending, deadline: Deadline) -> None:
        outcome: Answer | CallFailed = Answer(0, 0, {})
        if not call.method:
            self.pause(deadline.remaining())
        else:
            try:
                params = self.call(call.method, call.payload, deadline, content=call.content, extra=call.extra)
                outcome = Answer(0, 0, params)
            except CallFailed as failure:
                outcome = failure
        call.complete(outcome)

    def _check_size(self, method: str, payload: bytes, extra: int) -> None:
        if len(payload) + extra + 16 + len(method.encode()) > self.max_frame:
            raise CallFailed(
                ErrorCode(
                    FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE,
                    f"{method}: a frame with {len(payload) + extra} bytes of payload is over the limit of"
                    f" {self.max_frame} bytes; send less, or raise max_frame here and on the gate. Nothing was sent",
                )
            )

    # ------------------------------------------------------------------ opening

    @property
    def link(self) -> Link | None:
        """The usable link, if there is one."""
        link = self._link
        return link if link is not None and link.failure is None else None

    @property
    def connected(self) -> bool:
        """True while a link is up."""
        return self._pid == getpid() and self.link is not None

    def connect_by_itself(self, allowed: bool) -> None:
        """Say whether to connect when a call or an open connection needs it, or only when `reconnect` is called."""
        with self.lock:
            self.auto_connect = allowed
            self.not_before = self._in(0.0)
            if self._reader is not None:
                self._reader.rouse()

    def reconnect(self, deadline: Deadline) -> None:
        """Close the link, if there is one, and connect anew without a pause. Raises `CallFailed`."""
        if self._pid != getpid():
            self._after_fork()
        link = self._link
        if link is not None:
            link.fail("the connection was closed by this side, to connect anew")
        with self.lock:
            self._failures = 0
            self.not_before = self._in(0.0)
        self.open(deadline, asked=True)

    def open(self, deadline: Deadline, *, asked: bool = False) -> Link:
        """Return the usable link, connecting as often as the deadline and the strategy allow. Raises `CallFailed`.

        Args:
            deadline: for all attempts.
            asked: connect even if the connection does not connect by itself.
        """
        closed = self.closed
        while True:
            link = self._attempt(deadline, closed, asked)
            if link is not None:
                self.tell_if_reconnected()
                return link
            pause = max(0.0, self.not_before - monotonic())
            if self.auto_connect or asked:  # a call that waits does not wait for the end of a long pause
                pause = min(pause, self.strategy.first_interval_seconds)
            if closed.is_set() or pause >= deadline.remaining():
                raise CannotConnect(self.not_connected())
            closed.wait(pause)

    def try_to_open(self, closed: threading.Event) -> None:
        """One attempt to connect, unless `closed` is set."""
        self._attempt(Deadline(self.connect_timeout), closed)

    def tell_if_reconnected(self) -> None:
        """Call `on_reconnected` if a link was opened in place of one that broke. By a thread that holds no lock."""
        with self.lock:
            reconnected, self._reconnected = self._reconnected, False
        if reconnected and self.on_reconnected is not None:
            self.on_reconnected(self.endpoint)

    def not_connected(self) -> ErrorCode:
        """The error of a call that could not be sent for want of a connection."""
        hint = "" if self.auto_connect else "; it does not connect by itself, call reconnect()"
        return ErrorCode(
            FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION,
            f"cannot connect to {self.endpoint}: {self._last_error or 'it was not tried'}{hint}; nothing was sent",
        )

    def _attempt(self, deadline: Deadline, closed: threading.Event, asked: bool = False) -> Link | None:
        """One attempt to connect, made by one thread for all that want it; the others share its outcome."""
        attempt = self._attempts
        opening = self._opening
        try:
            acquired = opening.acquire(timeout=max(0.0, deadline.remaining()))
        except BaseException:  # a signal handler raised: nobody knows whether the lock is held
            self._opening = threading.Lock()
            raise
        if not acquired:
            self._last_error = self._last_error or "another attempt to connect is still under way"
            return None
        try:
            if self.link is not None:
                return self.link
            if self._attempts != attempt or closed.is_set():
                return None
            if not (self.auto_connect or asked):
                return None
            try:
                link = self._connect(Deadline(min(self.connect_timeout, max(0.0, deadline.remaining()))), closed)
            except (OSError, FrameError, UnicodeError) as error:
                self._last_error = str(error) or type(error).__name__
                if monotonic() >= self.not_before:  # an attempt out of turn, for a new call, does not count
                    self._failures += 1
                    self._put_off()
                if self.watcher is not None and not closed.is_set():
                    self.watcher.not_opened()
                return None
            finally:
                self._attempts += 1
            with self.lock:
                in_time = not closed.is_set()
                if in_time:
                    self._reconnected = self._link is not None
                    self._link = link
                    if self._reader is not None:
                        self._reader.rouse()
            if not in_time:
                link.fail("the connection was closed by this side")
                return None
            if self.watcher is not None:
                self.watcher.opened(link)
            return link
        finally:
            opening.release()

    def _connect(self, deadline: Deadline, closed: threading.Event) -> Link:
        session = Session.client(max_frame=self.max_frame, encryption=self.encryption)
        sock = open_socket(self.endpoint, deadline, closed)
        try:
            early = self._exchange_keys(sock, session, deadline, closed) if self.encryption is not None else []
            link = Link(sock, session, self.handlers, self.keep_alive, self._lost)
        except BaseException:
            sock.close()
            raise
        link.hand_out(early)
        if self.watcher is not None and link.failure is None:
            self._prepare(self.watcher, link, deadline, closed)
        if link.failure is not None:
            raise OSError(link.failure.message)
        return link

    def _prepare(self, watcher: LinkWatcher, link: Link, deadline: Deadline, closed: threading.Event) -> None:
        self._preparing = link
        if closed.is_set():  # looked at after close() could see the link
            link.fail("the connection was closed by this side")
            return
        try:
            watcher.prepare(link, deadline)
        except CallFailed as failure:
            link.fail(f"it could not be made ready: {failure.error_code}")
        except BaseException:
            link.fail("it could not be made ready")
            raise
        finally:
            self._preparing = None

    def _exchange_keys(
        self, sock: socket.socket, session: Session, deadline: Deadline, closed: threading.Event
    ) -> list[Event]:
        """Open the encryption. Returns what the peer sent in one go with its proof."""
        sock.settimeout(max(0.001, deadline.remaining()))
        sock.sendall(session.opening())
        events: list[Event] = []
        while not session.ready:
            if deadline.expired:
                raise OSError("no answer to the key exchange in time")
            if closed.is_set():
                raise OSError("the connection was closed by this side")
            sock.settimeout(max(0.001, min(deadline.remaining(), LONGEST_WAIT)))
            try:
                data = sock.recv(4096)
            except TimeoutError:
                continue
            if not data:
                raise OSError("the peer closed the connection at the key exchange: is its key another one?")
            events += session.receive(data)
        return events

    def _lost(self, link: Link) -> None:
        """A link broke: count it as a failure when it did not live long."""
        if self.watcher is not None:
            self.watcher.lost(link)
        if link is not self._link:
            return
        lived = (monotonic() - link.born) * 1000
        if lived >= self.strategy.connect_failed_max_interval_milliseconds:
            self._failures = 0
        else:
            self._failures += 1
        self._last_error = link.failure.message if link.failure else ""
        self._put_off()

    def _put_off(self) -> None:
        """After a failure: settle when to connect again."""
        self.not_before = self._in(self.strategy.jittered_pause(self._failures))

    def _in(self, seconds: float) -> float:
        return monotonic() + seconds if self.auto_connect else math.inf

    # ------------------------------------------------------------------ the end

    def reader_ends(self, reader: ReaderThread) -> bool:
        """The reader thread asks whether it may end: not while a call waits for it."""
        with self.lock:
            if self._reader is not reader:
                return True
            self._reader = None
            if self.waiting:
                self._reader = reader
                return False
            return True

    def close(self, timeout: float = 5.0) -> None:
        """Close the connection: waiting calls get 20002 or 20012, waiting retries end. A later call opens it again.

        Args:
            timeout: seconds to wait for the reader thread to end.
        """
        if self._pid != getpid():
            self._after_fork()
        with self.lock:
            closed, self.closed = self.closed, threading.Event()
            closed.set()
            self.keep_open = False
            self._failures = 0
            self.not_before = self._in(0.0)
            self._last_error = "the connection was closed by this side"
            link, self._link = self._link, None
            preparing, self._preparing = self._preparing, None
            reader, self._reader = self._reader, None
            if reader is not None:
                reader.stop()
        for each in (link, preparing):
            if each is not None:
                each.fail("the connection was closed by this side", final=True)
        if reader is not None:
            reader.join(timeout)

    def __repr__(self) -> str:
        state = "connected" if self.connected else "not connected"
        return f"<Connection to {self.endpoint}, {state}{', encrypted' if self.encryption else ''}>"


_connections: weakref.WeakSet[Connection] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for connection in list(_connections):
        connection._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
