"""Operations on members of spaces.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .messages import UpdateMask
from .paging import items
from .resources import ListMembershipsResponse, Membership
from .steps import ask

__all__ = ["Members"]


class Members:
    """Say who is in a space.

    `{member}` in a name is the id of a user, for users also an email address, or `app` for the calling app.
    `use_admin_access` asks with the rights of an administrator.
    """

    @operation
    def create_membership(
        self,
        parent: str,
        membership: Membership | Mapping[str, Any],
        *,
        use_admin_access: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Membership]:
        """Add or invite somebody to a space.

        Args:
            parent: the space, spaces/{space}.
            membership: `{"member": {"name": "users/{user}", "type": "HUMAN"}}`; for a group of users
                `{"groupMember": {"name": "groups/{group}"}}`; for the calling app `users/app` and the type BOT.
            use_admin_access: see `Members`.

        Returns:
            The membership; its state may be INVITED.

        Errors:
            NOT_FOUND for an unknown space, PERMISSION_DENIED without the right to add members, ALREADY_EXISTS for a
            member.

        Wire: spaces.members.create.
        """
        path = arguments.name("parent", parent, arguments.SPACE)
        query = arguments.query(use_admin_access=use_admin_access)
        return ask("POST", f"{path}/members", query, arguments.resource("membership", membership))

    @operation
    def get_membership(
        self,
        name: str,
        *,
        use_admin_access: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Membership]:
        """Read a membership.

        Args:
            name: spaces/{space}/members/{member}.
            use_admin_access: see `Members`.

        Returns:
            The membership.

        Errors:
            NOT_FOUND when there is none.

        Wire: spaces.members.get.
        """
        path = arguments.name("name", name, arguments.MEMBER)
        return ask("GET", path, arguments.query(use_admin_access=use_admin_access))

    @operation
    def list_memberships(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        show_groups: bool | None = None,
        show_invited: bool | None = None,
        use_admin_access: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[ListMembershipsResponse]:
        """Read a page of the members of a space. `iter_memberships` reads all pages.

        Args:
            parent: the space, spaces/{space}.
            page_size: members wanted, up to 1000; 100 when it is left out.
            page_token: `nextPageToken` of the page before; all other arguments stay the same.
            filter: which members; `filters.memberships` makes one of roles and types.
            show_groups: also groups of users.
            show_invited: also those who are invited.
            use_admin_access: see `Members`.

        Returns:
            `memberships`, and `nextPageToken` unless this is the last page. An app does not see apps.

        Errors:
            INVALID_ARGUMENT for a filter that cannot be understood, NOT_FOUND for an unknown space.

        Wire: spaces.members.list.
        """
        path = arguments.name("parent", parent, arguments.SPACE)
        query = arguments.query(
            page_size=page_size,
            page_token=page_token,
            filter=filter,
            show_groups=show_groups,
            show_invited=show_invited,
            use_admin_access=use_admin_access,
        )
        return ask("GET", f"{path}/members", query)

    def iter_memberships(
        self,
        parent: str,
        *,
        filter: str | None = None,
        show_groups: bool | None = None,
        show_invited: bool | None = None,
        use_admin_access: bool | None = None,
        page_size: int | None = 1000,
        timeout: float = 0,
    ) -> Iterator[Membership]:
        """Go through the members of a space, page by page: `list_memberships` again and again.

        Args:
            parent, filter, show_groups, show_invited, use_admin_access: as there.
            page_size: members on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        return items(
            self,
            Members.list_memberships,
            "memberships",
            parent,
            filter=filter,
            show_groups=show_groups,
            show_invited=show_invited,
            use_admin_access=use_admin_access,
            page_size=page_size,
            timeout=timeout,
        )

    @operation
    def update_membership(
        self,
        name: str,
        membership: Membership | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        use_admin_access: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Membership]:
        """Change the role of a member.

        Args:
            name: spaces/{space}/members/{member}.
            membership: `{"role": "ROLE_MANAGER"}`, for example.
            update_mask: `role`.
            use_admin_access: see `Members`.

        Returns:
            The membership as it is now.

        Wire: spaces.members.patch.
        """
        path = arguments.name("name", name, arguments.MEMBER)
        mask = arguments.required("update_mask", update_mask)
        query = arguments.query(update_mask=mask, use_admin_access=use_admin_access)
        return ask("PATCH", path, query, arguments.resource("membership", membership))

    @operation
    def delete_membership(
        self,
        name: str,
        *,
        use_admin_access: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Membership]:
        """Remove a member.

        Args:
            name: spaces/{space}/members/{member}.
            use_admin_access: see `Members`.

        Returns:
            The membership as it was; empty when only a repeated request got an answer.

        Errors:
            NOT_FOUND when there is none.

        Wire: spaces.members.delete.
        """
        path = arguments.name("name", name, arguments.MEMBER)
        return ask("DELETE", path, arguments.query(use_admin_access=use_admin_access))
