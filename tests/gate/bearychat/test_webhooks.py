"""Incoming webhooks, through the sender and as other programs send them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlencode

import pytest

from rtm_sdk import unwrap
from rtm_sdk.bearychat import BearyChatClient, BearyChatWebhook
from rtm_sdk.errors import BEARYCHAT_ERROR, FPNN_ERROR
from rtm_sdk.gate import Gate

from .raw import Raw

IMAGE = {"url": "http://example.com/a.png"}


@pytest.fixture(scope="module")
def url(running: Gate) -> str:
    return running.bearychat.webhook_url(running.bearychat.add_webhook("talk", secret="hush"))


@pytest.fixture(scope="module")
def webhook(url: str) -> Iterator[BearyChatWebhook]:
    with BearyChatWebhook(url, timeout=5) as webhook:
        yield webhook


def newest(client: BearyChatClient, vchannel_id: str = "=talk") -> Any:
    return unwrap(client.query_messages(vchannel_id, latest={"limit": 1}))[0]


def test_posts_as_a_robot(gate: Gate, client: BearyChatClient, webhook: BearyChatWebhook) -> None:
    blocks: Any = [{"title": "a", "url": "http://example.com", "images": [IMAGE]}]
    assert webhook.send("hi", blocks, notification="ping", markdown=False) == (None, 0)
    message = newest(client)
    assert (message["text"], message["attachments"], message["fallback"]) == ("hi", blocks, "ping")
    assert (message["uid"], message["disable_markdown"]) == (None, True)
    assert message["robot_id"].startswith("=")
    (stored,) = (each for each in gate.messages(kind=12) if each.message == "hi")
    assert stored.from_uid == message["robot_id"]


def test_with_a_callback(gate: Gate, client: BearyChatClient, webhook: BearyChatWebhook) -> None:
    outcomes: SimpleQueue[Any] = SimpleQueue()
    assert webhook.send("hi", callback=lambda *outcome: outcomes.put(outcome)) is None
    assert outcomes.get(timeout=5) == (None, 0)
    assert newest(client)["text"] == "hi"


def test_to_a_channel(gate: Gate, client: BearyChatClient, webhook: BearyChatWebhook) -> None:
    assert webhook.send("hi", channel="shut") == (None, 0)
    assert newest(client, "=shut")["text"] == "hi"
    assert webhook.send("hi", channel="nowhere")[1] == BEARYCHAT_ERROR.NOT_FOUND


def test_a_channel_that_its_maker_does_not_see(own: Gate) -> None:
    door = own.bearychat
    door.add_channel("hidden", private=True, creator="ann")
    with BearyChatWebhook(door.webhook_url(door.add_webhook("talk")), timeout=5) as webhook:
        assert webhook.send("hi", channel="hidden")[1] == BEARYCHAT_ERROR.NOT_FOUND
    with BearyChatWebhook(door.webhook_url(door.add_webhook("talk", creator="ann")), timeout=5) as webhook:
        assert webhook.send("hi", channel="hidden") == (None, 0)


@pytest.mark.parametrize("user", ["ann", "ann@example.com"])
def test_to_one_member(gate: Gate, webhook: BearyChatWebhook, user: str) -> None:
    assert webhook.send("psst", user=user) == (None, 0)
    with BearyChatClient(gate.bearychat.add_token("ann"), base_url=gate.bearychat.base_url, timeout=5) as ann:
        place = next(each for each in unwrap(ann.list_p2ps()) if each["id"] != "=both")
        assert newest(ann, place["id"])["text"] == "psst"
        bot = next(each for each in unwrap(ann.list_users()) if each["name"] == "bearybot")
        assert set(place["member_uids"]) == {"=ann", bot["id"]}
    assert webhook.send("psst", user="nobody")[1] == BEARYCHAT_ERROR.NOT_FOUND


def test_the_channel_counts_before_the_user(gate: Gate, client: BearyChatClient, raw: Raw, url: str) -> None:
    path = url[url.index("/bearychat") :]
    body = json.dumps({"text": "hi", "channel": "shut", "user": "nobody"}).encode()
    assert raw.send("POST", path, body=body).data == {"code": 0, "result": None}
    assert newest(client, "=shut")["text"] == "hi"


def test_a_form(gate: Gate, client: BearyChatClient, raw: Raw, url: str) -> None:
    path = url[url.index("/bearychat") :]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"payload": json.dumps({"text": "a form 你好"})}).encode()
    assert raw.send("POST", path, body=body, headers=form).status == 200
    assert newest(client)["text"] == "a form 你好"
    for wrong in (b"", b"payload=", b"payload=x", b"text=hi"):
        assert raw.send("POST", path, body=wrong, headers=form).code == BEARYCHAT_ERROR.INVALID_PARAMETER


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": 5},
        {"text": "x", "markdown": "yes"},
        {"text": "x", "attachments": [{}]},
        {"text": "x", "attachments": [{"text": "y", "images": [IMAGE] * 4}]},
        {"text": "x", "attachments": [{"text": "y", "images": [IMAGE] * 2}] * 2},
        [],
    ],
)
def test_refuses(gate: Gate, raw: Raw, url: str, body: Any) -> None:
    reply = raw.send("POST", url[url.index("/bearychat") :], body=json.dumps(body).encode())
    assert (reply.status, reply.code) == (400, BEARYCHAT_ERROR.INVALID_PARAMETER)


def test_only_the_right_address(gate: Gate, raw: Raw, url: str) -> None:
    path = url[url.index("/bearychat") :]
    for wrong in (path + "x", path.replace("/hook/=", "/hook/=x"), path.replace("incoming", "outgoing")):
        reply = raw.send("POST", wrong, body=b'{"text": "hi"}')
        assert (reply.status, reply.code) == (404, BEARYCHAT_ERROR.NOT_FOUND)
    assert raw.send("GET", path).status == 405


def test_a_channel_that_is_archived(gate: Gate, client: BearyChatClient, webhook: BearyChatWebhook) -> None:
    unwrap(client.archive_channel("=talk"))
    assert webhook.send("hi")[1] == BEARYCHAT_ERROR.NOT_FOUND


def test_is_sent_once(gate: Gate, client: BearyChatClient, webhook: BearyChatWebhook) -> None:
    gate.faults.add("webhook", "cut_after")
    error_code = webhook.send("once")[1]
    assert error_code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
    assert error_code.maybe_delivered
    texts = [each["text"] for each in unwrap(client.query_messages("=talk", latest={}))]
    assert texts.count("once") == 1
    assert "hush" not in repr(error_code) + repr(webhook)
