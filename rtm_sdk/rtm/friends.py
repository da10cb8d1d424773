"""Operations on the friends of users.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest

__all__ = ["Friends"]


class Friends:
    """Each user has a list of friends."""

    @operation
    def add_friends(
        self, uid: int, friends: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Add to the friends of a user.

        Args:
            uid: the user whose list it is.
            friends: the new friends, at most 100 in one call.

        Errors:
            200032 for too many uids, 200048 when the user has too many friends.

        Wire: addfriends.
        """
        params = {**arguments.user(uid), "friends": arguments.ids("friends", friends)}
        yield Quest("addfriends", params, repeatable=True)

    @operation
    def delete_friends(
        self, uid: int, friends: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take away from the friends of a user.

        Args:
            uid: the user whose list it is.
            friends: who is a friend no more, at most 100 in one call.

        Errors:
            200032 for too many uids.

        Wire: delfriends.
        """
        params = {**arguments.user(uid), "friends": arguments.ids("friends", friends)}
        yield Quest("delfriends", params, repeatable=True)

    @operation
    def get_friends(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[list[int]]:
        """Get the friends of a user.

        Args:
            uid: the user.

        Returns:
            Their uids.

        Wire: getfriends.
        """
        answer = yield Quest("getfriends", arguments.user(uid), repeatable=True)
        return answers.ids(answer, "uids")

    @operation
    def is_friend(self, uid: int, fuid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[bool]:
        """Ask whether somebody is a friend of a user.

        Args:
            uid: the user whose list it is.
            fuid: the other user.

        Returns:
            True if so.

        Wire: isfriend.
        """
        params = {**arguments.user(uid), "fuid": arguments.int64("fuid", fuid)}
        answer = yield Quest("isfriend", params, repeatable=True)
        return answers.flag(answer, "ok")

    @operation
    def is_friends(
        self, uid: int, fuids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[list[int]]:
        """Ask which of several people are friends of a user.

        Args:
            uid: the user whose list it is.
            fuids: the other users, at most 100 in one call.

        Returns:
            The uids of those who are.

        Errors:
            200032 for too many uids.

        Wire: isfriends.
        """
        params = {**arguments.user(uid), "fuids": arguments.ids("fuids", fuids)}
        answer = yield Quest("isfriends", params, repeatable=True)
        return answers.ids(answer, "fuids")
