from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from hashlib import md5
from time import monotonic, sleep, time
from types import SimpleNamespace
from typing import Any

import pytest

from rtm_sdk.content import Content
from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, RTM_ERROR, CallFailed, ErrorCode
from rtm_sdk.fpnn.frames import DEFAULT_MAX_FRAME, pack, unpack
from rtm_sdk.fpnn.session import QuestArrived
from rtm_sdk.fpnn.strategy import KeepAlive, RegressiveStrategy
from rtm_sdk.rtm.connection import RTMConnection
from rtm_sdk.rtm.quests import Quest
from rtm_sdk.workers import WorkerPool

from ..peer import CUT, PATIENCE, SILENCE, Peer, Replies

PID, SECRET = 11000001, "s3cret"

CLOSED = FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
TIMEOUT = FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
UNREACHABLE = FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
STOPPING = FPNN_ERROR.FPNN_EC_CORE_SERVER_STOPPING
USED_BEFORE = RTM_ERROR.RTM_EC_DUPLICATED_MID

FEW_ATTEMPTS = RegressiveStrategy(start_connect_failed_count=1, first_interval_seconds=1)
SEND = Quest("sendmsg", {"mid": 77, "msg": "hello"}, repeatable=True)
ADD = Quest("addroomban", {"uid": 5})

Style = Callable[..., Any]


@pytest.fixture
def workers() -> Iterator[WorkerPool]:
    pool = WorkerPool(2)
    yield pool
    assert pool.close(PATIENCE) == 0


@pytest.fixture
def connect(workers: WorkerPool) -> Iterator[Callable[..., RTMConnection]]:
    made: list[RTMConnection] = []

    def connect(peer: Peer, **options: Any) -> RTMConnection:
        settings: dict[str, Any] = {
            "encryption": None,
            "connect_timeout": PATIENCE,
            "keep_alive": KeepAlive(),
            "strategy": RegressiveStrategy(),
            "max_frame": DEFAULT_MAX_FRAME,
            "file_gate_idle": 150.0,
            "workers": workers,
            **options,
        }
        made.append(RTMConnection(PID, SECRET, peer.endpoint, **settings))
        return made[-1]

    yield connect
    for connection in made:
        connection.close(PATIENCE)


@pytest.mark.parametrize("count", [0, 1, 11, 12, 40])
def test_a_signed_payload_is_one_map(count: int, connect: Any) -> None:
    """Up to 15 entries the map of msgpack has a short head, which is written without packing all anew."""
    params = {f"p{number}": number for number in range(count)}
    with Peer(Replies()) as peer:
        payload = connect(peer).payload(Quest("m", params))
    found = unpack(payload)
    assert pack(found) == payload
    salt, ts = found.pop("salt"), found.pop("ts")
    assert found.pop("pid") == PID
    assert found.pop("sign") == md5(f"{PID}:{SECRET}:{salt}:m:{ts}".encode()).hexdigest().upper()
    assert abs(ts - time()) < 60
    assert found == params


def perform(connection: RTMConnection, quest: Quest, timeout: float = PATIENCE) -> dict[str, Any]:
    return connection.perform(quest, Deadline(timeout))


def begin(connection: RTMConnection, quest: Quest, timeout: float = PATIENCE) -> dict[str, Any]:
    outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
    connection.begin(quest, Deadline(timeout), outcomes.put)
    outcome = outcomes.get(timeout=PATIENCE)
    if isinstance(outcome, CallFailed):
        raise outcome
    assert isinstance(outcome, dict)
    return outcome


@pytest.fixture(params=[perform, begin], ids=["sync", "callback"])
def ask(request: pytest.FixtureRequest) -> Style:
    style: Style = request.param
    return style


def failure(ask: Style, *args: Any, **options: Any) -> ErrorCode:
    with pytest.raises(CallFailed) as caught:
        ask(*args, **options)
    return caught.value.error_code


def properly_signed(quest: QuestArrived) -> bool:
    params = quest.params
    text = f"{PID}:{SECRET}:{params['salt']}:{quest.method}:{params['ts']}"
    return bool(params["pid"] == PID and params["sign"] == md5(text.encode()).hexdigest().upper())


class TestSignature:
    def test_worked_example(self, monkeypatch: pytest.MonkeyPatch, connect: Any, ask: Style) -> None:
        monkeypatch.setattr("rtm_sdk.rtm.connection.next_id", lambda: 1234567890123)
        times = SimpleNamespace(time=lambda: 1700000000.9, monotonic=monotonic)
        monkeypatch.setattr("rtm_sdk.rtm.connection.time", times)
        with Peer() as peer:
            assert ask(connect(peer), Quest("sendmsg", {"from": 1})) == {
                "pid": 11000001,
                "sign": "5800445187310B3F5CFDBC9E2D4A41E5",
                "salt": 1234567890123,
                "ts": 1700000000,
                "from": 1,
            }

    def test_only_where_it_is_wanted(self, connect: Any, ask: Style) -> None:
        with Peer() as peer:
            assert ask(connect(peer), Quest("sendfile", {"token": "T"}, signed=False)) == {"token": "T"}

    def test_each_quest_has_its_own(self, connect: Any, ask: Style) -> None:
        with Peer(replies := Replies()) as peer:
            connection = connect(peer)
            for _ in range(50):
                ask(connection, ADD)
        assert len({quest.params["salt"] for quest in replies.quests}) == 50
        assert all(properly_signed(quest) for quest in replies.quests)

    def test_is_not_among_the_local_variables_that_reports_show(self, connect: Any, ask: Style) -> None:
        with Peer() as peer, pytest.raises(TypeError) as caught:
            ask(connect(peer), Quest("sendmsg", {"msg": object()}))
        frames = [entry.frame for entry in caught.traceback if "rtm_sdk" in str(entry.path)]
        assert len(frames) > 1
        assert not [each for each in frames if SECRET in repr(each.f_locals)]


class TestRepetition:
    def test_with_the_same_mid_and_a_new_signature(self, connect: Any, ask: Style) -> None:
        with Peer(replies := Replies(CUT, CUT, {"mtime": 5})) as peer:
            assert ask(connect(peer), SEND) == {"mtime": 5}
        assert [quest.params["mid"] for quest in replies.quests] == [77] * 3
        assert len({quest.params["salt"] for quest in replies.quests}) == 3
        assert len({quest.params["sign"] for quest in replies.quests}) == 3
        assert all(properly_signed(quest) for quest in replies.quests)

    def test_an_id_used_before_means_that_the_first_copy_got_through(self, connect: Any, ask: Style) -> None:
        with Peer(replies := Replies(CUT, ErrorCode(USED_BEFORE, "again?"))) as peer:
            assert ask(connect(peer), SEND) == {}
        assert len(replies.quests) == 2

    def test_but_not_when_no_copy_can_have_got_through(self, connect: Any, ask: Style) -> None:
        for first in ([], [ErrorCode(STOPPING)]):
            with Peer(replies := Replies(*first, ErrorCode(USED_BEFORE, "again?"))) as peer:
                error = failure(ask, connect(peer), SEND)
            assert error == USED_BEFORE
            assert not error.maybe_delivered
            assert error.message == "again?"
            assert len(replies.quests) == 1 + len(first)

    def test_and_not_for_a_quest_without_a_mid(self, connect: Any, ask: Style) -> None:
        with Peer(Replies(CUT, ErrorCode(USED_BEFORE, "odd"))) as peer:
            error = failure(ask, connect(peer), ADD._replace(repeatable=True))
        assert error == USED_BEFORE
        assert error.maybe_delivered

    def test_never_of_what_does_harm_twice(self, connect: Any, ask: Style) -> None:
        with Peer(replies := Replies(CUT)) as peer:
            error = failure(ask, connect(peer), ADD)
        assert error == CLOSED
        assert error.maybe_delivered
        assert len(replies.quests) == 1

    @pytest.mark.parametrize("code", [STOPPING, FPNN_ERROR.FPNN_EC_CORE_WORK_QUEUE_FULL, RTM_ERROR.RTM_EC_SAME_SIGN])
    def test_of_anything_that_was_not_carried_out(self, connect: Any, ask: Style, code: int) -> None:
        with Peer(replies := Replies(ErrorCode(code), {"fine": 1})) as peer:
            assert ask(connect(peer), ADD) == {"fine": 1}
        assert len({quest.params["sign"] for quest in replies.quests}) == 2

    def test_what_may_be_delivered_stays_so_when_later_attempts_send_nothing(self, connect: Any, ask: Style) -> None:
        def vanish(quest: QuestArrived) -> str:
            peer.stop_listening()
            return CUT

        with Peer(Replies(vanish)) as peer:
            error = failure(ask, connect(peer, strategy=FEW_ATTEMPTS), SEND, timeout=0.5)
        assert error == UNREACHABLE
        assert error.maybe_delivered
        assert "refused; nothing was sent; an earlier attempt may have been delivered" in error.message

    def test_of_what_the_gate_itself_lost(self, connect: Any, ask: Style) -> None:
        """A gate answers 20002 when its connection to a server behind it broke: nobody knows what happened there."""
        with Peer(replies := Replies(ErrorCode(CLOSED, "backend lost"))) as peer:
            error = failure(ask, connect(peer), ADD)
        assert error == CLOSED
        assert (error.maybe_delivered, error.message) == (True, "backend lost")
        assert len(replies.quests) == 1
        with Peer(replies := Replies(ErrorCode(CLOSED), ErrorCode(USED_BEFORE))) as peer:
            assert ask(connect(peer), SEND) == {}

    def test_until_the_time_is_over(self, connect: Any, ask: Style) -> None:
        with Peer(replies := Replies(*[ErrorCode(STOPPING)] * 100)) as peer:
            start = monotonic()
            error = failure(ask, connect(peer), SEND, timeout=0.5)
            assert monotonic() - start < 0.55
        assert error == STOPPING
        assert 2 <= len(replies.quests) < 10

    def test_no_answer_is_final(self, connect: Any, ask: Style) -> None:
        with Peer(replies := Replies(SILENCE)) as peer:
            start = monotonic()
            error = failure(ask, connect(peer), SEND, timeout=0.1)
            assert 0.09 < monotonic() - start < 0.3
        assert error == TIMEOUT
        assert error.maybe_delivered
        assert len(replies.quests) == 1


class TestClose:
    def ended_by_close(self, connection: RTMConnection, ask: Style, quest: Quest, when: threading.Event) -> ErrorCode:
        def close() -> None:
            when.wait(PATIENCE)
            connection.close(PATIENCE)

        closer = threading.Thread(target=close)
        closer.start()
        start = monotonic()
        error = failure(ask, connection, quest)
        closer.join(PATIENCE)
        assert monotonic() - start < PATIENCE / 2
        return error

    def test_a_waiting_quest_is_not_sent_again(self, connect: Any, ask: Style) -> None:
        arrived = threading.Event()

        def stay_silent(quest: QuestArrived) -> str:
            arrived.set()
            return SILENCE

        with Peer(replies := Replies(stay_silent)) as peer:
            connection = connect(peer)
            error = self.ended_by_close(connection, ask, SEND, arrived)
            assert not connection.server_gate.connected
            assert peer.accepted == 1
        assert error == CLOSED
        assert error.maybe_delivered
        assert len(replies.quests) == 1

    def test_nor_one_in_the_pause_before_a_retry(
        self, connect: Any, ask: Style, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pausing = threading.Event()

        class Closed(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                pausing.set()
                return super().wait(timeout)

        def after(*args: Any) -> None:
            wait_on_reader(*args)
            pausing.set()

        monkeypatch.setattr("rtm_sdk.rtm.connection.pause_before_retry", lambda error, **known: PATIENCE)
        with Peer(replies := Replies(ErrorCode(STOPPING))) as peer:
            connection = connect(peer)
            wait_on_reader = connection.server_gate.after
            monkeypatch.setattr(connection.server_gate, "after", after)
            monkeypatch.setattr(connection.server_gate, "closed", Closed())
            error = self.ended_by_close(connection, ask, SEND, pausing)
            assert not connection.server_gate.connected
            assert peer.accepted == 1
        assert error in (STOPPING, UNREACHABLE, CLOSED)
        assert len(replies.quests) == 1

    def test_nor_one_at_the_end_of_that_pause(self, connect: Any, ask: Style, monkeypatch: pytest.MonkeyPatch) -> None:
        pausing = threading.Event()

        def pause(error: ErrorCode, **known: Any) -> float:
            closed = connection.server_gate.closed
            pausing.set()
            assert closed.wait(PATIENCE)
            return 0.0

        monkeypatch.setattr("rtm_sdk.rtm.connection.pause_before_retry", pause)
        with Peer(replies := Replies(ErrorCode(STOPPING))) as peer:
            connection = connect(peer)
            assert self.ended_by_close(connection, ask, SEND, pausing) == STOPPING
            assert not connection.server_gate.connected
            assert peer.accepted == 1
        assert len(replies.quests) == 1

    def test_nor_one_that_began_before_and_fails_afterwards(
        self, connect: Any, ask: Style, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        decisions: list[ErrorCode] = []

        def pause(error: ErrorCode, **known: Any) -> float:
            decisions.append(error)
            return 0.0

        def refuse(quest: QuestArrived) -> ErrorCode:
            connection._closed_at = monotonic()  # the first thing that `close()` does
            return ErrorCode(STOPPING)

        monkeypatch.setattr("rtm_sdk.rtm.connection.pause_before_retry", pause)
        with Peer(replies := Replies(refuse)) as peer:
            connection = connect(peer)
            assert failure(ask, connection, SEND) == STOPPING
        assert len(replies.quests) == 1
        assert not decisions

    def test_a_later_call_opens_again(self, connect: Any, ask: Style) -> None:
        with Peer() as peer:
            connection = connect(peer)
            for number in range(3):
                assert ask(connection, Quest("m", {"number": number}, signed=False)) == {"number": number}
                connection.close(PATIENCE)
                connection.close(PATIENCE)
            assert peer.accepted == 3


def test_quest_of_the_service(connect: Any) -> None:
    with Peer() as peer:
        connection = connect(peer)
        perform(connection, ADD)
        conversation = peer.conversation()
        number = conversation.ask("ping", {})
        conversation.ask("pushmsg", {"msg": "not expected"})
        perform(connection, ADD)
        perform(connection, ADD)
        known, unknown = (conversation.answers.get(timeout=PATIENCE) for _ in range(2))
    assert (known.seq, known.status, known.params) == (number, 0, {})
    assert unknown.params["code"] == FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_METHOD


class TestContent:
    @pytest.mark.parametrize("size", [0, 1, 255, 256, 65535, 65536, 1_000_000])
    def test_is_the_last_parameter(self, connect: Any, ask: Style, size: int) -> None:
        content = bytes(number * 7 % 256 for number in range(251)) * (size // 251 + 1)
        content = content[:size]
        with Peer(replies := Replies({"mtime": 1})) as peer:
            quest = Quest("sendfile", {"mid": 1}, True, False, peer.endpoint, Content.of(content))
            assert ask(connect(peer), quest) == {"mtime": 1}
        assert replies.quests[0].params == {"mid": 1, "file": content}
        assert list(replies.quests[0].params)[-1] == "file"

    def test_may_go_to_the_server_gate_too(self, connect: Any, ask: Style) -> None:
        with Peer(replies := Replies({})) as peer:
            ask(connect(peer), Quest("upload", {"mid": 1}, content=Content.of(b"content")))
        assert replies.quests[0].params["file"] == b"content"
        assert properly_signed(replies.quests[0])

    def test_is_read_anew_for_each_attempt(self, connect: Any, ask: Style) -> None:
        content = b"x" * 600_000
        with Peer(replies := Replies(CUT, {"mtime": 1})) as peer:
            quest = Quest("sendfile", {"mid": 1}, True, False, peer.endpoint, Content.of(content))
            assert ask(connect(peer), quest) == {"mtime": 1}
        assert [quest.params["file"] for quest in replies.quests] == [content] * 2

    @pytest.mark.parametrize("endpoint", ["nowhere", "h:0", "[x]:1", "http://h:1"])
    def test_a_file_gate_that_cannot_be_one(self, connect: Any, ask: Style, endpoint: str) -> None:
        with Peer() as peer:
            error = failure(ask, connect(peer), Quest("sendfile", {}, True, False, endpoint, Content.of(b"")))
        assert error == UNREACHABLE
        assert not error.maybe_delivered
        assert endpoint in error.message

    def test_a_file_gate_that_refuses(self, connect: Any, ask: Style) -> None:
        with Peer() as peer:
            peer.stop_listening()
            quest = Quest("sendfile", {}, True, False, peer.endpoint, Content.of(b""))
            error = failure(ask, connect(peer, strategy=FEW_ATTEMPTS), quest, timeout=0.5)
        assert error == UNREACHABLE
        assert not error.maybe_delivered


class TestProgress:
    def reports(self, connect: Any, ask: Style, pause: float) -> list[tuple[int, int]]:
        seen: list[tuple[int, int]] = []
        last = threading.Event()

        def report(sent: int, total: int) -> None:
            seen.append((sent, total))
            sleep(pause)
            if sent == total:
                last.set()

        with Peer() as peer:
            content = Content.of(b"x" * 2_000_000, report)
            ask(connect(peer), Quest("sendfile", {}, True, False, peer.endpoint, content))
            assert last.wait(PATIENCE)
        return seen

    @pytest.mark.parametrize("pause", [0.0, 0.02])
    def test_grows_to_the_end(self, connect: Any, ask: Style, pause: float) -> None:
        seen = self.reports(connect, ask, pause)
        assert seen == sorted(set(seen))
        assert seen[-1] == (2_000_000, 2_000_000)

    def test_who_is_slow_delays_no_callback_send(self, connect: Any) -> None:
        busy = threading.Event()
        with Peer() as peer:
            content = Content.of(b"x" * 2_000_000, lambda sent, total: busy.wait(PATIENCE))
            start = monotonic()
            begin(connect(peer), Quest("sendfile", {}, True, False, peer.endpoint, content))
            assert monotonic() - start < PATIENCE / 2
            busy.set()

    def test_who_raises_is_not_called_again(
        self, connect: Any, ask: Style, workers: WorkerPool, caplog: pytest.LogCaptureFixture
    ) -> None:
        calls: list[int] = []

        def report(sent: int, total: int) -> None:
            calls.append(sent)
            raise LookupError("in on_progress")

        with Peer() as peer:
            content = Content.of(b"x" * 2_000_000, report)
            ask(connect(peer), Quest("sendfile", {}, True, False, peer.endpoint, content))
            assert workers.close(PATIENCE) == 0
        assert len(calls) == 1
        assert caplog.text.count("on_progress raised; it is not called again for this file") == 1
