"""What the gate answers to end users about rooms. They are in them until they log out."""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..rtm import rooms
from ..rtm.methods import Answer, Call
from ..rtm.params import positive
from .methods import user_method

__all__ = ["leave_all"]

_ROOMS = "SELECT rid FROM room_members WHERE pid = ? AND uid = ? ORDER BY rid"
_LEAVE_ALL = "DELETE FROM room_members WHERE pid = ? AND uid = ?"

user_method("getroommembers")(rooms.get_room_members)
user_method("getroomcount")(rooms.get_room_count)


@user_method("enterroom")
def enter_room(call: Call) -> Answer:
    """Who may be in one room only leaves the one before; of several, one too many is refused (200047)."""
    rid, inside, most = positive(call.params, "rid"), _rooms(call), call.settings.rooms_per_user
    if rid in inside:
        return {}
    if most == 1:
        leave_all(call, call.user)
    elif len(inside) >= most:
        raise Refusal(
            RTM_ERROR.RTM_EC_MAX_ROOM_COUNT, f"user {call.user} is in {len(inside)} rooms, the limit is {most}"
        )
    rooms.enter(call, rid, call.user)
    return {}


@user_method("leaveroom")
def leave_room(call: Call) -> Answer:
    """Who is not in the room is passed over."""
    rooms.leave(call, positive(call.params, "rid"), call.user)
    return {}


@user_method("getuserrooms")
def get_user_rooms(call: Call) -> Answer:
    """In ascending order."""
    return {"rooms": _rooms(call)}


def leave_all(call: Call, user: int) -> None:
    """Take a user out of all rooms."""
    call.store.execute(_LEAVE_ALL, (call.pid, user))


def _rooms(call: Call) -> list[int]:
    return [rid for (rid,) in call.store.execute(_ROOMS, (call.pid, call.user))]
