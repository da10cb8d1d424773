"""Where a message or a file goes: how the wire names it when it is sent, and when it is read again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from . import arguments
from .results import MessageType

__all__ = ["EVERYBODY", "GROUP", "ROOM", "USER", "USERS", "Target"]


class Target(NamedTuple):
    """One kind of receivers.

    Attributes:
        message: the quest that sends a message there.
        file: the quest that sends a file there.
        name: how these quests name the receivers; empty when there is nothing to name.
        argument: how the methods of the client name them.
        check: checks what a caller passes.
        kind: the kind of conversation, as `getmsg` names it.
    """

    message: str
    file: str
    name: str
    argument: str
    check: Callable[[Any], Any]
    kind: int

    def params(self, receivers: Any) -> dict[str, Any]:
        """The receivers as parameters of a quest, checked."""
        return {self.name: self.check(receivers)} if self.name else {}

    def xid(self, params: dict[str, Any]) -> int:
        """The conversation as `getmsg` names it, by the parameters of a send. Of several receivers it is the first."""
        receivers = params.get(self.name, 0)
        if isinstance(receivers, list):
            return receivers[0] if receivers else 0
        return int(receivers)


USER = Target("sendmsg", "sendfile", "to", "to_uid", partial(arguments.int64, "to_uid"), MessageType.P2P_MESSAGE)
USERS = Target("sendmsgs", "sendfiles", "tos", "to_uids", partial(arguments.ids, "to_uids"), MessageType.P2P_MESSAGE)
GROUP = Target(
    "sendgroupmsg", "sendgroupfile", "gid", "gid", partial(arguments.int64, "gid"), MessageType.GROUP_MESSAGE
)
ROOM = Target("sendroommsg", "sendroomfile", "rid", "rid", partial(arguments.int64, "rid"), MessageType.ROOM_MESSAGE)
EVERYBODY = Target("broadcastmsg", "broadcastfile", "", "", lambda nobody: None, MessageType.BROADCAST_MESSAGE)
