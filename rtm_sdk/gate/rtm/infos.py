"""The two texts, public and private, that a user, group or room carries."""

from __future__ import annotations

from ..store import MessageKind, Text
from .methods import Answer, Call
from .params import positive, text, uid

__all__ = ["get_info", "set_info"]

MAX_INFO = 65535
"""Bytes of one text; more is refused as 200032."""

_SET = """INSERT INTO infos (pid, kind, xid, oinfo, pinfo)
VALUES (:pid, :kind, :xid, coalesce(:oinfo, ''), coalesce(:pinfo, ''))
ON CONFLICT (pid, kind, xid) DO UPDATE SET oinfo = coalesce(:oinfo, oinfo), pinfo = coalesce(:pinfo, pinfo)"""
_GET = "SELECT oinfo, pinfo FROM infos WHERE pid = ? AND kind = ? AND xid = ?"


def set_info(call: Call, kind: MessageKind, name: str) -> None:
    """Set ``oinfo`` and ``pinfo``: an absent one stays, an empty one is cleared.

    Args:
        call: the call.
        kind: users (P2P), groups or rooms.
        name: the parameter that names the user, group or room.
    """
    values = {
        "pid": call.pid,
        "kind": kind,
        "xid": _owner(call, kind, name),
        "oinfo": _info(call, "oinfo"),
        "pinfo": _info(call, "pinfo"),
    }
    call.store.execute(_SET, values)


def _owner(call: Call, kind: MessageKind, name: str) -> int:
    return uid(call.params, name) if kind == MessageKind.P2P else positive(call.params, name)


def _info(call: Call, name: str) -> Text | None:
    return text(call.params, name, MAX_INFO) if name in call.params else None


def get_info(call: Call, kind: MessageKind, name: str) -> Answer:
    """Both texts, empty when never set; arguments as in `set_info`."""
    row = call.store.execute(_GET, (call.pid, kind, _owner(call, kind, name))).fetchone()
    oinfo, pinfo = row or ("", "")
    return {"oinfo": oinfo, "pinfo": pinfo}
