"""What the service says when it refuses, as error codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..errors import Code, ErrorCode

__all__ = ["read_error"]

_LONGEST_TEXT = 500


def read_error(status: int, headers: Mapping[str, str], body: bytes) -> ErrorCode:
    """Make an error code of an answer that is an error, whoever on the way wrote it.

    Args:
        status: the HTTP status.
        headers: of the answer; what they say is added by the connection.
        body: JSON of the service, or anything else: HTML of a proxy, nothing, a part.

    Returns:
        An ErrorCode of the family `Code`: the one that the body names, otherwise the one that fits the HTTP status.
    """
    error = _error_object(body)
    code = Code.__members__.get(error.get("status") or "", Code.OK) or Code.of_http(status)
    message = error.get("message")
    details = tuple(detail for detail in _listed(error.get("details")) if isinstance(detail, dict))
    return ErrorCode(
        code,
        message if isinstance(message, str) and message else _text_of(body),
        family=Code,
        http_status=status,
        details=details,
    )


def _error_object(body: bytes) -> dict[str, Any]:
    """The member `error`. Some front ends put the whole into a list; token servers have a text and a description."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if isinstance(data, list) and data:
        data = data[0]
    error = data.get("error") if isinstance(data, dict) else None
    if isinstance(error, str):
        description = data.get("error_description")
        return {"message": f"{error}: {description}" if isinstance(description, str) else error}
    if not isinstance(error, dict):
        return {}
    return error if isinstance(error.get("status"), str) else {**error, "status": ""}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text_of(body: bytes) -> str:
    text = " ".join(body[: 4 * _LONGEST_TEXT].decode("utf-8", "replace").split())
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."
