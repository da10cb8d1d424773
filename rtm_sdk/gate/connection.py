"""One client of the gate: asyncio around the server's session.

What is taken in, in which order answers go out, and what is pushed in between.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple, cast

from ..errors import FPNN_ERROR
from ..fpnn.frames import FrameError, pack
from ..fpnn.session import Answer as Receipt
from ..fpnn.session import QuestArrived, Reply, Session
from .batch import STORE_FAILED, Batch
from .endpoint import Address
from .enduser.service import EndUsers
from .faults import Fault, Faults
from .functions import Threads
from .refusal import Refusal
from .refused import RefusedCall, RefusedCalls
from .rtm.methods import Answer, Aside, Later
from .rtm.online import Login
from .rtm.service import Service
from .settings import Settings
from .store import Store
from .websocket import BEGINNING, WebSockets

__all__ = ["Connection", "Shared"]

log = logging.getLogger("rtm_sdk.gate")

HIGH_WATER = 1 << 20
"""Bytes of unsent answers above which a connection takes in nothing more, until the client reads."""

ASIDES_PER_CONNECTION = 64
"""So many quests of one connection may wait for functions of the user; then nothing more is served on it."""

QUESTS_PER_TURN = 512
"""So many quests of one connection are served before others have their turn."""

QUESTS_IN_WAITING = 64
"""So many quests of a client that must be heard, since it answers pushes, may wait while nothing is served."""

MAX_UNANSWERED = 1 << 18
"""So many pushes may wait for answers on one connection; it is closed when there are more."""

_BEFORE_WORK = ("error", "cut", "half_open")
_GARBAGE_BYTES = 64
_NOTHING = pack({})


class Shared(NamedTuple):
    """What all connections of a gate use."""

    loop: asyncio.AbstractEventLoop
    settings: Settings
    service: Service
    end_users: EndUsers
    store: Store
    batch: Batch
    faults: Faults
    refused: RefusedCalls
    connections: set[Connection]
    threads: Threads
    websockets: WebSockets
    make_session: Callable[[], Session]


class _Pending(NamedTuple):
    quest: QuestArrived
    outcome: Answer | Refusal
    fault: Fault | None


class _Push(NamedTuple):
    method: str
    payload: bytes
    twoway: bool


class Connection(asyncio.Protocol):
    """A client's connection.

    Quests wait in the inbox, are served one after another in a turn of the gate, and are answered when the turn is
    durable. While a client does not read its answers, or a file it sent is being written, nothing more is served and
    nothing more is read. What a function of the user is to answer holds up nothing.

    Pushes are quests to the client. They go out in their order, behind the answers of the turn that made them, and any
    answer is a receipt. They are never held back for a slow client: it loses its connection when too much waits for it,
    or when it has answered nothing for too long.

    Attributes:
        address: where the client reached the gate.
        peer: ``host:port`` of the client.
        websocket: whether it is a WebSocket.
        login: the end user who is logged in here; None for a business server, and before the login.
        last_activity: when bytes came or went the last time, by the clock of the loop.

    Args:
        shared: what all connections use.
        websocket: whether it is a WebSocket. Otherwise its first bytes may turn it over to the `WebSockets`.
    """

    def __init__(self, shared: Shared, *, websocket: bool = False) -> None:
        self._shared = shared
        self._may_be_http = not websocket
        self.websocket = websocket
        self._session = shared.make_session()
        self.peer = ""
        self.login: Login | None = None
        self._inbox: deque[QuestArrived] = deque()
        self._pending: list[_Pending] = []
        self._unsent = 0
        self._pushes: list[_Push] = []
        self._unanswered: set[int] = set()
        self._session.in_flight = self._unanswered
        self._last_receipt = 0.0
        self._last_ping = 0.0
        self._watched = False
        self._later: asyncio.Task[None] | None = None
        self._asides: set[asyncio.Task[None]] = set()
        self._reading_paused = False
        self._writing_paused = False
        self._ending = False
        self._silent = False
        self._dripping: bytearray | None = None
        self.last_activity = shared.loop.time()

    def __repr__(self) -> str:
        return f"<Connection {self.peer}>"

    @property
    def working(self) -> bool:
        """Whether something is being done for it on another thread."""
        return self._later is not None or bool(self._asides)

    # --- called by asyncio -----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=HIGH_WATER)
        self.peer = str(Address(*transport.get_extra_info("peername", ("", 0))[:2]))
        self.address = Address(*transport.get_extra_info("sockname")[:2])
        self._shared.connections.add(self)
        log.debug("%s: connected", self.peer)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ending = True
        self._inbox.clear()
        self._shared.service.listeners.forget(self)
        self._log_out()
        if not self.working:
            self._shared.connections.discard(self)
        log.debug("%s: closed", self.peer)

    def data_received(self, data: bytes) -> None:
        self.last_activity = self._shared.loop.time()
        if self._silent or self._ending:
            return
        try:
            events = self._session.receive(data)
        except FrameError as fault:
            if self._may_be_http and data.startswith(BEGINNING):
                self._become_http(data)
                return
            log.warning("%s: closing: %s", self.peer, fault.reason)
            events = list(fault.events)
            self._ending = True
        for event in events:
            if type(event) is QuestArrived:
                self._inbox.append(event)
            elif type(event) is Reply:
                self._write(event.data)
            elif type(event) is Receipt:
                self._receive_receipt(event)
        self._may_be_http = False
        self._work()

    def _become_http(self, data: bytes) -> None:
        self._ending = True
        self._shared.connections.discard(self)
        self._shared.websockets.adopt(self._transport, data)

    def pause_writing(self) -> None:
        self._writing_paused = True

    def resume_writing(self) -> None:
        self._writing_paused = False
        self.last_activity = self._shared.loop.time()
        self._work()

    # --- taking in -------------------------------------------------------------------------------------------

    def _work(self) -> None:
        inbox = self._inbox
        for _ in range(QUESTS_PER_TURN):
            if not inbox or self._later is not None or self._writing_paused or self._unsent > HIGH_WATER:
                break
            if len(self._asides) >= ASIDES_PER_CONNECTION:
                break
            self._serve(inbox.popleft())
        # Who waits for a client to read must not keep it from answering what it reads.
        if len(inbox) >= QUESTS_IN_WAITING if self._watched else inbox or self._writing_paused:
            if not self._reading_paused:
                self._reading_paused = True
                self._transport.pause_reading()
        elif self._reading_paused:
            self._reading_paused = False
            self._transport.resume_reading()
        if self._ending and not inbox and not self._pending and not self.working:
            self._transport.close()

    def _serve(self, quest: QuestArrived) -> None:
        fault = self._shared.faults.striking(quest.method)
        if fault is not None and fault.action in _BEFORE_WORK:
            if fault.action != "error":
                self._inbox.clear()
                self._ending = True
            outcome: Answer | Later | Aside | Refusal = Refusal(fault.code, "an injected fault")
            self._shared.batch.join(self)
        else:
            end_users = self._shared.end_users
            service = end_users if end_users.claims(quest, self) else self._shared.service
            outcome = self._attempt(quest, service.handle, quest, self)
            if isinstance(outcome, Refusal):
                known = outcome.code != FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_METHOD
                self._shared.refused.add(RefusedCall(quest.method, outcome.code, outcome.text, known))
        if isinstance(outcome, Later):
            self._later = self._shared.loop.create_task(self._finish_later(quest, outcome, fault))
        elif isinstance(outcome, Aside):
            task = self._shared.loop.create_task(self._finish_aside(quest, outcome, fault))
            self._asides.add(task)
            task.add_done_callback(self._end_aside)
        else:
            self._add(quest, outcome, fault)

    def _attempt(self, quest: QuestArrived, work: Callable[..., Any], *args: Any) -> Any:
        """Do something in the turn of the gate; what goes wrong is the outcome."""
        if not self._shared.batch.join(self):
            return STORE_FAILED
        try:
            return self._shared.store.attempt(work, *args)
        except Refusal as refusal:
            return refusal
        except Exception as fault:
            return self._broken(quest, fault)

    def _broken(self, quest: QuestArrived, fault: Exception) -> Refusal:
        what = "the store failed" if isinstance(fault, sqlite3.Error) else "failed"
        log.error("%s: %s %s", self.peer, quest.method, what, exc_info=fault)
        return Refusal(FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_ERROR, "the gate failed on this quest, see its log")

    def _add(self, quest: QuestArrived, outcome: Answer | Refusal, fault: Fault | None) -> None:
        self._pending.append(_Pending(quest, outcome, fault))
        if type(outcome) is dict:
            self._unsent += _weight(outcome)

    async def _finish_later(self, quest: QuestArrived, later: Later, fault: Fault | None) -> None:
        outcome: Any = None
        try:
            try:
                await self._shared.loop.run_in_executor(None, later.work)
            except Refusal as refusal:
                outcome = refusal
            except Exception as failure:
                outcome = self._broken(quest, failure)
            if outcome is None:
                outcome = self._attempt(quest, later.finish)
        finally:
            if not isinstance(outcome, dict):
                later.undo()
            self._later = None
            if self._transport.is_closing() and not self.working:
                self._shared.connections.discard(self)
        self._shared.batch.join(self)
        self._add(quest, outcome, fault)

    async def _finish_aside(self, quest: QuestArrived, aside: Aside, fault: Fault | None) -> None:
        outcome: Answer | Refusal
        try:
            outcome = await self._shared.threads.run(aside.work)
        except Refusal as refusal:
            outcome = refusal
        except Exception as failure:
            outcome = self._broken(quest, failure)
        self._add(quest, outcome, fault)

    def _end_aside(self, task: asyncio.Task[None]) -> None:
        self._asides.discard(task)
        if self._transport.is_closing() and not self.working:
            self._shared.connections.discard(self)
        if not task.cancelled():
            self._shared.batch.join(self)

    # --- sending out -----------------------------------------------------------------------------------------

    def deliver(self, failure: Refusal | None) -> None:
        """Send the answers of the turn that has just ended.

        Args:
            failure: what to answer instead when the turn could not be made durable.
        """
        pending, self._pending = self._pending, []
        self._unsent = 0
        answers: list[bytes] = []
        for quest, outcome, fault in pending:
            if failure is not None:
                outcome = failure
            if fault is None or fault.action == "error":
                answers.append(self._encode(quest, outcome))
                continue
            self._write(b"".join(answers))
            answers.clear()
            self._misbehave(quest, outcome, fault)
        if answers:
            self._write(b"".join(answers))
        self._work()

    def _encode(self, quest: QuestArrived, outcome: Answer | Refusal) -> bytes:
        if quest.seq is None:
            return b""
        if isinstance(outcome, Refusal):
            return self._session.error_answer(quest, outcome.code, outcome.text)
        try:
            return self._session.answer(quest, outcome)
        except (TypeError, ValueError) as fault:
            refusal = self._broken(quest, fault)
            return self._session.error_answer(quest, refusal.code, refusal.text)

    # --- pushing ---------------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Ping the client from now on, so that it knows of us, and we of it."""
        if not self._watched:
            self._watched = True
            self._last_ping = self._shared.loop.time()

    def push(self, method: str, payload: bytes, *, twoway: bool = True) -> None:
        """Send a quest to the client, in this turn of the loop; nothing when the connection has ended.

        Args:
            method: the wire name.
            payload: the packed parameters.
            twoway: whether the client is to answer.
        """
        if not self._pushes:
            self._shared.loop.call_soon(self._send_pushes)
        self._pushes.append(_Push(method, payload, twoway))

    def kick_out(self) -> None:
        """End the login that the connection has, tell the client, then close."""
        self._log_out()
        self.push("kickout", _NOTHING, twoway=False)
        self._shared.loop.call_soon(self._end)

    def _log_out(self) -> None:
        if self.login is None:
            return
        self._shared.batch.join(self)
        try:
            self._shared.store.attempt(self._shared.end_users.log_out, self)
        except sqlite3.Error:
            log.exception("%s: the store failed at the logout", self.peer)

    def keep_alive(self) -> None:
        """Ping the client when it is time for that; close the connection when it has answered nothing for too long."""
        if not self._watched or self._silent or self._transport.is_closing():
            return
        now, settings = self._shared.loop.time(), self._shared.settings
        if self._unanswered and settings.answer_timeout and now - self._last_receipt > settings.answer_timeout:
            self._give_up(f"the client has not answered for {settings.answer_timeout:g} s")
        elif settings.ping_interval and now - self._last_ping >= settings.ping_interval:
            self._last_ping = now
            self.push("ping", _NOTHING)

    def _receive_receipt(self, receipt: Receipt) -> None:
        if receipt.seq in self._unanswered:
            self._unanswered.remove(receipt.seq)
            self._last_receipt = self._shared.loop.time()

    def _send_pushes(self) -> None:
        pushes, self._pushes = self._pushes, []
        if not pushes or self._silent or self._transport.is_closing():
            return
        if not self._unanswered:
            self._last_receipt = self._shared.loop.time()
        wires = []
        for method, payload, twoway in pushes:
            try:
                if twoway:
                    seq, wire = self._session.quest(method, payload)
                    self._unanswered.add(seq)
                else:
                    wire = self._session.oneway(method, payload)
                wires.append(wire)
            except ValueError as fault:
                log.warning("%s: a %s is not pushed: %s", self.peer, method, fault)
        self._write(b"".join(wires))
        unsent = self._transport.get_write_buffer_size() + len(self._dripping or b"")
        if unsent > self._shared.settings.push_buffer:
            self._give_up(f"the client does not read, {unsent} bytes wait for it")
        elif len(self._unanswered) > MAX_UNANSWERED:
            self._give_up("the client does not answer")

    def _give_up(self, reason: str) -> None:
        log.warning("%s: closing: %s, %d pushes are unanswered", self.peer, reason, len(self._unanswered))
        self.abort()

    def _write(self, data: bytes) -> None:
        if self._silent or not data or self._transport.is_closing():
            return
        self.last_activity = self._shared.loop.time()
        if self._dripping is None:
            self._transport.write(data)
        else:
            self._dripping += data

    def _misbehave(self, quest: QuestArrived, outcome: Answer | Refusal, fault: Fault) -> None:
        action = fault.action
        if action == "half_open":
            self._silent = True
            self._ending = False
        elif action in ("cut", "cut_after"):
            self._end()
        elif action == "truncate":
            answer = self._encode(quest, outcome)
            self._write(answer[: len(answer) // 2])
            self._end()
        elif action == "garbage":
            self._write(b"\xff" + os.urandom(_GARBAGE_BYTES))
        elif action == "delay":
            self._shared.loop.call_later(fault.seconds, lambda: self._write(self._encode(quest, outcome)))
        elif action == "drip":
            answer = self._encode(quest, outcome)
            if self._dripping is None:
                self._dripping = bytearray(answer)
                self._drip(fault.seconds)
            else:
                self._dripping += answer

    def _drip(self, seconds: float) -> None:
        drops = self._dripping
        if not drops or self._transport.is_closing():
            self._dripping = None
            return
        self.last_activity = self._shared.loop.time()
        self._transport.write(drops[:1])
        del drops[:1]
        self._shared.loop.call_later(seconds, self._drip, seconds)

    # --- ending ----------------------------------------------------------------------------------------------

    def _end(self) -> None:
        self._inbox.clear()
        self._ending = True
        self._transport.close()

    def abort(self) -> None:
        """Close at once; what is not sent yet is lost, and functions of the user are waited for no longer."""
        self._transport.abort()
        for task in self._asides:
            task.cancel()

    async def finish(self) -> None:
        """Take in nothing more, let what is being done be done and sent, then close."""
        self._inbox.clear()
        self._ending = True
        doing = {*self._asides, *([] if self._later is None else [self._later])}
        if doing:
            await asyncio.wait(doing)
        self._shared.batch.close()
        self._send_pushes()
        self._transport.close()


def _weight(answer: Answer) -> int:
    """About how many bytes an answer will have; only large ones matter."""
    total = 0
    for value in answer.values():
        if type(value) is list:
            total += 10 * len(value)
            total += sum(len(row[5]) + len(row[6]) for row in value if type(row) is list)
        elif type(value) is str or type(value) is bytes:
            total += len(value)
    return total
