"""Operations on rooms: members, bans, info.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest
from .results import Info

__all__ = ["Rooms"]


class Rooms:
    """Places that users enter and leave."""

    @operation
    def add_room_member(
        self, rid: int, uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Put a user into a room.

        Args:
            rid: the room.
            uid: the user.

        Errors:
            200047 when the user is in too many rooms.

        Wire: addroommember.
        """
        yield Quest("addroommember", {**_room(rid), **arguments.user(uid)}, repeatable=True)

    @operation
    def delete_room_member(
        self, rid: int, uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take a user out of a room.

        Args:
            rid: the room.
            uid: the user.

        Wire: delroommember.
        """
        yield Quest("delroommember", {**_room(rid), **arguments.user(uid)}, repeatable=True)

    @operation
    def add_room_members(
        self, rid: int, uids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[list[int]]:
        """Put several users into a room.

        Args:
            rid: the room.
            uids: the users.

        Returns:
            The uids of those for whom it worked.

        Errors:
            200032 for too many uids.

        Wire: addroommembers.
        """
        params = {**_room(rid), "uids": arguments.ids("uids", uids)}
        answer = yield Quest("addroommembers", params, repeatable=True)
        return answers.ids(answer, "successedUids")

    @operation
    def delete_room_members(
        self, rid: int, uids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[list[int]]:
        """Take several users out of a room.

        Args:
            rid: the room.
            uids: the users.

        Returns:
            The uids of those for whom it worked.

        Errors:
            200032 for too many uids.

        Wire: delroommembers.
        """
        params = {**_room(rid), "uids": arguments.ids("uids", uids)}
        answer = yield Quest("delroommembers", params, repeatable=True)
        return answers.ids(answer, "successedUids")

    @operation
    def add_user_rooms(
        self, rids: Iterable[int], uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Put one user into several rooms.

        Args:
            rids: the rooms.
            uid: the user.

        Errors:
            200032 for too many rids, 200047 when the user is in too many rooms.

        Wire: adduserrooms.
        """
        params = {"rids": arguments.ids("rids", rids), **arguments.user(uid)}
        yield Quest("adduserrooms", params, repeatable=True)

    @operation
    def delete_user_rooms(
        self, rids: Iterable[int], uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take one user out of several rooms.

        Args:
            rids: the rooms.
            uid: the user.

        Errors:
            200032 for too many rids.

        Wire: deleteuserrooms.
        """
        params = {"rids": arguments.ids("rids", rids), **arguments.user(uid)}
        yield Quest("deleteuserrooms", params, repeatable=True)

    @operation
    def get_room_members(self, rid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[list[int]]:
        """Get the users who are in a room.

        Args:
            rid: the room.

        Returns:
            Their uids.

        Wire: getroommembers.
        """
        answer = yield Quest("getroommembers", _room(rid), repeatable=True)
        return answers.ids(answer, "uids")

    @operation
    def get_room_count(
        self, rids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[dict[int, int]]:
        """Get the number of users in each of several rooms.

        Args:
            rids: the rooms.

        Returns:
            A dict from rid to number.

        Errors:
            200032 for too many rids.

        Wire: getroomcount.
        """
        answer = yield Quest("getroomcount", {"rids": arguments.ids("rids", rids)}, repeatable=True)
        return answers.id_map(answer, "cn", answers.int32)

    @operation
    def add_room_ban(
        self, rid: int | None, uid: int, btime: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Mute a user in a room, or in all rooms. Messages of the user then fail with 200045.

        Args:
            rid: the room; None for all rooms.
            uid: the user.
            btime: for how long, seconds from now.

        Wire: addroomban.
        """
        params = {**_room_or_all(rid), **arguments.user(uid), "btime": arguments.int32("btime", btime)}
        yield Quest("addroomban", params, repeatable=True)

    @operation
    def remove_room_ban(
        self, rid: int | None, uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Let a muted user speak again in a room, or in all rooms.

        Args:
            rid: the room; None for all rooms.
            uid: the user.

        Wire: removeroomban.
        """
        params = {**_room_or_all(rid), **arguments.user(uid)}
        yield Quest("removeroomban", params, repeatable=True)

    @operation
    def is_ban_of_room(
        self, rid: int, uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[bool]:
        """Ask whether a user is muted in a room.

        Args:
            rid: the room.
            uid: the user.

        Returns:
            True if so.

        Wire: isbanofroom.
        """
        answer = yield Quest("isbanofroom", {**_room(rid), **arguments.user(uid)}, repeatable=True)
        return answers.flag(answer, "ok")

    @operation
    def set_room_info(
        self,
        rid: int,
        oinfo: str | None = None,
        pinfo: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Set the public or the private text of a room, or both.

        Args:
            rid: the room.
            oinfo: the public text, at most 65535 bytes; None leaves it as it is, an empty text clears it.
            pinfo: the private text, likewise.

        Wire: setroominfo.
        """
        yield Quest("setroominfo", {**_room(rid), **arguments.info(oinfo, pinfo)}, repeatable=True)

    @operation
    def get_room_info(self, rid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[Info]:
        """Get the public and the private text of a room.

        Args:
            rid: the room.

        Returns:
            Info(oinfo, pinfo); what was never set is empty.

        Wire: getroominfo.
        """
        answer = yield Quest("getroominfo", _room(rid), repeatable=True)
        return Info(answers.text(answer, "oinfo"), answers.text(answer, "pinfo"))


def _room(rid: int) -> dict[str, Any]:
    return {"rid": arguments.int64("rid", rid)}


def _room_or_all(rid: int | None) -> dict[str, Any]:
    return {} if rid is None else _room(rid)
