"""What time it is for the other side."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timezone
from email.utils import parsedate_to_datetime

__all__ = ["clock_skew", "http_date"]

_TOLERANCE = 60.0
"""Seconds by which clocks may differ without a remark."""


def http_date(value: str | None) -> float | None:
    """Seconds since the epoch, UTC, of a date as HTTP writes it; None when it cannot be read."""
    try:
        date = parsedate_to_datetime(value or "")
        return (date if date.tzinfo else date.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError):
        return None


def clock_skew(headers: Mapping[str, str]) -> str:
    """A remark for whoever was refused, when the clocks of both sides differ."""
    date = http_date(headers.get("Date"))
    ahead = 0.0 if date is None else time.time() - date
    if abs(ahead) <= _TOLERANCE:
        return ""
    return f"; this machine's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the server's"
