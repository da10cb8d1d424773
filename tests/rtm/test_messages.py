from __future__ import annotations

import json
from typing import Any

import pytest

from rtm_sdk.errors import RTM_ERROR, CallFailed, ErrorCode
from rtm_sdk.rtm.results import ChatMessageType, FileInfo, MessageType, RetrievedMessage, SendResult

from .contract import drive, start

SENDS = [
    ("send_message", (51, 1, 2, "hi"), (1, 2)),
    ("send_chat", (1, 2, "hi"), (1, 2)),
    ("send_messages", (51, 1, [2, 3], "hi"), (1, 2)),
    ("send_cmds", (1, [2, 3], "hi"), (1, 2)),
    ("send_group_message", (51, 1, 7, "hi"), (2, 7)),
    ("send_group_chat", (1, 7, "hi"), (2, 7)),
    ("send_room_message", (51, 1, 7, "hi"), (3, 7)),
    ("send_room_cmd", (1, 7, "hi"), (3, 7)),
    ("broadcast_message", (51, 1, "hi"), (4, 0)),
    ("broadcast_chat", (1, "hi"), (4, 0)),
]
each_send = pytest.mark.parametrize(("name", "args", "conversation"), SENDS, ids=[name for name, *_ in SENDS])


@each_send
def test_mid_is_made_before_the_first_attempt_and_returned(
    name: str, args: tuple[Any, ...], conversation: tuple[int, int]
) -> None:
    mids = set()
    for _ in range(3):
        (quest,), result = drive(start(name, *args), {"mtime": 5})
        assert result == SendResult(quest.params["mid"], 5)
        mids.add(result.mid)
    assert len(mids) == 3
    assert min(mids) > 0


@each_send
def test_mid_of_the_caller_is_kept(name: str, args: tuple[Any, ...], conversation: tuple[int, int]) -> None:
    assert drive(start(name, *args, mid=77), {"mtime": 5})[1] == (77, 5)


@each_send
def test_confirmed_repeat_asks_for_the_time(name: str, args: tuple[Any, ...], conversation: tuple[int, int]) -> None:
    kind, xid = conversation
    (_, asked), result = drive(start(name, *args, mid=77), {}, {"id": 1, "mtime": 6})
    assert asked.method == "getmsg"
    assert asked.params == {"mid": 77, "from": 1, "xid": xid, "type": kind}
    assert result == (77, 6)
    not_stored = CallFailed(ErrorCode(RTM_ERROR.RTM_EC_MESSAGE_NOT_FOUND))
    assert drive(start(name, *args, mid=77), {}, not_stored)[1] == (77, 0)


@pytest.mark.parametrize("message", ["text", "", b"\xff\x00", bytearray(b"\xff\x00")])
def test_body_is_text_or_binary(message: Any) -> None:
    (quest,), _ = drive(start("send_message", 51, 1, 2, message), {"mtime": 5})
    sent = quest.params["msg"]
    assert sent == message
    assert type(sent) is (str if isinstance(message, str) else bytes)


def test_attrs_are_empty_when_left_out() -> None:
    assert drive(start("send_chat", 1, 2, "hi"), {"mtime": 5})[0][0].params["attrs"] == ""
    assert drive(start("send_chat", 1, 2, "hi", "a"), {"mtime": 5})[0][0].params["attrs"] == "a"


@pytest.mark.parametrize("mtype", [-1, 128, 1000])
def test_mtype_that_the_wire_cannot_carry(mtype: int) -> None:
    with pytest.raises(ValueError, match=f"^mtype must be from 0 to 127, not {mtype}$"):
        next(start("send_message", mtype, 1, 2, "hi"))


@pytest.mark.parametrize("mtype", [0, 30, 45, 127, ChatMessageType.CMD])
def test_other_mtypes_are_left_to_the_service(mtype: int) -> None:
    sent = next(start("send_message", mtype, 1, 2, "hi")).params["mtype"]
    assert (sent, type(sent)) == (mtype, int)


def test_one_mid_for_all_receivers_and_none_is_left_to_the_service() -> None:
    (quest,), _ = drive(start("send_messages", 51, 1, {2, 3}, "hi"), {"mtime": 5})
    assert sorted(quest.params["tos"]) == [2, 3]
    (empty, _), result = drive(start("send_messages", 51, 1, [], "hi", mid=7), {}, {})
    assert empty.params["tos"] == []
    assert result == (7, 0)


def test_wrapper_names_its_own_argument() -> None:
    for name, argument in (("get_p2p_message_info", "to_uid"), ("get_p2p_chat_info", "to")):
        with pytest.raises(TypeError, match=f"^{argument} must be an int"):
            next(start(name, 1, 2, "3"))
    with pytest.raises(TypeError, match="^gid must be an int"):
        next(start("delete_group_chat", 1, 2, "3"))
    with pytest.raises(TypeError, match="^rid must be an int"):
        next(start("clean_room_message", "3", 1, 2))


def test_stored_message() -> None:
    answer = {"id": 9, "mtype": 51, "msg": b"\xff", "attrs": "a", "mtime": 5}
    _, result = drive(start("get_message_info", 1, 2, 3, MessageType.GROUP_MESSAGE), answer)
    assert result == RetrievedMessage(9, 51, b"\xff", "a", 5, None)


def test_stored_file_has_file_info() -> None:
    body = json.dumps({"url": "http://x/y", "size": 3, "surl": "http://x/s"})
    attrs = json.dumps({"rtm": {"ext": "jpg"}, "custom": "mine"})
    answer = {"id": 9, "mtype": 40, "msg": body, "attrs": attrs, "mtime": 5}
    _, result = drive(start("get_p2p_message_info", 1, 2, 3), answer)
    assert result == RetrievedMessage(9, 40, body, "mine", 5, FileInfo("http://x/y", 3, "http://x/s"))


def test_attrs_that_are_not_utf_8_do_not_lose_the_message() -> None:
    answer = {"id": 9, "mtype": 51, "msg": "hi", "attrs": b"a\xff", "mtime": 5}
    assert drive(start("get_group_message_info", 1, 2, 3), answer)[1].attrs == "a\\xff"


def test_answer_without_a_message_is_not_found() -> None:
    with pytest.raises(CallFailed) as failure:
        drive(start("get_room_message_info", 1, 2, 3), {})
    assert failure.value.error_code == RTM_ERROR.RTM_EC_MESSAGE_NOT_FOUND
