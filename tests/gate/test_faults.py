from __future__ import annotations

import time
from typing import Any

import pytest

from rtm_sdk.fpnn.encryption import Encryption
from rtm_sdk.fpnn.frames import FrameError
from rtm_sdk.gate import Gate
from rtm_sdk.gate.faults import Faults

from .raw_client import RawClient, Refused
from .test_connection import sendmsg


def send(client: RawClient, mid: int) -> int:
    return client.send("sendmsg", client.signed("sendmsg", sendmsg(mid)))


def mids(gate: Gate) -> list[int]:
    return [message.mid for message in gate.messages()]


class TestActions:
    def test_error(self, gate: Gate, client: RawClient) -> None:
        fault = gate.faults.add("sendmsg", "error", code=200010)
        with pytest.raises(Refused, match="an injected fault") as refused:
            client.receive(send(client, 1))
        assert refused.value.code == 200010
        assert client.receive(send(client, 2))["mtime"]
        assert (fault.hits, mids(gate)) == (1, [2])

    def test_delay(self, gate: Gate, client: RawClient) -> None:
        gate.faults.add("sendmsg", "delay", seconds=0.1)
        start = time.monotonic()
        seq = send(client, 1)
        assert client.raw("*ping", {})["ts"]
        assert seq not in client.answers
        assert mids(gate) == [1]
        assert client.receive(seq)["mtime"]
        assert time.monotonic() - start >= 0.1

    def test_drop_reply(self, gate: Gate, client: RawClient) -> None:
        fault = gate.faults.add("sendmsg", "drop_reply")
        seq = send(client, 1)
        assert client.raw("*ping", {})["ts"]
        assert seq not in client.answers
        assert (fault.hits, mids(gate)) == (1, [1])

    def test_cut(self, gate: Gate, client: RawClient) -> None:
        gate.faults.add("sendmsg", "cut", skip=2)
        seqs = [send(client, mid) for mid in (1, 2, 3)]
        assert client.receive(seqs[0]) and client.receive(seqs[1])
        assert client.closed()
        assert mids(gate) == [1, 2]

    def test_cut_after(self, gate: Gate, client: RawClient) -> None:
        gate.faults.add("sendmsg", "cut_after")
        send(client, 1)
        assert client.closed()
        assert mids(gate) == [1]

    def test_truncate(self, gate: Gate, client: RawClient) -> None:
        gate.faults.add("sendmsg", "truncate")
        seq = send(client, 1)
        with pytest.raises(ConnectionError):
            client.receive(seq)
        assert client.session._reader.pending > 0
        assert mids(gate) == [1]

    def test_garbage(self, gate: Gate, client: RawClient) -> None:
        gate.faults.add("sendmsg", "garbage")
        with pytest.raises(FrameError):
            client.receive(send(client, 1))
        assert mids(gate) == [1]

    def test_drip(self, gate: Gate, client: RawClient) -> None:
        gate.faults.add("sendmsg", "drip", seconds=0.001)
        first, second = send(client, 1), send(client, 2)
        sizes = []
        while second not in client.answers:
            data = client.socket.recv(1 << 16)
            sizes.append(len(data))
            for event in client.session.receive(data):
                client.answers[event.seq] = event  # type: ignore[union-attr, index, assignment]
        assert len(sizes) > 20
        assert client.receive(first)["mtime"] and client.receive(second)["mtime"]

    def test_half_open(self, gate: Gate, client: RawClient) -> None:
        fault = gate.faults.add("sendmsg", "half_open", skip=1)
        first = send(client, 1)
        for mid in (2, 3):
            send(client, mid)
        client.send("*ping", {})
        assert fault.wait()
        assert client.receive(first)["mtime"]
        with RawClient(gate) as other:
            other.raw("*ping", {})
        client.socket.settimeout(0.05)
        with pytest.raises(TimeoutError):
            client.socket.recv(1)
        assert mids(gate) == [1]
        assert gate.connections == 1

    @pytest.mark.parametrize("mode", ["stream", "package"])
    def test_they_work_on_an_encrypted_connection(self, gate: Gate, mode: Any) -> None:
        encryption = Encryption(gate.public_key.encode(), mode=mode)
        gate.faults.add("sendmsg", "delay", seconds=0.02)
        gate.faults.add("sendmsg", "drop_reply")
        gate.faults.add("sendmsg", "error", code=200010)
        with RawClient(gate, encryption=encryption) as client:
            late, never, refused, good = (send(client, mid) for mid in (1, 2, 3, 4))
            with pytest.raises(Refused):
                client.receive(refused)
            assert client.receive(good)["mtime"]
            assert client.receive(late)["mtime"]
            assert never not in client.answers


class TestWhichQuestsAreStruck:
    def test_any_method(self, gate: Gate, client: RawClient) -> None:
        gate.faults.add(None, "error", code=20011)
        with pytest.raises(Refused):
            client.raw("*ping", {})
        client.raw("*ping", {})

    def test_count_and_skip(self, gate: Gate, client: RawClient) -> None:
        fault = gate.faults.add("getusergroups", "error", code=20011, skip=1, count=2)
        codes = [client.code("getusergroups", uid=1) for _ in range(5)]
        assert codes == [0, 20011, 20011, 0, 0]
        assert fault.hits == 2

    def test_without_end_until_cleared(self, gate: Gate, client: RawClient) -> None:
        fault = gate.faults.add("getusergroups", "error", code=20011, count=None)
        assert [client.code("getusergroups", uid=1) for _ in range(5)] == [20011] * 5
        gate.faults.clear()
        assert client.code("getusergroups", uid=1) == 0
        assert fault.hits == 5

    def test_the_first_one_added_strikes(self, gate: Gate, client: RawClient) -> None:
        first = gate.faults.add("getusergroups", "error", code=20011)
        second = gate.faults.add("getusergroups", "error", code=200010)
        assert [client.code("getusergroups", uid=1) for _ in range(3)] == [20011, 200010, 0]
        assert (first.hits, second.hits) == (1, 1)

    def test_waiting_for_a_hit(self) -> None:
        faults = Faults()
        fault = faults.add("sendmsg", "drop_reply", count=None)
        assert not fault.wait(timeout=0.001)
        assert faults.striking("sendmsg") is fault
        assert faults.striking("sendfile") is None
        assert fault.wait()
        assert not fault.wait(hits=2, timeout=0.001)

    def test_it_tells_what_it_is(self) -> None:
        faults = Faults()
        assert repr(faults.add("sendmsg", "cut")) == "<Fault cut of sendmsg, struck 0 times>"
        assert repr(faults.add(None, "cut")) == "<Fault cut of any quest, struck 0 times>"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"action": "explode"}, "action must be one of error, delay"),
        ({"action": "error"}, "code or status must be given"),
        ({"action": "cut", "code": 5}, "code or status must be given"),
        ({"action": "delay"}, "seconds must be positive"),
        ({"action": "drip", "seconds": -1}, "seconds must be positive"),
        ({"action": "cut", "seconds": 1}, "seconds must be positive"),
        ({"action": "cut", "count": 0}, "count must be at least 1"),
        ({"action": "cut", "skip": -1}, "skip not negative"),
    ],
)
def test_what_cannot_be(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Faults().add("sendmsg", **options)
