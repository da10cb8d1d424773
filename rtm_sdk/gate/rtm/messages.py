"""What the gate answers when messages are sent, read one by one, edited and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..store import MessageKind, StoredFile, Text, conversation
from . import params as read
from .bans import admit_to_project
from .blacklist import admit_to_users
from .groups import admit_to_group
from .methods import Answer, Call, method
from .rooms import admit_to_room

__all__ = ["Outgoing", "accept", "admit", "duplicate", "receiver", "receivers", "remove_contents"]

_CHAT, _COMMAND = 30, 32
_LAST_RESERVED = 50


class Outgoing(NamedTuple):
    """What is the same for all receivers of a message."""

    sender: int
    mtype: int
    mid: int
    body: Text
    attrs: Text


@method("sendmsg")
def send_message(call: Call) -> Answer:
    """To one user."""
    message = _outgoing(call)
    return _send(call, MessageKind.P2P, [receiver(call, message.sender)], message)


@method("sendmsgs")
def send_messages(call: Call) -> Answer:
    """To several users: one row each, all with the same mid. Those who have blocked the sender are left out."""
    message = _outgoing(call)
    return _send(call, MessageKind.P2P, receivers(call, message.sender), message)


@method("sendgroupmsg")
def send_group_message(call: Call) -> Answer:
    """To a group."""
    message = _outgoing(call)
    return _send(call, MessageKind.GROUP, [read.positive(call.params, "gid")], message)


@method("sendroommsg")
def send_room_message(call: Call) -> Answer:
    """To a room."""
    message = _outgoing(call)
    return _send(call, MessageKind.ROOM, [read.positive(call.params, "rid")], message)


@method("broadcastmsg")
def broadcast_message(call: Call) -> Answer:
    """To everybody."""
    return _send(call, MessageKind.BROADCAST, [0], _outgoing(call))


@method("getmsg")
def get_message(call: Call) -> Answer:
    """One message: 200070 when there is none, it is not kept, or it was deleted."""
    key = _key(call)
    found = call.store.find(*key)
    if found is None:
        raise _not_found(key)
    return {"id": found.id, "mtype": found.mtype, "msg": found.message, "attrs": found.attrs, "mtime": found.mtime}


@method("delmsg")
def delete_message(call: Call) -> Answer:
    """One message: 200070 when there never was one. Deleting it again succeeds."""
    key = _key(call)
    if call.store.mtime_of(*key) is None:
        raise _not_found(key)
    remove_contents(call, call.store.hide(*key))
    return {}


@method("editmsg")
def edit_message(call: Call) -> Answer:
    """New body and attributes: 200070 as for getmsg, 200021 when it is older than ``timeLimit`` ms; 0 is no limit."""
    key = _key(call)
    body, attrs = read.body(call.params, "msg"), read.text(call.params, "attrs")
    limit = read.int64(call.params, "timeLimit")
    if limit < 0:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "the parameter 'timeLimit' must not be negative")
    check_size(call, body, attrs)
    found = call.store.find(*key)
    if found is None:
        raise _not_found(key)
    age = call.store.now() - found.mtime
    if limit and age > limit:
        raise Refusal(
            RTM_ERROR.RTM_EC_PERMISSION_DENIED, f"the message is {age} ms old, it could be edited for {limit} ms"
        )
    call.store.edit(found.id, body, attrs)
    return {}


@method("cleanmsg")
def clean_messages(call: Call) -> Answer:
    """A time range of a conversation, ms.

    p2p: what the two users sent each other; otherwise what one sender sent, or everything when ``from`` is 0.
    """
    kind, target = read.kind_and_xid(call.params)
    begin, end = read.span(call.params, None)
    if kind == MessageKind.P2P:
        low, high = conversation(kind, read.uid(call.params, "from"), target)
        sender = 0
    else:
        low, high = target, 0
        sender = read.int64(call.params, "from")
        if sender < 0:
            raise Refusal(RTM_ERROR.RTM_EC_INVALID_PID_OR_UID, f"the parameter 'from' is no user id: {sender}")
    remove_contents(call, call.store.hide_range(call.pid, kind, low, high, begin, end, sender))
    return {}


@method("delconversationmsgs")
def delete_conversation_messages(call: Call) -> Answer:
    """Everything a user sent in one group or room."""
    kind, target = read.kind_and_xid(call.params)
    if kind not in (MessageKind.GROUP, MessageKind.ROOM):
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "the parameter 'type' must be 2 (group) or 3 (room)")
    remove_contents(call, call.store.hide_sent(call.pid, kind, read.uid(call.params, "from"), target))
    return {}


def _outgoing(call: Call) -> Outgoing:
    params = call.params
    mtype = read.int8(params, "mtype")
    if mtype <= _LAST_RESERVED and mtype != _CHAT and mtype != _COMMAND:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_MTYPE, f"mtype {mtype} is reserved: use 30, 32 or 51 to 127")
    message = Outgoing(
        call.user or read.uid(params, "from"),
        mtype,
        read.positive(params, "mid"),
        read.body(params, "msg"),
        read.text(params, "attrs"),
    )
    check_size(call, message.body, message.attrs)
    return message


def check_size(call: Call, body: Text, attrs: Text) -> None:
    """Refuse a message that is too large (200030)."""
    for name, value, most in (("msg", body, call.settings.max_message), ("attrs", attrs, call.settings.max_attrs)):
        if len(value) * 4 > most and read.size(value) > most:
            raise Refusal(
                RTM_ERROR.RTM_EC_LARGE_MESSAGE_OR_ATTRS,
                f"the parameter {name!r} has {read.size(value)} bytes, the limit is {most}",
            )


def receiver(call: Call, sender: int) -> int:
    """The user a message goes to: 200052 when that is its sender."""
    to = read.uid(call.params, "to")
    if to == sender:
        raise _to_self(sender)
    return to


def receivers(call: Call, sender: int) -> list[int]:
    """The users a message goes to, each once: 200052 when its sender is among them."""
    tos = read.uids(call.params, "tos")
    if sender in tos:
        raise _to_self(sender)
    return tos


def _to_self(sender: int) -> Refusal:
    return Refusal(RTM_ERROR.RTM_EC_SEND_TO_SELF, f"user {sender} cannot send to themselves")


def _send(call: Call, kind: MessageKind, targets: list[int], message: Outgoing) -> Answer:
    return accept(call, kind, admit(call, kind, message.sender, targets), message)


def admit(call: Call, kind: MessageKind, sender: int, targets: list[int]) -> list[int]:
    """Refuse a sender who may not write there.

    Returns:
        the targets they may write to: all but the users who have blocked them.
    """
    admit_to_project(call, sender)
    if kind == MessageKind.P2P:
        return admit_to_users(call, sender, targets)
    for target in targets:
        if kind == MessageKind.GROUP:
            admit_to_group(call, sender, target)
        elif kind == MessageKind.ROOM:
            admit_to_room(call, sender, target)
    return targets


def accept(
    call: Call, kind: MessageKind, targets: Sequence[int], message: Outgoing, file: StoredFile | None = None
) -> Answer:
    """Keep a message for each target that does not have its mid from this sender yet, and push it.

    When none is new, the mid is a duplicate: 200053, or the time of the first one, as the gate is set.

    Args:
        call: the call.
        kind: the kind of conversation.
        targets: the receivers.
        message: the message.
        file: what its body points to.

    Returns:
        the answer of a send call.
    """
    store = call.store
    sender, mtype, mid, body, attrs = message
    mtime = store.stamp()
    kept = mtype in call.settings.stored_mtypes
    new = 0
    for target in targets:
        if store.add(call.pid, kind, sender, target, mtype, mid, body, attrs, mtime, kept, file.name if file else None):
            new += 1
            call.pushes.message(call, kind, target, message, mtime)
    if new:
        if file is not None:
            store.add_file(file)
        return {"mtime": mtime}
    return duplicate(call, kind, sender, targets[0], mid)


def duplicate(call: Call, kind: MessageKind, sender: int, target: int, mid: int) -> Answer:
    """What a send call gets whose mid was used before."""
    if call.settings.duplicate_mid == "error":
        raise Refusal(RTM_ERROR.RTM_EC_DUPLICATED_MID, f"user {sender} has used the mid {mid} here before")
    return {"mtime": call.store.mtime_of(call.pid, kind, sender, target, mid)}


def _key(call: Call) -> tuple[int, MessageKind, int, int, int]:
    kind, target = read.kind_and_xid(call.params)
    return call.pid, kind, read.uid(call.params, "from"), target, read.positive(call.params, "mid")


def _not_found(key: tuple[int, MessageKind, int, int, int]) -> Refusal:
    _, kind, sender, target, mid = key
    return Refusal(
        RTM_ERROR.RTM_EC_MESSAGE_NOT_FOUND, f"there is no message {mid} from {sender} to {target} (type {int(kind)})"
    )


def remove_contents(call: Call, names: list[str]) -> None:
    """Remove contents of files when the turn is durable."""
    if names:
        contents = call.contents
        call.store.after_commit(lambda: contents.remove(names))
