"""Typed reading of answers. What is missing or of the wrong type fails the call with an error code.

Every reader takes a container and a key: the map of an answer and a name, or a row and an index.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..calling import Operation
from ..errors import FPNN_ERROR, CallFailed, ErrorCode
from .quests import Quest

__all__ = [
    "array",
    "body",
    "flag",
    "id_map",
    "ids",
    "int8",
    "int16",
    "int32",
    "int64",
    "mtime_of",
    "mtypes",
    "numbers",
    "text",
    "text_map",
    "texts",
    "wrong_type",
]

V = TypeVar("V")


def int64(container: Any, key: str | int) -> int:
    """Read an id, a time in ms or another 64 bit integer."""
    return _integer(container, key, 63)


def int32(container: Any, key: str | int) -> int:
    """Read a count or another 32 bit integer."""
    return _integer(container, key, 31)


def int16(container: Any, key: str | int) -> int:
    """Read a number of rows or another 16 bit integer."""
    return _integer(container, key, 15)


def int8(container: Any, key: str | int) -> int:
    """Read a message type or another 8 bit integer."""
    return _integer(container, key, 7)


def text(container: Any, key: str | int) -> str:
    """Read a text. Some SDKs send it as binary; bytes that are not UTF-8 are kept as `\\xNN`."""
    value = _value(container, key)
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    raise wrong_type(key, value, "text")


def body(container: Any, key: str | int) -> str | bytes:
    """Read the body of a message: text or bytes, as it came."""
    value = _value(container, key)
    if isinstance(value, (str, bytes)):
        return value
    raise wrong_type(key, value, "text or bytes")


def flag(container: Any, key: str | int) -> bool:
    """Read a truth value; the integers 0 and 1 count as well."""
    value = _value(container, key)
    if value in (0, 1) and isinstance(value, int):
        return bool(value)
    raise wrong_type(key, value, "a boolean")


def array(container: Any, key: str | int) -> list[Any]:
    """Read an array, whatever its elements are."""
    value = _value(container, key)
    if isinstance(value, (list, tuple)):
        return list(value)
    raise wrong_type(key, value, "an array")


def ids(container: Any, key: str | int) -> list[int]:
    """Read a list of ids."""
    values = array(container, key)
    return [int64(values, index) for index in range(len(values))]


def mtypes(container: Any, key: str | int) -> list[int]:
    """Read a list of message types."""
    values = array(container, key)
    return [int8(values, index) for index in range(len(values))]


def numbers(container: Any, key: str | int) -> list[int]:
    """Read a list of numbers, which are decimal texts on the wire."""
    return [_decimal(key, value, "an array of numbers") for value in array(container, key)]


def texts(container: Any, key: str | int) -> list[str]:
    """Read a list of texts."""
    values = array(container, key)
    return [text(values, index) for index in range(len(values))]


def text_map(container: Any, key: str | int) -> dict[str, str]:
    """Read a map of texts."""
    values = _value(container, key)
    if not isinstance(values, dict):
        raise wrong_type(key, values, "a map")
    return {text([each], 0): text(values, each) for each in values}


def id_map(container: Any, key: str | int, read: Callable[[Any, Any], V]) -> dict[int, V]:
    """Read a map that is keyed by ids, which are decimal texts on the wire.

    Args:
        container: the answer.
        key: where the map is.
        read: the reader for its values.
    """
    values = _value(container, key)
    if not isinstance(values, dict):
        raise wrong_type(key, values, "a map")
    return {_decimal(key, each, "a map with ids as keys"): read(values, each) for each in values}


def mtime_of(answer: Any, mid: int, from_uid: int, kind: int, xid: int) -> Operation[int]:
    """Read when the service accepted a message, ms UTC.

    The confirmation of a repeated send does not tell it. Then the stored message is asked for it, and the result is 0
    if there is none: the message itself did arrive.
    """
    if "mtime" in answer:
        return int64(answer, "mtime")
    try:
        stored = yield Quest("getmsg", {"mid": mid, "from": from_uid, "xid": xid, "type": kind}, repeatable=True)
        return int64(stored, "mtime")
    except CallFailed:
        return 0


def wrong_type(key: str | int, value: Any, expected: str) -> CallFailed:
    """The failure of a call whose answer holds something unexpected. It names place and types, not the value."""
    message = f"{_place(key)} in the answer must be {expected}, not {type(value).__name__}"
    return CallFailed(ErrorCode(FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT, message))


def _value(container: Any, key: str | int) -> Any:
    try:
        return container[key]
    except (KeyError, IndexError):
        message = f"{_place(key)} is missing in the answer"
        raise CallFailed(ErrorCode(FPNN_ERROR.FPNN_EC_PROTO_KEY_NOT_FOUND, message)) from None


def _place(key: str | int) -> str:
    return repr(key) if isinstance(key, str) else f"element {key}"


def _integer(container: Any, key: str | int, bits: int) -> int:
    value = _value(container, key)
    if type(value) is int and -(1 << bits) <= value < 1 << bits:
        return value
    raise wrong_type(key, value, f"an int{bits + 1}")


def _decimal(key: str | int, found: Any, expected: str) -> int:
    try:
        return _integer([int(found) if isinstance(found, (str, bytes)) else found], 0, 63)
    except (ValueError, CallFailed):
        raise wrong_type(key, found, expected) from None
