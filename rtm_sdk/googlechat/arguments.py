"""Checks of what the caller passes: `TypeError` or `ValueError` at once, naming the argument.

Only what the wire cannot carry, and what contradicts itself, is refused here. What the service allows is the service's
business, and its error codes say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from ..http.arguments import filled, flag, integer, listed, text
from ..http.arguments import mapping as resource

__all__ = [
    "ATTACHMENT",
    "AVAILABILITY",
    "CUSTOM_EMOJI",
    "EVENT",
    "MEMBER",
    "MESSAGE",
    "NOTIFICATION_SETTING",
    "PIN",
    "REACTION",
    "SECTION",
    "SECTION_ITEM",
    "SPACE",
    "SPACE_READ_STATE",
    "THREAD",
    "THREAD_READ_STATE",
    "USER",
    "Time",
    "at_most_one",
    "body",
    "listed",
    "media",
    "name",
    "query",
    "required",
    "resource",
    "resources",
    "text",
    "time",
]

SPACE = "spaces/{space}"
MEMBER = "spaces/{space}/members/{member}"
MESSAGE = "spaces/{space}/messages/{message}"
THREAD = "spaces/{space}/threads/{thread}"
REACTION = "spaces/{space}/messages/{message}/reactions/{reaction}"
ATTACHMENT = "spaces/{space}/messages/{message}/attachments/{attachment}"
PIN = "spaces/{space}/messagePins/{message}"
EVENT = "spaces/{space}/spaceEvents/{event}"
CUSTOM_EMOJI = "customEmojis/{emoji}"
USER = "users/{user}"
AVAILABILITY = "users/{user}/availability"
SECTION = "users/{user}/sections/{section}"
SECTION_ITEM = "users/{user}/sections/{section}/items/{item}"
SPACE_READ_STATE = "users/{user}/spaces/{space}/spaceReadState"
THREAD_READ_STATE = "users/{user}/spaces/{space}/threads/{thread}/threadReadState"
NOTIFICATION_SETTING = "users/{user}/spaces/{space}/spaceNotificationSetting"

Time = datetime | str
"""A `datetime` with a zone, or a text in RFC 3339 with an offset and up to 9 digits for the fraction of a second."""

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def name(argument: str, value: Any, form: str) -> str:
    """Check the name of a resource.

    Args:
        argument: the argument.
        value: what was given.
        form: one of the forms of this module.

    Returns:
        The name as it stands in a path: percent-encoded but for its slashes.
    """
    parts, wanted = text(argument, value).split("/"), form.split("/")
    if len(parts) != len(wanted) or not all(map(_fits, parts, wanted)):
        raise ValueError(f"{argument} must look like {form}, not {value!r}")
    return quote(value, safe="/")


def media(argument: str, value: Any) -> str:
    """Check the name of some content, which is opaque and may hold slashes. Returns it as it stands in a path."""
    if not all(_is_id(part) for part in text(argument, value).split("/")):
        raise ValueError(f"{argument} must be the resourceName of an attachmentDataRef, not {value!r}")
    return quote(value, safe="/")


def resources(argument: str, values: Any) -> list[dict[str, Any]]:
    """Check a list of resources."""
    return [resource(f"{argument}[{index}]", value) for index, value in enumerate(listed(argument, values, "dicts"))]


def at_most_one(**given: Any) -> None:
    """Check that at most one of some arguments is there."""
    names = [argument for argument, value in given.items() if value is not None]
    if len(names) > 1:
        raise ValueError(f"{names[0]} must not be given together with {names[1]}")


def required(argument: str, value: Any) -> Any:
    """Check that something is not None."""
    if value is None:
        raise TypeError(f"{argument} must be given")
    return value


def query(**given: Any) -> tuple[tuple[str, str], ...]:
    """Check the arguments that go into the query of a request, and leave out those that are None."""
    found: list[tuple[str, str]] = []
    for key, value in body(**given).items():
        if isinstance(value, list):
            found.extend((key, each) for each in value)
        elif isinstance(value, bool):
            found.append((key, "true" if value else "false"))
        else:
            found.append((key, str(value)))
    return tuple(found)


def body(**given: Any) -> dict[str, Any]:
    """Check the arguments that go into the body of a request, and leave out those that are None."""
    found = {}
    for argument, value in given.items():
        if value is not None:
            key, check = _FIELDS[argument]
            found[key] = check(argument, value)
    return found


def time(argument: str, value: Any) -> str:
    """Check a time: a `datetime` with a zone, or RFC 3339 with an offset."""
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ValueError(f"{argument} must have a zone, for example tzinfo=timezone.utc")
        try:
            return value.astimezone(timezone.utc).replace(tzinfo=None).isoformat() + "Z"
        except OverflowError:
            raise ValueError(f"{argument} is outside the years that can be said in UTC: {value}") from None
    if not isinstance(value, str):
        raise TypeError(f"{argument} must be a datetime or a str, not {type(value).__name__}")
    if not _RFC_3339.fullmatch(value):
        raise ValueError(f"{argument} must be RFC 3339 with an offset, not {value!r}")
    return value


def _fits(part: str, wanted: str) -> bool:
    return _is_id(part) if wanted.startswith("{") else part == wanted


def _is_id(part: str) -> bool:
    """Whether it may stand between slashes: whoever handles addresses takes dots alone for a way up."""
    return part not in ("", ".", "..")


def _int32(argument: str, value: Any) -> int:
    if not -(1 << 31) <= integer(argument, value) < 1 << 31:
        raise ValueError(f"{argument} must fit into 32 bits, not {value}")
    return int(value)


def _seconds(argument: str, value: Any) -> str:
    """A length of time on the wire: `3600s`, with at most 9 digits for the fraction."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{argument} must be a number of seconds, not {type(value).__name__}")
    if not 0 < value < 315_576_000_000:
        raise ValueError(f"{argument} must be a positive, finite number of seconds, not {value}")
    return f"{value:.9f}".rstrip("0").rstrip(".") + "s"


def _texts(argument: str, values: Any) -> list[str]:
    return [text(f"{argument}[{index}]", value) for index, value in enumerate(listed(argument, values, "texts"))]


def _mask(argument: str, value: Any) -> str:
    """A field mask: paths in a list, or joined by commas already."""
    return filled(argument, value if isinstance(value, str) else ",".join(_texts(argument, value)))


_FIELDS: dict[str, tuple[str, Callable[[str, Any], Any]]] = {
    "allow_missing": ("allowMissing", flag),
    "expire_time": ("expireTime", time),
    "filename": ("filename", filled),
    "filter": ("filter", text),
    "force": ("force", flag),
    "markup_syntax": ("markupSyntax", text),
    "memberships": ("memberships", resources),
    "message_id": ("messageId", text),
    "message_reply_option": ("messageReplyOption", text),
    "notification_type": ("createMessageNotificationOptions.notificationType", text),
    "order_by": ("orderBy", text),
    "page_size": ("pageSize", _int32),
    "page_token": ("pageToken", text),
    "query": ("query", text),
    "relative_position": ("relativePosition", text),
    "request_id": ("requestId", filled),
    "show_deleted": ("showDeleted", flag),
    "show_groups": ("showGroups", flag),
    "show_invited": ("showInvited", flag),
    "sort_order": ("sortOrder", _int32),
    "space": ("space", resource),
    "space_view": ("spaceView", text),
    "thread_key": ("threadKey", text),
    "ttl": ("ttl", _seconds),
    "update_mask": ("updateMask", _mask),
    "use_admin_access": ("useAdminAccess", flag),
    "user": ("name", text),
    "users": ("users", _texts),
    "view": ("view", text),
}
"""What each argument is called on the wire, and how it is checked."""
