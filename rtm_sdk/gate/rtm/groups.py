"""What the gate answers about groups.

A group exists as long as it has members; its bans, info and messages are kept apart from that.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..store import MAX_INT64, MessageKind
from .bans import add_ban, is_banned, remove_ban
from .infos import get_info, set_info
from .methods import Answer, Call, method
from .params import positive, uid, uids

__all__ = ["MAX_MEMBERS_PER_CALL", "add_members", "admit_to_group", "dissolve", "is_member", "require_member"]

MAX_MEMBERS_PER_CALL = 100

_GROUP = MessageKind.GROUP

_ADD = "INSERT OR IGNORE INTO group_members (pid, gid, uid) VALUES (?, ?, ?)"
_REMOVE = "DELETE FROM group_members WHERE pid = ? AND gid = ? AND uid = ?"
_DISSOLVE = (
    "DELETE FROM group_members WHERE pid = ? AND gid BETWEEN ? AND ?",
    "DELETE FROM infos WHERE pid = ? AND kind = 2 AND xid BETWEEN ? AND ?",
    "DELETE FROM bans WHERE pid = ? AND kind = 2 AND xid BETWEEN ? AND ?",
    "DELETE FROM im_groups WHERE pid = ? AND gid BETWEEN ? AND ?",
    "DELETE FROM im_infos WHERE pid = ? AND kind = 2 AND xid BETWEEN ? AND ?",
    "DELETE FROM im_apply_grants WHERE pid = ? AND kind = 2 AND xid BETWEEN ? AND ?",
    "DELETE FROM im_invite_grants WHERE pid = ? AND kind = 2 AND xid BETWEEN ? AND ?",
)
_MEMBERS = "SELECT uid FROM group_members WHERE pid = ? AND gid = ? ORDER BY uid"
_COUNT = "SELECT count(*) FROM group_members WHERE pid = ? AND gid = ?"
_IS_MEMBER = "SELECT 1 FROM group_members WHERE pid = ? AND gid = ? AND uid = ?"
_GROUPS = "SELECT gid FROM group_members WHERE pid = ? AND uid = ? ORDER BY gid"


@method("addgroupmembers")
def add_group_members(call: Call) -> Answer:
    """Who is a member already stays one."""
    add_members(call, positive(call.params, "gid"), uids(call.params, "uids", MAX_MEMBERS_PER_CALL))
    return {}


@method("delgroupmembers")
def delete_group_members(call: Call) -> Answer:
    """Who is no member is passed over."""
    gid, members = positive(call.params, "gid"), uids(call.params, "uids", MAX_MEMBERS_PER_CALL)
    for member in members:
        call.store.execute(_REMOVE, (call.pid, gid, member))
    return {}


@method("delgroup")
def delete_group(call: Call) -> Answer:
    """Members, info and bans of the group go; its messages stay."""
    dissolve(call, positive(call.params, "gid"))
    return {}


@method("getgroupmembers")
def get_group_members(call: Call) -> Answer:
    """In ascending order; empty for a group that does not exist."""
    rows = call.store.execute(_MEMBERS, (call.pid, positive(call.params, "gid")))
    return {"uids": [member for (member,) in rows]}


@method("getgroupcount")
def get_group_count(call: Call) -> Answer:
    """0 for a group that does not exist."""
    (number,) = call.store.execute(_COUNT, (call.pid, positive(call.params, "gid"))).fetchone()
    return {"cn": number}


@method("isgroupmember")
def is_group_member(call: Call) -> Answer:
    """Of one user."""
    return {"ok": is_member(call, positive(call.params, "gid"), uid(call.params, "uid"))}


@method("getusergroups")
def get_user_groups(call: Call) -> Answer:
    """In ascending order."""
    rows = call.store.execute(_GROUPS, (call.pid, uid(call.params, "uid")))
    return {"gids": [gid for (gid,) in rows]}


@method("addgroupban")
def add_group_ban(call: Call) -> Answer:
    """Without gid: in every group."""
    add_ban(call, _GROUP, "gid")
    return {}


@method("removegroupban")
def remove_group_ban(call: Call) -> Answer:
    """Without gid: every ban of the user in groups."""
    remove_ban(call, _GROUP, "gid")
    return {}


@method("isbanofgroup")
def is_ban_of_group(call: Call) -> Answer:
    """True also when the user is banned in every group."""
    return {"ok": is_banned(call, _GROUP, positive(call.params, "gid"), uid(call.params, "uid"))}


@method("setgroupinfo")
def set_group_info(call: Call) -> Answer:
    """The group need not have members."""
    set_info(call, _GROUP, "gid")
    return {}


@method("getgroupinfo")
def get_group_info(call: Call) -> Answer:
    """Both texts."""
    return get_info(call, _GROUP, "gid")


def add_members(call: Call, gid: int, members: Iterable[int]) -> None:
    """Add users to a group."""
    for member in members:
        call.store.execute(_ADD, (call.pid, gid, member))


def dissolve(call: Call, gid: int | None = None) -> None:
    """Remove members, infos, grants and bans of a group, or, without one, of all groups; messages stay.

    Bans of a user in every group are none of a group, and stay.
    """
    first, last = (1, MAX_INT64) if gid is None else (gid, gid)
    for sql in _DISSOLVE:
        call.store.execute(sql, (call.pid, first, last))


def is_member(call: Call, gid: int, user: int) -> bool:
    """Whether a user is in a group."""
    return call.store.execute(_IS_MEMBER, (call.pid, gid, user)).fetchone() is not None


def admit_to_group(call: Call, sender: int, gid: int) -> None:
    """Refuse a sender who is banned (200044) or, where membership is enforced, no member (200041).

    End users must always be members.
    """
    if is_banned(call, _GROUP, gid, sender):
        raise Refusal(RTM_ERROR.RTM_EC_BANNED_IN_GROUP, f"user {sender} is banned in group {gid}")
    if call.user or call.settings.enforce_membership:
        require_member(call, gid, sender)


def require_member(call: Call, gid: int, user: int) -> None:
    """Refuse a user who is not in a group (200041)."""
    if not is_member(call, gid, user):
        raise Refusal(RTM_ERROR.RTM_EC_NOT_GROUP_MEMBER, f"user {user} is no member of group {gid}")
