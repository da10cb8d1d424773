"""Incoming webhooks: post as a robot with nothing but an address."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, overload

from ..calling import CallbackArgument, CallbackFor, Operation, operation
from ..http.client import HTTPClient
from ..http.connection import DEFAULT_MAX_RESPONSE
from ..http.request import Request
from ..http.settings import webhook_parts
from ..secret import Secret
from . import answers, arguments
from .refusals import read_error
from .resources import Attachment

if TYPE_CHECKING:
    from ..errors import ErrorCode
    from ..events import Event
    from ..workers import WorkerPool

__all__ = ["BearyChatWebhook"]

_MAX_IMAGES = 3


class BearyChatWebhook(HTTPClient):
    """Sends messages to an incoming webhook. Safe to share between threads, and to make before a fork.

    `callback` and `timeout` of `send` are as explained at `BearyChatClient`.

    Args:
        url: the address that the team's settings show for the webhook; it is kept secret.
        timeout, connect_timeout, proxy, ca_bundle, max_response, max_outstanding, workers, on_callback_error, on_event:
            as for `BearyChatClient`.
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
        place = webhook_parts(self._url, "https://hook.bearychat.com/{team}/incoming/{secret}")
        super().__init__(
            base_url=f"{place.scheme}://{place.netloc}/",
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
        text: str,
        attachments: Iterable[Attachment] | None = None,
        *,
        notification: str | None = None,
        markdown: bool | None = None,
        channel: str | None = None,
        user: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def send(
        self,
        text: str,
        attachments: Iterable[Attachment] | None = None,
        *,
        notification: str | None = None,
        markdown: bool | None = None,
        channel: str | None = None,
        user: str | None = None,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @operation  # type: ignore[misc]  # one signature stands for both
    def send(
        self,
        text: str,
        attachments: Iterable[Attachment] | None = None,
        *,
        notification: str | None = None,
        markdown: bool | None = None,
        channel: str | None = None,
        user: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Post a message.

        It is sent once. When no answer comes, `error_code.maybe_delivered` says whether it may have arrived.

        Args:
            text: the body, not empty.
            attachments: each with a `title` or a `text`, with at most 3 images in all.
            notification: the text for alerts; None is the text.
            markdown: whether the text is Markdown; None is the service's default, True.
            channel: the name of a channel that the webhook's maker can see; None is where the webhook belongs.
            user: a member by handle, verified e-mail address or mobile number, to be written to directly; not
                together with `channel`.

        API: incoming webhook.
        """
        if channel is not None and user is not None:
            raise ValueError("channel and user exclude each other")
        blocks = arguments.optional("attachments", attachments, arguments.attachments)
        if sum(len(each.get("images", ())) for each in blocks.get("attachments", ())) > _MAX_IMAGES:
            raise ValueError(f"attachments must have at most {_MAX_IMAGES} images in all")
        body = {
            "text": arguments.filled("text", text),
            **blocks,
            **arguments.optional("notification", notification, arguments.text),
            **arguments.optional("markdown", markdown, arguments.flag),
            **arguments.optional("channel", channel, arguments.filled),
            **arguments.optional("user", user, arguments.filled),
        }
        response = yield Request("POST", self._url, body=body)
        answers.done(response)
