"""Messages: what is stored, what changes, who may."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rtm_sdk import unwrap
from rtm_sdk.bearychat import BearyChatClient
from rtm_sdk.errors import BEARYCHAT_ERROR
from rtm_sdk.gate import Gate
from rtm_sdk.gate.bearychat.formats import time_text
from rtm_sdk.gate.store import MessageKind

from ...bearychat.scenario import KEY, PINNED_KEY
from .raw import Raw


def as_user(gate: Gate, user: str) -> BearyChatClient:
    return BearyChatClient(gate.bearychat.add_token(user), base_url=gate.bearychat.base_url, timeout=5)


def test_a_new_message(gate: Gate, client: BearyChatClient) -> None:
    before = gate.clock.ms()
    blocks = [{"title": "a", "color": "#ffa500", "images": [{"url": "http://example.com/a.png"}]}]
    message = unwrap(client.create_message("=talk", "hi 你好", attachments=blocks))  # type: ignore[arg-type]
    me = unwrap(client.get_me())
    assert re.fullmatch(r"\d{13}\.\d{4}", message["key"])
    assert message["created_ts"] == int(message["key"].partition(".")[0])
    assert before <= message["created_ts"] <= gate.clock.ms()
    expected: dict[str, Any] = {
        "team_id": me["team_id"],
        "uid": me["id"],
        "robot_id": None,
        "vchannel_id": "=talk",
        "refer_key": None,
        "subtype": "normal",
        "text": "hi 你好",
        "fallback": None,
        "attachments": blocks,
        "updated": message["created"],
        "is_channel": True,
        "edited": False,
        "reactions": [],
        "pin_id": None,
    }
    assert expected.items() <= message.items()
    assert unwrap(client.get_message("=talk", message["key"])) == message


@pytest.mark.parametrize(
    ("ms", "created"),
    [
        (1539079267590, "2018-10-09T10:01:08.000+0000"),
        (1539079255082, "2018-10-09T10:00:55.000+0000"),
        (1539079259500, "2018-10-09T10:01:00.000+0000"),
    ],
)
def test_created_is_rounded_to_the_second(ms: int, created: str) -> None:
    assert time_text(ms) == created


def test_keys_ascend_whatever_the_clock_does(gate: Gate, client: BearyChatClient) -> None:
    keys = []
    for offset in (0, 0, -3600, 60, 0):
        gate.clock.offset = offset
        keys.append(unwrap(client.create_message("=talk", "hi"))["key"])
    gate.clock.offset = 0
    assert keys == sorted(set(keys))
    assert all(re.fullmatch(r"\d{13}\.\d{4}", key) for key in keys)


def test_the_counter_runs_over(own: Gate) -> None:
    last = own.clock.ms() + 60_000
    own.bearychat.add_message("=talk", "late", key=f"{last}.9999")
    with as_user(own, "ann") as ann:
        assert unwrap(ann.create_message("=talk", "hi"))["key"] == f"{last + 1}.0000"


def test_all_systems_have_one_table_of_messages(gate: Gate, client: BearyChatClient) -> None:
    message = unwrap(client.create_message("=talk", "hi"))
    (stored,) = (each for each in gate.messages(kind=MessageKind.BEARYCHAT) if each.message == "hi")
    assert (stored.from_uid, stored.to_id) == (message["uid"], "=talk")
    assert stored.mtime == message["created_ts"]
    unwrap(client.update_message_text("=talk", message["key"], "changed"))
    assert [each.message for each in gate.messages(kind=12, to_id="=talk")] == ["hello", "listen", "changed"]
    unwrap(client.delete_message("=talk", message["key"]))
    assert [each.message for each in gate.messages(kind=12, to_id="=talk")] == ["hello", "listen"]
    assert len(gate.messages(kind=12, deleted=True)) == 3


def test_update_text(gate: Gate, client: BearyChatClient) -> None:
    before = unwrap(client.get_message("=talk", PINNED_KEY))
    gate.clock.offset = 10
    changed = unwrap(client.update_message_text("=talk", PINNED_KEY, "changed"))
    gate.clock.offset = 0
    assert changed.pop("updated") != before.pop("updated")
    assert changed == {**before, "text": "changed", "edited": True}
    assert unwrap(client.query_messages("=talk", latest={"limit": 1}))[0]["text"] == "changed"


@pytest.mark.parametrize("verb", ["PATCH", "POST"])
def test_update_text_comes_with_both_verbs(gate: Gate, raw: Raw, verb: str) -> None:
    params = {"vchannel_id": "=talk", "message_key": KEY, "text": verb}
    assert raw.call(verb, "/bearychat/v1/message.update_text", params).data["text"] == verb


@pytest.mark.parametrize("name", ["key", "message_key"])
@pytest.mark.parametrize("endpoint", ["message.forward", "reaction.create", "message_pin.create", "message.delete"])
def test_keys_come_under_both_names(gate: Gate, raw: Raw, endpoint: str, name: str) -> None:
    further = {"to_vchannel_id": "=some", "reaction": ":+1:"}
    assert raw.post(endpoint, vchannel_id="=talk", **{name: KEY}, **further).status in (200, 204)


def test_a_deleted_message_is_gone(gate: Gate, client: BearyChatClient) -> None:
    unwrap(client.create_pin("=talk", KEY))
    unwrap(client.create_reaction("=talk", KEY, ":smile:"))
    assert client.delete_message("=talk", KEY) == (None, 0)
    assert client.get_message("=talk", KEY)[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert client.delete_message("=talk", KEY)[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert client.update_message_text("=talk", KEY, "again")[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert client.forward_message("=talk", KEY, "=some")[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert [each["key"] for each in unwrap(client.query_messages("=talk", latest={}))] == [PINNED_KEY]
    assert unwrap(client.list_pins("=talk")) == []


def test_tombstones_can_be_shown(gate: Gate, client: BearyChatClient) -> None:
    before = unwrap(client.get_message("=talk", KEY))
    unwrap(client.delete_message("=talk", KEY))
    gate.bearychat.tombstones = True
    tombstone = unwrap(client.get_message("=talk", KEY))
    found = unwrap(client.query_messages("=talk", latest={}))
    again = client.delete_message("=talk", KEY)
    refused = [
        client.update_message_text("=talk", KEY, "again")[1],
        client.forward_message("=talk", KEY, "=some")[1],
        client.create_pin("=talk", KEY)[1],
        client.create_reaction("=talk", KEY, ":smile:")[1],
    ]
    gate.bearychat.tombstones = False
    assert (tombstone["deleted"], tombstone["subtype"]) == (True, "info")
    assert tombstone["text"] != before["text"]
    assert tombstone["text"] == tombstone["text_i18n"]["en"]
    assert [tombstone["key"], tombstone["created"], tombstone["created_ts"]] == [
        before["key"],
        before["created"],
        before["created_ts"],
    ]
    assert found[0] == tombstone
    assert again == (None, 0)
    assert refused == [BEARYCHAT_ERROR.FORBIDDEN] * 4


def test_messages_of_others(gate: Gate, client: BearyChatClient) -> None:
    with as_user(gate, "ann") as ann:
        assert ann.update_message_text("=talk", KEY, "mine")[1] == BEARYCHAT_ERROR.FORBIDDEN
        assert ann.delete_message("=talk", KEY)[1] == BEARYCHAT_ERROR.FORBIDDEN
        mine = unwrap(ann.create_message("=talk", "of ann"))
        assert client.delete_message("=talk", mine["key"])[1] == BEARYCHAT_ERROR.FORBIDDEN
        assert ann.delete_message("=talk", mine["key"]) == (None, 0)


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_who_runs_the_team_deletes_any_message(own: Gate, role: str) -> None:
    own.bearychat.add_user("chief", role=role)
    with as_user(own, "chief") as chief:
        assert chief.delete_message("=talk", KEY) == (None, 0)
        assert chief.get_message("=talk", KEY)[1] == BEARYCHAT_ERROR.NOT_FOUND


@pytest.mark.parametrize("attachments", [None, []])
def test_an_empty_text_needs_attachments(gate: Gate, client: BearyChatClient, attachments: list[Any] | None) -> None:
    assert client.create_message("=talk", "", attachments)[1] == BEARYCHAT_ERROR.INVALID_PARAMETER
    assert client.create_message("=talk", "", [{"text": "x"}])[1] == 0
    assert client.update_message_text("=talk", KEY, "")[1] == BEARYCHAT_ERROR.INVALID_PARAMETER
    assert client.update_message_text("=talk", PINNED_KEY, "")[1] == 0


@pytest.mark.parametrize(
    "attachments",
    [
        {},
        "text",
        [1],
        [{}],
        [{"title": ""}],
        [{"title": 5}],
        [{"text": "x", "color": 5}],
        [{"images": [{"url": "http://example.com/a.png"}]}],
        [{"text": "x", "images": {}}],
        [{"text": "x", "images": [{}]}],
        [{"text": "x", "images": ["http://example.com/a.png"]}],
        [{"text": "\ud800"}],
    ],
)
def test_attachments_are_checked(gate: Gate, raw: Raw, attachments: Any) -> None:
    reply = raw.post("message.create", vchannel_id="=talk", text="x", attachments=attachments)
    assert (reply.status, reply.code) == (400, BEARYCHAT_ERROR.INVALID_PARAMETER)


@pytest.mark.parametrize("text", [5, True, ["x"], {"text": "x"}, "\ud800"])
def test_a_text_is_a_string(gate: Gate, raw: Raw, text: Any) -> None:
    reply = raw.post("message.create", vchannel_id="=talk", text=text)
    assert (reply.status, reply.code) == (400, BEARYCHAT_ERROR.INVALID_PARAMETER)


def test_only_members_write(gate: Gate, client: BearyChatClient) -> None:
    assert client.create_message("=open", "hi")[1] == BEARYCHAT_ERROR.FORBIDDEN
    assert client.forward_message("=talk", KEY, "=open")[1] == BEARYCHAT_ERROR.FORBIDDEN
    unwrap(client.join_channel("=open"))
    assert client.create_message("=open", "hi")[1] == 0
    assert client.create_message("=nowhere", "hi")[1] == BEARYCHAT_ERROR.NOT_FOUND


def test_nobody_writes_to_what_is_archived(gate: Gate, client: BearyChatClient) -> None:
    unwrap(client.archive_channel("=talk"))
    assert client.create_message("=talk", "hi")[1] == BEARYCHAT_ERROR.FORBIDDEN
    assert unwrap(client.get_message("=talk", KEY))["text"] == "hello"
    unwrap(client.unarchive_channel("=talk"))
    assert client.create_message("=talk", "hi")[1] == 0


def test_forward(gate: Gate, client: BearyChatClient) -> None:
    with as_user(gate, "ann") as ann:
        original = unwrap(ann.create_message("=talk", "of ann", [{"text": "x"}]))
    forwarded = unwrap(client.forward_message("=talk", original["key"], "=both"))
    assert forwarded["uid"] == unwrap(client.get_me())["id"]
    assert (forwarded["vchannel_id"], forwarded["subtype"], forwarded["is_channel"]) == ("=both", "forwarded", False)
    assert "of ann" not in forwarded["text"]
    assert forwarded["text"] == forwarded["text_i18n"]["en"]
    assert not {"attachments", "fallback"} & forwarded.keys()
    names = ("uid", "vchannel_id", "robot_id", "created_ts", "id", "team_id", "subtype", "text")
    expected = {**{name: original[name] for name in names}, "message_key": original["key"]}  # type: ignore[literal-required]
    assert forwarded["repost"] == expected
    (found,) = unwrap(client.query_messages("=both", latest={}))
    assert found["repost"] == expected
    assert client.forward_message("=talk", "1.0000", "=both")[1] == BEARYCHAT_ERROR.NOT_FOUND


def test_reactions_are_grouped(gate: Gate, client: BearyChatClient) -> None:
    me = unwrap(client.get_me())["id"]
    first = unwrap(client.create_reaction("=talk", KEY, ":smile:"))
    assert unwrap(client.create_reaction("=talk", KEY, ":smile:")) == first
    with as_user(gate, "ann") as ann:
        unwrap(ann.create_reaction("=talk", KEY, ":smile:"))
        unwrap(ann.create_reaction("=talk", KEY, ":+1:"))
        groups = {each["reaction"]: each["uids"] for each in unwrap(client.get_message("=talk", KEY))["reactions"]}
        assert groups == {":smile:": [me, "=ann"], ":+1:": ["=ann"]}
        assert client.delete_reaction("=talk", KEY, ":+1:")[1] == BEARYCHAT_ERROR.NOT_FOUND
        unwrap(ann.delete_reaction("=talk", KEY, ":+1:"))
    groups = {each["reaction"]: each["uids"] for each in unwrap(client.get_message("=talk", KEY))["reactions"]}
    assert groups == {":smile:": [me, "=ann"]}
    assert client.create_reaction("=talk", KEY, "smile")[1] == BEARYCHAT_ERROR.INVALID_PARAMETER


def test_pins(gate: Gate, client: BearyChatClient) -> None:
    assert unwrap(client.list_pins("=talk")) == []
    pin = unwrap(client.create_pin("=talk", KEY))
    assert unwrap(client.create_pin("=talk", KEY)) == pin
    message = unwrap(client.get_message("=talk", KEY))
    assert (pin["message_id"], pin["message_key"], message["pin_id"]) == (message["id"], KEY, pin["id"])
    (listed,) = unwrap(client.list_pins("=talk"))
    text = listed.pop("message")
    assert text is not None
    assert (listed, text["text"]) == (pin, "hello")
    assert unwrap(client.list_pins("=some")) == []
    assert client.delete_pin("=some", pin["id"])[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert client.delete_pin("=talk", pin["id"]) == (None, 0)
    assert client.delete_pin("=talk", pin["id"])[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert unwrap(client.get_message("=talk", KEY))["pin_id"] is None


def test_latest_ts_is_that_of_the_newest_message(gate: Gate, client: BearyChatClient) -> None:
    assert unwrap(client.get_vchannel("=talk"))["latest_ts"] == 1485236262366
    message = unwrap(client.create_message("=talk", "hi"))
    assert unwrap(client.get_vchannel("=talk"))["latest_ts"] == message["created_ts"]
