"""What the service says when it refuses, as error codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from time import time
from typing import Any

from ..errors import BEARYCHAT_ERROR, FPNN_ERROR, ErrorCode
from ..http.clock import http_date
from ..http.retries import retry_after
from .rate_limit import RateLimit

__all__ = ["read_error", "refusal_in"]

_MAX_TEXT = 300


def read_error(status: int, headers: Mapping[str, str], body: bytes) -> ErrorCode:
    """Make an error code of an answer that is an error: the service's own if it gives one, else 20010.

    Args:
        status: the HTTP status.
        headers: its headers. Without a Retry-After the hour of the rate limit says when to come again.
        body: as much of it as came.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    refusal = refusal_in(data, status)
    if refusal is not None:
        number, text, family = int(refusal), refusal.message, refusal.family
    else:
        number, family = int(FPNN_ERROR.FPNN_EC_CORE_HTTP_ERROR), None
        text = " ".join(body[: 4 * _MAX_TEXT].decode("utf-8", "replace").split())
        text = f"HTTP {status}: {text}"[:_MAX_TEXT] if text else f"HTTP {status}"
    after = retry_after(headers)
    if after is None and (status == 429 or (family is not None and number == BEARYCHAT_ERROR.RATE_LIMIT)):
        limit = RateLimit.of(headers)
        if limit is not None and not limit.remaining:
            now = http_date(headers.get("Date"))  # by the clock of the service, which may be off
            after = max(0.0, limit.reset - (time() if now is None else now))
    return ErrorCode(number, text, http_status=status, family=family, retry_after=after)


def refusal_in(data: Any, status: int) -> ErrorCode | None:
    """The error that a body tells by a `code` that is not 0, whatever the HTTP status; None when it tells none."""
    code = data.get("code") if isinstance(data, dict) else None
    if type(code) is not int or not code or abs(code) >= 1 << 31:
        return None
    text = data.get("error")
    message = text[:_MAX_TEXT] if isinstance(text, str) else ""
    return ErrorCode(code, message, http_status=status, family=BEARYCHAT_ERROR)
