"""Operations on a whole project: its blacklist, its bans, clearing.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest

__all__ = ["Project"]


class Project:
    """What holds for all of a project: who is shut out of it, and what is removed from it."""

    @operation
    def add_project_black(
        self, uid: int, btime: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Put a user on the blacklist of the project.

        Args:
            uid: the user.
            btime: for how long, seconds from now.

        Wire: addprojectblack.
        """
        params = {**arguments.user(uid), "btime": arguments.int32("btime", btime)}
        yield Quest("addprojectblack", params, repeatable=True)

    @operation
    def remove_project_black(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Take a user off the blacklist of the project.

        Args:
            uid: the user.

        Wire: removeprojectblack.
        """
        yield Quest("removeprojectblack", arguments.user(uid), repeatable=True)

    @operation
    def is_project_black(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[bool]:
        """Ask whether a user is on the blacklist of the project.

        Args:
            uid: the user.

        Returns:
            True if so.

        Wire: isprojectblack.
        """
        answer = yield Quest("isprojectblack", arguments.user(uid), repeatable=True)
        return answers.flag(answer, "ok")

    @operation
    def add_project_ban(
        self, uid: int, btime: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Mute a user in the whole project. This is not its blacklist.

        Args:
            uid: the user.
            btime: for how long, seconds from now.

        Wire: addprojectban.
        """
        yield Quest("addprojectban", {**arguments.user(uid), "btime": arguments.int32("btime", btime)}, repeatable=True)

    @operation
    def remove_project_ban(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Let a muted user speak again in the project.

        Args:
            uid: the user.

        Wire: removeprojectban.
        """
        yield Quest("removeprojectban", arguments.user(uid), repeatable=True)

    @operation
    def is_project_ban(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[bool]:
        """Ask whether a user is muted in the whole project.

        Args:
            uid: the user.

        Returns:
            True if so.

        Wire: isprojectban.
        """
        answer = yield Quest("isprojectban", arguments.user(uid), repeatable=True)
        return answers.flag(answer, "ok")

    @operation
    def clear_project_message(
        self, clear_type: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Remove every stored message of a kind, or of all kinds, from the project.

        Args:
            clear_type: `ClearType`: 0 p2p, 1 room, 2 group, 3 broadcast, 4 all. These are not the numbers of
                `MessageType`.

        Wire: clearprojectmsg.
        """
        yield Quest("clearprojectmsg", {"type": arguments.int8("clear_type", clear_type)}, repeatable=True)

    @operation
    def clear_project_group(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Dissolve every group of the project. Their messages stay.

        Wire: clearprojectgroup.
        """
        yield Quest("clearprojectgroup", {}, repeatable=True)
