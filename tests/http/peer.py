"""An HTTP server of our own making: it answers each request as a list says, right or wrong."""

from __future__ import annotations

import json
import queue
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

__all__ = ["CUT", "RESET", "SILENCE", "HTTPPeer", "Received", "Reply", "raw"]

PATIENCE = 10.0


@dataclass
class Received:
    """A request as it came.

    Attributes:
        method: of HTTP.
        target: what stands in the request line.
        headers: by name in lower case.
        body: its bytes.
        connection: the number of the connection that it came on, from 1.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass
class Reply:
    """How to answer a request.

    Attributes:
        status: the HTTP status.
        body: bytes as they are, a text, or else something to be written as JSON.
        headers: besides Content-Type and Content-Length.
        drop: close the connection afterwards.
    """

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False

    def encoded(self) -> bytes:
        """The whole answer."""
        body = self.body
        kind = "application/json; charset=UTF-8"
        if isinstance(body, str):
            body, kind = body.encode(), "text/html"
        elif not isinstance(body, bytes):
            body = json.dumps(body).encode()
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} Whatever", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


CUT = "cut"
"""Close the connection without an answer."""
RESET = "reset"
"""Break the connection with a reset."""
SILENCE = "silence"
"""Say nothing until the client is gone."""

Action = Callable[[socket.socket, Received], object]


def raw(*pieces: bytes, drop: bool = True) -> Action:
    """An action that sends bytes as they are, and then closes the connection."""

    def action(sock: socket.socket, received: Received) -> object:
        for piece in pieces:
            sock.sendall(piece)
        return CUT if drop else None

    return action


class HTTPPeer:
    """Listens on a free port, in a thread of its own for each connection.

    Args:
        replies: how to answer the first, second ... request, over all connections: a `Reply`, `CUT`, `RESET`,
            `SILENCE`, or a function of the socket and the request that returns one of these or has sent the answer
            itself and returns None. Then comes `always`.
        always: how to answer all further requests.
        tls: listen with this context.

    Attributes:
        requests: all that came.
    """

    def __init__(self, *replies: Any, always: Any = None, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Received] = []
        self.arrived: queue.SimpleQueue[Received] = queue.SimpleQueue()
        self.accepted = 0
        self._replies = list(replies)
        self._always = Reply() if always is None else always
        self._tls = tls
        self._lock = threading.Lock()
        self._errors: list[BaseException] = []
        self._open: dict[threading.Thread, socket.socket] = {}  # its own one in the end: TLS wraps the first
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{self.port}/"
        self._thread = threading.Thread(target=self._accept, name="http-peer")

    def __enter__(self) -> HTTPPeer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop_listening()
        self._thread.join()
        self.close_connections()
        if error is None and self._errors:
            raise self._errors[0]

    def stop_listening(self) -> None:
        """Refuse connections from now on."""
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()

    def close_connections(self) -> None:
        """Close all connections that are open now, as servers do with idle ones."""
        for thread, sock in list(self._open.items()):
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                pass
            thread.join(PATIENCE)

    def next(self) -> Received:
        """The next request, as soon as it is there."""
        return self.arrived.get(timeout=PATIENCE)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.accepted += 1
            thread = threading.Thread(target=self._talk, args=(sock, self.accepted), name="http-peer-talk")
            self._open[thread] = sock
            thread.start()

    def _talk(self, sock: socket.socket, number: int) -> None:
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._open[threading.current_thread()] = sock
            with sock.makefile("rb") as file:
                while (received := _read(file, number)) is not None:
                    with self._lock:
                        self.requests.append(received)
                        reply = self._replies.pop(0) if self._replies else self._always
                    self.arrived.put(received)
                    if not self._reply(sock, received, reply):
                        return
        except OSError:  # the client is gone, or does not trust us
            pass
        except BaseException as error:
            self._errors.append(error)
        finally:
            try:
                sock.close()
            except OSError:
                pass

    def _reply(self, sock: socket.socket, received: Received, reply: Any) -> bool:
        while callable(reply):
            reply = reply(sock, received)
        if isinstance(reply, Reply):
            sock.sendall(reply.encoded())
            return not reply.drop
        if reply == RESET:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if reply == SILENCE:
            while sock.recv(65536):
                pass
            return False
        return reply is None


def _read(file: Any, number: int) -> Received | None:
    """The next request of a connection; None at its end."""
    line = file.readline()
    if not line:
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    headers = {}
    while (line := file.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length", 0))
    body = file.read(length)
    if len(body) < length:
        return None
    return Received(method, target, headers, body, number)
