"""The three algorithms of `message.query`, read from JSON: which positions are wanted, and how many from which end.

The position of a message is its key as one integer: milliseconds times 10,000 plus the counter. So the order of
positions is the order of keys, and a time is the first position of its millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from .formats import COUNTERS
from .refusals import invalid, missing

__all__ = ["END", "START", "Part", "parse_query", "position_of_key", "position_of_ts"]

MAX_COUNT = 100
DEFAULT_LATEST = 20
START, END = -(1 << 63), (1 << 63) - 1
"""Before all positions, and behind them."""

_KEY = re.compile(r"([0-9]+)\.([0-9]{4})", re.ASCII)


class Part(NamedTuple):
    """Some neighbouring messages.

    Attributes:
        low: the first position.
        high: behind the last position.
        newest_first: whether `limit` counts from the high end.
        limit: how many messages at most.
    """

    low: int
    high: int
    newest_first: bool
    limit: int


def parse_query(query: Any) -> list[Part]:
    """Read a query.

    Args:
        query: the parameter `query` as it came.

    Returns:
        The parts whose messages are wanted. They may overlap in one millisecond.

    Raises:
        Refused: 400, it is not a query.
    """
    if not isinstance(query, dict):
        raise invalid("the parameter 'query' must be an object")
    for name, read in _ALGORITHMS:
        if name in query:
            algorithm = query[name]
            if not isinstance(algorithm, dict):
                raise invalid(f"'{name}' in the query must be an object")
            return read(algorithm)
    raise invalid("the query must have one of 'window', 'since' and 'latest'")


def position_of_key(name: str, key: Any) -> int:
    """The position of a message key. No message needs to have it.

    Args:
        name: of the parameter, for the error.
        key: `<ms>.<4 digits>`.
    """
    found = _KEY.fullmatch(key) if isinstance(key, str) else None
    if found is None:
        raise invalid(f"'{name}' must be a message key: milliseconds, a full stop and four digits")
    milliseconds = int(found[1]) if len(found[1]) < 20 else END
    return _bounded(milliseconds * COUNTERS + int(found[2]))


def position_of_ts(name: str, ts: Any) -> int:
    """The first position of a millisecond."""
    if type(ts) is not int:
        raise invalid(f"'{name}' must be an integer, the time in milliseconds")
    return _bounded(ts * COUNTERS)


def _latest(latest: dict[str, Any]) -> list[Part]:
    return [Part(START, END, True, _count(latest, "limit", DEFAULT_LATEST))]


def _since(since: dict[str, Any]) -> list[Part]:
    if "key" in since:
        before = position_of_key("key", since["key"])
        after = before + 1
    elif "ts" in since:
        after = position_of_ts("ts", since["ts"])
        before = _bounded(after + COUNTERS)
    else:
        raise invalid("'since' needs 'key' or 'ts'")
    if "forward" not in since and "backward" not in since:
        return [Part(after, END, False, MAX_COUNT)]
    return [
        Part(after, END, False, _count(since, "forward", 0)),
        Part(START, before, True, _count(since, "backward", 0)),
    ]


def _window(window: dict[str, Any]) -> list[Part]:
    if "from_key" in window or "to_key" in window:
        low = position_of_key("from_key", _bound(window, "from_key")) + 1
        high = position_of_key("to_key", _bound(window, "to_key"))
    else:
        low = position_of_ts("from_ts", _bound(window, "from_ts"))
        high = _bounded(position_of_ts("to_ts", _bound(window, "to_ts")) + COUNTERS)
    if "forward" in window and "backward" in window:
        raise invalid("'window' takes one of 'forward' and 'backward'")
    if "backward" in window:
        return [Part(low, high, True, _count(window, "backward", MAX_COUNT))]
    return [Part(low, high, False, _count(window, "forward", MAX_COUNT))]


_ALGORITHMS: tuple[tuple[str, Callable[[dict[str, Any]], list[Part]]], ...] = (
    ("window", _window),
    ("since", _since),
    ("latest", _latest),
)
"""In the order in which they count when a query has several."""


def _bound(window: dict[str, Any], name: str) -> Any:
    if name not in window:
        raise missing(name)
    return window[name]


def _count(algorithm: dict[str, Any], name: str, default: int) -> int:
    count = algorithm.get(name, default)
    if type(count) is not int:
        raise invalid(f"'{name}' must be an integer")
    if not 0 <= count <= MAX_COUNT:
        raise invalid(f"'{name}' must be from 0 to {MAX_COUNT}")
    return count


def _bounded(position: int) -> int:
    """Beyond what SQLite counts there are no messages."""
    return max(START, min(position, END - 1))
