from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rtm_sdk.errors import FPNN_ERROR, CallFailed, ErrorCode
from rtm_sdk.rtm import answers
from rtm_sdk.rtm.answers import mtime_of

from .contract import drive

MISSING, WRONG = FPNN_ERROR.FPNN_EC_PROTO_KEY_NOT_FOUND, FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT
INTEGERS: list[tuple[Callable[[Any, Any], int], int]] = [
    (answers.int64, 63),
    (answers.int32, 31),
    (answers.int16, 15),
    (answers.int8, 7),
]


def failure(read: Callable[..., Any], *args: Any) -> ErrorCode:
    with pytest.raises(CallFailed) as caught:
        read(*args)
    return caught.value.error_code


@pytest.mark.parametrize(("read", "bits"), INTEGERS)
def test_integers_have_the_range_of_their_type(read: Callable[[Any, Any], int], bits: int) -> None:
    for good in (0, -(1 << bits), (1 << bits) - 1):
        assert read({"x": good}, "x") == good
    for wrong in (1 << bits, -(1 << bits) - 1, True, "1", 1.0, None, b"1"):
        assert failure(read, {"x": wrong}, "x") == WRONG


READERS = [answers.int64, answers.text, answers.body, answers.flag, answers.array, answers.ids]
READERS += [answers.mtypes, answers.numbers, answers.texts, answers.text_map]


@pytest.mark.parametrize("read", READERS)
def test_what_is_missing_is_named(read: Callable[[Any, Any], Any]) -> None:
    code = failure(read, {}, "uids")
    assert code == MISSING
    assert "'uids'" in code.message
    code = failure(read, [1, 2], 7)
    assert code == MISSING
    assert "element 7" in code.message


def test_failure_names_types_and_not_values() -> None:
    code = failure(answers.int64, {"token": "a secret"}, "token")
    assert code == WRONG
    assert code.message == "'token' in the answer must be an int64, not str"


def test_text_may_come_as_binary() -> None:
    assert answers.text({"x": "grüß"}, "x") == "grüß"
    assert answers.text({"x": "grüß".encode()}, "x") == "grüß"
    assert answers.text({"x": b"a\xffb"}, "x") == "a\\xffb"
    assert failure(answers.text, {"x": 5}, "x") == WRONG
    assert failure(answers.text, {"x": None}, "x") == WRONG


def test_body_stays_what_it_is() -> None:
    assert answers.body({"x": b"text"}, "x") == b"text"
    assert answers.body({"x": "text"}, "x") == "text"
    assert failure(answers.body, {"x": {}}, "x") == WRONG


def test_flag() -> None:
    assert [answers.flag({"ok": value}, "ok") for value in (True, False, 1, 0)] == [True, False, True, False]
    assert type(answers.flag({"ok": 1}, "ok")) is bool
    others: list[Any] = [2, -1, 1.0, "1", None, []]
    for wrong in others:
        assert failure(answers.flag, {"ok": wrong}, "ok") == WRONG


def test_ids() -> None:
    assert answers.ids({"uids": (1, 2)}, "uids") == [1, 2]
    assert answers.ids({"uids": []}, "uids") == []
    others: list[Any] = [[1, "2"], [True], "12", {1: 2}, 5]
    for wrong in others:
        assert failure(answers.ids, {"uids": wrong}, "uids") == WRONG


def test_mtypes() -> None:
    assert answers.mtypes({"p2p": (0, 127)}, "p2p") == [0, 127]
    others: list[Any] = [[1, 128], [True], ["30"], "30", 5]
    for wrong in others:
        assert failure(answers.mtypes, {"p2p": wrong}, "p2p") == WRONG


def test_numbers_may_come_as_texts() -> None:
    assert answers.numbers({"tags": ["100", 102, b"-3"]}, "tags") == [100, 102, -3]
    assert answers.numbers({"tags": []}, "tags") == []
    others: list[Any] = [["100", "spam"], [""], ["1.5"], [1.5], [True], [None], [1 << 63], "100", {"100": 1}, None]
    for wrong in others:
        code = failure(answers.numbers, {"tags": wrong}, "tags")
        assert code == WRONG
        assert "'tags'" in code.message


def test_texts() -> None:
    assert answers.texts({"wlist": ("bad", "grüß".encode())}, "wlist") == ["bad", "grüß"]
    others: list[Any] = [["bad", 5], "bad", None]
    for wrong in others:
        assert failure(answers.texts, {"wlist": wrong}, "wlist") == WRONG


def test_text_map() -> None:
    assert answers.text_map({"x": {"nick": "Anna", b"level": b"5"}}, "x") == {"nick": "Anna", "level": "5"}
    assert answers.id_map({"infos": {"7": {"nick": "Anna"}}}, "infos", answers.text_map) == {7: {"nick": "Anna"}}
    others: list[Any] = [{"level": 5}, {5: "nick"}, ["nick"], None]
    for wrong in others:
        assert failure(answers.text_map, {"x": wrong}, "x") == WRONG


def test_id_map_takes_every_form_of_key() -> None:
    assert answers.id_map({"cn": {"31": 4, 32: 5, b"33": 6, "-1": 7}}, "cn", answers.int32) == {
        31: 4,
        32: 5,
        33: 6,
        -1: 7,
    }
    assert answers.id_map({"p2p": {"1": [30]}}, "p2p", answers.ids) == {1: [30]}


@pytest.mark.parametrize("key", ["x", "", "1.5", 1.5, True, None, str(1 << 63), 1 << 63, b"\xff", "9" * 5000])
def test_id_map_refuses_other_keys(key: Any) -> None:
    code = failure(answers.id_map, {"cn": {key: 4}}, "cn", answers.int32)
    assert code == WRONG
    assert "'cn'" in code.message


def test_id_map_refuses_other_values() -> None:
    assert failure(answers.id_map, {"cn": {"1": "4"}}, "cn", answers.int32) == WRONG
    assert failure(answers.id_map, {"cn": [1]}, "cn", answers.int32) == WRONG
    assert failure(answers.id_map, {}, "cn", answers.int32) == MISSING


def test_mtime_of_an_answer() -> None:
    assert drive(mtime_of({"mtime": 5}, 1, 2, 3, 4)) == ([], 5)


def test_mtime_of_a_confirmed_repeat_is_that_of_the_stored_message() -> None:
    quests, mtime = drive(mtime_of({}, 1, 2, 3, 4), {"id": 9, "mtime": 5})
    assert quests == [("getmsg", {"mid": 1, "from": 2, "xid": 4, "type": 3}, True, True, "", None)]
    assert mtime == 5


@pytest.mark.parametrize("answer", [CallFailed(ErrorCode(200070)), {}, {"mtime": "5"}])
def test_mtime_is_0_when_nobody_knows_it(answer: dict[str, Any] | CallFailed) -> None:
    assert drive(mtime_of({}, 1, 2, 3, 4), answer)[1] == 0
