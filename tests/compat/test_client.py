from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rtm_sdk
from rtm_sdk.compat import (
    FPNN_ERROR,
    ClientEngine,
    RegressiveStrategy,
    RTMConnectionCallback,
    RTMMessage,
    RTMServerClient,
    RTMServerConfig,
    RTMServerConfigCenter,
    RTMServerPushMonitor,
)
from rtm_sdk.deadline import Deadline
from rtm_sdk.fpnn.encryption import ServerKey
from rtm_sdk.gate import Gate

PATIENCE = 5.0
NOWHERE = "127.0.0.1:1"


class Recorder:
    def __init__(self) -> None:
        self.texts: queue.Queue[str] = queue.Queue()

    def record_error(self, text: str) -> None:
        self.texts.put(text)

    def next(self) -> str:
        return self.texts.get(timeout=PATIENCE)


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture
def client(gate: Gate) -> Iterator[RTMServerClient]:
    client = RTMServerClient(gate.pid, gate.secret, gate.endpoint)
    yield client
    client.destory()


@pytest.fixture
def configuration() -> Iterator[RTMServerConfig]:
    yield RTMServerConfig()
    RTMServerConfigCenter.init()


class TestSettings:
    def test_configuration_is_read_when_a_client_is_made(self, configuration: RTMServerConfig) -> None:
        before = RTMServerClient(1, "s", NOWHERE)
        configuration.global_quest_timeout = 7
        configuration.global_connect_timeout = 3
        RTMServerConfigCenter.init(configuration)
        assert (before.modern.timeout, RTMServerClient(1, "s", NOWHERE).modern.timeout) == (30, 7)
        RTMServerConfigCenter.init()
        assert RTMServerClient(1, "s", NOWHERE).modern.timeout == 30

    def test_wrong_configuration_is_not_swallowed(self, configuration: RTMServerConfig) -> None:
        configuration.global_quest_timeout = -1
        RTMServerConfigCenter.init(configuration)
        with pytest.raises(ValueError, match="timeout"):
            RTMServerClient(1, "s", NOWHERE)

    def test_strategy_has_the_defaults_of_the_modern_one(self) -> None:
        strategy = RegressiveStrategy()
        assert vars(strategy) == rtm_sdk.RegressiveStrategy()._asdict()

    def test_strategy_of_either_kind(self, client: RTMServerClient) -> None:
        strategy = RegressiveStrategy()
        strategy.max_interval_seconds = 3
        client.set_regressive_strategy(strategy)
        client.set_regressive_strategy(rtm_sdk.RegressiveStrategy())
        with pytest.raises(AttributeError):
            client.set_regressive_strategy(object())

    def test_auto_connect(self, client: RTMServerClient) -> None:
        client.set_auto_connect(0)  # type: ignore[arg-type]
        assert client.get_token(1) == (None, FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION)
        assert client.reconnect() is FPNN_ERROR.FPNN_EC_OK
        assert client.get_token(1)[1] is FPNN_ERROR.FPNN_EC_OK

    def test_timeouts(self, client: RTMServerClient) -> None:
        client.set_quest_timeout(2)
        client.set_connect_timeout(1)
        assert client.modern.timeout == 2

    def test_key_of_another_curve(self, client: RTMServerClient, tmp_path: Path) -> None:
        key = tmp_path / "key.pem"
        key.write_text(ServerKey.generate("secp256r1").public_pem)
        with pytest.raises(ValueError, match="secp256r1"):
            client.enable_encryptor_by_pem_file(str(key))
        client.enable_encryptor_by_pem_file(str(key), "secp256r1", 256)

    def test_names_of_other_sdks_are_not_there(self, client: RTMServerClient) -> None:
        for name in ("call", "on", "flush", "send_audio", "destroy"):
            with pytest.raises(AttributeError, match=name):
                getattr(client, name)

    def test_shows_no_secret(self) -> None:
        client = RTMServerClient(1, "hush", NOWHERE)
        assert repr(client) == f"<rtm_sdk.compat.RTMServerClient of project 1 at {NOWHERE}>"


class TestListening:
    def test_hears_and_connects_again(self, gate: Gate, client: RTMServerClient) -> None:
        heard: queue.Queue[Any] = queue.Queue()

        class Monitor(RTMServerPushMonitor):
            def push_group_chat(self, message: Any) -> None:
                heard.put(message.message)

        class Connection(RTMConnectionCallback):
            def connected(self, connection_id: int, endpoint: str, success: bool, is_reconnect: bool) -> None:
                heard.put(is_reconnect)

        client.set_quest_processor(Monitor())
        client.set_connection_callback(Connection())
        assert client.set_listen([5]) == 0
        assert client.add_listen([6]) == 0
        assert heard.get(timeout=PATIENCE) is False
        assert client.reconnect() == 0
        assert heard.get(timeout=PATIENCE) is True
        client.add_group_members(6, [1])
        assert client.send_group_chat(1, 6, "after", "")[2] == 0
        assert heard.get(timeout=PATIENCE) == "after"
        client.set_quest_processor(None)
        client.set_connection_callback(None)


class TestErrorRecorder:
    def test_hears_of_connections_and_callbacks(self) -> None:
        with Gate() as gate:
            client = RTMServerClient(gate.pid, gate.secret, gate.endpoint)
            recorder = Recorder()
            client.set_error_recorder(recorder)
            client.get_token(1, lambda token, error: 1 // 0)
            assert recorder.next() == (
                "the callback or handler of get_token raised ZeroDivisionError: integer division or modulo by zero"
            )
        assert recorder.next().endswith(f"to {gate.endpoint} broke")
        assert client.get_token(1, timeout=0.2)[1] == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
        assert recorder.next().endswith(f"to {gate.endpoint} could not be opened")
        client.destory()

    def test_says_nothing_of_what_was_asked_for(self, gate: Gate) -> None:
        client = RTMServerClient(gate.pid, gate.secret, gate.endpoint)
        recorder = Recorder()
        client.set_error_recorder(recorder)
        assert client.get_token(1)[1] == 0
        assert client.reconnect() == 0
        client.destory()
        assert recorder.texts.empty()

    def test_another_one_and_none(self, client: RTMServerClient) -> None:
        first, second = Recorder(), Recorder()
        client.set_error_recorder(first)
        client.set_error_recorder(second)
        client.get_token(1, lambda token, error: 1 // 0)
        second.next()
        client.set_error_recorder(None)
        client.get_token(1, lambda token, error: 1 // 0)
        assert client.modern.flush(PATIENCE) == 0
        assert first.texts.empty()
        assert second.texts.empty()

    def test_from_the_configuration(self, configuration: RTMServerConfig) -> None:
        configuration.error_recorder = Recorder()
        RTMServerConfigCenter.init(configuration)
        client = RTMServerClient(1, "s", NOWHERE)
        client.get_token(1, timeout=0.2)
        assert NOWHERE in configuration.error_recorder.next()
        client.close()

    def test_must_be_one(self, client: RTMServerClient) -> None:
        with pytest.raises(TypeError, match=r"record_error\(text\)"):
            client.set_error_recorder(print)


def test_repr_of_a_client_whose_arguments_were_refused() -> None:
    assert repr(RTMServerClient.__new__(RTMServerClient)) == "<rtm_sdk.compat.RTMServerClient>"


class TestEnd:
    def test_engine_runs_the_callbacks_of_all_clients_and_closes_them(self, gate: Gate) -> None:
        outcomes: list[Any] = []

        clients = [RTMServerClient(gate.pid, gate.secret, gate.endpoint) for _ in range(3)]
        for client in clients:
            client.get_token(1, lambda token, error: outcomes.append(error))
        ClientEngine.destory()
        assert outcomes == [0] * 3
        deadline = Deadline(PATIENCE)
        while gate.connections:
            assert not deadline.expired
        ClientEngine.destory()
        assert clients[0].get_token(1)[1] == 0
        clients[0].close()
        clients[0].close()

    @pytest.mark.parametrize("where", ["callback", "hook"])
    def test_engine_closes_what_one_client_has_another_open(self, gate: Gate, where: str) -> None:
        """A callback, or a hook, of the second client calls a method of the first, which is closed already."""
        closed, told = threading.Event(), threading.Event()
        outcomes: list[Any] = []

        class Callback(RTMConnectionCallback):
            def closed(self, connection_id: int, endpoint: str, caused_by_error: bool, is_reconnect: bool) -> None:
                closed.set()

        class Monitor(RTMServerPushMonitor):
            def push_chat(self, message: RTMMessage) -> None:
                told.set()
                call()

        def call(*outcome: Any) -> None:
            assert closed.wait(PATIENCE)
            outcomes.append(first.get_token(1)[1])

        first, second = (RTMServerClient(gate.pid, gate.secret, gate.endpoint) for _ in range(2))
        first.set_connection_callback(Callback())
        if where == "hook":
            second.set_quest_processor(Monitor())
            assert second.set_all_listen(True) == 0
            assert first.send_chat(1, 2, "hi")[2] == 0
            assert told.wait(PATIENCE)
        else:
            assert first.get_token(1)[1] == 0
            second.get_token(1, call)
        ClientEngine.destory()
        cut_short = {FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED, FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION}
        assert len(outcomes) == 1 and outcomes[0] in {0, *cut_short}
        deadline = Deadline(PATIENCE)
        while gate.connections:
            assert not deadline.expired

    def test_in_a_callback(self, gate: Gate, client: RTMServerClient) -> None:
        done: queue.Queue[str] = queue.Queue()

        def end(token: Any, error: Any) -> None:
            client.destory()
            done.put("done")

        client.get_token(1, end)
        assert done.get(timeout=PATIENCE) == "done"

    def test_modern_calls_on_the_same_connection(self, gate: Gate, client: RTMServerClient) -> None:
        assert client.get_token(1)[1] == 0
        connections = gate.connections
        result, error_code = client.modern.send_chat(1, 2, "hi")
        assert error_code == 0
        assert result is not None
        assert gate.connections == connections
