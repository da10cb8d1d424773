"""One TCP connection to a peer, from the moment it is usable until it breaks: who writes, who reads, who waits.

Any thread may write; one lock orders them. Whoever waits for an answer and finds nobody reading reads for all
(`_lead`); the others sleep until their answer is there or it is their turn to read (`_follow`). A reader thread, where
there is one, takes over the reading (`driven`). No user code runs here.
"""

# mypy: disable-error-code="unreachable"
# `failure` and `outcome` are set by other threads, which mypy cannot see.

from __future__ import annotations

import logging
import math
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from time import monotonic
from typing import Any

from ..deadline import Deadline
from ..errors import FPNN_ERROR, CallFailed, ErrorCode
from ..sockets import set_patience, split_socket, wait_for_socket
from .frames import FrameError
from .session import Answer, QuestArrived, Session, error_of
from .strategy import KeepAlive

__all__ = ["AnsweredFirst", "Awaited", "CannotConnect", "Continued", "Handler", "Link", "Pending", "timed_out"]

log = logging.getLogger("rtm_sdk.fpnn")

RECEIVE_SIZE = 64 * 1024
LONGEST_SLEEP = 1.0
LONGEST_WRITE = 0.02
"""Seconds after which writing a file is interrupted, to look at the clock and to read."""
MOST_REPLIES = 1000
REPLIES_AT_ONCE = 64 * 1024
"""Bytes of answers that go out in one write, or a few more."""
EMPTY_PAYLOAD = b"\x80"
EMPTY: dict[str, Any] = {}


class AnsweredFirst:
    """In the place of a handler: the quest is answered with an empty map, then `take` gets its parameters."""

    __slots__ = ("take",)

    def __init__(self, take: Callable[[dict[str, Any]], object]) -> None:
        self.take = take


Handler = Callable[[dict[str, Any]], Mapping[str, Any]] | AnsweredFirst
"""What answers a quest of the peer: parameters in, answer out. It must not wait."""

Content = Iterator[bytes]


class CannotConnect(CallFailed):
    """Trying on is no use: no connection within the deadline, closed by this side, or a file that cannot be read."""


class Pending:
    """A quest on its way. Nobody waits for the answer to a plain one (`*ping`); the classes derived from it do."""

    __slots__ = ("content", "expires", "extra", "method", "payload", "written")

    def __init__(
        self, method: str, payload: bytes, expires: float, *, content: Content | None = None, extra: int = 0
    ) -> None:
        self.method = method
        self.payload = payload
        self.expires = expires
        self.content = content
        self.extra = extra
        self.written = False

    def complete(self, outcome: Answer | CallFailed) -> None:
        """Take the answer, or why there is none; called once, on any thread."""


class Awaited(Pending):
    """A thread sleeps until the answer is there, or reads it itself."""

    __slots__ = ("asleep", "outcome", "wake")

    def __init__(
        self, method: str, payload: bytes, expires: float, *, content: Content | None = None, extra: int = 0
    ) -> None:
        super().__init__(method, payload, expires, content=content, extra=extra)
        self.outcome: Answer | CallFailed | None = None
        self.wake: threading.Lock | None = None
        self.asleep = False

    def complete(self, outcome: Answer | CallFailed) -> None:
        self.outcome = outcome
        if self.wake is not None:
            self.rouse()

    def rouse(self) -> None:
        wake = self.wake
        if wake is not None:
            try:
                wake.release()
            except RuntimeError:
                pass  # roused already; it looks at everything when it runs


class Continued(Pending):
    """With code to go on: `resume` takes the parameters of the answer, or `failed` the `CallFailed`."""

    __slots__ = ("failed", "resume")

    def __init__(
        self,
        method: str,
        payload: bytes,
        expires: float,
        resume: Callable[[Any], object],
        failed: Callable[[CallFailed], object],
        *,
        content: Content | None = None,
        extra: int = 0,
    ) -> None:
        super().__init__(method, payload, expires, content=content, extra=extra)
        self.resume = resume
        self.failed = failed

    def complete(self, outcome: Answer | CallFailed) -> None:
        if isinstance(outcome, CallFailed):
            self.failed(outcome)
        elif outcome.status:
            self.failed(CallFailed(error_of(outcome)))
        else:
            self.resume(outcome.params)


class Link:
    """A connected socket with its session.

    Args:
        sock: connected, and through the key exchange when there is one.
        session: its client session.
        handlers: answers to quests of the peer, by method name.
        keep_alive: None switches `*ping` off.
        lost: called once when the link breaks.
    """

    __slots__ = (
        "_content",
        "_final",
        "_followers",
        "_full",
        "_last_ping",
        "_lost",
        "_no_wait",
        "_ping",
        "_pings",
        "_replies",
        "_sender",
        "_slice",
        "_sock",
        "_tail",
        "_write_lock",
        "born",
        "driven",
        "failure",
        "handlers",
        "keep_alive",
        "last_received",
        "pending",
        "read_lock",
        "rouse_reader",
        "session",
        "state_lock",
    )

    def __init__(
        self,
        sock: socket.socket,
        session: Session,
        handlers: Mapping[str, Handler],
        keep_alive: KeepAlive | None,
        lost: Callable[[Link], None],
    ) -> None:
        self._sock = sock
        self._sender, self._no_wait = split_socket(sock)
        self._slice = LONGEST_SLEEP
        set_patience(sock, LONGEST_SLEEP)
        self.session = session
        self.handlers = handlers
        self.keep_alive = keep_alive
        self._lost = lost
        self.born = self.last_received = monotonic()
        self._last_ping = -math.inf
        self._ping = 0
        self._pings = 0
        self.pending: dict[int, Pending] = {}
        session.in_flight = self.pending
        self.failure: ErrorCode | None = None
        self._final = False
        self.driven = False
        self.rouse_reader: Callable[[], None] | None = None
        self.read_lock = threading.Lock()
        self._write_lock = threading.Lock()
        self.state_lock = threading.Lock()
        self._followers: deque[Awaited] = deque()
        self._replies: deque[Callable[[], bytes]] = deque()
        self._tail: memoryview | None = None
        self._full = False
        self._content: Pending | None = None  # the quest whose content follows the tail

    # ------------------------------------------------------------------ one call, in the caller's thread

    def exchange(self, call: Awaited, deadline: Deadline) -> dict[str, Any]:
        """Send a quest and wait for its answer. Raises `CallFailed`."""
        if deadline.at - deadline.seconds - self.last_received > 1.0:
            self._look_for_the_end(deadline)
        lock = self._write_lock
        if not lock.acquire(False) and not self._wait_to_write(deadline):
            raise CallFailed(timed_out(call)) if self.failure is None else self._broken(call)
        seq = 0
        try:
            if self.failure is not None:
                raise self._broken(call)
            if (self._tail is not None or self._content is not None or self._replies) and not self._finish_writing(
                deadline
            ):
                raise CallFailed(timed_out(call)) if self.failure is None else self._broken(call)
            seq, data = self.session.quest(call.method, call.payload, call.extra)
            self.pending[seq] = call
            call.written = True
            try:
                sent = self._sender.send(data, self._no_wait)
            except BlockingIOError:
                sent = 0
            except OSError:
                call.written = False
                raise
            if sent < len(data) or call.content is not None:
                self._write_rest(call, seq, memoryview(data)[sent:], deadline)
        except OSError as error:
            self.fail(f"writing failed: {error}")
        except BaseException as error:
            if seq or not isinstance(error, Exception):
                self.fail("the calling thread was interrupted while it was writing")
            raise
        finally:
            lock.release()
            if self.failure is not None:
                self._close_sockets()
            if self._replies:
                self._flush()
        try:
            if self.failure is None:
                if not self.driven and self.read_lock.acquire(False):
                    self._lead(call, call.expires - monotonic())
                else:
                    self._follow(call)
        except BaseException:
            if not call.asleep:
                self.fail("a thread was interrupted while it was reading for all")
            raise
        finally:
            self.pending.pop(seq, None)
        if self._tail is not None and not self.driven:
            self._write_what_is_left(deadline)
        outcome = call.outcome
        if type(outcome) is Answer:
            if outcome.status:
                raise CallFailed(error_of(outcome))
            return outcome.params
        if isinstance(outcome, CallFailed):
            raise outcome
        raise CallFailed(timed_out(call)) if self.failure is None else self._broken(call)

    def _write_what_is_left(self, deadline: Deadline) -> None:
        """Give the peer a moment to take the rest of an answer of ours: perhaps no thread comes here again."""
        if self.failure is None and self._write_lock.acquire(False):
            try:
                self._finish_writing(Deadline(min(LONGEST_SLEEP, deadline.remaining())))
            except OSError as error:
                self.fail(f"writing failed: {error}")
            finally:
                self._write_lock.release()
                if self.failure is not None:
                    self._close_sockets()

    def _wait_to_write(self, deadline: Deadline) -> bool:
        """Take the write lock while there is time and the link is good."""
        while self.failure is None and not deadline.expired:
            if self._write_lock.acquire(True, min(LONGEST_SLEEP, max(0.0, deadline.remaining()))):
                return True
        return False

    def _write_rest(self, call: Pending, seq: int, rest: memoryview, deadline: Deadline) -> None:
        """Write what the socket did not take at once; at the deadline a begun frame is left to the next that writes."""
        self._tail = rest if len(rest) else None
        if call.content is not None:
            self._content = call
        if not self._finish_writing(deadline) and call.content is not None and self.failure is None:
            self.pending.pop(seq, None)  # the file is the caller's, so that nobody else can write the rest
            self.fail("the peer did not take a whole file in time")
            raise CallFailed(timed_out(call))

    def _lead(self, call: Awaited, patience: float) -> None:
        """Read for everybody until the own answer is there, at first for `patience` seconds."""
        try:
            while call.outcome is None and self.failure is None and patience > 0:
                wait = patience if patience < LONGEST_SLEEP else LONGEST_SLEEP
                if wait != self._slice:
                    self._slice = wait
                    set_patience(self._sock, wait)
                try:
                    data = self._sock.recv(RECEIVE_SIZE)
                except (TimeoutError, BlockingIOError):
                    self._flush()
                except OSError as error:
                    self.fail(f"reading failed: {error}")
                    break
                else:
                    self.take(data)
                    if call.outcome is not None:
                        break
                now = monotonic()
                patience = min(call.expires - now, self.beat(now))
                if self._tail is not None and patience > 0:
                    patience = self._wait_for_bytes(call)
        finally:
            self.stop_reading()

    def _wait_for_bytes(self, call: Awaited) -> float:
        """Write what is left as soon as there is room, until there is something to read. Returns the new patience."""
        while True:
            now = monotonic()
            patience = min(call.expires - now, self.beat(now))
            if self._tail is None or patience <= 0 or self.failure is not None:
                return patience
            readable, _ = wait_for_socket(self._sock, min(patience, LONGEST_SLEEP), read=True, write=True)
            self._flush()
            if readable:
                return patience

    def stop_reading(self) -> None:
        """Give the reading back; the caller holds read_lock."""
        self.read_lock.release()
        if self.failure is not None:
            self._close_sockets()
        if self.driven or self._followers:
            self.pass_on()

    def pass_on(self) -> None:
        """Somebody stopped reading: let the reader thread or the first that waits go on."""
        if self.driven:
            rouse = self.rouse_reader
            if rouse is not None:
                rouse()
        elif self._followers:
            try:
                self._followers[0].rouse()
            except IndexError:
                pass

    def _follow(self, call: Awaited) -> None:
        """Sleep until the answer is there, or read for everybody when nobody else does."""
        wake = call.wake = threading.Lock()
        wake.acquire()
        self._followers.append(call)
        try:
            while call.outcome is None and self.failure is None:
                if not self.driven and self.read_lock.acquire(False):
                    self._lead(call, call.expires - monotonic())
                    return
                remaining = call.expires - monotonic()
                call.asleep = True
                if remaining <= 0 or not wake.acquire(True, _at_most(remaining)):
                    return
                call.asleep = False
        finally:
            self._followers.remove(call)
            if not self.read_lock.locked():
                self.pass_on()

    def beat(self, now: float) -> float:
        """Keep the connection alive. Returns the seconds until the next look; fails the link when the peer is lost."""
        keep_alive = self.keep_alive
        if keep_alive is None:
            return 3600.0
        silence = now - self.last_received
        if silence < keep_alive.interval:
            return keep_alive.interval - silence
        if self._last_ping < self.last_received:
            self._pings = 0
        else:
            since_ping = now - self._last_ping
            if since_ping < keep_alive.timeout:
                return keep_alive.timeout - since_ping
            if self._pings >= keep_alive.retries:
                self.fail(f"no sign of life for {silence:.1f} s")
                return 0.0
        self._last_ping = now
        self._pings += 1
        self._replies.append(self._ping_bytes)
        self._flush()
        return keep_alive.timeout

    def _ping_bytes(self) -> bytes:
        self.pending.pop(self._ping, None)
        self._ping, data = self.session.quest("*ping", EMPTY_PAYLOAD)
        self.pending[self._ping] = Pending("*ping", EMPTY_PAYLOAD, math.inf)
        return data

    def _look_for_the_end(self, deadline: Deadline) -> None:
        """Before a quest on a link that was quiet: take what is there, and notice that the peer has closed."""
        if self.driven or not self.read_lock.acquire(False):
            return
        try:
            while self.failure is None and not deadline.expired and self.receive_now():
                pass
        finally:
            self.stop_reading()

    # ------------------------------------------------------------------ reading: holders of read_lock only

    def receive_now(self) -> bool:
        """Read what is there, without waiting, and hand it out. False when nothing was there."""
        try:
            data = self._sender.recv(RECEIVE_SIZE, self._no_wait)
        except BlockingIOError:
            return False
        except OSError as error:
            self.fail(f"reading failed: {error}")
            return False
        self.take(data)
        return True

    def take(self, data: bytes) -> None:
        """Hand out what came: answers to their calls, quests to their handlers."""
        if not data:
            self.fail("the peer closed the connection")
            return
        self.last_received = monotonic()
        try:
            events = self.session.receive(data)
        except FrameError as error:
            self.hand_out(error.events)
            self.fail(f"bad bytes from the peer: {error.reason}")
            return
        self.hand_out(events)

    def hand_out(self, events: list[Any]) -> None:
        pending = self.pending
        quests: list[QuestArrived] | None = None
        for event in events:
            if type(event) is Answer:
                call = pending.pop(event[0], None)
                if call is not None:
                    call.complete(event)
            elif type(event) is QuestArrived:
                if quests is None:
                    quests = [event]
                else:
                    quests.append(event)
        if quests is not None:
            self._answer(quests)

    def _answer(self, quests: list[QuestArrived]) -> None:
        """Answer quests that came together, in one write if it may be; then hand over those that are answered first."""
        replies = self._replies
        answered: list[tuple[AnsweredFirst, QuestArrived]] = []
        for quest in quests:
            handler = self.handlers.get(quest.method)
            params: Mapping[str, Any] | None = EMPTY
            if handler is None:
                params = None
            elif isinstance(handler, AnsweredFirst):
                answered.append((handler, quest))
            else:
                try:
                    params = handler(quest.params)
                except Exception:
                    log.exception("the handler of %s raised", quest.method)
            method, _, seq, flag, version = quest
            if seq is None:
                continue
            if len(replies) >= MOST_REPLIES:
                self._flush()
                if len(replies) >= MOST_REPLIES and self._full:  # else whoever writes now sends them in a moment
                    self.fail(f"the peer sends quests, but has not taken the answers to {MOST_REPLIES} of them")
                    break
            replies.append(partial(self._reply_bytes, QuestArrived(method, EMPTY, seq, flag, version), params))
        if replies:
            self._flush()
        for handler, quest in answered:
            try:
                handler.take(quest.params)
            except Exception:
                log.exception("the handler of %s raised", quest.method)

    def _reply_bytes(self, quest: QuestArrived, params: Mapping[str, Any] | None) -> bytes:
        code = FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_METHOD
        text = f"unknown method: {quest.method}"
        if params is not None:
            try:
                return self.session.answer(quest, params)
            except (TypeError, ValueError) as error:
                log.exception("the handler of %s answers what cannot be sent", quest.method)
                code = FPNN_ERROR.FPNN_EC_CORE_ENCODING
                text = str(error)
        return self.session.error_answer(quest, code, text)

    # ------------------------------------------------------------------ writing: holders of _write_lock only

    def _flush(self) -> None:
        """Write what is left and what waits in `_replies`, unless somebody else is writing, who then does it."""
        while (
            (self._replies or self._tail is not None or self._content is not None)
            and self.failure is None
            and self._write_lock.acquire(False)
        ):
            try:
                done = self._write_some()
            except OSError as error:
                self.fail(f"writing failed: {error}")
                return
            finally:
                self._write_lock.release()
                if self.failure is not None:
                    self._close_sockets()
            if not done:
                rouse = self.rouse_reader
                if rouse is not None:
                    rouse()  # waits for room
                return

    def _write_some(self) -> bool:
        """Write without waiting. True when nothing is left to write, False when there is no room or it takes long."""
        until = 0.0
        while True:
            if self._tail is not None:
                try:
                    sent = self._sender.send(self._tail, self._no_wait)
                except BlockingIOError:
                    self._full = True
                    return False
                if self._full:
                    self._full = False
                    self.last_received = monotonic()  # there is room again: the peer took something and so lives
                self._tail = self._tail[sent:] if sent < len(self._tail) else None
            elif self._content is not None:
                now = monotonic()
                until = until or now + LONGEST_WRITE
                if now >= until:
                    return False
                chunk = self._next_chunk(self._content)
                if chunk is None:
                    self._content = None
                else:
                    self._tail = memoryview(self.session.more(chunk))
            elif self._replies:
                self._tail = memoryview(self._next_replies())
            else:
                return True

    def _next_replies(self) -> bytes:
        replies = self._replies
        chunks: list[bytes] = []
        size = 0
        while replies and size < REPLIES_AT_ONCE:
            chunk = replies.popleft()()
            chunks.append(chunk)
            size += len(chunk)
        return b"".join(chunks)

    def _next_chunk(self, call: Pending) -> bytes | None:
        assert call.content is not None
        try:
            return next(call.content, None)
        except Exception as error:
            self._content = None
            for seq, other in self.pending.copy().items():
                if other is call and self.pending.pop(seq, None) is not None:
                    text = f"{error}; the peer got an incomplete frame, which it cannot carry out"
                    call.complete(CannotConnect(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_SEND_ERROR, text)))
            raise OSError(f"the rest of {call.method} could not be read: {error}") from error

    def _finish_writing(self, deadline: Deadline) -> bool:
        """Write all, waiting for the peer, and reading meanwhile when nobody else does: it may be waiting for us.

        False when the link failed or the deadline came first.
        """
        while not self._write_some():
            reading = not self.driven and self.read_lock.acquire(False)
            try:
                patience = LONGEST_SLEEP if reading or self.driven else LONGEST_SLEEP / 10  # who reads now may stop
                patience = min(patience, deadline.remaining(), self.beat(monotonic()))
                if self.failure is None and patience > 0:
                    readable, _ = wait_for_socket(self._sender, patience, read=reading, write=True)
                    if readable:
                        self.receive_now()
            finally:
                if reading:
                    self.read_lock.release()
                    self.pass_on()
            if self.failure is not None or deadline.expired:
                return False
        return True

    # ------------------------------------------------------------------ for the reader thread, which holds read_lock

    def fileno(self) -> int:
        return self._sock.fileno()

    def write_batch(self, calls: deque[Pending], most: int) -> bool:
        """Put calls on the wire, about `most` bytes of them. False when the socket has to get writable first."""
        if not calls and self._tail is None and self._content is None and not self._replies:
            return True
        if not self._write_lock.acquire(True, LONGEST_WRITE / 10):
            return False
        done = False
        try:
            if self.failure is not None or not self._write_some():
                return False
            chunks: list[bytes] = []
            size = 0
            while calls and size < most and self._content is None:
                call = calls.popleft()
                try:
                    seq, data = self.session.quest(call.method, call.payload, call.extra)
                except ValueError as error:
                    call.complete(CallFailed(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_ENCODING, str(error))))
                    continue
                self.pending[seq] = call
                call.written = True
                chunks.append(data)
                size += len(data)
                if call.content is not None:
                    self._content = call
            if chunks:
                self._tail = memoryview(b"".join(chunks))
            done = self._write_some()
            return done
        except OSError as error:
            self.fail(f"writing failed: {error}")
            return False
        finally:
            self._write_lock.release()
            if self.failure is not None:
                self._answer_pending()  # again: what came here after another thread had seen to it
                self._close_sockets()
            elif done and self._replies:
                self._flush()

    def has_callbacks(self) -> bool:
        """True while a quest with code to go on waits for its answer."""
        return any(not isinstance(call, Awaited) and call.expires < math.inf for call in self.pending.copy().values())

    # ------------------------------------------------------------------ the end

    def fail(self, reason: str, *, final: bool = False) -> None:
        """Break the link: every waiting call is answered, the sockets are closed. Any thread, any number of times.

        Args:
            reason: what happened.
            final: the calls are not to be tried again.
        """
        with self.state_lock:
            if self.failure is not None:
                return
            self._final = final
            self.failure = ErrorCode(FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED, reason)
        log.debug("link to %s broke: %s", self._peer(), reason)
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._lost(self)
        self._answer_pending()
        for call in self._followers.copy():
            call.rouse()
        self._close_sockets()

    def _answer_pending(self) -> None:
        while self.pending:
            try:
                _, call = self.pending.popitem()
            except KeyError:
                break
            call.complete(self._broken(call))

    def _broken(self, call: Pending) -> CallFailed:
        """The failure of a call on a link that failed."""
        assert self.failure is not None
        error = _interrupted(self.failure, call) if call.written else _not_sent(self.failure)
        return CannotConnect(error) if self._final else CallFailed(error)

    def _close_sockets(self) -> None:
        """Close the sockets once nobody reads or writes any more; whoever stops last succeeds."""
        with self.state_lock:  # one at a time: two that try at once would each find a lock of the other
            if self.read_lock.acquire(False):
                try:
                    if self._write_lock.acquire(False):
                        try:
                            self._sock.close()
                            self._sender.close()
                        finally:
                            self._write_lock.release()
                finally:
                    self.read_lock.release()

    def abandon(self) -> None:
        """In a forked child: let go of the parent's sockets without a word to the peer."""
        self._sock.close()
        self._sender.close()

    def _peer(self) -> str:
        try:
            host, port = self._sock.getpeername()[:2]
        except OSError:
            return "a lost peer"
        return f"{host}:{port}"


def _at_most(seconds: float) -> float:
    """What a lock accepts as timeout."""
    return min(max(0.0, seconds), threading.TIMEOUT_MAX)


def _not_sent(reason: ErrorCode) -> ErrorCode:
    return ErrorCode(FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION, f"{reason.message}; nothing was sent")


def _interrupted(reason: ErrorCode, call: Pending) -> ErrorCode:
    return ErrorCode(reason, f"{reason.message} while {call.method} was waiting", maybe_delivered=True)


def timed_out(call: Pending) -> ErrorCode:
    """The error of a call whose time is over."""
    return ErrorCode(
        FPNN_ERROR.FPNN_EC_CORE_TIMEOUT,
        f"{'no answer to' if call.written else 'no chance to send'} {call.method} in time",
        maybe_delivered=call.written,
    )
