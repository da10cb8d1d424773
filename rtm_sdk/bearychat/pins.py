"""Operations on pins.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .requests import delete, get, post
from .resources import Pin

__all__ = ["Pins"]


class Pins:
    """Messages pinned in their conversations."""

    @operation
    def list_pins(
        self, vchannel_id: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[list[Pin]]:
        """Read all pins of a conversation; there are no pages.

        Args:
            vchannel_id: the conversation.

        Returns:
            The pins.

        API: message_pin.list.
        """
        response = yield get("message_pin.list", arguments.ids(vchannel_id=vchannel_id))
        return answers.array(response, Pin)

    @operation
    def create_pin(
        self, vchannel_id: str, message_key: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[Pin]:
        """Pin a message.

        Args:
            vchannel_id: the conversation.
            message_key: the message's key.

        Returns:
            The pin.

        API: message_pin.create.
        """
        response = yield post("message_pin.create", arguments.message(vchannel_id, message_key))
        return answers.record(response, Pin)

    @operation
    def delete_pin(
        self, vchannel_id: str, pin_id: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take a pin away.

        Args:
            vchannel_id: the conversation.
            pin_id: the pin, not the message.

        API: message_pin.delete.
        """
        response = yield delete("message_pin.delete", arguments.ids(vchannel_id=vchannel_id, pin_id=pin_id))
        answers.done(response)
