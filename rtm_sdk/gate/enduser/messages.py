"""What the gate answers when end users send, read and delete single messages. Who sends is known from the login."""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..rtm import messages
from ..rtm import params as read
from ..rtm.groups import require_member
from ..rtm.methods import Answer, Call
from ..rtm.rooms import require_presence
from ..store import MessageKind
from .methods import user_method

__all__: list[str] = []

user_method("sendmsg")(messages.send_message)
user_method("sendgroupmsg")(messages.send_group_message)
user_method("sendroommsg")(messages.send_room_message)


@user_method("getmsg")
def get_message(call: Call) -> Answer:
    """Only for who takes part: 200021 for messages between others, 200041 and 200040 outside of the group or room."""
    kind, target = read.kind_and_xid(call.params)
    if kind == MessageKind.GROUP:
        require_member(call, target, call.user)
    elif kind == MessageKind.ROOM:
        require_presence(call, target, call.user)
    elif kind == MessageKind.P2P and call.user not in (target, read.uid(call.params, "from")):
        raise _denied(call, "read messages between others")
    return messages.get_message(call)


@user_method("delmsg")
def delete_message(call: Call) -> Answer:
    """Only for the sender, otherwise 200021."""
    if read.uid(call.params, "from") != call.user:
        raise _denied(call, "delete messages of others")
    return messages.delete_message(call)


def _denied(call: Call, what: str) -> Refusal:
    return Refusal(RTM_ERROR.RTM_EC_PERMISSION_DENIED, f"user {call.user} must not {what}")
