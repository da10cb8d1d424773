"""Operations on pinned messages.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .paging import items
from .resources import ListMessagePinsResponse, MessagePin
from .steps import ask, tell

__all__ = ["Pins"]


class Pins:
    """Pin messages in their spaces."""

    @operation
    def create_message_pin(
        self,
        parent: str,
        message_pin: MessagePin | Mapping[str, Any],
        *,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[MessagePin]:
        """Pin a message.

        Args:
            parent: the space, spaces/{space}.
            message_pin: `{"message": "spaces/{space}/messages/{message}"}`.

        Returns:
            The pin.

        Errors:
            NOT_FOUND when there is no such message.

        Wire: spaces.messagePins.create.
        """
        path = arguments.name("parent", parent, arguments.SPACE)
        return ask("POST", f"{path}/messagePins", body=arguments.resource("message_pin", message_pin))

    @operation
    def list_message_pins(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[ListMessagePinsResponse]:
        """Read a page of the pins of a space. `iter_message_pins` reads all pages.

        Args:
            parent: the space, spaces/{space}.
            page_size: pins wanted, up to 100, which is also taken when it is left out.
            page_token: `nextPageToken` of the page before.

        Returns:
            `messagePins`, and `nextPageToken` unless this is the last page.

        Wire: spaces.messagePins.list.
        """
        path = arguments.name("parent", parent, arguments.SPACE)
        return ask("GET", f"{path}/messagePins", arguments.query(page_size=page_size, page_token=page_token))

    def iter_message_pins(
        self, parent: str, *, page_size: int | None = 100, timeout: float = 0
    ) -> Iterator[MessagePin]:
        """Go through the pins of a space, page by page: `list_message_pins` again and again.

        Args:
            parent: as there.
            page_size: pins on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        return items(self, Pins.list_message_pins, "messagePins", parent, page_size=page_size, timeout=timeout)

    @operation
    def delete_message_pin(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take a pin away. The message stays.

        Args:
            name: spaces/{space}/messagePins/{message}.

        Returns:
            None.

        Errors:
            NOT_FOUND when the message is not pinned.

        Wire: spaces.messagePins.delete.
        """
        return tell("DELETE", arguments.name("name", name, arguments.PIN))
