"""Going through the history of a conversation, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..errors import FPNN_ERROR, ErrorCode, RTMException, unwrap
from .resources import Message

__all__ = ["messages_in_order"]

_Page = Callable[[dict[str, dict[str, Any]]], "tuple[list[Message] | None, ErrorCode]"]
"""Reads the page that a query, `latest` or `since`, asks for."""


def messages_in_order(read: _Page, desc: bool, begin: int | None, end: int | None, page_size: int) -> Iterator[Message]:
    """Hand out the messages of a conversation in one direction, each once.

    The service does not promise the order of a page, so each is sorted here; what is not beyond the last message that
    was handed out is left out.

    Args:
        read: reads a page.
        desc: newest first.
        begin: lower time bound, ms UTC, inclusive; None is no bound.
        end: upper time bound, ms UTC, inclusive; None is no bound.
        page_size: messages in one page.

    Raises:
        RTMException: a page could not be read.
    """
    side = "backward" if desc else "forward"
    start = end if desc else begin
    last: tuple[int, int] | None = None
    if start is None and desc:
        query: dict[str, dict[str, Any]] = {"latest": {"limit": page_size}}
    else:
        query = {"since": {"ts": start or 0, side: page_size}}
    while True:
        page = {_place(message): message for message in unwrap(read(query))}
        beyond = [place for place in page if last is None or (place < last if desc else place > last)]
        beyond.sort(reverse=desc)
        if not beyond:
            return
        for place in beyond:
            if (begin is not None and place[0] < begin) or (end is not None and place[0] > end):
                return
            yield page[place]
        last = beyond[-1]
        query = {"since": {"key": page[last]["key"], side: page_size}}


def _place(message: Message) -> tuple[int, int]:
    """What a message is sorted by. As a number the key would be two numbers, as a text it may vary in length."""
    milliseconds, _, counter = str(message.get("key")).partition(".")
    try:
        return int(milliseconds), int(counter)
    except ValueError:
        text = "a message in the answer has no key"
        raise RTMException(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE, text)) from None
