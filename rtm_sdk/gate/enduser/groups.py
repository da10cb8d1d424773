"""What the gate answers to end users about groups. Members may change who is in them."""

from __future__ import annotations

from ..rtm import groups
from ..rtm.methods import Answer, Call
from ..rtm.params import boolean, positive
from .methods import user_method

__all__: list[str] = []

_MEMBERS = "SELECT uid FROM group_members WHERE pid = ? AND gid = ? ORDER BY uid"

user_method("getusergroups")(groups.get_user_groups)


@user_method("addgroupmembers")
def add_group_members(call: Call) -> Answer:
    """Only for members (200041): nobody can make a group."""
    _require_member(call)
    return groups.add_group_members(call)


@user_method("delgroupmembers")
def delete_group_members(call: Call) -> Answer:
    """Only for members (200041), who may also remove themselves."""
    _require_member(call)
    return groups.delete_group_members(call)


@user_method("getgroupmembers")
def get_group_members(call: Call) -> Answer:
    """Only for members (200041). With ``online`` also who of them is logged in."""
    gid = _require_member(call)
    members, online = _members(call, gid), boolean(call.params, "online", False)
    return {"uids": members, **({"onlines": _online(call, members)} if online else {})}


@user_method("getgroupcount")
def get_group_count(call: Call) -> Answer:
    """For everybody. With ``online`` also how many are logged in."""
    members, online = _members(call, positive(call.params, "gid")), boolean(call.params, "online", False)
    return {"cn": len(members), **({"online": len(_online(call, members))} if online else {})}


def _require_member(call: Call) -> int:
    gid = positive(call.params, "gid")
    groups.require_member(call, gid, call.user)
    return gid


def _members(call: Call, gid: int) -> list[int]:
    return [member for (member,) in call.store.execute(_MEMBERS, (call.pid, gid))]


def _online(call: Call, members: list[int]) -> list[int]:
    online = call.online.users(call.pid)
    return [member for member in members if member in online]
