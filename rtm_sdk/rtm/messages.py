"""Operations on messages: send, read, edit, delete.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from ..errors import RTM_ERROR, CallFailed, ErrorCode
from . import answers, arguments, targets
from .files import file_info_of
from .ids import next_id
from .quests import Quest
from .results import ChatMessageType, MessageType, RetrievedMessage, SendResult
from .targets import Target

__all__ = ["Messages"]

_TEXT, _CMD = int(ChatMessageType.TEXT), int(ChatMessageType.CMD)
_P2P, _GROUP = int(MessageType.P2P_MESSAGE), int(MessageType.GROUP_MESSAGE)
_ROOM, _BROADCAST = int(MessageType.ROOM_MESSAGE), int(MessageType.BROADCAST_MESSAGE)


class Messages:
    """Send, read, edit and delete messages.

    A send never doubles a message: its `mid` is made before the first attempt and stays the same when the client
    repeats it. To repeat a failed send yourself, pass a `mid` of your own (`rtm_sdk.rtm.ids.next_id()` makes them)
    and pass the same one again.
    """

    @operation
    def send_message(
        self,
        mtype: int,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a message to one user.

        Args:
            mtype: the message type, 51 to 127 for your own; for 30 and 32 see `send_chat` and `send_cmd`.
            from_uid: the sender.
            to_uid: the receiver.
            message: text, or bytes, which stay binary.
            attrs: free text beside the message; JSON recommended.
            mid: the message id; 0 makes a new one.

        Returns:
            SendResult(mid, mtime), mtime in ms UTC.

        Errors:
            200005 for a message type that is not allowed, 200030 when too large, 200049 when the receiver has blocked
            the sender, 200052 when sender and receiver are the same, 200053 when the mid was used before.

        Wire: sendmsg.
        """
        return _send(targets.USER, to_uid, mtype, from_uid, message, attrs, mid)

    @operation
    def send_chat(
        self,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a text chat to one user: `send_message` with message type 30."""
        return _send(targets.USER, to_uid, _TEXT, from_uid, message, attrs, mid)

    @operation
    def send_cmd(
        self,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a command to one user: `send_message` with message type 32."""
        return _send(targets.USER, to_uid, _CMD, from_uid, message, attrs, mid)

    @operation
    def send_messages(
        self,
        mtype: int,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a message to several users.

        Args:
            mtype: the message type, 51 to 127 for your own; for 30 and 32 see `send_chats` and `send_cmds`.
            from_uid: the sender.
            to_uids: the receivers; they share one message id.
            message: text, or bytes, which stay binary.
            attrs: free text beside the message; JSON recommended.
            mid: the message id; 0 makes a new one.

        Returns:
            SendResult(mid, mtime), mtime in ms UTC.

        Errors:
            200005 for a message type that is not allowed, 200030 when too large, 200032 for too many receivers,
            200053 when the mid was used before.

        Wire: sendmsgs.
        """
        return _send(targets.USERS, to_uids, mtype, from_uid, message, attrs, mid)

    @operation
    def send_chats(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a text chat to several users: `send_messages` with message type 30."""
        return _send(targets.USERS, to_uids, _TEXT, from_uid, message, attrs, mid)

    @operation
    def send_cmds(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a command to several users: `send_messages` with message type 32."""
        return _send(targets.USERS, to_uids, _CMD, from_uid, message, attrs, mid)

    @operation
    def send_group_message(
        self,
        mtype: int,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a message to the members of a group.

        Args:
            mtype: the message type, 51 to 127 for your own; for 30 and 32 see `send_group_chat` and `send_group_cmd`.
            from_uid: the sender.
            gid: the group.
            message: text, or bytes, which stay binary.
            attrs: free text beside the message; JSON recommended.
            mid: the message id; 0 makes a new one.

        Returns:
            SendResult(mid, mtime), mtime in ms UTC.

        Errors:
            200005 for a message type that is not allowed, 200030 when too large, 200041 when the sender is no member,
            200044 when muted, 200053 when the mid was used before.

        Wire: sendgroupmsg.
        """
        return _send(targets.GROUP, gid, mtype, from_uid, message, attrs, mid)

    @operation
    def send_group_chat(
        self,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a text chat to the members of a group: `send_group_message` with message type 30."""
        return _send(targets.GROUP, gid, _TEXT, from_uid, message, attrs, mid)

    @operation
    def send_group_cmd(
        self,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a command to the members of a group: `send_group_message` with message type 32."""
        return _send(targets.GROUP, gid, _CMD, from_uid, message, attrs, mid)

    @operation
    def send_room_message(
        self,
        mtype: int,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a message to everybody in a room.

        Args:
            mtype: the message type, 51 to 127 for your own; for 30 and 32 see `send_room_chat` and `send_room_cmd`.
            from_uid: the sender.
            rid: the room.
            message: text, or bytes, which stay binary.
            attrs: free text beside the message; JSON recommended.
            mid: the message id; 0 makes a new one.

        Returns:
            SendResult(mid, mtime), mtime in ms UTC.

        Errors:
            200005 for a message type that is not allowed, 200030 when too large, 200040 when the sender is not in the
            room, 200045 when muted, 200053 when the mid was used before.

        Wire: sendroommsg.
        """
        return _send(targets.ROOM, rid, mtype, from_uid, message, attrs, mid)

    @operation
    def send_room_chat(
        self,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a text chat to everybody in a room: `send_room_message` with message type 30."""
        return _send(targets.ROOM, rid, _TEXT, from_uid, message, attrs, mid)

    @operation
    def send_room_cmd(
        self,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a command to everybody in a room: `send_room_message` with message type 32."""
        return _send(targets.ROOM, rid, _CMD, from_uid, message, attrs, mid)

    @operation
    def broadcast_message(
        self,
        mtype: int,
        from_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a message to every user of the project.

        Args:
            mtype: the message type, 51 to 127 for your own; for 30 and 32 see `broadcast_chat` and `broadcast_cmd`.
            from_uid: the sender, an administrator.
            message: text, or bytes, which stay binary.
            attrs: free text beside the message; JSON recommended.
            mid: the message id; 0 makes a new one.

        Returns:
            SendResult(mid, mtime), mtime in ms UTC.

        Errors:
            200005 for a message type that is not allowed, 200030 when too large, 200053 when the mid was used before.

        Wire: broadcastmsg.
        """
        return _send(targets.EVERYBODY, None, mtype, from_uid, message, attrs, mid)

    @operation
    def broadcast_chat(
        self,
        from_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a text chat to every user of the project: `broadcast_message` with message type 30."""
        return _send(targets.EVERYBODY, None, _TEXT, from_uid, message, attrs, mid)

    @operation
    def broadcast_cmd(
        self,
        from_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SendResult]:
        """Send a command to every user of the project: `broadcast_message` with message type 32."""
        return _send(targets.EVERYBODY, None, _CMD, from_uid, message, attrs, mid)

    @operation
    def get_message_info(
        self,
        mid: int,
        from_uid: int,
        xid: int,
        mtype: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[RetrievedMessage]:
        """Read one stored message.

        Args:
            mid: the message id.
            from_uid: the sender of that message.
            xid: the receiver's uid, the gid or the rid; 0 for a broadcast.
            mtype: the kind of the conversation (`MessageType`): 1 p2p, 2 group, 3 room, 4 broadcast.

        Returns:
            RetrievedMessage, with `file_info` when it is a file.

        Errors:
            200070 when there is no such message.

        Wire: getmsg.
        """
        return _get(mid, from_uid, xid, mtype)

    @operation
    def get_p2p_message_info(
        self,
        mid: int,
        from_uid: int,
        to_uid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[RetrievedMessage]:
        """Read a stored message to one user: `get_message_info` of kind 1."""
        return _get(mid, from_uid, to_uid, _P2P, "to_uid")

    @operation
    def get_group_message_info(
        self,
        mid: int,
        from_uid: int,
        gid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[RetrievedMessage]:
        """Read a stored message to a group: `get_message_info` of kind 2."""
        return _get(mid, from_uid, gid, _GROUP, "gid")

    @operation
    def get_room_message_info(
        self,
        mid: int,
        from_uid: int,
        rid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[RetrievedMessage]:
        """Read a stored message to a room: `get_message_info` of kind 3."""
        return _get(mid, from_uid, rid, _ROOM, "rid")

    @operation
    def get_broadcast_message_info(
        self,
        mid: int,
        from_uid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[RetrievedMessage]:
        """Read a stored message to everybody: `get_message_info` of kind 4, xid 0."""
        return _get(mid, from_uid, 0, _BROADCAST)

    @operation
    def get_p2p_chat_info(
        self,
        mid: int,
        from_uid: int,
        to: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[RetrievedMessage]:
        """Read a stored chat to one user: `get_message_info` of kind 1."""
        return _get(mid, from_uid, to, _P2P, "to")

    @operation
    def get_group_chat_info(
        self,
        mid: int,
        from_uid: int,
        gid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[RetrievedMessage]:
        """Read a stored chat to a group: `get_message_info` of kind 2."""
        return _get(mid, from_uid, gid, _GROUP, "gid")

    @operation
    def get_room_chat_info(
        self,
        mid: int,
        from_uid: int,
        rid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[RetrievedMessage]:
        """Read a stored chat to a room: `get_message_info` of kind 3."""
        return _get(mid, from_uid, rid, _ROOM, "rid")

    @operation
    def get_broadcast_chat_info(
        self,
        mid: int,
        from_uid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[RetrievedMessage]:
        """Read a stored chat to everybody: `get_message_info` of kind 4, xid 0."""
        return _get(mid, from_uid, 0, _BROADCAST)

    @operation
    def delete_message(
        self,
        mid: int,
        from_uid: int,
        xid: int,
        mtype: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Recall one message.

        Args:
            mid: the message id.
            from_uid: the sender of that message.
            xid: the receiver's uid, the gid or the rid; 0 for a broadcast.
            mtype: the kind of the conversation (`MessageType`): 1 p2p, 2 group, 3 room, 4 broadcast.

        Errors:
            200070 when there is no such message.

        Wire: delmsg.
        """
        return _delete(mid, from_uid, xid, mtype)

    @operation
    def delete_p2p_message(
        self,
        mid: int,
        from_uid: int,
        to_uid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Recall a message to one user: `delete_message` of kind 1."""
        return _delete(mid, from_uid, to_uid, _P2P, "to_uid")

    @operation
    def delete_group_message(
        self,
        mid: int,
        from_uid: int,
        gid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Recall a message to a group: `delete_message` of kind 2."""
        return _delete(mid, from_uid, gid, _GROUP, "gid")

    @operation
    def delete_room_message(
        self,
        mid: int,
        from_uid: int,
        rid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Recall a message to a room: `delete_message` of kind 3."""
        return _delete(mid, from_uid, rid, _ROOM, "rid")

    @operation
    def delete_broadcast_message(
        self,
        mid: int,
        from_uid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Recall a message to everybody: `delete_message` of kind 4, xid 0."""
        return _delete(mid, from_uid, 0, _BROADCAST)

    @operation
    def delete_p2p_chat(
        self,
        mid: int,
        from_uid: int,
        to_uid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Recall a chat to one user: `delete_message` of kind 1."""
        return _delete(mid, from_uid, to_uid, _P2P, "to_uid")

    @operation
    def delete_group_chat(
        self,
        mid: int,
        from_uid: int,
        gid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Recall a chat to a group: `delete_message` of kind 2."""
        return _delete(mid, from_uid, gid, _GROUP, "gid")

    @operation
    def delete_room_chat(
        self,
        mid: int,
        from_uid: int,
        rid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Recall a chat to a room: `delete_message` of kind 3."""
        return _delete(mid, from_uid, rid, _ROOM, "rid")

    @operation
    def delete_broadcast_chat(
        self,
        mid: int,
        from_uid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Recall a chat to everybody: `delete_message` of kind 4, xid 0."""
        return _delete(mid, from_uid, 0, _BROADCAST)

    @operation
    def edit_message(
        self,
        mid: int,
        from_uid: int,
        xid: int,
        mtype: int,
        message: str,
        attrs: str,
        time_limit: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Replace body and attributes of a stored message.

        Args:
            mid: the message id.
            from_uid: the sender of that message.
            xid: the receiver's uid, the gid or the rid; 0 for a broadcast.
            mtype: the kind of the conversation, `MessageType`; the service documents 2 group and 3 room.
            message: the new text.
            attrs: the new attributes.
            time_limit: the edit fails when the message is older than this, ms.

        Errors:
            200070 when there is no such message.

        Wire: editmsg.
        """
        params = {
            **_reference(mid, from_uid, xid, mtype),
            "msg": arguments.text("message", message),
            "attrs": arguments.text("attrs", attrs),
            "timeLimit": arguments.int64("time_limit", time_limit),
        }
        yield Quest("editmsg", params, repeatable=True)

    @operation
    def clean_message(
        self,
        from_uid: int,
        xid: int,
        mtype: int,
        begin: int,
        end: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Remove a time range from the history of one conversation.

        Args:
            from_uid: one user of a p2p conversation; the sender of broadcasts; 0 for a group or a room.
            xid: the other user, the gid or the rid; 0 for broadcasts.
            mtype: the kind of the conversation, `MessageType`: 1 p2p, 2 group, 3 room, 4 broadcast.
            begin: ms UTC.
            end: ms UTC.

        Wire: cleanmsg.
        """
        return _clean(from_uid, xid, mtype, begin, end)

    @operation
    def clean_p2p_message(
        self,
        from_uid: int,
        to_uid: int,
        begin: int,
        end: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Remove a time range from the history of the conversation of two users: `clean_message` of kind 1."""
        return _clean(from_uid, to_uid, _P2P, begin, end, "to_uid")

    @operation
    def clean_group_message(
        self,
        gid: int,
        begin: int,
        end: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Remove a time range from the history of a group: `clean_message` of kind 2, from 0."""
        return _clean(0, gid, _GROUP, begin, end, "gid")

    @operation
    def clean_room_message(
        self,
        rid: int,
        begin: int,
        end: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Remove a time range from the history of a room: `clean_message` of kind 3, from 0."""
        return _clean(0, rid, _ROOM, begin, end, "rid")

    @operation
    def clean_broadcast_message(
        self,
        from_uid: int,
        begin: int,
        end: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Remove a time range from the history of the broadcasts of one sender: `clean_message` of kind 4, xid 0."""
        return _clean(from_uid, 0, _BROADCAST, begin, end)

    @operation
    def delete_conversation_messages(
        self, from_uid: int, xid: int, mtype: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Remove everything that one user sent in a group or a room.

        Args:
            from_uid: the user whose messages go.
            xid: the gid or the rid.
            mtype: the kind of the conversation, `MessageType`: 2 group or 3 room.

        Wire: delconversationmsgs.
        """
        yield Quest("delconversationmsgs", _conversation(from_uid, xid, mtype), repeatable=True)


def _send(
    target: Target, receivers: Any, mtype: int, from_uid: int, message: str | bytes, attrs: str, mid: int
) -> Operation[SendResult]:
    sender = arguments.int64("from_uid", from_uid)
    number = arguments.int64("mid", mid) or next_id()
    params = {
        "mtype": arguments.mtype("mtype", mtype),
        "from": sender,
        "mid": number,
        "msg": arguments.body("message", message),
        "attrs": arguments.text("attrs", attrs),
    }
    if target.name:
        params[target.name] = target.check(receivers)
    answer = yield Quest(target.message, params, True)
    mtime = answer.get("mtime")
    if type(mtime) is not int:
        mtime = yield from answers.mtime_of(answer, number, sender, target.kind, target.xid(params))
    return SendResult(number, mtime)


def _conversation(from_uid: int, xid: int, mtype: int, xid_name: str = "xid") -> dict[str, Any]:
    return {
        "from": arguments.int64("from_uid", from_uid),
        "xid": arguments.int64(xid_name, xid),
        "type": arguments.int8("mtype", mtype),
    }


def _reference(mid: int, from_uid: int, xid: int, mtype: int, xid_name: str = "xid") -> dict[str, Any]:
    return {"mid": arguments.int64("mid", mid), **_conversation(from_uid, xid, mtype, xid_name)}


def _get(mid: int, from_uid: int, xid: int, mtype: int, xid_name: str = "xid") -> Operation[RetrievedMessage]:
    answer = yield Quest("getmsg", _reference(mid, from_uid, xid, mtype, xid_name), repeatable=True)
    if "id" not in answer:
        raise CallFailed(ErrorCode(RTM_ERROR.RTM_EC_MESSAGE_NOT_FOUND, "the answer holds no message"))
    message_type = answers.int8(answer, "mtype")
    message = answers.body(answer, "msg")
    file_info, attrs = file_info_of(message, answers.text(answer, "attrs"), message_type)
    return RetrievedMessage(
        answers.int64(answer, "id"), message_type, message, attrs, answers.int64(answer, "mtime"), file_info
    )


def _delete(mid: int, from_uid: int, xid: int, mtype: int, xid_name: str = "xid") -> Operation[None]:
    yield Quest("delmsg", _reference(mid, from_uid, xid, mtype, xid_name), repeatable=True)


def _clean(from_uid: int, xid: int, mtype: int, begin: int, end: int, xid_name: str = "xid") -> Operation[None]:
    params = {
        **_conversation(from_uid, xid, mtype, xid_name),
        "begin": arguments.int64("begin", begin),
        "end": arguments.int64("end", end),
    }
    yield Quest("cleanmsg", params, repeatable=True)
