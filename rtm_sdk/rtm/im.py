"""Operations of the companion product IM: profiles, who may come in, groups with an owner.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest
from .results import InviteGrant

__all__ = ["IM"]


class IM:
    """What a project with the companion product IM can do besides.

    All values of profiles and permissions are texts, numbers as well.
    """

    @operation
    def imserver_set_user_infos(
        self, uid: int, infos: Mapping[str, str], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Set the profile of a user.

        Args:
            uid: the user.
            infos: texts by name: `nick`, `portraitUrl`, `profile`, `level`, `customData`.

        Wire: imserver_setuserinfos.
        """
        params = {**arguments.user(uid), "infos": arguments.text_map("infos", infos)}
        yield Quest("imserver_setuserinfos", params, repeatable=True)

    @operation
    def imserver_get_user_infos(
        self, uids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[dict[int, dict[str, str]]]:
        """Get the profiles of several users.

        Args:
            uids: the users.

        Returns:
            A dict from uid to profile, with the names of `imserver_set_user_infos`.

        Errors:
            200032 for too many uids.

        Wire: imserver_getuserinfos.
        """
        answer = yield Quest("imserver_getuserinfos", {"uids": arguments.ids("uids", uids)}, repeatable=True)
        return answers.id_map(answer, "infos", answers.text_map)

    @operation
    def imserver_set_group_infos(
        self, gid: int, infos: Mapping[str, str], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Set the profile of a group.

        Args:
            gid: the group.
            infos: texts by name: `name`, `portraitUrl`, `profile`, `customData`.

        Wire: imserver_setgroupinfos.
        """
        params = {**_group(gid), "infos": arguments.text_map("infos", infos)}
        yield Quest("imserver_setgroupinfos", params, repeatable=True)

    @operation
    def imserver_get_group_infos(
        self, gids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[dict[int, dict[str, str]]]:
        """Get the profiles of several groups.

        Args:
            gids: the groups.

        Returns:
            A dict from gid to profile, with the names of `imserver_set_group_infos`.

        Errors:
            200032 for too many gids.

        Wire: imserver_getgroupinfos.
        """
        answer = yield Quest("imserver_getgroupinfos", {"gids": arguments.ids("gids", gids)}, repeatable=True)
        return answers.id_map(answer, "infos", answers.text_map)

    @operation
    def imserver_set_apply_grant(
        self,
        target_type: int,
        xid: int,
        grant_type: int,
        extra: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Set who may become a friend of a user, or come into a group or a room.

        Args:
            target_type: 0 user, 1 group, 2 room.
            xid: the uid, the gid or the rid.
            grant_type: 0 anyone, 1 after verification, 2 nobody, 3 who knows the password.
            extra: the password, with `grant_type` 3.

        Wire: imserver_setapplygrant.
        """
        params = {
            **_target(target_type, xid),
            "grant_type": arguments.int32("grant_type", grant_type),
            **arguments.optional("extra", extra, arguments.text),
        }
        yield Quest("imserver_setapplygrant", params, repeatable=True)

    @operation
    def imserver_get_apply_grant(
        self, target_type: int, xid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[int]:
        """Get who may become a friend of a user, or come into a group or a room.

        Args:
            target_type: 0 user, 1 group, 2 room.
            xid: the uid, the gid or the rid.

        Returns:
            The grant type: 0 anyone, 1 after verification, 2 nobody, 3 who knows the password.

        Wire: imserver_getapplygrant.
        """
        answer = yield Quest("imserver_getapplygrant", _target(target_type, xid), repeatable=True)
        return answers.int32(answer, "grant_type")

    @operation
    def imserver_set_invite_grant(
        self,
        target_type: int,
        xid: int,
        invite_type: int,
        invite_manage_type: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Set whether the members of a group or a room may invite others.

        Args:
            target_type: 1 group, 2 room.
            xid: the gid or the rid.
            invite_type: 0 members may not invite, 1 they may.
            invite_manage_type: who accepts an invitation joins 0 when an administrator approves, 1 at once.

        Wire: imserver_setinvitegrant.
        """
        params = {
            **_target(target_type, xid),
            "invite_type": arguments.int32("invite_type", invite_type),
            "invite_manage_type": arguments.int32("invite_manage_type", invite_manage_type),
        }
        yield Quest("imserver_setinvitegrant", params, repeatable=True)

    @operation
    def imserver_get_invite_grant(
        self, target_type: int, xid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[InviteGrant]:
        """Get whether the members of a group or a room may invite others.

        Args:
            target_type: 1 group, 2 room.
            xid: the gid or the rid.

        Returns:
            InviteGrant(invite_type, invite_manage_type).

        Wire: imserver_getinvitegrant.
        """
        answer = yield Quest("imserver_getinvitegrant", _target(target_type, xid), repeatable=True)
        return InviteGrant(answers.int32(answer, "invite_type"), answers.int32(answer, "invite_manage_type"))

    @operation
    def imserver_create_group(
        self,
        gid: int,
        owner_uid: int,
        infos: Mapping[str, str],
        permissions: Mapping[str, str],
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Make a group. A call whose fate is unknown is not repeated.

        Args:
            gid: the group.
            owner_uid: the user to whom it belongs.
            infos: its profile, texts by name: `name`, `portraitUrl`, `profile`, `customData`.
            permissions: who may come in, texts by name: `type`, a grant type from `"0"` to `"3"` as in
                `imserver_set_apply_grant`, and `extra`, the password for type `"3"`.

        Wire: imserver_creategroup.
        """
        params = {
            **_group(gid),
            "owner_uid": arguments.int64("owner_uid", owner_uid),
            "infos": arguments.text_map("infos", infos),
            "permissions": arguments.text_map("permissions", permissions),
        }
        yield Quest("imserver_creategroup", params)

    @operation
    def imserver_dismiss_group(
        self, gid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Dissolve a group. A call whose fate is unknown is not repeated.

        Args:
            gid: the group.

        Wire: imserver_dismissgroup.
        """
        yield Quest("imserver_dismissgroup", _group(gid))

    @operation
    def imserver_add_group_members(
        self, gid: int, uids: Iterable[int], callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Add members to a group.

        Args:
            gid: the group.
            uids: the new members.

        Errors:
            200032 for too many uids, 200042 when the group is full.

        Wire: imserver_addgroupmembers.
        """
        params = {**_group(gid), "uids": arguments.ids("uids", uids)}
        yield Quest("imserver_addgroupmembers", params, repeatable=True)


def _group(gid: int) -> dict[str, Any]:
    return {"gid": arguments.int64("gid", gid)}


def _target(target_type: int, xid: int) -> dict[str, Any]:
    return {"type": arguments.int32("target_type", target_type), "xid": arguments.int64("xid", xid)}
