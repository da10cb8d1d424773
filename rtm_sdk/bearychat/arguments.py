"""Checks of the arguments of operations. They raise at once, in the caller's thread, and name the argument."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

__all__ = [
    "attachments",
    "count",
    "filled",
    "flag",
    "identifier",
    "identifiers",
    "ids",
    "key",
    "milliseconds",
    "optional",
    "page_size",
    "text",
]

V = TypeVar("V")

_KEY = re.compile(r"[0-9]+\.[0-9]{4}", re.ASCII)
_INT64_MIN, _INT64_MAX = -(1 << 63), (1 << 63) - 1
_ATTACHMENT_TEXTS = ("title", "text", "url", "color")


def text(name: str, value: Any) -> str:
    """Check a text. It must be possible to encode it as UTF-8."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{name} cannot be sent as UTF-8: {error.reason} at position {error.start}") from None
    return value


def filled(name: str, value: Any) -> str:
    """Check a text that must not be empty."""
    if not text(name, value):
        raise ValueError(f"{name} must not be empty")
    return str(value)


def identifier(name: str, value: Any) -> str:
    """Check an id."""
    return filled(name, value)


def ids(**values: Any) -> dict[str, str]:
    """Check ids, each under the name of its argument."""
    return {name: identifier(name, value) for name, value in values.items()}


def identifiers(name: str, values: Any) -> list[str]:
    """Check a list of ids: any iterable of texts that is not itself a text or a mapping."""
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a list or another iterable of ids, not {type(values).__name__}")
    return [identifier(f"{name}[{index}]", value) for index, value in enumerate(values)]


def key(name: str, value: Any) -> str:
    """Check a message key: milliseconds, a full stop, four digits."""
    if not _KEY.fullmatch(text(name, value)):
        raise ValueError(f"{name} must be a message key such as '1485236262366.0193', not {value!r}")
    return str(value)


def flag(name: str, value: Any) -> bool:
    """Check a truth value."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {type(value).__name__}")
    return value


def milliseconds(name: str, value: Any) -> int:
    """Check a time in ms."""
    return _integer(name, value, _INT64_MIN, _INT64_MAX)


def count(name: str, value: Any) -> int:
    """Check a number of messages."""
    return _integer(name, value, 0, 100)


def page_size(name: str, value: Any) -> int:
    """Check a number of messages in one request."""
    return _integer(name, value, 1, 100)


def attachments(name: str, values: Any) -> list[dict[str, Any]]:
    """Check a list of attachments: each is a mapping with a title or a text; members that are not known are kept."""
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a list or another iterable of attachments, not {type(values).__name__}")
    return [_attachment(f"{name}[{index}]", value) for index, value in enumerate(values)]


def optional(name: str, value: Any, check: Callable[[str, Any], V]) -> dict[str, V]:
    """Check what may be left out, and leave it out when it is None."""
    return {} if value is None else {name: check(name, value)}


def _attachment(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a dict or another mapping, not {type(value).__name__}")
    attachment = dict(value)
    for member in attachment:
        text(f"a member of {name}", member)
    for member in _ATTACHMENT_TEXTS:
        if member in attachment:
            text(f"{name}[{member!r}]", attachment[member])
    if not attachment.get("title") and not attachment.get("text"):
        raise ValueError(f"{name} must have a title or a text")
    if "images" in attachment:
        attachment["images"] = _images(f"{name}['images']", attachment["images"])
    return attachment


def _images(name: str, values: Any) -> list[dict[str, Any]]:
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a list or another iterable of images, not {type(values).__name__}")
    images = []
    for index, value in enumerate(values):
        if not isinstance(value, Mapping):
            raise TypeError(f"{name}[{index}] must be a dict or another mapping, not {type(value).__name__}")
        if "url" not in value:
            raise ValueError(f"{name}[{index}] must have a url")
        filled(f"{name}[{index}]['url']", value["url"])
        images.append(dict(value))
    return images


def _integer(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low} to {high}, not {value}")
    return int(value)
