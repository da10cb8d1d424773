"""Operations on the presence and the custom status of a user.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import arguments, resources
from .arguments import Time
from .messages import UpdateMask
from .steps import ask

__all__ = ["Availability"]


class Availability:
    """Say whether a user is there. `name` is users/me/availability; only the caller's own is allowed."""

    @operation
    def get_availability(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[resources.Availability]:
        """Read presence and custom status.

        Args:
            name: users/{user}/availability.

        Returns:
            The availability.

        Wire: users.availability.get.
        """
        return ask("GET", arguments.name("name", name, arguments.AVAILABILITY))

    @operation
    def update_availability(
        self,
        name: str,
        availability: resources.Availability | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[resources.Availability]:
        """Change the custom status.

        Args:
            name: users/{user}/availability.
            availability: the new `customStatus`.
            update_mask: `custom_status`.

        Returns:
            The availability as it is now.

        Wire: users.availability.patch.
        """
        path = arguments.name("name", name, arguments.AVAILABILITY)
        query = arguments.query(update_mask=arguments.required("update_mask", update_mask))
        return ask("PATCH", path, query, arguments.resource("availability", availability))

    @operation
    def mark_as_active(
        self,
        name: str,
        *,
        expire_time: Time | None = None,
        ttl: float | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[resources.Availability]:
        """Set the presence to ACTIVE.

        Args:
            name: users/{user}/availability.
            expire_time: until then.
            ttl: for so many seconds; not together with expire_time.

        Returns:
            The availability as it is now.

        Wire: users.availability.markAsActive.
        """
        return _mark(name, "markAsActive", expire_time, ttl)

    @operation
    def mark_as_do_not_disturb(
        self,
        name: str,
        *,
        expire_time: Time | None = None,
        ttl: float | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[resources.Availability]:
        """Set the presence to DO_NOT_DISTURB.

        Args:
            name: users/{user}/availability.
            expire_time: until then.
            ttl: for so many seconds; not together with expire_time.

        Returns:
            The availability as it is now.

        Wire: users.availability.markAsDoNotDisturb.
        """
        return _mark(name, "markAsDoNotDisturb", expire_time, ttl)

    @operation
    def mark_as_away(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[resources.Availability]:
        """Set the presence to AWAY.

        Args:
            name: users/{user}/availability.

        Returns:
            The availability as it is now.

        Wire: users.availability.markAsAway.
        """
        return _mark(name, "markAsAway", None, None)


def _mark(name: str, verb: str, expire_time: Time | None, ttl: float | None) -> Operation[resources.Availability]:
    path = arguments.name("name", name, arguments.AVAILABILITY)
    arguments.at_most_one(expire_time=expire_time, ttl=ttl)
    return ask("POST", f"{path}:{verb}", body=arguments.body(expire_time=expire_time, ttl=ttl))
