"""How many calls are left in this hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["RateLimit"]


class RateLimit(NamedTuple):
    """What the service said last about the number of calls.

    Attributes:
        limit: calls in an hour.
        remaining: how many are left.
        reset: when the count begins anew, seconds since 1970.
    """

    limit: int
    remaining: int
    reset: int

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> RateLimit | None:
        """Read the headers of an answer; None when they do not tell."""
        try:
            return cls(*(int(headers[f"x-ratelimit-{name}"]) for name in cls._fields))
        except (KeyError, ValueError):
            return None
