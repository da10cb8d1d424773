"""What the gate answers about the project as a whole: its blacklist, its bans, clearing messages and groups."""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..store import MessageKind
from .bans import PROJECT_BAN, PROJECT_BLACK, add_ban, is_banned, remove_ban
from .groups import dissolve
from .messages import remove_contents
from .methods import Answer, Call, method
from .online import kick_out
from .params import int8, uid

__all__: list[str] = []

_CLEARED: dict[int, tuple[MessageKind, ...]] = {
    0: (MessageKind.P2P,),
    1: (MessageKind.ROOM,),
    2: (MessageKind.GROUP,),
    3: (MessageKind.BROADCAST,),
    4: tuple(MessageKind),
}
"""The kinds of conversation as ``clearprojectmsg`` numbers them, unlike all other calls."""


@method("addprojectblack")
def add_project_black(call: Call) -> Answer:
    """The user can send nothing, and is kicked out."""
    add_ban(call, PROJECT_BLACK)
    kick_out(call, uid(call.params, "uid"))
    return {}


@method("removeprojectblack")
def remove_project_black(call: Call) -> Answer:
    """Who is not on the blacklist is passed over."""
    remove_ban(call, PROJECT_BLACK)
    return {}


@method("isprojectblack")
def is_project_black(call: Call) -> Answer:
    """Until its time has run out."""
    return {"ok": is_banned(call, PROJECT_BLACK, 0, uid(call.params, "uid"))}


@method("addprojectban")
def add_project_ban(call: Call) -> Answer:
    """The user can send nothing."""
    add_ban(call, PROJECT_BAN)
    return {}


@method("removeprojectban")
def remove_project_ban(call: Call) -> Answer:
    """Who is not banned is passed over."""
    remove_ban(call, PROJECT_BAN)
    return {}


@method("isprojectban")
def is_project_ban(call: Call) -> Answer:
    """Until its time has run out."""
    return {"ok": is_banned(call, PROJECT_BAN, 0, uid(call.params, "uid"))}


@method("clearprojectmsg")
def clear_project_messages(call: Call) -> Answer:
    """All messages of one kind of conversation, or of all."""
    cleared = int8(call.params, "type")
    if cleared not in _CLEARED:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"the parameter 'type' must be 0 to 4, not {cleared}")
    remove_contents(call, call.store.hide_kinds(call.pid, _CLEARED[cleared]))
    return {}


@method("clearprojectgroup")
def clear_project_groups(call: Call) -> Answer:
    """All groups; their messages stay."""
    dissolve(call)
    return {}
