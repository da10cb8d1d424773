from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rtm_sdk
from rtm_sdk.errors import FPNN_ERROR, OK, RTM_ERROR, ErrorCode, RTMException, unwrap
from rtm_sdk.fpnn.encryption import ServerKey
from rtm_sdk.fpnn.strategy import RegressiveStrategy
from rtm_sdk.rtm.client import RTMServerClient
from rtm_sdk.workers import Outstanding, WorkerPool, shared_workers

from ..peer import CUT, PATIENCE, SILENCE, Conversation, Peer, Replies, answer_all, echo_process
from ..scripts import run_script

PID, SECRET = 11000001, "very-S3cret"
NOWHERE = "127.0.0.1:1"

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def make(peer: Peer | None = None, **options: Any) -> RTMServerClient:
    return RTMServerClient(PID, SECRET, peer.endpoint if peer else NOWHERE, **options)


def hold(arrived: queue.SimpleQueue[Any]) -> Callable[[Any], str]:
    """A reply that tells that a quest came, and is none."""

    def reply(quest: Any) -> str:
        arrived.put(quest)
        return SILENCE

    return reply


class TestConstructor:
    def test_connects_and_starts_nothing(self) -> None:
        threads = threading.active_count()
        with Peer() as peer:
            with make(peer) as client:
                assert (client.pid, client.endpoint, client.timeout) == (PID, peer.endpoint, 30)
                assert threading.active_count() == threads + 1, "the peer's own"
            assert peer.accepted == 0

    @pytest.mark.parametrize("pid", ["11000001", True, 1.0, None])
    def test_pid_of_a_wrong_type(self, pid: Any) -> None:
        with pytest.raises(TypeError, match=f"pid must be an int, not {type(pid).__name__}"):
            RTMServerClient(pid, SECRET, NOWHERE)

    @pytest.mark.parametrize("pid", [0, -1, 2**31])
    def test_pid_out_of_range(self, pid: int) -> None:
        with pytest.raises(ValueError, match=f"pid must be a positive 32-bit number, not {pid}"):
            RTMServerClient(pid, SECRET, NOWHERE)

    @pytest.mark.parametrize("secret", [b"secret", None, 5])
    def test_secret_of_a_wrong_type(self, secret: Any) -> None:
        with pytest.raises(TypeError, match=f"secret must be a str, not {type(secret).__name__}"):
            RTMServerClient(PID, secret, NOWHERE)

    @pytest.mark.parametrize("secret", ["", "s3cret\n", "s3\udc80cret"])
    def test_secret_that_cannot_be_one(self, secret: str) -> None:
        with pytest.raises(ValueError, match=r"^secret ") as caught:
            RTMServerClient(PID, secret, NOWHERE)
        assert "s3" not in str(caught.value)

    @pytest.mark.parametrize("endpoint", ["", "host", "host:0", "tcp://host:1", "::1:13321"])
    def test_endpoint(self, endpoint: str) -> None:
        with pytest.raises(ValueError, match="endpoint"):
            RTMServerClient(PID, SECRET, endpoint)
        with pytest.raises(TypeError, match="endpoint must be a str"):
            RTMServerClient(PID, SECRET, 13321)  # type: ignore[arg-type]

    @pytest.mark.parametrize("name", ["timeout", "connect_timeout", "file_gate_idle"])
    def test_seconds(self, name: str) -> None:
        for number in (0, -1, float("nan"), float("inf")):
            with pytest.raises(ValueError, match=f"{name} must be a positive, finite number of seconds"):
                make(None, **{name: number})
        for other in (None, True, "5"):
            with pytest.raises(TypeError, match=f"{name} must be a number of seconds, not {type(other).__name__}"):
                make(None, **{name: other})

    @pytest.mark.parametrize(
        ("name", "value", "message"),
        [
            ("encryption", "server.pem", "encryption must be an Encryption, not str"),
            ("keep_alive", 5, "keep_alive must be a KeepAlive, not int"),
            ("strategy", {}, "strategy must be a RegressiveStrategy, not dict"),
            ("max_frame", "8M", "max_frame must be an int, not str"),
            ("push_queue", True, "push_queue must be an int, not bool"),
        ],
    )
    def test_options_of_a_wrong_type(self, name: str, value: Any, message: str) -> None:
        with pytest.raises(TypeError, match=message):
            make(None, **{name: value})

    @pytest.mark.parametrize(
        ("name", "value", "message"),
        [
            ("max_frame", 1023, "max_frame must be from 1024 to 4294967295 bytes, not 1023"),
            ("max_frame", 1 << 32, "max_frame must be from 1024"),
            ("push_queue", 0, "push_queue must be at least 1"),
            ("push_overflow", "wait", "push_overflow must be one of .*, not 'wait'"),
        ],
    )
    def test_options_out_of_range(self, name: str, value: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            make(None, **{name: value})

    def test_callbacks(self) -> None:
        with pytest.raises(TypeError, match="max_outstanding must be an int"):
            make(max_outstanding="many")
        with pytest.raises(ValueError, match="max_outstanding must be at least 1"):
            make(max_outstanding=0)
        with pytest.raises(TypeError, match="workers must be a WorkerPool, not int"):
            make(workers=4)
        with pytest.raises(TypeError, match="on_callback_error must be callable, not str"):
            make(on_callback_error="log")
        assert make().outstanding.workers is shared_workers()
        own = WorkerPool(1)
        assert make(workers=own).outstanding.workers is own

    def test_is_found_at_the_top(self) -> None:
        assert rtm_sdk.RTMServerClient is RTMServerClient


class TestFromEnv:
    def test_reads_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in (("RTM_PID", str(PID)), ("RTM_SECRET", SECRET), ("RTM_ENDPOINT", NOWHERE)):
            monkeypatch.setenv(name, value)
        client = RTMServerClient.from_env(timeout=5)
        assert (client.pid, client.endpoint, client.timeout) == (PID, NOWHERE, 5)

    def test_or_what_it_is_given(self) -> None:
        client = RTMServerClient.from_env({"RTM_PID": "1", "RTM_SECRET": "s", "RTM_ENDPOINT": "[::1]:13321"})
        assert (client.pid, client.endpoint) == (1, "[::1]:13321")

    def test_names_what_is_missing(self) -> None:
        with pytest.raises(ValueError, match=r"^set RTM_PID, RTM_SECRET, RTM_ENDPOINT in the environment$"):
            RTMServerClient.from_env({})
        with pytest.raises(ValueError, match=r"^set RTM_SECRET in the environment$"):
            RTMServerClient.from_env({"RTM_PID": "1", "RTM_SECRET": "", "RTM_ENDPOINT": NOWHERE})

    def test_a_pid_that_is_no_number(self) -> None:
        with pytest.raises(ValueError, match="RTM_PID must be a number"):
            RTMServerClient.from_env({"RTM_PID": "eleven", "RTM_SECRET": "s", "RTM_ENDPOINT": NOWHERE})


class TestCall:
    def test_any_method_in_both_styles(self) -> None:
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with Peer() as peer, make(peer) as client:
            answer, error_code = client.call("brandnew", {"a": [1, "x", b"y"]})
            assert error_code == OK
            assert answer is not None
            assert answer["a"] == [1, "x", b"y"]
            assert sorted(answer) == ["a", "pid", "salt", "sign", "ts"]
            client.call("brandnew", {"b": 2}, signed=False, callback=lambda *outcome: outcomes.put(outcome))
            assert outcomes.get(timeout=PATIENCE) == ({"b": 2}, OK)

    def test_error_of_the_service(self) -> None:
        with Peer(Replies(ErrorCode(RTM_ERROR.RTM_EC_NOT_IN_ROOM, "room 5"))) as peer, make(peer) as client:
            outcome = client.call("m", {})
        with pytest.raises(RTMException, match=r"200040 RTM_EC_NOT_IN_ROOM: .* \(room 5\)"):
            unwrap(outcome)

    def test_is_repeated_only_with_a_mid(self) -> None:
        with Peer(replies := Replies(CUT, CUT)) as peer, make(peer) as client:
            result, error_code = client.call("m", {"uid": 1})
            assert result is None
            assert error_code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            assert error_code.maybe_delivered
            assert client.call("m", {"mid": 5})[1] == OK
        assert [sorted(quest.params)[0] for quest in replies.quests] == ["pid", "mid", "mid"]

    @pytest.mark.parametrize("method", ["", "x" * 256, "é" * 128, "\udc80"])
    @pytest.mark.parametrize("callback", [None, print])
    def test_method_that_cannot_be_one(self, method: str, callback: Any) -> None:
        client = make()
        with pytest.raises(ValueError, match="method"):
            client.call(method, {}, callback=callback)
        assert client.outstanding.count == 0

    def test_wrong_types(self) -> None:
        with pytest.raises(TypeError, match="method must be a str, not bytes"):
            make().call(b"m", {})  # type: ignore[call-overload]
        with pytest.raises(TypeError, match="params must be a mapping, not list"):
            make().call("m", [])  # type: ignore[call-overload]

    @pytest.mark.parametrize("name", ["pid", "sign", "salt", "ts"])
    def test_what_the_client_adds_itself(self, name: str) -> None:
        with pytest.raises(ValueError, match=f"params must not hold {name!r}"):
            make().call("m", {name: 1})
        with Peer(Replies()) as peer, make(peer) as client:
            assert client.call("m", {name: 1}, signed=False) == ({name: 1}, OK)

    @pytest.mark.parametrize("callback", [None, print])
    def test_what_cannot_be_packed(self, callback: Any) -> None:
        client = make()
        with pytest.raises(TypeError):
            client.call("m", {"x": object()}, callback=callback)
        assert client.flush(0) == 0

    def test_needs_no_thread(self) -> None:
        with Peer() as peer, make(peer) as client:
            client.call("m", {})
            before = threading.active_count()
            for _ in range(100):
                client.call("m", {})
            assert threading.active_count() == before

    def test_callbacks_start_a_reader_and_workers(self) -> None:
        shared_workers().close(PATIENCE)
        with Peer() as peer, make(peer) as client:
            before = {thread.name for thread in threading.enumerate()}
            client.call("m", {}, callback=lambda result, error_code: None)
            assert client.flush(PATIENCE) == 0
            new = {thread.name for thread in threading.enumerate()} - before - {"peer-talk"}
            assert sorted(name.rpartition(" " if "reader" in name else "-")[0] for name in new) == [
                "rtm-reader",
                "rtm-worker",
            ]


class TestSettings:
    def test_quest_timeout(self) -> None:
        with Peer(Replies(SILENCE)) as peer, make(peer) as client:
            client.set_quest_timeout(0.1)
            assert client.call("m", {})[1] == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
            assert client.call("m", {})[1] == OK

    def test_connect_timeout_and_strategy(self) -> None:
        client = make()
        strategy = RegressiveStrategy(first_interval_seconds=1)
        client.set_connect_timeout(5)
        client.set_regressive_strategy(strategy)
        with client._connection.file_gates.borrowed(NOWHERE) as file_gate:
            for gate in (client._connection.server_gate, file_gate):
                assert (gate.connect_timeout, gate.strategy) == (5, strategy)
        client.close()

    def test_encryption(self, tmp_path: Path) -> None:
        key = ServerKey.generate()
        path = tmp_path / "public.pem"
        path.write_text(key.public_pem)
        with Peer(key=key) as peer, make(peer) as client:
            assert client.call("m", {})[1] == OK
            client.enable_encryptor_by_pem_file(str(path), "secp256k1", 256)
            assert client.reconnect()[1] == OK
            assert client.call("m", {"a": 1}, signed=False) == ({"a": 1}, OK)
            assert "encrypted" in repr(client._connection.server_gate)
            client.enable_encryptor_by_pem_file(path)
            assert client.reconnect()[1] == OK
            assert client.call("m", {})[1] == OK

    def test_wrong_values(self, tmp_path: Path) -> None:
        client = make()
        for setter in (client.set_quest_timeout, client.set_connect_timeout):
            with pytest.raises(ValueError, match="seconds must be a positive, finite number of seconds, not 0"):
                setter(0)
        with pytest.raises(TypeError, match="auto_connect must be True or False, not int"):
            client.set_auto_connect(1)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="strategy must be a RegressiveStrategy, not dict"):
            client.set_regressive_strategy({})  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="timeout must be a positive, finite number of seconds, not -1"):
            client.reconnect(-1)
        with pytest.raises(FileNotFoundError):
            client.enable_encryptor_by_pem_file(tmp_path / "nowhere.pem")
        path = tmp_path / "public.pem"
        path.write_text(ServerKey.generate("secp256r1").public_pem)
        with pytest.raises(ValueError, match="secp256"):
            client.enable_encryptor_by_pem_file(path, "secp256k1")


class TestEnd:
    def test_context_manager_runs_every_callback(self) -> None:
        done: list[ErrorCode] = []
        with Peer() as peer:
            with make(peer) as client:
                for _ in range(200):
                    client.call("m", {}, callback=lambda result, error_code: done.append(error_code))
            assert done == [OK] * 200
            assert not client._connection.server_gate.connected
            assert not [each for each in threading.enumerate() if each.name.startswith("rtm-reader")]

    def test_and_tells_what_did_not_run(self, caplog: pytest.LogCaptureFixture) -> None:
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with Peer(Replies(SILENCE)) as peer:
            with make(peer, timeout=0.1) as client:
                client.call("m", {}, callback=lambda *outcome: outcomes.put(outcome), timeout=PATIENCE)
            result, error_code = outcomes.get(timeout=PATIENCE)
        assert result is None
        assert error_code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
        assert error_code.maybe_delivered
        assert "the client closes with 1 callbacks that did not run within 0.1 s" in caplog.text
        assert client.flush(PATIENCE) == 0

    def test_closes_even_when_the_flush_is_interrupted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(outstanding: Outstanding, timeout: float) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr(Outstanding, "flush", interrupted)
        with Peer() as peer:
            client = make(peer)
            with pytest.raises(KeyboardInterrupt), client:
                client.call("m", {})
            assert not client._connection.server_gate.connected

    def test_may_be_used_in_a_callback(self) -> None:
        """Leaving the `with` block there cannot wait for the callback itself."""
        end: queue.SimpleQueue[Any] = queue.SimpleQueue()

        def inside(result: Any, error_code: ErrorCode) -> None:
            with make(peer) as other:
                end.put(other.call("m", {"a": 1}, signed=False))

        with Peer() as peer, make(peer) as client:
            client.call("m", {}, callback=inside)
            assert end.get(timeout=PATIENCE) == ({"a": 1}, OK)

    def test_close_twice_and_use_again(self) -> None:
        with Peer() as peer:
            client = make(peer)
            for _ in range(2):
                assert client.call("m", {})[1] == OK
                client.close()
                client.close()
            assert peer.accepted == 2

    def test_time_to_wait(self) -> None:
        client = make()
        for wait in (client.close, client.flush):
            wait(0)
            with pytest.raises(TypeError, match="timeout must be a number of seconds, not str"):
                wait("soon")  # type: ignore[arg-type]
            with pytest.raises(ValueError, match="timeout must be a positive, finite number of seconds, not -1"):
                wait(-1)

    def test_close_is_bounded(self) -> None:
        """Calls that wait in other threads are answered, and nothing stays open."""
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with Peer(Replies(*[hold(arrived)] * 4)) as peer:
            client = make(peer)
            threads = [threading.Thread(target=lambda: outcomes.put(client.call("m", {"mid": 5}))) for _ in range(4)]
            for thread in threads:
                thread.start()
            for _ in threads:
                arrived.get(timeout=PATIENCE)
            client.close()
            for thread in threads:
                thread.join(PATIENCE)
                assert outcomes.get(timeout=PATIENCE)[1] == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            assert not client._connection.server_gate.connected
            assert peer.accepted == 1


class TestSecret:
    def test_a_client_whose_making_failed_has_a_repr(self) -> None:
        assert repr(RTMServerClient.__new__(RTMServerClient)) == "<RTMServerClient of project ? at ?>"

    def test_is_not_in_the_repr(self) -> None:
        client = make()
        assert repr(client) == f"<RTMServerClient of project {PID} at {NOWHERE}>"
        for part in (client, client._connection, client._connection.server_gate, client.outstanding):
            assert SECRET not in f"{part!r} {part}"

    def test_shows_nowhere(self, caplog: pytest.LogCaptureFixture) -> None:
        def garbage(conversation: Conversation) -> None:
            next(conversation.quests())
            conversation.send(b"garbage" * 10)

        wrong_sign = ErrorCode(RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN, "wrong sign")
        texts: list[str] = []

        def taken(result: Any, error_code: ErrorCode) -> None:
            texts.append(repr(error_code))

        with caplog.at_level(logging.DEBUG):
            with Peer(Replies(CUT, wrong_sign), first=(garbage, answer_all)) as peer, make(peer) as client:
                for params in ({"mid": 1}, {"mid": 2}, {"a": 1}, {"a": 2}):
                    texts += [repr(client.call("m", params)[1])]
                    client.call("m", params, callback=taken)
                    client.call("m", params, callback=lambda result, error_code: [][0])
                for bad in ({"x": object()}, {"x": 1 << 70}):
                    with pytest.raises((TypeError, ValueError, OverflowError)) as caught:
                        client.call("m", bad)
                    texts.append(repr(caught.value))
                peer.stop_listening()
            client = make(peer, strategy=RegressiveStrategy(start_connect_failed_count=0))
            texts.append(repr(client.call("m", {}, timeout=0.5)[1]))
            client.close()
        assert len(texts) == 11
        assert any("rtm_sdk" in record.name for record in caplog.records)
        assert SECRET not in caplog.text + "".join(texts)


class TestProcesses:
    @forks
    def test_made_and_used_before_a_fork(self) -> None:
        script = """
            import os, sys
            from rtm_sdk import RTMServerClient
            client = RTMServerClient(1, "s", sys.argv[1])

            def work(name):
                found = []
                for number in range(50):
                    answer, error_code = client.call("m", {"who": name, "n": number})
                    assert not error_code and (answer["who"], answer["n"]) == (name, number), (answer, error_code)
                    client.call("m", {"n": number}, callback=lambda result, error_code: found.append(result["n"]))
                assert client.flush(10) == 0
                assert sorted(found) == list(range(50)), found

            work("before")
            children = []
            for number in range(4):
                pid = os.fork()
                if not pid:
                    code = 1
                    try:
                        work("child %d" % number)
                        client.close()
                        code = 0
                    finally:
                        os._exit(code)
                children.append(pid)
            work("parent")
            for pid in children:
                assert os.waitpid(pid, 0)[1] == 0
            work("after")
            client.close()
            print("fine")
        """
        with Peer() as peer:
            ended = run_script(script, peer.endpoint)
            assert (ended.stdout, ended.returncode) == ("fine\n", 0), ended.stderr
            assert peer.accepted == 5

    def test_a_script_that_just_ends_loses_nothing(self) -> None:
        script = """
            import atexit, sys
            from rtm_sdk import RTMServerClient, workers
            done = []
            atexit.unregister(workers.flush_at_exit)    # the last registered runs first
            atexit.register(lambda: print(sum(done)))
            atexit.register(workers.flush_at_exit)
            client = RTMServerClient(1, "s", sys.argv[1])
            def again(answer, error_code):
                done.append(answer["n"])
                client.call("m", {"n": 0}, callback=lambda answer, error_code: done.append(error_code == 0))
            for number in range(1000):
                client.call("m", {"n": 1}, callback=again)
        """
        with echo_process() as endpoint:
            ended = run_script(script, endpoint)
        assert (ended.stdout, ended.stderr, ended.returncode) == ("2000\n", "", 0)

    def test_calls_made_while_the_interpreter_ends(self) -> None:
        """Python 3.12 starts no thread then."""
        script = """
            import atexit, sys
            from rtm_sdk import RTMServerClient
            client = RTMServerClient(1, "s", sys.argv[1])
            def show(answer, error_code):
                sys.stdout.write(f"{answer['n']} {error_code}\\n")
            def last():
                client.call("m", {"n": 1}, callback=show)
                show(*client.call("m", {"n": 2}))
            atexit.register(last)
        """
        with echo_process() as endpoint:
            ended = run_script(script, endpoint)
        assert (sorted(ended.stdout.splitlines()), ended.stderr) == (["1 0 (success)", "2 0 (success)"], "")

    def test_a_script_whose_gate_is_dead_ends_and_tells(self) -> None:
        script = """
            import sys
            from rtm_sdk import RTMServerClient, workers
            workers.EXIT_FLUSH_SECONDS = 0.2
            client = RTMServerClient(1, "s", sys.argv[1])
            for number in range(20):
                client.call("m", {}, callback=lambda result, error_code: None)
        """
        with Peer(Replies(*[SILENCE] * 20)) as peer:
            ended = run_script(script, peer.endpoint)
        assert ended.returncode == 0
        assert ended.stderr.startswith("rtm_sdk: the process ends with 20 callbacks that did not run within 0.2 s;")
