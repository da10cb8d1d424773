"""How the API writes ids, keys and times."""

from __future__ import annotations

import hashlib
import secrets
import string
from datetime import datetime, timezone

__all__ = ["COUNTERS", "known_id", "message_key", "new_id", "next_position", "time_text"]

COUNTERS = 10_000
"""How many keys a millisecond has. The position of a message is its milliseconds times this, plus its counter."""

_SIGNS = string.ascii_letters + string.digits
_LENGTH = 9


def new_id() -> str:
    """An id of something new."""
    return "=" + "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def known_id(*parts: str) -> str:
    """The id of something that was seeded: always the same for the same parts."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return "=" + "".join(_SIGNS[byte % len(_SIGNS)] for byte in digest[:_LENGTH])


def message_key(position: int) -> str:
    """The key of the message at a position."""
    return f"{position // COUNTERS}.{position % COUNTERS:04}"


def next_position(last: int, now: int) -> int:
    """Where the next message of a conversation is. The counter runs on, over the milliseconds.

    Args:
        last: the position of the message before, 0 if there is none.
        now: ms UTC.
    """
    position = max(now, last // COUNTERS) * COUNTERS + (last + 1) % COUNTERS
    return position if position > last else position + COUNTERS


def time_text(ms: int) -> str:
    """A time as text, rounded to the second as the service does.

    Args:
        ms: ms UTC.
    """
    moment = datetime.fromtimestamp((ms + 500) // 1000, timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000+0000"
