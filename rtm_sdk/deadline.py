"""How much time a call has left."""

from __future__ import annotations

from time import monotonic

__all__ = ["Deadline"]


class Deadline:
    """One total time budget, made once at the edge of a call and asked at each step.

    Args:
        seconds: the budget, from now.
    """

    __slots__ = ("at", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.at = monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left; zero or less when the budget is used up."""
        return self.at - monotonic()

    @property
    def expired(self) -> bool:
        """True when nothing is left."""
        return monotonic() >= self.at

    def __repr__(self) -> str:
        return f"<Deadline {self.remaining():.3f} of {self.seconds:g} s left>"
