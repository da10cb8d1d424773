from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rtm_sdk.errors import FPNN_ERROR, OK, RTM_ERROR, ErrorCode
from rtm_sdk.fpnn.session import QuestArrived
from rtm_sdk.fpnn.strategy import RegressiveStrategy
from rtm_sdk.rtm.client import RTMServerClient
from rtm_sdk.rtm.handlers import RTMConnectionCallback
from rtm_sdk.rtm.results import RTMMessage
from rtm_sdk.rtm.subscriptions import NOTHING

from ..peer import CUT, PATIENCE, SILENCE, Conversation, Peer, Replies, answer_all
from ..scripts import run_script
from .pusher import CONVERSATIONS, storm

FAST = RegressiveStrategy(start_connect_failed_count=1000)
SIGNATURE = {"pid", "sign", "salt", "ts"}

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


class News:
    """What the connection callbacks are told, in order."""

    def __init__(self, client: RTMServerClient) -> None:
        self.told: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        for name in ("connected", "closed"):
            client.on(name, lambda *what, name=name: self.told.put((name, *what)))

    def next(self) -> tuple[Any, ...]:
        return self.told.get(timeout=PATIENCE)

    def until(self, name: str, flag: bool) -> tuple[Any, ...]:
        """The next news of a kind, with success or an error."""
        while True:
            told = self.next()
            if (told[0], told[3]) == (name, flag):
                return told


class Log:
    """A script that notes the quests of each connection, and answers with their parameters or as it is told.

    Args:
        replies: by the number of a connection, as for `Replies`; the others are answered well.
    """

    def __init__(self, **replies: Any) -> None:
        self.quests: queue.SimpleQueue[tuple[int, str, dict[str, Any]]] = queue.SimpleQueue()
        self.replies = replies
        self.connections = 0

    def __call__(self, conversation: Conversation) -> None:
        self.connections += 1
        number = self.connections
        reply = self.replies.get(f"on_{number}")
        for quest in conversation.quests():
            self.quests.put((number, quest.method, _unsigned(quest)))
            if reply == CUT:
                return
            if isinstance(reply, ErrorCode):
                conversation.refuse(quest, int(reply), reply.message)
            elif reply != SILENCE:
                conversation.answer(quest)

    def next(self) -> tuple[int, str, dict[str, Any]]:
        return self.quests.get(timeout=PATIENCE)


def _unsigned(quest: QuestArrived) -> dict[str, Any]:
    return {name: value for name, value in quest.params.items() if name not in SIGNATURE}


@contextmanager
def connected(script: Callable[[Conversation], None], **options: Any) -> Iterator[tuple[Peer, RTMServerClient]]:
    options = {"strategy": FAST, **options}
    with Peer(script) as peer, RTMServerClient(1, "secret", peer.endpoint, **options) as client:
        yield peer, client


EVERYTHING = {"p2p": True, "group": False, "room": False, "ev": True}
LISTS = {"gids": [5, 7], "rids": [], "uids": [3], "events": ["login"]}


class TestRestoration:
    def test_after_every_reconnection(self) -> None:
        log = Log()
        with connected(log) as (peer, client):
            news = News(client)
            assert client.set_all_listen(p2p=True, ev=True)[1] == OK
            assert client.set_listen(gids={7, 5}, uids=[3], events=["login"])[1] == OK
            conversation = peer.conversation()
            assert [log.next()[0] for _ in range(2)] == [1, 1]
            assert news.next()[3:] == (True, False)
            for number in range(2, 12):
                conversation.close()
                assert news.next()[0] == "closed"
                assert news.next()[3:] == (True, True)
                assert [log.quests.get_nowait() for _ in range(2)] == [
                    (number, "setlisten", EVERYTHING),
                    (number, "setlisten", LISTS),
                ], "before `connected`"
                conversation = peer.conversation()
            assert log.quests.empty()

    @pytest.mark.parametrize(("what", "restored"), [({"group": True}, 1), ({"gids": [5]}, 1), ({"group": False}, 0)])
    def test_only_what_there_is(self, what: dict[str, Any], restored: int) -> None:
        log = Log()
        with connected(log) as (peer, client):
            assert (client.set_listen if "gids" in what else client.set_all_listen)(**what)[1] == OK
            assert log.next()[1:] == ("setlisten", what)
            peer.conversation().close()
            assert client.call("m", {"mid": 1})[1] == OK
        quests = []
        while not log.quests.empty():
            quests.append(log.next()[:2])
        assert [method for number, method in quests if number == 2] == ["setlisten"] * restored + ["m"]

    def test_comes_before_every_other_call(self) -> None:
        log = Log()
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with connected(log) as (peer, client):
            assert client.add_listen(gids=[5])[1] == OK
            for _ in range(6):
                peer.conversation().close()
                client.call("later", {"mid": 1}, callback=lambda *outcome: outcomes.put(outcome))
                assert client.call("now", {"mid": 1})[1] == OK
                assert outcomes.get(timeout=PATIENCE)[1] == OK
        first: dict[int, str] = {}
        while not log.quests.empty():
            number, method, _ = log.next()
            first.setdefault(number, method)
        assert set(first.values()) == {"addlisten", "setlisten"}
        assert first[1] == "addlisten"
        assert len(first) > 2

    @pytest.mark.parametrize(
        "reply",
        [CUT, SILENCE, ErrorCode(RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN, "wrong sign")],
        ids=["cut", "silence", "error"],
    )
    def test_that_fails_is_tried_again(self, reply: Any, caplog: pytest.LogCaptureFixture) -> None:
        log = Log(on_2=reply, on_3=reply)
        with connected(log, connect_timeout=0.1 if reply == SILENCE else PATIENCE) as (peer, client):
            news = News(client)
            assert client.add_listen(gids=[5])[1] == OK
            peer.conversation().close()
            assert [news.next()[0] for _ in range(2)] == ["connected", "closed"]
            assert [news.next()[3:] for _ in range(3)] == [(False, True), (False, True), (True, True)]
            assert [log.next()[:2] for _ in range(4)] == [(1, "addlisten"), *((n, "setlisten") for n in (2, 3, 4))]
            assert client.listen_status.group_ids == {5}
            assert caplog.text.count("the subscriptions were not restored") == 2

    def test_its_failure_is_told_to_calls(self) -> None:
        refused = ErrorCode(RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN, "wrong sign")
        log = Log(on_2=refused, on_3=refused)
        once = RegressiveStrategy(start_connect_failed_count=1, first_interval_seconds=30)
        with connected(log, strategy=once) as (peer, client):
            news = News(client)
            assert client.add_listen(gids=[5])[1] == OK
            peer.conversation().close()
            news.until("connected", False)
            _, error_code = client.call("m", {}, timeout=1)
            assert error_code == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert "wrong sign" in error_code.message
            assert "nothing was sent" in error_code.message

    def test_pushes_that_come_with_it_are_handed_out(self) -> None:
        heard: queue.SimpleQueue[int] = queue.SimpleQueue()

        def script(conversation: Conversation) -> None:
            for quest in conversation.quests():
                conversation.answer(quest, {})
                for mid in range(3):
                    message = {
                        "from": 1,
                        "to": 2,
                        "mtype": 30,
                        "mid": quest.params["salt"] + mid,
                        "msg": "",
                        "attrs": "",
                    }
                    conversation.ask("pushmsg", message)

        with connected(script) as (peer, client):
            news = News(client)
            client.on("chat", lambda message: heard.put(message.message_id))
            assert client.set_all_listen(p2p=True)[1] == OK
            for _ in range(3):
                first = heard.get(timeout=PATIENCE)
                assert [heard.get(timeout=PATIENCE) for _ in range(2)] == [first + 1, first + 2]
                news.until("connected", True)
                peer.conversation().close()
                news.until("closed", True)


class TestHoldingOpen:
    def test_from_the_first_subscription_to_the_last(self) -> None:
        with connected(answer_all) as (peer, client):
            gate = client._connection.server_gate
            news = News(client)
            held = []
            for method, arguments in (
                (client.add_listen, {"uids": [1]}),
                (client.set_all_listen, {"room": True}),
                (client.set_listen, {"gids": []}),
                (client.set_all_listen, {"room": False}),
            ):
                subscribe: Any = method
                assert subscribe(**arguments)[1] == OK
                held.append(gate.keep_open)
            assert held == [True, True, True, False]
            peer.conversation().close()
            news.until("closed", True)
            assert client.call("m", {})[1] == OK, "it comes back with a call only"
            assert peer.accepted == 2

    def test_a_failed_call_subscribes_to_nothing(self) -> None:
        refused = ErrorCode(RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN, "wrong sign")
        with connected(Replies(refused, {}, refused)) as (_, client):
            assert client.set_all_listen(p2p=True)[1] == refused
            assert client.listen_status == NOTHING
            assert not client._connection.server_gate.keep_open
            assert client.add_listen(gids=[5])[1] == OK
            assert client.remove_listen(gids=[5])[1] == refused
            assert client.listen_status.group_ids == {5}

    def test_close_ends_it(self) -> None:
        log = Log()
        with connected(log) as (peer, client):
            assert client.set_all_listen(p2p=True)[1] == OK
            client.close()
            assert client.listen_status == NOTHING
            assert not [each for each in threading.enumerate() if each.name.startswith("rtm-reader")]
            assert client.call("m", {})[1] == OK
            assert [log.next()[:2] for _ in range(2)] == [(1, "setlisten"), (2, "m")]
            assert not client._connection.server_gate.keep_open
            assert peer.accepted == 2

    def test_close_does_not_wait_for_a_restoration(self) -> None:
        log = Log(on_2=SILENCE)
        with connected(log) as (peer, client):
            assert client.set_all_listen(p2p=True)[1] == OK
            peer.conversation().close()
            while log.next()[0] == 1:
                pass
            start = time.monotonic()
            client.close()
            assert time.monotonic() - start < 2
            assert not [each for each in threading.enumerate() if each.name.startswith(("rtm-reader", "rtm-connect"))]
            assert peer.accepted == 2

    def test_a_call_whose_connection_is_renewed_meanwhile_is_sent_again(self) -> None:
        """The answer came on a connection that is gone by the time it is read; the new one has to be told."""
        log = Log()
        with connected(log) as (peer, client):
            assert client.call("m", {})[1] == OK
            subscriptions: Any = client.subscriptions
            record = subscriptions.record

            def late(*args: Any) -> bool:
                subscriptions.record = record
                peer.conversation().close()
                assert client.call("m", {"mid": 1})[1] == OK
                return bool(record(*args))

            subscriptions.record = late
            assert client.add_listen(gids=[5])[1] == OK
            assert [log.next()[:2] for _ in range(4)] == [(1, "m"), (1, "addlisten"), (2, "m"), (2, "addlisten")]


class TestServerPing:
    def test_a_connection_whose_pings_stop_is_dropped(self) -> None:
        with connected(answer_all, server_ping_timeout=0.2) as (peer, client):
            news = News(client)
            assert client.set_all_listen(p2p=True)[1] == OK
            for _ in range(2):
                conversation = peer.conversation()
                news.until("connected", True)
                start = time.monotonic()
                for _ in range(5):
                    conversation.ask("ping", {})
                    assert conversation.answers.get(timeout=PATIENCE).params == {}
                news.until("closed", True)
                assert 0.19 < time.monotonic() - start < 5
            assert client.listen_status.all_p2p

    def test_as_long_as_they_come_it_stays(self) -> None:
        pause = threading.Event()
        with connected(answer_all, server_ping_timeout=0.2) as (peer, client):
            assert client.set_all_listen(p2p=True)[1] == OK
            conversation = peer.conversation()
            for _ in range(12):
                conversation.ask("ping", {})
                pause.wait(0.05)
            assert peer.accepted == 1
            assert client.call("m", {})[1] == OK
            assert peer.accepted == 1

    @pytest.mark.parametrize(
        ("listens", "pings", "options"),
        [
            (True, False, {"server_ping_timeout": 0.1}),
            (False, True, {"server_ping_timeout": 0.1}),
            (True, True, {"server_ping_timeout": None}),
        ],
        ids=["before the first", "without subscriptions", "switched off"],
    )
    def test_otherwise_they_are_not_missed(self, listens: bool, pings: bool, options: dict[str, Any]) -> None:
        with connected(answer_all, **options) as (peer, client):
            assert client.set_all_listen(p2p=listens)[1] == OK
            conversation = peer.conversation()
            if pings:
                conversation.ask("ping", {})
                if listens:
                    assert conversation.answers.get(timeout=PATIENCE).params == {}
            threading.Event().wait(0.3)
            assert client.call("m", {})[1] == OK
            assert peer.accepted == 1


class TestConnectionCallbacks:
    def test_of_a_client_that_only_calls(self) -> None:
        class Callback(RTMConnectionCallback):
            def __init__(self) -> None:
                self.told: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()

            def connected(self, *what: Any) -> None:
                self.told.put(("connected", *what))

            def closed(self, *what: Any) -> None:
                self.told.put(("closed", *what))

        with connected(answer_all) as (peer, client):
            callback = Callback()
            client.set_connection_callback(callback)
            told = callback.told
            assert client.call("m", {})[1] == OK
            first = told.get(timeout=PATIENCE)
            assert first == ("connected", first[1], peer.endpoint, True, False)
            peer.conversation().close()
            while client._connection.server_gate.connected:
                client.call("m", {})
            assert client.call("m", {})[1] == OK
            assert told.get(timeout=PATIENCE) == ("closed", first[1], peer.endpoint, True, False)
            second = told.get(timeout=PATIENCE)
            assert second == ("connected", second[1], peer.endpoint, True, True)
            assert second[1] > first[1]
            client.close()
            assert told.get(timeout=PATIENCE) == ("closed", second[1], peer.endpoint, False, True)
            assert client.call("m", {})[1] == OK
            third = told.get(timeout=PATIENCE)
            assert third == ("connected", third[1], peer.endpoint, True, False), "after close() it is a new beginning"
            client.set_connection_callback(None)
        assert told.empty()

    def test_attempts_that_fail(self) -> None:
        with Peer() as peer:
            endpoint = peer.endpoint
        with RTMServerClient(1, "secret", endpoint) as client:
            news = News(client)
            assert client.call("m", {}, timeout=1)[1] == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            name, number, where, *flags = news.next()
            assert (name, where, flags) == ("connected", endpoint, [False, False])
            assert news.next()[1] > number

    def test_no_thread_without_them(self) -> None:
        with connected(answer_all) as (_, client):
            before = threading.active_count()
            assert client.call("m", {})[1] == OK
            assert threading.active_count() == before + 1, "the peer's"

    def test_may_use_the_client(self) -> None:
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with connected(answer_all) as (peer, client):

            @client.on("connected")
            def on_connected(number: int, endpoint: str, success: bool, is_reconnect: bool) -> None:
                done.put(client.call("m", {"a": 1}, signed=False))

            @client.on("closed")
            def on_closed(number: int, endpoint: str, caused_by_error: bool, is_reconnect: bool) -> None:
                if caused_by_error:
                    done.put(client.reconnect())

            assert client.call("m", {})[1] == OK
            assert done.get(timeout=PATIENCE) == ({"a": 1}, OK)
            peer.conversation().close()
            client.call("m", {})
            outcomes = [done.get(timeout=PATIENCE) for _ in range(2)]
            assert (None, OK) in outcomes


class TestReconnect:
    def test_closes_and_connects(self) -> None:
        log = Log()
        with connected(log) as (peer, client):
            news = News(client)
            assert client.reconnect() == (None, OK)
            assert news.next()[3:] == (True, False)
            assert client.add_listen(gids=[5])[1] == OK
            assert client.reconnect() == (None, OK)
            assert [(told[0], *told[3:]) for told in (news.next(), news.next())] == [
                ("closed", False, False),
                ("connected", True, True),
            ]
            assert [log.next()[:2] for _ in range(2)] == [(1, "addlisten"), (2, "setlisten")]
            assert peer.accepted == 2

    def test_nobody_there(self) -> None:
        with Peer() as peer:
            endpoint = peer.endpoint
        with RTMServerClient(1, "secret", endpoint) as client:
            assert client.reconnect(0.3)[1] == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION

    def test_does_not_wait_for_the_end_of_a_pause(self) -> None:
        slow = RegressiveStrategy(start_connect_failed_count=0, first_interval_seconds=600, max_interval_seconds=600)
        with connected(answer_all, strategy=slow) as (peer, client):
            news = News(client)
            assert client.call("m", {})[1] == OK
            peer.conversation().close()
            while client._connection.server_gate.connected:
                client.call("m", {}, timeout=1)
            assert client.reconnect(PATIENCE) == (None, OK)
            assert client.call("m", {})[1] == OK
            assert [news.next()[0] for _ in range(3)] == ["connected", "closed", "connected"]

    def test_instead_of_connecting_by_itself(self) -> None:
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with connected(answer_all) as (peer, client):
            client.set_auto_connect(False)
            for _ in range(2):
                _, error_code = client.call("m", {})
                assert error_code == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
                assert "call reconnect()" in error_code.message
                client.call("m", {}, callback=lambda *outcome: outcomes.put(outcome))
                assert outcomes.get(timeout=PATIENCE)[1] == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
                assert peer.accepted == 0
                client.close()
            assert client.reconnect() == (None, OK)
            assert client.set_all_listen(p2p=True)[1] == OK
            client.call("m", {}, callback=lambda *outcome: outcomes.put(outcome))
            assert outcomes.get(timeout=PATIENCE)[1] == OK
            news = News(client)
            peer.conversation().close()
            news.until("closed", True)
            assert client.call("m", {})[1] == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert peer.accepted == 1
            client.set_auto_connect(True)
            news.until("connected", True)
            assert client.call("m", {})[1] == OK
            assert peer.accepted == 2


class TestProcesses:
    @forks
    def test_a_child_does_not_hear_what_its_parent_hears(self) -> None:
        script = """
            import os, queue, sys
            from rtm_sdk import RTMServerClient
            client = RTMServerClient(1, "s", sys.argv[1])
            heard = queue.SimpleQueue()
            client.on("chat", lambda message: heard.put(message.message_id))
            assert not client.set_all_listen(p2p=True)[1]
            assert heard.get(timeout=10) == 1
            pid = os.fork()
            if not pid:
                code = 1
                try:
                    assert not client.listen_status.all_p2p
                    assert not client.call("m", {})[1]
                    assert heard.empty()
                    assert not client.set_all_listen(p2p=True)[1]
                    assert heard.get(timeout=10) == 3
                    client.close()
                    code = 0
                finally:
                    os._exit(code)
            assert os.waitpid(pid, 0)[1] == 0
            assert not client.call("again", {})[1]
            assert heard.get(timeout=10) == 1 + 1
            assert client.listen_status.all_p2p
            client.close()
            print("fine")
        """
        numbers = iter((1, 3))

        def pushes(conversation: Conversation) -> None:
            for quest in conversation.quests():
                conversation.answer(quest, {})
                if quest.method in ("setlisten", "again"):
                    mid = 2 if quest.method == "again" else next(numbers)
                    message = {"from": 1, "to": 2, "mtype": 30, "mid": mid, "msg": "", "attrs": "", "mtime": 0}
                    conversation.ask("pushmsg", message)

        with Peer(pushes) as peer:
            ended = run_script(script, peer.endpoint)
            assert (ended.stdout, ended.returncode) == ("fine\n", 0), ended.stderr
            assert peer.accepted == 2

    def test_a_listening_script_that_just_ends(self) -> None:
        script = """
            import sys
            from rtm_sdk import RTMServerClient
            client = RTMServerClient(1, "s", sys.argv[1])
            client.on("chat", print)
            print(client.set_all_listen(p2p=True)[1] == 0)
        """
        with Peer() as peer:
            ended = run_script(script, peer.endpoint)
        assert (ended.stdout, ended.stderr, ended.returncode) == ("True\n", "", 0)


@pytest.mark.slow
def test_100_000_pushes_under_a_reconnection_every_second() -> None:
    """Each is handed out once, and those of one conversation in their order."""
    number = 100_000
    counts = dict.fromkeys(range(CONVERSATIONS), 0)
    wrong: list[RTMMessage] = []
    all_there = threading.Event()

    def hear(message: RTMMessage) -> None:
        place = message.to_id - 100
        if message.message != str(counts[place]):
            wrong.append(message)
        counts[place] += 1
        if sum(counts.values()) == number:
            all_there.set()

    with storm(number) as (endpoint, process):
        assert process.stdout is not None
        with RTMServerClient(1, "secret", endpoint, strategy=FAST, push_queue=number) as client:
            for name in ("chat", "group_chat", "room_chat"):
                client.on(name, hear)
            assert client.set_all_listen(p2p=True, group=True, room=True)[1] == OK
            assert all_there.wait(60), counts
            connections, repeats = map(int, process.stdout.readline().split())
        assert client.pushes_dropped == 0
    assert wrong == []
    assert counts == dict.fromkeys(range(CONVERSATIONS), number // CONVERSATIONS), "and none again afterwards"
    assert connections > 5
    assert repeats > 0
