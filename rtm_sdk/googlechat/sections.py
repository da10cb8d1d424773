"""Operations on the sections of a user's sidebar and the spaces in them.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .messages import UpdateMask
from .paging import items
from .resources import (
    GoogleChatV1Section,
    ListSectionItemsResponse,
    ListSectionsResponse,
    MoveSectionItemResponse,
    PositionSectionResponse,
    SectionItem,
)
from .steps import ask, tell

__all__ = ["Sections"]


class Sections:
    """Arrange the sidebar of a user. `{user}` is `me`; only the caller's own sidebar is allowed."""

    @operation
    def create_section(
        self,
        parent: str,
        section: GoogleChatV1Section | Mapping[str, Any],
        *,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[GoogleChatV1Section]:
        """Create a section.

        Args:
            parent: users/{user}.
            section: `{"displayName": "...", "type": "CUSTOM_SECTION"}`, the name at most 80 characters.

        Returns:
            The section.

        Wire: users.sections.create.
        """
        path = arguments.name("parent", parent, arguments.USER)
        return ask("POST", f"{path}/sections", body=arguments.resource("section", section))

    @operation
    def list_sections(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[ListSectionsResponse]:
        """Read a page of the sections. `iter_sections` reads all pages.

        Args:
            parent: users/{user}.
            page_size: sections wanted, up to 100; 10 when it is left out.
            page_token: `nextPageToken` of the page before.

        Returns:
            `sections`, and `nextPageToken` unless this is the last page.

        Wire: users.sections.list.
        """
        path = arguments.name("parent", parent, arguments.USER)
        return ask("GET", f"{path}/sections", arguments.query(page_size=page_size, page_token=page_token))

    def iter_sections(
        self, parent: str, *, page_size: int | None = 100, timeout: float = 0
    ) -> Iterator[GoogleChatV1Section]:
        """Go through the sections, page by page: `list_sections` again and again.

        Args:
            parent: as there.
            page_size: sections on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        return items(self, Sections.list_sections, "sections", parent, page_size=page_size, timeout=timeout)

    @operation
    def update_section(
        self,
        name: str,
        section: GoogleChatV1Section | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[GoogleChatV1Section]:
        """Rename a section.

        Args:
            name: users/{user}/sections/{section}.
            section: the new `displayName`.
            update_mask: `display_name`.

        Returns:
            The section as it is now.

        Wire: users.sections.patch.
        """
        path = arguments.name("name", name, arguments.SECTION)
        query = arguments.query(update_mask=arguments.required("update_mask", update_mask))
        return ask("PATCH", path, query, arguments.resource("section", section))

    @operation
    def position_section(
        self,
        name: str,
        *,
        sort_order: int | None = None,
        relative_position: Literal["POSITION_UNSPECIFIED", "START", "END"] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[PositionSectionResponse]:
        """Move a section up or down.

        Args:
            name: users/{user}/sections/{section}.
            sort_order: its new place, counted from 1.
            relative_position: or the first or the last place; one of the two must be given.

        Returns:
            `section`.

        Wire: users.sections.position.
        """
        path = arguments.name("name", name, arguments.SECTION)
        arguments.at_most_one(sort_order=sort_order, relative_position=relative_position)
        body = arguments.body(sort_order=sort_order, relative_position=relative_position)
        if not body:
            raise TypeError("sort_order or relative_position must be given")
        return ask("POST", f"{path}:position", body=body)

    @operation
    def delete_section(self, name: str, *, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Delete a section. What is in it goes back to the sections of the product.

        Args:
            name: users/{user}/sections/{section}.

        Returns:
            None.

        Wire: users.sections.delete.
        """
        return tell("DELETE", arguments.name("name", name, arguments.SECTION))

    @operation
    def list_section_items(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[ListSectionItemsResponse]:
        """Read a page of the spaces in a section. `iter_section_items` reads all pages.

        Args:
            parent: users/{user}/sections/{section}; `-` is all sections, together with a filter.
            page_size: spaces wanted, up to 100; 10 when it is left out.
            page_token: `nextPageToken` of the page before; all other arguments stay the same.
            filter: one space; `filters.section_items` makes one.

        Returns:
            `sectionItems`, and `nextPageToken` unless this is the last page.

        Wire: users.sections.items.list.
        """
        path = arguments.name("parent", parent, arguments.SECTION)
        query = arguments.query(page_size=page_size, page_token=page_token, filter=filter)
        return ask("GET", f"{path}/items", query)

    def iter_section_items(
        self, parent: str, *, filter: str | None = None, page_size: int | None = 100, timeout: float = 0
    ) -> Iterator[SectionItem]:
        """Go through the spaces in a section, page by page: `list_section_items` again and again.

        Args:
            parent, filter: as there.
            page_size: spaces on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        call = Sections.list_section_items
        return items(self, call, "sectionItems", parent, filter=filter, page_size=page_size, timeout=timeout)

    @operation
    def move_section_item(
        self,
        name: str,
        target_section: str,
        *,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[MoveSectionItemResponse]:
        """Move a space to another section.

        Args:
            name: users/{user}/sections/{section}/items/{item}.
            target_section: users/{user}/sections/{section}.

        Returns:
            `sectionItem`.

        Wire: users.sections.items.move.
        """
        path = arguments.name("name", name, arguments.SECTION_ITEM)
        arguments.name("target_section", target_section, arguments.SECTION)
        return ask("POST", f"{path}:move", body={"targetSection": target_section})
