"""What the SDK promises to those who build on it, each promise in a run of its own against a real peer."""

from __future__ import annotations

import os
import queue
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from rtm_sdk import RTMServerClient
from rtm_sdk.deadline import Deadline
from rtm_sdk.endpoint import parse_endpoint
from rtm_sdk.errors import FPNN_ERROR, CallFailed
from rtm_sdk.fpnn.connection import Connection
from rtm_sdk.fpnn.frames import FrameError, encode_answer, encode_quest, pack
from rtm_sdk.fpnn.session import Answer, QuestArrived, Session
from rtm_sdk.fpnn.strategy import RegressiveStrategy
from rtm_sdk.gate import Gate

from .peer import PATIENCE, Conversation, Peer, echo_process

ROOT = Path(__file__).resolve().parent.parent
MIB = 1 << 20
PATIENT = 60.0

GATE = """
import sys
from rtm_sdk.gate import Gate
with Gate(sys.argv[1], store=sys.argv[2] or None, max_frame=int(sys.argv[3])) as gate:
    print(gate.endpoint, gate.pid, gate.secret, flush=True)
    sys.stdin.read()
"""


class GateProcess:
    """A gate in a process of its own, which can be killed."""

    def __init__(self, listen: str = "127.0.0.1:0", *, store: str = "", max_frame: int = 8 * MIB) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", GATE, listen, store, str(max_frame)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        try:
            self.endpoint, pid, self.secret = self._process.stdout.readline().split()
        except BaseException:
            self.kill()
            raise
        self.pid = int(pid)

    def kill(self) -> None:
        """kill -9"""
        self._process.kill()
        self._process.communicate()


@contextmanager
def gate_process(*, max_frame: int = 8 * MIB) -> Iterator[GateProcess]:
    gate = GateProcess(max_frame=max_frame)
    try:
        yield gate
    finally:
        gate.kill()


def run(script: str, *arguments: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """Run a script of a user to its end. Returns what came of it and the seconds it took."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENT,
    )
    return done, time.monotonic() - start


class TestSynchronousCalls:
    def test_a_thousand_add_no_thread(self) -> None:
        with Gate() as gate, RTMServerClient(gate.pid, gate.secret, gate.endpoint) as client:
            before = threading.active_count()
            for number in range(1000):
                _, error_code = client.send_message(51, 1, 2, str(number))
                assert not error_code
            assert threading.active_count() == before

    @pytest.mark.slow
    def test_64_threads_get_their_own_answers(self) -> None:
        calls = 2000

        def talk(thread: int) -> int:
            right = 0
            for number in range(calls):
                answer, error_code = client.call("echo", {"thread": thread, "number": number}, signed=False)
                right += not error_code and answer == {"thread": thread, "number": number}
            return right

        with echo_process() as endpoint, RTMServerClient(1, "secret", endpoint) as client:
            before = threading.active_count()
            with ThreadPoolExecutor(64) as pool:
                assert list(pool.map(talk, range(64))) == [calls] * 64
            assert threading.active_count() == before


class TestMemory:
    SENDER = """
import pathlib, resource, sys
from rtm_sdk import RTMServerClient

endpoint, pid, secret, path, style = sys.argv[1:]
with RTMServerClient(int(pid), secret, endpoint, max_frame=300 << 20, timeout=60) as client:
    def send(file):
        if style == "sync":
            return client.send_file(1, 2, 40, file)
        got = []
        client.send_file(1, 2, 40, file, callback=lambda *outcome: got.append(outcome))
        assert not client.flush()
        return got[0]

    result, error_code = send(b"a small one, so that all is loaded and connected")
    assert not error_code, error_code
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result, error_code = send(pathlib.Path(path))
    assert not error_code, error_code
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform != "linux", reason="the unit of ru_maxrss differs")
    @pytest.mark.parametrize("style", ["sync", "callback"])
    def test_a_large_file_is_streamed(self, style: str, tmp_path: Path) -> None:
        path = tmp_path / "large.bin"
        with path.open("wb") as file:
            file.truncate(256 * MIB)
        with gate_process(max_frame=300 * MIB) as gate:
            done, _ = run(self.SENDER, gate.endpoint, str(gate.pid), gate.secret, str(path), style)
        assert done.returncode == 0, done.stderr
        assert int(done.stdout) < 24 * 1024  # KiB


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
class TestFork:
    SCRIPT = """
import os, sys, threading
from rtm_sdk import RTMServerClient

endpoint, pid, secret = sys.argv[1:]
client = RTMServerClient(int(pid), secret, endpoint)

def send(who, first):
    got = []
    for number in range(first, first + 50):
        result, error_code = client.send_message(51, 1, 2, f"{who} sync {number}")
        assert not error_code, error_code
        client.send_message(51, 1, 2, f"{who} callback {number}", callback=lambda *outcome: got.append(outcome))
    assert not client.flush()
    assert len(got) == 50 and not any(error_code for _, error_code in got), got

send("before", 0)
children = []
for number in range(4):
    child = os.fork()
    if not child:
        status = 1
        try:
            send(f"child {number}", 0)
            client.close()
            status = 0
        finally:
            os._exit(status)
    children.append(child)
send("parent", 0)
for child in children:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
client.close()
assert threading.active_count() <= 5, threading.enumerate()
"""

    def test_a_used_client_works_in_four_children_and_the_parent(self) -> None:
        with Gate(stored_mtypes=[51]) as gate:
            done, _ = run(self.SCRIPT, gate.endpoint, str(gate.pid), gate.secret)
            assert done.returncode == 0, done.stderr
            stored = Counter(message.message for message in gate.messages())
        names = ["before", "parent", "child 0", "child 1", "child 2", "child 3"]
        expected = {
            f"{name} {style} {number}" for name in names for style in ("sync", "callback") for number in range(50)
        }
        assert set(stored) == expected
        assert set(stored.values()) == {1}


class TestExit:
    SCRIPT = """
import sys
import rtm_sdk.workers
from rtm_sdk import RTMServerClient

rtm_sdk.workers.EXIT_FLUSH_SECONDS = float(sys.argv[4])
client = RTMServerClient(int(sys.argv[2]), sys.argv[3], sys.argv[1])
for number in range(1000):
    client.send_message(51, 1, 2, str(number), callback=lambda result, error_code: sys.stdout.write("%d " % error_code))
"""

    def test_a_script_that_falls_off_its_end_runs_all_callbacks(self) -> None:
        with Gate(stored_mtypes=[51]) as gate:
            done, _ = run(self.SCRIPT, gate.endpoint, str(gate.pid), gate.secret, "30")
            assert done.returncode == 0
            assert done.stderr == ""
            assert done.stdout.split() == ["0"] * 1000
            assert len(gate.messages()) == 1000

    def test_with_a_silent_gate_it_ends_within_the_budget_and_says_how_many_are_left(self) -> None:
        def silent(conversation: Conversation) -> None:
            for _ in conversation.quests():
                pass

        with Peer(silent) as peer:
            done, seconds = run(self.SCRIPT, peer.endpoint, "1", "secret", "1")
        assert done.returncode == 0
        assert "1000 callbacks" in done.stderr
        assert done.stdout == ""
        assert 1.0 < seconds < 5.0

    def test_with_a_dead_gate_it_ends_within_the_budget(self) -> None:
        with Peer() as peer:
            endpoint = peer.endpoint
        done, seconds = run(self.SCRIPT, endpoint, "1", "secret", "1")
        assert done.returncode == 0
        answered = done.stdout.split()
        assert set(answered) <= {str(int(FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION))}
        if len(answered) < 1000:
            assert f"{1000 - len(answered)} callbacks" in done.stderr
        assert seconds < 5.0


class TestRetries:
    @pytest.mark.parametrize("style", ["threads", "callbacks"])
    def test_a_short_outage_is_waited_out(self, style: str) -> None:
        soon = RegressiveStrategy(first_interval_seconds=0.1)  # then 23.7 s and more, as usual
        outcomes: queue.SimpleQueue[tuple[object, int]] = queue.SimpleQueue()

        def send() -> None:
            if style == "callbacks":
                client.send_room_chat(1, 9, "are you there?", timeout=PATIENCE, callback=lambda *got: outcomes.put(got))
            else:
                outcomes.put(client.send_room_chat(1, 9, "are you there?", timeout=PATIENCE))

        with Gate() as gate, RTMServerClient(gate.pid, gate.secret, gate.endpoint, strategy=soon) as client:
            assert not client.add_room_member(9, 1)[1]
            connection = client._connection.server_gate
            gate.stop()
            with ThreadPoolExecutor(8) as pool:
                for _ in range(8):
                    pool.submit(send)
                while connection._attempts < 12:  # beyond the tries at once
                    assert outcomes.empty()
                gate.start()
                assert [outcomes.get(timeout=PATIENCE)[1] for _ in range(8)] == [0] * 8
            assert len(gate.messages(to_id=9)) == 8

    @pytest.mark.slow
    def test_a_gate_killed_20_times_stores_each_message_once(self, tmp_path: Path) -> None:
        sends, kills = 5000, 20
        store = str(tmp_path / "store.db")
        strategy = RegressiveStrategy(
            start_connect_failed_count=1,
            first_interval_seconds=0.01,
            max_interval_seconds=0.05,
            linear_regressive_count=4,
        )
        gate = GateProcess(store=store)
        try:
            client = RTMServerClient(gate.pid, gate.secret, gate.endpoint, strategy=strategy, timeout=PATIENT)
            done = [0]
            progress = threading.Condition()

            def count(result: object, error_code: int) -> None:
                with progress:
                    done[0] += 1
                    failed.extend([error_code] if error_code else [])
                    progress.notify_all()

            failed: list[int] = []
            window = threading.Semaphore(100)

            def called_back(result: object, error_code: int) -> None:
                window.release()
                count(result, error_code)

            def send(number: int) -> None:
                if number % 2:
                    count(*client.send_message(30, 1, 2, str(number)))
                else:
                    window.acquire()
                    client.send_message(30, 1, 2, str(number), callback=called_back)

            def have(number: int) -> bool:
                with progress:
                    return progress.wait_for(lambda: done[0] >= number, PATIENT)

            with client, ThreadPoolExecutor(8) as pool:
                for number in range(sends):
                    pool.submit(send, number)
                for kill in range(1, kills + 1):
                    assert have(kill * sends // (kills + 1))
                    gate.kill()
                    gate = GateProcess(gate.endpoint, store=store)
                assert have(sends)
            assert not failed
        finally:
            gate.kill()
        with Gate(store=store) as reopened:
            stored = Counter(message.message for message in reopened.messages())
        assert set(stored) == {str(number) for number in range(sends)}
        assert set(stored.values()) == {1}


class Fuzz:
    """Inputs that a peer should not send, and some that it may: always the same ones for a seed."""

    METHODS = ("sendmsg", "*ping", "*key", "getmsg", "nosuch", "filetoken", "addgroupmembers", "\u00e9")

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._makers = (self.noise, self.cut, self.oversized, self.bad_payload, self.wrong_header)

    def harmless(self) -> bytes:
        """A whole frame whose content makes no sense."""
        value = self.value()
        params = {"pid": value, "mid": self.value(), "ts": self.value(), "msg": self.value(), "to": self.value()}
        kind = self.random.randrange(4)
        if kind == 0:
            return encode_answer(self.random.randrange(1 << 20, 1 << 32), pack(params), status=self.random.randrange(2))
        if kind == 1:
            return encode_quest("sendmsg", pack(params), None)
        method = self.random.choice(("sendmsg", "getmsg", "nosuch", "filetoken", "addgroupmembers"))
        return encode_quest(method, pack(params), self.random.randrange(1, 1 << 32))

    def harmful(self) -> bytes:
        """Bytes that break the protocol."""
        return self.random.choice(self._makers)()

    def value(self) -> object:
        return self.random.choice(
            (
                None,
                True,
                -1,
                2**63,
                1.5,
                "",
                "text",
                b"\xff\xfe",
                [],
                [[]],
                {},
                {1: 2},
                {"a": [1, {"b": None}]},
                "x" * 300,
            )
        )

    def noise(self) -> bytes:
        return self.random.randbytes(self.random.randrange(1, 64))

    def cut(self) -> bytes:
        frame = encode_quest(self.random.choice(self.METHODS), pack({"a": 1}), 1)
        return frame[: self.random.randrange(1, len(frame))]

    def oversized(self) -> bytes:
        size = self.random.randrange(16 * MIB, 1 << 32)
        return b"FPNN\x01\x80" + bytes([self.random.randrange(3), 4]) + size.to_bytes(4, "little") + b"\1\0\0\0"

    def bad_payload(self) -> bytes:
        payload = self.random.choice(
            (
                b"\xc1",
                b"\x81",
                b"\x91\x01",
                b"\xdf\xff\xff\xff\xff",
                b"\x81\xa1a" + b"\x91" * 5000,
                b"\xc0",
                b"\x80\x80",
            )
        )
        if self.random.randrange(2):
            payload = b"\x81\xa1a" + self.random.randbytes(20)
        return encode_quest(self.random.choice(self.METHODS), payload, 1)

    def wrong_header(self) -> bytes:
        frame = bytearray(encode_quest("getmsg", pack({"a": 1}), 1))
        frame[self.random.randrange(8)] ^= 1 << self.random.randrange(8)
        return bytes(frame)


class TestHostileInput:
    INPUTS = 50_000
    PER_CONNECTION = 20

    @pytest.mark.slow
    def test_against_a_live_gate(self) -> None:
        fuzz = Fuzz(1)
        with Gate() as gate:
            address = parse_endpoint(gate.endpoint)
            for _ in range(self.INPUTS // self.PER_CONNECTION):
                inputs = [fuzz.harmless() for _ in range(self.PER_CONNECTION - 1)]
                data = b"".join(inputs) + fuzz.harmful()
                with socket.create_connection(address, PATIENCE) as sock:
                    try:
                        middle = fuzz.random.randrange(len(data))
                        sock.sendall(data[:middle])
                        sock.sendall(data[middle:])
                        sock.shutdown(socket.SHUT_WR)
                        while sock.recv(65536):
                            pass
                    except OSError:  # closed already
                        pass
            with RTMServerClient(gate.pid, gate.secret, gate.endpoint) as client:
                _, error_code = client.send_message(51, 1, 2, "still there")
                assert not error_code
            assert gate.running

    @pytest.mark.slow
    def test_against_a_live_client(self) -> None:
        fuzz = Fuzz(2)

        def hostile(conversation: Conversation) -> None:
            for quest in conversation.quests():
                if quest.method == "end":
                    conversation.answer(quest)
                    continue
                data = b"".join(fuzz.harmless() for _ in range(self.PER_CONNECTION - 1))
                if fuzz.random.randrange(2):
                    conversation.send(data)
                    conversation.answer(quest, {"right": True})
                    answered.append(quest.seq)
                conversation.send(data + fuzz.harmful())
                conversation.close()
                return

        answered: list[int | None] = []
        strategy = RegressiveStrategy(start_connect_failed_count=10**9)
        outcomes: Counter[str] = Counter()
        with Peer(hostile) as peer:
            connection = Connection(peer.endpoint, strategy=strategy)
            connection.open(Deadline(PATIENCE))
            for _ in range(self.INPUTS // self.PER_CONNECTION):
                try:
                    answer = connection.call("any", pack({}), Deadline(PATIENCE))
                except CallFailed as failed:
                    outcomes[failed.error_code.name] += 1
                else:
                    assert answer == {"right": True}
                    outcomes["right"] += 1
            assert set(outcomes) <= {"right", "FPNN_EC_CORE_CONNECTION_CLOSED", "FPNN_EC_CORE_INVALID_CONNECTION"}
            assert outcomes["right"]
            while True:
                try:
                    assert connection.call("end", pack({"n": 1}), Deadline(PATIENCE)) == {"n": 1}
                except CallFailed:
                    continue
                break
            connection.close()

    def test_a_session_of_either_side(self) -> None:
        """The same without sockets, however the bytes are cut: an event, or a FrameError and nothing more."""
        fuzz = Fuzz(3)
        for number in range(20_000):
            session = Session.server() if number % 2 else Session.client()
            data = fuzz.harmless() + fuzz.harmful()
            middle = fuzz.random.randrange(len(data))
            try:
                events = session.receive(data[:middle]) + session.receive(data[middle:])
            except FrameError as error:
                assert error.reason
                with pytest.raises(FrameError):
                    session.receive(b"")
            else:
                assert all(isinstance(event, (Answer, QuestArrived)) for event in events)
