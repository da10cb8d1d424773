"""What the gate answers about rooms.

Membership lasts as long as the gate runs; bans, info and messages stay in the store.
"""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..store import MessageKind
from .bans import add_ban, is_banned, remove_ban
from .infos import get_info, set_info
from .methods import Answer, Call, method
from .params import ids, positive, uid, uids

__all__ = ["admit_to_room", "enter", "leave", "require_presence"]

_ROOM = MessageKind.ROOM

_ADD = "INSERT OR IGNORE INTO room_members (pid, rid, uid) VALUES (?, ?, ?)"
_REMOVE = "DELETE FROM room_members WHERE pid = ? AND rid = ? AND uid = ?"
_MEMBERS = "SELECT uid FROM room_members WHERE pid = ? AND rid = ? ORDER BY uid"
_COUNT = "SELECT count(*) FROM room_members WHERE pid = ? AND rid = ?"
_IS_MEMBER = "SELECT 1 FROM room_members WHERE pid = ? AND rid = ? AND uid = ?"


@method("addroommember")
def add_room_member(call: Call) -> Answer:
    """Who is in the room already stays."""
    enter(call, positive(call.params, "rid"), uid(call.params, "uid"))
    return {}


@method("delroommember")
def delete_room_member(call: Call) -> Answer:
    """Who is not in the room is passed over."""
    _put_out(call, positive(call.params, "rid"), uid(call.params, "uid"))
    return {}


@method("addroommembers")
def add_room_members(call: Call) -> Answer:
    """Succeeds for all who are in the room then, so also for those who were in it before."""
    rid, members = positive(call.params, "rid"), uids(call.params, "uids")
    for member in members:
        enter(call, rid, member)
    return {"successedUids": members}


@method("delroommembers")
def delete_room_members(call: Call) -> Answer:
    """Succeeds for those who were in the room."""
    rid, members = positive(call.params, "rid"), uids(call.params, "uids")
    return {"successedUids": [member for member in members if _put_out(call, rid, member)]}


@method("adduserrooms")
def add_user_rooms(call: Call) -> Answer:
    """One user into several rooms."""
    rooms, user = ids(call.params, "rids"), uid(call.params, "uid")
    for rid in rooms:
        enter(call, rid, user)
    return {}


@method("deleteuserrooms")
def delete_user_rooms(call: Call) -> Answer:
    """One user out of several rooms."""
    rooms, user = ids(call.params, "rids"), uid(call.params, "uid")
    for rid in rooms:
        _put_out(call, rid, user)
    return {}


@method("getroommembers")
def get_room_members(call: Call) -> Answer:
    """In ascending order; empty for a room nobody is in."""
    rows = call.store.execute(_MEMBERS, (call.pid, positive(call.params, "rid")))
    return {"uids": [member for (member,) in rows]}


@method("getroomcount")
def get_room_count(call: Call) -> Answer:
    """Every room that was asked for, 0 where nobody is. The C++ SDK asks with a single ``rid``."""
    rooms = (
        [positive(call.params, "rid")]
        if "rids" not in call.params and "rid" in call.params
        else ids(call.params, "rids")
    )
    return {"cn": {str(rid): call.store.execute(_COUNT, (call.pid, rid)).fetchone()[0] for rid in rooms}}


@method("addroomban")
def add_room_ban(call: Call) -> Answer:
    """Without rid: in every room."""
    add_ban(call, _ROOM, "rid")
    return {}


@method("removeroomban")
def remove_room_ban(call: Call) -> Answer:
    """Without rid: every ban of the user in rooms."""
    remove_ban(call, _ROOM, "rid")
    return {}


@method("isbanofroom")
def is_ban_of_room(call: Call) -> Answer:
    """True also when the user is banned in every room."""
    return {"ok": is_banned(call, _ROOM, positive(call.params, "rid"), uid(call.params, "uid"))}


@method("setroominfo")
def set_room_info(call: Call) -> Answer:
    """The room need not have members."""
    set_info(call, _ROOM, "rid")
    return {}


@method("getroominfo")
def get_room_info(call: Call) -> Answer:
    """Both texts."""
    return get_info(call, _ROOM, "rid")


def admit_to_room(call: Call, sender: int, rid: int) -> None:
    """Refuse a sender who is banned (200045) or, where membership is enforced, not in the room (200040).

    End users must always be in the room.
    """
    if is_banned(call, _ROOM, rid, sender):
        raise Refusal(RTM_ERROR.RTM_EC_BANNED_IN_ROOM, f"user {sender} is banned in room {rid}")
    if call.user or call.settings.enforce_membership:
        require_presence(call, rid, sender)


def require_presence(call: Call, rid: int, user: int) -> None:
    """Refuse a user who is not in a room (200040)."""
    if call.store.execute(_IS_MEMBER, (call.pid, rid, user)).fetchone() is None:
        raise Refusal(RTM_ERROR.RTM_EC_NOT_IN_ROOM, f"user {user} is not in room {rid}")


def enter(call: Call, rid: int, user: int) -> None:
    """Put a user into a room."""
    call.store.execute(_ADD, (call.pid, rid, user))


def leave(call: Call, rid: int, user: int) -> bool:
    """Take a user out of a room; whether they were in it."""
    return call.store.execute(_REMOVE, (call.pid, rid, user)).rowcount == 1


def _put_out(call: Call, rid: int, user: int) -> bool:
    """As `leave`, and the user is told."""
    left = leave(call, rid, user)
    if left:
        call.pushes.put_out(call.pid, rid, user)
    return left
