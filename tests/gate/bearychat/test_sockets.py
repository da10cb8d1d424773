"""The socket of RTM: who hears what, and what can be said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from socket import SO_RCVBUF, SOL_SOCKET, socket
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from rtm_sdk import unwrap
from rtm_sdk.bearychat import BearyChatClient, BearyChatWebhook
from rtm_sdk.errors import BEARYCHAT_ERROR
from rtm_sdk.gate import Gate
from rtm_sdk.gate.bearychat import rtm, sockets

from ...bearychat.scenario import KEY

SECONDS = 5.0


class Listener:
    """A client of the socket."""

    def __init__(self, opened: aiohttp.ClientWebSocketResponse[bool]) -> None:
        self.socket = opened
        self._call_id = 0

    async def hear(self) -> dict[str, Any]:
        """The next frame."""
        found: dict[str, Any] = await self.socket.receive_json(timeout=SECONDS)
        return found

    async def say(self, **frame: Any) -> dict[str, Any]:
        """Send a frame; its reply."""
        self._call_id += 1
        await self.socket.send_json({"call_id": self._call_id, **frame})
        reply = await self.hear()
        assert (reply["type"], reply["call_id"]) == ("reply", self._call_id)
        return reply


def listening(client: BearyChatClient, work: Callable[[Listener], Coroutine[Any, Any, None]]) -> None:
    """Run something with a socket of the client's user, of which the first frame was heard."""

    async def run() -> None:
        begun = unwrap(client.start_rtm())
        async with aiohttp.ClientSession() as session, session.ws_connect(begun["ws_host"]) as opened:
            listener = Listener(opened)
            assert await listener.hear() == {
                "type": "update_user_connection",
                "data": {"uid": begun["user"]["id"], "connection": "connected"},
            }
            await asyncio.wait_for(work(listener), 2 * SECONDS)

    asyncio.run(run())


def aside(call: Callable[[], Any]) -> Awaitable[Any]:
    """A call that blocks, on a thread of its own."""
    return asyncio.get_running_loop().run_in_executor(None, lambda: unwrap(call()))


@pytest.fixture(scope="module")
def ann(running: Gate) -> Any:
    token = running.bearychat.add_token("ann")
    with BearyChatClient(token, base_url=running.bearychat.base_url, timeout=5) as ann:
        yield ann


def test_messages_are_heard(gate: Gate, client: BearyChatClient, ann: BearyChatClient) -> None:
    async def work(listener: Listener) -> None:
        for vchannel_id, kind in (("=talk", "channel_message"), ("=some", "channel_message"), ("=both", "message")):
            sent = await aside(lambda place=vchannel_id: ann.create_message(place, "hi"))  # type: ignore[misc]
            heard = await listener.hear()
            assert heard["type"] == kind
            assert heard["ts"] == sent["created_ts"]
            names = ("key", "vchannel_id", "uid", "text", "subtype", "refer_key", "created_ts")
            assert {name: heard[name] for name in names} == {name: sent[name] for name in names}
            assert heard.get("to_uid") == (unwrap(client.get_me())["id"] if kind == "message" else None)

    listening(client, work)


def test_changes_are_heard(gate: Gate, client: BearyChatClient, ann: BearyChatClient) -> None:
    async def work(listener: Listener) -> None:
        changed = await aside(lambda: client.update_message_text("=talk", KEY, "changed"))
        heard = await listener.hear()
        assert (heard["type"], heard["data"]) == ("update_channel_message", changed)
        reaction = await aside(lambda: ann.create_reaction("=talk", KEY, ":smile:"))
        heard = await listener.hear()
        assert (heard["type"], heard["data"]) == ("add_message_reaction", reaction)
        await aside(lambda: ann.create_reaction("=talk", KEY, ":smile:"))
        await aside(lambda: ann.delete_reaction("=talk", KEY, ":smile:"))
        heard = await listener.hear()
        assert (heard["type"], heard["data"]) == ("delete_message_reaction", reaction)
        await aside(lambda: client.delete_message("=talk", KEY))
        heard = await listener.hear()
        assert heard["type"] == "update_channel_message"
        tombstone = heard["data"]
        assert (tombstone["key"], tombstone["deleted"], tombstone["subtype"]) == (KEY, True, "info")
        assert tombstone["text"] == tombstone["text_i18n"]["en"]
        said = await aside(lambda: ann.create_message("=both", "psst"))
        await listener.hear()
        await aside(lambda: ann.delete_message("=both", said["key"]))
        assert (await listener.hear())["type"] == "update_message"

    listening(client, work)


def test_robots_are_heard(gate: Gate, ann: BearyChatClient) -> None:
    url = gate.bearychat.webhook_url(gate.bearychat.add_webhook("talk", secret="hush"))

    async def work(listener: Listener) -> None:
        with BearyChatWebhook(url, timeout=5) as webhook:
            await aside(lambda: webhook.send("hi"))
            heard = await listener.hear()
            assert (heard["type"], heard["uid"]) == ("channel_message", None)
            assert heard["robot_id"]
            await aside(lambda: webhook.send("psst", user="ann"))
            heard = await listener.hear()
            assert (heard["type"], heard["to_uid"], heard["text"]) == ("message", "=ann", "psst")

    listening(ann, work)


def test_only_members_hear(gate: Gate, client: BearyChatClient, ann: BearyChatClient) -> None:
    async def work(listener: Listener) -> None:
        await aside(lambda: ann.create_message("=open", "among others"))
        await aside(lambda: ann.create_message("=talk", "among us"))
        assert (await listener.hear())["text"] == "among us"

    listening(client, work)


def test_what_was_refused_is_not_heard(gate: Gate, client: BearyChatClient, ann: BearyChatClient) -> None:
    async def work(listener: Listener) -> None:
        for text in ("", "said"):
            await asyncio.get_running_loop().run_in_executor(None, lambda text=text: ann.create_message("=talk", text))  # type: ignore[misc]
        assert (await listener.hear())["text"] == "said"

    listening(client, work)


def test_sending(gate: Gate, client: BearyChatClient) -> None:
    async def work(listener: Listener) -> None:
        assert (await listener.say(type="ping"))["status"] == "ok"
        reply = await listener.say(
            type="channel_message", vchannel_id="=talk", channel_id="=talk", text="hi", refer_key=KEY
        )
        assert (reply["code"], reply["status"]) == (0, "ok")
        assert reply["ts"] <= gate.clock.ms()
        await listener.say(type="message", vchannel_id="=both", to_uid="=ann", text="psst", refer_key=None)
        assert (await listener.say(type="typing", vchannel_id="=talk"))["code"] == 0

    listening(client, work)
    (message,) = unwrap(client.query_messages("=talk", latest={"limit": 1}))
    assert (message["text"], message["refer_key"]) == ("hi", KEY)
    (message,) = unwrap(client.query_messages("=both", latest={"limit": 1}))
    assert (message["text"], message["uid"], message["refer_key"]) == ("psst", unwrap(client.get_me())["id"], None)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({}, BEARYCHAT_ERROR.INVALID_PARAMETER),
        ({"type": "dance"}, BEARYCHAT_ERROR.INVALID_PARAMETER),
        ({"type": 5}, BEARYCHAT_ERROR.INVALID_PARAMETER),
        ({"type": "channel_message", "vchannel_id": "=talk"}, BEARYCHAT_ERROR.INVALID_PARAMETER),
        ({"type": "channel_message", "vchannel_id": "=talk", "text": ""}, BEARYCHAT_ERROR.INVALID_PARAMETER),
        ({"type": "message", "vchannel_id": "=talk", "text": "x"}, BEARYCHAT_ERROR.INVALID_PARAMETER),
        ({"type": "channel_message", "vchannel_id": "=both", "text": "x"}, BEARYCHAT_ERROR.INVALID_PARAMETER),
        ({"type": "channel_message", "vchannel_id": "=nowhere", "text": "x"}, BEARYCHAT_ERROR.NOT_FOUND),
        ({"type": "channel_message", "vchannel_id": "=open", "text": "x"}, BEARYCHAT_ERROR.FORBIDDEN),
        (
            {"type": "channel_message", "vchannel_id": "=talk", "text": "x", "refer_key": "1.0000"},
            BEARYCHAT_ERROR.NOT_FOUND,
        ),
    ],
)
def test_refused_frames(gate: Gate, client: BearyChatClient, frame: dict[str, Any], code: int) -> None:
    async def work(listener: Listener) -> None:
        reply = await listener.say(**frame)
        assert (reply["code"], reply["status"]) == (code, "error")
        assert reply["error"]

    listening(client, work)


@pytest.mark.parametrize("text", ["", "{", "[]", '"ping"', '{"type": "ping"}', '{"type": "ping", "call_id": "1"}'])
def test_frames_without_a_call_id(gate: Gate, client: BearyChatClient, text: str) -> None:
    async def work(listener: Listener) -> None:
        await listener.socket.send_str(text)
        reply = await listener.hear()
        assert (reply["type"], reply["call_id"], reply["status"]) == ("reply", None, "error")
        assert (await listener.say(type="ping"))["status"] == "ok"

    listening(client, work)


def test_binary_frames_end_it(gate: Gate, client: BearyChatClient) -> None:
    async def work(listener: Listener) -> None:
        await listener.socket.send_bytes(b"{}")
        assert (await listener.socket.receive(timeout=SECONDS)).type is aiohttp.WSMsgType.CLOSE

    listening(client, work)


async def status_of(url: str) -> int:
    async with aiohttp.ClientSession() as session:
        try:
            async with session.ws_connect(url):
                return 101
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status


def test_an_address_opens_one_socket_within_5_minutes(own: Gate) -> None:
    with BearyChatClient(own.bearychat.token, base_url=own.bearychat.base_url, timeout=5) as client:
        first, second, third = (unwrap(client.start_rtm())["ws_host"] for _ in range(3))
        assert [asyncio.run(status_of(first)) for _ in range(2)] == [101, 404]
        own.clock.offset = 299
        assert asyncio.run(status_of(second)) == 101
        own.clock.offset = 301
        assert asyncio.run(status_of(third)) == 404
        assert asyncio.run(status_of(third + "x")) == 404


def test_only_websockets(gate: Gate, client: BearyChatClient) -> None:
    async def get() -> tuple[int, Any]:
        url = unwrap(client.start_rtm())["ws_host"].replace("ws://", "http://")
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return response.status, json.loads(await response.text())["code"]

    assert asyncio.run(get()) == (404, BEARYCHAT_ERROR.NOT_FOUND)


def test_the_oldest_address_is_given_up(gate: Gate, client: BearyChatClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MAX_TICKETS", 2)
    urls = [unwrap(client.start_rtm())["ws_host"] for _ in range(3)]
    assert [asyncio.run(status_of(url)) for url in urls] == [404, 101, 101]


def test_silence_ends_it(gate: Gate, client: BearyChatClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "SILENCE_SECONDS", 0.05)

    async def work(listener: Listener) -> None:
        assert (await listener.socket.receive(timeout=SECONDS)).type is aiohttp.WSMsgType.CLOSE

    listening(client, work)


def test_who_does_not_read_is_cut_off(gate: Gate, client: BearyChatClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MAX_WAITING", 3)
    url = urlsplit(unwrap(client.start_rtm())["ws_host"])
    handshake = {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    lines = [
        f"GET {url.path} HTTP/1.1",
        f"Host: {url.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        *(f"{name}: {value}" for name, value in handshake.items()),
    ]
    size, count = 500_000, 30
    with socket() as deaf:
        deaf.settimeout(SECONDS)
        deaf.setsockopt(SOL_SOCKET, SO_RCVBUF, 1 << 16)
        deaf.connect((url.hostname, url.port))
        deaf.sendall("\r\n".join([*lines, "", ""]).encode())
        assert deaf.recv(12).endswith(b" 101")
        for _ in range(count):
            unwrap(client.create_message("=talk", "x" * size))
        heard = 0
        while block := deaf.recv(1 << 20):
            heard += len(block)
    assert heard < size * count


def test_a_frame_that_fails(
    gate: Gate, client: BearyChatClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(call: object) -> None:
        raise KeyError("broken")

    monkeypatch.setattr(rtm, "take_frame", fail)

    async def work(listener: Listener) -> None:
        reply = await listener.say(type="ping")
        assert (reply["code"], reply["status"]) == (BEARYCHAT_ERROR.INTERNAL, "error")
        assert "broken" not in json.dumps(reply)

    listening(client, work)
    assert "a frame of a BearyChat socket failed" in caplog.text


def test_the_gate_hangs_up_when_it_stops() -> None:
    async def run(gate: Gate) -> None:
        with BearyChatClient(gate.bearychat.token, base_url=gate.bearychat.base_url, timeout=5) as client:
            url = unwrap(client.start_rtm())["ws_host"]
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as opened:
            await opened.receive_json(timeout=SECONDS)
            stopped = asyncio.get_running_loop().run_in_executor(None, gate.stop)
            assert (await opened.receive(timeout=SECONDS)).type is aiohttp.WSMsgType.CLOSE
            await stopped

    with Gate() as gate:
        asyncio.run(run(gate))
