"""Reading the parameters of a quest: present, of the right type, in range. What is wrong becomes the error answer."""

from __future__ import annotations

from typing import Any

from ...errors import FPNN_ERROR, RTM_ERROR
from ..refusal import Refusal
from ..store import MessageKind, Text

__all__ = [
    "body",
    "boolean",
    "count_of",
    "duration",
    "ids",
    "int8",
    "int16",
    "int32",
    "int64",
    "kind_and_xid",
    "media",
    "mtypes",
    "positive",
    "required",
    "size",
    "span",
    "string",
    "strings",
    "text",
    "uid",
    "uids",
]

MAX_IDS = 1000
"""How many ids a list may hold where the service does not publish a limit."""

_MISSING = FPNN_ERROR.FPNN_EC_PROTO_KEY_NOT_FOUND
_TYPE = FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT
_INVALID = RTM_ERROR.RTM_EC_INVALID_PARAMETER
_TOO_MANY = RTM_ERROR.RTM_EC_TOO_MANY_ITEMS_IN_PARAMETERS
_URL, _CONTENT = 1, 2


def required(params: dict[str, Any], name: str) -> Any:
    """A parameter of any type."""
    try:
        return params[name]
    except KeyError:
        raise Refusal(_MISSING, f"the parameter {name!r} is missing") from None


def _wrong(name: str, wanted: str, value: Any) -> Refusal:
    return Refusal(_TYPE, f"the parameter {name!r} must be {wanted}, not {type(value).__name__}")


def _integer(params: dict[str, Any], name: str, bits: int, default: int | None) -> int:
    value = params.get(name, default) if default is not None else required(params, name)
    if type(value) is not int:
        raise _wrong(name, f"an int{bits}", value)
    if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
        raise Refusal(_TYPE, f"the parameter {name!r} does not fit into an int{bits}")
    return value


def int64(params: dict[str, Any], name: str, default: int | None = None) -> int:
    """An int64; optional when a default is given."""
    value = params.get(name, default)
    if type(value) is int and -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
        return value
    return _integer(params, name, 64, default)


def int32(params: dict[str, Any], name: str, default: int | None = None) -> int:
    """An int32; optional when a default is given."""
    return _integer(params, name, 32, default)


def int16(params: dict[str, Any], name: str) -> int:
    """An int16."""
    return _integer(params, name, 16, None)


def int8(params: dict[str, Any], name: str) -> int:
    """An int8."""
    return _integer(params, name, 8, None)


def uid(params: dict[str, Any], name: str) -> int:
    """A user: 200001 unless positive."""
    value = int64(params, name)
    if value <= 0:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PID_OR_UID, f"the parameter {name!r} is no user id: {value}")
    return value


def positive(params: dict[str, Any], name: str) -> int:
    """An id of a group, room or message: 200034 unless positive."""
    return _above_zero(name, int64(params, name))


def duration(params: dict[str, Any], name: str) -> int:
    """Seconds, int32: 200034 unless positive."""
    return _above_zero(name, int32(params, name))


def count_of(params: dict[str, Any], name: str, most: int) -> int:
    """How many rows are wanted, int16: 200034 unless positive; more than the most is cut to it."""
    return min(_above_zero(name, int16(params, name)), most)


def _above_zero(name: str, value: int) -> int:
    if value <= 0:
        raise Refusal(_INVALID, f"the parameter {name!r} must be positive, not {value}")
    return value


def boolean(params: dict[str, Any], name: str, default: bool | None = None) -> bool:
    """A real boolean; 0 and 1 are not. Optional when a default is given."""
    value = params.get(name, default) if default is not None else required(params, name)
    if type(value) is not bool:
        raise _wrong(name, "a bool", value)
    return value


def text(params: dict[str, Any], name: str, most: int | None = None) -> Text:
    """A text, from str or bin; stays bytes when it is not UTF-8. 200032 when it has more bytes than the most."""
    value = _text(name, required(params, name))
    if most is not None and size(value) > most:
        raise Refusal(_TOO_MANY, f"the parameter {name!r} has {size(value)} bytes, the limit is {most}")
    return value


def _text(name: str, value: Any) -> Text:
    if type(value) is str:
        return value
    if type(value) is not bytes:
        raise _wrong(name, "a string", value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def string(params: dict[str, Any], name: str, default: str | None = None) -> str:
    """A text that is UTF-8: 200034 when it is not. Optional when a default is given."""
    value = text(params, name) if default is None or name in params else default
    if isinstance(value, bytes):
        raise Refusal(_INVALID, f"the parameter {name!r} is not UTF-8")
    return value


def strings(params: dict[str, Any], name: str) -> dict[str, Text]:
    """A map from names to texts: 200032 when it has too many."""
    values = required(params, name)
    if type(values) is not dict:
        raise _wrong(name, "a map", values)
    _check_number(name, len(values), MAX_IDS)
    for key in values:
        if type(key) is not str:
            raise _wrong(name, "a map with names of strings; it holds", key)
    return {key: _text(name, value) for key, value in values.items()}


def body(params: dict[str, Any], name: str) -> Text:
    """A message body: str stays str, bin stays bin."""
    value = required(params, name)
    if type(value) is not str and type(value) is not bytes:
        raise _wrong(name, "a string or binary", value)
    return value


def media(params: dict[str, Any], name: str) -> Text:
    """A picture, sound or film: its URL as str when ``type`` is 1, its content as bytes when ``type`` is 2.

    200034 for another type or a URL that is not UTF-8, 200033 when it is empty.
    """
    value, where = body(params, name), int32(params, "type")
    if where not in (_URL, _CONTENT):
        raise Refusal(_INVALID, f"the parameter 'type' must be 1 (URL) or 2 (content), not {where}")
    if not value:
        raise Refusal(RTM_ERROR.RTM_EC_EMPTY_PARAMETER, f"the parameter {name!r} is empty")
    if where == _URL:
        return string(params, name)
    return value.encode() if isinstance(value, str) else value


def size(value: Text) -> int:
    """Bytes on the wire."""
    return len(value) if type(value) is bytes or value.isascii() else len(value.encode())  # type: ignore[union-attr]


def _integers(params: dict[str, Any], name: str, most: int) -> list[int]:
    values = required(params, name)
    if type(values) is dict:  # Go repeats id lists as maps keyed by the id
        values = [int(key) if type(key) is str and key.isascii() and key.isdigit() else key for key in values]
    if type(values) is not list:
        raise _wrong(name, "a list", values)
    _check_number(name, len(values), most)
    for value in values:
        if type(value) is not int:
            raise _wrong(name, "a list of integers; it holds", value)
    return values


def _check_number(name: str, number: int, most: int) -> None:
    if number > most:
        raise Refusal(_TOO_MANY, f"the parameter {name!r} holds {number} items, the limit is {most}")


def ids(params: dict[str, Any], name: str, most: int = MAX_IDS) -> list[int]:
    """A list of groups or rooms, each once: 200033 when empty, 200032 when too long, 200034 unless all are positive."""
    return _positive(params, name, most, _INVALID)


def uids(params: dict[str, Any], name: str, most: int = MAX_IDS) -> list[int]:
    """A list of users, each once: 200033 when empty, 200032 when too long, 200001 unless all are positive."""
    return _positive(params, name, most, RTM_ERROR.RTM_EC_INVALID_PID_OR_UID)


def _positive(params: dict[str, Any], name: str, most: int, code: int) -> list[int]:
    values = _integers(params, name, most)
    if not values:
        raise Refusal(RTM_ERROR.RTM_EC_EMPTY_PARAMETER, f"the parameter {name!r} is empty")
    for value in values:
        if not 0 < value <= 0x7FFFFFFFFFFFFFFF:
            raise Refusal(code, f"the parameter {name!r} holds {value}, which is no id")
    return list(dict.fromkeys(values))


def mtypes(params: dict[str, Any], name: str = "mtypes") -> tuple[int, ...]:
    """The types something is restricted to; empty, as when absent, is all."""
    if name not in params:
        return ()
    values = _integers(params, name, 256)
    for value in values:
        if not -128 <= value <= 127:
            raise Refusal(_TYPE, f"the parameter {name!r} holds {value}, which does not fit into an int8")
    return tuple(dict.fromkeys(values))


def span(params: dict[str, Any], default: int | None = 0) -> tuple[int, int]:
    """The inclusive time range ``begin``..``end``, ms; 0 is no bound. Optional unless the default is None."""
    begin, end = int64(params, "begin", default), int64(params, "end", default)
    if begin < 0 or end < 0:
        raise Refusal(_INVALID, "the parameters 'begin' and 'end' must not be negative")
    return begin, end


def kind_and_xid(params: dict[str, Any]) -> tuple[MessageKind, int]:
    """The kind of conversation (``type``) and its target (``xid``), 0 for broadcasts."""
    number = int8(params, "type")
    if not 1 <= number <= 4:
        raise Refusal(_INVALID, f"the parameter 'type' must be 1 to 4, not {number}")
    kind = MessageKind(number)
    if kind == MessageKind.P2P:
        return kind, uid(params, "xid")
    if kind != MessageKind.BROADCAST:
        return kind, positive(params, "xid")
    if int64(params, "xid") != 0:
        raise Refusal(_INVALID, "the parameter 'xid' of a broadcast must be 0")
    return kind, 0
