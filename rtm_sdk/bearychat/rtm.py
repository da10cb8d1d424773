"""Operations on RTM: the address of the socket, and the RTM service's own HTTP calls.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .requests import post
from .resources import Attachment, RTMStart

__all__ = ["RTM"]


class RTM:
    """The service for robots that listen. Its HTTP calls are on a host of their own, `rtm_base_url`."""

    rtm_base_url: str | None

    @operation
    def start_rtm(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[RTMStart]:
        """Ask the OpenAPI for the address of a socket.

        Returns:
            The object with `ws_host`, which is good for 5 minutes, and `user`.

        API: rtm.start.
        """
        response = yield post("rtm.start", {}, repeatable=True)
        return answers.record(response, RTMStart)

    @operation
    def rtm_start(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[RTMStart]:
        """Ask the RTM service for the address of a socket.

        Returns:
            The object with `ws_host`, which is good for 5 minutes, and `user`.

        API: start, of the RTM service.
        """
        response = yield post(self._rtm("start"), {}, repeatable=True)
        return answers.record_in(response, "result", RTMStart)

    @operation
    def rtm_send_message(
        self,
        vchannel: str,
        text: str,
        markdown: bool | None = None,
        attachments: Iterable[Attachment] = (),
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Send a message through the RTM service.

        It is sent once. When no answer comes, `error_code.maybe_delivered` says whether it may have arrived.

        Args:
            vchannel: the conversation.
            text: the body.
            markdown: whether it is Markdown; None is the service's default, True.
            attachments: each with a `title` or a `text`.

        API: message, of the RTM service.
        """
        body = {
            **arguments.ids(vchannel=vchannel),
            "text": arguments.text("text", text),
            **arguments.optional("markdown", markdown, arguments.flag),
            "attachments": arguments.attachments("attachments", attachments),
        }
        response = yield post(self._rtm("message"), body)
        answers.done(response)

    def _rtm(self, name: str) -> str:
        if self.rtm_base_url is None:
            raise ValueError("rtm_base_url must be given to the client when base_url is")
        return f"{self.rtm_base_url}/{name}"
