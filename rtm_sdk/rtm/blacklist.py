"""Operations on the blacklists of users.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest

__all__ = ["Blacklist"]


class Blacklist:
    """Each user has a list of users who are blocked.

    Who is blocked cannot send messages to the user; the user can still send to them, and both keep sessions and
    history.
    """

    @operation
    def add_blacks(
        self, uid: int, blacks: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Block users for a user. What they send to that user then fails with 200049.

        Args:
            uid: the user who blocks.
            blacks: who is blocked, at most 100 in one call.

        Errors:
            200032 for too many uids.

        Wire: addblacks.
        """
        yield Quest("addblacks", {**arguments.user(uid), "blacks": arguments.ids("blacks", blacks)}, repeatable=True)

    @operation
    def delete_blacks(
        self, uid: int, blacks: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Unblock users for a user.

        Args:
            uid: the user who had blocked them.
            blacks: who is unblocked, at most 100 in one call.

        Errors:
            200032 for too many uids.

        Wire: delblacks.
        """
        yield Quest("delblacks", {**arguments.user(uid), "blacks": arguments.ids("blacks", blacks)}, repeatable=True)

    @operation
    def get_blacks(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[list[int]]:
        """Get the users whom a user has blocked.

        Args:
            uid: the user.

        Returns:
            Their uids.

        Wire: getblacks.
        """
        answer = yield Quest("getblacks", arguments.user(uid), repeatable=True)
        return answers.ids(answer, "uids")

    @operation
    def is_black(self, uid: int, buid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[bool]:
        """Ask whether a user is blocked by another, and so cannot send messages to them.

        Args:
            uid: the user who may be blocked.
            buid: the user whose blacklist is looked at.

        Returns:
            True when `buid` has blocked `uid`.

        Wire: isblack.
        """
        answer = yield Quest("isblack", {**arguments.user(uid), "buid": arguments.int64("buid", buid)}, repeatable=True)
        return answers.flag(answer, "ok")

    @operation
    def is_blacks(
        self, uid: int, buids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[list[int]]:
        """Ask which of several users have blocked a user.

        Args:
            uid: the user who may be blocked.
            buids: the users whose blacklists are looked at, at most 100 in one call.

        Returns:
            The uids of those who have blocked `uid`.

        Errors:
            200032 for too many uids.

        Wire: isblacks.
        """
        params = {**arguments.user(uid), "buids": arguments.ids("buids", buids)}
        answer = yield Quest("isblacks", params, repeatable=True)
        return answers.ids(answer, "buids")
