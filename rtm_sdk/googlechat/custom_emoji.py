"""Operations on the custom emojis of an organization.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import arguments, resources
from .paging import items
from .resources import ListCustomEmojisResponse
from .steps import ask, tell

__all__ = ["CustomEmoji"]


class CustomEmoji:
    """Make and remove the emojis of an organization. `{emoji}` in a name is its id, or its name as `:name:`."""

    @operation
    def create_custom_emoji(
        self,
        custom_emoji: resources.CustomEmoji | Mapping[str, Any],
        *,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[resources.CustomEmoji]:
        """Make a custom emoji.

        Args:
            custom_emoji: `emojiName` with its colons, and in `payload` a `filename` and the picture as base64 in
                `fileContent`: at most 256 KB, square, 64 to 500 pixels.

        Returns:
            The emoji.

        Errors:
            ALREADY_EXISTS when the name is taken.

        Wire: customEmojis.create.
        """
        return ask("POST", "customEmojis", body=arguments.resource("custom_emoji", custom_emoji))

    @operation
    def get_custom_emoji(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[resources.CustomEmoji]:
        """Read a custom emoji.

        Args:
            name: customEmojis/{emoji}.

        Returns:
            The emoji.

        Errors:
            NOT_FOUND when there is none.

        Wire: customEmojis.get.
        """
        return ask("GET", arguments.name("name", name, arguments.CUSTOM_EMOJI))

    @operation
    def list_custom_emojis(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[ListCustomEmojisResponse]:
        """Read a page of the custom emojis. `iter_custom_emojis` reads all pages.

        Args:
            page_size: emojis wanted, up to 200; 25 when it is left out.
            page_token: `nextPageToken` of the page before; all other arguments stay the same.
            filter: which emojis; `filters.custom_emojis` makes one.

        Returns:
            `customEmojis`, and `nextPageToken` unless this is the last page.

        Errors:
            INVALID_ARGUMENT for a filter that cannot be understood.

        Wire: customEmojis.list.
        """
        return ask("GET", "customEmojis", arguments.query(page_size=page_size, page_token=page_token, filter=filter))

    def iter_custom_emojis(
        self, *, filter: str | None = None, page_size: int | None = 200, timeout: float = 0
    ) -> Iterator[resources.CustomEmoji]:
        """Go through the custom emojis, page by page: `list_custom_emojis` again and again.

        Args:
            filter: as there.
            page_size: emojis on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        call = CustomEmoji.list_custom_emojis
        return items(self, call, "customEmojis", filter=filter, page_size=page_size, timeout=timeout)

    @operation
    def delete_custom_emoji(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Remove a custom emoji.

        Args:
            name: customEmojis/{emoji}.

        Returns:
            None.

        Errors:
            NOT_FOUND when there is none, PERMISSION_DENIED when another one made it.

        Wire: customEmojis.delete.
        """
        return tell("DELETE", arguments.name("name", name, arguments.CUSTOM_EMOJI))
