"""Checks of the arguments of operations. They raise at once, in the caller's thread, and name the argument."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from ..http.arguments import filled, flag, integer, listed, mapping, text

__all__ = [
    "attachments",
    "count",
    "filled",
    "flag",
    "identifiers",
    "ids",
    "key",
    "mapping",
    "message",
    "milliseconds",
    "optional",
    "page_size",
    "text",
]

V = TypeVar("V")

_KEY = re.compile(r"[0-9]+\.[0-9]{4}", re.ASCII)
_INT64_MIN, _INT64_MAX = -(1 << 63), (1 << 63) - 1
_ATTACHMENT_TEXTS = ("title", "text", "url", "color")


def ids(**values: Any) -> dict[str, str]:
    """Check ids, each under the name of its argument."""
    return {name: filled(name, value) for name, value in values.items()}


def identifiers(name: str, values: Any) -> list[str]:
    """Check a list of ids: any iterable of texts that is not itself a text or a mapping."""
    return [filled(f"{name}[{index}]", value) for index, value in enumerate(listed(name, values, "ids"))]


def key(name: str, value: Any) -> str:
    """Check a message key: milliseconds, a full stop, four digits."""
    if not _KEY.fullmatch(text(name, value)):
        raise ValueError(f"{name} must be a message key such as '1485236262366.0193', not {value!r}")
    return str(value)


def message(vchannel_id: Any, message_key: Any) -> dict[str, str]:
    """Check the conversation and the key of a message, each under the name of its argument."""
    return {**ids(vchannel_id=vchannel_id), "message_key": key("message_key", message_key)}


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
    return [_attachment(f"{name}[{index}]", value) for index, value in enumerate(listed(name, values, "attachments"))]


def optional(name: str, value: Any, check: Callable[[str, Any], V]) -> dict[str, V]:
    """Check what may be left out, and leave it out when it is None."""
    return {} if value is None else {name: check(name, value)}


def _attachment(name: str, value: Any) -> dict[str, Any]:
    attachment = mapping(name, value)
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
    return [_image(f"{name}[{index}]", value) for index, value in enumerate(listed(name, values, "images"))]


def _image(name: str, value: Any) -> dict[str, Any]:
    image = mapping(name, value)
    if "url" not in image:
        raise ValueError(f"{name} must have a url")
    filled(f"{name}['url']", image["url"])
    return image


def _integer(name: str, value: Any, low: int, high: int) -> int:
    if not low <= integer(name, value) <= high:
        raise ValueError(f"{name} must be from {low} to {high}, not {value}")
    return int(value)
