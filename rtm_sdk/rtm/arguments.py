"""Checks of what the caller passes: `TypeError` or `ValueError` at once, naming the argument.

Only what the wire cannot carry is refused here. What the service allows is the service's business, and its error
codes say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["body", "file_mtype", "flag", "ids", "info", "int8", "int16", "int32", "int64", "mtype", "mtypes", "text"]

_INT64_MIN, _INT64_MAX = -(1 << 63), (1 << 63) - 1


def int64(name: str, value: Any) -> int:
    """Check an id, a time or another 64 bit integer."""
    if type(value) is int and _INT64_MIN <= value <= _INT64_MAX:  # every call comes here, so the usual case is first
        return value
    return _integer(name, value, _INT64_MIN, _INT64_MAX)


def int32(name: str, value: Any) -> int:
    """Check a number of seconds or another 32 bit integer."""
    return _integer(name, value, -(1 << 31), (1 << 31) - 1)


def int16(name: str, value: Any) -> int:
    """Check a number of history rows or another 16 bit integer."""
    return _integer(name, value, -(1 << 15), (1 << 15) - 1)


def int8(name: str, value: Any) -> int:
    """Check the kind of a conversation or another 8 bit integer."""
    return _integer(name, value, -(1 << 7), (1 << 7) - 1)


def mtype(name: str, value: Any) -> int:
    """Check a message type."""
    if type(value) is int and 0 <= value <= 127:
        return value
    return _integer(name, value, 0, 127)


def file_mtype(name: str, value: Any) -> int:
    """Check the message type of a file."""
    return _integer(name, value, 40, 50)


def ids(name: str, values: Any) -> list[int]:
    """Check a list of ids: any iterable of integers that is not a text, bytes or a mapping."""
    found = _list(name, values)
    for index, value in enumerate(found):
        if type(value) is not int or not _INT64_MIN <= value <= _INT64_MAX:
            found[index] = int64(f"{name}[{index}]", value)
    return found


def mtypes(name: str, values: Any) -> list[int]:
    """Check a list of message types."""
    return [mtype(f"{name}[{index}]", value) for index, value in enumerate(_list(name, values))]


def text(name: str, value: Any) -> str:
    """Check a text. It must be possible to encode it as UTF-8."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"{name} cannot be sent as UTF-8: {error.reason} at position {error.start}") from None
    return value


def body(name: str, value: Any) -> str | bytes:
    """Check the body of a message: text, or bytes that travel as binary."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str or bytes, not {type(value).__name__}")
    return text(name, value)


def flag(name: str, value: Any) -> bool:
    """Check a truth value."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {type(value).__name__}")
    return value


def info(oinfo: str | None, pinfo: str | None) -> dict[str, str]:
    """Check the two texts of a group, a room or a user, and leave out what is None. One must be given."""
    given = {name: text(name, value) for name, value in (("oinfo", oinfo), ("pinfo", pinfo)) if value is not None}
    if not given:
        raise ValueError("oinfo or pinfo must be given; an empty text clears")
    return given


def _integer(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low} to {high}, not {value}")
    return int(value)


def _list(name: str, values: Any) -> list[Any]:
    if isinstance(values, (str, bytes, bytearray, memoryview, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a list or another iterable of integers, not {type(values).__name__}")
    return list(values)
