"""Schemas of whole resources for `bodies.read`, made of the types the client offers to its users."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

from ...googlechat import resources
from .bodies import InvalidField, Kind, Schema, boolean, enum, ignored, int32, many, read, text

__all__ = ["schema_of"]

_INT64 = ("commandId", "valueMsEpoch")
"""The fields that are numbers of 64 bits, and travel as text."""


def schema_of(resource: str, *, server_sets: Collection[str] = ()) -> Schema:
    """The schema of a resource.

    Args:
        resource: its name in ``rtm_sdk/googlechat/resources.py``.
        server_sets: the fields that are ignored, since only the server sets them.
    """
    schema = _schema(getattr(resources, resource))
    return {name: ignored if name in server_sets else kind for name, kind in schema.items()}


@cache
def _schema(resource: type) -> Schema:
    return {name: _int64 if name in _INT64 else _kind(hint) for name, hint in get_type_hints(resource).items()}


def _kind(hint: Any) -> Kind:
    if hint is str:
        return text
    if hint is bool:
        return boolean
    if hint is int:
        return int32
    if hint is float:
        return _number
    if get_origin(hint) is Literal:
        return enum(*get_args(hint))
    if get_origin(hint) is list:
        return many(_kind(get_args(hint)[0]))
    if is_typeddict(hint):
        return lambda value, path: read(_schema(hint), value, path)
    return _anything


def _int64(value: Any, path: str) -> str:
    try:
        number = int(text(str(value) if type(value) is int else value, path))
    except InvalidField:
        raise
    except ValueError:
        raise InvalidField(path, "must be a whole number") from None
    if not -(2**63) <= number < 2**63:
        raise InvalidField(path, "must be a number of 64 bits")
    return str(number)


def _number(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidField(path, "must be a number")
    return value


def _anything(value: Any, path: str) -> Any:
    return value
