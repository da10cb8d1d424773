"""What an endpoint raises to answer an error."""

from __future__ import annotations

from ...errors import BEARYCHAT_ERROR
from ..http import Answer, Refused

__all__ = ["failure", "forbidden", "invalid", "missing", "not_found", "refusal"]

_CODES = {
    400: BEARYCHAT_ERROR.INVALID_PARAMETER,
    401: BEARYCHAT_ERROR.UNAUTHORIZED,
    403: BEARYCHAT_ERROR.FORBIDDEN,
    404: BEARYCHAT_ERROR.NOT_FOUND,
    405: BEARYCHAT_ERROR.METHOD_NOT_ALLOWED,
    413: BEARYCHAT_ERROR.INVALID_PARAMETER,
    429: BEARYCHAT_ERROR.RATE_LIMIT,
}
_STATUSES: dict[int, int] = {
    BEARYCHAT_ERROR.FILE_NOT_FOUND: 404,
    **{code: status for status, code in _CODES.items() if status != 413},
}


def failure(status: int, text: str, code: int = 0) -> Answer:
    """An error answer, of the status that belongs to the code, or the code that belongs to the status."""
    number = code or int(_CODES.get(status, BEARYCHAT_ERROR.INTERNAL))
    return Answer(status or _STATUSES.get(number, 500), {"code": number, "error": text})


def refusal(code: BEARYCHAT_ERROR, text: str) -> Refused:
    """A call is answered with an error.

    Args:
        code: the code in the body; the status belongs to it.
        text: for people, the member `error` of the body.
    """
    return Refused(failure(0, text, code))


def missing(name: str) -> Refused:
    """A required parameter is not there."""
    return refusal(BEARYCHAT_ERROR.INVALID_PARAMETER, f"the parameter {name!r} is missing")


def invalid(text: str) -> Refused:
    """A parameter has a wrong type or value, or contradicts another one."""
    return refusal(BEARYCHAT_ERROR.INVALID_PARAMETER, text)


def forbidden(text: str) -> Refused:
    """The token's user may not do that."""
    return refusal(BEARYCHAT_ERROR.FORBIDDEN, text)


def not_found(what: str) -> Refused:
    """There is no such conversation, message, user or pin, or it is invisible to the token's user."""
    return refusal(BEARYCHAT_ERROR.NOT_FOUND, f"there is no such {what}")
