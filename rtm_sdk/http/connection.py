"""The connection of a client that speaks HTTP: keeps sessions, adds the token, repeats requests when that is safe."""

from __future__ import annotations

import json
import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from .. import __version__
from ..deadline import Deadline
from ..errors import FPNN_ERROR, CallFailed, ErrorCode
from ..secret import Secret
from .bodies import Multipart
from .call import Call, Hopeless
from .clock import clock_skew
from .failures import is_hopeless, root_of, text_of
from .request import Request, Response
from .retries import is_quota, retry_after
from .settings import checked_ca_bundle, checked_proxy, checked_url

if TYPE_CHECKING:
    from .session import Exchange, Session, TLSContext
    from .tokens import Credentials

__all__ = ["DEFAULT_MAX_RESPONSE", "Answer", "HTTPConnection", "ReadError"]

ReadError = Callable[[int, Mapping[str, str], bytes], ErrorCode]
"""Makes an error code of an answer that is an error: of its HTTP status, its headers and its body, as much as came."""

DEFAULT_MAX_RESPONSE = 32 << 20

_BLOCK = 1 << 16
_LONGEST_IDLE = 120.0
"""Seconds after which a connection is not used again: what lies between may have forgotten it without a word."""

_MOST_PACES = 1_000
_SHORTEST_SECRET = 4
_FATE_UNKNOWN = frozenset((408, 500, 502, 504))
"""Answers after which it is not known whether the request was carried out."""

_CONNECTION_CLOSED = FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
_INVALID_CONNECTION = FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
_TIMEOUT = FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
_UNUSABLE = FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE
_HTTP_ERROR = FPNN_ERROR.FPNN_EC_CORE_HTTP_ERROR


class Answer(NamedTuple):
    """What came back for one attempt.

    Attributes:
        status: the HTTP status.
        headers: names are found in upper and lower case.
        body: of an error as much as came.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class HTTPConnection:
    """Carries out requests to one service, and to its token server, from any number of threads.

    Each thread that is in a call has a session of its own. Sessions that are not in use are kept, connected, for the
    next call of whatever thread.

    Args:
        base_url: what paths are below.
        credentials: give the token for each request; None sends none.
        read_error: makes an error code of an answer that is an error.
        token_parameter: the query parameter that carries the token; empty sends it as `Authorization: Bearer`.
        on_headers: is called with status and headers of each answer.
        connect_timeout: seconds for one attempt to connect.
        proxy: the URL of an HTTP proxy; an empty one connects directly; None asks the environment, once for each host.
        ca_bundle: the path of a file or folder with certificates to trust; None asks the environment, once, and else
            takes those that come with `requests`.
        max_response: the largest answer in bytes.
        on_reconnected: called with a `host:port` that was connected to in place of a connection that broke.
    """

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials | None,
        read_error: ReadError,
        token_parameter: str = "",
        on_headers: Callable[[int, Mapping[str, str]], object] | None = None,
        connect_timeout: float = 10.0,
        proxy: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        max_response: int = DEFAULT_MAX_RESPONSE,
        on_reconnected: Callable[[str], None] | None = None,
    ) -> None:
        self.base_url = checked_url("base_url", base_url)
        if isinstance(max_response, bool) or not isinstance(max_response, int):
            raise TypeError(f"max_response must be an int, not {type(max_response).__name__}")
        if max_response < 1024:
            raise ValueError(f"max_response must be at least 1024 bytes, not {max_response}")
        self._base = self.base_url.rstrip("/") + "/"
        self._credentials = credentials
        self._read_error = read_error
        self._token_parameter = token_parameter
        self._on_headers = on_headers
        self._connect_timeout = connect_timeout
        self._proxy = None if proxy is None else checked_proxy(proxy)
        self._ca_bundle = None if ca_bundle is None else checked_ca_bundle(ca_bundle)
        self._max_response = max_response
        self._on_reconnected = on_reconnected
        self._tls: TLSContext | None = None
        self._proxies: dict[tuple[str, str], dict[str, str]] = {}
        self._sessions: set[Session] = set()
        self._reset()
        _connections.add(self)

    def _reset(self) -> None:
        for session in self._sessions:
            session.abandon()
        self._lock = threading.Lock()
        self._returned = threading.Condition(self._lock)
        self._idle: list[Session] = []
        self._sessions = set()
        self._paces: dict[str, _Pace] = {}
        self._closed = threading.Event()
        self._pid = os.getpid()

    # ------------------------------------------------------------------ calls

    def perform(self, request: Request, deadline: Deadline) -> Response:
        """Send a request, again if need be, and return the answer. Raises `CallFailed`."""
        return self.send(request, self.encode(request), deadline)

    def encode(self, request: Request) -> bytes | None:
        """The JSON of a request.

        Raises:
            TypeError: the body holds what JSON has not; the text names the member.
            ValueError: it holds a number that is not finite, a text that is not Unicode, or itself.
        """
        if request.body is None:
            return None
        try:
            return _encoded(request.body)
        except (TypeError, ValueError, RecursionError) as error:
            raise _named(request.body, error) from None

    def send(self, request: Request, body: bytes | None, deadline: Deadline) -> Response:
        """Send a request whose body is encoded already, again if need be. Raises `CallFailed`."""
        if self._pid != os.getpid():
            _renew(self)
        call = Call(request, body, deadline, self._closed)
        refused = ""
        while True:
            if self._paces and request.pace and not is_quota(call.error):  # who was told itself has waited
                self._keep_pace(call)
            pause: float | None
            try:
                token = self._token(call)
            except CallFailed as failure:
                pause = call.failed(failure, repeatable=True)  # the request itself was not sent
            else:
                if refused and token == refused:
                    raise call.final()
                try:
                    answer = self._attempt(call, token)
                except CallFailed as failure:
                    pause = call.failed(failure, repeatable=request.repeatable)
                else:
                    status = answer.status
                    if status < 300 or (status < 400 and request.redirect_is_answer):
                        return self._response(call, answer)
                    if status == 404 and request.gone_is_done and (call.maybe_delivered or call.error.maybe_delivered):
                        return Response(status, answer.headers, {})
                    error = self._error(request, answer, token)
                    if status == 401 and token and not refused and self._credentials is not None:
                        refused = token
                        self._credentials.invalidate(token)
                        call.error = error
                        continue
                    pause = call.failed(CallFailed(error), repeatable=request.repeatable)
                    if request.pace and is_quota(error):
                        self._slow_down(request.pace, pause, error)
            if pause is None or call.closed.is_set():
                raise call.final()
            if pause and call.closed.wait(pause):
                raise call.final()

    def _token(self, call: Call) -> str:
        if self._credentials is None or not call.request.authorized:
            return ""
        # a token is asked for once more, too, when half of the time has passed in silence
        deadline = call.deadline if call.failures else Deadline(call.deadline.remaining() / 2)
        return self._credentials.token(deadline, self)

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, deadline: Deadline
    ) -> Answer:
        """Send something once, without a token, to any URL: to a token server.

        Args:
            method: of HTTP.
            url: absolute.
            headers: besides `Host`.
            body: the bytes to send.
            deadline: of the call.

        Raises:
            CallFailed: there is no answer.
        """
        call = Call(Request(method, url), body, deadline, self._closed)
        return self._exchange(call, url, {**_HEADERS, **headers}, body)

    # ------------------------------------------------------------------ one attempt

    def _attempt(self, call: Call, token: str) -> Answer:
        request, body = call.request, call.body
        headers = dict(_HEADERS)
        query = request.query
        if token:
            if self._token_parameter:
                query = (*query, (self._token_parameter, token))
            else:
                headers["Authorization"] = Secret(f"Bearer {token}")
        url = request.path if request.absolute else self._base + request.path
        if query:
            url = Secret(f"{url}{'&' if '?' in url else '?'}{urlencode(query, quote_via=quote)}")
        sent: bytes | Multipart | None = body
        if request.content is not None:
            sent = Multipart(request.content, request.content_type, body or b"{}", call.report)
            headers["Content-Type"] = f"multipart/related; boundary={sent.boundary}"
            headers["Content-Length"] = str(sent.size)
        elif body is not None:
            headers["Content-Type"] = "application/json; charset=UTF-8"
            headers["Content-Length"] = str(len(body))
        elif request.method != "GET":
            headers["Content-Length"] = "0"
        if request.target is not None:
            headers["Accept"] = "*/*"
            headers["Accept-Encoding"] = "identity"
        return self._exchange(call, url, headers, sent)

    def _exchange(self, call: Call, url: str, headers: Mapping[str, str], body: bytes | Multipart | None) -> Answer:
        request = call.request
        if call.deadline.expired:
            raise CallFailed(ErrorCode(_TIMEOUT, f"the time was over before {_name(request)} was sent"))
        scheme, host, path = _parts_of(url)
        if "@" in host:
            raise ValueError("a URL must not hold a user or a password")
        proxies = self._proxies_for(scheme, host)
        session = self._borrow(call)
        exchange = session.exchange
        target = Secret(f"{scheme}://{host}/{path}" if proxies and scheme == "http" else f"/{path}")
        exchange.begin(host, target, call.attempt(), call.closed)
        shown = f"{scheme}://{host}/..." if request.absolute else self._base + request.path
        raw = None
        complete = False
        try:
            raw = session.send(request.method, shown, headers, body, proxies)
            if self._on_headers is not None:
                self._on_headers(raw.status, raw.headers)
            answer = self._read(call, raw)
            complete = True
            return answer
        except session.troubles as error:
            raise self._failure(call, exchange, body, error, bool(proxies)) from None
        finally:
            if not complete:
                if raw is not None:
                    raw.close()
                session.close()
            exchange.cause = None
            again = exchange.again
            self._give_back(session, call.closed)
            if again and self._on_reconnected is not None:
                self._on_reconnected(again)

    def _read(self, call: Call, raw: Any) -> Answer:
        """Read the body of an answer, and leave its connection ready for the next request."""
        status: int = raw.status
        headers: Mapping[str, str] = raw.headers
        told = headers.get("Content-Length", "")
        length = int(told) if told.isascii() and told.isdigit() and "Content-Encoding" not in headers else None
        if status < 300:
            if call.download is not None:
                call.download.take(raw.stream(_BLOCK), length)
                return Answer(status, headers, b"")
            if length is not None and length <= self._max_response:
                body: bytes = raw.read()
                if len(body) < length:
                    raise ConnectionResetError(f"the answer broke off after {len(body)} of {length} bytes")
                return Answer(status, headers, body)
        else:
            from .session import error_body

            return Answer(status, headers, error_body(raw, self._max_response))
        pieces: list[bytes] = []
        size = 0
        for piece in raw.stream(_BLOCK, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self._max_response:
                text = (
                    f"the answer to {_name(call.request)} has more than {self._max_response} bytes; raise max_response"
                )
                raise CallFailed(ErrorCode(_UNUSABLE, text, maybe_delivered=True))
        return Answer(status, headers, b"".join(pieces))

    def _failure(self, call: Call, exchange: Exchange, body: object, error: Exception, by_proxy: bool) -> CallFailed:
        """What an exception of `requests` means. Its own text is not used: it quotes what must not show."""
        name = _name(call.request)
        closed = call.closed.is_set()
        if call.download is not None and call.download.failure is not None:
            text = f"what {name} answered could not be written: {call.download.failure}"
            return Hopeless(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_RECV_ERROR, text))
        if isinstance(body, Multipart) and body.failure is not None:
            text = f"the file of {name} could not be read: {body.failure}"
            return Hopeless(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_SEND_ERROR, text))
        cause = exchange.cause or root_of(error)
        if exchange.connecting:
            reason = "the connection was closed by this side" if closed else text_of(cause)
            place = exchange.connecting
            if by_proxy:
                of = " of the environment" if self._proxy is None else ""
                place = f"{exchange.host} through the proxy {place}{of}"
            text = f"could not connect to {place}: {reason}"
            failure = Hopeless if is_hopeless(cause) else CallFailed
            return failure(ErrorCode(_INVALID_CONNECTION, text))
        if exchange.deadline.expired and not closed:
            seconds = call.deadline.seconds if call.deadline.expired else exchange.deadline.seconds
            text = f"no answer to {name} within {seconds:.3g} s"
            return CallFailed(ErrorCode(_TIMEOUT, text, maybe_delivered=exchange.whole))
        reason = "by this side" if closed else f"({text_of(cause)})"
        text = f"the connection closed {reason} while {name} waited for the answer"
        return CallFailed(ErrorCode(_CONNECTION_CLOSED, text, maybe_delivered=exchange.whole))

    # ------------------------------------------------------------------ answers

    def _response(self, call: Call, answer: Answer) -> Response:
        if call.download is not None:
            return Response(answer.status, answer.headers, {"bytes": call.download.size})
        if not answer.body or answer.status >= 300:
            return Response(answer.status, answer.headers, {})
        try:
            return Response(answer.status, answer.headers, json.loads(answer.body))
        except (ValueError, RecursionError):
            kind = answer.headers.get("Content-Type", "of no type")
            text = f"the answer to {_name(call.request)} is not JSON ({kind}, {len(answer.body)} bytes)"
            error = ErrorCode(_UNUSABLE, text, maybe_delivered=True, http_status=answer.status)
            raise CallFailed(error) from None

    def _error(self, request: Request, answer: Answer, token: str) -> ErrorCode:
        """The error code of an answer, with what the headers say added to it."""
        status = answer.status
        if status < 400:
            text = f"HTTP {status} to {_name(request)}: the service redirects, which is not followed"
            return ErrorCode(_HTTP_ERROR, text, http_status=status)
        body = answer.body
        hidden = [secret for secret in (token, *_secrets_of(request)) if len(secret) >= _SHORTEST_SECRET]
        for secret in hidden:  # here, since what is read of the body may end in the middle of a secret
            body = body.replace(secret.encode(), b"<secret>").replace(quote(secret, safe="").encode(), b"<secret>")
        error = self._read_error(status, answer.headers, body)
        message = error.message
        for secret in hidden:
            message = message.replace(secret, "<secret>")
        if status == 401 and token:
            message += clock_skew(answer.headers)
        after = error.retry_after
        if after is None:
            after = retry_after(answer.headers, error.details)
        unknown = status in _FATE_UNKNOWN or (status == 503 and after is None)
        maybe_delivered = error.maybe_delivered or (unknown and request.method != "GET")
        return error.replaced(message, maybe_delivered=maybe_delivered, retry_after=after, http_status=status)

    # ------------------------------------------------------------------ pacing after 429

    def _slow_down(self, pace: str, pause: float | None, error: ErrorCode) -> None:
        wait = error.retry_after if error.retry_after is not None else pause
        if wait is None:
            return
        until = time.monotonic() + wait
        with self._lock:
            known = self._paces.get(pace)
            if known is None or known.until < until:
                if len(self._paces) >= _MOST_PACES:
                    now = time.monotonic()
                    self._paces = {name: each for name, each in self._paces.items() if each.until > now}
                if len(self._paces) < _MOST_PACES:
                    self._paces[pace] = _Pace(until, error)

    def _keep_pace(self, call: Call) -> None:
        """Wait while the service wants what the request is about to be left alone, as far as that is known now."""
        name = call.request.pace
        pace = self._paces.get(name)
        if pace is None:
            return
        wait = pace.until - time.monotonic()
        if wait >= call.deadline.remaining():
            if not call.error:
                told = pace.error.message or pace.error.meaning
                text = f"{told}; {_name(call.request)} was held back after that answer"
                call.error = pace.error.replaced(text, retry_after=wait)
            raise call.final()
        if wait > 0 and call.closed.wait(wait):
            if not call.error:
                call.error = _closed_before(call.request)
            raise call.final()
        with self._lock:
            if self._paces.get(name) is pace:
                del self._paces[name]

    # ------------------------------------------------------------------ sessions

    def _borrow(self, call: Call) -> Session:
        session = stale = None
        with self._lock:
            if call.closed.is_set():
                raise CallFailed(_closed_before(call.request))
            if self._idle:
                session = self._idle.pop()
                session.thread = threading.get_ident()
                stale = time.monotonic() - session.idle_since > _LONGEST_IDLE
        if session is not None:
            if stale:
                session.close()
                session.exchange.reached.clear()
            return session
        from .session import Session

        session = Session(self._connect_timeout, self._tls_context())
        session.thread = threading.get_ident()
        with self._lock:
            if call.closed.is_set():
                raise CallFailed(_closed_before(call.request))
            self._sessions.add(session)
        return session

    def _give_back(self, session: Session, closed: threading.Event) -> None:
        if session.exchange.pid != os.getpid():
            return  # this is a child that was forked during the call
        session.idle_since = time.monotonic()
        with self._lock:
            session.thread = 0
            keep = not closed.is_set()
            if keep:
                self._idle.append(session)
            else:
                self._sessions.discard(session)
                self._returned.notify_all()
        if not keep:
            session.close()

    def _tls_context(self) -> TLSContext:
        if self._tls is None:
            with self._lock:
                if self._tls is None:
                    from .session import tls_context

                    self._tls = tls_context(self._ca_bundle)
        return self._tls

    def _proxies_for(self, scheme: str, host: str) -> dict[str, str]:
        if self._proxy is not None:
            return {scheme: self._proxy} if self._proxy else {}
        found = self._proxies.get((scheme, host))
        if found is None:
            from .session import proxy_of_environment

            proxy = proxy_of_environment(f"{scheme}://{host}/")
            if proxy.lower().startswith("socks"):
                text = f"could not connect to {host}: the environment names a SOCKS proxy, which is not supported"
                raise Hopeless(ErrorCode(_INVALID_CONNECTION, text))
            found = self._proxies[scheme, host] = {scheme: proxy} if proxy else {}
        return found

    def close(self, timeout: float) -> None:
        """Close all connections; requests that wait end at once and are not sent again. Later requests open new ones.

        Args:
            timeout: seconds to wait for calls of other threads to end.
        """
        if self._pid != os.getpid():
            _renew(self)
        deadline = Deadline(timeout)
        me = threading.get_ident()
        with self._lock:
            closed, self._closed = self._closed, threading.Event()
            closed.set()
            idle, self._idle = self._idle, []
            self._sessions.difference_update(idle)
            busy = {session for session in self._sessions if session.thread != me}
            self._paces = {}
        for session in idle:
            session.close()
        for session in busy:
            session.shut_down()
        with self._lock:
            self._returned.wait_for(lambda: not busy & self._sessions, max(0.0, deadline.remaining()))


class _Pace(NamedTuple):
    until: float
    error: ErrorCode


_HEADERS = {
    "User-Agent": f"rtm_sdk/{__version__}",
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
}


def _parts_of(url: str) -> tuple[str, str, Secret]:
    """Scheme and host of a URL, and what follows the slash behind them."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    if not slash:
        host, mark, query = rest.partition("?")
        path = mark + query
    return scheme, host, Secret(path)


def _name(request: Request) -> str:
    return f"{request.method} {request.shown_path}"


def _closed_before(request: Request) -> ErrorCode:
    text = f"the connection was closed by this side before {_name(request)} was sent"
    return ErrorCode(_INVALID_CONNECTION, text)


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _named(body: Any, error: Exception) -> Exception:
    """The error of a body that cannot be JSON, with the name of the member that is to blame."""
    where = "the body"
    for name, value in body.items() if isinstance(body, dict) else ():
        try:
            _encoded({name: value})
        except (TypeError, ValueError, RecursionError) as found:
            where, error = repr(name), found
            break
    return (TypeError if isinstance(error, TypeError) else ValueError)(f"{where} cannot be sent as JSON: {error}")


def _secrets_of(request: Request) -> list[str]:
    """What must not show of a request: of a whole URL its path and the values of its query, and what is a `Secret`.

    Of a `Secret` URL without a query it is the end of the path, too.
    """
    secrets: list[str] = [value for _, value in request.query if isinstance(value, Secret)]
    if request.absolute:
        url = urlsplit(request.path)
        secrets += [url.path if len(url.path) > 1 else "", *(value for _, value in parse_qsl(url.query))]
        if isinstance(request.path, Secret) and not url.query:
            secrets.append(url.path.rpartition("/")[2])
    return secrets


_renewing: dict[int, threading.Lock] = {}
"""By process id: a lock that was held at the fork stays locked in the child."""


def _renew(connection: HTTPConnection) -> None:
    """Start afresh in a forked child where fork hooks are not called (uWSGI)."""
    with _renewing.setdefault(os.getpid(), threading.Lock()):
        if connection._pid != os.getpid():
            connection._reset()


_connections: weakref.WeakSet[HTTPConnection] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for connection in list(_connections):
        connection._reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
