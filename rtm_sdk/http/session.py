"""One `requests` session for one thread at a time: its sockets keep to the deadline of the call and tell what they did.

`requests` counts its read timeout anew with each byte that arrives, and its errors do not say whether the request was
sent. So the sockets here ask the exchange they serve how much time is left before each read and write, and the exchange
remembers how far the request came.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
import weakref
import zlib
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import DEFAULT_CA_BUNDLE_PATH, HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_environ_proxies, select_proxy
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from ..deadline import Deadline
from ..sockets import open_socket
from .failures import NoCertificates

__all__ = ["Exchange", "Session", "TLSContext", "error_body", "proxy_of_environment", "tls_context"]

_HEAD_WITH_BODY = 1 << 16
"""A body up to so many bytes leaves in one piece with the head of its request."""

_BLOCK = 1 << 16

_NEVER = Deadline(1e9)


class Exchange:
    """One request on a session, and how far it came.

    Attributes:
        deadline: of the call.
        connect_timeout: seconds for one attempt to connect.
        cancelled: set when the connection is closed meanwhile.
        host: with its port, as the URL has it.
        target: what stands in the request line. `requests` is given a URL that may be shown, for it puts it into
            logs and errors.
        connecting: the address that is being connected to; empty when that is done.
        whole: the request was handed to the system as a whole.
        cause: the error that ended it.
        reached: the addresses that the session was connected to.
        again: the one that it was connected to anew for this request; empty for none.
    """

    __slots__ = (
        "__weakref__",
        "again",
        "cancelled",
        "cause",
        "connect_timeout",
        "connecting",
        "deadline",
        "host",
        "pid",
        "reached",
        "sockets",
        "target",
        "whole",
    )

    def __init__(self, connect_timeout: float) -> None:
        self.connect_timeout = connect_timeout
        self.sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.pid = os.getpid()
        self.reached: set[str] = set()
        self.begin("", "", _NEVER, threading.Event())

    def begin(self, host: str, target: str, deadline: Deadline, cancelled: threading.Event) -> None:
        """Start with the next request."""
        self.host = host
        self.target = target
        self.deadline = deadline
        self.cancelled = cancelled
        self.connecting = ""
        self.whole = False
        self.cause: BaseException | None = None
        self.again = ""

    def connected(self) -> None:
        """The connection to `connecting` is there."""
        self.again = self.connecting if self.connecting in self.reached else ""
        self.reached.add(self.connecting)
        self.connecting = ""

    def remaining(self) -> float:
        """Seconds left for this request. Raises `TimeoutError` when there are none."""
        if os.getpid() != self.pid:
            raise ConnectionAbortedError("this connection belongs to the parent process")
        seconds = self.deadline.remaining()
        if seconds <= 0:
            raise TimeoutError("the time is over")
        return seconds


class _Timed:
    """Reads and writes within the deadline of the exchange."""

    exchange: Exchange

    def recv_into(self, *args: Any) -> int:
        return self._within(super().recv_into, *args)  # type: ignore[misc, no-any-return]

    def recv(self, *args: Any) -> bytes:
        return self._within(super().recv, *args)  # type: ignore[misc, no-any-return]

    def send(self, *args: Any) -> int:
        return self._within(super().send, *args)  # type: ignore[misc, no-any-return]

    def sendall(self, data: Any, flags: int = 0) -> None:
        with memoryview(data) as view, view.cast("B") as rest:
            done = 0
            while done < len(rest):
                done += self.send(rest[done:])

    def _within(self, call: Any, *args: Any) -> Any:
        try:
            self.settimeout(self.exchange.remaining())  # type: ignore[attr-defined]
            return call(*args)
        except BaseException as error:
            self.exchange.cause = error
            raise


class _Socket(_Timed, socket.socket):
    pass


class _TLSSocket(_Timed, ssl.SSLSocket):
    pass


class TLSContext(ssl.SSLContext):
    """Verifies certificates and host names; its sockets keep to the deadline of their exchange.

    Attributes:
        ca_bundle: the path of a file or folder with certificates to trust, which are loaded with the first connection;
            None asks the environment as `requests` does, and else takes those that come with it.
    """

    sslsocket_class = _TLSSocket
    ca_bundle: str | None = None
    _loaded = False

    def wrap_socket(self, sock: socket.socket, *args: Any, **options: Any) -> ssl.SSLSocket:
        exchange: Exchange = sock.exchange  # type: ignore[attr-defined]
        if not self._loaded:  # by two threads at once does no harm
            self._load()
        if not options.get("server_hostname"):  # urllib3 1.26 gives none for a literal address, and checks it later
            options["server_hostname"] = urlsplit(f"//{exchange.host}").hostname
        options["do_handshake_on_connect"] = False
        wrapped = super().wrap_socket(sock, *args, **options)
        wrapped.exchange = exchange  # type: ignore[attr-defined]
        exchange.sockets.add(wrapped)  # before the handshake, so that closing the connection ends it
        try:
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return wrapped

    def _load(self) -> None:
        path = self.ca_bundle or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
        path = path or DEFAULT_CA_BUNDLE_PATH
        try:
            if os.path.isdir(path):
                self.load_verify_locations(capath=path)
            else:
                self.load_verify_locations(cafile=path)
        except OSError as error:
            raise NoCertificates(f"no certificates could be loaded from {path}: {error.strerror or error}") from error
        self._loaded = True


class _Connecting:
    """What plain and encrypted connections do otherwise than those of urllib3."""

    exchange: Exchange
    _head: bytes | None = None

    def __init__(self, *args: Any, exchange: Exchange, **options: Any) -> None:
        super().__init__(*args, **options)
        self.exchange = exchange

    def connect(self) -> None:
        exchange = self.exchange
        exchange.connecting = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"  # type: ignore[attr-defined]
        try:
            super().connect()  # type: ignore[misc]
        except BaseException as error:
            exchange.cause = error
            self.close()  # type: ignore[attr-defined]
            raise
        exchange.connected()

    def _new_conn(self) -> socket.socket:
        exchange = self.exchange
        deadline = Deadline(min(exchange.connect_timeout, exchange.remaining()))
        plain = open_socket(exchange.connecting, deadline, exchange.cancelled)
        plain.settimeout(max(0.001, deadline.remaining()))  # for the handshake, which has the rest
        timeout = plain.gettimeout()
        sock = _Socket(fileno=plain.detach())
        sock.settimeout(timeout)
        sock.exchange = exchange
        exchange.sockets.add(sock)
        return sock

    def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
        super().putrequest(method, self.exchange.target or url, *args, **options)  # type: ignore[misc]

    def request(self, method: str, url: str, body: Any = None, *args: Any, **options: Any) -> None:
        self._head = b"" if isinstance(body, bytes) and len(body) <= _HEAD_WITH_BODY else None
        super().request(method, url, body, *args, **options)  # type: ignore[misc]
        self.exchange.whole = True

    def send(self, data: Any) -> None:
        head = self._head
        if head == b"":
            self._head = data
            return
        if head is not None:
            self._head = None
            data = head + data
        super().send(data)  # type: ignore[misc]


class _PlainConnection(_Connecting, HTTPConnection):
    pass


class _TLSConnection(_Connecting, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


class _Adapter(HTTPAdapter):
    """Makes pools of the connections above; certificates are the business of the one context."""

    def __init__(self, exchange: Exchange, tls: TLSContext) -> None:
        self._pools = {"http": partial(_PlainPool, exchange=exchange), "https": partial(_TLSPool, exchange=exchange)}
        self._tls = tls
        super().__init__(pool_connections=8, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._tls, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, ssl_context=self._tls, proxy_ssl_context=self._tls, **options)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def cert_verify(self, *args: Any, **options: Any) -> None:
        return

    def close(self) -> None:
        for manager in (self.poolmanager, *self.proxy_manager.values()):
            for key in manager.pools.keys():  # noqa: SIM118 (no dict: it gives its keys by this method only)
                pool = manager.pools.get(key)
                if pool is not None:
                    pool.close()  # at once; without this, when the garbage collector finds it
        super().close()


class Session:
    """A session and the sockets it holds open.

    Args:
        connect_timeout: seconds for one attempt to connect.
        tls: for https.
    """

    troubles = (OSError, HTTPError, http.client.HTTPException)
    """What `send` and the reading of its answer raise when the network or the peer is to blame."""

    def __init__(self, connect_timeout: float, tls: TLSContext) -> None:
        self.exchange = Exchange(connect_timeout)
        self.thread = 0
        self.idle_since = 0.0
        self._adapter = _Adapter(self.exchange, tls)
        self._session = requests.Session()
        self._session.trust_env = False
        for prefix in ("https://", "http://"):
            self._session.mount(prefix, self._adapter)
        self._prepared = requests.PreparedRequest()
        self._prepared.hooks = {}

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | Iterable[bytes] | None,
        proxies: dict[str, str],
    ) -> Any:
        """Send one request and read the head of the answer.

        Args:
            method: of HTTP.
            url: one that may be shown; `exchange.target` is what goes out.
            headers: all of them but `Host`.
            body: its bytes, or its parts when the headers tell its length.
            proxies: by scheme.

        Returns:
            The answer of urllib3, whose body is still to be read.
        """
        prepared = self._prepared
        prepared.method = method
        prepared.url = url
        prepared.headers = CaseInsensitiveDict(headers)
        prepared.body = body  # type: ignore[assignment]
        return self._adapter.send(prepared, stream=True, proxies=proxies).raw

    def shut_down(self) -> None:
        """Wake the thread that uses the session: its reads and writes end at once. From any thread."""
        for sock in list(self.exchange.sockets):
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                continue

    def abandon(self) -> None:
        """Let go of the sockets of the parent process without a word to the peer."""
        for sock in list(self.exchange.sockets):
            descriptor = sock.detach()
            if descriptor >= 0:
                os.close(descriptor)

    def close(self) -> None:
        """Close the sockets."""
        self._session.close()


def error_body(answer: Any, limit: int) -> bytes:
    """The body of an answer that is an error, as much as comes: what breaks off has its beginning.

    Args:
        answer: of urllib3, nothing of whose body was read.
        limit: so many bytes are enough.
    """
    original = answer._original_response
    body = b""
    try:
        while len(body) < limit and (piece := original.read1(_BLOCK)):
            body += piece
        if len(body) < limit:
            answer.read()  # nothing more; it frees the connection for the next request
        else:
            answer.close()
    except Session.troubles:
        answer.close()
    if answer.headers.get("Content-Encoding", "") == "gzip":
        try:
            body = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(body, limit)
        except zlib.error:
            body = b""
    return body


def tls_context(ca_bundle: str | None) -> TLSContext:
    """A context for https connections that trusts what `TLSContext.ca_bundle` says."""
    context = TLSContext(ssl.PROTOCOL_TLS_CLIENT)
    context.ca_bundle = ca_bundle
    return context


def proxy_of_environment(url: str) -> str:
    """The proxy that the environment names for a URL (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY); empty for none."""
    return select_proxy(url, get_environ_proxies(url, no_proxy=None)) or ""
