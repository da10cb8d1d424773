"""Calls that hold no thread: the reader thread, while it is needed and no longer."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, CallFailed, ErrorCode
from rtm_sdk.fpnn.connection import Connection
from rtm_sdk.fpnn.frames import pack
from rtm_sdk.fpnn.link import CannotConnect
from rtm_sdk.fpnn.strategy import KeepAlive, RegressiveStrategy

from ..peer import PATIENCE, Conversation, Peer, answer_all, begin_call

MIB = 1 << 20
Outcomes = queue.SimpleQueue[Any]


def call(connection: Connection, method: str, params: Mapping[str, Any], timeout: float = PATIENCE) -> dict[str, Any]:
    return connection.call(method, pack(params), Deadline(timeout))


def begin(
    connection: Connection, outcomes: Outcomes, method: str, params: Mapping[str, Any], timeout: float = PATIENCE
) -> None:
    begin_call(connection, method, pack(params), Deadline(timeout), outcomes.put, outcomes.put)


def error_from(outcomes: Outcomes) -> ErrorCode:
    failed = outcomes.get(timeout=PATIENCE)
    assert isinstance(failed, CallFailed)
    return failed.error_code


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("rtm-reader")]


def wait_until_no_reader() -> None:
    for thread in readers():
        thread.join(PATIENCE)
    assert not readers()


@pytest.fixture
def outcomes() -> Outcomes:
    return queue.SimpleQueue()


@pytest.fixture
def short_linger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rtm_sdk.fpnn.reader.LINGER_SECONDS", 0.02)


class TestLife:
    @pytest.mark.usefixtures("short_linger")
    def test_it_exists_only_while_callbacks_are_outstanding(self, outcomes: Outcomes) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            call(connection, "echo", {})
            assert not readers()
            begin(connection, outcomes, "echo", {"n": 1})
            assert len(readers()) == 1
            assert outcomes.get(timeout=PATIENCE) == {"n": 1}
            wait_until_no_reader()
            assert connection.connected
            assert call(connection, "echo", {"n": 2}) == {"n": 2}
            begin(connection, outcomes, "echo", {"n": 3})
            assert outcomes.get(timeout=PATIENCE) == {"n": 3}
            assert peer.accepted == 1
            connection.close()
            assert not readers()

    @pytest.mark.usefixtures("short_linger")
    def test_it_waits_for_the_last_answer(self, outcomes: Outcomes) -> None:
        go_on = threading.Event()

        def waits(conversation: Conversation) -> None:
            for quest in conversation.quests():
                if quest.method == "slow":
                    slow = quest
                else:
                    conversation.answer(quest)
                    conversation.answer(slow)

        with Peer(waits) as peer:
            connection = Connection(peer.endpoint)
            begin(connection, outcomes, "slow", {"n": 1})
            assert not go_on.wait(0.2)  # ten times as long as it lingers
            assert len(readers()) == 1
            assert call(connection, "echo", {"n": 2}) == {"n": 2}
            assert outcomes.get(timeout=PATIENCE) == {"n": 1}
            wait_until_no_reader()
            connection.close()

    @pytest.mark.usefixtures("short_linger")
    def test_steady_synchronous_calls_do_not_keep_it(self, outcomes: Outcomes) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            begin(connection, outcomes, "echo", {"n": 1})
            assert outcomes.get(timeout=PATIENCE) == {"n": 1}
            until = Deadline(PATIENCE)
            number = 0
            while readers() and not until.expired:
                number += 1
                assert call(connection, "echo", {"n": number}) == {"n": number}
            assert not readers()
            connection.close()

    @pytest.mark.usefixtures("short_linger")
    def test_calls_that_come_while_it_ends(self, outcomes: Outcomes) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            for number in range(150):
                begin(connection, outcomes, "echo", {"n": number})
                assert outcomes.get(timeout=PATIENCE) == {"n": number}
                if number % 3 == 0:
                    until = time.monotonic() + 0.02
                    while time.monotonic() < until:
                        assert call(connection, "echo", {"n": number}) == {"n": number}
            connection.close()

    def test_synchronous_calls_in_many_threads_while_it_reads(self, outcomes: Outcomes) -> None:
        with Peer() as peer, ThreadPoolExecutor(8) as pool:
            connection = Connection(peer.endpoint)
            for number in range(2000):
                begin(connection, outcomes, "echo", {"n": number})
            answers = list(pool.map(lambda number: call(connection, "echo", {"n": number}), range(2000)))
            assert answers == [{"n": number} for number in range(2000)]
            assert sorted(outcomes.get(timeout=PATIENCE)["n"] for _ in range(2000)) == list(range(2000))
            connection.close()

    def test_it_comes_and_goes_under_load(self, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch) -> None:
        """The reading changes hands all the time between synchronous callers and reader threads: none is forgotten."""
        monkeypatch.setattr("rtm_sdk.fpnn.reader.LINGER_SECONDS", 0.0)
        with Peer() as peer, ThreadPoolExecutor(4) as pool:
            connection = Connection(peer.endpoint)

            def both(number: int) -> dict[str, Any]:
                begin(connection, outcomes, "echo", {"n": number})
                return call(connection, "echo", {"n": number}, 5.0)

            answers = list(pool.map(both, range(1500)))
            assert answers == [{"n": number} for number in range(1500)]
            assert sorted(outcomes.get(timeout=PATIENCE)["n"] for _ in range(1500)) == list(range(1500))
            connection.close()


class TestOutcomes:
    def test_answers_out_of_order(self, outcomes: Outcomes) -> None:
        def reversed_in_tens(conversation: Conversation) -> None:
            waiting = []
            for quest in conversation.quests():
                waiting.append(quest)
                if len(waiting) == 10:
                    for each in reversed(waiting):
                        conversation.answer(each)
                    waiting = []

        with Peer(reversed_in_tens) as peer:
            connection = Connection(peer.endpoint)
            got: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
            for number in range(100):

                def put(answer: Any, number: int = number) -> None:
                    got.put((number, answer))

                begin_call(connection, "echo", pack({"n": number}), Deadline(PATIENCE), put, put)
            for _ in range(100):
                number, answer = got.get(timeout=PATIENCE)
                assert answer == {"n": number}
            connection.close()

    def test_the_error_of_the_peer(self, outcomes: Outcomes) -> None:
        def refusing(conversation: Conversation) -> None:
            for quest in conversation.quests():
                conversation.refuse(quest, 200020, "forbidden word")

        with Peer(refusing) as peer:
            connection = Connection(peer.endpoint)
            begin(connection, outcomes, "any", {})
            assert error_from(outcomes) == 200020
            connection.close()

    def test_no_answer_in_time_and_a_late_one(self, outcomes: Outcomes) -> None:
        def late(conversation: Conversation) -> None:
            quests = conversation.quests()
            first = next(quests)
            for quest in quests:
                conversation.answer(first)
                conversation.answer(quest)

        with Peer(late) as peer:
            connection = Connection(peer.endpoint)
            start = time.monotonic()
            begin(connection, outcomes, "slow", {"n": 1}, 0.1)
            error = error_from(outcomes)
            assert error == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
            assert error.maybe_delivered is True
            assert 0.09 < time.monotonic() - start < 0.3
            begin(connection, outcomes, "fast", {"n": 2})
            assert outcomes.get(timeout=PATIENCE) == {"n": 2}
            assert outcomes.empty()
            connection.close()

    def test_a_timer(self, outcomes: Outcomes) -> None:
        connection = Connection("127.0.0.1:1")
        connection.after(0.02, outcomes.put, outcomes.put)
        assert outcomes.get(timeout=PATIENCE) == {}
        connection.after(60.0, outcomes.put, outcomes.put)
        connection.close()
        assert isinstance(outcomes.get(timeout=PATIENCE), CannotConnect)

    def test_a_very_long_timeout(self, outcomes: Outcomes) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint, keep_alive=None)
            begin(connection, outcomes, "echo", {"n": 1}, 9e8)
            assert outcomes.get(timeout=PATIENCE) == {"n": 1}
            assert call(connection, "echo", {"n": 2}, 9e8) == {"n": 2}
            connection.close()

    def test_a_quest_that_cannot_be_encoded_hurts_no_other(self, outcomes: Outcomes) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            begin(connection, outcomes, "x" * 300, {})
            assert error_from(outcomes) == FPNN_ERROR.FPNN_EC_CORE_ENCODING
            begin(connection, outcomes, "echo", {"n": 1})
            assert outcomes.get(timeout=PATIENCE) == {"n": 1}
            connection.close()


class TestLosingTheConnection:
    def test_waiting_calls_get_20002(self, outcomes: Outcomes) -> None:
        def closes_after_five(conversation: Conversation) -> None:
            quests = conversation.quests()
            for _ in range(5):
                next(quests)

        with Peer(first=(closes_after_five,)) as peer:
            connection = Connection(peer.endpoint)
            for number in range(5):
                begin(connection, outcomes, "any", {"n": number})
            for _ in range(5):
                error = error_from(outcomes)
                assert error == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
                assert error.maybe_delivered
            begin(connection, outcomes, "echo", {"n": 1})
            assert outcomes.get(timeout=PATIENCE) == {"n": 1}
            connection.close()

    def test_every_call_is_answered_once_by_a_peer_that_closes_again_and_again(self, outcomes: Outcomes) -> None:
        def closes_soon(conversation: Conversation) -> None:
            quests = conversation.quests()
            for _ in range(7):
                quest = next(quests, None)
                if quest is None:
                    return
                conversation.answer(quest)

        with Peer(closes_soon) as peer:
            strategy = RegressiveStrategy(start_connect_failed_count=10**6)
            connection = Connection(peer.endpoint, strategy=strategy)
            waves = 15
            for _ in range(waves):
                for number in range(20):
                    begin(connection, outcomes, "echo", {"n": number})
                for _ in range(20):
                    outcomes.get(timeout=PATIENCE)
            assert outcomes.empty()
            assert peer.accepted >= waves
            connection.close()

    def test_nobody_there(self, outcomes: Outcomes) -> None:
        with Peer() as peer:
            endpoint = peer.endpoint
        connection = Connection(endpoint)
        begin(connection, outcomes, "any", {}, 1.0)
        error = error_from(outcomes)
        assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
        assert error.maybe_delivered is False
        assert endpoint in error.message
        connection.close()

    def test_a_half_open_peer_is_noticed(self, outcomes: Outcomes) -> None:
        pings = []

        def silent(conversation: Conversation) -> None:
            for quest in conversation.quests():
                pings.append(quest.method)

        with Peer(silent) as peer:
            keep_alive = KeepAlive(interval=0.1, retries=2, timeout=0.1)
            connection = Connection(peer.endpoint, keep_alive=keep_alive)
            start = time.monotonic()
            begin(connection, outcomes, "any", {})
            error = error_from(outcomes)
            assert keep_alive.lost_after - 0.05 < time.monotonic() - start < keep_alive.lost_after + 1.0
            assert error == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            assert error.maybe_delivered
            connection.close()
        assert pings == ["any", "*ping", "*ping"]


class TestQuestsOfThePeer:
    def test_they_are_answered_although_nobody_calls(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint, handlers={"ping": lambda params: {"pong": params}})
            connection.hold_open(True)
            conversation = peer.conversation()
            conversation.ask("ping", {"n": 1})
            conversation.ask("nosuch", {})
            assert conversation.answers.get(timeout=PATIENCE).params == {"pong": {"n": 1}}
            assert conversation.answers.get(timeout=PATIENCE).params["code"] == 20004
            connection.close()

    def test_the_answer_may_be_larger_than_what_the_socket_takes(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint, handlers={"big": lambda params: {"data": bytes(5 * MIB)}})
            connection.hold_open(True)
            conversation = peer.conversation()
            for _ in range(3):
                conversation.ask("big", {})
            for _ in range(3):
                assert len(conversation.answers.get(timeout=PATIENCE).params["data"]) == 5 * MIB
            connection.close()


class TestLargeFrames:
    def test_both_ways_at_once(self, outcomes: Outcomes) -> None:
        def script(conversation: Conversation) -> None:
            conversation.ask("big", {"data": b"p" * 5 * MIB})
            answer_all(conversation)

        with Peer(script) as peer:
            connection = Connection(peer.endpoint, handlers={"big": lambda params: params})
            data = b"q" * 5 * MIB
            for _ in range(3):
                begin(connection, outcomes, "echo", {"data": data})
            for _ in range(3):
                assert outcomes.get(timeout=PATIENCE) == {"data": data}
            assert len(peer.conversation().answers.get(timeout=PATIENCE).params["data"]) == 5 * MIB
            connection.close()

    def test_content_and_other_calls(self, outcomes: Outcomes) -> None:
        """A file is on its way for a while: calls of both styles come behind it, whole and in order."""
        header = pack({"file": b""})[:-2] + b"\xc6" + (6 * MIB).to_bytes(4, "big")

        def chunks() -> Iterator[bytes]:
            for letter in b"abcdef":
                yield bytes([letter]) * MIB

        with Peer() as peer:
            connection = Connection(peer.endpoint)
            begin_call(
                connection,
                "file",
                header,
                Deadline(PATIENCE),
                outcomes.put,
                outcomes.put,
                content=chunks(),
                extra=6 * MIB,
            )
            begin(connection, outcomes, "echo", {"n": 1})
            assert call(connection, "echo", {"n": 2}) == {"n": 2}
            sent = outcomes.get(timeout=PATIENCE)["file"]
            assert (len(sent), sent[0], sent[-1]) == (6 * MIB, ord("a"), ord("f"))
            assert outcomes.get(timeout=PATIENCE) == {"n": 1}
            connection.close()

    def test_a_synchronous_call_behind_a_stuck_file_does_not_break_it(self, outcomes: Outcomes) -> None:
        go_on = threading.Event()
        size = 32 * MIB
        header = pack({"file": b""})[:-2] + b"\xc6" + size.to_bytes(4, "big")
        begun = threading.Event()

        def chunks() -> Iterator[bytes]:
            begun.set()
            yield from [b"x" * MIB] * 32

        def reads_later(conversation: Conversation) -> None:
            go_on.wait(PATIENCE)
            for quest in conversation.quests():
                conversation.answer(quest, {"size": len(quest.params["file"])})

        with Peer(reads_later, max_frame=2 * size) as peer:
            connection = Connection(peer.endpoint, max_frame=2 * size)
            begin_call(
                connection, "file", header, Deadline(PATIENCE), outcomes.put, outcomes.put, content=chunks(), extra=size
            )
            assert begun.wait(PATIENCE)
            with pytest.raises(CallFailed) as raised:
                call(connection, "any", {}, 0.2)
            assert raised.value.error_code == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
            assert not raised.value.error_code.maybe_delivered
            go_on.set()
            assert outcomes.get(timeout=PATIENCE) == {"size": size}
            assert peer.accepted == 1
            connection.close()

    def test_content_that_cannot_be_read_to_its_end(self, outcomes: Outcomes) -> None:
        header = pack({"file": b""})[:-2] + b"\xc6" + (3 * MIB).to_bytes(4, "big")

        def chunks() -> Iterator[bytes]:
            yield b"x" * MIB
            raise OSError("the file was cut off")

        with Peer() as peer:
            connection = Connection(peer.endpoint)
            begin_call(
                connection,
                "file",
                header,
                Deadline(PATIENCE),
                outcomes.put,
                outcomes.put,
                content=chunks(),
                extra=3 * MIB,
            )
            error = error_from(outcomes)
            assert error == FPNN_ERROR.FPNN_EC_CORE_SEND_ERROR
            assert error.maybe_delivered is False
            begin(connection, outcomes, "echo", {"n": 1})
            assert outcomes.get(timeout=PATIENCE) == {"n": 1}
            connection.close()


class TestClosing:
    def test_waiting_calls_are_answered(self, outcomes: Outcomes) -> None:
        arrived = threading.Event()

        def silent(conversation: Conversation) -> None:
            for _ in conversation.quests():
                arrived.set()

        with Peer(silent) as peer:
            connection = Connection(peer.endpoint)
            begin(connection, outcomes, "any", {})
            assert arrived.wait(PATIENCE)
            connection.close()
            failed = outcomes.get(timeout=PATIENCE)
            assert isinstance(failed, CannotConnect)  # not to be tried again
            assert failed.error_code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            assert failed.error_code.maybe_delivered
            assert not readers()

    def test_calls_from_other_threads_while_it_closes(self, outcomes: Outcomes) -> None:
        """Whenever close comes, each call has exactly one outcome."""
        stop = threading.Event()
        begun = [0] * 3

        def calls(which: int) -> None:
            while not stop.is_set():
                begun[which] += 1
                begin(connection, outcomes, "echo", {})
                if begun[which] % 50 == 0:
                    try:
                        call(connection, "echo", {})
                    except CallFailed:
                        pass

        with Peer() as peer, ThreadPoolExecutor(3) as pool:
            connection = Connection(peer.endpoint)
            done = [pool.submit(calls, which) for which in range(3)]
            for _ in range(30):
                connection.close()
                call(connection, "echo", {})
            stop.set()
            for each in done:
                each.result()
            for _ in range(sum(begun)):
                outcomes.get(timeout=PATIENCE)
            assert outcomes.empty()
            connection.close()
