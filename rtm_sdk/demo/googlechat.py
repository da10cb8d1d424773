"""The part of the demo that goes through `GoogleChatClient`: what every chat does, in a thread, and a file."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ..errors import ErrorCode
from ..terminal import size
from .chat import ChatDemo

if TYPE_CHECKING:
    from ..googlechat.client import GoogleChatClient

__all__ = ["GoogleChatDemo"]


class GoogleChatDemo(ChatDemo):
    """One run.

    Args:
        client: the client that does everything.
        space: where it writes.
        messages: how many messages are sent synchronously.
        burst: how many are sent with callbacks.
        file_size: the size of the file, bytes.
    """

    system = "Google Chat"
    key = "name"

    def __init__(
        self,
        client: GoogleChatClient,
        space: str,
        *,
        messages: int = 20,
        burst: int = 200,
        file_size: int = 1024 * 1024,
    ) -> None:
        super().__init__(client, messages=messages, burst=burst)
        self._space = space
        self._thread_key = secrets.token_hex(8)
        self._file_size = file_size

    def _prepare(self) -> bool:
        self._send_file()
        return True

    def _post(self, text: str, callback: Callable[[Any, ErrorCode], None] | None = None) -> Any:
        message = {"text": text, "thread": {"threadKey": self._thread_key}}
        option = "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
        return self.client.create_message(self._space, message, message_reply_option=option, callback=callback)

    def _edit(self, key: str, text: str) -> tuple[Any, ErrorCode]:
        outcome: tuple[Any, ErrorCode] = self.client.update_message(key, {"text": text}, "text")
        return outcome

    def _delete(self, key: str) -> tuple[Any, ErrorCode]:
        outcome: tuple[Any, ErrorCode] = self.client.delete_message(key)
        return outcome

    def _history(self) -> Iterator[Any]:
        messages: Iterator[Any] = self.client.iter_messages(self._space)
        return messages

    def _send_file(self) -> None:
        content = os.urandom(self._file_size)
        step = self._step("send a file", size)
        step.sent = self._file_size
        with self.report.terminal.progress("sending the file", self._file_size, size) as advance, step.timed():
            uploaded, error_code = self.client.upload_attachment(
                self._space, content, filename="holiday.bin", on_progress=lambda sent, total: advance(sent)
            )
            if error_code:
                step.failed(error_code)
                return
            message = {"text": "a file", "attachment": [uploaded]}
            posted, error_code = self.client.create_message(self._space, message)
            if error_code:
                step.failed(error_code)
                return
        self._account(step, posted)
        step.arrived = self._file_size
        self.report.files += 1
        self._download(posted["attachment"][0]["attachmentDataRef"]["resourceName"], content)

    def _download(self, resource_name: str, content: bytes) -> None:
        step = self._step("download", size)
        step.sent = self._file_size
        with step.timed():
            downloaded, error_code = self.client.download_media(resource_name)
        if error_code:
            step.failed(error_code)
        elif downloaded == content:
            step.arrived = len(content)
        else:
            step.problems[f"another content: {size(len(downloaded))}"] += 1
