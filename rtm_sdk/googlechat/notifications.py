"""Operations on when a space notifies a user.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .messages import UpdateMask
from .resources import SpaceNotificationSetting
from .steps import ask

__all__ = ["Notifications"]


class Notifications:
    """Read and change when a space notifies. `{user}` is `me`; only the caller's own setting is allowed."""

    @operation
    def get_space_notification_setting(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[SpaceNotificationSetting]:
        """Read when a space notifies the caller.

        Args:
            name: users/{user}/spaces/{space}/spaceNotificationSetting.

        Returns:
            The setting.

        Errors:
            NOT_FOUND for an unknown space, PERMISSION_DENIED for another user.

        Wire: users.spaces.spaceNotificationSetting.get.
        """
        return ask("GET", arguments.name("name", name, arguments.NOTIFICATION_SETTING))

    @operation
    def update_space_notification_setting(
        self,
        name: str,
        space_notification_setting: SpaceNotificationSetting | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SpaceNotificationSetting]:
        """Change when a space notifies the caller.

        Args:
            name: users/{user}/spaces/{space}/spaceNotificationSetting.
            space_notification_setting: the new values.
            update_mask: `notification_setting`, `mute_setting`, or both.

        Returns:
            The setting as it is now.

        Errors:
            NOT_FOUND for an unknown space, PERMISSION_DENIED for another user.

        Wire: users.spaces.spaceNotificationSetting.patch.
        """
        path = arguments.name("name", name, arguments.NOTIFICATION_SETTING)
        query = arguments.query(update_mask=arguments.required("update_mask", update_mask))
        body = arguments.resource("space_notification_setting", space_notification_setting)
        return ask("PATCH", path, query, body)
