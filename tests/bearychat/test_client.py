"""The client as a whole: what it is made of, what it shows, what it loads."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

import pytest

from rtm_sdk import unwrap
from rtm_sdk.bearychat import BearyChatClient, BearyChatWebhook
from rtm_sdk.bearychat.client import BASE_URL, RTM_BASE_URL
from rtm_sdk.errors import BEARYCHAT_ERROR, FPNN_ERROR
from rtm_sdk.gate import Gate

from .scenario import KEY


def test_the_service_by_default() -> None:
    with BearyChatClient("T") as client:
        assert (client.base_url, client.rtm_base_url) == (BASE_URL, RTM_BASE_URL)
        assert client.rate_limit is None


@pytest.mark.parametrize("token", ["", None, 5, "a\nb", b"T"])
def test_wrong_tokens(token: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="token"):
        BearyChatClient(token)


@pytest.mark.parametrize("url", ["", "api.bearychat.com", "ftp://example.com", "https://u:p@example.com", 5])
def test_wrong_addresses(url: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="^base_url"):
        BearyChatClient("T", base_url=url)
    with pytest.raises((TypeError, ValueError), match="^rtm_base_url"):
        BearyChatClient("T", rtm_base_url=url)
    with pytest.raises((TypeError, ValueError), match="^url"):
        BearyChatWebhook(url)


@pytest.mark.parametrize("place", ["u:hush@h", "h:hush", "[hush", "hush\N{ACCOUNT OF}x", "h\n", ""])
def test_wrong_addresses_of_webhooks(place: str) -> None:
    with pytest.raises(ValueError, match="^url must look like") as caught:
        BearyChatWebhook(f"https://{place}/=bw52O/incoming/hush")
    assert "hush" not in str(caught.value)


def test_a_token_function_is_asked_again(gate: Gate) -> None:
    tokens = iter(["stale", gate.bearychat.token])
    with BearyChatClient(lambda: next(tokens), base_url=gate.bearychat.base_url, timeout=5) as client:
        assert unwrap(client.get_me())["name"] == "gatebot"


def test_a_wrong_token(gate: Gate) -> None:
    with BearyChatClient("T-wrong", base_url=gate.bearychat.base_url, timeout=5) as client:
        error_code = client.get_me()[1]
        assert error_code == BEARYCHAT_ERROR.UNAUTHORIZED
        assert error_code.http_status == 401
        assert unwrap(client.get_meta()) == {"version": "1"}


def test_nobody_there() -> None:
    with BearyChatClient("T", base_url="http://127.0.0.1:9/v1", timeout=0.3) as client:
        error_code = client.create_message("=bw52O", "hi")[1]
    assert error_code == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
    assert not error_code.maybe_delivered


def test_rate_limit_is_that_of_the_last_answer(gate: Gate, client: BearyChatClient) -> None:
    client.get_me()
    first = client.rate_limit
    assert client.get_user("=nobody")[1] == BEARYCHAT_ERROR.NOT_FOUND
    second = client.rate_limit
    assert first is not None
    assert second is not None
    assert first.limit == second.limit == 1000
    assert second.remaining == first.remaining - 1


def test_a_trailing_slash_does_no_harm(gate: Gate) -> None:
    door = gate.bearychat
    with BearyChatClient(
        door.token, base_url=door.base_url + "/", rtm_base_url=door.rtm_base_url + "/", timeout=5
    ) as client:
        assert unwrap(client.get_me()) == unwrap(client.rtm_start())["user"]


def test_the_rtm_service(gate: Gate, client: BearyChatClient) -> None:
    begun = unwrap(client.start_rtm())
    assert begun["user"] == unwrap(client.get_me())
    assert begun["ws_host"].startswith(f"ws://{gate.http_endpoint}/")
    assert client.rtm_send_message("=talk", "hi", False, [{"text": "x"}]) == (None, 0)
    (message,) = unwrap(client.query_messages("=talk", latest={"limit": 1}))
    assert (message["text"], message["attachments"], message["disable_markdown"]) == ("hi", [{"text": "x"}], True)
    assert client.rtm_send_message("=nowhere", "hi")[1] == BEARYCHAT_ERROR.NOT_FOUND


def test_where_a_file_is(gate: Gate, client: BearyChatClient) -> None:
    location = unwrap(client.get_file_location("file-1"))
    assert location.startswith(f"http://{gate.http_endpoint}/files/")
    assert gate.bearychat.token not in location
    error_code = client.get_file_location("file-2")[1]
    assert error_code == BEARYCHAT_ERROR.FILE_NOT_FOUND
    assert error_code.http_status == 404


def test_the_token_does_not_show(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    token = gate.bearychat.add_token("ann")
    with caplog.at_level(logging.DEBUG):
        gate.faults.add("message.info", "cut", count=None)
        gate.faults.add("user.me", status=500, count=None)
        with BearyChatClient(token, base_url=gate.bearychat.base_url, timeout=0.3) as client:
            error_codes = [client.get_message("=talk", KEY)[1], client.get_me()[1]]
            shown = [repr(client), repr(vars(client)), *map(repr, error_codes), caplog.text]
    assert all(error_codes)
    assert token not in "".join(shown)


def test_a_webhook_does_not_show(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), BearyChatWebhook("http://127.0.0.1:9/=b/incoming/hush", timeout=0.3) as hook:
        error_code = hook.send("hi")[1]
        shown = [repr(hook), repr(vars(hook)), repr(error_code), caplog.text]
    assert error_code == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
    assert "hush" not in "".join(shown)


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"text": ""}, ValueError, "^text must not be empty"),
        ({"text": 5}, TypeError, "^text"),
        ({"text": "x", "attachments": [{}]}, ValueError, r"^attachments\[0\] must have a title or a text"),
        ({"text": "x", "attachments": [{"text": "y", "images": [{"url": "u"}] * 4}]}, ValueError, "at most 3 images"),
        ({"text": "x", "markdown": 1}, TypeError, "^markdown"),
        ({"text": "x", "notification": 1}, TypeError, "^notification"),
        ({"text": "x", "channel": ""}, ValueError, "^channel"),
        ({"text": "x", "user": 5}, TypeError, "^user"),
        ({"text": "x", "user": "ann", "channel": "talk"}, ValueError, "^channel and user exclude each other"),
    ],
)
def test_what_a_webhook_refuses(arguments: dict[str, Any], error: type[Exception], text: str) -> None:
    with BearyChatWebhook("http://127.0.0.1:9/=b/incoming/hush") as webhook, pytest.raises(error, match=text):
        webhook.send(**arguments)


def test_importing_loads_nothing_heavy() -> None:
    program = "import sys, rtm_sdk.bearychat; print(*({'requests', 'cryptography', 'aiohttp'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == ""
