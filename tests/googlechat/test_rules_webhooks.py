"""The rules on incoming webhooks (13), through the sender against the gate."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from rtm_sdk.errors import Code, unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.webhook import GoogleChatWebhook
from tests.http.peer import HTTPPeer, Reply

from .chat import Raw, Space, refused, status_of

GOOD = "https://chat.googleapis.com/v1/spaces/A/messages?key=the-key&token=the-token"


@pytest.fixture
def url(gate: Gate, space: Space) -> str:
    return gate.google.webhook_url(gate.google.add_webhook(space))


@pytest.fixture
def hook(url: str) -> Iterator[GoogleChatWebhook]:
    with GoogleChatWebhook(url) as hook:
        yield hook


def test_13_1_nothing_but_create(space: Space, hook: GoogleChatWebhook, url: str, raw: Raw) -> None:
    unwrap(hook.send({"text": "from the webhook"}))
    assert space.texts() == ["from the webhook"]
    place, _, query = url.removeprefix(f"{raw.url}/").partition("?")
    assert status_of(raw("GET", f"{place}?{query}", token="")) == (401, "UNAUTHENTICATED")


def test_13_1_what_is_sent() -> None:
    with (
        HTTPPeer() as peer,
        GoogleChatWebhook(GOOD.replace("https://chat.googleapis.com/", peer.url), proxy="") as hook,
    ):
        unwrap(hook.send({"text": "x"}))
        request = peer.next()
    assert (request.method, request.path) == ("POST", "/v1/spaces/A/messages")
    assert set(request.query) == {"key", "token", "requestId"}
    assert (request.query["key"], request.query["token"]) == ("the-key", "the-token")
    assert "authorization" not in request.headers
    assert request.json == {"text": "x"}


def test_13_1_the_secrets_do_not_show(gate: Gate, space: Space, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown = []
    echo = Reply(403, {"error": {"code": 403, "message": "/v1/spaces/A/messages?key=the-key&token=the-token is wrong"}})
    with (
        HTTPPeer(echo) as peer,
        GoogleChatWebhook(GOOD.replace("https://chat.googleapis.com/", peer.url), proxy="") as hook,
    ):
        shown += [str(hook.send({"text": "x"})), repr(hook), repr(vars(hook))]
        peer.stop_listening()
        peer.close_connections()
        shown += [str(hook.send({"text": "x"}, timeout=0.3))]
    for bad in (GOOD.replace("/v1/", "/v2/"), GOOD.replace("key=", "kee="), GOOD.replace("https", "ftp")):
        with pytest.raises(ValueError, match="^url must") as caught:
            GoogleChatWebhook(bad)
        shown.append(str(caught.value))
    assert not [text for text in [*shown, caplog.text] if "the-token" in text or "the-key" in text]


def test_13_2_the_answer(hook: GoogleChatWebhook) -> None:
    sent = unwrap(hook.send({"text": "x", "cardsV2": [{"cardId": "c", "card": {"header": {"title": "t"}}}]}))
    assert set(sent) == {"text", "cardsV2", "name", "thread"}
    assert set(sent["thread"]) == {"name"}


def test_13_3_threads(space: Space, hook: GoogleChatWebhook) -> None:
    first, second = (unwrap(hook.send({"text": "x"}, thread_key="k")) for _ in range(2))
    third = unwrap(hook.send({"text": "x", "thread": {"threadKey": "k"}}))
    by_name = unwrap(hook.send({"text": "x", "thread": {"name": first["thread"]["name"]}}))
    threads = [message["thread"]["name"] for message in (first, second, third, by_name)]
    assert len(set(threads)) == 1
    alone = unwrap(hook.send({"text": "x"}))
    forced: Any = "MESSAGE_REPLY_OPTION_UNSPECIFIED"
    apart = unwrap(hook.send({"text": "x"}, thread_key="k", message_reply_option=forced))
    assert len({threads[0], alone["thread"]["name"], apart["thread"]["name"]}) == 3
    with pytest.raises(ValueError, match="^thread_key must not be given when the message names a thread"):
        hook.send({"text": "x", "thread": {}}, thread_key="k")


def test_13_4_wrong_secrets(url: str) -> None:
    with GoogleChatWebhook(url.replace("key=", "key=x")) as hook:
        result, error = hook.send({"text": "x"})
        assert result is None
        assert error == Code.INVALID_ARGUMENT
        assert error.details[0]["reason"] == "API_KEY_INVALID"
    with GoogleChatWebhook(url.replace("token=", "token=x")) as hook:
        assert refused(hook.send({"text": "x"})) == "PERMISSION_DENIED"


def test_a_lost_answer_does_not_double(space: Space, hook: GoogleChatWebhook, gate: Gate) -> None:
    lost = gate.faults.add("spaces.messages.create", "cut_after")
    unwrap(hook.send({"text": "once"}))
    assert lost.hits == 1
    assert space.texts() == ["once"]


def test_both_styles_and_an_id_of_one_s_own(space: Space, hook: GoogleChatWebhook) -> None:
    outcomes: list[Any] = []
    key = f"id of {space}"
    for _ in range(2):
        hook.send({"text": "once"}, request_id=key, callback=lambda *outcome: outcomes.append(outcome))
        assert hook.flush() == 0
    assert [unwrap(outcome)["text"] for outcome in outcomes] == ["once", "once"]
    assert space.texts() == ["once"]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("chat.googleapis.com/v1/spaces/A/messages?key=k&token=t", "url must look like"),
        ("https://chat.googleapis.com/v1/spaces/A?key=k&token=t", "url must look like"),
        ("https:///v1/spaces/A/messages?key=k&token=t", "url must look like"),
        ("https://u:hush@h/v1/spaces/A/messages?key=k&token=t", "url must look like"),
        ("https://h:hush/v1/spaces/A/messages?key=k&token=t", "url must look like"),
        ("https://[hush/v1/spaces/A/messages?key=k&token=t", "url must look like"),
        ("https://hush\N{ACCOUNT OF}x/v1/spaces/A/messages?key=k&token=t", "url must look like"),
        ("https://h/v1/spaces/A/messages?key=k&token=t\n", "url must look like"),
        ("https://chat.googleapis.com/v1/spaces/A/messages?key=k", "url must have token in its query"),
        ("https://chat.googleapis.com/v1/spaces/A/messages", "url must have key and token in its query"),
    ],
)
def test_an_address_that_is_none(url: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}") as caught:
        GoogleChatWebhook(url)
    assert "hush" not in str(caught.value)


def test_misuse(hook: GoogleChatWebhook) -> None:
    with pytest.raises(TypeError, match="^url must be a str"):
        GoogleChatWebhook(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="^message must be a dict"):
        hook.send("text")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="^thread_key must be a str"):
        hook.send({"text": "x"}, thread_key=5)  # type: ignore[call-overload]
