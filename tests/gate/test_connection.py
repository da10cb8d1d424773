"""What a connection takes, what it refuses, and in which order it answers."""

from __future__ import annotations

import json
import logging
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any, Literal

import pytest

from rtm_sdk.fpnn.encryption import Encryption
from rtm_sdk.fpnn.frames import FLAG_JSON, Frame, FrameReader, encode_quest, pack, unpack
from rtm_sdk.fpnn.session import Answer
from rtm_sdk.gate import Gate, server
from rtm_sdk.gate import connection as gate_connection
from rtm_sdk.gate.connection import ASIDES_PER_CONNECTION, HIGH_WATER
from rtm_sdk.gate.rtm.methods import METHODS, Call, Method

from .raw_client import RawClient, Refused


def sendmsg(mid: int, **params: Any) -> dict[str, Any]:
    return {"mtype": 30, "from": 1, "to": 2, "mid": mid, "msg": "hello", "attrs": "", **params}


def read_frames(connection: socket.socket, number: int) -> list[Frame]:
    reader = FrameReader()
    frames: list[Frame] = []
    while len(frames) < number:
        data = connection.recv(1 << 16)
        assert data
        frames += reader.feed(data)
    return frames


class TestBadBytes:
    @pytest.mark.parametrize(
        "data",
        [
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32),
            b"\x00" * 64,
            b"FPNN\x01\x80\x07\x05" + bytes(12),
            b"FPNN\x01\x80\x01\x00" + bytes(12),
            encode_quest("*ping", b"\xc1", 1),
            encode_quest("*ping", b"\x93\x01\x02\x03", 1),
            encode_quest("*ping", b"{]", 1, flag=FLAG_JSON),
            encode_quest("*key", pack({"publicKey": b"", "bits": 128, "streamMode": True}), 1),
        ],
    )
    def test_they_close_the_connection_and_nothing_else(
        self, gate: Gate, client: RawClient, data: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.WARNING, "rtm_sdk.gate"), RawClient(gate) as bad:
            bad.socket.sendall(data)
            assert bad.closed()
            assert f"127.0.0.1:{bad.socket.getsockname()[1]}: closing: " in caplog.text
        assert client.raw("*ping", {})["ts"]

    def test_a_frame_over_the_limit_is_known_by_its_header(self, gate: Gate) -> None:
        with RawClient(gate) as client:
            client.socket.sendall(b"FPNN\x01\x80\x01\x07" + struct.pack("<I", 8 * 1024 * 1024))
            assert client.closed()

    def test_quests_before_them_are_answered(self, gate: Gate, client: RawClient) -> None:
        wires = [client.encode("sendmsg", client.signed("sendmsg", sendmsg(mid))) for mid in range(1, 6)]
        client.socket.sendall(b"".join(wire for _, wire in wires) + b"rubbish and no frame")
        for seq, _ in wires:
            assert client.receive(seq)["mtime"]
        assert client.closed()
        assert len(gate.messages()) == 5

    def test_a_connection_that_says_nothing(self, gate: Gate) -> None:
        with RawClient(gate):
            pass
        with RawClient(gate) as client:
            client.socket.sendall(b"FPNN\x01")


class TestFrames:
    def test_byte_by_byte(self, gate: Gate, client: RawClient) -> None:
        seq, wire = client.encode("sendmsg", client.signed("sendmsg", sendmsg(7)))
        for number in range(len(wire)):
            client.socket.sendall(wire[number : number + 1])
        assert client.receive(seq)["mtime"] == gate.messages()[0].mtime

    def test_the_answer_repeats_version_and_flag(self, client: RawClient) -> None:
        for version in (0, 1, 2, 255):
            client.socket.sendall(encode_quest("*ping", pack({}), version, version=version, flag=0x80 | 0x20))
            (frame,) = read_frames(client.socket, 1)
            assert (frame.version, frame.flag, frame.seq, frame.status) == (version, 0xA0, version, 0)

    def test_json_gets_json(self, client: RawClient) -> None:
        payload = json.dumps(client.signed("sendmsg", sendmsg(7))).encode()
        client.socket.sendall(encode_quest("sendmsg", payload, 3, flag=FLAG_JSON))
        (frame,) = read_frames(client.socket, 1)
        assert json.loads(frame.payload)["mtime"]

    def test_a_oneway_quest_is_done_and_not_answered(self, gate: Gate, client: RawClient) -> None:
        client.socket.sendall(client.session.oneway("sendmsg", pack(client.signed("sendmsg", sendmsg(7)))))
        client.socket.sendall(client.session.oneway("nosuch", pack({})))
        client.socket.sendall(client.session.oneway("*ping", pack({})))
        client.raw("*ping", {})
        assert not client.answers
        assert len(gate.messages()) == 1

    def test_the_same_number_three_times_gives_three_answers(self, client: RawClient) -> None:
        client.socket.sendall(encode_quest("*ping", pack({}), 0xFFFFFFFF) * 3)
        assert [frame.seq for frame in read_frames(client.socket, 3)] == [0xFFFFFFFF] * 3

    def test_an_answer_nobody_waits_for_is_passed_over(self, client: RawClient) -> None:
        client.socket.sendall(b"FPNN\x01\x80\x02\x00" + struct.pack("<II", 1, 99) + b"\x80")
        assert client.raw("*ping", {})["ts"]

    @pytest.mark.parametrize("method", ["nosuch", "*status", "*infos", "*tune", "SENDMSG", "ü" * 127])
    def test_an_unknown_method(self, client: RawClient, method: str) -> None:
        with pytest.raises(Refused, match="unknown method") as refused:
            client.raw(method, {})
        assert refused.value.code == 20004

    def test_an_unknown_method_that_is_not_utf8(self, client: RawClient) -> None:
        client.socket.sendall(encode_quest("a\udcff", pack({}), 5))
        (frame,) = read_frames(client.socket, 1)
        assert frame.status == 1
        assert unpack(frame.payload)["code"] == 20004


class TestOrder:
    def test_answers_come_in_the_order_of_the_quests(self, gate: Gate, client: RawClient) -> None:
        wires = [client.encode("sendmsg", client.signed("sendmsg", sendmsg(mid))) for mid in range(1, 3001)]
        client.socket.sendall(b"".join(wire for _, wire in wires))
        order: list[int] = []
        while len(order) < len(wires):
            for event in client.session.receive(client.socket.recv(1 << 18)):
                assert isinstance(event, Answer)
                order.append(event.seq)
        assert order == [seq for seq, _ in wires]
        assert [message.mid for message in gate.messages()] == list(range(1, 3001))

    def test_many_connections(self, gate: Gate) -> None:
        with ExitStack() as exits:
            clients = [exits.enter_context(RawClient(gate)) for _ in range(100)]
            sent = [
                (client, client.send("sendmsg", client.signed("sendmsg", sendmsg(number))))
                for number, client in enumerate(clients, 1)
            ]
            for client, seq in sent:
                assert client.receive(seq)["mtime"]
        assert {message.mid for message in gate.messages()} == set(range(1, 101))


class TestSlowReaders:
    def test_what_waits_for_them_is_bounded(self, gate: Gate, client: RawClient) -> None:
        for mid in range(1, 21):
            client.call("sendmsg", **sendmsg(mid, msg="x" * 50_000))
        page = {"uid": 1, "ouid": 2, "desc": True, "num": 20}
        with RawClient(gate) as slow, RawClient(gate) as quick:
            seqs = [slow.send("getp2pmsg", slow.signed("getp2pmsg", page)) for _ in range(40)]
            quick.raw("*ping", {})
            (connection,) = (c for c in list(gate._inside().shared.connections) if c.peer.endswith(port(slow)))
            deadline = time.monotonic() + 10
            while not connection._reading_paused:
                assert time.monotonic() < deadline
                quick.raw("*ping", {})
            held = gate._do(lambda: connection._transport.get_write_buffer_size())
            assert held < 4 * HIGH_WATER
            assert quick.raw("*ping", {})["ts"]
            for seq in seqs:
                assert slow.receive(seq)["num"] == 20


class TestSlowFunctions:
    """A function of the user that takes its time: one of its own for each picture."""

    @pytest.fixture
    def gate(self) -> Iterator[Gate]:
        self.called, self.go_on, self.ended = Event(), Event(), Event()

        def check(image: str) -> list[int]:
            self.called.set()
            assert self.go_on.wait(10)
            self.ended.set()
            return [int(image)]

        with Gate(functions={"icheck": check}, idle_timeout=0.1) as gate:
            yield gate
            self.go_on.set()

    def check(self, client: RawClient, image: int = 5) -> int:
        return client.send("icheck", client.signed("icheck", {"image": str(image), "type": 1}))

    def test_other_quests_of_the_connection_are_answered_meanwhile(self, gate: Gate, client: RawClient) -> None:
        seq = self.check(client)
        assert self.called.wait(10)
        client.call("sendmsg", **sendmsg(7))
        assert seq not in client.answers
        self.go_on.set()
        assert client.receive(seq) == {"result": 2, "tags": ["5"]}

    def test_the_connection_is_not_idle(self, gate: Gate) -> None:
        with RawClient(gate) as waiting, RawClient(gate) as silent:
            seq = self.check(waiting)
            assert self.called.wait(10)
            assert silent.closed()
            self.go_on.set()
            assert waiting.receive(seq)["result"] == 2

    def test_many_at_once(self, gate: Gate, client: RawClient) -> None:
        seqs = [self.check(client, number) for number in range(ASIDES_PER_CONNECTION + 20)]
        ping = client.send("*ping", {})
        assert self.called.wait(10)
        (connection,) = gate._inside().shared.connections
        with RawClient(gate) as other:
            while len(connection._asides) < ASIDES_PER_CONNECTION:
                other.raw("*ping", {})
            other.raw("*ping", {})
            assert len(connection._asides) == ASIDES_PER_CONNECTION
        self.go_on.set()
        for number, seq in enumerate(seqs):
            assert client.receive(seq)["tags"] == [str(number)]
        assert client.receive(ping)["ts"]

    def test_a_client_that_leaves(self, gate: Gate) -> None:
        with RawClient(gate) as client:
            self.check(client)
            assert self.called.wait(10)
        self.go_on.set()
        with RawClient(gate) as other:
            while gate.connections > 1:
                other.raw("*ping", {})

    def test_a_gate_that_stops_answers_first(self, gate: Gate, client: RawClient) -> None:
        seq = self.check(client)
        assert self.called.wait(10)
        gate._request_stop()
        self.go_on.set()
        assert client.receive(seq)["result"] == 2
        assert client.closed()

    def test_a_gate_that_stops_does_not_wait_for_ever(
        self, gate: Gate, client: RawClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(server, "_FINISH_SECONDS", 0.05)
        self.check(client)
        assert self.called.wait(10)
        gate.stop()
        assert not gate.running
        assert client.closed()
        assert not self.ended.is_set()

    @pytest.mark.parametrize("action", ["cut_after", "drop_reply"])
    def test_faults(self, gate: Gate, client: RawClient, action: Any) -> None:
        fault = gate.faults.add("icheck", action)
        self.go_on.set()
        self.check(client)
        if action == "cut_after":
            assert client.closed()
        assert fault.wait()


def port(client: RawClient) -> str:
    return f":{client.socket.getsockname()[1]}"


class TestHandlersThatFail:
    def test_the_answer_says_nothing_of_the_inside(
        self, gate: Gate, client: RawClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def explode(call: Call) -> dict[str, Any]:
            call.store.execute("DELETE FROM messages")
            raise ZeroDivisionError("inside")

        monkeypatch.setitem(METHODS, "explode", Method(explode, True))
        client.call("sendmsg", **sendmsg(7))
        with pytest.raises(Refused) as refused:
            client.call("explode")
        assert refused.value.code == 20001
        assert "inside" not in refused.value.text
        assert "ZeroDivisionError: inside" in caplog.text
        assert gate.secret not in caplog.text
        assert len(gate.messages()) == 1

    def test_an_answer_that_cannot_be_packed(
        self, client: RawClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setitem(METHODS, "strange", Method(lambda call: {"value": object()}, True))
        assert client.code("strange") == 20001
        assert client.raw("*ping", {})["ts"]
        assert "parameter 'value'" in caplog.text

    def test_an_answer_over_the_limit_of_a_frame(self, caplog: pytest.LogCaptureFixture) -> None:
        with Gate(max_frame=4096) as gate, RawClient(gate) as client:
            for mid in range(1, 4):
                client.call("sendmsg", **sendmsg(mid, msg="x" * 2000))
            assert client.code("getp2pmsg", uid=1, ouid=2, desc=True, num=20) == 20001
            assert client.call("getp2pmsg", uid=1, ouid=2, desc=True, num=1)["num"] == 1
        assert "4096" in caplog.text


def test_a_connection_shows_its_peer(gate: Gate, client: RawClient) -> None:
    client.raw("*ping", {})
    (connection,) = gate._inside().shared.connections
    assert repr(connection) == f"<Connection 127.0.0.1{port(client)}>"


class TestPushing:
    def test_a_listening_connection_is_pinged(self) -> None:
        with Gate(ping_interval=0.02) as gate, RawClient(gate) as client:
            client.call("addlisten", uids=[1])
            for _ in range(3):
                ping = client.pushed()
                assert (ping.method, ping.params) == ("ping", {})
                assert ping.seq is not None

    def test_others_are_not(self) -> None:
        with Gate(ping_interval=0.02) as gate, RawClient(gate) as client, RawClient(gate) as listener:
            client.raw("*ping", {})
            listener.call("setlisten", p2p=True)
            assert listener.pushed().method == "ping"
            client.raw("*ping", {})
            assert not client.pushes

    @pytest.mark.parametrize("answer", ["empty", "error"])
    def test_any_answer_is_a_receipt(self, answer: str) -> None:
        with Gate() as gate, RawClient(gate) as client:
            client.answering = False
            client.call("setlisten", p2p=True)
            client.call("sendmsg", **sendmsg(1))
            push = client.pushed()
            (connection,) = gate._inside().shared.connections
            assert gate._do(lambda: connection._unanswered) == {push.seq}
            if answer == "empty":
                client.socket.sendall(client.session.answer(push, {}))
            else:
                client.socket.sendall(client.session.error_answer(push, 20004, "unknown method"))
            client.raw("*ping", {})
            assert gate._do(lambda: connection._unanswered) == set()

    def test_a_client_that_never_answers(self, caplog: pytest.LogCaptureFixture) -> None:
        with Gate(answer_timeout=0.05) as gate, RawClient(gate) as client, RawClient(gate) as deaf:
            deaf.answering = False
            deaf.call("setlisten", p2p=True)
            client.call("sendmsg", **sendmsg(1))
            assert deaf.pushed().params["mid"] == 1
            # Answers to what was not asked are no receipts, and nor are quests.
            deaf.socket.sendall(b"FPNN\x01\x80\x02\x00" + struct.pack("<II", 1, 99) + b"\x80")
            deaf.send("*ping", {})
            with pytest.raises(ConnectionError):
                deaf.pushed()
            assert client.raw("*ping", {})["ts"]
        assert "the client has not answered for 0.05 s, 1 pushes are unanswered" in caplog.text

    def test_a_client_that_does_not_read(self, caplog: pytest.LogCaptureFixture) -> None:
        with Gate(push_buffer=100_000) as gate, RawClient(gate) as client, RawClient(gate) as slow:
            slow.call("setlisten", p2p=True)
            mid = 0
            while gate.connections == 2:
                mid += 1
                client.call("sendmsg", **sendmsg(mid, msg="x" * 100_000))
                assert mid < 1000
            pushed = 0
            with pytest.raises(ConnectionError):
                while True:
                    assert slow.pushed().params["mid"] == pushed + 1
                    pushed += 1
            assert pushed < mid
        assert "the client does not read, " in caplog.text

    def test_too_many_unanswered(self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
        monkeypatch.setattr(gate_connection, "MAX_UNANSWERED", 10)
        with Gate() as gate, RawClient(gate) as client, RawClient(gate) as deaf:
            deaf.answering = False
            deaf.call("setlisten", p2p=True)
            for mid in range(1, 12):
                client.call("sendmsg", **sendmsg(mid))
            with pytest.raises(ConnectionError):
                for _ in range(12):
                    deaf.pushed()
        assert "the client does not answer, 11 pushes are unanswered" in caplog.text

    def test_answers_are_taken_while_the_client_is_slow(self, gate: Gate, client: RawClient) -> None:
        """A client that reads and answers in one thread gets on, however much waits for it."""
        number = 100
        with RawClient(gate) as slow:
            slow.call("setlisten", p2p=True)
            for mid in range(1, number + 1):
                client.call("sendmsg", **sendmsg(mid, msg="x" * 100_000))
            seqs = [slow.send("*ping", {}) for _ in range(10)]
            (connection,) = (c for c in list(gate._inside().shared.connections) if c.peer.endswith(port(slow)))
            assert gate._do(lambda: connection._writing_paused and not connection._reading_paused)
            assert [slow.pushed().params["mid"] for _ in range(number)] == list(range(1, number + 1))
            for seq in seqs:
                slow.receive(seq)
            slow.raw("*ping", {})
            assert gate._do(lambda: not connection._unanswered)

    def test_quests_of_a_slow_client_are_bounded(self, gate: Gate, client: RawClient) -> None:
        with RawClient(gate) as slow:
            slow.call("setlisten", p2p=True)
            for mid in range(1, 101):
                client.call("sendmsg", **sendmsg(mid, msg="x" * 100_000))
            seqs = [slow.send("*ping", {}) for _ in range(100)]
            (connection,) = (c for c in list(gate._inside().shared.connections) if c.peer.endswith(port(slow)))
            deadline = time.monotonic() + 10
            while not connection._reading_paused:
                assert time.monotonic() < deadline
                client.raw("*ping", {})
            for seq in seqs:
                slow.receive(seq)

    @pytest.mark.parametrize("mode", ["stream", "package"])
    def test_encrypted(self, gate: Gate, client: RawClient, mode: Literal["stream", "package"]) -> None:
        encryption = Encryption(gate.public_key, mode=mode)
        with RawClient(gate, encryption=encryption) as listener:
            listener.call("setlisten", p2p=True)
            for mid in range(1, 51):
                client.call("sendmsg", **sendmsg(mid))
                listener.raw("*ping", {})
            assert [listener.pushed().params["mid"] for _ in range(50)] == list(range(1, 51))

    def test_to_a_connection_that_has_gone_silent(self, gate: Gate, client: RawClient) -> None:
        gate.faults.add("getmsg", "half_open")
        with RawClient(gate) as silent:
            silent.call("setlisten", p2p=True)
            silent.send("getmsg", {})
            assert gate.faults._faults[0].wait()
            client.call("sendmsg", **sendmsg(1))
            (connection,) = (c for c in list(gate._inside().shared.connections) if c.peer.endswith(port(silent)))
            assert gate._do(lambda: connection._silent and not connection._unanswered)

    def test_what_was_stored_is_still_pushed_when_the_gate_stops(self, client: RawClient, gate: Gate) -> None:
        with RawClient(gate) as listener:
            listener.call("setlisten", p2p=True)
            wires = [client.encode("sendmsg", client.signed("sendmsg", sendmsg(mid))) for mid in range(1, 101)]
            client.socket.sendall(b"".join(wire for _, wire in wires))
            assert client.receive(wires[0][0])
            gate.stop()
            answered, pushed = 1, 0
            with pytest.raises(ConnectionError):
                for seq, _ in wires[1:]:
                    client.receive(seq)
                    answered += 1
                client.receive(0)
            with pytest.raises(ConnectionError):
                while True:
                    assert listener.pushed().params["mid"] == pushed + 1
                    pushed += 1
            assert pushed == answered
