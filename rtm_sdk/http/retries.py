"""When a failed request is sent again. Pure decisions: what is known about the failure, and how much time is left."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import BEARYCHAT_ERROR, FPNN_ERROR, Code, ErrorCode
from .clock import http_date

__all__ = ["is_quota", "not_carried_out", "pause_before_retry", "retry_after"]

_MOST_REPEATS = 20
_MOST_BREAKS = 8
"""A request that breaks its connection so often is itself the reason, such as one that an intermediary refuses."""

FIRST_PAUSE = 1.0
"""Seconds, at least, between an answer without `Retry-After` and the first repeat; each further pause is twice that."""

_LONGEST_PAUSE = 32.0
_FIRST_PAUSE_TO_CONNECT = 0.1
_LONGEST_PAUSE_TO_CONNECT = 2.0

_SPREAD = 0.1
"""Seconds over which those are spread that were told the same `Retry-After`."""


def pause_before_retry(error: ErrorCode, *, failures: int, repeatable: bool, remaining: float) -> float | None:
    """Decide whether a failed request is sent again.

    Args:
        error: how the last attempt failed.
        failures: attempts that failed so far, the last one included.
        repeatable: the request does no harm when it is carried out twice.
        remaining: seconds left of the call's budget.

    Returns:
        Seconds to wait before the next attempt; None when there must not be another.
    """
    if not error.retryable or failures >= _MOST_REPEATS or not (repeatable or not_carried_out(error)):
        return None
    if error.http_status is not None:
        if error.retry_after is not None:
            pause = error.retry_after + random.uniform(0.0, _SPREAD)
        else:
            pause = min(FIRST_PAUSE * (2.0 ** (failures - 1) + random.random()), _LONGEST_PAUSE)
    elif error == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED:
        if failures >= _MOST_BREAKS:
            return None
        pause = 0.0 if failures == 1 else _pause_to_connect(failures)
    elif error == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT:
        pause = 0.0  # the first attempt has half of the time, see Call.attempt()
    elif error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION:
        pause = _pause_to_connect(failures)
    else:
        return None
    return pause if pause < 0.9 * remaining else None  # an attempt in the last moment only blurs a clear answer


def not_carried_out(error: ErrorCode) -> bool:
    """Whether it is known that the service did nothing: the request did not arrive, or was turned away at the door."""
    if error.http_status is None:
        return not error.maybe_delivered
    return is_quota(error) or (error.http_status == 503 and error.retry_after is not None)


def is_quota(error: ErrorCode) -> bool:
    """Whether the service turned the request away because there were too many."""
    if error.http_status == 429:
        return True
    if error.family is Code:
        return error == Code.RESOURCE_EXHAUSTED
    return error.family is BEARYCHAT_ERROR and error == BEARYCHAT_ERROR.RATE_LIMIT


def retry_after(headers: Mapping[str, str], details: Iterable[dict[str, Any]] = ()) -> float | None:
    """How long the service wants to be left alone.

    Args:
        headers: of its answer: `Retry-After` holds seconds or an HTTP date.
        details: of its error: a RetryInfo holds a `retryDelay` such as `"3s"`.

    Returns:
        Seconds, the longer of both; None when neither is there or can be read.
    """
    told = [_delay(headers)]
    for detail in details:
        delay = detail.get("retryDelay")
        if isinstance(delay, str) and delay.endswith("s"):
            told.append(_number(delay[:-1]))
    return max((seconds for seconds in told if seconds is not None), default=None)


def _delay(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "")
    seconds = _number(value)
    if seconds is None:
        then, now = http_date(value), http_date(headers.get("Date"))  # by the clock of the service, which may be off
        if then is not None:
            seconds = max(0.0, then - (time.time() if now is None else now))
    return seconds


def _number(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < 1e9 else None


def _pause_to_connect(failures: int) -> float:
    longest = min(_LONGEST_PAUSE_TO_CONNECT, _FIRST_PAUSE_TO_CONNECT * 2.0 ** min(failures, 10))
    return random.uniform(0.5, 1.0) * longest
