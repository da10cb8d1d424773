"""What the gate tells of its own accord: messages and events, to all who are to learn of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ...fpnn.frames import pack
from ..store import MessageKind, Store

if TYPE_CHECKING:
    from ..connection import Connection
    from .listening import Listeners
    from .messages import Outgoing

__all__ = ["Pushes"]

_METHODS = {
    MessageKind.P2P: "pushmsg",
    MessageKind.GROUP: "pushgroupmsg",
    MessageKind.ROOM: "pushroommsg",
}
_TARGETS = {MessageKind.P2P: "to", MessageKind.GROUP: "gid", MessageKind.ROOM: "rid"}


class Pushes:
    """Finds who is to be told at the moment when something happens, and tells them when it is durable.

    Args:
        store: whose turns decide when something is durable.
        listeners: the business servers that listen.
    """

    def __init__(self, store: Store, listeners: Listeners) -> None:
        self._store = store
        self._listeners = listeners

    def message(self, pid: int, kind: MessageKind, target: int, message: Outgoing, mtime: int) -> None:
        """A message has been accepted.

        Args:
            pid: the project.
            kind: the kind of conversation.
            target: the receiver: uid, gid or rid; 0 for a broadcast.
            message: the message.
            mtime: when it was accepted, ms UTC.
        """
        servers = self._listeners.of_message(pid, kind, message.sender, target)
        if servers:
            params = _params(kind, target, message, mtime)
            if kind != MessageKind.P2P:
                params["to"] = target  # the C++ SDK looks for it in every message
            self._tell(servers, _METHODS[kind], params)

    def event(self, pid: int, name: str, user: int, endpoint: str) -> None:
        """Something has happened to a user.

        Args:
            pid: the project.
            name: the event, one of `EVENTS`.
            user: the user.
            endpoint: ``host:port`` of his connection.
        """
        servers = self._listeners.of_event(pid, name)
        if servers:
            seconds = self._store.now() // 1000
            params = {"pid": pid, "event": name, "uid": user, "time": seconds, "endpoint": endpoint}
            self._tell(servers, "pushevent", params)

    def _tell(self, connections: Iterable[Connection], name: str, params: dict[str, Any]) -> None:
        payload = pack(params)

        def tell() -> None:
            for connection in connections:
                connection.push(name, payload)

        self._store.after_commit(tell)


def _params(kind: MessageKind, target: int, message: Outgoing, mtime: int) -> dict[str, Any]:
    sender, mtype, mid, body, attrs = message
    return {
        "from": sender,
        _TARGETS[kind]: target,
        "mtype": mtype,
        "mid": mid,
        "msg": body,
        "attrs": attrs,
        "mtime": mtime,
    }
