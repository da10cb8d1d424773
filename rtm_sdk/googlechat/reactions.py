"""Operations on reactions.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .paging import items
from .resources import ListReactionsResponse, Reaction
from .steps import ask, tell

__all__ = ["Reactions"]


class Reactions:
    """React to messages."""

    @operation
    def create_reaction(
        self,
        parent: str,
        reaction: Reaction | Mapping[str, Any],
        *,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Reaction]:
        """React to a message.

        Args:
            parent: the message, spaces/{space}/messages/{message}.
            reaction: `{"emoji": {"unicode": "..."}}` or `{"emoji": {"customEmoji": {"uid": "..."}}}`.

        Returns:
            The reaction.

        Errors:
            NOT_FOUND when there is no such message, ALREADY_EXISTS when the user has put this emoji on it before.

        Wire: spaces.messages.reactions.create.
        """
        path = arguments.name("parent", parent, arguments.MESSAGE)
        return ask("POST", f"{path}/reactions", body=arguments.resource("reaction", reaction))

    @operation
    def list_reactions(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[ListReactionsResponse]:
        """Read a page of the reactions to a message. `iter_reactions` reads all pages.

        Args:
            parent: the message, spaces/{space}/messages/{message}.
            page_size: reactions wanted, up to 200; 25 when it is left out.
            page_token: `nextPageToken` of the page before; all other arguments stay the same.
            filter: which reactions; `filters.reactions` makes one of emojis and users.

        Returns:
            `reactions`, and `nextPageToken` unless this is the last page.

        Errors:
            INVALID_ARGUMENT for a filter that cannot be understood, NOT_FOUND when there is no such message.

        Wire: spaces.messages.reactions.list.
        """
        path = arguments.name("parent", parent, arguments.MESSAGE)
        query = arguments.query(page_size=page_size, page_token=page_token, filter=filter)
        return ask("GET", f"{path}/reactions", query)

    def iter_reactions(
        self, parent: str, *, filter: str | None = None, page_size: int | None = 200, timeout: float = 0
    ) -> Iterator[Reaction]:
        """Go through the reactions to a message, page by page: `list_reactions` again and again.

        Args:
            parent, filter: as there.
            page_size: reactions on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        call = Reactions.list_reactions
        return items(self, call, "reactions", parent, filter=filter, page_size=page_size, timeout=timeout)

    @operation
    def delete_reaction(self, name: str, *, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Take back a reaction.

        Args:
            name: spaces/{space}/messages/{message}/reactions/{reaction}.

        Returns:
            None.

        Errors:
            NOT_FOUND when there is none.

        Wire: spaces.messages.reactions.delete.
        """
        return tell("DELETE", arguments.name("name", name, arguments.REACTION))
