"""The `query` of `message.query`: three algorithms, one of which is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import arguments

__all__ = ["message_query"]

_Checks = dict[str, Callable[[str, Any], Any]]

_LATEST: _Checks = {"limit": arguments.count}
_SINCE: _Checks = {
    "key": arguments.key,
    "ts": arguments.milliseconds,
    "forward": arguments.count,
    "backward": arguments.count,
}
_WINDOW: _Checks = {
    "from_key": arguments.key,
    "to_key": arguments.key,
    "from_ts": arguments.milliseconds,
    "to_ts": arguments.milliseconds,
    "forward": arguments.count,
    "backward": arguments.count,
}


def message_query(latest: Any, since: Any, window: Any) -> dict[str, dict[str, Any]]:
    """Check the three arguments of which one is given, and make the query of it.

    Raises:
        TypeError: none is given, or one is no mapping, or has a member of a wrong type.
        ValueError: several are given, or one has members that exclude each other, lacks one or has an unknown one.
    """
    given = {
        name: value for name, value in (("latest", latest), ("since", since), ("window", window)) if value is not None
    }
    if not given:
        raise TypeError("latest, since or window must be given")
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} exclude each other: a query has one algorithm")
    if latest is not None:
        return {"latest": _members("latest", latest, _LATEST)}
    if since is not None:
        return {"since": _since(_members("since", since, _SINCE))}
    return {"window": _window(_members("window", window, _WINDOW))}


def _members(name: str, value: Any, checks: _Checks) -> dict[str, Any]:
    members = arguments.mapping(name, value)
    unknown = [str(member) for member in members if member not in checks]
    if unknown:
        raise ValueError(f"{name} has no {', '.join(unknown)}; it takes {', '.join(checks)}")
    return {member: checks[member](f"{name}[{member!r}]", each) for member, each in members.items()}


def _since(since: dict[str, Any]) -> dict[str, Any]:
    if "key" in since and "ts" in since:
        raise ValueError("since takes 'key' or 'ts', not both")
    if "key" not in since and "ts" not in since:
        raise ValueError("since must have a 'key' or a 'ts'")
    return since


def _window(window: dict[str, Any]) -> dict[str, Any]:
    keys, times = ([name for name in pair if name in window] for pair in (("from_key", "to_key"), ("from_ts", "to_ts")))
    if keys and times:
        raise ValueError("window takes keys or times, not both")
    if len(keys) + len(times) != 2:
        raise ValueError("window must have 'from_key' and 'to_key', or 'from_ts' and 'to_ts'")
    if "forward" in window and "backward" in window:
        raise ValueError("window takes 'forward' or 'backward', not both")
    return window
