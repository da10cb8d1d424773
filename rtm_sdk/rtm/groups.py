"""Operations on groups: members, bans, info.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest
from .results import Info

__all__ = ["Groups"]


class Groups:
    """Lasting circles of users. A group comes into being with its first members."""

    @operation
    def add_group_members(
        self, gid: int, uids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Add members to a group; the first ones make it.

        Args:
            gid: the group.
            uids: the new members, at most 100 in one call.

        Errors:
            200032 for too many uids, 200042 when the group is full.

        Wire: addgroupmembers.
        """
        yield Quest("addgroupmembers", {**_group(gid), "uids": arguments.ids("uids", uids)}, repeatable=True)

    @operation
    def delete_group_members(
        self, gid: int, uids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take members out of a group.

        Args:
            gid: the group.
            uids: who leaves, at most 100 in one call.

        Errors:
            200032 for too many uids.

        Wire: delgroupmembers.
        """
        yield Quest("delgroupmembers", {**_group(gid), "uids": arguments.ids("uids", uids)}, repeatable=True)

    @operation
    def delete_group(self, gid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Dissolve a group.

        Args:
            gid: the group.

        Wire: delgroup.
        """
        yield Quest("delgroup", _group(gid), repeatable=True)

    @operation
    def get_group_members(
        self, gid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[list[int]]:
        """Get the members of a group.

        Args:
            gid: the group.

        Returns:
            Their uids.

        Wire: getgroupmembers.
        """
        answer = yield Quest("getgroupmembers", _group(gid), repeatable=True)
        return answers.ids(answer, "uids")

    @operation
    def get_group_count(self, gid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[int]:
        """Get the number of members of a group.

        Args:
            gid: the group.

        Returns:
            The number.

        Wire: getgroupcount.
        """
        answer = yield Quest("getgroupcount", _group(gid), repeatable=True)
        return answers.int32(answer, "cn")

    @operation
    def is_group_member(
        self, gid: int, uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[bool]:
        """Ask whether a user is a member of a group.

        Args:
            gid: the group.
            uid: the user.

        Returns:
            True if so.

        Wire: isgroupmember.
        """
        answer = yield Quest("isgroupmember", {**_group(gid), **arguments.user(uid)}, repeatable=True)
        return answers.flag(answer, "ok")

    @operation
    def get_user_groups(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[list[int]]:
        """Get the groups a user is a member of.

        Args:
            uid: the user.

        Returns:
            Their gids.

        Wire: getusergroups.
        """
        answer = yield Quest("getusergroups", arguments.user(uid), repeatable=True)
        return answers.ids(answer, "gids")

    @operation
    def add_group_ban(
        self, gid: int | None, uid: int, btime: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Mute a user in a group, or in all groups. Messages of the user then fail with 200044.

        Args:
            gid: the group; None for all groups.
            uid: the user.
            btime: for how long, seconds from now.

        Wire: addgroupban.
        """
        params = {**_group_or_all(gid), **arguments.user(uid), "btime": arguments.int32("btime", btime)}
        yield Quest("addgroupban", params, repeatable=True)

    @operation
    def remove_group_ban(
        self, gid: int | None, uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Let a muted user speak again in a group, or in all groups.

        Args:
            gid: the group; None for all groups.
            uid: the user.

        Wire: removegroupban.
        """
        params = {**_group_or_all(gid), **arguments.user(uid)}
        yield Quest("removegroupban", params, repeatable=True)

    @operation
    def is_ban_of_group(
        self, gid: int, uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[bool]:
        """Ask whether a user is muted in a group.

        Args:
            gid: the group.
            uid: the user.

        Returns:
            True if so.

        Wire: isbanofgroup.
        """
        answer = yield Quest("isbanofgroup", {**_group(gid), **arguments.user(uid)}, repeatable=True)
        return answers.flag(answer, "ok")

    @operation
    def set_group_info(
        self,
        gid: int,
        oinfo: str | None = None,
        pinfo: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Set the public or the private text of a group, or both.

        Args:
            gid: the group.
            oinfo: the public text, at most 65535 bytes; None leaves it as it is, an empty text clears it.
            pinfo: the private text, likewise.

        Wire: setgroupinfo.
        """
        yield Quest("setgroupinfo", {**_group(gid), **arguments.info(oinfo, pinfo)}, repeatable=True)

    @operation
    def get_group_info(self, gid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[Info]:
        """Get the public and the private text of a group.

        Args:
            gid: the group.

        Returns:
            Info(oinfo, pinfo); what was never set is empty.

        Wire: getgroupinfo.
        """
        answer = yield Quest("getgroupinfo", _group(gid), repeatable=True)
        return Info(answers.text(answer, "oinfo"), answers.text(answer, "pinfo"))


def _group(gid: int) -> dict[str, Any]:
    return {"gid": arguments.int64("gid", gid)}


def _group_or_all(gid: int | None) -> dict[str, Any]:
    return {} if gid is None else _group(gid)
