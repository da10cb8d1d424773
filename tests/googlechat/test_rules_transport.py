"""The rules on transport (1), names (3), times and numbers (17), through the client; and what real clients send."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from rtm_sdk.errors import unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.client import GoogleChatClient
from tests.http.peer import HTTPPeer, Reply

from .chat import Raw, Space, refused, status_of

INVALID = "INVALID_ARGUMENT"
TOKEN = "token-of-a-user"


# --- 1 transport -------------------------------------------------------------------------------------------------


def test_1_1_paths_begin_with_v1() -> None:
    data: dict[str, Any] = {"attachmentDataRef": {}}
    with HTTPPeer(always=Reply(200, data)) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        unwrap(client.get_space("spaces/A"))
        unwrap(client.upload_attachment("spaces/A", b"x", filename="a.txt"))
        assert [peer.next().path for _ in range(2)] == ["/v1/spaces/A", "/upload/v1/spaces/A/attachments:upload"]
    with GoogleChatClient(TOKEN) as client:
        assert client.base_url == "https://chat.googleapis.com/"


def test_1_2_bodies_are_json(space: Space, raw: Raw) -> None:
    answer = raw("GET", f"v1/{space}")
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    with HTTPPeer() as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        unwrap(client.create_message("spaces/A", {"text": "grüße"}))
        request = peer.next()
        assert request.headers["content-type"].lower() == "application/json; charset=utf-8"
        assert json.loads(request.body.decode("utf-8")) == {"text": "grüße"}
        assert request.headers["authorization"] == f"Bearer {TOKEN}"


def test_1_3_slashes_stay_plain() -> None:
    with HTTPPeer() as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        unwrap(client.get_membership("spaces/A/members/a b@c.example"))
        assert peer.next().target == "/v1/spaces/A/members/a%20b%40c.example"


def test_1_4_proto3_json(space: Space, raw: Raw) -> None:
    body = {"text": "x", "thread": {"thread_key": "k"}, "fallback_text": None}
    query = {"message_reply_option": "1", "request_id": f"1.4 {space}"}
    message = raw("POST", f"v1/{space}/messages", params=query, json=body).json()
    assert message["thread"]["threadKey"] == "k"
    assert not {"threadReply", "cardsV2", "deleteTime"} & set(message)
    newer = Reply(200, {"name": "n", "newField": {"deep": [1]}})
    with HTTPPeer(newer) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        assert unwrap(client.get_message("spaces/A/messages/B"))["name"] == "n"


def test_1_5_query_names() -> None:
    with HTTPPeer() as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        unwrap(client.create_message("spaces/A", {}, notification_type="NOTIFICATION_TYPE_NONE"))
        assert "createMessageNotificationOptions.notificationType=NOTIFICATION_TYPE_NONE" in peer.next().target
        unwrap(client.find_group_chats(users=["users/1", "users/2"]))
        assert peer.next().target == "/v1/spaces:findGroupChats?users=users%2F1&users=users%2F2"
        unwrap(client.list_messages("spaces/A", show_deleted=True))
        unwrap(client.list_messages("spaces/A", show_deleted=False))
        assert [peer.next().query for _ in range(2)] == [{"showDeleted": "true"}, {"showDeleted": "false"}]


def test_1_5_snake_case_is_taken_as_well(space: Space, raw: Raw) -> None:
    space.fill(3)
    query = {"page_size": "2", "order_by": "create_time desc", "show_deleted": "true"}
    found = raw("GET", f"v1/{space}/messages", params=query).json()["messages"]
    assert [message["text"] for message in found] == ["2", "1"]


def test_1_6_unknown_names(space: Space, raw: Raw) -> None:
    assert status_of(raw("GET", f"v1/{space}", params={"nothing": "x"})) == (400, INVALID)
    assert status_of(raw("POST", f"v1/{space}/messages", json={"text": "x", "nothing": 1})) == (400, INVALID)
    common = {"alt": "json", "$alt": "json", "prettyPrint": "false", "quotaUser": "q", "fields": "*", "$.xgafv": "2"}
    assert raw("GET", f"v1/{space}", params=common).status_code == 200


def test_1_7_enums_as_numbers(space: Space, raw: Raw) -> None:
    query = {"$alt": "json;enum-encoding=int", "messageReplyOption": "1"}
    headers = {"x-goog-request-params": f"parent={space}", "x-goog-api-client": "gl-python/3.11"}
    body = {"text": "x", "thread": {"threadKey": "k"}, "markupSyntax": 2}
    first = raw("POST", f"v1/{space}/messages", params=query, json=body, headers=headers).json()
    second = raw("POST", f"v1/{space}/messages", params=query, json=body, headers=headers).json()
    assert second["thread"]["name"] == first["thread"]["name"]


def test_1_8_delete_says_that_it_has_no_body(space: Space, raw: Raw) -> None:
    with HTTPPeer() as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        unwrap(client.delete_message("spaces/A/messages/B"))
        request = peer.next()
        assert (request.headers["content-length"], request.body) == ("0", b"")
    assert raw("GET", f"v1/{space}", headers={"Content-Length": "0"}).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_1_9_empty_answers(body: bytes) -> None:
    with HTTPPeer(always=Reply(200, body)) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        assert client.delete_message("spaces/A/messages/B") == (None, 0)
        assert client.replace_message_cards("spaces/A/messages/B", []) == (None, 0)
        assert client.list_messages("spaces/A") == ({}, 0)


# --- 3 names -----------------------------------------------------------------------------------------------------


def test_3_the_server_checks_names_too(space: Space, raw: Raw) -> None:
    assert status_of(raw("GET", "v1/nothing/x")) == (404, "NOT_FOUND")
    assert status_of(raw("GET", f"v1/{space}/messages/x/y/z")) == (404, "NOT_FOUND")
    assert raw("GET", f"v1/{space.upper()}").status_code == 404
    with pytest.raises(ValueError, match=r"^name must look like spaces/\{space\}, not 'x'"):
        space.client.get_space("x")


def test_3_ids_are_case_sensitive(gate: Gate, user: GoogleChatClient) -> None:
    gate.google.add_space("spaces/Case")
    assert unwrap(user.get_space("spaces/Case"))
    assert refused(user.get_space("spaces/case")) == "NOT_FOUND"


def test_3_aliases_of_users_and_apps(space: Space, app: GoogleChatClient) -> None:
    member = unwrap(space.client.get_membership(f"{space}/members/1"))
    assert member["member"]["name"] == "users/1"
    assert unwrap(space.client.get_membership(f"{space}/members/ann@example.com"))["member"]["name"] == "users/2"
    assert unwrap(app.get_membership(f"{space}/members/app"))["member"]["name"] == "users/1000"
    state = unwrap(space.client.get_space_read_state(f"users/me/{space}/spaceReadState"))
    assert state["name"].startswith("users/1/")


# --- 17 times and numbers ----------------------------------------------------------------------------------------


def test_17_1_times(space: Space) -> None:
    time = space.post()["createTime"]
    assert time.endswith("Z")
    fraction = time.partition(".")[2][:-1]
    assert len(fraction) in (0, 3, 6, 9)
    parsed = datetime.fromisoformat(time.replace("Z", "+00:00"))
    assert abs((datetime.now(timezone.utc) - parsed).total_seconds()) < 60


def test_17_2_times_increase_strictly(space: Space) -> None:
    outcomes: list[Any] = []
    for number in range(20):
        space.client.create_message(space, {"text": str(number)}, callback=lambda *outcome: outcomes.append(outcome))
    assert space.client.flush() == 0
    assert all(not error for _, error in outcomes)
    times = [message["createTime"][:-1].ljust(26, "0") for message in space.client.iter_messages(space)]
    assert times == sorted(set(times))
    assert len(times) == 20


def test_17_3_durations_and_64_bits(user: GoogleChatClient) -> None:
    with HTTPPeer() as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        unwrap(client.mark_as_active("users/me/availability", ttl=3600))
        assert peer.next().json == {"ttl": "3600s"}
        unwrap(client.mark_as_active("users/me/availability", ttl=0.25))
        assert peer.next().json == {"ttl": "0.25s"}
        noon = datetime(2026, 4, 21, 12, tzinfo=timezone.utc)
        unwrap(client.mark_as_do_not_disturb("users/me/availability", expire_time=noon))
        assert peer.next().json == {"expireTime": "2026-04-21T12:00:00Z"}
