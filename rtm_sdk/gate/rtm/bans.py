"""Bans (mutes) of a user in one group or room, or in all of them."""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..store import MessageKind
from .methods import Call
from .params import Refusal, duration, int64, uid

__all__ = ["add_ban", "is_banned", "remove_ban"]

_EVERYWHERE = 0

_ADD = "INSERT OR REPLACE INTO bans (pid, kind, uid, xid, until) VALUES (?, ?, ?, ?, ?)"
_FORGET = "DELETE FROM bans WHERE pid = ? AND kind = ? AND uid = ? AND until <= ?"
_REMOVE_ALL = "DELETE FROM bans WHERE pid = ? AND kind = ? AND uid = ?"
_REMOVE = _REMOVE_ALL + " AND xid = ?"
_FIND = "SELECT 1 FROM bans WHERE pid = ? AND kind = ? AND uid = ? AND xid IN (0, ?) AND until > ? LIMIT 1"


def _where(call: Call, name: str) -> int:
    """The group or room of the call; absent or 0 is everywhere."""
    where = int64(call.params, name, _EVERYWHERE)
    if where < 0:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"the parameter {name!r} must not be negative")
    return where


def add_ban(call: Call, kind: MessageKind, name: str) -> None:
    """Ban a user for ``btime`` seconds from now; a ban that he has there already is replaced.

    Args:
        call: has ``uid`` and ``btime``.
        kind: groups or rooms.
        name: the parameter that names the group or room.
    """
    where, user, seconds = _where(call, name), uid(call.params, "uid"), duration(call.params, "btime")
    now = call.store.now()
    call.store.execute(_FORGET, (call.pid, kind, user, now))
    call.store.execute(_ADD, (call.pid, kind, user, where, now + seconds * 1000))


def remove_ban(call: Call, kind: MessageKind, name: str) -> None:
    """Lift the ban in one group or room, or, everywhere, all bans of the user of that kind; arguments as in `add_ban`.

    A ban everywhere is not lifted in one place.
    """
    where, user = _where(call, name), uid(call.params, "uid")
    if where == _EVERYWHERE:
        call.store.execute(_REMOVE_ALL, (call.pid, kind, user))
    else:
        call.store.execute(_REMOVE, (call.pid, kind, user, where))


def is_banned(call: Call, kind: MessageKind, where: int, user: int) -> bool:
    """Whether the user is banned there, by a ban of that place or everywhere."""
    return call.store.execute(_FIND, (call.pid, kind, user, where, call.store.now())).fetchone() is not None
