"""How many calls there may be in an hour."""

from __future__ import annotations

import math

from ..clock import Clock

__all__ = ["ANONYMOUS_CALLS", "CALLS", "HOUR", "Rates"]

CALLS = 1000
"""An hour, with a token."""

ANONYMOUS_CALLS = 60
"""An hour, without a token."""

HOUR = 3600.0


class Rates:
    """Counts calls. An hour begins with the first call after the hour before.

    Args:
        clock: the time of the gate.
    """

    def __init__(self, clock: Clock) -> None:
        self.calls = CALLS
        self.anonymous_calls = ANONYMOUS_CALLS
        self._clock = clock
        self._hours: dict[str, tuple[float, int]] = {}

    def count(self, uid: str) -> tuple[bool, dict[str, str]]:
        """Count a call.

        Args:
            uid: the token's user, empty without a token. All tokens of a user count together.

        Returns:
            whether it is within the limit, and the headers of its answer.
        """
        limit = self.calls if uid else self.anonymous_calls
        now = self._clock.seconds()
        begin, used = self._hours.get(uid, (now, 0))
        if not begin <= now < begin + HOUR:
            begin, used = now, 0
        self._hours[uid] = begin, used + 1
        headers = {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(max(0, limit - used - 1)),
            "x-ratelimit-reset": str(math.ceil(begin + HOUR)),
        }
        return used < limit, headers

    def forget(self) -> None:
        """Begin anew."""
        self._hours.clear()
