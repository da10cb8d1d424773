"""The part of the demo that goes through `BearyChatClient`: what every chat does, in a channel of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ..errors import ErrorCode
from .chat import ChatDemo

if TYPE_CHECKING:
    from ..bearychat.client import BearyChatClient

__all__ = ["BearyChatDemo"]


class BearyChatDemo(ChatDemo):
    """One run, in a channel that it makes.

    Args:
        client: the client that does everything.
        messages: how many messages are sent synchronously.
        burst: how many are sent with callbacks.
    """

    system = "BearyChat"
    key = "key"

    def __init__(self, client: BearyChatClient, *, messages: int = 20, burst: int = 200) -> None:
        super().__init__(client, messages=messages, burst=burst)
        self._channel = ""

    def _prepare(self) -> bool:
        step = self._step("make a channel")
        step.sent = 1
        with step.timed():
            channel, error_code = self.client.create_channel(f"demo-{secrets.token_hex(4)}")
        if error_code:
            step.failed(error_code)
            return False
        step.arrived = 1
        self._channel = channel["vchannel_id"]
        return True

    def _post(self, text: str, callback: Callable[[Any, ErrorCode], None] | None = None) -> Any:
        return self.client.create_message(self._channel, text, callback=callback)

    def _edit(self, key: str, text: str) -> tuple[Any, ErrorCode]:
        outcome: tuple[Any, ErrorCode] = self.client.update_message_text(self._channel, key, text)
        return outcome

    def _delete(self, key: str) -> tuple[Any, ErrorCode]:
        outcome: tuple[Any, ErrorCode] = self.client.delete_message(self._channel, key)
        return outcome

    def _history(self) -> Iterator[Any]:
        messages: Iterator[Any] = self.client.iter_messages(self._channel)
        return messages
