"""Reading of parameters. What is missing or wrong is refused with 400."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from .refusals import invalid, missing

__all__ = ["attachments", "flag", "group_name", "has", "identifiers", "json_object", "optional_text", "text"]

MAX_WIDTH = 20
"""Of the name of a group, a Chinese character counts as 2."""

_ATTACHMENT_TEXTS = ("title", "text", "url", "color")


def has(params: Mapping[str, Any], name: str) -> bool:
    """Whether a parameter is given; null is not."""
    return params.get(name) is not None


def text(params: Mapping[str, Any], *names: str) -> str:
    """Read a text that must be given.

    Args:
        params: the parameters.
        names: of the parameter, the documented one first.
    """
    for name in names:
        if has(params, name):
            return _text(name, params[name])
    raise missing(names[0])


def optional_text(params: Mapping[str, Any], name: str) -> str | None:
    """Read a text that may be left out."""
    return _text(name, params[name]) if has(params, name) else None


def flag(params: Mapping[str, Any], name: str, default: bool) -> bool:
    """Read a truth value that may be left out."""
    if not has(params, name):
        return default
    if not isinstance(params[name], bool):
        raise invalid(f"the parameter {name!r} must be true or false")
    return bool(params[name])


def identifiers(params: Mapping[str, Any], name: str) -> list[str]:
    """Read a list of ids, each once."""
    if not has(params, name):
        raise missing(name)
    if not isinstance(params[name], list):
        raise invalid(f"the parameter {name!r} must be an array")
    return list(dict.fromkeys(_text(name, each) for each in params[name]))


def group_name(params: Mapping[str, Any], name: str) -> str:
    """Read the name of a channel or discussion group: letters, digits, `_`, `-` and `.`, 2 to 20 in width."""
    value = text(params, name)
    width = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in value)
    if not 2 <= width <= MAX_WIDTH:
        raise invalid(f"the parameter {name!r} must have 2 to 20 Latin or 1 to 10 Chinese characters")
    if not all(sign.isalnum() or sign in "_-." for sign in value):
        raise invalid(f"the parameter {name!r} takes letters, digits, '_', '-' and '.' only")
    return value


def attachments(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Read the attachments, which may be left out."""
    if not has(params, "attachments"):
        return []
    found = params["attachments"]
    if not isinstance(found, list):
        raise invalid("the parameter 'attachments' must be an array")
    for index, attachment in enumerate(found):
        _check_attachment(f"attachments[{index}]", attachment)
    _text("attachments", repr(found))
    return found


def json_object(body: bytes) -> dict[str, Any]:
    """Read the body of a request: one JSON object; nothing is an empty one."""
    try:
        value = json.loads(body, parse_constant=_no_number) if body.strip() else {}
    except (ValueError, RecursionError):
        raise invalid("the body is not JSON") from None
    if not isinstance(value, dict):
        raise invalid("the body must be a JSON object")
    return value


def _check_attachment(place: str, attachment: Any) -> None:
    if not isinstance(attachment, dict):
        raise invalid(f"{place} must be an object")
    for name in _ATTACHMENT_TEXTS:
        if has(attachment, name):
            _text(f"{place}.{name}", attachment[name])
    if not attachment.get("title") and not attachment.get("text"):
        raise invalid(f"{place} must have a title or a text")
    images = attachment["images"] if has(attachment, "images") else []
    if not isinstance(images, list):
        raise invalid(f"{place}.images must be an array")
    for index, image in enumerate(images):
        if not isinstance(image, dict) or not isinstance(image.get("url"), str):
            raise invalid(f"{place}.images[{index}] must be an object with a url")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise invalid(f"the parameter {name!r} must be a string")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise invalid(f"the parameter {name!r} has half of a surrogate pair") from None
    return value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
