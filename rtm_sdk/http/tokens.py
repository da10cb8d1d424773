"""Where the token of a request comes from: given, from a function, from google.auth; and how it is kept and renewed."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from ..deadline import Deadline
from ..errors import FPNN_ERROR, CallFailed, Code, ErrorCode
from ..secret import Secret
from .settings import checked_token

if TYPE_CHECKING:
    from .connection import HTTPConnection

__all__ = ["Credentials", "GoogleAuthCredentials", "StaticToken", "TokenCache", "TokenFunction", "credentials_of"]

log = logging.getLogger("rtm_sdk.http")

_MARGIN = 225.0
"""Seconds before its end from which on a token is renewed; of short-lived ones it is a quarter of their life."""

_PAUSE_AFTER_FAILURE = 10.0
"""Seconds after which a token that could not be renewed, but is still good, is tried again."""

_UNKNOWN_LIFE = 3600.0


class Credentials(Protocol):
    """What a connection asks for tokens. It may be asked by many threads at once."""

    def token(self, deadline: Deadline, connection: HTTPConnection) -> str:
        """The token for a request.

        Args:
            deadline: of the call that needs it.
            connection: may be used to ask a token server (`exchange`).

        Raises:
            CallFailed: there is none.
        """

    def invalidate(self, token: str) -> None:
        """Take note that the service refused this token, so that the next one is another if that is possible."""


class StaticToken:
    """A token that stays the same.

    Args:
        token: the token.
    """

    def __init__(self, token: str) -> None:
        self._token = checked_token(token)

    def token(self, deadline: Deadline, connection: HTTPConnection) -> str:
        """The token."""
        return self._token

    def invalidate(self, token: str) -> None:
        """There is no other."""


class TokenFunction:
    """Tokens from a function of the user, which is called for each request: it keeps and renews them itself.

    Args:
        function: returns a token.
    """

    def __init__(self, function: Callable[[], str]) -> None:
        if not callable(function):
            raise TypeError(f"token must be a str or a function that returns one, not {type(function).__name__}")
        self._function = function

    def token(self, deadline: Deadline, connection: HTTPConnection) -> str:
        """What the function returns."""
        try:
            return checked_token(self._function())
        except Exception as error:
            log.warning("the token function failed", exc_info=True)
            raise CallFailed(_no_token(f"the token function failed: {type(error).__name__}: {error}")) from error

    def invalidate(self, token: str) -> None:
        """The function is asked again in any case."""


def credentials_of(token: str | Callable[[], str]) -> StaticToken | TokenFunction:
    """Take the `token` argument of a client.

    Args:
        token: the token, or a function that returns one and is called for each request.

    Raises:
        TypeError: it is neither.
        ValueError: it is empty, or has characters that no token has.
    """
    return StaticToken(token) if isinstance(token, str) else TokenFunction(token)


class GoogleAuthCredentials:
    """Tokens from a credentials object of the library google-auth.

    Args:
        credentials: any object of `google.auth.credentials.Credentials`, with the scopes it needs.
    """

    def __init__(self, credentials: Any) -> None:
        if not callable(getattr(credentials, "refresh", None)) or not hasattr(credentials, "token"):
            kind = type(credentials).__name__
            raise TypeError(f"credentials must be a google.auth credentials object, not {kind}")
        self._credentials = credentials
        self._cache = TokenCache()
        if credentials.token and getattr(credentials, "valid", False):
            self._cache.put(checked_token(credentials.token), self._life())

    def token(self, deadline: Deadline, connection: HTTPConnection) -> str:
        """The object's token, renewed when its end is near."""

        def renew(deadline: Deadline) -> tuple[str, float]:
            try:
                self._credentials.refresh(_GoogleAuthRequest(connection, deadline))
                return checked_token(self._credentials.token), self._life()
            except CallFailed:
                raise
            except Exception as error:
                raise CallFailed(
                    _no_token(f"the credentials gave no token: {type(error).__name__}: {error}")
                ) from error

        return self._cache.get(deadline, renew)

    def invalidate(self, token: str) -> None:
        """Renew it before the next request."""
        self._cache.invalidate(token)

    def _life(self) -> float:
        expiry: datetime | None = getattr(self._credentials, "expiry", None)
        if expiry is None:
            return _UNKNOWN_LIFE
        if expiry.tzinfo is None:
            expiry = expiry.replace(tzinfo=timezone.utc)
        return (expiry - datetime.now(timezone.utc)).total_seconds()


class _GoogleAuthRequest:
    """What google-auth makes its own requests with: the connection of the client, with its proxy and certificates."""

    def __init__(self, connection: HTTPConnection, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **options: Any,
    ) -> _GoogleAuthResponse:
        data = body.encode() if isinstance(body, str) else body
        given = dict(headers or {})
        if data is not None:
            given["Content-Length"] = str(len(data))
        answer = self._connection.exchange(method, url, given, data, self._deadline)
        return _GoogleAuthResponse(answer.status, answer.headers, answer.body)


class _GoogleAuthResponse:
    """An answer, with the names that google-auth reads."""

    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self.status = status
        self.headers = headers
        self.data = data


class TokenCache:
    """A token and when it ends. One thread renews it; the others go on with the old one while it is good, or wait."""

    def __init__(self) -> None:
        self._token: tuple[str, float, float] = (Secret(""), 0.0, 0.0)
        self._reset()

    def _reset(self) -> None:
        self._renewing = threading.Lock()
        self._renewals = 0
        self._failure: ErrorCode | None = None
        self._pid = os.getpid()

    def put(self, token: str, life: float) -> None:
        """Keep a token.

        Args:
            token: the token.
            life: seconds from now until it ends.
        """
        now = monotonic()
        self._token = (Secret(token), now + life - min(_MARGIN, life / 4), now + life)

    def get(self, deadline: Deadline, renew: Callable[[Deadline], tuple[str, float]]) -> str:
        """The token, renewed when its end is near.

        Args:
            deadline: of the call that needs it.
            renew: gives a new token and the seconds that it lives; raises `CallFailed`.

        Raises:
            CallFailed: there is none. Threads that waited for the same attempt to renew it get the same error.
        """
        token, stale, end = self._token
        now = monotonic()
        if now < stale:
            return token
        if self._pid != os.getpid():
            self._reset()  # the lock may be held by a thread of the parent process
        if now < end:
            if self._renewing.acquire(blocking=False):
                try:
                    return self._renew(Deadline(deadline.remaining() / 2), renew)
                except CallFailed as failure:
                    log.warning("the token is not renewed yet: %s", failure.error_code)
                    self._token = (token, now + _PAUSE_AFTER_FAILURE, end)
                finally:
                    self._renewing.release()
            return token
        seen = self._renewals
        if not self._renewing.acquire(timeout=max(0.0, deadline.remaining())):
            text = f"no token within {deadline.seconds:g} s; nothing was sent"
            raise CallFailed(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_TIMEOUT, text))
        try:
            token, stale, end = self._token
            if monotonic() < end:
                return token
            if self._renewals != seen and self._failure is not None:
                raise CallFailed(self._failure)
            return self._renew(deadline, renew)
        finally:
            self._renewing.release()

    def invalidate(self, token: str) -> None:
        """Forget this token; another that was got meanwhile stays."""
        if self._token[0] == token:
            self._token = (Secret(""), 0.0, 0.0)

    def _renew(self, deadline: Deadline, renew: Callable[[Deadline], tuple[str, float]]) -> str:
        self._failure = None
        try:
            token, life = renew(deadline)
        except CallFailed as failure:
            if failure.error_code != FPNN_ERROR.FPNN_EC_CORE_TIMEOUT:  # others may have more time
                self._failure = failure.error_code
            raise
        finally:
            self._renewals += 1
        self.put(token, life)
        return self._token[0]


def _no_token(text: str) -> ErrorCode:
    return ErrorCode(Code.UNAUTHENTICATED, text, family=Code)
