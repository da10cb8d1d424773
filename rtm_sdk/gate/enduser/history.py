"""What the gate answers when end users read their history."""

from __future__ import annotations

from ..rtm import history
from ..rtm.groups import require_member
from ..rtm.methods import Answer, Call
from ..rtm.params import positive
from ..rtm.rooms import require_presence
from .methods import user_method

__all__: list[str] = []

user_method("getp2pmsg")(history.get_p2p_messages)
user_method("getbroadcastmsg")(history.get_broadcast_messages)


@user_method("getgroupmsg")
def get_group_messages(call: Call) -> Answer:
    """Only for members (200041)."""
    require_member(call, positive(call.params, "gid"), call.user)
    return history.get_group_messages(call)


@user_method("getroommsg")
def get_room_messages(call: Call) -> Answer:
    """Only for who is in the room (200040)."""
    require_presence(call, positive(call.params, "rid"), call.user)
    return history.get_room_messages(call)
