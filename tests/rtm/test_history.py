from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from rtm_sdk.errors import FPNN_ERROR, OK, CallFailed, ErrorCode, RTMException
from rtm_sdk.rtm.history import History
from rtm_sdk.rtm.results import FileInfo, HistoryMessage, HistoryMessageResult

from .contract import drive, start

ROW = [11, 1, 51, 77, False, "hi", "a", 1_700_000_000_000]


def answer_of(*rows: Any, **changes: Any) -> dict[str, Any]:
    return {"num": len(rows), "lastid": 11, "begin": 3, "end": 4, "msgs": list(rows), **changes}


def page_of(*rows: Any) -> HistoryMessageResult:
    result: HistoryMessageResult = drive(start("get_group_message", 1, 7, True, 10), answer_of(*rows))[1]
    return result


def failure_of(*rows: Any) -> ErrorCode:
    with pytest.raises(CallFailed) as caught:
        page_of(*rows)
    return caught.value.error_code


@pytest.mark.parametrize(
    ("name", "args", "from_uid", "to_id"),
    [
        ("get_group_message", (1, 7, True, 10), 1, 7),
        ("get_group_chat", (1, 7, True, 10), 1, 7),
        ("get_room_message", (1, 8, True, 10), 1, 8),
        ("get_broadcast_message", (1, True, 10), 1, 0),
        ("get_p2p_message", (5, 6, True, 10), 5, 6),
    ],
)
def test_row(name: str, args: tuple[Any, ...], from_uid: int, to_id: int) -> None:
    _, result = drive(start(name, *args), answer_of(ROW))
    message = HistoryMessage(from_uid, to_id, 51, 77, "hi", "a", 1_700_000_000_000, None, 11)
    assert result == HistoryMessageResult(1, 11, 3, 4, [message])
    assert result.count == 1


def test_direction_of_a_p2p_row() -> None:
    rows = ([11, 1, *ROW[2:]], [12, 2, *ROW[2:]])
    _, result = drive(start("get_p2p_message", 5, 6, False, 10), answer_of(*rows))
    assert [(message.from_uid, message.to_id) for message in result.messages] == [(5, 6), (6, 5)]
    for direction in (0, 3, -1):
        with pytest.raises(CallFailed) as caught:
            drive(start("get_p2p_message", 5, 6, False, 10), answer_of([11, direction, *ROW[2:]]))
        assert caught.value.error_code == FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT


def test_deleted_rows_are_dropped_and_counted() -> None:
    deleted = [12, *ROW[1:4], True, *ROW[5:]]
    page = page_of(ROW, deleted, [13, *ROW[1:]])
    assert page.count == 3
    assert [message.cursor_id for message in page.messages] == [11, 13]


def test_deleted_row_without_content_is_dropped_too() -> None:
    assert page_of([12, 1, 51, 77, True, None, None, 0]).messages == []


def test_longer_rows_are_tolerated() -> None:
    assert len(page_of([*ROW, "more", 5]).messages) == 1


@pytest.mark.parametrize("place", [0, 1, 2, 3, 4, 5, 6, 7])
def test_broken_row_is_an_error_code(place: int) -> None:
    broken = [*ROW]
    broken[place] = 1.5
    code = failure_of(ROW, broken)
    assert code == FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT
    assert f"element {place}" in code.message


def test_short_row_and_other_rows_are_an_error_code() -> None:
    assert failure_of(ROW[:7]) == FPNN_ERROR.FPNN_EC_PROTO_KEY_NOT_FOUND
    assert failure_of([]) == FPNN_ERROR.FPNN_EC_PROTO_KEY_NOT_FOUND
    others: list[Any] = [{}, "text", None, 5]
    for row in others:
        assert failure_of(row) == FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT


def test_binary_body_and_attrs_that_are_not_utf_8() -> None:
    message = page_of([*ROW[:5], b"\xff", b"a\xff", 5]).messages[0]
    assert (message.message, message.attrs) == (b"\xff", "a\\xff")


def test_file_row() -> None:
    body = json.dumps({"url": "http://x/y", "size": 3})
    message = page_of([*ROW[:2], 50, *ROW[3:5], body, json.dumps({"custom": {"a": 1}}), 5]).messages[0]
    assert message.file_info == FileInfo("http://x/y", 3)
    assert (message.message, message.attrs) == (body, '{"a": 1}')


def test_bounds_that_are_0_are_sent() -> None:
    params = next(start("get_group_message", 1, 7, False, 10, 0, 0, 0, [])).params
    assert params == {"uid": 1, "gid": 7, "desc": False, "num": 10, "begin": 0, "end": 0, "lastid": 0, "mtypes": []}


Pages = Callable[..., tuple[HistoryMessageResult | None, ErrorCode]]


class Paged(History):
    """A history of some rows, served in pages by position; every reader is the same."""

    def __init__(self, total: int, *, deleted: range = range(0), fail_at: int = -1) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.total = total
        self.deleted = deleted
        self.fail_at = fail_at
        for kind in ("group", "room", "p2p", "broadcast"):
            setattr(self, f"get_{kind}_message", self.page)

    def page(self, *args: Any, timeout: float = 0) -> tuple[HistoryMessageResult | None, ErrorCode]:
        *conversation, desc, num, begin, end, lastid, mtypes = args
        self.asked.append((tuple(conversation), desc, num, begin, end, lastid, mtypes, timeout))
        if len(self.asked) - 1 == self.fail_at:
            return None, ErrorCode(200010, "slower")
        rows = range((lastid or 0) + 1, min((lastid or 0) + num, self.total) + 1)
        messages = [HistoryMessage(1, 7, 51, row, "hi", "", 5, None, row) for row in rows if row not in self.deleted]
        return HistoryMessageResult(len(rows), rows[-1] if rows else lastid, 100, 200, messages), OK


def rows(messages: Any) -> list[int]:
    return [message.cursor_id for message in messages]


@pytest.mark.parametrize(
    ("name", "conversation"),
    [
        ("iter_group_messages", (1, 7)),
        ("iter_room_messages", (1, 8)),
        ("iter_p2p_messages", (1, 9)),
        ("iter_broadcast_messages", (1,)),
    ],
)
def test_iterator_goes_through_all_pages(name: str, conversation: tuple[int, ...]) -> None:
    history = Paged(45)
    types = iter([30, 51])
    found = getattr(history, name)(*conversation, desc=True, begin=1, end=2, mtypes=types, timeout=9)
    assert rows(found) == list(range(1, 46))
    assert history.asked == [
        (conversation, True, 20, 1, 2, None, [30, 51], 9),
        (conversation, True, 20, 100, 200, 20, [30, 51], 9),
        (conversation, True, 20, 100, 200, 40, [30, 51], 9),
    ]


def test_iterator_ends_with_an_empty_page() -> None:
    history = Paged(10)
    assert rows(history.iter_group_messages(1, 7, page_size=5)) == list(range(1, 11))
    assert [each[5] for each in history.asked] == [None, 5, 10]
    assert history.asked[0] == ((1, 7), False, 5, None, None, None, None, 0)
    assert rows(Paged(0).iter_group_messages(1, 7)) == []


def test_iterator_goes_on_after_a_page_of_deleted_rows() -> None:
    history = Paged(12, deleted=range(1, 11))
    assert rows(history.iter_group_messages(1, 7, page_size=5)) == [11, 12]


def test_iterator_raises_what_failed_after_what_it_had() -> None:
    messages = Paged(10, fail_at=1).iter_group_messages(1, 7, page_size=5)
    assert rows([next(messages) for _ in range(5)]) == [1, 2, 3, 4, 5]
    with pytest.raises(RTMException) as caught:
        next(messages)
    assert caught.value.error_code == 200010
    assert caught.value.error_code.message == "slower"


def test_iterator_reads_no_page_before_it_is_needed() -> None:
    history = Paged(45)
    messages = history.iter_group_messages(1, 7)
    assert history.asked == []
    next(messages)
    assert len(history.asked) == 1


def test_iterator_does_not_run_for_ever() -> None:
    class Stuck(Paged):
        def page(self, *args: Any, timeout: float = 0) -> tuple[HistoryMessageResult | None, ErrorCode]:
            return super().page(*args[:-2], 0, args[-1])

    with pytest.raises(RTMException, match="same page"):
        list(Stuck(45).iter_group_messages(1, 7))


def test_iterator_checks_its_own_arguments_at_once() -> None:
    for size in (0, 21, -1):
        with pytest.raises(ValueError, match=f"^page_size must be from 1 to 20, not {size}$"):
            Paged(1).iter_group_messages(1, 7, page_size=size)
    with pytest.raises(TypeError, match=r"^mtypes\[0\]"):
        Paged(1).iter_room_messages(1, 7, mtypes=["30"])  # type: ignore[list-item]
