"""FPNN over WebSocket, for end users in browsers, on the port of the gate: one frame in each message."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from struct import Struct
from typing import Any

from aiohttp import WSMsgType, web

__all__ = ["BEGINNING", "WebSockets"]

BEGINNING = b"GET /service/"
"""How the first bytes of a client begin that wants to speak WebSocket."""

_CLOSE_SECONDS = 1.0
_SHUTDOWN_SECONDS = 1.0
_LOW_SHARE = 4
_MAGIC = b"FPNN"
_ONEWAY = 0
_header = Struct("<4sBBBBI")


class WebSockets:
    """Takes over connections that turn out to be HTTP, and makes each WebSocket a connection of the gate.

    Args:
        connect: makes the protocol of a client.
        max_frame: the largest message in bytes.
    """

    def __init__(self, connect: Callable[[], asyncio.Protocol], max_frame: int) -> None:
        self._connect = connect
        self._max_frame = max_frame
        app = web.Application()
        app.router.add_get("/service/{name}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)

    async def start(self) -> None:
        """Be ready for `adopt`."""
        await self._runner.setup()

    async def stop(self) -> None:
        """Close what is left."""
        await self._runner.cleanup()

    def adopt(self, transport: asyncio.Transport, data: bytes) -> None:
        """Speak HTTP on a connection from here on.

        Args:
            transport: the connection.
            data: the first bytes, which begin with `BEGINNING`.
        """
        assert self._runner.server is not None
        protocol = self._runner.server()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        protocol.data_received(data)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(timeout=_CLOSE_SECONDS, compress=False, max_msg_size=self._max_frame)
        if request.transport is None or not socket.can_prepare(request):
            raise web.HTTPBadRequest(text="this address speaks WebSocket only\n")
        await socket.prepare(request)
        client = self._connect()
        transport = _Transport(client, socket, request.transport)
        client.connection_made(transport)
        sender = asyncio.ensure_future(transport.send())
        try:
            while True:
                await transport.may_read()
                message = await socket.receive()
                if message.type is WSMsgType.BINARY:
                    client.data_received(message.data)
                elif message.type is WSMsgType.TEXT:
                    client.data_received(message.data.encode())
                else:
                    break
        finally:
            sender.cancel()
            transport.end()
            client.connection_lost(None)
        return socket


class _Transport(asyncio.Transport):
    """A WebSocket as a connection of the gate sees its transport."""

    def __init__(self, client: asyncio.Protocol, socket: web.WebSocketResponse, below: asyncio.Transport) -> None:
        super().__init__()
        self._client = client
        self._socket = socket
        self._below = below
        self._frames: deque[bytes] = deque()
        self._size = 0
        self._high = 1 << 16
        self._paused = False
        self._closing = False
        self._to_send = asyncio.Event()
        self._readable = asyncio.Event()
        self._readable.set()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._below.get_extra_info(name, default)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._high = self._high if high is None else high

    def get_write_buffer_size(self) -> int:
        return self._size + self._below.get_write_buffer_size()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._closing:
            return
        for frame in _frames(bytes(data)):
            self._frames.append(frame)
            self._size += len(frame)
        self._to_send.set()
        if self._size > self._high and not self._paused:
            self._paused = True
            self._client.pause_writing()

    async def send(self) -> None:
        """Send what was written, until the end."""
        try:
            while self._frames or not self._closing:
                while self._frames:
                    frame = self._frames.popleft()
                    await self._socket.send_bytes(frame)
                    self._size -= len(frame)
                    self._resume_writing()
                self._to_send.clear()
                if not self._closing:
                    await self._to_send.wait()
            await self._socket.close()
        except ConnectionError:
            self.abort()

    def _resume_writing(self) -> None:
        if self._paused and self._size * _LOW_SHARE <= self._high:
            self._paused = False
            self._client.resume_writing()

    def pause_reading(self) -> None:
        self._readable.clear()

    def resume_reading(self) -> None:
        self._readable.set()

    async def may_read(self) -> None:
        """Wait while nothing is to be read."""
        await self._readable.wait()

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        self.end()

    def end(self) -> None:
        """Take nothing more to write, and let those end who wait."""
        self._closing = True
        self._to_send.set()
        self._readable.set()

    def abort(self) -> None:
        self.end()
        self._below.abort()


def _frames(data: bytes) -> Iterator[bytes]:
    """Cut written bytes into frames. What is none, by encryption or by a fault, is one message."""
    start = 0
    while start + _header.size <= len(data):
        magic, _, _, kind, method_or_status, size = _header.unpack_from(data, start)
        length = _header.size + size + (method_or_status if kind in (0, 1) else 0) + (0 if kind == _ONEWAY else 4)
        if magic != _MAGIC or start + length > len(data):
            break
        yield data[start : start + length]
        start += length
    if start < len(data):
        yield data[start:]
