"""The gate itself: from its options to a server that listens, and back to nothing."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import signal
import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures import wait as wait_for
from contextlib import AsyncExitStack
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ..deadline import Deadline
from ..fpnn.frames import DEFAULT_MAX_FRAME
from ..fpnn.session import Session
from .batch import Batch
from .bearychat.door import BearyChatDoor
from .clock import Clock
from .connection import Connection, Shared
from .endpoint import Address, Listener
from .enduser.service import EndUsers
from .faults import Faults
from .files import Contents
from .functions import Threads, load_functions
from .googlechat.door import GoogleChatDoor
from .http import Door, HTTPServer, Inside
from .refused import RefusedCalls
from .rtm.service import Service
from .rtm.tokens import token_is_valid
from .settings import DEFAULT_STORED_MTYPES, Settings
from .store import Store, StoredMessage
from .websocket import WebSockets
from .words import WordList

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..fpnn.encryption import ServerKey

__all__ = ["DEMO_PID", "DEMO_SECRET", "Gate"]

log = logging.getLogger("rtm_sdk.gate")

DEMO_PID = 11000001
"""The project of a gate that is given none."""

DEMO_SECRET = "demo-secret"
"""The secret of that project while the gate listens on a loopback address; otherwise a random one is made."""

MAX_MESSAGE = 256 * 1024
"""Default limit of a message body in bytes. With `MAX_ATTRS`, a history page of 20 rows always fits into a frame."""

MAX_ATTRS = 65535
"""Default limit of attributes in bytes."""

PUSH_BUFFER = 16 * 1024 * 1024
"""Default limit of what waits for a client that does not read its pushes, in bytes."""

START_SECONDS = 30.0
"""A gate that does not listen by then has failed to start."""

STOP_SECONDS = 10.0
"""After so long `Gate.stop` gives up waiting."""

_GRACE_SECONDS = 0.5
_FINISH_SECONDS = 5.0
_CALL_SECONDS = 30.0

R = TypeVar("R")


class Gate:
    """A local server that speaks RTM on one port, to business servers and end users.

    On another one it speaks HTTP: Google Chat, BearyChat, and the contents of files.

    End users find the gate also at ``ws://host:port/service/websocket``, on the port of FPNN.

    It really stores, checks signatures, clocks and replays, applies bans and pages history.

    It has a thread of its own::

        with Gate() as gate:
            client = RTMServerClient(gate.pid, gate.secret, gate.endpoint)

    Args:
        listen: ``host:port`` for FPNN; an IPv6 address stands in brackets; port 0 is a free one. A gate that was
            stopped and is started again takes the port it had before.
        http_listen: the same for HTTP; left out, a free port of the same host. The addresses of files hold it, so fix
            it if a store file is to be used again.
        store: the file to keep everything in, None for memory. What was answered is in it, even after ``kill -9``.
            Membership of rooms and RTC rooms ends with the gate. The contents of files are in the folder
            ``<store>.files``, for a store in memory in a temporary folder that goes with the gate.
        projects: the secret of each pid. Left out, there is the one project `DEMO_PID`.
        key: the key for encrypted connections; left out, one is made when `public_key` is asked for. Plain connections
            are served as well.
        clock_window: how many seconds the ts of a quest may be off, in both directions; otherwise 200008.
        max_frame: the largest frame in bytes; the connection of a larger one is closed.
        max_message: the largest message body in bytes; otherwise 200030. The service does not publish its limit.
        max_attrs: the largest attributes in bytes; otherwise 200030, for files 200031. The service does not publish its
            limit.
        max_file: the largest file in bytes; otherwise 200031. Left out, what fits into a frame.
        enforce_membership: whether the sender of a group or room message must be a member (200041, 200040) also when a
            business server sends it; end users always must. The service does not publish this.
        enforce_blacklist: whether a user who is blocked by another one cannot send to him (200049) also through a
            business server; of several receivers those who have blocked the sender are left out. It always holds for
            end users. The service does not publish this.
        duplicate_mid: what a repeated mid gets: ``"error"`` is 200053, ``"success"`` the time of the first message.
            There is never a second message.
        stored_mtypes: the message types that are kept; others are accepted and only their mids remembered.
        file_token_seconds: how long a file token is good.
        file_token_reuse: whether a file token may send several files; otherwise 200003.
        require_file_ext: whether attrs of a file must have ``rtm.ext``; otherwise 200004.
        idle_timeout: seconds without a byte after which a connection is closed; 0 is never.
        ping_interval: every so many seconds, and at most one second later, listeners and end users get a ``ping``; 0 is
            never.
        answer_timeout: seconds without an answer after which a connection is closed on which pings or pushes wait for
            one; 0 is never.
        push_buffer: bytes that may wait for a client that does not read its pushes; when there are more, its
            connection is closed. Nobody else waits for it.
        listen_to_receivers: whether a user in ``uids`` of a subscription is heard also when a message is sent to him,
            or only when he sends one. The service does not publish this.
        multi_login: whether an end user may be logged in on several connections; otherwise a new login kicks out the
            one before. With several, a message to one user goes to all connections of both users but the one it came
            over.
        rooms_per_user: in how many rooms an end user may be. With 1, entering a room leaves the one before; otherwise
            one too many gets 200047.
        words: the sensitive words that text checks find and star; a mapping gives each its category, a number that is
            answered as a tag. An empty list lets everything pass; without a list these calls get 200060. See
            `WordList`.
        seed: what the systems that speak HTTP hold at the start and after `reset`: a JSON file, or what would be in
            it, with the members ``google`` and ``bearychat``. See `GoogleChatDoor.load` and `BearyChatDoor.load`.
        functions: what answers the calls that no local server can do itself, by wire name: a callable, or
            ``"module:function"``. A call without one gets 200060. A function runs on a thread of its own, at most 32
            run at once; when it raises, the call gets 200056 (translate) or 200999. It gets its arguments by
            position; a URL is a str, a content bytes. ``translate(text, source, target)`` returns the translation, or
            the language it found and the translation; source is None when it is to be found.
            ``speech2text(audio, lang, codec, srate)`` returns the text, or the language and the text.
            ``icheck(image)``, ``acheck(audio, lang, codec, srate)`` and ``vcheck(video, name)`` return the numbers of
            the categories for which the content does not pass, nothing when it passes.

    Attributes:
        faults: what is to go wrong, see `Faults`.
        refused: the calls that were answered with an error, see `RefusedCalls`.
        clock: the time of the gate; its ``offset`` can be moved.
        google: Google Chat: its addresses and credentials, and what is to be there.
        bearychat: BearyChat: its addresses and tokens, and what is to be there.

    Raises:
        TypeError, ValueError: an argument is wrong; the text names it.
        OSError: the file `seed` cannot be read.
    """

    def __init__(
        self,
        listen: str = "127.0.0.1:0",
        *,
        http_listen: str | None = None,
        store: str | os.PathLike[str] | None = None,
        projects: Mapping[int, str] | None = None,
        key: ServerKey | None = None,
        clock_window: float = 300.0,
        max_frame: int = DEFAULT_MAX_FRAME,
        max_message: int = MAX_MESSAGE,
        max_attrs: int = MAX_ATTRS,
        max_file: int | None = None,
        enforce_membership: bool = False,
        enforce_blacklist: bool = True,
        duplicate_mid: Literal["error", "success"] = "error",
        stored_mtypes: Collection[int] = DEFAULT_STORED_MTYPES,
        file_token_seconds: float = 600.0,
        file_token_reuse: bool = False,
        require_file_ext: bool = False,
        idle_timeout: float = 60.0,
        ping_interval: float = 15.0,
        answer_timeout: float = 60.0,
        push_buffer: int = PUSH_BUFFER,
        listen_to_receivers: bool = True,
        multi_login: bool = False,
        rooms_per_user: int = 1,
        words: Mapping[str, int] | Collection[str] | None = None,
        seed: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        functions: Mapping[str, Callable[..., Any] | str] | None = None,
    ) -> None:
        self._listen = Address.parse(listen)
        self._http_listen = Address(self._listen.host, 0) if http_listen is None else Address.parse(http_listen)
        if projects is None:
            projects = {DEMO_PID: DEMO_SECRET if self._listen.is_loopback else secrets.token_hex(16)}
        self._settings = Settings(
            projects=dict(projects),
            clock_window=clock_window,
            max_frame=max_frame,
            max_message=max_message,
            max_attrs=max_attrs,
            max_file=max_frame if max_file is None else max_file,
            enforce_membership=enforce_membership,
            enforce_blacklist=enforce_blacklist,
            duplicate_mid=duplicate_mid,
            stored_mtypes=frozenset(stored_mtypes),
            file_token_seconds=file_token_seconds,
            file_token_reuse=file_token_reuse,
            require_file_ext=require_file_ext,
            idle_timeout=idle_timeout,
            ping_interval=ping_interval,
            answer_timeout=answer_timeout,
            push_buffer=push_buffer,
            listen_to_receivers=listen_to_receivers,
            multi_login=multi_login,
            rooms_per_user=rooms_per_user,
            words=None if words is None else WordList(words),
            functions=load_functions(functions or {}),
        )
        self._path = None if store is None else Path(store).absolute()
        self._key = key
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._listening: Future[_Running] = Future()
        self._running: _Running | None = None
        self.faults = Faults()
        self.refused = RefusedCalls()
        self.clock = Clock()
        self.google = GoogleChatDoor(self.clock, loopback=self._http_listen.is_loopback)
        self.bearychat = BearyChatDoor(self.clock, loopback=self._http_listen.is_loopback)
        if seed is not None:
            self._load(seed)

    def _load(self, seed: str | os.PathLike[str] | Mapping[str, Any]) -> None:
        doors: dict[str, Door] = {"google": self.google, "bearychat": self.bearychat}
        for name, part in (seed if isinstance(seed, Mapping) else _read_seed(Path(seed))).items():
            if name not in doors:
                raise ValueError(f"seed: there is no {name!r}, only {', '.join(doors)}")
            if not isinstance(part, Mapping):
                raise ValueError(f"seed: {name} must be a JSON object")
            doors[name].load(part)

    # --- what it is ------------------------------------------------------------------------------------------

    @property
    def pid(self) -> int:
        """The (first) project."""
        return next(iter(self._settings.projects))

    @property
    def secret(self) -> str:
        """The secret of the (first) project."""
        return self._settings.projects[self.pid]

    @property
    def endpoint(self) -> str:
        """Where it listens for FPNN, ``host:port``. RuntimeError when it has never listened."""
        return str(_bound(self._listen))

    @property
    def http_endpoint(self) -> str:
        """Where it listens for HTTP, ``host:port``. RuntimeError when it has never listened."""
        return str(_bound(self._http_listen))

    @property
    def store(self) -> Path | None:
        """The file of the store, None for memory."""
        return self._path

    @property
    def public_key(self) -> str:
        """The public key for encrypted connections, PEM."""
        with self._lock:
            if self._key is None:
                from ..fpnn.encryption import ServerKey

                self._key = ServerKey.generate()
            return self._key.public_pem

    @property
    def running(self) -> bool:
        """Whether it listens."""
        return self._running is not None

    def __repr__(self) -> str:
        where = str(self._listen) if self._listen.port else self._listen.host
        return f"<Gate {where} pid {self.pid} {'running' if self.running else 'not running'}>"

    # --- life ------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and return when it listens. A gate that runs already stays as it is.

        Raises:
            OSError: an address cannot be listened on, or the store cannot be opened.
            RuntimeError: the store is open in another gate.
            ValueError: the store file is something else.
            TimeoutError: it did not listen within `START_SECONDS`.
        """
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._listening = Future()
                self._thread = threading.Thread(target=self._run, args=(self._listening,), name="rtm-gate", daemon=True)
                self._thread.start()
            listening = self._listening
        try:
            listening.result(START_SECONDS)
        except FutureTimeout:
            self.stop()
            raise TimeoutError(f"the gate did not listen within {START_SECONDS:g} s") from None
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop: answer what is done, close every connection, thread and file. A gate that does not run stays as it is.

        Raises:
            TimeoutError: it did not end within `STOP_SECONDS`.
        """
        self._request_stop()
        thread = self._thread
        if thread is not None:
            thread.join(STOP_SECONDS)
            if thread.is_alive():
                raise TimeoutError(f"the gate did not stop within {STOP_SECONDS:g} s")

    def serve_forever(self) -> None:
        """Start, unless it runs already, and serve until SIGINT, SIGTERM or `stop`. Only from the main thread."""
        self.start()
        thread = self._thread
        before = {}
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                before[number] = signal.signal(number, self._on_signal)
            while thread is not None and thread.is_alive():
                thread.join(1.0)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self.stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._request_stop()

    def _request_stop(self) -> None:
        running = self._running
        if running is not None:
            running.call_soon(running.stopping.set)

    # --- looking inside --------------------------------------------------------------------------------------

    def messages(
        self,
        *,
        kind: int | None = None,
        from_uid: int | str | None = None,
        to_id: int | str | None = None,
        mtype: int | None = None,
        mid: int | None = None,
        pid: int | None = None,
        deleted: bool = False,
    ) -> list[StoredMessage]:
        """The messages the gate keeps, in the order in which they came. From any thread.

        Args:
            kind, from_uid, to_id, mtype, mid, pid: only messages with this value.
            deleted: also those that were deleted.
        """
        store = self._inside().store
        return self._do(
            lambda: store.messages(
                kind=kind, sender=from_uid, target=to_id, mtype=mtype, mid=mid, pid=pid, deleted=deleted
            )
        )

    def token_is_valid(self, uid: int, token: str, pid: int | None = None) -> bool:
        """Whether an end user may log in with a token. From any thread.

        Args:
            uid: the user.
            token: from ``gettoken``.
            pid: the project, None for the first one.
        """
        store = self._inside().store
        return self._do(lambda: token_is_valid(store, self.pid if pid is None else pid, uid, token))

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return self._do(lambda: len(self._inside().shared.connections))

    def reset(self) -> None:
        """Forget all that was stored, sent and used, drop the faults, set the clock right. Connections and seeds stay.

        From any thread.
        """
        running = self._inside()
        self.faults.clear()
        self.clock.offset = 0.0
        self._do(running.reset)
        self.refused.take()

    def _inside(self) -> _Running:
        running = self._running
        if running is None:
            raise RuntimeError("the gate does not run")
        return running

    def _do(self, work: Callable[[], R]) -> R:
        """Run something between two turns of the gate."""
        return self._inside().do(work)

    # --- on the gate's thread --------------------------------------------------------------------------------

    def _run(self, listening: Future[_Running]) -> None:
        try:
            asyncio.run(self._main(listening))
        except BaseException as fault:
            if listening.done():
                log.critical("the gate has failed", exc_info=fault)
            else:
                listening.set_exception(fault)

    async def _main(self, listening: Future[_Running]) -> None:
        async with AsyncExitStack() as exits:
            store = Store(self._path, self.clock)
            exits.callback(store.close)
            contents = Contents(self._path, store.file_names())
            exits.callback(contents.close)
            exits.push_async_callback(asyncio.get_running_loop().shutdown_default_executor)

            running = _Running(self, store, contents)
            for door in running.doors:
                exits.callback(door.end)
                door.begin(running.inside)
            http = HTTPServer(running.inside, running.shared.batch, self.faults, self.refused, running.doors)
            exits.push_async_callback(http.stop)
            self._http_listen = await http.start(self._http_listen)

            exits.push_async_callback(running.shared.websockets.stop)
            await running.shared.websockets.start()
            exits.push_async_callback(running.close_connections)
            loop = running.shared.loop
            listener = await Listener.open(self._listen, lambda: Connection(running.shared))
            exits.push_async_callback(listener.close)
            self._listen = listener.address

            if self._settings.idle_timeout:
                exits.callback(loop.create_task(running.close_idle(self._settings.idle_timeout)).cancel)
            exits.callback(loop.create_task(running.keep_alive()).cancel)
            self._running = running
            exits.callback(running.end)
            exits.callback(setattr, self, "_running", None)
            log.info("listening on %s, HTTP on %s", self.endpoint, self.http_endpoint)
            listening.set_result(running)
            await running.stopping.wait()


class _Running:
    """What exists only while a gate runs."""

    def __init__(self, gate: Gate, store: Store, contents: Contents) -> None:
        loop = asyncio.get_running_loop()
        settings = gate._settings
        self.store = store
        self.contents = contents
        self.stopping = asyncio.Event()
        self._ended = False
        self.inside = Inside(store, contents, settings, gate.clock, self.do)
        self.doors: tuple[Door, ...] = (gate.google, gate.bearychat)
        self.service = Service(settings, store, contents, gate.clock)
        self.shared = Shared(
            loop=loop,
            settings=settings,
            service=self.service,
            end_users=EndUsers(self.service),
            store=store,
            batch=Batch(loop, store),
            faults=gate.faults,
            refused=gate.refused,
            connections=set(),
            threads=Threads(),
            websockets=WebSockets(lambda: Connection(self.shared, websocket=True), settings.max_frame),
            make_session=lambda: Session.server(max_frame=settings.max_frame, key=gate._key),
        )

    def call_soon(self, work: Callable[[], Any]) -> None:
        """Have something done on the gate's thread; nothing when that has just ended."""
        try:
            self.shared.loop.call_soon_threadsafe(work)
        except RuntimeError:
            if not self.shared.loop.is_closed():
                raise

    def do(self, work: Callable[[], R]) -> R:
        """Run something between two turns of the gate, and wait for it."""
        outcome: Future[R] = Future()

        def run() -> None:
            self.shared.batch.close()
            try:
                outcome.set_result(work())
            except BaseException as fault:
                outcome.set_exception(fault)

        self.call_soon(run)
        deadline = Deadline(_CALL_SECONDS)
        while not wait_for([outcome], 0.1).done:
            if self._ended:
                raise RuntimeError("the gate was stopped")
            if deadline.expired:
                raise TimeoutError(f"the gate did not come to this within {_CALL_SECONDS:g} s")
        return outcome.result()

    def end(self) -> None:
        """Let nobody wait for `do` any more."""
        self._ended = True

    def reset(self) -> None:
        """Forget everything but the seeds."""
        names = self.store.file_names()
        self.store.turn(self._empty)
        self.contents.remove(names)
        self.service.forget()

    def _empty(self) -> None:
        self.store.reset()
        for door in self.doors:
            door.reset()

    async def close_idle(self, timeout: float) -> None:
        """Close connections on which nothing has come or gone for too long."""
        while True:
            await asyncio.sleep(min(1.0, timeout / 4))
            before = self.shared.loop.time() - timeout
            for connection in [c for c in self.shared.connections if c.last_activity < before and not c.working]:
                log.info("%r: closing after %g s without a byte", connection, timeout)
                connection.abort()

    async def keep_alive(self) -> None:
        """Ping the clients that are pushed to, and give up those that do not answer."""
        settings = self.shared.settings
        pause = min(1.0, settings.ping_interval or 1.0, (settings.answer_timeout or 4.0) / 4)
        while True:
            await asyncio.sleep(pause)
            for connection in list(self.shared.connections):
                connection.keep_alive()

    async def close_connections(self) -> None:
        """Let every connection finish, then cut those whose client does not read."""
        self.shared.batch.close()
        connections = list(self.shared.connections)
        if connections:
            await asyncio.wait([asyncio.ensure_future(c.finish()) for c in connections], timeout=_FINISH_SECONDS)
        end = self.shared.loop.time() + _GRACE_SECONDS
        while self.shared.connections and self.shared.loop.time() < end:
            await asyncio.sleep(0.005)
        for connection in list(self.shared.connections):
            connection.abort()
        while self.shared.connections:
            await asyncio.sleep(0.001)
        self.shared.batch.close()


def _read_seed(path: Path) -> dict[str, Any]:
    try:
        seed = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise ValueError(f"seed: {str(path)!r} is not JSON: {fault}") from None
    if not isinstance(seed, dict):
        raise ValueError("seed must be a JSON object")
    return seed


def _bound(address: Address) -> Address:
    if not address.port:
        raise RuntimeError("the gate has not been started")
    return address
