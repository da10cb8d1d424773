"""Operations on events: what has happened in a space.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .paging import items
from .resources import ListSpaceEventsResponse, SpaceEvent
from .steps import ask

__all__ = ["Events"]


class Events:
    """Read what has happened in a space, up to 28 days back."""

    @operation
    def get_space_event(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[SpaceEvent]:
        """Read an event.

        Args:
            name: spaces/{space}/spaceEvents/{event}.

        Returns:
            The event; its resource is as it is now.

        Errors:
            NOT_FOUND when there is none.

        Wire: spaces.spaceEvents.get.
        """
        return ask("GET", arguments.name("name", name, arguments.EVENT))

    @operation
    def list_space_events(
        self,
        parent: str,
        filter: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[ListSpaceEventsResponse]:
        """Read a page of the events of a space, oldest first. `iter_space_events` reads all pages.

        Args:
            parent: the space, spaces/{space}.
            filter: which events; `filters.space_events` makes one of types and times.
            page_size: events wanted.
            page_token: `nextPageToken` of the page before; all other arguments stay the same.

        Returns:
            `spaceEvents`, and `nextPageToken` unless this is the last page.

        Errors:
            INVALID_ARGUMENT for a filter that cannot be understood, NOT_FOUND for an unknown space.

        Wire: spaces.spaceEvents.list.
        """
        path = arguments.name("parent", parent, arguments.SPACE)
        wanted = arguments.required("filter", filter)
        query = arguments.query(filter=wanted, page_size=page_size, page_token=page_token)
        return ask("GET", f"{path}/spaceEvents", query)

    def iter_space_events(
        self, parent: str, filter: str, *, page_size: int | None = None, timeout: float = 0
    ) -> Iterator[SpaceEvent]:
        """Go through the events of a space, page by page: `list_space_events` again and again.

        Args:
            parent, filter: as there.
            page_size: events on each page; left out, as the service likes.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        return items(
            self, Events.list_space_events, "spaceEvents", parent, filter, page_size=page_size, timeout=timeout
        )
