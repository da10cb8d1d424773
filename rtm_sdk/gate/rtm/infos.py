"""The two texts, public and private, that a group or room carries."""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..store import MessageKind, Text
from .methods import Answer, Call
from .params import Refusal, positive, size, text

__all__ = ["get_info", "set_info"]

MAX_INFO = 65535
"""Bytes of one text; more is refused as 200034."""

_SET = """INSERT INTO infos (pid, kind, xid, oinfo, pinfo)
VALUES (:pid, :kind, :xid, coalesce(:oinfo, ''), coalesce(:pinfo, ''))
ON CONFLICT (pid, kind, xid) DO UPDATE SET oinfo = coalesce(:oinfo, oinfo), pinfo = coalesce(:pinfo, pinfo)"""
_GET = "SELECT oinfo, pinfo FROM infos WHERE pid = ? AND kind = ? AND xid = ?"


def set_info(call: Call, kind: MessageKind, name: str) -> None:
    """Set ``oinfo`` and ``pinfo``: an absent one stays, an empty one is cleared.

    Args:
        call: the call.
        kind: groups or rooms.
        name: the parameter that names the group or room.
    """
    values = {
        "pid": call.pid,
        "kind": kind,
        "xid": positive(call.params, name),
        "oinfo": _info(call, "oinfo"),
        "pinfo": _info(call, "pinfo"),
    }
    call.store.execute(_SET, values)


def _info(call: Call, name: str) -> Text | None:
    if name not in call.params:
        return None
    info = text(call.params, name)
    if size(info) > MAX_INFO:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"{name} has {size(info)} bytes, the limit is {MAX_INFO}")
    return info


def get_info(call: Call, kind: MessageKind, name: str) -> Answer:
    """Both texts, empty when never set; arguments as in `set_info`."""
    row = call.store.execute(_GET, (call.pid, kind, positive(call.params, name))).fetchone()
    oinfo, pinfo = row or ("", "")
    return {"oinfo": oinfo, "pinfo": pinfo}
