"""When a failed quest is sent again. Pure decisions: what is known about the failure, and how much time is left."""

from __future__ import annotations

import random

from ..errors import FPNN_ERROR, RTM_ERROR, ErrorCode

__all__ = ["pause_before_retry"]

_NOT_EXECUTED = frozenset(
    (
        FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION,
        FPNN_ERROR.FPNN_EC_CORE_WORK_QUEUE_FULL,
        FPNN_ERROR.FPNN_EC_CORE_SERVER_STOPPING,
        RTM_ERROR.RTM_EC_SAME_SIGN,
    )
)
"""Errors that say that the quest was not carried out."""

_MOST_REPEATS = 8
"""A quest that breaks its connection so often is itself the reason, such as one over the limit of the gate."""

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 2.0


def pause_before_retry(error: ErrorCode, *, failures: int, repeatable: bool, remaining: float) -> float | None:
    """Decide whether a failed quest is sent again.

    Args:
        error: how the last attempt failed.
        failures: attempts that failed so far, the last one included.
        repeatable: the quest does no harm when it is carried out twice.
        remaining: seconds left of the call's budget.

    Returns:
        Seconds to wait before the next attempt; None when there must not be another.
    """
    code = int(error)
    if code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED:
        if error.maybe_delivered and (not repeatable or failures >= _MOST_REPEATS):
            return None
        pause = 0.0 if failures == 1 else _backoff(failures)
    elif code in _NOT_EXECUTED:
        pause = _backoff(failures)
    else:
        return None
    return pause if 2 * pause < remaining else None  # an attempt in the last moment only blurs a clear answer


def _backoff(failures: int) -> float:
    return random.uniform(0.5, 1.0) * min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(failures, 10))
