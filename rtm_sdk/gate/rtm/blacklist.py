"""What the gate answers about the blacklists of users: who may not write to them."""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..refusal import Refusal
from .methods import Answer, Call, method
from .params import uid, uids

__all__ = ["admit_to_users"]

MAX_BLACKS_PER_CALL = 100

_ADD = "INSERT OR IGNORE INTO blacks (pid, uid, black) VALUES (?, ?, ?)"
_REMOVE = "DELETE FROM blacks WHERE pid = ? AND uid = ? AND black = ?"
_BLACKS = "SELECT black FROM blacks WHERE pid = ? AND uid = ? ORDER BY black"
_HAS_BLOCKED = "SELECT 1 FROM blacks WHERE pid = ? AND uid = ? AND black = ?"


@method("addblacks")
def add_blacks(call: Call) -> Answer:
    """Who is blocked already stays so."""
    user, blacks = uid(call.params, "uid"), uids(call.params, "blacks", MAX_BLACKS_PER_CALL)
    for black in blacks:
        call.store.execute(_ADD, (call.pid, user, black))
    return {}


@method("delblacks")
def delete_blacks(call: Call) -> Answer:
    """Who is not blocked is passed over."""
    user, blacks = uid(call.params, "uid"), uids(call.params, "blacks", MAX_BLACKS_PER_CALL)
    for black in blacks:
        call.store.execute(_REMOVE, (call.pid, user, black))
    return {}


@method("getblacks")
def get_blacks(call: Call) -> Answer:
    """Whom the user has blocked, in ascending order."""
    rows = call.store.execute(_BLACKS, (call.pid, uid(call.params, "uid")))
    return {"uids": [black for (black,) in rows]}


@method("isblack")
def is_black(call: Call) -> Answer:
    """Whether buid has blocked uid: uid cannot reach buid."""
    return {"ok": _has_blocked(call, uid(call.params, "buid"), uid(call.params, "uid"))}


@method("isblacks")
def are_black(call: Call) -> Answer:
    """Those of the users who have blocked uid, in the order asked for."""
    user, others = uid(call.params, "uid"), uids(call.params, "buids", MAX_BLACKS_PER_CALL)
    return {"buids": [other for other in others if _has_blocked(call, other, user)]}


def admit_to_users(call: Call, sender: int, receivers: list[int]) -> list[int]:
    """The receivers who have not blocked the sender: 200049 when none is left. All, where that is not enforced.

    It is always enforced for end users.
    """
    if not call.user and not call.settings.enforce_blacklist:
        return receivers
    left = [receiver for receiver in receivers if not _has_blocked(call, receiver, sender)]
    if not left:
        raise Refusal(RTM_ERROR.RTM_EC_BLOCKED_USER, f"user {sender} is blocked by the receiver")
    return left


def _has_blocked(call: Call, user: int, other: int) -> bool:
    return call.store.execute(_HAS_BLOCKED, (call.pid, user, other)).fetchone() is not None
