"""The client of Google Chat."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..http.client import HTTPClient
from ..http.connection import DEFAULT_MAX_RESPONSE
from ..http.service_account import ServiceAccount
from ..http.tokens import Credentials, GoogleAuthCredentials, credentials_of
from .operations import Operations
from .refusals import read_error

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..events import Event
    from ..workers import WorkerPool

__all__ = ["BASE_URL", "BOT_SCOPE", "GoogleChatClient"]

BASE_URL = "https://chat.googleapis.com/"
"""The service."""

BOT_SCOPE = "https://www.googleapis.com/auth/chat.bot"
"""The scope of an app that acts as itself."""


class GoogleChatClient(Operations, HTTPClient):
    """A client of Google Chat. Safe to share between threads, and to make before a fork.

    Nothing connects and no thread starts before the first call; synchronous calls need no thread at all.

    Every method that calls the service takes two more parameters:

    * `callback`: without it the method waits and returns `(result, error_code)`. With it the method returns None at
      once, and the outcome goes to the callback, once, on a worker thread and in the context of the caller: to a plain
      function of `(result, error_code)`, or to an object with such a `callback` method. While it waits, a call with a
      callback occupies one worker of the pool.
    * `timeout`: seconds for the whole call: waiting for a place, a token, connecting, each repeat. 0 means the client's
      `timeout`; up- and downloads then take at least 120 seconds.

    Resources go in and come out as dicts with the names of the wire (`rtm_sdk.googlechat.resources` has their types).
    Each method that answers pages has an iterator over all of them, `iter_...`, which raises `RTMException` when a page
    cannot be read.

    `result` is None when the call failed; `error_code` is 0, and falsy, when it did not. Wrong arguments raise
    `TypeError` or `ValueError` at once, in both styles. What the service answers is one of `Code`, such as
    `Code.NOT_FOUND`, with `error_code.http_status` and `error_code.details`; what the network does is 20012 nothing was
    sent, 20002 and 20003 no answer came (`error_code.maybe_delivered` says whether the service may have carried it
    out), 20009 and 20010 an answer that cannot be used.

    What is safe to repeat is repeated within the timeout, after 429 and 503 as late as `Retry-After` says: everything
    but posts without a request id.

    Args:
        token: an OAuth access token; or a function that returns one, which is called for each request and keeps and
            renews it; or a `ServiceAccount` (`rtm_sdk.http.service_account`), which clients may share.
        base_url: where the service is; for a local gate its `gate.google.base_url`.
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
        token: str | Callable[[], str] | Credentials,
        *,
        base_url: str = BASE_URL,
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
            credentials=credentials_of(token) if isinstance(token, str) or callable(token) else _checked(token),
            read_error=read_error,
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

    @classmethod
    def from_service_account_file(
        cls,
        path: str | os.PathLike[str],
        *,
        scopes: Iterable[str] | None = None,
        subject: str | None = None,
        token_uri: str | None = None,
        self_signed: bool = False,
        audience: str | None = None,
        **options: Any,
    ) -> Self:
        """Make a client of the key file of a service account.

        Args:
            path: of the JSON file.
            scopes: what the token is to be good for; None is `BOT_SCOPE`, and none at all with `self_signed`.
            subject: the email address of the user to act as (domain-wide delegation); None acts as the app itself.
            token_uri: the token server; None takes the one in the file.
            self_signed: sign tokens for the service itself instead of asking the token server.
            audience: whom the signed token is for; None is right for the service.
            options: as for the class.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is not the key file of a service account, or arguments exclude each other.
        """
        account = ServiceAccount.from_file(
            path,
            scopes=_scopes(scopes, self_signed),
            subject=subject,
            token_uri=token_uri,
            self_signed=self_signed,
            audience=audience,
        )
        return cls(account, **options)

    @classmethod
    def from_service_account_info(
        cls,
        info: Mapping[str, Any],
        *,
        scopes: Iterable[str] | None = None,
        subject: str | None = None,
        token_uri: str | None = None,
        self_signed: bool = False,
        audience: str | None = None,
        **options: Any,
    ) -> Self:
        """Make a client of the content of a key file of a service account.

        Args:
            info: what the JSON file holds.
            scopes, subject, token_uri, self_signed, audience: as for `from_service_account_file`.
            options: as for the class.

        Raises:
            ValueError: it is not what a key file holds, or arguments exclude each other.
        """
        account = ServiceAccount(
            info,
            scopes=_scopes(scopes, self_signed),
            subject=subject,
            token_uri=token_uri,
            self_signed=self_signed,
            audience=audience,
        )
        return cls(account, **options)

    @classmethod
    def from_credentials(cls, credentials: Any, **options: Any) -> Self:
        """Make a client of credentials of the library google-auth, which must be installed for them.

        Args:
            credentials: any object of `google.auth.credentials.Credentials`, with the scopes it needs.
            options: as for the class.

        Raises:
            TypeError: it is no such object.
        """
        return cls(GoogleAuthCredentials(credentials), **options)


def _scopes(scopes: Iterable[str] | None, self_signed: bool) -> Iterable[str]:
    if scopes is not None:
        return scopes
    return () if self_signed else (BOT_SCOPE,)


def _checked(credentials: Any) -> Credentials:
    if not callable(getattr(credentials, "token", None)) or not callable(getattr(credentials, "invalidate", None)):
        kinds = "a str, a function that returns one, or a ServiceAccount"
        raise TypeError(f"token must be {kinds}, not {type(credentials).__name__}")
    return credentials  # type: ignore[no-any-return]
