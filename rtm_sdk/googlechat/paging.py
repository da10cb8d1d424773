"""From a method that answers one page to an iterator over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..errors import FPNN_ERROR, ErrorCode, RTMException, unwrap

__all__ = ["items"]


def items(client: Any, method: Callable[..., Any], field: str, *args: Any, **query: Any) -> Iterator[Any]:
    """Go through all pages of a method.

    Misuse raises at once: the first request is made here, though not sent.

    Args:
        client: whose method it is.
        method: answers a page, in the class of the client.
        field: where the page holds its items.
        args: arguments of the method.
        query: arguments of the method, `timeout` is for each page.
    """
    first = method.generator(client, *args, **query)  # type: ignore[attr-defined]
    next(first)
    first.close()
    return _walk(lambda token: method(client, *args, **query, page_token=token), field)


def _walk(read: Callable[[str | None], Any], field: str) -> Iterator[Any]:
    """A short page, even an empty one, is not the last one: only the token says so."""
    token = None
    while True:
        page = unwrap(read(token))
        yield from page.get(field) or ()
        following = page.get("nextPageToken")
        if not following:
            return
        if following == token:
            message = "the service hands out the same page again and again"
            raise RTMException(ErrorCode(FPNN_ERROR.FPNN_EC_PROTO_UNKNOWN_ERROR, message))
        token = following
