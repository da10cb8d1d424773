"""The base of the clients that speak HTTP."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from ..client import Client, checked_seconds, seconds_to_wait
from ..errors import FPNN_ERROR, CallFailed, ErrorCode
from .connection import DEFAULT_MAX_RESPONSE, HTTPConnection, ReadError

if TYPE_CHECKING:
    from ..deadline import Deadline
    from ..events import Event
    from ..workers import WorkerPool
    from .request import Request
    from .tokens import Credentials

__all__ = ["HTTPClient"]

log = logging.getLogger("rtm_sdk.http")


class HTTPClient(Client):
    """A client of a service that is spoken to over HTTP. Safe to share between threads, and to make before a fork.

    Nothing connects and no thread starts before the first call. A synchronous call runs in the caller's thread; a call
    with a callback occupies one worker while it waits, so the size of the pool bounds how many run at once.

    Args:
        base_url: what paths are below, such as `https://chat.googleapis.com/`.
        credentials: give the token for each request; None sends none.
        read_error: makes an error code of an answer that is an error: of status, headers and body.
        token_parameter: the query parameter that carries the token; empty sends it as `Authorization: Bearer`.
        on_headers: is called with status and headers of each answer.
        timeout: seconds that a call may take in all when it does not say otherwise.
        connect_timeout: seconds for one attempt to connect.
        proxy: the URL of an HTTP proxy; an empty one connects directly; None takes HTTPS_PROXY, HTTP_PROXY, ALL_PROXY
            and NO_PROXY from the environment, once.
        ca_bundle: the path of a file or folder with certificates to trust; None takes REQUESTS_CA_BUNDLE or
            CURL_CA_BUNDLE from the environment, once, and else those that come with `requests`.
        max_response: the largest answer in bytes; a larger one is 20009.
        max_outstanding: the most callbacks that may be owed at once; a caller beyond waits until its deadline, then its
            callback gets 20011.
        workers: the pool that callbacks run on; None uses the one all clients of the process share.
        on_callback_error: called with the operation's name and the exception when a callback raised.
        on_event: called with each event of `rtm_sdk.events`: calls that begin and end, and the client connecting again.
    """

    def __init__(
        self,
        *,
        base_url: str,
        credentials: Credentials | None,
        read_error: ReadError,
        token_parameter: str = "",
        on_headers: Callable[[int, Mapping[str, str]], object] | None = None,
        timeout: float = 30.0,
        connect_timeout: float = 10.0,
        proxy: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        max_response: int = DEFAULT_MAX_RESPONSE,
        max_outstanding: int = 2_000,
        workers: WorkerPool | None = None,
        on_callback_error: Callable[[str, BaseException], None] | None = None,
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        super().__init__(
            timeout=timeout,
            max_outstanding=max_outstanding,
            workers=workers,
            on_callback_error=on_callback_error,
            on_event=on_event,
        )
        self._connection = HTTPConnection(
            base_url,
            credentials=credentials,
            read_error=read_error,
            token_parameter=token_parameter,
            on_headers=on_headers,
            connect_timeout=checked_seconds("connect_timeout", connect_timeout),
            proxy=proxy,
            ca_bundle=ca_bundle,
            max_response=max_response,
            on_reconnected=self._reconnected,
        )
        self._perform = self._connection.perform
        self._begin = self._submit

    @property
    def base_url(self) -> str:
        """What the paths of requests are below."""
        return self._connection.base_url

    def _target(self, step: Request | None) -> str:
        if step is None:
            return self.base_url
        return step.shown_path if step.absolute else f"{self.base_url.rstrip('/')}/{step.path}"

    def _submit(self, request: Request, deadline: Deadline, resume: Callable[[Any], None]) -> None:
        from . import session  # noqa: F401  # here: a fork while a worker imports it would leave the child unable to

        body = self._connection.encode(request)  # here: what cannot be JSON is told to the caller
        self.outstanding.workers.submit(partial(self._run, request, body, deadline, resume))

    def _run(self, request: Request, body: bytes | None, deadline: Deadline, resume: Callable[[Any], None]) -> None:
        answer: Any
        try:
            answer = self._connection.send(request, body, deadline)
        except CallFailed as failure:
            answer = failure
        except Exception as error:
            log.exception("%r failed inside the SDK", request)
            answer = CallFailed(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_ERROR, f"{type(error).__name__}: {error}"))
        resume(answer)

    def close(self, timeout: float = 5.0) -> None:
        """Close all connections; calls that wait are answered with 20002 or 20012. A later call opens them again.

        Args:
            timeout: seconds to wait for calls of other threads to end.
        """
        self._connection.close(seconds_to_wait(timeout))

    def __repr__(self) -> str:
        if "_connection" not in vars(self):  # wrong arguments: a traceback that prints variables shows what is there
            return f"<{type(self).__name__}>"
        return f"<{type(self).__name__} of {self.base_url}>"
