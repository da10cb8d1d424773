from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import pytest

from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, CallFailed
from rtm_sdk.fpnn.connection import Connection
from rtm_sdk.fpnn.frames import pack
from rtm_sdk.rtm import file_gates
from rtm_sdk.rtm.file_gates import FileGates

from ..peer import CUT, PATIENCE, SILENCE, Peer, Replies, begin_call
from ..scripts import run_script

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")

Take = Callable[[FileGates, str], AbstractContextManager[Connection]]


class Clock:
    """Stands for the monotonic clock of `FileGates`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(file_gates, "monotonic", clock)
    return clock


@contextmanager
def shared(gates: FileGates, endpoint: str) -> Iterator[Connection]:
    yield gates.shared(endpoint)


@pytest.fixture(params=[FileGates.borrowed, shared], ids=["borrowed", "shared"])
def take(request: pytest.FixtureRequest) -> Take:
    way: Take = request.param
    return way


@pytest.fixture
def gates() -> Iterator[FileGates]:
    gates = FileGates(Connection, 150)
    yield gates
    gates.close(Deadline(PATIENCE))
    assert repr(gates) == "<FileGates []>"


def use(connection: Connection, **params: Any) -> dict[str, Any]:
    return connection.call("sendfile", pack(params), Deadline(PATIENCE))


def send(gates: FileGates, peer: Peer) -> Connection:
    with gates.borrowed(peer.endpoint) as connection:
        assert use(connection, mid=1) == {"mid": 1}
        return connection


class TestBorrowed:
    def test_the_next_file_takes_the_same_connection(self, gates: FileGates) -> None:
        with Peer() as peer:
            first = send(gates, peer)
            assert send(gates, peer) is first
            assert repr(gates) == f"<FileGates ['{peer.endpoint}']>"
            assert peer.accepted == 1

    def test_each_endpoint_has_its_own(self, gates: FileGates) -> None:
        with Peer() as one, Peer() as other:
            assert send(gates, one) is not send(gates, other)
            assert (one.accepted, other.accepted) == (1, 1)

    def test_two_at_a_time_get_two_and_both_are_kept(self, gates: FileGates) -> None:
        def work() -> None:
            with gates.borrowed(peer.endpoint) as connection:
                use(connection)
                used.append(connection)
                both.wait(PATIENCE)

        both = threading.Barrier(2)
        used: list[Connection] = []
        with Peer() as peer:
            for _ in range(2):
                threads = [threading.Thread(target=work) for _ in range(2)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join(PATIENCE)
            assert len(used) == 4
            assert len(set(used)) == 2
            assert peer.accepted == 2

    def test_is_kept_after_a_failure(self, gates: FileGates) -> None:
        with Peer() as peer:
            with pytest.raises(LookupError), gates.borrowed(peer.endpoint) as connection:
                raise LookupError("in a send")
            assert send(gates, peer) is connection

    def test_a_dead_one_is_replaced(self, gates: FileGates) -> None:
        with Peer(Replies(CUT)) as peer:
            with pytest.raises(CallFailed) as caught, gates.borrowed(peer.endpoint) as connection:
                use(connection)
            assert caught.value.error_code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            send(gates, peer)
            assert peer.accepted == 2

    def test_what_cannot_be_an_endpoint(self, gates: FileGates) -> None:
        with pytest.raises(CallFailed, match="the service names a file gate that cannot be one") as caught:
            gates.borrowed("nowhere").__enter__()
        assert caught.value.error_code == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
        with pytest.raises(CallFailed):
            gates.shared("nowhere")


class TestShared:
    def test_is_one_for_all(self, gates: FileGates) -> None:
        with Peer() as peer:
            assert gates.shared(peer.endpoint) is gates.shared(peer.endpoint)

    def test_is_not_the_one_that_is_lent(self, gates: FileGates) -> None:
        with Peer() as peer:
            assert gates.shared(peer.endpoint) is not send(gates, peer)


class TestIdle:
    def test_is_dropped_after_a_while(self, gates: FileGates, clock: Clock) -> None:
        with Peer() as peer:
            first, shared = send(gates, peer), gates.shared(peer.endpoint)
            clock.now += 149
            gates.drop_idle()
            before = first.connected
            clock.now += 2
            gates.drop_idle()
            assert (before, first.connected) == (True, False)
            assert repr(gates) == "<FileGates []>"
            assert send(gates, peer) is not first
            assert gates.shared(peer.endpoint) is not shared
            assert peer.accepted == 2

    def test_is_dropped_by_the_next_file_wherever_it_goes(self, gates: FileGates, clock: Clock, take: Take) -> None:
        with Peer() as one, Peer() as other:
            first = send(gates, one)
            clock.now += 151
            with take(gates, other.endpoint) as second:
                assert not first.connected
                assert second is not first

    def test_one_that_is_used_stays(self, gates: FileGates, clock: Clock) -> None:
        with Peer() as peer:
            first = send(gates, peer)
            for _ in range(5):
                clock.now += 100
                assert send(gates, peer) is first
            assert peer.accepted == 1

    def test_one_that_is_lent_stays(self, gates: FileGates, clock: Clock) -> None:
        with Peer() as peer, gates.borrowed(peer.endpoint) as connection:
            use(connection)
            clock.now += 1000
            gates.drop_idle()
            assert connection.connected

    def test_a_surplus_one_goes_first(self, gates: FileGates, clock: Clock) -> None:
        with Peer() as peer:
            with ExitStack() as both:
                lent = [both.enter_context(gates.borrowed(peer.endpoint)) for _ in range(2)]
                for connection in lent:
                    use(connection)
            clock.now += 100
            used = send(gates, peer)
            clock.now += 100
            gates.drop_idle()
            assert [connection.connected for connection in lent] == [connection is used for connection in lent]

    def test_a_shared_one_stays_while_something_is_on_its_way(self, gates: FileGates, clock: Clock) -> None:
        answered = threading.Event()
        with Peer(Replies(SILENCE)) as peer:
            shared = gates.shared(peer.endpoint)
            begin_call(
                shared, "sendfile", pack({}), Deadline(PATIENCE), lambda answer: None, lambda failure: answered.set()
            )
            peer.conversation()
            clock.now += 1000
            gates.drop_idle()
            assert gates.shared(peer.endpoint) is shared
            gates.close(Deadline(PATIENCE))
            assert answered.wait(PATIENCE)


class TestClose:
    def test_closes_all_and_opens_again(self, gates: FileGates) -> None:
        with Peer() as peer:
            first = send(gates, peer)
            for _ in range(2):
                gates.close(Deadline(PATIENCE))
                assert not first.connected
            assert send(gates, peer) is not first

    def test_one_that_is_lent_is_closed_and_not_kept(self, gates: FileGates) -> None:
        def work() -> None:
            with gates.borrowed(peer.endpoint) as connection:
                lent.append(connection)
                try:
                    use(connection)
                except CallFailed as failure:
                    lent.append(failure.error_code)
                use(connection)  # it opens again, as any connection does

        def stay_silent(quest: Any) -> str:
            arrived.set()
            return SILENCE

        arrived = threading.Event()
        lent: list[Any] = []
        with Peer(Replies(stay_silent)) as peer:
            thread = threading.Thread(target=work)
            thread.start()
            assert arrived.wait(PATIENCE)
            gates.close(Deadline(PATIENCE))
            thread.join(PATIENCE)
            connection, error = lent
            assert error == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            assert not connection.connected
            assert repr(gates) == "<FileGates []>"


@forks
class TestFork:
    @pytest.mark.parametrize("hooks", ["hooks", "no hooks"])
    def test_a_child_has_connections_of_its_own(self, hooks: str) -> None:
        script = """
            import logging, os, random, sys, threading
            if "no hooks" in sys.argv:
                del os.register_at_fork
            from rtm_sdk.deadline import Deadline
            from rtm_sdk.fpnn.connection import Connection
            from rtm_sdk.fpnn.frames import pack
            from rtm_sdk.rtm.file_gates import FileGates

            gates, endpoint = FileGates(Connection, 150), sys.argv[1]
            def send(number):
                with gates.borrowed(endpoint) as connection:
                    assert connection.call("m", pack({"n": number}), Deadline(5)) == {"n": number}
                    return connection
            first = send(1)
            gates._lock.acquire()
            pid = os.fork()
            if not pid:
                try:
                    assert send(2) is not first
                    gates.close(Deadline(5))
                    os._exit(0)
                finally:
                    os._exit(1)
            assert os.waitpid(pid, 0)[1] == 0
            gates._lock.release()
            assert first.connected
            assert send(3) is first
            gates.close(Deadline(5))
            print("fine")
        """
        with Peer() as peer:
            ended = run_script(script, peer.endpoint, hooks)
            assert (ended.stdout, ended.returncode) == ("fine\n", 0), ended.stderr
            assert peer.accepted == 2
