"""The gate's HTTP port: the contents of files, and the doors of the systems that speak HTTP.

A door is a class of its own in ``gate/<system>/door.py``, derived from `Door`. What it has to know::

    class GoogleChatDoor(Door):
        prefixes = ("/v1/", "/token")             # the paths that are its own
        tables = "CREATE TABLE IF NOT EXISTS ..." # its tables; all of them start with the name of the system

        def route(self, call):                    # which method is it? Only verb, path, query and headers are known.
            return Route("spaces.messages.get", handler)     # the name is the one that faults are matched with
        def failure(self, status, text, *, code=0): ...      # an error the host found, in the body of the service

        def handler(self, call) -> Answer | Later: ...

A `Route` may have a ``socket`` for requests that want to become a WebSocket; `Door.hang_up` closes what is open then.

`route` and handlers run on the gate's thread. A handler has the body and runs as a turn of the store: all its writes
happen, or none when it raises; its answer leaves when the turn is durable. It must not block: what takes long goes into
a `Later`. To refuse, it raises `Refused`, best a subclass that builds the error body of the service; `route` may as
well. Any other exception is logged and answered with ``failure(500, ...)``.

    self.inside                 while the gate runs: store, contents (files on disk), settings, clock, url
    self.inside.store           one messages table for all systems, see `Store.add`: pid 0, ``MessageKind.GOOGLE_CHAT``
                                or ``BEARYCHAT``, sender and target the ids as text, mtime from ``store.stamp()``,
                                mid a number that is unique for sender and target. `Store.add` says whether it is new;
                                `Store.last_id` is the id of its row, the key of side tables. `Store.edit` and
                                `Store.hide_row` change it.
    self.inside.store.key       secret bytes to sign page tokens with
    self.inside.store.after_commit(f)
    self.inside.clock.seconds() the time; tests move it
    self.seed(work)             what is to be in the store: ``work(inside)`` runs in a turn at every start and reset,
                                and at once while the gate runs. From any thread. It must do no harm when the store
                                file has it already.
    def load(self, seed)        takes the member of the door in ``Gate(seed=...)``, a dict read from JSON; ValueError
                                names the place of a fault

`Gate` makes the doors with ``GoogleChatDoor(clock, loopback=...)``; loopback tells whether only this machine can reach
the gate, so that well-known demo tokens do no harm.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sqlite3
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, ClassVar, NamedTuple, Protocol
from urllib.parse import parse_qsl, urlsplit

from multidict import CIMultiDictProxy

from .batch import Batch
from .clock import Clock
from .endpoint import Address, Listener
from .faults import Fault, Faults
from .files import Contents, FileServer
from .refusal import Refusal
from .refused import RefusedCall, RefusedCalls
from .settings import Settings
from .store import Store

try:
    from aiohttp import web
    from aiohttp.http_exceptions import HttpProcessingError
except ImportError as fault:
    raise ImportError('the gate needs aiohttp: pip install "rtm-sdk[gate]"') from fault

__all__ = ["Answer", "Door", "HTTPCall", "HTTPServer", "Inside", "Later", "Refused", "Route"]

log = logging.getLogger("rtm_sdk.gate")

MAX_BODY = 4 * 1024 * 1024
"""The largest body of a request in bytes unless its `Route` says otherwise."""

_CHUNK = 64 * 1024
_SHUTDOWN_SECONDS = 1.0
_SILENCE_CHECK_SECONDS = 0.05
_GARBAGE_BYTES = 64
_SLASHES = re.compile("//+")


class Inside(NamedTuple):
    """What a door works with while the gate runs.

    Attributes:
        store: where everything is kept.
        contents: the contents of files on disk.
        settings: the options of the gate.
        clock: its time.
        do: runs something on the gate's thread between two turns and waits for it; from any other thread.
    """

    store: Store
    contents: Contents
    settings: Settings
    clock: Clock
    do: Callable[[Callable[[], Any]], Any]

    @property
    def url(self) -> str:
        """Where the HTTP server is reached on this machine, ``http://host:port`` without a path."""
        listening = self.contents.http
        if listening.is_wildcard:
            listening = Address("::1" if ":" in listening.host else "127.0.0.1", listening.port)
        return f"http://{listening}"


class HTTPCall:
    """One request on its way through a handler.

    Attributes:
        verb: ``GET`` and so on.
        path: the path as it came, percent-encoded, but for doubled slashes.
        query: the parameters of the query in their order, decoded.
        headers: the headers; names in any case.
        reached: where the client reached the gate.
        body: the body, decompressed; empty for a spooled one.
        file: the body of a `Route` that is spooled, positioned at its start; it is closed after the answer.
    """

    __slots__ = ("body", "file", "headers", "path", "query", "reached", "verb")

    def __init__(
        self,
        verb: str,
        path: str,
        query: list[tuple[str, str]],
        headers: CIMultiDictProxy[str],
        reached: Address,
    ) -> None:
        self.verb = verb
        self.path = path
        self.query = query
        self.headers = headers
        self.reached = reached
        self.body = b""
        self.file: IO[bytes] | None = None


class Answer(NamedTuple):
    """What a call is answered.

    Attributes:
        status: the HTTP status.
        data: the body as a value for JSON; None is no JSON.
        headers: further headers.
        content: the body as bytes, or the file that holds it; its type is in the headers.
    """

    status: int = 200
    data: Any = None
    headers: Mapping[str, str] = {}
    content: bytes | Path = b""


class Refused(Exception):
    """A call that is answered with an error.

    Args:
        answer: the answer, with the error body of the service.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


class Later(NamedTuple):
    """What a handler returns when part of its work must not hold up the gate.

    Attributes:
        work: runs on another thread, without the store; may raise `Refused`.
        finish: runs afterwards in a turn of the gate and gives the answer.
        undo: runs when either raised, or the gate stops in between.
    """

    work: Callable[[], None]
    finish: Callable[[], Answer]
    undo: Callable[[], None]


class Failing(Protocol):
    """Makes the error answer of something the host found, see `Door.failure`."""

    def __call__(self, status: int, text: str, *, code: int = 0) -> Answer: ...


class Route(NamedTuple):
    """What answers a call.

    Attributes:
        name: the method, as the service names it; faults are matched with it.
        handler: answers it.
        max_body: the largest body in bytes; otherwise 413.
        spooled: whether the body goes to a file on disk, `HTTPCall.file`, since it may be large.
        socket: takes a request for a WebSocket over, in place of the handler, until that is closed.
        failure: an error the host found, where the body is another one than that of `Door.failure`.
    """

    name: str
    handler: Callable[[HTTPCall], Answer | Later]
    max_body: int = MAX_BODY
    spooled: bool = False
    socket: Callable[[web.Request, HTTPCall], Awaitable[web.StreamResponse]] | None = None
    failure: Failing | None = None


class Door(ABC):
    """A system that speaks HTTP on the gate's port. See the top of this file.

    Args:
        clock: the time of the gate.
        loopback: whether only this machine can reach the gate.
    """

    prefixes: ClassVar[tuple[str, ...]]
    tables: ClassVar[str]

    def __init__(self, clock: Clock, *, loopback: bool) -> None:
        self.clock = clock
        self.loopback = loopback
        self._seeds: list[Callable[[Inside], object]] = []
        self._seeding = threading.Lock()
        self._inside: Inside | None = None

    @property
    def inside(self) -> Inside:
        """What the gate has while it runs; otherwise RuntimeError."""
        inside = self._inside
        if inside is None:
            raise RuntimeError("the gate does not run")
        return inside

    @abstractmethod
    def route(self, call: HTTPCall) -> Route:
        """Which method a call is. `Refused` when there is none."""

    @abstractmethod
    def failure(self, status: int, text: str, *, code: int = 0) -> Answer:
        """An error in the form of the service.

        Args:
            status: the HTTP status; 0 is the one that belongs to the code.
            text: what is wrong.
            code: the error code of the service; 0 is the one that belongs to the status.
        """

    @abstractmethod
    def load(self, seed: Mapping[str, Any]) -> None:
        """Seed what a file says. ValueError names the place of a fault."""

    def seed(self, work: Callable[[Inside], object]) -> None:
        """Have something in the store: at every start and reset, and at once while the gate runs. From any thread."""
        with self._seeding:
            self._seeds.append(work)
            inside = self._inside
        if inside is not None:
            try:
                inside.do(lambda: self._apply(inside, [work]))
            except BaseException:
                with self._seeding:
                    self._seeds.remove(work)
                raise

    def begin(self, inside: Inside) -> None:
        """Begin to work. On the gate's thread."""
        with self._seeding:
            self._inside = inside
            seeds = list(self._seeds)
        inside.store.create(self.tables)
        self._apply(inside, seeds)

    def reset(self) -> None:
        """Have the seeds in a store that was emptied; in its turn, on the gate's thread."""
        with self._seeding:
            seeds = list(self._seeds)
        for work in seeds:
            work(self.inside)

    def end(self) -> None:
        """Stop working. On the gate's thread."""
        with self._seeding:
            self._inside = None

    async def hang_up(self) -> None:  # noqa: B027 (most doors hold nothing open)
        """Close all WebSockets."""

    def _apply(self, inside: Inside, seeds: list[Callable[[Inside], object]]) -> None:
        inside.store.turn(lambda: [work(inside) for work in seeds])


class _Turn:
    """A call's part of a turn of the gate."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.done: asyncio.Future[Refusal | None] = loop.create_future()

    def deliver(self, failure: Refusal | None) -> None:
        if not self.done.done():
            self.done.set_result(failure)


class _TooLarge(Exception):
    pass


class _Unreadable(Exception):
    pass


class _Gone(Exception):
    """The client closed the connection before it had sent the whole request."""


def _is_fault_of_the_gate(record: logging.LogRecord) -> bool:
    """Whether to log what aiohttp has to say: not that a request is no HTTP, for it quotes it, secrets and all."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, (HttpProcessingError, web.RequestPayloadError)):
        log.debug("a request that cannot be read: %s", type(error).__name__)
        return False
    return True


_server_log = log.getChild("http")
_server_log.addFilter(_is_fault_of_the_gate)


class HTTPServer:
    """The HTTP server of a gate.

    Args:
        inside: what the gate has.
        batch: its turns.
        faults: what is to go wrong.
        refused: where calls go that are refused.
        doors: who answers.
    """

    def __init__(
        self, inside: Inside, batch: Batch, faults: Faults, refused: RefusedCalls, doors: tuple[Door, ...]
    ) -> None:
        self._contents = inside.contents
        self._store = inside.store
        self._batch = batch
        self._faults = faults
        self._refused = refused
        self._doors = [(prefix, door) for door in doors for prefix in door.prefixes]
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        files = FileServer(inside.contents, inside.store.file)
        app = web.Application()
        app.router.add_get("/files/{name}", files.serve)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, logger=_server_log, shutdown_timeout=_SHUTDOWN_SECONDS)
        self._listener: Listener | None = None

    async def start(self, listen: Address) -> Address:
        """Listen.

        Returns:
            where it listens.
        """
        await self._runner.setup()
        assert self._runner.server is not None
        self._listener = await Listener.open(listen, self._runner.server)
        self._contents.http = self._listener.address
        return self._contents.http

    async def stop(self) -> None:
        """Stop listening, let what is being done be done, close all connections."""
        self._stopping.set()
        if self._listener is not None:
            await self._listener.close()
        for door in {door for _, door in self._doors}:
            await door.hang_up()
        await self._runner.cleanup()

    # --- one call --------------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path, query = _target(request.raw_path)
        door = next((door for prefix, door in self._doors if path.startswith(prefix)), None)
        if door is None and path.startswith("/files/") and request.method not in ("GET", "HEAD"):
            raise web.HTTPMethodNotAllowed(request.method, ("GET", "HEAD"))
        if door is None:
            self._refused.add(RefusedCall(_shown(request.method, path), 404, "there is nothing", False))
            raise web.HTTPNotFound(headers={"X-Content-Type-Options": "nosniff"})
        call = HTTPCall(
            request.method,
            path,
            parse_qsl(query, keep_blank_values=True, errors="replace"),
            request.headers,
            _reached(request, self._contents.http),
        )
        name, fault = "", None
        fail: Failing = door.failure
        try:
            route = door.route(call)
            name, fail = route.name, route.failure or door.failure
            if route.socket is not None and request.headers.get("Upgrade", "").lower() == "websocket":
                return await route.socket(request, call)
            fault = self._faults.striking(name, http=True)
            answer = await self._answer(fail, route, call, request, fault)
        except Refused as refused:
            answer = refused.answer
        except _Gone:
            return web.Response()
        except Exception as broken:
            answer = self._broken(fail, name, broken)
        finally:
            if call.file is not None:
                call.file.close()
        log.debug("%s %s: %d", call.verb, name or "of no method", answer.status)
        if fault is None and answer.status >= 400:
            text = _error_text(answer.data)
            self._refused.add(RefusedCall(name or _shown(call.verb, call.path), answer.status, text, bool(name)))
        if fault is not None and fault.action != "error":
            return await self._misbehave(request, answer, fault)
        return _response(answer)

    async def _answer(
        self, fail: Failing, route: Route, call: HTTPCall, request: web.Request, fault: Fault | None
    ) -> Answer:
        if fault is not None and fault.action in ("cut", "half_open"):
            return Answer()
        try:
            await self._read(route, call, request)
        except _TooLarge:
            return fail(413, f"the body of the request has more than {route.max_body} bytes")
        except _Unreadable:
            answer = fail(400, "the body of the request is not encoded as its headers say")
            return answer._replace(headers={**answer.headers, "Connection": "close"})  # as aiohttp does then
        if fault is not None and fault.action == "error":
            answer = fail(fault.status, "an injected fault", code=fault.code)
            if fault.retry_after is None:
                return answer
            return answer._replace(headers={**answer.headers, "Retry-After": f"{fault.retry_after:g}"})
        return await self._perform(fail, route, call)

    async def _perform(self, fail: Failing, route: Route, call: HTTPCall) -> Answer:
        outcome, failure = await self._turn(fail, route, lambda: route.handler(call))
        if isinstance(outcome, Later):
            later, kept = outcome, False
            try:
                if failure is None:
                    outcome, failure = await self._finish(fail, route, later)
                    kept = failure is None and not isinstance(outcome, Refused)
            finally:
                if not kept:
                    later.undo()
        if failure is not None:
            return fail(500, failure.text)
        if isinstance(outcome, Refused):
            raise outcome
        assert isinstance(outcome, Answer)
        return outcome

    async def _finish(
        self, fail: Failing, route: Route, later: Later
    ) -> tuple[Answer | Later | Refused, Refusal | None]:
        try:
            await self._loop.run_in_executor(None, later.work)
        except Refused as refused:
            return refused, None
        except Exception as broken:
            return Refused(self._broken(fail, route.name, broken)), None
        return await self._turn(fail, route, later.finish)

    async def _turn(
        self, fail: Failing, route: Route, work: Callable[[], Answer | Later]
    ) -> tuple[Answer | Later | Refused, Refusal | None]:
        """Do something in the turn of the gate that is open now.

        Returns:
            what came of it, and why the turn could not be made durable.
        """
        turn = _Turn(self._loop)
        outcome: Answer | Later | Refused
        if not self._batch.join(turn):
            outcome = Refused(fail(500, "the store of the gate failed"))
        else:
            try:
                outcome = self._store.attempt(work)
            except Refused as refused:
                outcome = refused
            except Exception as broken:
                outcome = Refused(self._broken(fail, route.name, broken))
        return outcome, await turn.done

    def _broken(self, fail: Failing, name: str, fault: Exception) -> Answer:
        what = "the store failed" if isinstance(fault, sqlite3.Error) else "failed"
        log.error("%s %s", name or "the way to a method", what, exc_info=fault)
        return fail(500, "the gate failed on this call, see its log")

    async def _read(self, route: Route, call: HTTPCall, request: web.Request) -> None:
        if request.content_length is not None and request.content_length > route.max_body:
            raise _TooLarge
        size = 0
        parts = []
        if route.spooled:
            call.file = tempfile.TemporaryFile()  # noqa: SIM115
        while chunk := await _next_chunk(request):
            size += len(chunk)
            if size > route.max_body:
                raise _TooLarge
            if call.file is None:
                parts.append(chunk)
            else:
                await self._loop.run_in_executor(None, call.file.write, chunk)
        if call.file is None:
            call.body = b"".join(parts)
        else:
            call.file.seek(0)

    # --- faults ----------------------------------------------------------------------------------------------

    async def _misbehave(self, request: web.Request, answer: Answer, fault: Fault) -> web.StreamResponse:
        transport = request.transport
        action = fault.action
        if action == "delay":
            await self._pause(fault.seconds)
            return _response(answer)
        if transport is not None:
            if action in ("drop_reply", "half_open"):
                await self._be_silent(transport)
            elif action == "truncate":
                head, body = _raw(answer)
                transport.write(head + body[: len(body) // 2] if body else head[: len(head) // 2])
            elif action == "garbage":
                transport.write(b"\xff" + os.urandom(_GARBAGE_BYTES))
            elif action == "drip":
                await self._drip(transport, b"".join(_raw(answer)), fault.seconds)
            transport.close()
        return web.Response()

    async def _be_silent(self, transport: asyncio.Transport) -> None:
        while not (self._stopping.is_set() or transport.is_closing()):
            await self._pause(_SILENCE_CHECK_SECONDS)

    async def _pause(self, seconds: float) -> None:
        """Wait, but not longer than the gate runs."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _drip(self, transport: asyncio.Transport, data: bytes, seconds: float) -> None:
        for at in range(len(data)):
            if self._stopping.is_set() or transport.is_closing():
                return
            transport.write(data[at : at + 1])
            await asyncio.sleep(seconds)


async def _next_chunk(request: web.Request) -> bytes:
    try:
        return await request.content.read(_CHUNK)
    except web.RequestPayloadError:
        raise _Unreadable from None
    except ConnectionError:
        raise _Gone from None


def _shown(verb: str, path: str) -> str:
    """A call of no method, without the secret that the address of a webhook ends with."""
    return f"{verb} {path.partition('/incoming/')[0][:200]}"


def _error_text(body: Any) -> str:
    """What the error body of any of the services says."""
    error = body.get("error_description", body.get("error")) if isinstance(body, dict) else None
    return str(error.get("message", "")) if isinstance(error, dict) else str(error or "")


def _target(target: str) -> tuple[str, str]:
    """Path and query of a request; doubled slashes of the path are one, as some clients send them."""
    if not target.startswith("/"):
        parts = urlsplit(target)
        target = f"{parts.path}?{parts.query}"
    path, _, query = target.partition("?")
    return _SLASHES.sub("/", path), query


def _reached(request: web.Request, listening: Address) -> Address:
    sockname = None if request.transport is None else request.transport.get_extra_info("sockname")
    return Address(*sockname[:2]) if sockname else listening


def _body(answer: Answer) -> tuple[dict[str, str], bytes | Path]:
    headers = {"X-Content-Type-Options": "nosniff", **answer.headers}
    if answer.data is None:
        return headers, answer.content
    headers.setdefault("Content-Type", "application/json; charset=UTF-8")
    return headers, json.dumps(answer.data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _response(answer: Answer) -> web.StreamResponse:
    headers, body = _body(answer)
    if isinstance(body, Path):
        return web.FileResponse(body, status=answer.status, headers=headers)
    return web.Response(status=answer.status, headers=headers, body=body)


def _raw(answer: Answer) -> tuple[bytes, bytes]:
    """An answer as bytes of HTTP: its head, and its body."""
    headers, body = _body(answer)
    content = body.read_bytes() if isinstance(body, Path) else body
    headers["Content-Length"] = str(len(content))
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode(), content
