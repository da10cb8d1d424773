"""Reading JSON bodies as proto3 does: either spelling of a name, enums as names or numbers, null for absent.

A `Schema` names the fields of an object and how each is read::

    GROUP = {"name": text}
    MEMBERSHIP = {"groupMember": record(GROUP), "role": enum("ROLE_MEMBER", ...), "state": ignored}
    body = read(MEMBERSHIP, {"group_member": {"name": "groups/1"}})

What is read has camelCase names only, and no field that was null or that only the server sets.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

from .times import duration as _duration
from .times import instant

__all__ = [
    "InvalidField",
    "Schema",
    "boolean",
    "camel_case",
    "content",
    "duration",
    "enum",
    "ignored",
    "int32",
    "many",
    "read",
    "record",
    "text",
    "timestamp",
]

MAX_DEPTH = 50
"""How deep objects may be nested."""

_MAX_INT32 = 2**31 - 1


class InvalidField(ValueError):
    """A field of a request that is wrong.

    Attributes:
        field: its path, such as ``space.displayName``.
        text: what is wrong with it, for people.
    """

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field}: {text}" if field else text)
        self.field = field
        self.text = text


Kind = Callable[[Any, str], Any]
"""Reads a value that is not null; gets the value and its path, returns it or `_ABSENT`, raises `InvalidField`."""

Schema = Mapping[str, Kind]
"""The camelCase names of an object's fields, and how each is read."""

_ABSENT = object()


def read(schema: Schema, value: Any, path: str = "") -> dict[str, Any]:
    """Read an object.

    Args:
        schema: its fields.
        value: the parsed JSON.
        path: where it is in the body.

    Raises:
        InvalidField: it is no object, or a field is unknown, given twice, or wrong.
    """
    if not isinstance(value, dict):
        raise InvalidField(path, f"must be an object, not {_what(value)}")
    if path.count(".") > MAX_DEPTH:
        raise InvalidField(path[:100], "is nested too deep")
    found: dict[str, Any] = {}
    for key, given in value.items():
        name = key if key in schema else camel_case(key)
        where = f"{path}.{name}" if path else name
        kind = schema.get(name)
        if kind is None:
            raise InvalidField(f"{path}.{key[:64]}" if path else key[:64], "there is no such field")
        if name in found:
            raise InvalidField(where, "is given twice")
        if given is None:
            continue
        converted = kind(given, where)
        if converted is not _ABSENT:
            found[name] = converted
    return found


def camel_case(name: str) -> str:
    """The camelCase spelling of a name: ``update_mask`` is ``updateMask``."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def _what(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list", dict: "an object"}
    return names[type(value)]


def text(value: Any, path: str) -> str:
    """A string."""
    if not isinstance(value, str):
        raise InvalidField(path, f"must be a text, not {_what(value)}")
    return value


def boolean(value: Any, path: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise InvalidField(path, f"must be true or false, not {_what(value)}")
    return value


def int32(value: Any, path: str) -> int:
    """A number without fraction of 32 bits, also as a text."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,10}", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int or not -_MAX_INT32 - 1 <= value <= _MAX_INT32:
        raise InvalidField(path, "must be a whole number of 32 bits")
    return value


def timestamp(value: Any, path: str) -> int:
    """An RFC 3339 time; read as microseconds since 1970 UTC."""
    try:
        return instant(text(value, path)) // 1000
    except InvalidField:
        raise
    except ValueError as fault:
        raise InvalidField(path, str(fault)) from None


def duration(value: Any, path: str) -> int:
    """A duration such as ``3600s``; read as microseconds."""
    try:
        return _duration(text(value, path))
    except InvalidField:
        raise
    except ValueError as fault:
        raise InvalidField(path, str(fault)) from None


def content(value: Any, path: str) -> bytes:
    """Bytes in base64, of the standard or the URL alphabet, padded or not."""
    given = text(value, path).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(given + "=" * (-len(given) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidField(path, "must be base64") from None


def ignored(value: Any, path: str) -> Any:
    """A field that only the server sets: whatever is given counts as absent."""
    return _ABSENT


def enum(*names: str) -> Kind:
    """One of some names, or its number.

    Args:
        names: in the order of their numbers; the first one, 0, is what an absent field means.
    """

    def kind(value: Any, path: str) -> Any:
        if type(value) is int and 0 <= value < len(names):
            value = names[value]
        if not isinstance(value, str) or value not in names:
            raise InvalidField(path, f"must be one of {', '.join(names[1:])}")
        return _ABSENT if value == names[0] else value

    return kind


def record(schema: Schema) -> Kind:
    """An object."""
    return lambda value, path: read(schema, value, path)


def many(kind: Kind) -> Kind:
    """A list of things of one kind."""

    def each(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise InvalidField(path, f"must be a list, not {_what(value)}")
        found = []
        for number, item in enumerate(value):
            where = f"{path}[{number}]"
            if item is None:
                raise InvalidField(where, "must not be null")
            found.append(kind(item, where))
        return found

    return each
