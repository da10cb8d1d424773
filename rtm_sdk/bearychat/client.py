"""The client of BearyChat."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..http.client import HTTPClient
from ..http.connection import DEFAULT_MAX_RESPONSE
from ..http.settings import checked_url
from ..http.tokens import credentials_of
from .operations import Operations
from .rate_limit import RateLimit
from .refusals import read_error

if TYPE_CHECKING:
    from ..events import Event
    from ..workers import WorkerPool

__all__ = ["BASE_URL", "RTM_BASE_URL", "BearyChatClient"]

BASE_URL = "https://api.bearychat.com/v1"
"""The OpenAPI."""

RTM_BASE_URL = "https://rtm.bearychat.com"
"""The RTM service, to which `rtm_start` and `rtm_send_message` go."""


class BearyChatClient(Operations, HTTPClient):
    """A client of a BearyChat team. Safe to share between threads, and to make before a fork.

    Nothing connects and no thread starts before the first call; synchronous calls need no thread at all.

    Every method that calls the service takes two more parameters:

    * `callback`: without it the method waits and returns `(result, error_code)`. With it the method returns None at
      once, and the outcome goes to the callback, once, on a worker thread and in the context of the caller: to a plain
      function of `(result, error_code)`, or to an object with such a `callback` method. While it waits, a call with a
      callback occupies one worker of the pool.
    * `timeout`: seconds for the whole call: waiting for a place, connecting, each repeat. 0 means the client's
      `timeout`.

    Resources come out as dicts with the names of the wire (`rtm_sdk.bearychat.resources` has their types).

    `result` is None when the call failed; `error_code` is 0, and falsy, when it did not. Wrong arguments raise
    `TypeError` or `ValueError` at once, in both styles. What the service answers has its own code, one of
    `BEARYCHAT_ERROR`, and `error_code.http_status`; what the network does is 20012 nothing was sent, 20002 and 20003 no
    answer came (`error_code.maybe_delivered` says whether the service may have carried it out), 20009 and 20010 an
    answer that cannot be used. The service allows 1,000 calls an hour: beyond, a call fails with 13, and
    `error_code.retry_after` says how many seconds are left of the hour.

    Reads, and what sets or deletes something, are repeated within the timeout when no answer came; a message is sent
    once.

    Args:
        token: the token of a hubot robot, or a function that returns one and is asked again when one was refused.
        base_url: where the OpenAPI is; for a local gate its `gate.bearychat.base_url`.
        rtm_base_url: where the RTM service is; for a local gate its `gate.bearychat.rtm_base_url`. Left out, it is the
            service's own, but only when `base_url` is so, too.
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

    Attributes:
        rate_limit: what the service said last about the number of calls; None before the first answer.
    """

    rate_limit: RateLimit | None

    def __init__(
        self,
        token: str | Callable[[], str],
        *,
        base_url: str = BASE_URL,
        rtm_base_url: str | None = None,
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
            base_url=base_url,
            credentials=credentials_of(token),
            read_error=read_error,
            token_parameter="token",
            on_headers=self._on_headers,
            timeout=timeout,
            connect_timeout=connect_timeout,
            proxy=proxy,
            ca_bundle=ca_bundle,
            max_response=max_response,
            max_outstanding=max_outstanding,
            workers=workers,
            on_callback_error=on_callback_error,
            on_event=on_event,
        )
        if rtm_base_url is None:
            rtm_base_url = RTM_BASE_URL if base_url == BASE_URL else None
        self.rtm_base_url = None if rtm_base_url is None else checked_url("rtm_base_url", rtm_base_url).rstrip("/")
        self.rate_limit = None

    def _on_headers(self, status: int, headers: Mapping[str, str]) -> None:
        found = RateLimit.of(headers)
        if found is not None:
            self.rate_limit = found
