"""How commands show messages: as text for people, as JSON for programs."""

from __future__ import annotations

import base64
import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO

from ..terminal import one_line, size

if TYPE_CHECKING:
    from ..rtm.results import HistoryMessage, RTMMessage

__all__ = ["body_text", "json_line", "message_object", "time_text", "type_text"]

_TYPES = {30: "chat", 31: "audio chat", 32: "cmd", 40: "image", 41: "audio", 42: "video"}


def time_text(msec: int) -> str:
    """A time in ms UTC, in the zone of this machine."""
    try:
        return datetime.fromtimestamp(msec / 1000).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return str(msec)


def type_text(mtype: int) -> str:
    """A message type in words; custom ones as a number."""
    return _TYPES.get(mtype) or ("file" if 40 <= mtype <= 50 else str(mtype))


def body_text(message: HistoryMessage | RTMMessage) -> str:
    """What a message says, on one line: of a file, where it is and its size."""
    if message.file_info is not None:
        return f"{one_line(message.file_info.url)} ({size(message.file_info.size)})"
    body = message.message
    if isinstance(body, bytes):
        return f"({size(len(body))} of binary data)"
    if isinstance(body, dict):
        return one_line(str(body.get("sourceText", body)))
    return one_line(body)


def message_object(kind: str, message: HistoryMessage | RTMMessage) -> dict[str, Any]:
    """A message with the field names of the SDK, and the kind of its conversation: p2p, group, room, broadcast."""
    return {"kind": kind, **message._asdict()}


def json_line(value: Any, out: TextIO | None = None) -> str:
    """A value as JSON on one line. Bytes become `{"base64": "..."}`.

    Args:
        value: what was answered.
        out: where it will be printed; the current `sys.stdout` when left out.
    """
    encoding = getattr(out or sys.stdout, "encoding", None) or "utf-8"
    line = json.dumps(_plain(value), ensure_ascii=not encoding.lower().startswith("utf"), default=str)
    # What does not print stands in texts only. It could end the line for some readers, or steer a terminal.
    return (
        line if line.isprintable() else "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
