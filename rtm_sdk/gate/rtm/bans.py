"""Bans (mutes) of a user in one group or room, in all of them, or in the whole project."""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..refusal import Refusal
from .methods import Call
from .params import duration, int64, uid

__all__ = ["PROJECT_BAN", "PROJECT_BLACK", "add_ban", "admit_to_project", "is_banned", "remove_ban"]

PROJECT_BAN, PROJECT_BLACK = 5, 6
"""Kinds of bans beside those of groups and rooms, which are numbered as `MessageKind`."""

_EVERYWHERE = 0

_ADD = "INSERT OR REPLACE INTO bans (pid, kind, uid, xid, until) VALUES (?, ?, ?, ?, ?)"
_FORGET = "DELETE FROM bans WHERE pid = ? AND kind = ? AND uid = ? AND until <= ?"
_REMOVE_ALL = "DELETE FROM bans WHERE pid = ? AND kind = ? AND uid = ?"
_REMOVE = _REMOVE_ALL + " AND xid = ?"
_FIND = "SELECT 1 FROM bans WHERE pid = ? AND kind = ? AND uid = ? AND xid IN (0, ?) AND until > ? LIMIT 1"
_IN_PROJECT = "SELECT kind FROM bans WHERE pid = ? AND kind IN (5, 6) AND uid = ? AND xid = 0 AND until > ?"


def _where(call: Call, name: str | None) -> int:
    """The group or room of the call; absent or 0 is everywhere."""
    if name is None:
        return _EVERYWHERE
    where = int64(call.params, name, _EVERYWHERE)
    if where < 0:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"the parameter {name!r} must not be negative")
    return where


def add_ban(call: Call, kind: int, name: str | None = None) -> None:
    """Ban a user for ``btime`` seconds from now; a ban that they already have there is replaced.

    Args:
        call: has ``uid`` and ``btime``.
        kind: groups, rooms, `PROJECT_BAN` or `PROJECT_BLACK`.
        name: the parameter that names the group or room; None for the project.
    """
    where, user, seconds = _where(call, name), uid(call.params, "uid"), duration(call.params, "btime")
    now = call.store.now()
    call.store.execute(_FORGET, (call.pid, kind, user, now))
    call.store.execute(_ADD, (call.pid, kind, user, where, now + seconds * 1000))


def remove_ban(call: Call, kind: int, name: str | None = None) -> None:
    """Lift the ban in one group or room, or, everywhere, all bans of the user of that kind; arguments as in `add_ban`.

    A ban everywhere is not lifted in one place.
    """
    where, user = _where(call, name), uid(call.params, "uid")
    if where == _EVERYWHERE:
        call.store.execute(_REMOVE_ALL, (call.pid, kind, user))
    else:
        call.store.execute(_REMOVE, (call.pid, kind, user, where))


def is_banned(call: Call, kind: int, where: int, user: int) -> bool:
    """Whether the user is banned there, by a ban of that place or everywhere; in the project ``where`` is 0."""
    return call.store.execute(_FIND, (call.pid, kind, user, where, call.store.now())).fetchone() is not None


def admit_to_project(call: Call, sender: int) -> None:
    """Refuse a sender who is on the blacklist of the project or banned in it (200021).

    The service has no code of its own for this; 200024, which end users get, is about logging in.
    """
    found = call.store.execute(_IN_PROJECT, (call.pid, sender, call.store.now())).fetchone()
    if found is not None:
        how = "banned in" if found[0] == PROJECT_BAN else "on the blacklist of"
        raise Refusal(RTM_ERROR.RTM_EC_PERMISSION_DENIED, f"user {sender} is {how} the project")
