"""What the gate answers when history is read: visible messages page by page, and their number."""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..store import MessageKind, conversation
from . import params as read
from .methods import Answer, Call, method

__all__: list[str] = []

MAX_ROWS = 20
"""Rows of one page, whatever is asked for."""

_SENT, _RECEIVED = 1, 2


@method("getgroupmsg")
def get_group_messages(call: Call) -> Answer:
    """The user need not be a member."""
    read.uid(call.params, "uid")
    return _page(call, MessageKind.GROUP, read.positive(call.params, "gid"))


@method("getroommsg")
def get_room_messages(call: Call) -> Answer:
    """The user need not be in the room."""
    read.uid(call.params, "uid")
    return _page(call, MessageKind.ROOM, read.positive(call.params, "rid"))


@method("getbroadcastmsg")
def get_broadcast_messages(call: Call) -> Answer:
    """The same for every user."""
    read.uid(call.params, "uid")
    return _page(call, MessageKind.BROADCAST, 0)


@method("getp2pmsg")
def get_p2p_messages(call: Call) -> Answer:
    """The sender is told as a direction: 1 from uid to ouid, 2 from ouid to uid."""
    user = read.uid(call.params, "uid")
    low, high = conversation(MessageKind.P2P, user, read.uid(call.params, "ouid"))
    return _page(call, MessageKind.P2P, low, high, user)


@method("getmsgnum")
def get_message_number(call: Call) -> Answer:
    """Of a group or room."""
    kind, target = read.kind_and_xid(call.params)
    if kind not in (MessageKind.GROUP, MessageKind.ROOM):
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "the parameter 'type' must be 2 (group) or 3 (room)")
    begin, end = read.span(call.params)
    number, senders = call.store.count(call.pid, kind, target, 0, begin, end, read.mtypes(call.params))
    return {"sender": senders, "num": number}


def _page(call: Call, kind: MessageKind, low: int, high: int = 0, user: int = 0) -> Answer:
    params = call.params
    newest_first = read.boolean(params, "desc")
    limit = read.count_of(params, "num", MAX_ROWS)
    begin, end = read.span(params)
    last_id = read.int64(params, "lastid", 0)
    if last_id < 0:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "the parameter 'lastid' must not be negative")
    found = call.store.page(
        call.pid,
        kind,
        low,
        high,
        newest_first=newest_first,
        limit=limit,
        begin=begin,
        end=end,
        last_id=last_id,
        mtypes=read.mtypes(params),
    )
    rows = [
        [m.id, _direction(m.from_uid, user) if user else m.from_uid, m.mtype, m.mid, False, m.message, m.attrs, m.mtime]
        for m in found
    ]
    return {"num": len(rows), "lastid": found[-1].id if found else last_id, "begin": begin, "end": end, "msgs": rows}


def _direction(sender: int | str, user: int) -> int:
    return _SENT if sender == user else _RECEIVED
