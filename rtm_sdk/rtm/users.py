"""Operations on users: who is on line, info, sessions, clearing.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest
from .results import Info

__all__ = ["Users"]


class Users:
    """What the project knows of its users."""

    @operation
    def kickout(
        self, uid: int, callback: CallbackArgument = None, timeout: float = 0, *, ce: str | None = None
    ) -> Operation[None]:
        """Force a user offline. A call whose fate is unknown is not repeated: the user may have come back meanwhile.

        Args:
            uid: the user.
            ce: the endpoint of one of the user's logins, as a login event tells it; None for all. Older services know
                it, newer ones ignore it.

        Wire: kickout.
        """
        yield Quest("kickout", {**arguments.user(uid), **arguments.optional("ce", ce, arguments.text)})

    @operation
    def get_online_users(
        self, uids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[list[int]]:
        """Ask which of several users are on line.

        Args:
            uids: the users, at most 200 in one call.

        Returns:
            The uids of those who are.

        Errors:
            200032 for too many uids.

        Wire: getonlineusers.
        """
        answer = yield Quest("getonlineusers", {"uids": arguments.ids("uids", uids)}, repeatable=True)
        return answers.ids(answer, "uids")

    @operation
    def set_user_info(
        self,
        uid: int,
        oinfo: str | None = None,
        pinfo: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Set the public or the private text of a user, or both.

        Args:
            uid: the user.
            oinfo: the public text, at most 65535 bytes; None leaves it as it is, an empty text clears it.
            pinfo: the private text, likewise.

        Wire: setuserinfo.
        """
        yield Quest("setuserinfo", {**arguments.user(uid), **arguments.info(oinfo, pinfo)}, repeatable=True)

    @operation
    def get_user_info(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[Info]:
        """Get the public and the private text of a user.

        Args:
            uid: the user.

        Returns:
            Info(oinfo, pinfo); what was never set is empty.

        Wire: getuserinfo.
        """
        answer = yield Quest("getuserinfo", arguments.user(uid), repeatable=True)
        return Info(answers.text(answer, "oinfo"), answers.text(answer, "pinfo"))

    @operation
    def get_user_open_info(
        self, uids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[dict[int, str]]:
        """Get the public texts of several users.

        Args:
            uids: the users, at most 100 in one call.

        Returns:
            A dict from uid to public text.

        Errors:
            200032 for too many uids.

        Wire: getuseropeninfo.
        """
        answer = yield Quest("getuseropeninfo", {"uids": arguments.ids("uids", uids)}, repeatable=True)
        return answers.id_map(answer, "info", answers.text)

    @operation
    def clear_user_message(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Remove every stored message that a user sent.

        Args:
            uid: the user whose messages go.

        Wire: clearusermsg.
        """
        yield Quest("clearusermsg", arguments.user(uid), repeatable=True)

    @operation
    def add_sessions(
        self, uid: int, uids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Put conversations with other users into the list of a user's p2p sessions.

        Args:
            uid: the user whose list it is.
            uids: the other users.

        Errors:
            200032 for too many uids.

        Wire: addsessions.
        """
        yield Quest("addsessions", {**arguments.user(uid), "uids": arguments.ids("uids", uids)}, repeatable=True)

    @operation
    def remove_sessions(
        self, uid: int, uids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take conversations with other users out of the list of a user's p2p sessions.

        Args:
            uid: the user whose list it is.
            uids: the other users.

        Errors:
            200032 for too many uids.

        Wire: removesessions.
        """
        yield Quest("removesessions", {**arguments.user(uid), "uids": arguments.ids("uids", uids)}, repeatable=True)
