"""The time as a gate sees it."""

from __future__ import annotations

import time

__all__ = ["Clock"]


class Clock:
    """Wall clock time, UTC, that can be set wrong on purpose.

    Attributes:
        offset: seconds by which the gate's clock runs ahead of the machine's (negative: behind). A test that moves it
            sees the gate refuse fresh signatures (200008), and bans and file tokens run out, without waiting.
    """

    def __init__(self) -> None:
        self.offset: float = 0.0

    def ms(self) -> int:
        """Milliseconds since 1970."""
        return int((time.time() + self.offset) * 1000)

    def seconds(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.offset
