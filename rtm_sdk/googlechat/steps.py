"""What all operations are made of: one request to the service, and its answer."""

from __future__ import annotations

from typing import Any

from ..calling import Operation
from ..errors import FPNN_ERROR, CallFailed, ErrorCode
from ..http.request import Request

__all__ = ["ask", "body_of", "quota_of", "tell"]


def ask(
    method: str,
    path: str,
    query: tuple[tuple[str, str], ...] = (),
    body: dict[str, Any] | None = None,
    *,
    repeatable: bool | None = None,
) -> Operation[Any]:
    """Send one request and hand out the JSON object of the answer.

    Args:
        method: the HTTP method.
        path: below `v1/`, percent-encoded.
        query: names and values of the wire.
        body: a JSON object; None sends no body.
        repeatable: whether a second copy does no harm; None goes by the method.
    """
    response = yield Request(
        method,
        f"v1/{path}",
        query,
        body,
        repeatable=method != "POST" if repeatable is None else repeatable,
        pace=quota_of(method, path),
        gone_is_done=method == "DELETE",
    )
    return body_of(response.data)


def tell(
    method: str, path: str, query: tuple[tuple[str, str], ...] = (), body: dict[str, Any] | None = None
) -> Operation[None]:
    """Send one request whose answer says nothing but that it worked."""
    yield from ask(method, path, query, body)


def body_of(data: Any) -> dict[str, Any]:
    """Check that an answer is a JSON object."""
    if not isinstance(data, dict):
        message = f"the answer is not a JSON object but a {type(data).__name__}"
        raise CallFailed(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE, message, maybe_delivered=True))
    return data


def quota_of(method: str, path: str) -> str:
    """What a request is counted for: reads and writes of a space have quotas of their own. Empty outside of spaces."""
    parts = path.split("/")
    if parts[0] != "spaces" or len(parts) == 1:
        return ""
    return f"spaces/{parts[1].partition(':')[0]} {'reads' if method == 'GET' else 'writes'}"
