"""Checks of arguments that mean the same to both services: they raise at once and name the argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["filled", "flag", "integer", "listed", "mapping", "text"]


def text(argument: str, value: Any) -> str:
    """Check a text. It must be possible to encode it as UTF-8."""
    if not isinstance(value, str):
        raise TypeError(f"{argument} must be a str, not {type(value).__name__}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{argument} cannot be sent as UTF-8: {error.reason} at position {error.start}") from None
    return value


def filled(argument: str, value: Any) -> str:
    """Check a text that must not be empty."""
    if not text(argument, value):
        raise ValueError(f"{argument} must not be empty")
    return str(value)


def flag(argument: str, value: Any) -> bool:
    """Check a truth value."""
    if not isinstance(value, bool):
        raise TypeError(f"{argument} must be True or False, not {type(value).__name__}")
    return value


def integer(argument: str, value: Any) -> int:
    """Check an integer of whatever size."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{argument} must be an int, not {type(value).__name__}")
    return int(value)


def mapping(argument: str, value: Any) -> dict[str, Any]:
    """Check a mapping. What it holds is checked when the request is packed, which happens in the caller's thread."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{argument} must be a dict or another mapping, not {type(value).__name__}")
    return dict(value)


def listed(argument: str, values: Any, of: str) -> list[Any]:
    """Check a list: any iterable that is not a text, bytes or a mapping.

    Args:
        argument: the argument.
        values: what was given.
        of: what it holds, for the error.
    """
    if isinstance(values, (str, bytes, bytearray, memoryview, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(f"{argument} must be a list or another iterable of {of}, not {type(values).__name__}")
    return list(values)
