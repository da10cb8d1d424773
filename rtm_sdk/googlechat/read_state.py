"""Operations on how far a user has read.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .messages import UpdateMask
from .resources import SpaceReadState, ThreadReadState
from .steps import ask

__all__ = ["ReadState"]


class ReadState:
    """Read and move the place up to which a user has read. `{user}` is `me`; only the caller's own is allowed."""

    @operation
    def get_space_read_state(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[SpaceReadState]:
        """Read how far the caller has read in a space.

        Args:
            name: users/{user}/spaces/{space}/spaceReadState.

        Returns:
            The state; `lastReadTime` is RFC 3339.

        Errors:
            NOT_FOUND for an unknown space, PERMISSION_DENIED for another user.

        Wire: users.spaces.getSpaceReadState.
        """
        return ask("GET", arguments.name("name", name, arguments.SPACE_READ_STATE))

    @operation
    def update_space_read_state(
        self,
        name: str,
        space_read_state: SpaceReadState | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SpaceReadState]:
        """Say how far the caller has read in a space.

        Args:
            name: users/{user}/spaces/{space}/spaceReadState.
            space_read_state: the new `lastReadTime`, RFC 3339; a time after the newest message means that one.
            update_mask: `last_read_time`.

        Returns:
            The state as it is now.

        Errors:
            NOT_FOUND for an unknown space, PERMISSION_DENIED for another user.

        Wire: users.spaces.updateSpaceReadState.
        """
        path = arguments.name("name", name, arguments.SPACE_READ_STATE)
        query = arguments.query(update_mask=arguments.required("update_mask", update_mask))
        return ask("PATCH", path, query, arguments.resource("space_read_state", space_read_state))

    @operation
    def get_thread_read_state(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[ThreadReadState]:
        """Read how far the caller has read in a thread.

        Args:
            name: users/{user}/spaces/{space}/threads/{thread}/threadReadState.

        Returns:
            The state; `lastReadTime` is RFC 3339.

        Errors:
            NOT_FOUND for an unknown space or thread, PERMISSION_DENIED for another user.

        Wire: users.spaces.threads.getThreadReadState.
        """
        return ask("GET", arguments.name("name", name, arguments.THREAD_READ_STATE))
