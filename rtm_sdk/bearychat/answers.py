"""What an answer must be. Anything else fails the call with an error code."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from ..errors import FPNN_ERROR, CallFailed, ErrorCode
from ..http.request import Response
from .refusals import refusal_in

__all__ = ["array", "array_in", "done", "record", "record_in", "unusable"]

T = TypeVar("T")


def record(response: Response, kind: type[T]) -> T:
    """Read an answer that is one JSON object.

    Args:
        response: the answer.
        kind: the type of the object; its members are not looked at.
    """
    _refused(response)
    return _object("the answer", response.data, kind)


def array(response: Response, kind: type[T]) -> list[T]:
    """Read an answer that is an array of JSON objects of one type."""
    _refused(response)
    return _objects("the answer", response.data, kind)


def record_in(response: Response, name: str, kind: type[T]) -> T:
    """Read a member, one JSON object, of an answer."""
    return _object(f"{name!r} in the answer", record(response, dict).get(name), kind)


def array_in(response: Response, name: str, kind: type[T]) -> list[T]:
    """Read a member, an array of JSON objects, of an answer."""
    return _objects(f"{name!r} in the answer", record(response, dict).get(name), kind)


def done(response: Response) -> None:
    """Read an answer that says nothing but that it worked."""
    _refused(response)


def unusable(place: str, value: Any, expected: str) -> CallFailed:
    """The failure of a call whose answer holds something unexpected. It names place and types, not the value."""
    kinds = {dict: "an object", list: "an array", str: "a text", bool: "a boolean", type(None): "null"}
    message = f"{place} must be {expected}, not {kinds.get(type(value), 'a number')}"
    return CallFailed(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE, message, maybe_delivered=True))


def _object(place: str, value: Any, kind: type[T]) -> T:
    if not isinstance(value, dict):
        raise unusable(place, value, "an object")
    return cast(T, value)


def _objects(place: str, value: Any, kind: type[T]) -> list[T]:
    if not isinstance(value, list):
        raise unusable(place, value, "an array")
    return [_object(f"an element of {place}", each, kind) for each in value]


def _refused(response: Response) -> None:
    """Raise what an answer with status 200 may say: RTM and webhooks tell errors by a code in the body."""
    refusal = refusal_in(response.data, response.status)
    if refusal is not None:
        raise CallFailed(refusal)
