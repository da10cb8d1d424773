"""Incoming webhooks: post into one space with nothing but an address."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, overload
from urllib.parse import parse_qs, urlencode

from ..calling import CallbackArgument, CallbackFor, Operation, operation
from ..http.client import HTTPClient
from ..http.connection import DEFAULT_MAX_RESPONSE
from ..http.request import Request
from ..http.settings import webhook_parts
from ..secret import Secret
from . import arguments
from .messages import MessageReplyOption, new_request_id
from .refusals import read_error
from .resources import Message
from .steps import body_of, quota_of

if TYPE_CHECKING:
    from ..errors import ErrorCode
    from ..events import Event
    from ..workers import WorkerPool

__all__ = ["GoogleChatWebhook"]

_SECRETS = ("key", "token")
_PATH = re.compile(r"/v1/(spaces/[^/]+)/messages")
_FORM = "https://chat.googleapis.com/v1/spaces/{space}/messages?key=...&token=..."


class GoogleChatWebhook(HTTPClient):
    """Sends messages to an incoming webhook. Safe to share between threads, and to make before a fork.

    `callback` and `timeout` of `send` are as explained at `GoogleChatClient`.

    Args:
        url: the address that the product shows for the webhook, with `key` and `token`; it is kept secret.
        timeout, connect_timeout, proxy, ca_bundle, max_response, max_outstanding, workers, on_callback_error, on_event:
            as for `GoogleChatClient`.
    """

    def __init__(
        self,
        url: str,
        *,
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
        self._url = Secret(arguments.text("url", url))
        del url  # a traceback that prints variables must not show it
        origin, self.space, self._url = _parts(self._url)
        super().__init__(
            base_url=origin,
            credentials=None,
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

    @overload
    def send(
        self,
        message: Message | Mapping[str, Any],
        *,
        thread_key: str | None = None,
        message_reply_option: MessageReplyOption | None = None,
        request_id: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Message | None, ErrorCode]: ...
    @overload
    def send(
        self,
        message: Message | Mapping[str, Any],
        *,
        thread_key: str | None = None,
        message_reply_option: MessageReplyOption | None = None,
        request_id: str | None = None,
        callback: CallbackFor[Message],
        timeout: float = 0,
    ) -> None: ...
    @operation  # type: ignore[misc]  # one signature stands for both
    def send(
        self,
        message: Message | Mapping[str, Any],
        *,
        thread_key: str | None = None,
        message_reply_option: MessageReplyOption | None = None,
        request_id: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Message]:
        """Post a message.

        Args:
            message: text, cards, or both; at most 32,000 bytes in all. `thread` names the thread it goes into.
            thread_key: an id of your own for the thread it goes into; the first message with it starts the thread.
            message_reply_option: left out, a message that names a thread goes into it, and starts one when there is
                none.
            request_id: an id of this post; the same one again returns the first message. Left out, one is made.

        Returns:
            What was sent, with `name` and `thread.name`.

        Errors:
            INVALID_ARGUMENT for a message without content or too large, or a wrong key, PERMISSION_DENIED for a wrong
            token, RESOURCE_EXHAUSTED above 60 writes in a space and minute.

        Wire: spaces.messages.create.
        """
        body = arguments.resource("message", message)
        if thread_key is not None:
            if "thread" in body:
                raise ValueError("thread_key must not be given when the message names a thread")
            body["thread"] = {"threadKey": arguments.text("thread_key", thread_key)}
        if message_reply_option is None and "thread" in body:
            message_reply_option = "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
        query = arguments.query(
            message_reply_option=message_reply_option,
            request_id=new_request_id() if request_id is None else request_id,
        )
        return self._post(query, body)

    def _post(self, query: tuple[tuple[str, str], ...], body: dict[str, Any]) -> Operation[Message]:
        response = yield Request(
            "POST",
            self._url,
            query,
            body,
            repeatable=True,
            pace=quota_of("POST", self.space),
            authorized=False,
        )
        return body_of(response.data)  # type: ignore[return-value]


def _parts(url: str) -> tuple[str, str, Secret]:
    """Where the service is, the space, and the address with nothing in its query but the secrets."""
    place = webhook_parts(url, _FORM)
    space = _PATH.fullmatch(place.path)
    if space is None:
        raise ValueError(f"url must look like {_FORM}")
    given = parse_qs(place.query)
    missing = [name for name in _SECRETS if name not in given]
    if missing:
        raise ValueError(f"url must have {' and '.join(missing)} in its query")
    origin = f"{place.scheme}://{place.netloc}/"
    query = urlencode({name: given[name][0] for name in _SECRETS})
    return origin, space[1], Secret(f"{origin}v1/{space[1]}/messages?{query}")
