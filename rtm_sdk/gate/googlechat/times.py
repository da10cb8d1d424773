"""Times as Google's JSON writes them: RFC 3339 texts and durations, exact to the nanosecond or microsecond."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

__all__ = ["duration", "instant", "rfc3339"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII
)
_DURATION = re.compile(r"(-?)(\d{1,12})(?:\.(\d{1,9}))?s", re.ASCII)
_MAX_OFFSET = timedelta(hours=23, minutes=59)


def instant(text: str) -> int:
    """The nanoseconds since 1970 UTC of a time.

    Args:
        text: RFC 3339 with an offset or ``Z``, and up to 9 digits behind the second.

    Raises:
        ValueError: it is no such time.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError("not an RFC 3339 time such as 2026-01-31T12:00:00Z or 2026-01-31T12:00:00-04:00")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction, _, sign, hours, minutes = match.groups()[6:]
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if offset > _MAX_OFFSET or int(minutes or 0) > 59:
        raise ValueError("the offset of the time is out of range")
    leap = second == 60
    try:
        moment = datetime(year, month, day, hour, minute, 59 if leap else second, tzinfo=timezone.utc)
    except ValueError as fault:
        raise ValueError(f"no such time: {fault}") from None
    since = moment - _EPOCH + (offset if sign == "-" else -offset) + timedelta(seconds=leap)
    return (since.days * 86400 + since.seconds) * 10**9 + int((fraction or "").ljust(9, "0"))


def rfc3339(us: int) -> str:
    """A time as the service writes it: UTC with ``Z`` and 0, 3 or 6 digits behind the second.

    Args:
        us: microseconds since 1970 UTC.
    """
    moment = (_EPOCH + timedelta(microseconds=us)).replace(tzinfo=None)
    whole, digits = moment.isoformat(timespec="seconds"), f"{moment.microsecond:06}"
    if digits == "000000":
        return f"{whole}Z"
    return f"{whole}.{digits[:3] if digits.endswith('000') else digits}Z"


def duration(text: str) -> int:
    """The microseconds of a duration such as ``3600s`` or ``1.5s``.

    Raises:
        ValueError: it is none.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("not a duration in seconds such as 3600s")
    sign, seconds, fraction = match.groups()
    us = int(seconds) * 1_000_000 + int((fraction or "").ljust(6, "0")[:6])
    return -us if sign else us
