"""The sockets of RTM: what happens in conversations is told to those who are in them."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Collection
from functools import partial

from aiohttp import WSMsgType, web

from ..http import Inside, Refused
from .params import json_object
from .people import Resource
from .refusals import failure, invalid, not_found

__all__ = ["Sockets"]

log = logging.getLogger("rtm_sdk.gate")

Act = Callable[[str, Resource], None]
"""Takes a user's id and a frame with an action of theirs; may raise `Refused`."""

TICKET_SECONDS = 300.0
MAX_TICKETS = 1000
MAX_FRAME = 1024 * 1024
MAX_WAITING = 1000
"""Events that may wait for a client; when there are more, its connection is closed. Nobody else waits for it."""

SILENCE_SECONDS = 60.0
"""A connection on which nothing comes for so long is closed."""

_CLOSE_SECONDS = 1.0


class Sockets:
    """The connections of all users, and the tickets to open them.

    Args:
        inside: gives what the gate has.
        act: does what a user sends, in a turn of the store.
    """

    def __init__(self, inside: Callable[[], Inside], act: Act) -> None:
        self._inside = inside
        self._act = act
        self._tickets: dict[str, tuple[str, float]] = {}
        self._connections: set[_Connection] = set()
        self._acting: _Connection | None = None

    def ticket(self, uid: str) -> str:
        """What opens one connection of a user, within 5 minutes."""
        now = self._inside().clock.seconds()
        self._tickets = {ticket: each for ticket, each in self._tickets.items() if each[1] > now}
        while len(self._tickets) >= MAX_TICKETS:
            del self._tickets[next(iter(self._tickets))]
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = uid, now + TICKET_SECONDS
        return ticket

    def forget(self) -> None:
        """Let no ticket open a connection any more. Connections stay."""
        self._tickets.clear()

    def tell(self, event: Resource, uids: Collection[str]) -> None:
        """Send an event to all connections of some users, but for the one whose frame has caused it.

        In a turn of the store: it leaves when the turn is durable.
        """
        hearing = [each for each in self._connections if each.uid in uids and each is not self._acting]
        if hearing:
            frame = json.dumps(event, ensure_ascii=False)
            self._inside().store.after_commit(partial(_put, frame, hearing))

    async def serve(self, request: web.Request, ticket: str) -> web.StreamResponse:
        """Take a request over, until the connection is closed.

        Args:
            request: of the client.
            ticket: the last part of its path.
        """
        uid, until = self._tickets.get(ticket, ("", 0.0))
        socket = web.WebSocketResponse(timeout=_CLOSE_SECONDS, compress=False, max_msg_size=MAX_FRAME)
        transport = request.transport
        known = until > self._inside().clock.seconds()
        if not known or transport is None or not socket.can_prepare(request):
            raise not_found("socket: an address opens one WebSocket, within 5 minutes")
        del self._tickets[ticket]
        await socket.prepare(request)
        connection = _Connection(socket, transport, uid)
        connected = {"type": "update_user_connection", "data": {"uid": uid, "connection": "connected"}}
        connection.put(json.dumps(connected))
        self._connections.add(connection)
        sender = asyncio.ensure_future(connection.send())
        try:
            while True:
                message = await socket.receive(SILENCE_SECONDS)
                if message.type is not WSMsgType.TEXT:
                    break
                self._take(connection, message.data)
        except asyncio.TimeoutError:
            pass
        finally:
            self._connections.discard(connection)
            sender.cancel()
            await asyncio.wait([sender])
            await socket.close()
        return socket

    async def close(self) -> None:
        """Close all connections."""
        closing = [asyncio.ensure_future(connection.socket.close()) for connection in self._connections]
        if closing:
            await asyncio.wait(closing, timeout=_CLOSE_SECONDS)
        for connection in self._connections:
            connection.transport.abort()

    def _take(self, connection: _Connection, text: str) -> None:
        """Do what a frame says, and answer it when that is durable."""
        inside = self._inside()
        reply: Resource = {"type": "reply", "call_id": None, "code": 0, "status": "ok", "ts": inside.clock.ms()}

        def work() -> None:
            frame = json_object(text.encode("utf-8", "replace"))
            if type(frame.get("call_id")) is not int:
                raise invalid("a frame must have a 'call_id', an integer")
            reply["call_id"] = frame["call_id"]
            self._act(connection.uid, frame)
            inside.store.after_commit(lambda: connection.put(json.dumps(reply)))

        self._acting = connection
        try:
            inside.store.turn(work)
        except Refused as refused:
            connection.put(json.dumps({**reply, "status": "error", **refused.answer.data}, ensure_ascii=False))
        except Exception:
            log.exception("a frame of a BearyChat socket failed")
            refusal = failure(500, "the gate failed on this frame, see its log")
            connection.put(json.dumps({**reply, "status": "error", **refusal.data}))
        finally:
            self._acting = None


def _put(frame: str, connections: list[_Connection]) -> None:
    for connection in connections:
        connection.put(frame)


class _Connection:
    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport, uid: str) -> None:
        self.socket = socket
        self.transport = transport
        self.uid = uid
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MAX_WAITING)

    def put(self, frame: str) -> None:
        try:
            self._waiting.put_nowait(frame)
        except asyncio.QueueFull:
            self.transport.abort()

    async def send(self) -> None:
        try:
            while True:
                await self.socket.send_str(await self._waiting.get())
        except ConnectionError:
            pass
