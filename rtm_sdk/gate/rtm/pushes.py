"""What the gate tells of its own accord, and whom: messages, events, and who was put out of a room.

Business servers that listen and end users who are logged in get the same messages in different forms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from ...fpnn.frames import pack
from ..store import MessageKind, Store, Text

if TYPE_CHECKING:
    from ..connection import Connection
    from .listening import Listeners
    from .messages import Outgoing
    from .methods import Call
    from .online import OnlineUsers

__all__ = ["Pushes"]

_METHODS = {
    MessageKind.P2P: "pushmsg",
    MessageKind.GROUP: "pushgroupmsg",
    MessageKind.ROOM: "pushroommsg",
    MessageKind.BROADCAST: "pushbroadcastmsg",
}
_TARGETS = {MessageKind.P2P: "to", MessageKind.GROUP: "gid", MessageKind.ROOM: "rid"}
_CHAT = 30

_GROUP_MEMBERS = "SELECT uid FROM group_members WHERE pid = ? AND gid = ?"
_ROOM_MEMBERS = "SELECT uid FROM room_members WHERE pid = ? AND rid = ?"


class Pushes:
    """Finds who is to be told at the moment when something happens, and tells them when it is durable.

    Args:
        store: whose turns decide when something is durable.
        listeners: the business servers that listen.
        online: the end users who are logged in.
    """

    def __init__(self, store: Store, listeners: Listeners, online: OnlineUsers) -> None:
        self._store = store
        self._listeners = listeners
        self._online = online

    def message(self, call: Call, kind: MessageKind, target: int, message: Outgoing, mtime: int) -> None:
        """A message has been accepted.

        Servers that listen get it as it was sent, but no broadcasts. Users get it unless it came over that connection;
        chat is a map for them.

        Args:
            call: the call that sent it.
            kind: the kind of conversation.
            target: the receiver: uid, gid or rid; 0 for a broadcast.
            message: the message.
            mtime: when it was accepted, ms UTC.
        """
        servers = self._listeners.of_message(call.pid, kind, message.sender, target)
        users = self._users(call, kind, target) if self._online.users(call.pid) else []
        if not servers and not users:
            return
        params: dict[str, Any] = {
            "from": message.sender,
            "mtype": message.mtype,
            "mid": message.mid,
            "msg": message.body,
            "attrs": message.attrs,
            "mtime": mtime,
        }
        if kind != MessageKind.BROADCAST:
            params[_TARGETS[kind]] = target
        # The C++ SDK for servers looks for "to" in messages of groups and rooms as well.
        self._tell(servers, _METHODS[kind], params if kind == MessageKind.P2P else {**params, "to": target})
        if message.mtype == _CHAT:
            params["msg"] = _chat(message.body)
        self._tell(users, _METHODS[kind], params)

    def event(self, pid: int, name: str, user: int, endpoint: str) -> None:
        """Something has happened to a user.

        Args:
            pid: the project.
            name: the event, one of `EVENTS`.
            user: the user.
            endpoint: ``host:port`` of the user's end of the connection.
        """
        seconds = self._store.now() // 1000
        params = {"pid": pid, "event": name, "uid": user, "time": seconds, "endpoint": endpoint}
        self._tell(self._listeners.of_event(pid, name), "pushevent", params)

    def put_out(self, pid: int, rid: int, user: int) -> None:
        """A user was taken out of a room by a server."""
        self._tell(self._online.of(pid, user), "kickoutroom", {"rid": rid}, twoway=False)

    def _users(self, call: Call, kind: MessageKind, target: int) -> list[Connection]:
        pid, online = call.pid, self._online.users(call.pid)
        receivers: Iterable[int]
        if kind == MessageKind.P2P:
            # End users see on their other devices what they write on this one.
            receivers = (target, call.user) if call.user else (target,)
        elif kind == MessageKind.BROADCAST:
            receivers = online
        else:
            rows = self._store.execute(_GROUP_MEMBERS if kind == MessageKind.GROUP else _ROOM_MEMBERS, (pid, target))
            receivers = [user for (user,) in rows if user in online]
        return [
            connection
            for user in receivers
            for connection in self._online.of(pid, user)
            if connection is not call.connection
        ]

    def _tell(
        self, connections: Collection[Connection], name: str, params: dict[str, Any], *, twoway: bool = True
    ) -> None:
        if not connections:
            return
        payload = pack(params)

        def tell() -> None:
            for connection in connections:
                connection.push(name, payload, twoway=twoway)

        self._store.after_commit(tell)


def _chat(body: Text) -> dict[str, str]:
    """A chat message as user clients want it, not translated."""
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    return {"source": "", "target": "", "sourceText": text, "targetText": ""}
