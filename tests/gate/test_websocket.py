"""End users in browsers: HTTP that becomes WebSocket, on the port of FPNN."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any

import aiohttp
import pytest

from rtm_sdk.endpoint import parse_endpoint
from rtm_sdk.fpnn.frames import FLAG_JSON, encode_quest, pack
from rtm_sdk.fpnn.session import Answer, QuestArrived, Session
from rtm_sdk.gate import Gate
from rtm_sdk.gate.connection import HIGH_WATER

from .raw_client import RawClient


class Browser:
    """One WebSocket. Each message it gets must be one frame."""

    def __init__(self, endpoint: str) -> None:
        self.session = Session.client()
        self.answers: dict[int, Answer] = {}
        self.pushes: deque[QuestArrived] = deque()
        self.answering = True
        self._url = f"ws://{endpoint}/service/websocket"
        self._http = aiohttp.ClientSession()

    async def __aenter__(self) -> Browser:
        self.socket = await self._http.ws_connect(self._url, max_msg_size=0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()
        await self._http.close()

    async def send(self, method: str, **params: Any) -> int:
        seq, wire = self.session.quest(method, pack(params))
        await self.socket.send_bytes(wire)
        return seq

    async def call(self, method: str, **params: Any) -> Answer:
        seq = await self.send(method, **params)
        while seq not in self.answers:
            await self.read()
        return self.answers.pop(seq)

    async def login(self, pid: int, uid: int, token: str) -> None:
        assert (await self.call("auth", pid=pid, uid=uid, token=token)).params == {"ok": True}

    async def pushed(self) -> QuestArrived:
        while not self.pushes:
            await self.read()
        return self.pushes.popleft()

    async def read(self) -> None:
        message = await self.socket.receive(timeout=10)
        if message.type is not aiohttp.WSMsgType.BINARY:
            raise ConnectionError("closed by the gate")
        (event,) = self.session.receive(message.data)
        if isinstance(event, Answer):
            self.answers[event.seq] = event
        elif isinstance(event, QuestArrived):
            self.pushes.append(event)
            if self.answering and event.seq is not None:
                await self.socket.send_bytes(self.session.answer(event, {}))


def browse(gate: Gate, work: Callable[[Browser], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with Browser(gate.endpoint) as browser:
            await work(browser)

    asyncio.run(run())


def token(client: RawClient, uid: int) -> str:
    text: str = client.call("gettoken", uid=uid)["token"]
    return text


def test_a_user_talks(gate: Gate, client: RawClient) -> None:
    client.call("setlisten", p2p=True, ev=True)

    async def work(browser: Browser) -> None:
        await browser.login(gate.pid, 1, token(client, 1))
        login = client.pushed().params
        assert (login["event"], login["uid"]) == ("login", 1)
        answer = await browser.call("sendmsg", to=2, mtype=30, mid=1, msg="hello", attrs="")
        assert answer.params["mtime"]
        assert client.pushed().params["msg"] == "hello"
        for mid in range(1, 101):
            client.send("sendmsg", client.signed("sendmsg", message(mid)))
        for mid in range(1, 101):
            push = (await browser.pushed()).params
            assert (push["mid"], push["msg"]["sourceText"]) == (mid, "hi")

    browse(gate, work)
    while (event := client.pushed().params).get("event") != "logout":
        pass
    assert event["endpoint"].startswith("127.0.0.1:")


def message(mid: int, **params: Any) -> dict[str, Any]:
    return {"from": 2, "to": 1, "mtype": 30, "mid": mid, "msg": "hi", "attrs": "", **params}


def test_the_server_gate_is_not_there(gate: Gate, client: RawClient) -> None:
    async def work(browser: Browser) -> None:
        for method in ("gettoken", "addlisten", "sendmsgs"):
            answer = await browser.call(method, **client.signed(method, {"uid": 1}))
            assert answer.params["code"] == 20004
        answer = await browser.call("sendmsg", **client.signed("sendmsg", message(1)))
        assert answer.params["code"] == 200022
        assert (await browser.call("*ping")).params["ts"]

    browse(gate, work)
    assert gate.messages() == []


def test_kickout_closes_it(gate: Gate, client: RawClient) -> None:
    async def work(browser: Browser) -> None:
        await browser.login(gate.pid, 1, token(client, 1))
        client.call("kickout", uid=1)
        assert (await browser.pushed()).method == "kickout"
        with pytest.raises(ConnectionError):
            await browser.read()

    browse(gate, work)


def test_text_messages_and_large_ones(gate: Gate, client: RawClient) -> None:
    async def work(browser: Browser) -> None:
        await browser.socket.send_str(encode_quest("*ping", b"{}", 77, flag=FLAG_JSON).decode())
        answer = await browser.socket.receive(timeout=10)
        assert b'{"ts":' in answer.data
        await browser.login(gate.pid, 1, token(client, 1))
        sent = await browser.call("sendmsg", to=2, mtype=30, mid=1, msg="x" * 200_000, attrs="")
        assert sent.status == 0

    browse(gate, work)
    assert len(gate.messages()[0].message) == 200_000


@pytest.mark.parametrize("data", [b"", b"rubbish and no frame", b"GET /service/websocket HTTP/1.1\r\n\r\n" * 2])
def test_bytes_that_are_no_frame_close_it(gate: Gate, client: RawClient, data: bytes) -> None:
    async def work(browser: Browser) -> None:
        await browser.socket.send_bytes(data)
        if not data:
            assert (await browser.call("*ping")).params["ts"]
            return
        with pytest.raises(ConnectionError):
            while True:
                await browser.read()

    browse(gate, work)
    assert client.raw("*ping", {})["ts"]


def test_a_browser_that_does_not_read(client: RawClient, caplog: pytest.LogCaptureFixture) -> None:
    with Gate(push_buffer=4 * HIGH_WATER) as gate, RawClient(gate) as client:

        async def work(browser: Browser) -> None:
            await browser.login(gate.pid, 1, token(client, 1))
            mid = 0
            while gate.connections == 2:
                mid += 1
                client.call("sendmsg", **message(mid, msg="x" * 200_000))
                assert mid < 1000
            with pytest.raises((ConnectionError, aiohttp.ClientError)):
                for _ in range(mid):
                    await browser.pushed()

        browse(gate, work)
    assert "the client does not read" in caplog.text


def test_a_slow_one_gets_everything(gate: Gate, client: RawClient) -> None:
    async def work(browser: Browser) -> None:
        await browser.login(gate.pid, 1, token(client, 1))
        for mid in range(1, 61):
            client.call("sendmsg", **message(mid, msg="x" * 200_000))
        seqs = [await browser.send("*ping") for _ in range(100)]
        for mid in range(1, 61):
            assert (await browser.pushed()).params["mid"] == mid
        while not set(seqs) <= browser.answers.keys():
            await browser.read()

    browse(gate, work)


def test_faults_strike_here_too(gate: Gate, client: RawClient) -> None:
    gate.faults.add("getusergroups", "truncate")

    async def work(browser: Browser) -> None:
        await browser.login(gate.pid, 1, token(client, 1))
        await browser.send("getusergroups")
        half = await browser.socket.receive(timeout=10)
        assert half.data.startswith(b"FPNN")
        assert (await browser.socket.receive(timeout=10)).type is aiohttp.WSMsgType.CLOSE

    browse(gate, work)


def test_when_the_gate_stops(client: RawClient, gate: Gate) -> None:
    async def work(browser: Browser) -> None:
        await browser.login(gate.pid, 1, token(client, 1))
        stopping = asyncio.get_running_loop().run_in_executor(None, gate.stop)
        with pytest.raises(ConnectionError):
            await browser.read()
        await stopping

    browse(gate, work)


@pytest.mark.parametrize(
    ("request_line", "status"),
    [("GET /service/websocket HTTP/1.1", b"400"), ("GET /service/a/b HTTP/1.1", b"404")],
)
def test_http_that_wants_something_else(gate: Gate, client: RawClient, request_line: str, status: bytes) -> None:
    with socket.create_connection(parse_endpoint(gate.endpoint), 10) as plain:
        plain.sendall(f"{request_line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        received = b""
        while data := plain.recv(4096):
            received += data
    assert received.split()[1] == status
    assert client.raw("*ping", {})["ts"]
    assert gate.connections == 1


def test_only_the_first_bytes_can_be_http(client: RawClient) -> None:
    client.raw("*ping", {})
    client.socket.sendall(b"GET /service/websocket HTTP/1.1\r\n\r\n")
    assert client.socket.recv(1) == b""
