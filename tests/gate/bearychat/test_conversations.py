"""Channels, discussion groups, conversations of two: who is in them, who sees them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rtm_sdk import unwrap
from rtm_sdk.bearychat import BearyChatClient
from rtm_sdk.errors import BEARYCHAT_ERROR
from rtm_sdk.gate import Gate

from .raw import Raw


def as_user(gate: Gate, user: str) -> BearyChatClient:
    return BearyChatClient(gate.bearychat.add_token(user), base_url=gate.bearychat.base_url, timeout=5)


def members(client: BearyChatClient, vchannel_id: str) -> set[str]:
    return set(unwrap(client.get_vchannel(vchannel_id))["member_uids"])


def test_a_new_channel(gate: Gate, client: BearyChatClient) -> None:
    me = unwrap(client.get_me())["id"]
    channel = unwrap(client.create_channel("news", topic="what happens"))
    assert channel["id"] == channel["vchannel_id"]
    assert (channel["name"], channel["topic"], channel["uid"]) == ("news", "what happens", me)
    assert (channel["type"], channel["general"], channel["private"]) == ("normal", False, False)
    assert (channel["is_active"], channel["is_member"], channel["member_uids"]) == (True, True, [me])
    assert unwrap(client.get_channel(channel["id"])) == channel
    assert unwrap(client.get_vchannel(channel["id"])) == channel
    assert channel in unwrap(client.list_channels())
    assert client.create_channel("news")[1] == BEARYCHAT_ERROR.INVALID_PARAMETER


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("ab", True),
        ("a" * 20, True),
        ("你", True),
        ("你" * 10, True),
        ("a-b_c.9", True),
        ("你好ab", True),
        ("a", False),
        ("a" * 21, False),
        ("你" * 11, False),
        ("你" * 9 + "abc", False),
        ("a b", False),
        ("a/b", False),
        ("ab\n", False),
    ],
)
def test_names(gate: Gate, client: BearyChatClient, name: str, accepted: bool) -> None:
    expected = 0 if accepted else BEARYCHAT_ERROR.INVALID_PARAMETER
    assert client.create_session_channel(["=ann"], name)[1] == expected
    assert client.convert_session_channel("=some", name)[1] == expected
    gate.reset()
    assert client.create_channel(name)[1] == expected


def test_private_channels_are_seen_by_members_only(gate: Gate, client: BearyChatClient) -> None:
    hidden = unwrap(client.create_channel("hidden", private=True))["id"]
    with as_user(gate, "ann") as ann:
        not_found: list[Callable[[], tuple[object, int]]] = [
            lambda: ann.get_channel(hidden),
            lambda: ann.get_vchannel(hidden),
            lambda: ann.join_channel(hidden),
            lambda: ann.leave_channel(hidden),
            lambda: ann.query_messages(hidden, latest={}),
            lambda: ann.create_message(hidden, "hi"),
            lambda: ann.list_pins(hidden),
        ]
        assert [call()[1] for call in not_found] == [BEARYCHAT_ERROR.NOT_FOUND] * len(not_found)
        assert hidden not in [each["id"] for each in unwrap(ann.list_channels())]
        unwrap(client.invite_to_channel(hidden, "=ann"))
        assert unwrap(ann.get_channel(hidden))["is_member"]
        assert hidden in [each["id"] for each in unwrap(ann.list_channels())]


def test_joining_and_leaving(gate: Gate, client: BearyChatClient) -> None:
    me = unwrap(client.get_me())["id"]
    assert unwrap(client.get_channel("=open"))["is_member"] is False
    assert unwrap(client.join_channel("=open"))["is_member"] is True
    assert unwrap(client.join_channel("=open"))["member_uids"] == ["=ann", me]
    assert client.leave_channel("=open") == (None, 0)
    assert client.leave_channel("=open") == (None, 0)
    assert members(client, "=open") == {"=ann"}


@pytest.mark.parametrize("kind", ["channel", "session_channel"])
@pytest.mark.parametrize("verb", ["kick", "kickout"])
def test_inviting_and_kicking(gate: Gate, client: BearyChatClient, kind: str, verb: str) -> None:
    place = {"channel": "=talk", "session_channel": "=some"}[kind]
    invite, kick = getattr(client, f"invite_to_{kind}"), getattr(client, f"{verb}_from_{kind}")
    before = members(client, place)
    assert invite(place, "=bob") == (None, 0)
    assert invite(place, "=bob") == (None, 0)
    assert members(client, place) == before | {"=bob"}
    assert kick(place, "=bob") == (None, 0)
    assert members(client, place) == before
    assert kick(place, "=bob")[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert invite(place, "=nobody")[1] == BEARYCHAT_ERROR.NOT_FOUND
    with as_user(gate, "bob") as bob:
        refused = BEARYCHAT_ERROR.FORBIDDEN if kind == "channel" else BEARYCHAT_ERROR.NOT_FOUND
        assert getattr(bob, f"invite_to_{kind}")(place, "=bob")[1] == refused
        assert getattr(bob, f"{verb}_from_{kind}")(place, "=ann")[1] == refused


def test_everybody_stays_in_the_general_channel(gate: Gate, client: BearyChatClient) -> None:
    (general,) = (each for each in unwrap(client.list_channels()) if each["general"])
    assert set(general["member_uids"]) == {each["id"] for each in unwrap(client.list_users())}
    for refused in (
        client.leave_channel(general["id"])[1],
        client.archive_channel(general["id"])[1],
        client.kick_from_channel(general["id"], "=ann")[1],
    ):
        assert refused == BEARYCHAT_ERROR.FORBIDDEN


def test_archiving(gate: Gate, client: BearyChatClient) -> None:
    assert unwrap(client.archive_channel("=talk"))["is_active"] is False
    assert unwrap(client.archive_channel("=talk"))["is_active"] is False
    assert unwrap(client.unarchive_channel("=talk"))["is_active"] is True
    assert unwrap(client.archive_session_channel("=some"))["is_active"] is False
    assert client.convert_session_channel("=some", "converted")[1] == BEARYCHAT_ERROR.FORBIDDEN
    with as_user(gate, "bob") as bob:
        assert bob.archive_channel("=talk")[1] == BEARYCHAT_ERROR.FORBIDDEN
        assert bob.unarchive_channel("=talk")[1] == BEARYCHAT_ERROR.FORBIDDEN


def test_a_new_discussion_group(gate: Gate, client: BearyChatClient) -> None:
    me = unwrap(client.get_me())["id"]
    group = unwrap(client.create_session_channel(["=ann", "=ann"]))
    assert (group["name"], group["type"], group["member_uids"]) == (None, "session", [me, "=ann"])
    assert group["id"] == group["vchannel_id"]
    assert {each["id"] for each in unwrap(client.list_session_channels())} == {"=some", group["id"]}
    assert unwrap(client.create_message(group["id"], "hi"))["is_channel"] is True
    with as_user(gate, "bob") as bob:
        assert unwrap(bob.list_session_channels()) == []
        assert bob.get_session_channel("=some")[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert client.create_session_channel(["=nobody"])[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert client.leave_session_channel("=some") == (None, 0)
    assert client.get_session_channel("=some")[1] == BEARYCHAT_ERROR.NOT_FOUND


def test_a_discussion_group_becomes_a_channel(gate: Gate, client: BearyChatClient) -> None:
    said = unwrap(client.create_message("=some", "before"))
    channel = unwrap(client.convert_session_channel("=some", "converted"))
    assert (channel["id"], channel["name"], channel["type"]) == ("=some", "converted", "normal")
    assert (channel["private"], channel["uid"]) == (True, unwrap(client.get_me())["id"])
    assert unwrap(client.get_message("=some", said["key"]))["text"] == "before"
    assert client.get_session_channel("=some")[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert client.convert_session_channel("=some", "again")[1] == BEARYCHAT_ERROR.NOT_FOUND


def test_the_conversation_of_two(gate: Gate, client: BearyChatClient) -> None:
    me = unwrap(client.get_me())["id"]
    assert unwrap(client.create_p2p("=ann"))["id"] == "=both"
    made = unwrap(client.create_p2p("=bob"))
    assert (made["type"], set(made["member_uids"])) == ("p2p", {me, "=bob"})
    assert "name" not in made
    assert unwrap(client.create_p2p("=bob")) == made
    assert {each["id"] for each in unwrap(client.list_p2ps())} == {"=both", made["id"]}
    with as_user(gate, "bob") as bob:
        assert unwrap(bob.create_p2p(me))["id"] == made["id"]
        assert bob.get_p2p("=both")[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert client.create_p2p(me)[1] == BEARYCHAT_ERROR.INVALID_PARAMETER
    assert client.create_p2p("=nobody")[1] == BEARYCHAT_ERROR.NOT_FOUND


@pytest.mark.parametrize("name", ["channel.info", "session_channel.info", "p2p.info"])
def test_each_kind_has_its_own_info(gate: Gate, raw: Raw, name: str) -> None:
    found = {
        place
        for place in ("=talk", "=some", "=both")
        if raw.get(name, **{f"{'p2p_channel' if name == 'p2p.info' else name[:-5]}_id": place}).status == 200
    }
    assert found == {{"channel.info": "=talk", "session_channel.info": "=some", "p2p.info": "=both"}[name]}


@pytest.mark.parametrize("member_uids", [None, "=ann", {"=ann": 1}, [5]])
def test_member_uids_is_an_array_of_ids(gate: Gate, raw: Raw, member_uids: object) -> None:
    assert raw.post("session_channel.create", member_uids=member_uids).status == 400


def test_private_is_a_boolean(gate: Gate, raw: Raw) -> None:
    assert raw.post("channel.create", name="new", private=1).status == 400
    assert raw.post("channel.create", name="new", private=None).data["private"] is False


def test_users(gate: Gate, client: BearyChatClient) -> None:
    me = unwrap(client.get_me())
    assert (me["name"], me["type"]) == ("gatebot", "hubot")
    assert unwrap(client.get_user("=ann"))["full_name"] == "Ann"
    assert [each["name"] for each in unwrap(client.list_users())] == ["gatebot", "bearybot", "ann", "bob"]
    assert client.get_user("=nobody")[1] == BEARYCHAT_ERROR.NOT_FOUND
    assert unwrap(client.update_me()) == me
    assert unwrap(client.update_me(name="robot")) == {**me, "name": "robot"}
    assert unwrap(client.update_me(name="robot", full_name="")) == {**me, "name": "robot", "full_name": ""}
    assert unwrap(client.get_me())["name"] == "robot"
    assert client.update_me(name="ann")[1] == BEARYCHAT_ERROR.INVALID_PARAMETER


@pytest.mark.parametrize("name", ["", 5, ["x"]])
def test_the_name_of_a_user_is_a_text(gate: Gate, raw: Raw, name: object) -> None:
    assert raw.call("PATCH", "/bearychat/v1/user.update_me", {"name": name}).status == 400
