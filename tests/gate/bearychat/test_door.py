"""The door itself: tokens, paths, bodies, limits, seeds, faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from rtm_sdk import unwrap
from rtm_sdk.bearychat import BearyChatClient
from rtm_sdk.errors import BEARYCHAT_ERROR, FPNN_ERROR
from rtm_sdk.gate import Gate

from ...bearychat.scenario import KEY
from .raw import Raw


def names(gate: Gate) -> list[str]:
    with BearyChatClient(gate.bearychat.token, base_url=gate.bearychat.base_url, timeout=5) as client:
        return [each["name"] for each in unwrap(client.list_channels())]


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_token_in_query_or_body(gate: Gate, raw: Raw) -> None:
    path, token = "/bearychat/v1/rtm.start", {"token": raw.token}
    assert raw.send("POST", path, query=token).status == 200
    assert raw.send("POST", path, body=json.dumps(token).encode()).status == 200
    assert raw.send("POST", path, query=token, body=b"{}").status == 200
    assert raw.send("POST", path).status == 401
    assert raw.send("GET", "/bearychat/v1/user.me", body=json.dumps(token).encode()).status == 401


@pytest.mark.parametrize("right", ["query", "body"])
def test_the_token_in_the_query_wins(gate: Gate, raw: Raw, right: str) -> None:
    query = {"token": raw.token if right == "query" else "wrong"}
    body = json.dumps({"token": raw.token if right == "body" else "wrong"}).encode()
    reply = raw.send("POST", "/bearychat/v1/rtm.start", query=query, body=body)
    assert reply.status == (200 if right == "query" else 401)


@pytest.mark.parametrize("token", [5, ["x"], {"x": 1}, None, "", "\ud800"])
def test_what_is_no_token(gate: Gate, raw: Raw, token: Any) -> None:
    reply = raw.send("POST", "/bearychat/v1/rtm.start", body=json.dumps({"token": token}).encode())
    assert (reply.status, reply.code) == (401, BEARYCHAT_ERROR.UNAUTHORIZED)


def test_a_token_stands_for_its_user(gate: Gate) -> None:
    token = gate.bearychat.add_token("ann")
    with BearyChatClient(token, base_url=gate.bearychat.base_url, timeout=5) as ann:
        assert unwrap(ann.get_me())["id"] == "=ann"


def test_the_demo_token_is_for_this_machine_only() -> None:
    assert Gate().bearychat.token == "demo-bearychat-token"
    elsewhere = Gate("0.0.0.0:0").bearychat.token
    assert elsewhere not in ("demo-bearychat-token", Gate("0.0.0.0:0").bearychat.token)
    assert elsewhere not in repr([elsewhere])


def test_the_demo_token_does_not_stay_in_the_store(tmp_path: Path) -> None:
    with Gate(store=tmp_path / "store") as gate:
        assert names(gate) == ["general"]
    with Gate(store=tmp_path / "store", http_listen="0.0.0.0:0") as gate, Raw(gate) as raw:
        assert raw.get("user.me").status == 200
        assert raw.call("GET", "/bearychat/v1/user.me", {}, token="demo-bearychat-token").status == 401


# --- paths and bodies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/bearychat/v1//user.me", "/bearychat//v1/user.me", "/bearychat/v1/user%2Eme"])
def test_lenient_paths(gate: Gate, raw: Raw, path: str) -> None:
    assert raw.send("GET", path, query={"token": raw.token}).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/bearychat/",
        "/bearychat/v1/",
        "/bearychat/v1/user.you",
        "/bearychat/v1/rtm_http.start",
        "/bearychat/v1/user.me/",
        "/bearychat/rtm/user.me",
        "/bearychat/v2/user.me",
    ],
)
def test_unknown_paths(gate: Gate, raw: Raw, path: str) -> None:
    reply = raw.send("GET", path, query={"token": raw.token})
    assert (reply.status, reply.code) == (404, BEARYCHAT_ERROR.NOT_FOUND)


@pytest.mark.parametrize("value", ["=ann", "%3Dann"])
def test_ids_in_a_query_raw_and_encoded(gate: Gate, raw: Raw, value: str) -> None:
    reply = raw.send("GET", f"/bearychat/v1/user.info?user_id={value}&token={raw.token}")
    assert reply.data["name"] == "ann"


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b"\xff", b'{"a": NaN}', b"[" * 100_000, b'{"vchannel_id": 1e999']
)
def test_malformed_bodies(gate: Gate, raw: Raw, body: bytes) -> None:
    reply = raw.send("POST", "/bearychat/v1/message.create", query={"token": raw.token}, body=body)
    assert (reply.status, reply.code) == (400, BEARYCHAT_ERROR.INVALID_PARAMETER)


def test_answers_have_no_code_on_success(gate: Gate, raw: Raw) -> None:
    reply = raw.post("message.create", vchannel_id="=talk", text="x", code=5)
    assert reply.status == 201
    assert "code" not in reply.data


# --- rate limit ------------------------------------------------------------------------------------------------------


def test_calls_are_counted(own: Gate) -> None:
    own.bearychat.rates.calls = 3
    with BearyChatClient(own.bearychat.token, base_url=own.bearychat.base_url, timeout=5) as client:
        begin = own.clock.seconds()
        for left in (2, 1, 0):
            assert client.get_me()[1] == 0
            assert client.rate_limit is not None
            assert client.rate_limit[:2] == (3, left)
            assert begin + 3599 < client.rate_limit.reset < begin + 3602
        me, error_code = client.get_me()
        assert me is None
        assert error_code == BEARYCHAT_ERROR.RATE_LIMIT
        assert (error_code.name, error_code.http_status, error_code.retryable) == ("RATE_LIMIT", 429, True)
        assert error_code.retry_after is not None
        assert 3590 < error_code.retry_after < 3602
        assert client.rate_limit is not None
        assert client.rate_limit[:2] == (3, 0)
        own.clock.offset = 3601
        assert client.get_me()[1] == 0


def test_calls_without_a_token_are_counted_apart(own: Gate) -> None:
    own.bearychat.rates.anonymous_calls = 2
    with Raw(own) as raw:
        meta = "/bearychat/v1/meta"
        assert raw.send("GET", meta).headers["x-ratelimit-limit"] == "2"
        assert raw.call("GET", "/bearychat/v1/user.me", {}, token="wrong").status == 401
        reply = raw.send("GET", meta)
        assert (reply.status, reply.code) == (429, BEARYCHAT_ERROR.RATE_LIMIT)
        assert reply.headers["X-RateLimit-Remaining"] == "0"
        assert raw.call("GET", meta, {}).headers["x-ratelimit-limit"] == "1000"
        own.reset()
        assert raw.send("GET", meta).status == 200


def test_all_tokens_of_a_user_count_together(own: Gate) -> None:
    own.bearychat.rates.calls = 1
    other = own.bearychat.add_token("gatebot")
    with Raw(own) as raw:
        assert raw.get("user.me").status == 200
        assert raw.call("GET", "/bearychat/v1/user.me", {}, token=other).status == 429


# --- seeds -----------------------------------------------------------------------------------------------------------

SEED: dict[str, Any] = {
    "team": {"name": "Bears", "subdomain": "bears"},
    "users": [{"name": "ann", "full_name": "Ann", "token": "token-of-ann"}, {"name": "bob", "role": "admin"}],
    "channels": [{"name": "talk", "topic": "all", "members": ["ann", "bob"]}],
    "session_channels": [{"members": ["ann", "bob"], "name": "two"}],
    "p2ps": [{"user": "ann", "other": "bob", "id": "=both"}],
    "messages": [
        {"vchannel": "talk", "text": "hello", "user": "ann"},
        {"vchannel": "talk", "text": "hello", "user": "ann"},
        {"vchannel": "=both", "text": "psst", "user": "bob", "key": KEY},
    ],
    "emojis": [{"name": "bear", "url": "http://example.com/bear.png"}],
    "sticker_packs": [{"pack": "bears", "stickers": []}],
    "files": [{"filename": "a.txt", "content": "a text", "key": "a"}],
    "webhooks": [{"vchannel": "talk", "secret": "hush"}],
}


def seen(gate: Gate) -> list[Any]:
    """What Ann sees."""
    with BearyChatClient("token-of-ann", base_url=gate.bearychat.base_url, timeout=5) as ann:
        (talk,) = (each for each in unwrap(ann.list_channels()) if each["name"] == "talk")
        return [
            unwrap(ann.get_team()),
            unwrap(ann.list_users()),
            talk,
            unwrap(ann.list_session_channels()),
            unwrap(ann.list_p2ps()),
            unwrap(ann.query_messages(talk["id"], latest={})),
            unwrap(ann.query_messages("=both", latest={})),
            unwrap(ann.list_emojis()),
            unwrap(ann.list_stickers()),
            requests.get(unwrap(ann.get_file_location("a")), timeout=5).text,
        ]


def test_a_seed_file(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text(json.dumps({"bearychat": SEED}))
    with Gate(seed=file) as gate:
        team, users, talk, groups, p2ps, said, whispered, emojis, packs, text = seen(gate)
        assert (team["name"], team["subdomain"], team["plan"]) == ("Bears", "bears", "basic")
        assert [each["name"] for each in users] == ["gatebot", "bearybot", "ann", "bob"]
        assert len(talk["member_uids"]) == 3
        assert [each["name"] for each in groups] == ["two"]
        assert [each["id"] for each in p2ps] == ["=both"]
        assert [each["text"] for each in said] == ["hello", "hello"]
        assert [(each["text"], each["key"]) for each in whispered] == [("psst", KEY)]
        assert (emojis[0]["name"], packs[0]["pack"], text) == ("bear", "bears", "a text")
        url = gate.bearychat.webhook_url("hush")
        assert requests.post(url, json={"text": "hi"}, timeout=5).json() == {"code": 0, "result": None}


def test_a_store_that_has_the_seeds_already(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with Gate(seed={"bearychat": SEED}, store=store) as gate:
        first, address = seen(gate), gate.http_endpoint
    with Gate(seed={"bearychat": SEED}, store=store, http_listen=address) as gate:
        assert seen(gate) == first


def test_what_was_changed_stays(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for _ in range(2):
        with Gate(seed={"bearychat": SEED}, store=store) as gate:
            door = gate.bearychat
            with BearyChatClient(door.token, base_url=door.base_url, timeout=5) as client:
                talk = next(each for each in unwrap(client.list_channels()) if each["name"] == "talk")
                texts = [each["text"] for each in unwrap(client.query_messages(talk["id"], latest={}))]
                unwrap(client.archive_channel(talk["id"]))
            with BearyChatClient("token-of-ann", base_url=door.base_url, timeout=5) as ann:
                for message in unwrap(ann.query_messages(talk["id"], latest={})):
                    unwrap(ann.delete_message(talk["id"], message["key"]))
    assert talk["is_active"] is False
    assert texts == []


def test_reset_brings_the_seeds_back(own: Gate) -> None:
    door = own.bearychat
    with BearyChatClient(door.token, base_url=door.base_url, timeout=5) as client:
        unwrap(client.delete_message("=talk", KEY))
        unwrap(client.create_channel("new"))
        own.reset()
        assert unwrap(client.get_message("=talk", KEY))["text"] == "hello"
        assert "new" not in names(own)


def test_adding_while_it_runs(own: Gate) -> None:
    own.bearychat.add_channel("later", members=["ann"])
    assert "later" in names(own)


@pytest.mark.parametrize(
    ("seed", "place"),
    [
        ({"users": {}}, r"bearychat\.users must be an array"),
        ({"users": ["ann"]}, r"bearychat\.users\[0\] must be an object"),
        ({"users": [{"name": "ann"}, {"full_name": "x"}]}, r"bearychat\.users\[1\]: .*name"),
        ({"channels": [{"name": "talk", "members": "ann"}]}, r"bearychat\.channels\[0\]: members must be a list"),
        ({"channels": [{"name": "talk", "private": "no"}]}, r"bearychat\.channels\[0\]: private must be a bool"),
        ({"session_channels": [{"members": "ann"}]}, r"bearychat\.session_channels\[0\]: members must be a list"),
        ({"users": [{"name": 5}]}, r"bearychat\.users\[0\]: name must be a str"),
        ({"users": [{"name": "ann", "colour": "green"}]}, r"bearychat\.users\[0\]: a user has no 'colour'"),
        ({"team": {"id": "=x"}}, r"bearychat\.team: a team has no 'id'"),
        ({"team": []}, r"bearychat\.team must be an object"),
        ({"messages": [{"vchannel": "talk", "text": "x", "key": "1"}]}, r"bearychat\.messages\[0\]: key must be"),
        ({"rooms": []}, r"bearychat has no 'rooms'"),
    ],
)
def test_a_wrong_seed_names_the_place(seed: Any, place: str) -> None:
    with pytest.raises(ValueError, match=place):
        Gate(seed={"bearychat": seed})


@pytest.mark.parametrize(
    ("method", "arguments", "text"),
    [
        ("add_user", {"name": "ann", "id": "=other"}, "another user has the name 'ann'"),
        ("add_channel", {"name": "talk", "id": "=other"}, "another channel has the name 'talk'"),
        ("add_channel", {"name": "new", "members": ["nobody"]}, "there is no user 'nobody'"),
        ("add_session_channel", {"members": ["nobody"]}, "there is no user 'nobody'"),
        ("add_p2p", {"user": "ann", "other": "gatebot"}, "a conversation with another id"),
        ("add_message", {"vchannel": "nowhere", "text": "x"}, "there is no conversation 'nowhere'"),
        ("add_message", {"vchannel": "talk", "text": "x", "user": "nobody"}, "there is no user 'nobody'"),
        ("add_token", {"user": "nobody"}, "there is no user 'nobody'"),
        ("add_webhook", {"vchannel": "nowhere"}, "there is no conversation 'nowhere'"),
    ],
)
def test_a_wrong_addition_raises_and_leaves_nothing(
    own: Gate, method: str, arguments: dict[str, Any], text: str
) -> None:
    with pytest.raises(ValueError, match=text):
        getattr(own.bearychat, method)(**arguments)
    own.reset()
    assert names(own) == ["general", "talk", "open", "shut"]


@pytest.mark.parametrize("method", ["add_emoji", "add_file", "add_user", "add_sticker_pack", "add_webhook"])
def test_arguments_of_the_wrong_type(method: str) -> None:
    with pytest.raises(TypeError, match="must be a str, not int"):
        getattr(Gate().bearychat, method)(*([5] if method in ("add_user", "add_webhook") else [5, b""]))


def test_addresses_are_known_while_it_runs_only() -> None:
    gate = Gate()
    with pytest.raises(RuntimeError):
        _ = gate.bearychat.base_url
    with gate:
        assert gate.bearychat.base_url == f"http://{gate.http_endpoint}/bearychat/v1"
        assert gate.bearychat.rtm_base_url == f"http://{gate.http_endpoint}/bearychat/rtm"


# --- faults ----------------------------------------------------------------------------------------------------------


def test_a_message_is_not_sent_twice(gate: Gate, client: BearyChatClient) -> None:
    gate.faults.add("message.create", "cut_after")
    _, error_code = client.create_message("=talk", "once")
    assert error_code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
    assert error_code.maybe_delivered
    texts = [each["text"] for each in unwrap(client.query_messages("=talk", latest={}))]
    assert texts.count("once") == 1


def test_what_was_turned_away_is_sent_again(gate: Gate, client: BearyChatClient) -> None:
    fault = gate.faults.add("message.create", status=429, retry_after=0)
    assert client.create_message("=talk", "once")[1] == 0
    assert fault.hits == 1


def test_a_repeated_deletion_that_finds_nothing_is_done(gate: Gate, client: BearyChatClient) -> None:
    fault = gate.faults.add("message.delete", "cut_after")
    assert client.delete_message("=talk", KEY) == (None, 0)
    assert fault.hits == 1


def test_a_read_is_repeated(gate: Gate, client: BearyChatClient) -> None:
    fault = gate.faults.add("message.query", "cut_after")
    assert len(unwrap(client.query_messages("=talk", latest={}))) == 2
    assert fault.hits == 1
