"""The life of a gate: starting, failing to start, stopping, looking inside."""

from __future__ import annotations

import gc
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rtm_sdk.endpoint import parse_endpoint
from rtm_sdk.fpnn.encryption import Encryption, ServerKey
from rtm_sdk.gate import DEMO_PID, DEMO_SECRET, Gate, MessageKind, StoredMessage

from .raw_client import RawClient, Refused, file_attrs


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def gate_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "rtm-gate"]


class TestStarting:
    def test_it_listens_when_start_returns(self) -> None:
        with Gate() as gate:
            assert gate.running
            assert re.fullmatch(r"127\.0\.0\.1:\d+", gate.endpoint)
            assert re.fullmatch(r"127\.0\.0\.1:\d+", gate.http_endpoint)
            assert (gate.pid, gate.secret) == (DEMO_PID, DEMO_SECRET)
            assert repr(gate) == f"<Gate {gate.endpoint} pid {DEMO_PID} running>"
            with RawClient(gate) as client:
                assert abs(client.raw("*ping", {})["ts"] / 1000 - time.time()) < 5

    def test_starting_twice_changes_nothing(self, gate: Gate) -> None:
        endpoint = gate.endpoint
        gate.start()
        assert gate.endpoint == endpoint
        assert gate_threads() == ["rtm-gate"]

    def test_starting_from_many_threads_starts_one(self) -> None:
        gate = Gate()
        with ThreadPoolExecutor(8) as pool:
            for start in [pool.submit(gate.start) for _ in range(8)]:
                start.result()
        with gate:
            assert gate_threads() == ["rtm-gate"]

    def test_before_the_start_there_is_no_address(self) -> None:
        gate = Gate()
        assert not gate.running
        for name in ("endpoint", "http_endpoint"):
            with pytest.raises(RuntimeError, match="has not been started"):
                getattr(gate, name)
        with pytest.raises(RuntimeError, match="does not run"):
            gate.messages()

    def test_a_port_that_is_taken(self, gate: Gate) -> None:
        for other in (Gate(gate.endpoint), Gate(http_listen=gate.endpoint)):
            with pytest.raises(OSError, match=f"cannot listen on {gate.endpoint}: "):
                other.start()
            assert not other.running
        assert gate_threads() == ["rtm-gate"]

    def test_it_can_start_after_a_failure(self) -> None:
        taken = Gate()
        taken.start()
        gate = Gate(taken.endpoint)
        with pytest.raises(OSError, match="cannot listen"):
            gate.start()
        taken.stop()
        with gate, RawClient(gate) as client:
            client.raw("*ping", {})

    def test_a_store_that_cannot_be_opened(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="cannot open the store"):
            Gate(store=tmp_path / "missing" / "gate.db").start()
        assert not gate_threads()

    def test_ipv6(self) -> None:
        with Gate("[::1]:0") as gate, RawClient(gate) as client:
            assert gate.endpoint.startswith("[::1]:")
            assert client.call("filetoken", from_=1, cmd="sendfile", to=2)["endpoint"] == gate.endpoint

    def test_on_all_addresses_the_secret_is_not_the_published_one(self) -> None:
        gates = [Gate("0.0.0.0:0"), Gate("0.0.0.0:0")]
        assert DEMO_SECRET not in {gate.secret for gate in gates}
        assert gates[0].secret != gates[1].secret

    def test_on_all_addresses_files_are_where_the_client_reached_it(self) -> None:
        with Gate("0.0.0.0:0") as gate:
            port = parse_endpoint(gate.endpoint)[1]
            http_port = parse_endpoint(gate.http_endpoint)[1]
            with RawClient(gate, endpoint=f"127.0.0.1:{port}") as client:
                answer = client.call("filetoken", from_=1, cmd="sendfile", to=2)
                assert answer["endpoint"] == f"127.0.0.1:{port}"
                params = {"pid": gate.pid, "token": answer["token"], "mtype": 50, "from": 1, "to": 2, "mid": 1}
                client.raw("sendfile", {**params, "file": b"x", "attrs": file_attrs(b"x", answer["token"])})
            assert f'"http://127.0.0.1:{http_port}/files/' in str(gate.messages()[0].message)

    def test_importing_it_without_aiohttp_says_what_to_install(self) -> None:
        code = "import sys; sys.modules['aiohttp'] = None; import rtm_sdk.gate"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert 'pip install "rtm-sdk[gate]"' in done.stderr

    def test_starting_it_does_not_load_cryptography(self) -> None:
        code = (
            "import sys; from rtm_sdk.gate import Gate\n"
            "with Gate() as gate: assert 'cryptography' not in sys.modules\n"
            "gate.public_key; assert 'cryptography' in sys.modules"
        )
        subprocess.run([sys.executable, "-c", code], timeout=60, check=True)


class TestStopping:
    def test_it_leaves_nothing(self, tmp_path: Path) -> None:
        with Gate():
            pass
        before, temporary = descriptors(), set(Path(tempfile.gettempdir()).glob("rtm-gate-*"))
        for store in (None, tmp_path / "gate.db"):
            gate = Gate(store=store)
            gate.start()
            with RawClient(gate) as client, RawClient(gate):
                token = client.call("filetoken", from_=1, cmd="sendfile", to=2)["token"]
                params = {"pid": gate.pid, "token": token, "mtype": 50, "from": 1, "to": 2, "mid": 1}
                client.raw("sendfile", {**params, "file": b"x", "attrs": file_attrs(b"x", token)})
                gate.stop()
                assert client.closed()
        assert descriptors() == before
        assert not gate_threads()
        assert set(Path(tempfile.gettempdir()).glob("rtm-gate-*")) == temporary
        assert sorted(path.name for path in tmp_path.iterdir()) == ["gate.db", "gate.db.files"]
        assert len(list((tmp_path / "gate.db.files").iterdir())) == 1

    def test_twice(self) -> None:
        gate = Gate()
        gate.stop()
        gate.start()
        gate.stop()
        gate.stop()
        assert not gate.running

    def test_nobody_is_served_afterwards(self, gate: Gate) -> None:
        endpoint = parse_endpoint(gate.endpoint)
        gate.stop()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(endpoint, 5)

    def test_it_comes_back_at_the_same_place(self) -> None:
        gate = Gate()
        gate.start()
        places = gate.endpoint, gate.http_endpoint
        gate.stop()
        with gate, RawClient(gate) as client:
            assert (gate.endpoint, gate.http_endpoint) == places
            client.raw("*ping", {})

    def test_a_client_that_does_not_read_cannot_hold_it(self, gate: Gate) -> None:
        with RawClient(gate) as client:
            for mid in range(1, 21):
                client.call("sendmsg", mtype=30, from_=1, to=2, mid=mid, msg="x" * 200_000, attrs="")
            for _ in range(20):
                client.send("getp2pmsg", client.signed("getp2pmsg", {"uid": 1, "ouid": 2, "desc": True, "num": 20}))
            start = time.monotonic()
            gate.stop()
            assert time.monotonic() - start < 5

    def test_quests_that_were_taken_in_are_answered(self, gate: Gate) -> None:
        with RawClient(gate) as client:
            fault = gate.faults.add("sendmsg", "drop_reply", skip=99)
            seqs = []
            for mid in range(1, 101):
                params = {"mtype": 30, "from": 1, "to": 2, "mid": mid, "msg": "x", "attrs": ""}
                seqs.append(client.send("sendmsg", client.signed("sendmsg", params)))
            assert fault.wait()
            gate.stop()
            for seq in seqs[:99]:
                assert client.receive(seq)["mtime"]

    def test_while_clients_are_connecting(self) -> None:
        for _ in range(20):
            gate = Gate()
            gate.start()
            addresses = [parse_endpoint(gate.endpoint)] * 3 + [parse_endpoint(gate.http_endpoint)] * 2
            connections = [socket.create_connection(address, 5) for address in addresses]
            gate.stop()
            for connection in connections:
                connection.close()
        gc.collect()


class TestServingForever:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_until_a_signal(self, number: int) -> None:
        code = (
            "from rtm_sdk.gate import Gate\n"
            "gate = Gate()\n"
            "gate.start()\n"
            "print(gate.endpoint, flush=True)\n"
            "gate.serve_forever()\n"
            "print('stopped', gate.running, flush=True)"
        )
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            endpoint = process.stdout.readline().strip()
            with socket.create_connection(parse_endpoint(endpoint), 5) as connection:
                # The handlers are in place a moment after the gate listens; a signal before that would just kill it.
                deadline = time.monotonic() + 10
                while not catches(process.pid, signal.SIGTERM):
                    assert time.monotonic() < deadline
                    time.sleep(0.005)
                process.send_signal(number)
                assert connection.recv(1) == b""
            assert process.stdout.read() == "stopped False\n"
            assert process.wait(10) == 0

    def test_until_it_is_stopped(self) -> None:
        gate = Gate()
        gate.start()
        handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
        threading.Timer(0.05, gate.stop).start()
        gate.serve_forever()
        assert not gate.running
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == handlers


def catches(pid: int, number: int) -> bool:
    caught = re.findall(r"SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())[0]
    return bool(int(caught, 16) & 1 << (number - 1))


class TestEncryption:
    @pytest.mark.parametrize("mode", ["stream", "package"])
    @pytest.mark.parametrize("bits", [128, 256])
    def test_plain_and_encrypted_on_one_port(self, gate: Gate, mode: str, bits: int) -> None:
        encryption = Encryption(gate.public_key.encode(), bits=bits, mode=mode)  # type: ignore[arg-type]
        with RawClient(gate, encryption=encryption) as hidden, RawClient(gate) as plain:
            for mid in range(1, 40):
                hidden.call("sendmsg", mtype=30, from_=1, to=2, mid=mid, msg="secret" * mid, attrs="")
                assert plain.call("getmsg", mid=mid, from_=1, xid=2, type=1)["msg"] == "secret" * mid
            assert hidden.session.ready
            assert hidden.code("getmsg", mid=99, from_=1, xid=2, type=1) == 200070

    def test_with_a_key_of_the_caller(self) -> None:
        key = ServerKey.generate("secp256r1")
        with Gate(key=key) as gate:
            assert gate.public_key == key.public_pem
            encryption = Encryption(gate.public_key.encode())
            with RawClient(gate, encryption=encryption) as client:
                assert client.raw("*ping", {})["ts"]

    def test_who_wants_it_from_a_gate_without_key_is_cut(self, gate: Gate) -> None:
        key = ServerKey.generate()
        with RawClient(gate, encryption=Encryption(key.public_pem.encode())) as client:
            assert client.closed()


class TestLookingInside:
    def test_messages(self, gate: Gate, client: RawClient) -> None:
        client.call("sendmsg", mtype=30, from_=1, to=2, mid=11, msg="hello", attrs="{}")
        client.call("sendgroupmsg", mtype=32, from_=2, gid=5, mid=12, msg=b"\xff", attrs="")
        client.call("broadcastmsg", mtype=30, from_=9, mid=13, msg="all", attrs="")
        first, second, third = gate.messages()
        assert first == StoredMessage(1, gate.pid, MessageKind.P2P, 1, 2, 30, 11, "hello", "{}", first.mtime, False)
        assert (second.kind, second.to_id, second.message) == (MessageKind.GROUP, 5, b"\xff")
        assert (third.kind, third.to_id) == (MessageKind.BROADCAST, 0)
        assert gate.messages(kind=MessageKind.GROUP) == gate.messages(to_id=5) == gate.messages(mtype=32) == [second]
        assert gate.messages(from_uid=1, mid=11) == [first]
        assert gate.messages(pid=gate.pid + 1) == []

    def test_deleted_messages(self, gate: Gate, client: RawClient) -> None:
        client.call("sendmsg", mtype=30, from_=1, to=2, mid=11, msg="hello", attrs="x")
        client.call("delmsg", mid=11, from_=1, xid=2, type=1)
        assert gate.messages() == []
        (deleted,) = gate.messages(deleted=True)
        assert (deleted.deleted, deleted.message, deleted.attrs) == (True, "", "")

    def test_from_many_threads(self, gate: Gate, client: RawClient) -> None:
        client.call("sendmsg", mtype=30, from_=1, to=2, mid=11, msg="hello", attrs="")
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: len(gate.messages()), range(100)))
        assert found == [1] * 100

    def test_connections(self, gate: Gate) -> None:
        assert gate.connections == 0
        with RawClient(gate) as client:
            client.raw("*ping", {})
            assert gate.connections == 1

    def test_reset(self, gate: Gate, client: RawClient) -> None:
        token = client.call("filetoken", from_=1, cmd="sendfile", to=2)["token"]
        client.call("sendmsg", mtype=30, from_=1, to=2, mid=11, msg="hello", attrs="")
        client.call("addgroupmembers", gid=5, uids=[1])
        client.call("addroommember", rid=5, uid=1)
        client.call("addgroupban", gid=5, uid=1, btime=60)
        client.call("setgroupinfo", gid=5, oinfo="o")
        client.call("addprojectblack", uid=3, btime=60)
        client.call("addblacks", uid=2, blacks=[1])
        client.call("pullIntoRTCRoom", rid=5, toUids=[1], type=1)
        login = client.call("gettoken", uid=1)["token"]
        quest = client.signed("getgroupmembers", {"gid": 5})
        client.raw("getgroupmembers", quest)
        fault = gate.faults.add("getgroupmembers", "error", code=200999)
        gate.clock.offset = 5000

        gate.reset()

        assert client.raw("getgroupmembers", quest) == {"uids": []}
        assert fault.hits == 0
        assert gate.clock.offset == 0
        assert gate.messages(deleted=True) == []
        assert client.call("getroommembers", rid=5) == {"uids": []}
        assert client.call("isbanofgroup", gid=5, uid=1) == {"ok": False}
        assert client.call("getgroupinfo", gid=5) == {"oinfo": "", "pinfo": ""}
        assert client.call("isprojectblack", uid=3) == {"ok": False}
        assert client.call("getblacks", uid=2) == {"uids": []}
        assert client.call("getRTCRoomList") == {"rids": []}
        assert client.call("getRTCRoomMemberCount", rid=5) == {"count": 0}
        assert not gate.token_is_valid(1, login)
        client.call("sendmsg", mtype=30, from_=1, to=2, mid=11, msg="again", attrs="")
        with pytest.raises(Refused) as refused:
            params = {"pid": gate.pid, "token": token, "mtype": 50, "from": 1, "to": 2, "mid": 1}
            client.raw("sendfile", {**params, "file": b"x", "attrs": file_attrs(b"x", token)})
        assert refused.value.code == 200003


class TestIdleConnections:
    def test_they_are_closed(self) -> None:
        with Gate(idle_timeout=0.05) as gate, RawClient(gate) as client:
            client.raw("*ping", {})
            assert client.closed()

    def test_a_client_that_talks_stays(self) -> None:
        with Gate(idle_timeout=0.1) as gate, RawClient(gate) as talking, RawClient(gate) as silent:
            done = threading.Event()

            def talk() -> None:
                while not done.wait(0.01):
                    talking.raw("*ping", {})

            thread = threading.Thread(target=talk)
            thread.start()
            assert silent.closed()
            done.set()
            thread.join()
            talking.raw("*ping", {})


def test_projects_do_not_see_each_other() -> None:
    with Gate(projects={1: "one", 2: "two"}) as gate, RawClient(gate) as client:
        assert (gate.pid, gate.secret) == (1, "one")
        client.call("sendmsg", mtype=30, from_=1, to=2, mid=11, msg="hello", attrs="")
        client.call("addgroupmembers", gid=5, uids=[1])
        client.call("addroommember", rid=5, uid=1)
        client.call("addprojectban", uid=1, btime=60)
        client.call("addfriends", uid=1, friends=[2])
        client.call("addblacks", uid=2, blacks=[1])
        client.call("pullIntoRTCRoom", rid=5, toUids=[1], type=1)
        token = client.call("gettoken", uid=1)["token"]
        client.pid, client.secret = 2, "two"
        assert client.call("getfriends", uid=1) == {"uids": []}
        assert client.call("getRTCRoomList") == {"rids": []}
        assert client.call("clearprojectmsg", type=4) == {}
        assert client.call("clearprojectgroup") == {}
        assert client.call("getp2pmsg", uid=1, ouid=2, desc=True, num=10)["num"] == 0
        assert client.call("getgroupmembers", gid=5) == {"uids": []}
        assert client.call("getroommembers", rid=5) == {"uids": []}
        assert gate.token_is_valid(1, token)
        assert not gate.token_is_valid(1, token, pid=2)
        client.call("sendmsg", mtype=30, from_=1, to=2, mid=11, msg="hello", attrs="")
        assert len(gate.messages()) == 2
