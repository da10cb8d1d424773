"""When to connect again, and when to ask whether the peer still lives. Pure decisions, no clock and no socket."""

from __future__ import annotations

import random
from typing import NamedTuple

__all__ = ["KeepAlive", "RegressiveStrategy"]

_IMMEDIATE_SPREAD_SECONDS = 0.1


class RegressiveStrategy(NamedTuple):
    """How long to wait before connecting again: some tries at once, then longer and longer pauses.

    With the defaults: five tries at once, then 2, 25.6, 49.2, 72.8, 96.4 and always 120 seconds.
    """

    connect_failed_max_interval_milliseconds: int = 1500
    """A connection that lives shorter than this (ms) counts as a failure."""
    start_connect_failed_count: int = 5
    """So many failures are followed by a try at once."""
    first_interval_seconds: float = 2
    """The first pause, seconds."""
    max_interval_seconds: float = 120
    """The longest pause, seconds."""
    linear_regressive_count: int = 5
    """Steps from the first pause to the longest."""

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row, without jitter."""
        late = failures - self.start_connect_failed_count
        if late <= 0:
            return 0.0
        step = (self.max_interval_seconds - self.first_interval_seconds) / max(1, self.linear_regressive_count)
        return min(self.first_interval_seconds + (late - 1) * step, self.max_interval_seconds)

    def jittered_pause(self, failures: int) -> float:
        """The pause with jitter, so that many processes do not come back at the same moment.

        A try "at once" is spread over a tenth of a second; a pause is shortened by up to a quarter.
        """
        pause = self.pause(failures)
        if not pause:
            return random.uniform(0.0, _IMMEDIATE_SPREAD_SECONDS) if failures else 0.0
        return pause * random.uniform(0.75, 1.0)


class KeepAlive(NamedTuple):
    """When to send `*ping`, and when to call a silent peer lost.

    With the defaults a dead peer is noticed 30 seconds after its last sign of life.
    """

    interval: float = 20.0
    """Seconds without a byte from the peer before the first ping."""
    retries: int = 2
    """Pings that may stay without an answer."""
    timeout: float = 5.0
    """Seconds to wait for the answer to each."""

    @property
    def lost_after(self) -> float:
        """Seconds of silence after which the connection is lost."""
        return self.interval + self.retries * self.timeout
