"""The rules of spaces.messages.create, 4.1.1 to 4.5, each as one test, through the client against the gate."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rtm_sdk.errors import unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.client import GoogleChatClient

from .chat import Raw, Space, refused, status_of

INVALID = "INVALID_ARGUMENT"
FALLBACK: Any = "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
OR_FAIL: Any = "REPLY_MESSAGE_OR_FAIL"
UNSPECIFIED: Any = "MESSAGE_REPLY_OPTION_UNSPECIFIED"
MIB = 1 << 20


def card(text: str = "x") -> dict[str, Any]:
    return {"sections": [{"widgets": [{"textParagraph": {"text": text}}]}]}


# --- content -----------------------------------------------------------------------------------------------------


def test_4_1_1_at_most_32000_bytes(space: Space, app: GoogleChatClient) -> None:
    assert space.post("ä" * 16_000)["text"] == "ä" * 16_000
    assert refused(space.client.create_message(space, {"text": "ä" * 16_000 + "x"})) == INVALID
    message = {"text": "x" * 20_000, "cardsV2": [{"cardId": "c", "card": card("y" * 12_000)}]}
    assert refused(app.create_message(space, message)) == INVALID


def test_4_1_2_what_apps_and_users_may_send(space: Space, app: GoogleChatClient) -> None:
    extra = {
        "cardsV2": [{"cardId": "c", "card": card()}],
        "accessoryWidgets": [
            {"buttonList": {"buttons": [{"text": "b", "onClick": {"openLink": {"url": "https://x"}}}]}}
        ],
        "privateMessageViewer": {"name": "users/1"},
    }
    message = unwrap(app.create_message(space, {"text": "t", **extra}))
    assert {name: message.get(name) for name in ("cardsV2", "accessoryWidgets")} == {
        name: extra[name] for name in ("cardsV2", "accessoryWidgets")
    }
    assert message["privateMessageViewer"]["name"] == "users/1"
    for name, value in extra.items():
        assert refused(space.client.create_message(space, {"text": "t", name: value})) == INVALID
    uploaded = unwrap(space.client.upload_attachment(space, b"content", filename="a.txt"))
    message = unwrap(space.client.create_message(space, {"text": "t", "attachment": [uploaded]}))
    assert message["attachment"][0]["contentName"] == "a.txt"
    private = {"text": "t", "attachment": [uploaded], "privateMessageViewer": {"name": "users/1"}}
    assert refused(app.create_message(space, private)) == INVALID


def test_4_1_3_cards(space: Space, app: GoogleChatClient) -> None:
    big = card("x" * 32 * 1024)
    assert refused(app.create_message(space, {"cardsV2": [{"cardId": "c", "card": big}]})) == INVALID
    one = unwrap(app.create_message(space, {"cardsV2": [{"card": card()}]}))
    assert one["cardsV2"] == [{"card": card()}]
    for ids in (("a", ""), ("a", "a")):
        cards = [{"cardId": each, "card": card()} for each in ids]
        assert refused(app.create_message(space, {"cardsV2": cards})) == INVALID
    assert unwrap(app.create_message(space, {"cardsV2": [{"cardId": each, "card": card()} for each in "ab"]}))


@pytest.mark.parametrize("message", [{}, {"text": ""}, {"cardsV2": []}, {"fallbackText": "x"}, {"text": None}])
def test_4_1_4_something_to_say(space: Space, message: Any) -> None:
    assert refused(space.client.create_message(space, message)) == INVALID


def test_4_1_5_output_only_fields_are_ignored(space: Space, gate: Gate) -> None:
    given: dict[str, Any] = {
        "createTime": "2020-01-01T00:00:00Z",
        "sender": {"name": "users/99"},
        "name": f"{space}/messages/x",
    }
    message = space.post(**given, deleteTime="2020-01-01T00:00:00Z", threadReply=True)
    assert not set(message) & {"deleteTime", "threadReply"}
    for name, value in given.items():
        assert message[name] != value
    importing = Space(gate, space.client, gate.google.add_space(import_mode=True))
    assert importing.post(createTime="2020-01-01T00:00:00Z")["createTime"] == "2020-01-01T00:00:00Z"


def test_4_1_6_the_answer_is_the_message(space: Space, app: GoogleChatClient) -> None:
    for client in (space.client, app):
        message = space.post("mine", by=client)
        assert unwrap(client.get_message(message["name"])) == message
        assert message["text"] == "mine"
        assert set(message) >= {"name", "sender", "createTime", "thread", "space"}


# --- threads -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", [None, UNSPECIFIED])
def test_4_2_unspecified_starts_a_thread(space: Space, option: Any) -> None:
    head = space.post()
    reply = space.post(thread={"name": head["thread"]["name"]}, message_reply_option=option)
    assert reply["thread"]["name"] != head["thread"]["name"]
    assert "threadReply" not in reply
    unknown = space.post(thread={"name": f"{space}/threads/unknown"}, message_reply_option=option)
    assert unknown["thread"]["name"] != f"{space}/threads/unknown"
    keyed = space.post(thread={"threadKey": "k"}, message_reply_option=option)
    bound = space.post(thread={"threadKey": "k"}, message_reply_option=FALLBACK)
    assert bound["thread"]["name"] != keyed["thread"]["name"]
    assert "threadReply" not in bound


def test_4_2_fallback_to_a_new_thread(space: Space) -> None:
    head = space.post()
    reply = space.post(thread={"name": head["thread"]["name"]}, message_reply_option=FALLBACK)
    assert (reply["thread"]["name"], reply["threadReply"]) == (head["thread"]["name"], True)
    unknown = space.post(thread={"name": f"{space}/threads/unknown"}, message_reply_option=FALLBACK)
    assert unknown["thread"]["name"] not in (f"{space}/threads/unknown", head["thread"]["name"])
    first, second = (space.post(thread={"threadKey": "k"}, message_reply_option=FALLBACK) for _ in range(2))
    assert first["thread"]["name"] == second["thread"]["name"]
    assert second["threadReply"] is True
    none = space.post(message_reply_option=FALLBACK)
    assert none["thread"]["name"] not in (first["thread"]["name"], head["thread"]["name"])


def test_4_2_reply_or_fail(space: Space) -> None:
    head = space.post()
    reply = space.post(thread={"name": head["thread"]["name"]}, message_reply_option=OR_FAIL)
    assert (reply["thread"]["name"], reply["threadReply"]) == (head["thread"]["name"], True)
    unknown = {"text": "x", "thread": {"name": f"{space}/threads/unknown"}}
    assert refused(space.client.create_message(space, unknown, message_reply_option=OR_FAIL)) == "NOT_FOUND"
    first, second = (space.post(thread={"threadKey": "k"}, message_reply_option=OR_FAIL) for _ in range(2))
    assert first["thread"]["name"] == second["thread"]["name"]
    assert "threadReply" not in space.post(message_reply_option=OR_FAIL)


def test_4_2_the_option_as_a_number(space: Space, raw: Raw) -> None:
    thread = space.post()["thread"]["name"]
    for number in ("1", "2"):
        answer = raw(
            "POST",
            f"v1/{space}/messages",
            params={"messageReplyOption": number},
            json={"text": "x", "thread": {"name": thread}},
        )
        assert answer.json()["thread"]["name"] == thread


def test_4_2_the_key_in_the_query(space: Space) -> None:
    first = space.post(thread_key="k", message_reply_option=FALLBACK)
    second = space.post(thread={"threadKey": "k"}, message_reply_option=FALLBACK)
    assert first["thread"]["name"] == second["thread"]["name"]
    assert space.post(thread_key="k" * 4000, message_reply_option=FALLBACK)
    too_long = space.client.create_message(space, {"text": "x"}, thread_key="k" * 4001, message_reply_option=FALLBACK)
    assert refused(too_long) == INVALID


@pytest.mark.parametrize("kind", ["GROUP_CHAT", "DIRECT_MESSAGE"])
def test_4_2_1_only_named_spaces_have_threads(gate: Gate, user: GoogleChatClient, kind: Any) -> None:
    members = ["users/1", "users/1000"] if kind == "DIRECT_MESSAGE" else None
    space = Space(gate, user, gate.google.add_space(space_type=kind, members=members))
    head = space.post()
    reply = space.post("there", thread={"name": head["thread"]["name"]}, message_reply_option=OR_FAIL)
    assert "threadReply" not in reply
    assert space.texts() == ["hello", "there"]
    unknown = {"text": "x", "thread": {"name": f"{space}/threads/unknown"}}
    assert unwrap(user.create_message(space, unknown, message_reply_option=OR_FAIL))


def test_4_2_2_a_malformed_thread(space: Space, gate: Gate) -> None:
    elsewhere = Space(gate, space.client, gate.google.add_space()).post()["thread"]["name"]
    for name in ("x", f"{space}/threads/", f"{space}/messages/x", f"{space}/threads/a/b", elsewhere):
        message = {"text": "x", "thread": {"name": name}}
        assert refused(space.client.create_message(space, message, message_reply_option=FALLBACK)) == INVALID


def test_4_2_3_the_name_wins_over_the_key(space: Space) -> None:
    head = space.post()
    keyed = space.post(thread={"threadKey": "k"}, message_reply_option=FALLBACK)
    both = {"name": head["thread"]["name"], "threadKey": "k"}
    assert space.post(thread=both, message_reply_option=FALLBACK)["thread"]["name"] == head["thread"]["name"]
    assert keyed["thread"]["name"] != head["thread"]["name"]


def test_4_2_4_thread_reply(space: Space) -> None:
    head = space.post(thread={"threadKey": "k"}, message_reply_option=FALLBACK)
    reply = space.post(thread={"threadKey": "k"}, message_reply_option=FALLBACK)
    assert "threadReply" not in head
    assert reply["threadReply"] is True


def test_4_2_5_the_key_is_echoed_to_its_owner(space: Space, app: GoogleChatClient) -> None:
    mine = space.post(by=app, thread={"threadKey": "k"}, message_reply_option=FALLBACK)
    assert mine["thread"]["threadKey"] == "k"
    assert "threadKey" not in unwrap(space.client.get_message(mine["name"]))["thread"]
    theirs = space.post(thread={"threadKey": "k"}, message_reply_option=FALLBACK)
    assert theirs["thread"]["name"] != mine["thread"]["name"]


# --- requestId ---------------------------------------------------------------------------------------------------


def test_4_3_1_the_first_use_creates(space: Space) -> None:
    first = space.post("1", request_id=f"id of {space}")
    again = space.post("2", request_id=f"id of {space}")
    assert (again["name"], again["text"]) == (first["name"], "1")
    assert space.texts() == ["1"]


def test_4_3_2_the_repeat_answers_what_is_stored(space: Space) -> None:
    first = space.post("1", request_id=f"id of {space}")
    changed = unwrap(space.client.update_message(first["name"], {"text": "changed"}, "text"))
    assert space.post("1", request_id=f"id of {space}") == changed


def test_4_3_3_another_user_may_not_use_it(space: Space, other: GoogleChatClient) -> None:
    space.post("1", request_id=f"id of {space}")
    assert refused(other.create_message(space, {"text": "2"}, request_id=f"id of {space}")) == INVALID


def test_4_3_4_the_client_makes_one(space: Space, gate: Gate) -> None:
    lost = gate.faults.add("spaces.messages.create", "cut_after")
    space.post("once")
    assert lost.hits == 1
    assert space.texts() == ["once"]
    space.post("once")
    assert space.texts() == ["once", "once"]


def test_4_3_5_spaces_have_it_too(space: Space, gate: Gate) -> None:
    client = space.client
    with pytest.raises(ValueError, match="^request_id must not be empty"):
        client.create_space({"spaceType": "SPACE", "displayName": "x"}, request_id="")
    lost = gate.faults.add("spaces.create", "cut_after")
    made = unwrap(client.create_space({"spaceType": "SPACE", "displayName": f"made beside {space}"}))
    assert lost.hits == 1
    lost = gate.faults.add("spaces.setup", "cut_after")
    set_up = unwrap(client.set_up_space({"spaceType": "SPACE", "displayName": f"set up beside {space}"}))
    assert lost.hits == 1
    names = [each["displayName"] for each in client.iter_spaces() if str(space) in each.get("displayName", "")]
    assert {made["displayName"], set_up["displayName"]} <= set(names)
    assert len(names) == len(set(names))
    key = f"id of {space}"
    first = unwrap(client.create_space({"spaceType": "SPACE", "displayName": f"with {key}"}, request_id=key))
    again = unwrap(client.create_space({"spaceType": "SPACE", "displayName": f"again {key}"}, request_id=key))
    assert again["name"] == first["name"]


# --- messageId ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("good", ["client-a", "client-" + "9" * 56, "client--", "client-a-b-0"])
def test_4_4_1_good_ids(space: Space, good: str) -> None:
    assert space.post(message_id=good)["clientAssignedMessageId"] == good


@pytest.mark.parametrize(
    "bad", ["x", "client-", "client-A", "client-" + "9" * 57, "client-a_b", "Client-a", "client-ä"]
)
def test_4_4_2_bad_ids(space: Space, bad: str) -> None:
    assert refused(space.client.create_message(space, {"text": "x"}, message_id=bad)) == INVALID


def test_4_4_2_an_id_is_unique_in_its_space(space: Space, gate: Gate) -> None:
    space.post(message_id="client-a")
    assert refused(space.client.create_message(space, {"text": "x"}, message_id="client-a")) == "ALREADY_EXISTS"
    elsewhere = Space(gate, space.client, gate.google.add_space())
    assert elsewhere.post(message_id="client-a")


def test_4_4_3_the_name_stays_the_system_s(space: Space) -> None:
    message = space.post(message_id="client-a")
    assert message["clientAssignedMessageId"] == "client-a"
    assert "client-a" not in message["name"]
    assert unwrap(space.client.get_message(f"{space}/messages/client-a"))["name"] == message["name"]


def test_4_4_4_in_place_of_the_system_id(space: Space) -> None:
    client, name = space.client, f"{space}/messages/client-a"
    message = space.post(message_id="client-a")
    assert unwrap(client.get_message(name)) == message
    assert unwrap(client.update_message(name, {"text": "1"}, "text"))["text"] == "1"
    assert unwrap(client.put_message(name, {"text": "2"}, "text"))["text"] == "2"
    unwrap(client.create_reaction(name, {"emoji": {"unicode": "\U0001f600"}}))
    assert space.page()["messages"][0]["name"] == message["name"]
    assert client.delete_message(name) == (None, 0)
    assert refused(client.get_message(name)) == "NOT_FOUND"


# --- other -------------------------------------------------------------------------------------------------------


def test_4_5_notification_types(space: Space, app: GoogleChatClient, raw: Raw) -> None:
    assert "silent" not in space.post(notification_type="NOTIFICATION_TYPE_NONE")
    assert "silent" not in space.post(by=app, notification_type="NOTIFICATION_TYPE_FORCE_NOTIFY")
    assert space.post(by=app, notification_type="NOTIFICATION_TYPE_SILENT")["silent"] is True
    silent = space.client.create_message(space, {"text": "x"}, notification_type="NOTIFICATION_TYPE_SILENT")
    assert refused(silent) == INVALID
    query = {"createMessageNotificationOptions.notificationType": "LOUD"}
    assert status_of(raw("POST", f"v1/{space}/messages", params=query, json={"text": "x"})) == (400, INVALID)


def test_4_5_unknown_space_and_no_member(space: Space, gate: Gate) -> None:
    assert refused(space.client.create_message("spaces/nowhere", {"text": "x"})) == "NOT_FOUND"
    closed = gate.google.add_space(members=["users/2"])
    assert refused(space.client.create_message(closed, {"text": "x"})) == "PERMISSION_DENIED"


def test_what_is_no_json_is_refused_at_once(space: Space) -> None:
    for message in ({"text": {1}}, {"text": object()}):
        with pytest.raises(TypeError):
            space.client.create_message(space, message)
        with pytest.raises(TypeError):
            space.client.create_message(space, message, callback=print)
    with pytest.raises(ValueError):
        space.client.create_message(space, {"text": float("nan")})
    assert json.loads(json.dumps(space.page())) == {}
