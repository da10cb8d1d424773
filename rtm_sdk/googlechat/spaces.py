"""Operations on spaces: create, find, list, change, delete.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .messages import UpdateMask, new_request_id
from .paging import items
from .resources import (
    CompleteImportSpaceResponse,
    FindGroupChatsResponse,
    ListSpacesResponse,
    Membership,
    SearchSpaceResult,
    SearchSpacesResponse,
    Space,
)
from .steps import ask, tell

__all__ = ["SpaceView", "Spaces"]

SpaceView = Literal["SPACE_VIEW_UNSPECIFIED", "SPACE_VIEW_RESOURCE_NAME_ONLY", "SPACE_VIEW_EXPANDED"]
"""Whether group chats are found by name only, or whole."""


class Spaces:
    """Make, find and change spaces.

    `use_admin_access` asks with the rights of an administrator.
    """

    @operation
    def create_space(
        self,
        space: Space | Mapping[str, Any],
        *,
        request_id: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Space]:
        """Create a named space.

        Args:
            space: `{"spaceType": "SPACE", "displayName": "..."}`, for apps with `customer`.
            request_id: an id of this request; the same one again returns the first space. Left out, one is made.

        Returns:
            The space.

        Errors:
            ALREADY_EXISTS when the name is taken.

        Wire: spaces.create.
        """
        query = arguments.query(request_id=new_request_id() if request_id is None else request_id)
        return ask("POST", "spaces", query, arguments.resource("space", space), repeatable=True)

    @operation
    def set_up_space(
        self,
        space: Space | Mapping[str, Any],
        memberships: Iterable[Membership | Mapping[str, Any]] = (),
        *,
        request_id: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Space]:
        """Create a space and its first members, or find the direct message with somebody.

        Args:
            space: `spaceType` and, for SPACE, `displayName`.
            memberships: the members without the caller, at most 49; none for a direct message with the calling app.
            request_id: an id of this request; the same one again returns the first space. Left out, one is made.

        Returns:
            The space; a direct message that exists already is returned, not made again.

        Errors:
            ALREADY_EXISTS when the name is taken.

        Wire: spaces.setup.
        """
        body = arguments.body(
            space=arguments.required("space", space),
            memberships=arguments.required("memberships", memberships),
            request_id=new_request_id() if request_id is None else request_id,
        )
        return ask("POST", "spaces:setup", body=body, repeatable=True)

    @operation
    def get_space(
        self,
        name: str,
        *,
        use_admin_access: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Space]:
        """Read a space.

        Args:
            name: spaces/{space}.
            use_admin_access: see `Spaces`.

        Returns:
            The space.

        Errors:
            NOT_FOUND when there is none, PERMISSION_DENIED when the caller is not in it.

        Wire: spaces.get.
        """
        path = arguments.name("name", name, arguments.SPACE)
        return ask("GET", path, arguments.query(use_admin_access=use_admin_access))

    @operation
    def list_spaces(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[ListSpacesResponse]:
        """Read a page of the spaces that the caller is in. `iter_spaces` reads all pages.

        Args:
            page_size: spaces wanted, up to 1000; 100 when it is left out.
            page_token: `nextPageToken` of the page before; all other arguments stay the same.
            filter: which spaces; `filters.spaces` makes one of types.

        Returns:
            `spaces`, and `nextPageToken` unless this is the last page. Direct messages and group chats without a
            message are missing.

        Errors:
            INVALID_ARGUMENT for a filter that cannot be understood.

        Wire: spaces.list.
        """
        return ask("GET", "spaces", arguments.query(page_size=page_size, page_token=page_token, filter=filter))

    def iter_spaces(
        self, *, filter: str | None = None, page_size: int | None = 1000, timeout: float = 0
    ) -> Iterator[Space]:
        """Go through the spaces that the caller is in, page by page: `list_spaces` again and again.

        Args:
            filter: as there.
            page_size: spaces on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        return items(self, Spaces.list_spaces, "spaces", filter=filter, page_size=page_size, timeout=timeout)

    @operation
    def search_spaces(
        self,
        query: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        order_by: str | None = None,
        use_admin_access: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SearchSpacesResponse]:
        """Search named spaces. `iter_search_spaces` reads all pages.

        Args:
            query: `space_type = "SPACE"` and further terms such as `display_name:"..."`, at most 1000 characters.
            page_size: results wanted, up to 100, for administrators up to 1000; 100 when it is left out.
            page_token: `nextPageToken` of the page before; all other arguments stay the same.
            order_by: for example `create_time DESC`.
            use_admin_access: see `Spaces`.

        Returns:
            `results`, and `nextPageToken` unless this is the last page.

        Wire: spaces.search.
        """
        given = arguments.query(
            query=arguments.required("query", query),
            page_size=page_size,
            page_token=page_token,
            order_by=order_by,
            use_admin_access=use_admin_access,
        )
        return ask("GET", "spaces:search", given)

    def iter_search_spaces(
        self,
        query: str,
        *,
        order_by: str | None = None,
        use_admin_access: bool | None = None,
        page_size: int | None = 100,
        timeout: float = 0,
    ) -> Iterator[SearchSpaceResult]:
        """Go through all spaces that are found, page by page: `search_spaces` again and again.

        Args:
            query, order_by, use_admin_access: as there.
            page_size: results on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        return items(
            self,
            Spaces.search_spaces,
            "results",
            query,
            order_by=order_by,
            use_admin_access=use_admin_access,
            page_size=page_size,
            timeout=timeout,
        )

    @operation
    def find_direct_message(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[Space]:
        """Find the direct message between the caller and a user.

        Args:
            name: the user, users/{user}.

        Returns:
            The space.

        Errors:
            NOT_FOUND when there is none.

        Wire: spaces.findDirectMessage.
        """
        arguments.name("name", name, arguments.USER)
        return ask("GET", "spaces:findDirectMessage", arguments.query(user=name))

    @operation
    def find_group_chats(
        self,
        *,
        users: Iterable[str] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        space_view: SpaceView | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[FindGroupChatsResponse]:
        """Find the group chats of exactly the caller and these users. `iter_find_group_chats` reads all pages.

        Args:
            users: the others, users/{user}; at most 49.
            page_size: spaces wanted, up to 30; 10 when it is left out.
            page_token: `nextPageToken` of the page before; all other arguments stay the same.
            space_view: SPACE_VIEW_EXPANDED for more than names.

        Returns:
            `spaces`, and `nextPageToken` unless this is the last page.

        Wire: spaces.findGroupChats.
        """
        query = arguments.query(users=users, page_size=page_size, page_token=page_token, space_view=space_view)
        return ask("GET", "spaces:findGroupChats", query)

    def iter_find_group_chats(
        self,
        *,
        users: Iterable[str] | None = None,
        space_view: SpaceView | None = None,
        page_size: int | None = 30,
        timeout: float = 0,
    ) -> Iterator[Space]:
        """Go through all group chats that are found, page by page: `find_group_chats` again and again.

        Args:
            users, space_view: as there.
            page_size: spaces on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        if isinstance(users, Iterator):
            users = list(users)  # it is gone through for each page
        return items(
            self,
            Spaces.find_group_chats,
            "spaces",
            users=users,
            space_view=space_view,
            page_size=page_size,
            timeout=timeout,
        )

    @operation
    def update_space(
        self,
        name: str,
        space: Space | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        use_admin_access: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Space]:
        """Change a space.

        Args:
            name: spaces/{space}.
            space: the new values.
            update_mask: what to change: `display_name`, `space_details`, `space_type`; alone `space_history_state`,
                paths in `access_settings` or in `permission_settings`.
            use_admin_access: see `Spaces`.

        Returns:
            The space as it is now.

        Errors:
            INVALID_ARGUMENT for a mask that cannot be understood, ALREADY_EXISTS when the name is taken,
            PERMISSION_DENIED without the right to change the space.

        Wire: spaces.patch.
        """
        path = arguments.name("name", name, arguments.SPACE)
        mask = arguments.required("update_mask", update_mask)
        query = arguments.query(update_mask=mask, use_admin_access=use_admin_access)
        return ask("PATCH", path, query, arguments.resource("space", space))

    @operation
    def delete_space(
        self,
        name: str,
        *,
        use_admin_access: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Delete a named space and everything in it.

        Args:
            name: spaces/{space}.
            use_admin_access: see `Spaces`.

        Returns:
            None.

        Errors:
            NOT_FOUND when there is none, PERMISSION_DENIED without the right to delete it.

        Wire: spaces.delete.
        """
        path = arguments.name("name", name, arguments.SPACE)
        return tell("DELETE", path, arguments.query(use_admin_access=use_admin_access))

    @operation
    def complete_import_space(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[CompleteImportSpaceResponse]:
        """End the import mode of a space and show it to its users.

        Args:
            name: spaces/{space}.

        Returns:
            `space`.

        Wire: spaces.completeImport.
        """
        path = arguments.name("name", name, arguments.SPACE)
        return ask("POST", f"{path}:completeImport", body={})
