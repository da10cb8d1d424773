"""One connection and the threads that share it, without any thread of its own."""

from __future__ import annotations

import os
import queue
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, CallFailed
from rtm_sdk.fpnn.connection import Connection
from rtm_sdk.fpnn.frames import encode_answer, pack
from rtm_sdk.fpnn.link import MOST_REPLIES, AnsweredFirst, Handler
from rtm_sdk.fpnn.strategy import KeepAlive

from ..peer import PATIENCE, Conversation, Peer, answer_all

MIB = 1 << 20


def call(connection: Connection, method: str, params: Mapping[str, Any], timeout: float = PATIENCE) -> dict[str, Any]:
    return connection.call(method, pack(params), Deadline(timeout))


def failure(connection: Connection, method: str, params: Mapping[str, Any], timeout: float = PATIENCE) -> CallFailed:
    with pytest.raises(CallFailed) as raised:
        call(connection, method, params, timeout)
    return raised.value


def threads() -> int:
    return threading.active_count()


class TestSynchronousCalls:
    def test_a_thousand_calls_add_no_thread(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            call(connection, "echo", {})
            before = threads()
            for number in range(1000):
                assert call(connection, "echo", {"n": number}) == {"n": number}
            assert threads() == before
            assert peer.accepted == 1
            connection.close()

    def test_answers_out_of_order_go_to_their_calls(self) -> None:
        def reversed_in_eights(conversation: Conversation) -> None:
            waiting = []
            for quest in conversation.quests():
                waiting.append(quest)
                if len(waiting) == 8:
                    for each in reversed(waiting):
                        conversation.answer(each)
                    waiting = []

        with Peer(reversed_in_eights) as peer, ThreadPoolExecutor(8) as pool:
            connection = Connection(peer.endpoint)
            answers = list(pool.map(lambda number: call(connection, "echo", {"n": number}), range(400)))
            assert answers == [{"n": number} for number in range(400)]
            connection.close()

    def test_a_late_answer_is_dropped(self) -> None:
        def late(conversation: Conversation) -> None:
            quests = conversation.quests()
            first = next(quests)
            for quest in quests:
                conversation.answer(first)
                conversation.answer(quest)

        with Peer(late) as peer:
            connection = Connection(peer.endpoint)
            error = failure(connection, "slow", {"n": 1}, 0.05).error_code
            assert error == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
            assert error.maybe_delivered is True
            assert call(connection, "fast", {"n": 2}) == {"n": 2}
            assert peer.accepted == 1
            assert connection.link is not None
            assert not connection.link.pending
            connection.close()

    def test_the_error_of_the_peer(self) -> None:
        def refusing(conversation: Conversation) -> None:
            for quest in conversation.quests():
                conversation.refuse(quest, 200020, "forbidden word")

        with Peer(refusing) as peer:
            connection = Connection(peer.endpoint)
            error = failure(connection, "any", {}).error_code
            assert (error, error.message, error.maybe_delivered) == (200020, "forbidden word", False)
            connection.close()

    def test_waiting_calls_get_20002_when_the_peer_closes(self) -> None:
        def closes_after_four(conversation: Conversation) -> None:
            quests = conversation.quests()
            for _ in range(4):
                next(quests)

        with Peer(answer_all, first=(closes_after_four,)) as peer, ThreadPoolExecutor(4) as pool:
            connection = Connection(peer.endpoint)
            for failed in pool.map(lambda number: failure(connection, "any", {"n": number}), range(4)):
                assert failed.error_code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
                assert failed.error_code.maybe_delivered
            assert call(connection, "echo", {"n": 5}) == {"n": 5}
            connection.close()

    def test_the_caller_that_reads_leaves_it_to_the_others(self) -> None:
        """The first caller, who reads for all, gives up; the other still gets its answer."""
        waits, may_answer = threading.Event(), threading.Event()

        def script(conversation: Conversation) -> None:
            quests = conversation.quests()
            next(quests)
            second = next(quests)
            waits.set()
            may_answer.wait(PATIENCE)
            conversation.answer(second)
            next(quests, None)

        with Peer(script) as peer, ThreadPoolExecutor(2) as pool:
            connection = Connection(peer.endpoint)
            call_one = pool.submit(failure, connection, "one", {}, 0.3)
            peer.conversation()
            call_two = pool.submit(call, connection, "two", {"n": 2})
            assert waits.wait(PATIENCE)
            assert call_one.result().error_code == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
            may_answer.set()
            assert call_two.result() == {"n": 2}
            connection.close()

    def test_the_sequence_starts_at_one(self) -> None:
        seen = []

        def script(conversation: Conversation) -> None:
            for quest in conversation.quests():
                seen.append(quest.seq)
                conversation.answer(quest)

        with Peer(script) as peer:
            connection = Connection(peer.endpoint)
            for _ in range(3):
                call(connection, "any", {})
            connection.close()
        assert seen == [1, 2, 3]

    def test_an_interrupted_caller_blocks_nobody(self) -> None:
        """Ctrl-C while the answer is awaited: the next call opens a new connection."""

        def interrupted(params: dict[str, Any]) -> dict[str, Any]:
            raise KeyboardInterrupt

        def asks_first(conversation: Conversation) -> None:
            for _ in conversation.quests():
                conversation.ask("any", {})

        with Peer(first=(asks_first,)) as peer:
            connection = Connection(peer.endpoint, handlers={"any": interrupted})
            with pytest.raises(KeyboardInterrupt):
                call(connection, "any", {})
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            connection.close()


class TestDeadline:
    def test_a_dripping_peer_does_not_prolong_it(self) -> None:
        stop = threading.Event()

        def drips(conversation: Conversation) -> None:
            quest = next(conversation.quests())
            assert quest.seq is not None
            for byte in encode_answer(quest.seq, pack({"text": "x" * 100_000})):
                conversation.send(bytes([byte]))
                if stop.wait(0.001):
                    return

        with Peer(drips) as peer:
            connection = Connection(peer.endpoint)
            start = time.monotonic()
            error = failure(connection, "any", {}, 0.3).error_code
            overrun = time.monotonic() - start - 0.3
            stop.set()
            assert error == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
            assert -0.01 < overrun < 0.15
            connection.close()

    def test_time_spent_before_counts(self) -> None:
        """A deadline of seconds that is nearly over: no second is added while reading."""

        def silent(conversation: Conversation) -> None:
            for _ in conversation.quests():
                pass

        with Peer(silent) as peer:
            connection = Connection(peer.endpoint)
            connection.open(Deadline(PATIENCE))
            deadline = Deadline(10.0)
            deadline.at = time.monotonic() + 0.1
            start = time.monotonic()
            with pytest.raises(CallFailed):
                connection.call("any", pack({}), deadline)
            assert time.monotonic() - start < 0.4
            connection.close()

    def test_a_peer_that_stops_reading(self) -> None:
        """Neither the one who writes nor those behind it wait longer than they said; the frame is finished later."""
        go_on = threading.Event()

        def reads_later(conversation: Conversation) -> None:
            go_on.wait(PATIENCE)
            answer_all(conversation)

        with Peer(reads_later, max_frame=64 * MIB) as peer, ThreadPoolExecutor(2) as pool:
            connection = Connection(peer.endpoint, max_frame=64 * MIB)
            start = time.monotonic()
            big = pool.submit(failure, connection, "big", {"data": b"x" * 32 * MIB}, 0.4)
            conversation = peer.conversation()
            small = failure(connection, "small", {}, 0.2).error_code
            assert small == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
            assert not small.maybe_delivered or not big.done()
            assert big.result().error_code == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
            assert big.result().error_code.maybe_delivered
            assert time.monotonic() - start < 1.5
            go_on.set()
            assert call(connection, "small", {"n": 1}) == {"n": 1}
            assert peer.accepted == 1
            assert conversation.answers.empty()
            connection.close()


class TestQuestsOfThePeer:
    def test_they_are_answered_while_a_call_waits(self) -> None:
        """A peer that asks first and answers only when it has got its own answers."""
        told: list[dict[str, Any]] = []

        def asks_first(conversation: Conversation) -> None:
            for quest in conversation.quests():
                if quest.method == "go":
                    asked = quest
                    conversation.tell("note", {"n": 1})
                    conversation.tell("unheard", {})
                    conversation.ask("ping", {"a": 1})
                    conversation.ask("nosuch", {})
                    threading.Thread(target=then_answer, args=(conversation, asked)).start()

        def then_answer(conversation: Conversation, quest: Any) -> None:
            ping, other = (conversation.answers.get(timeout=PATIENCE) for _ in range(2))
            conversation.answer(quest, {"ping": [*ping], "other": [*other]})

        def note(params: dict[str, Any]) -> dict[str, Any]:
            told.append(params)
            return {}

        with Peer(asks_first) as peer:
            connection = Connection(peer.endpoint, handlers={"ping": lambda params: {"pong": params}, "note": note})
            answer = call(connection, "go", {})
            assert answer["ping"] == [1, 0, {"pong": {"a": 1}}]
            seq, status, params = answer["other"]
            assert (seq, status, params["code"]) == (2, 1, 20004)
            assert "nosuch" in params["ex"]
            assert told == [{"n": 1}]
            connection.close()

    def test_a_handler_that_fails_or_answers_nonsense_breaks_nothing(self, caplog: pytest.LogCaptureFixture) -> None:
        def script(conversation: Conversation) -> None:
            for quest in conversation.quests():
                conversation.ask("fails", {})
                conversation.ask("nonsense", {})
                threading.Thread(target=then_answer, args=(conversation, quest)).start()

        def then_answer(conversation: Conversation, quest: Any) -> None:
            outcome = {conversation.answers.get(timeout=PATIENCE).status for _ in range(2)}
            conversation.answer(quest, {"status": sorted(outcome)})

        def fails(params: dict[str, Any]) -> dict[str, Any]:
            raise LookupError("no")

        with Peer(script) as peer:
            connection = Connection(
                peer.endpoint, handlers={"fails": fails, "nonsense": lambda params: {"x": object()}}
            )
            assert call(connection, "any", {}) == {"status": [0, 1]}
            connection.close()
        assert len(caplog.records) == 2

    def test_some_are_answered_before_they_are_handed_over(self, caplog: pytest.LogCaptureFixture) -> None:
        """All that came together, and in order; what happens with them then does not matter to the peer."""
        taken: queue.SimpleQueue[int] = queue.SimpleQueue()
        numbers: list[int] = []

        def take(params: dict[str, Any]) -> None:
            if not numbers:
                conversation = peer.conversation()
                answers = [conversation.answers.get(timeout=PATIENCE) for _ in range(4)]
                numbers.extend(answer.seq for answer in answers)
                assert [answer.params for answer in answers] == [{}, {"pong": {}}, {}, {}]
            taken.put(params["n"])
            if params["n"] == 2:
                raise LookupError("no")

        def script(conversation: Conversation) -> None:
            quests = conversation.quests()
            asked = next(quests)
            data = b""
            for method, params in (("note", {"n": 1}), ("ping", {}), ("note", {"n": 2}), ("note", {"n": 3})):
                data += conversation.session.quest(method, pack(params))[1]
            data += conversation.session.oneway("note", pack({"n": 4}))
            conversation.send(data + conversation.session.answer(asked, {}))
            for _ in quests:
                pass

        handlers: dict[str, Handler] = {"note": AnsweredFirst(take), "ping": lambda params: {"pong": params}}
        with Peer(script) as peer:
            connection = Connection(peer.endpoint, handlers=handlers)
            assert call(connection, "any", {}) == {}
            assert [taken.get(timeout=PATIENCE) for _ in range(4)] == [1, 2, 3, 4]
            assert numbers == [1, 2, 3, 4]
            connection.close()
        assert caplog.text.count("the handler of note raised") == 1

    def test_many_at_once(self) -> None:
        def script(conversation: Conversation) -> None:
            quests = conversation.quests()
            asked = next(quests)
            pings = b"".join(conversation.session.quest("p", pack({}))[1] for _ in range(5 * MOST_REPLIES))
            conversation.send(pings + conversation.session.answer(asked, {}))
            for _ in quests:
                pass

        with Peer(script) as peer:
            connection = Connection(peer.endpoint, handlers={"p": lambda params: {}})
            assert call(connection, "any", {}) == {}
            answers = peer.conversation().answers
            assert [answers.get(timeout=PATIENCE).seq for _ in range(5 * MOST_REPLIES)][-1] == 5 * MOST_REPLIES
            connection.close()

    def test_a_peer_that_asks_and_never_reads(self) -> None:
        """The answers that wait for it are bounded."""

        def floods(conversation: Conversation) -> None:
            next(conversation.quests())
            for _ in range(10 * MOST_REPLIES):
                conversation.ask("big", {})

        with Peer(floods) as peer:
            connection = Connection(peer.endpoint, handlers={"big": lambda params: {"data": bytes(64 * 1024)}})
            error = failure(connection, "any", {}).error_code
            assert error == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            assert "has not taken" in error.message
            connection.close()


class TestLargeFrames:
    def test_both_ways_at_once(self) -> None:
        """Each side writes 5 MiB before it reads: only a client that reads while it writes comes through."""

        def script(conversation: Conversation) -> None:
            conversation.ask("big", {"data": b"p" * 5 * MIB})
            answer_all(conversation)

        sizes: list[int] = []

        def big(params: dict[str, Any]) -> dict[str, Any]:
            sizes.append(len(params["data"]))
            return {"data": b"r" * 5 * MIB}

        with Peer(script) as peer:
            connection = Connection(peer.endpoint, handlers={"big": big})
            data = b"q" * 5 * MIB
            assert call(connection, "echo", {"data": data}) == {"data": data}
            assert sizes == [5 * MIB]
            assert len(peer.conversation().answers.get(timeout=PATIENCE).params["data"]) == 5 * MIB
            connection.close()

    def test_an_answer_of_ours_is_sent_to_its_end_although_the_call_is_over(self) -> None:
        """The peer answers in one write with a question, and reads only then: no other thread writes the rest."""

        def script(conversation: Conversation) -> None:
            conversation.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            quest = next(conversation.quests())
            _, question = conversation.session.quest("big", pack({}))
            conversation.send(question + conversation.session.answer(quest, {"n": 1}))
            answer_all(conversation)

        with Peer(script) as peer:
            connection = Connection(peer.endpoint, handlers={"big": lambda params: {"data": b"r" * 5 * MIB}})
            assert call(connection, "echo", {}) == {"n": 1}
            assert len(peer.conversation().answers.get(timeout=PATIENCE).params["data"]) == 5 * MIB
            connection.close()

    def test_content_comes_in_chunks(self) -> None:
        header = pack({"file": b""})[:-2] + b"\xc6" + (3 * MIB).to_bytes(4, "big")

        def chunks() -> Iterator[bytes]:
            for letter in b"abc":
                yield bytes([letter]) * MIB

        with Peer() as peer:
            connection = Connection(peer.endpoint)
            answer = connection.call("file", header, Deadline(PATIENCE), content=chunks(), extra=3 * MIB)
            assert answer == {"file": b"a" * MIB + b"b" * MIB + b"c" * MIB}
            connection.close()

    def test_content_that_cannot_be_read_to_its_end(self) -> None:
        """The call fails for good and says why; others on the connection are told that it broke; the next one works."""

        def chunks() -> Iterator[bytes]:
            yield b"x" * MIB
            raise OSError("the file was cut off")

        with Peer() as peer:
            connection = Connection(peer.endpoint)
            header = pack({"file": b""})[:-2] + b"\xc6" + (3 * MIB).to_bytes(4, "big")
            with pytest.raises(CallFailed) as raised:
                connection.call("file", header, Deadline(PATIENCE), content=chunks(), extra=3 * MIB)
            error = raised.value.error_code
            assert error == FPNN_ERROR.FPNN_EC_CORE_SEND_ERROR
            assert "the file was cut off" in error.message
            assert not error.maybe_delivered
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            connection.close()


@pytest.fixture
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rtm_sdk.fpnn.link.LONGEST_SLEEP", 0.05)


@pytest.mark.usefixtures("look_often")
class TestKeepAlive:
    def test_a_half_open_peer_is_noticed(self) -> None:
        pings = []

        def silent(conversation: Conversation) -> None:
            for quest in conversation.quests():
                pings.append(quest.method)

        with Peer(silent) as peer, ThreadPoolExecutor(3) as pool:
            keep_alive = KeepAlive(interval=0.1, retries=2, timeout=0.1)
            connection = Connection(peer.endpoint, keep_alive=keep_alive)
            start = time.monotonic()
            for failed in pool.map(lambda number: failure(connection, "any", {"n": number}), range(3)):
                assert failed.error_code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
                assert failed.error_code.maybe_delivered
            assert time.monotonic() - start < keep_alive.lost_after + 2.0
            connection.close()
        assert pings.count("*ping") == 2

    def test_any_answer_to_a_ping_is_a_sign_of_life(self) -> None:
        def slow(conversation: Conversation) -> None:
            pings = 0
            waiting = None
            for quest in conversation.quests():
                if quest.method != "*ping":
                    waiting = quest
                    continue
                conversation.refuse(quest, 20004, "no pings here")
                pings += 1
                if pings == 4 and waiting is not None:
                    conversation.answer(waiting)

        with Peer(slow) as peer:
            connection = Connection(peer.endpoint, keep_alive=KeepAlive(interval=0.1, retries=1, timeout=0.1))
            assert call(connection, "slow", {"n": 1}) == {"n": 1}
            connection.close()

    def test_a_slow_upload_is_a_sign_of_life(self) -> None:
        """The peer says nothing until it has all, for longer than a silent one is trusted; but it takes what comes."""

        def takes_little_by_little(conversation: Conversation) -> None:
            conversation.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, MIB // 32)
            quests: list[Any] = []
            while not quests and (data := conversation.sock.recv(MIB // 64)):
                quests = conversation.session.receive(data)
                time.sleep(0.015)
            for quest in quests:
                conversation.answer(quest, {})
            answer_all(conversation)

        header = pack({"file": b""})[:-2] + b"\xc6" + MIB.to_bytes(4, "big")
        keep_alive = KeepAlive(interval=0.2, retries=1, timeout=0.2)
        with Peer(takes_little_by_little) as peer:
            connection = Connection(peer.endpoint, keep_alive=keep_alive)
            link = connection.open(Deadline(PATIENCE))
            with socket.socket(fileno=os.dup(link.fileno())) as same:
                same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MIB // 32)
            start = time.monotonic()
            answer = connection.call("file", header, Deadline(PATIENCE), content=iter([bytes(MIB)]), extra=MIB)
            assert time.monotonic() - start > 2 * keep_alive.lost_after
            assert answer == {}
            assert peer.accepted == 1
            connection.close()

    def test_a_quiet_connection_is_not_a_dead_one(self) -> None:
        """Nobody pinged while nobody called, so that the silence before a call proves nothing."""

        def slow(conversation: Conversation) -> None:
            quests = conversation.quests()
            waiting = next(quests)
            assert next(quests).method == "*ping"
            conversation.answer(waiting)
            next(quests, None)

        with Peer(slow) as peer:
            connection = Connection(peer.endpoint, keep_alive=KeepAlive(interval=0.05, retries=2, timeout=PATIENCE))
            link = connection.open(Deadline(PATIENCE))
            link.last_received -= 3600.0
            assert call(connection, "slow", {"n": 1}) == {"n": 1}
            assert peer.accepted == 1
            connection.close()


class TestBrokenPeers:
    @pytest.mark.parametrize(
        "garbage",
        [
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
            b"FPNN\x01\x80\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            b"FPNN\x01\x80\x02\x00\xff\xff\xff\xff\x01\x00\x00\x00",
            encode_answer(1, b"\xc1"),
            encode_answer(1, b"\x81\xa1"),
        ],
    )
    def test_garbage_breaks_the_connection_and_nothing_else(self, garbage: bytes) -> None:
        def script(conversation: Conversation) -> None:
            for _ in conversation.quests():
                conversation.send(garbage)

        with Peer(first=(script,)) as peer:
            connection = Connection(peer.endpoint)
            error = failure(connection, "any", {}).error_code
            assert error == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            assert "bad bytes" in error.message
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            connection.close()

    def test_a_peer_that_closed_meanwhile_is_noticed_before_the_quest(self) -> None:
        closed = threading.Event()

        def one_answer(conversation: Conversation) -> None:
            conversation.answer(next(conversation.quests()))
            conversation.close()
            closed.set()

        with Peer(first=(one_answer,)) as peer:
            connection = Connection(peer.endpoint)
            call(connection, "echo", {})
            assert closed.wait(PATIENCE)
            assert connection.link is not None
            connection.link.last_received -= 2.0
            error = failure(connection, "echo", {}).error_code
            assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert error.maybe_delivered is False
            assert "nothing was sent" in error.message
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            connection.close()

    def test_a_reset_connection(self) -> None:
        def resets(conversation: Conversation) -> None:
            next(conversation.quests())
            conversation.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            conversation.sock.close()

        with Peer(first=(resets,)) as peer:
            connection = Connection(peer.endpoint)
            assert failure(connection, "any", {}).error_code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            connection.close()
