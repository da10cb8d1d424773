"""Checks of what the caller passes: `TypeError` or `ValueError` at once, naming the argument.

Only what the wire cannot carry, and what contradicts itself, is refused here. What the service allows is the service's
business, and its error codes say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from .results import MediaType

__all__ = [
    "body",
    "file_mtype",
    "flag",
    "ids",
    "info",
    "int8",
    "int16",
    "int32",
    "int64",
    "media",
    "mtype",
    "mtypes",
    "optional",
    "speech",
    "text",
    "text_map",
    "texts",
    "user",
]

V = TypeVar("V")

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


def texts(name: str, values: Any) -> list[str]:
    """Check a list of texts."""
    return [text(f"{name}[{index}]", value) for index, value in enumerate(_list(name, values, "texts"))]


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
    if type(value) is str and value.isascii():
        return value
    if isinstance(value, bytes):
        return value
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str or bytes, not {type(value).__name__}")
    return text(name, value)


def text_map(name: str, values: Any) -> dict[str, str]:
    """Check a map of texts."""
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} must be a dict or another mapping of texts, not {type(values).__name__}")
    return {text(f"a key of {name}", key): text(f"{name}[{key!r}]", value) for key, value in values.items()}


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


def user(uid: Any) -> dict[str, int]:
    """Check the user whom a call concerns."""
    return {"uid": int64("uid", uid)}


def optional(name: str, value: Any, check: Callable[[str, Any], V], key: str = "") -> dict[str, V]:
    """Check what may be left out, and leave it out when it is None.

    Args:
        name: the argument.
        value: what was given.
        check: one of the functions here.
        key: what the wire calls it, if not the same.
    """
    return {} if value is None else {key or name: check(name, value)}


def media(name: str, value: Any, media_type: Any) -> dict[str, Any]:
    """Check an image, audio or video: a `str` is its address, `bytes` are its content.

    Args:
        name: the argument; that of the type has the same name with `_type`.
        value: what was given.
        media_type: the `MediaType` that was given.
    """
    number = int32(f"{name}_type", media_type)
    found = body(name, value)
    if number == MediaType.URL and isinstance(found, bytes):
        raise TypeError(f"{name} must be a str, the address, when {name}_type is 1; it is bytes")
    if number == MediaType.CONTENT and isinstance(found, str):
        raise TypeError(f"{name} must be bytes, the content, when {name}_type is 2; it is a str")
    return {name: found, "type": number}


def speech(audio: Any, audio_type: Any, lang: Any, codec: Any, srate: Any, uid: Any) -> dict[str, Any]:
    """Check speech and what must be known of it."""
    return {
        **media("audio", audio, audio_type),
        "lang": text("lang", lang),
        **optional("codec", codec, text),
        **optional("srate", srate, int32),
        **optional("uid", uid, int64),
    }


def _integer(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low} to {high}, not {value}")
    return int(value)


def _list(name: str, values: Any, of: str = "integers") -> list[Any]:
    if isinstance(values, (str, bytes, bytearray, memoryview, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a list or another iterable of {of}, not {type(values).__name__}")
    return list(values)
