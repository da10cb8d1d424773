from __future__ import annotations

import json
import queue
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgpack  # type: ignore[import-untyped]
import pytest

from rtm_sdk.errors import FPNN_ERROR, OK
from rtm_sdk.rtm.client import RTMServerClient
from rtm_sdk.rtm.handlers import RTMServerPushMonitor
from rtm_sdk.rtm.pushes import Overflow, message_of
from rtm_sdk.rtm.results import FileInfo, RTMMessage, TranslateResult

from ..peer import PATIENCE, Conversation, Peer, answer_all
from ..scripts import run_script
from .pusher import drizzle

TARGETS = {"pushmsg": "to", "pushgroupmsg": "gid", "pushroommsg": "rid"}
PLACES = {"pushmsg": "", "pushgroupmsg": "group_", "pushroommsg": "room_"}
FILE = json.dumps({"url": "http://h/1", "size": 5})


def params(mid: int, method: str = "pushmsg", **changes: Any) -> dict[str, Any]:
    return {
        "from": 1001,
        TARGETS[method]: 1002,
        "mtype": 30,
        "mid": mid,
        "msg": f"text {mid}",
        "attrs": "about",
        "mtime": 1_700_000_000_000,
        **changes,
    }


def push(conversation: Conversation, mid: int, method: str = "pushmsg", **changes: Any) -> int:
    """Push a message. Returns the number of the quest."""
    return conversation.ask(method, params(mid, method, **changes))


def answers(conversation: Conversation, number: int) -> list[tuple[int, int, dict[str, Any]]]:
    """The next answers of the client."""
    return [tuple(conversation.answers.get(timeout=PATIENCE)) for _ in range(number)]  # type: ignore[misc]


def make(endpoint: str, **options: Any) -> RTMServerClient:
    return RTMServerClient(1, "secret", endpoint, **options)


@contextmanager
def listening(**options: Any) -> Iterator[tuple[RTMServerClient, Conversation]]:
    """A client that hears everything, and its peer's side of the connection."""
    with Peer() as peer, make(peer.endpoint, **options) as client:
        assert client.set_all_listen(True, True, True, True)[1] == OK
        yield client, peer.conversation()


class Heard:
    """A handler that hands what it is told to the test."""

    def __init__(self) -> None:
        self.calls: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()

    def __call__(self, *what: Any) -> None:
        self.calls.put(what)

    def next(self) -> Any:
        what = self.calls.get(timeout=PATIENCE)
        return what[0] if len(what) == 1 else what

    def mids(self, number: int) -> list[int]:
        return [self.next().message_id for _ in range(number)]


class Slow(Heard):
    """A handler that waits at each message until the test lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.running: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.go = threading.Semaphore(0)

    def __call__(self, *what: Any) -> None:
        self.running.put(what[0].message_id)
        assert self.go.acquire(timeout=PATIENCE)
        super().__call__(*what)


class TestMessages:
    @pytest.mark.parametrize("method", TARGETS)
    @pytest.mark.parametrize(
        ("mtype", "kind"), [(30, "chat"), (32, "cmd"), (40, "file"), (50, "file"), (31, "message"), (51, "message")]
    )
    def test_each_kind_goes_to_its_handlers(self, method: str, mtype: int, kind: str) -> None:
        heard = Heard()
        with listening() as (client, conversation):
            for place in PLACES.values():
                for each in ("message", "chat", "cmd", "file"):
                    client.on(place + each, lambda message, name=place + each: heard(name, message))
            push(conversation, 7, method, mtype=mtype)
            name, message = heard.next()
            assert name == PLACES[method] + kind
            assert message == RTMMessage(1001, 1002, mtype, 7, "text 7", "about", 1_700_000_000_000)
            assert client.flush(PATIENCE) == 0
        assert heard.calls.empty()

    def test_monitor_and_functions(self) -> None:
        order = Heard()

        class Monitor(RTMServerPushMonitor):
            def push_group_chat(self, message: RTMMessage) -> None:
                order("monitor", message.message_id)

            def push_event(self, pid: int, event: str, uid: int, time: int, endpoint: str, data: str) -> None:
                order(pid, event, uid, time, endpoint, data)

            def ping(self) -> None:
                order("ping")

        with listening() as (client, conversation):
            client.set_quest_processor(Monitor())

            @client.on("group_chat")
            def function(message: RTMMessage) -> None:
                order("function", message.message_id)

            assert client.on("event", print) is print
            client.off("event", print)
            push(conversation, 1, "pushgroupmsg")
            assert (order.next(), order.next()) == (("monitor", 1), ("function", 1))
            event = {"pid": 1, "event": "login", "uid": 2, "time": 3, "endpoint": "h:4"}
            conversation.ask("pushevent", event)
            assert order.next() == (1, "login", 2, 3, "h:4", "")
            conversation.ask("pushevent", {**event, "data": "more"})
            assert order.next() == (1, "login", 2, 3, "h:4", "more")
            conversation.ask("ping", {})
            assert order.next() == "ping"
            assert [each[1:] for each in answers(conversation, 4)] == [(0, {})] * 4

    def test_bodies_stay_as_they_are(self) -> None:
        heard = Heard()
        with listening() as (client, conversation):
            client.on("message", heard)
            push(conversation, 1, mtype=51, msg=b"\xff\x00")
            raw = msgpack.packb(params(2, mtype=51, msg=b"\xff\xfe", attrs="grüß".encode()), use_bin_type=False)
            conversation.send(conversation.session.quest("pushmsg", raw)[1])
            assert heard.next()[4:6] == (b"\xff\x00", "about")
            assert heard.next()[4:6] == (b"\xff\xfe", "grüß")

    def test_translated_chat(self) -> None:
        body = {"source": "en", "target": "fr", "sourceText": "hello", "targetText": "bonjour"}
        heard = Heard()
        with listening() as (client, conversation):
            client.on("chat", heard)
            push(conversation, 1, msg=body)
            message = heard.next()
            assert message.message == body
            assert message.translated == TranslateResult("en", "fr", "hello", "bonjour")
            push(conversation, 2, msg={"target": 5})
            assert heard.next().translated == ("", "", "", "")

    def test_oneway_pushes_are_handed_out_as_well(self) -> None:
        heard = Heard()
        with listening() as (client, conversation):
            client.on("chat", heard)
            conversation.tell("pushmsg", params(1))
            push(conversation, 2)
            assert heard.mids(2) == [1, 2]
            assert len(answers(conversation, 1)) == 1
            assert conversation.answers.empty()

    def test_messages_are_immutable(self) -> None:
        message = message_of(params(1), "to")
        with pytest.raises(AttributeError):
            message.message = "other"  # type: ignore[misc]


class TestFiles:
    @pytest.mark.parametrize(
        ("body", "attrs", "info", "custom"),
        [
            (FILE, json.dumps({"rtm": {"ext": "jpg"}, "custom": "mine"}), FileInfo("http://h/1", 5), "mine"),
            (FILE, json.dumps({"rtm": {}, "custom": {"a": 1}}), FileInfo("http://h/1", 5), '{"a": 1}'),
            (
                FILE,
                json.dumps({"rtm": {"type": "audiomsg", "lang": "en", "duration": 9, "codec": "c", "srate": 8}}),
                FileInfo("http://h/1", 5, "", True, "en", 9, "c", 8),
                "",
            ),
            (FILE, "{broken", FileInfo("http://h/1", 5), "{broken"),
            (FILE, "[" * 100_000, FileInfo("http://h/1", 5), "[" * 100_000),
            (FILE, 17, FileInfo("http://h/1", 5), ""),
            (FILE, {"rtm": 1}, FileInfo("http://h/1", 5), ""),
            (FILE, None, FileInfo("http://h/1", 5), ""),
            (FILE, b"\xff", FileInfo("http://h/1", 5), "\\xff"),
            ("not JSON", json.dumps({"custom": "mine"}), None, "mine"),
            (json.dumps({"url": 5}), "", None, ""),
            (b"\xff\x00", "mine", None, "mine"),
            ({"url": "http://h/1"}, "mine", None, "mine"),
            (json.dumps({"url": "u", "size": 10**400}), "", FileInfo("u", 0), ""),
            ('{"url": "u", "size": 1e300}', "", FileInfo("u", 0), ""),
            (
                FILE,
                json.dumps({"rtm": {"type": "audiomsg", "duration": 1 << 63, "srate": -(1 << 63)}}),
                FileInfo("http://h/1", 5, "", True, "", 0, "", -(1 << 63)),
                "",
            ),
        ],
    )
    def test_file_info(self, body: Any, attrs: Any, info: FileInfo | None, custom: str) -> None:
        message = message_of(params(1, mtype=40, msg=body, attrs=attrs), "to")
        assert (message.message, message.attrs, message.file_info) == (body, custom, info)

    @pytest.mark.parametrize("custom", ["\ud800 \N{SNOWMAN}", {"a": "\ud800 \N{SNOWMAN}"}])
    def test_what_is_handed_out_can_be_sent_on(self, custom: Any) -> None:
        """JSON can hold half a character, which no UTF-8 can: who passes it on or stores it would be hit by it."""
        body, attrs = json.dumps({"url": "h/\udfff", "surl": "\ud800"}), json.dumps({"custom": custom})
        message = message_of(params(1, mtype=40, msg=body, attrs=attrs), "to")
        assert message.file_info == FileInfo("h/\\udfff", 0, "\\ud800")
        if isinstance(custom, dict):
            assert json.loads(message.attrs) == custom
        else:
            assert message.attrs == "\\ud800 \N{SNOWMAN}"
        assert message.attrs.encode()

    def test_attributes_and_time_may_be_missing(self) -> None:
        incomplete = params(1)
        del incomplete["attrs"], incomplete["mtime"]
        assert message_of(incomplete, "to") == RTMMessage(1001, 1002, 30, 1, "text 1", "", 0)
        assert message_of(params(1, mtime="soon"), "to").modified_time == 0


class TestAnswers:
    def test_without_a_handler(self) -> None:
        threads = threading.active_count()
        with listening() as (_, conversation):
            seqs = [push(conversation, 1, method) for method in TARGETS]
            seqs += [conversation.ask("pushevent", {}), conversation.ask("ping", {})]
            assert answers(conversation, 5) == [(seq, 0, {}) for seq in seqs]
            assert threading.active_count() == threads + 3, "the peer's two and the reader"

    def test_unknown_method(self) -> None:
        with listening() as (_, conversation):
            for method in ("pushfile", "quests", "_take", "message"):
                conversation.ask(method, {})
            for _, status, error in answers(conversation, 4):
                assert (status, error["code"]) == (1, FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_METHOD)

    def test_before_user_code_runs(self) -> None:
        handling = Slow()
        with listening() as (client, conversation):
            client.on("chat", handling)
            seqs = [push(conversation, 1)]
            assert handling.running.get(timeout=PATIENCE) == 1
            seqs += [push(conversation, mid) for mid in range(2, 50)]
            assert answers(conversation, 49) == [(seq, 0, {}) for seq in seqs]
            assert client.call("m", {"a": 1}, signed=False) == ({"a": 1}, OK)
            handling.go.release(49)
            assert handling.mids(49) == list(range(1, 50))

    @pytest.mark.parametrize(
        ("method", "broken"),
        [
            ("pushmsg", {}),
            ("pushmsg", params(1, msg=5)),
            ("pushmsg", params(1, mtype="30")),
            ("pushgroupmsg", params(1)),
            ("pushroommsg", params(1, "pushroommsg", **{"from": None})),
            ("pushmsg", {**params(1), "mid": [1]}),
            ("pushevent", {"uid": 1}),
            ("pushevent", {"event": "login", "uid": "1"}),
        ],
    )
    def test_what_cannot_be_understood(self, caplog: pytest.LogCaptureFixture, method: str, broken: Any) -> None:
        heard = Heard()
        with listening() as (client, conversation):
            for place in PLACES.values():
                client.on(place + "chat", heard)
            client.on("event", heard)
            conversation.ask(method, broken)
            push(conversation, 2)
            assert heard.next().message_id == 2
            assert [each[1:] for each in answers(conversation, 2)] == [(0, {})] * 2
        assert f"a {method} that cannot be understood is not handed out: " in caplog.text


class TestDuplicates:
    def test_are_answered_and_dropped(self) -> None:
        heard = Heard()
        with listening() as (client, conversation):
            client.on("chat", heard)
            for mid in (1, 2, 1, 2, 3):
                push(conversation, mid)
            assert heard.mids(3) == [1, 2, 3]
            assert len(answers(conversation, 5)) == 5
        assert heard.calls.empty()

    def test_one_mid_for_many_receivers_is_none(self) -> None:
        heard = Heard()
        with listening() as (client, conversation):
            for place in PLACES.values():
                client.on(place + "chat", heard)
            for _ in range(2):
                for method, target in TARGETS.items():
                    push(conversation, 1, method)
                    push(conversation, 1, method, **{target: 1003})
                    push(conversation, 1, method, **{"from": 1004})
            assert heard.mids(9) == [1] * 9
            push(conversation, 2)
            assert heard.mids(1) == [2]

    def test_events_are_not_compared(self) -> None:
        heard = Heard()
        with listening() as (client, conversation):
            client.on("event", heard)
            for _ in range(2):
                conversation.ask("pushevent", {"pid": 1, "event": "login", "uid": 2, "time": 3, "endpoint": "h:4"})
            assert heard.next() == heard.next()


class TestDispatch:
    def test_in_the_order_of_arrival_on_one_thread(self) -> None:
        threads: set[str] = set()
        heard = Heard()

        def handler(message: RTMMessage) -> None:
            threads.add(threading.current_thread().name)
            heard(message)

        with listening() as (client, conversation):
            for place in PLACES.values():
                client.on(place + "chat", handler)
                client.on(place + "cmd", handler)
            for mid in range(1000):
                push(conversation, mid, list(TARGETS)[mid % 3], mtype=30 + mid % 2 * 2)
            assert heard.mids(1000) == list(range(1000))
            assert [name for name in threads if not name.startswith("rtm-push")] == []
            assert len(threads) == 1
        assert not [each for each in threading.enumerate() if each.name.startswith("rtm-push")]

    def test_a_handler_may_call_the_client(self) -> None:
        heard = Heard()
        with listening() as (client, conversation):

            @client.on("chat")
            def handler(message: RTMMessage) -> None:
                heard(client.call("sync", {"mid": message.message_id}, signed=False)[0])
                client.call("later", {"mid": 5}, signed=False, callback=lambda *outcome: heard(outcome[0]))
                assert client.flush(PATIENCE) == 0

            push(conversation, 1)
            assert heard.next() == {"mid": 1}
            assert heard.next() == {"mid": 5}

    def test_an_exception_harms_nobody(self, caplog: pytest.LogCaptureFixture) -> None:
        heard = Heard()
        reports = Heard()
        with listening(on_callback_error=reports) as (client, conversation):
            client.on("chat", lambda message: [][message.message_id])
            client.on("chat", heard)
            push(conversation, 1)
            push(conversation, 2)
            assert heard.mids(2) == [1, 2]
            name, error = reports.next()
            assert (name, type(error)) == ("chat", IndexError)
        assert "the handler of chat raised" in caplog.text


class TestOverflow:
    @pytest.mark.parametrize(("overflow", "left"), [("drop_new", [2, 3, 4]), ("drop_old", [8, 9, 10])])
    def test_the_queue_is_bounded(self, caplog: pytest.LogCaptureFixture, overflow: Overflow, left: list[int]) -> None:
        handling = Slow()
        with listening(push_queue=3, push_overflow=overflow) as (client, conversation):
            client.on("chat", handling)
            push(conversation, 1)
            assert handling.running.get(timeout=PATIENCE) == 1
            for mid in range(2, 11):
                push(conversation, mid)
            assert len(answers(conversation, 10)) == 10
            assert client.call("m", {})[1] == OK
            handling.go.release(4)
            assert handling.mids(4) == [1, *left]
            assert client.pushes_dropped == 6
        which = "newest" if overflow == "drop_new" else "oldest"
        assert caplog.text.count(f"3 pushes wait for their handlers: the {which} are dropped") == 1

    def test_each_burst_is_logged_once(self, caplog: pytest.LogCaptureFixture) -> None:
        handling = Slow()
        with listening(push_queue=2) as (client, conversation):
            client.on("chat", handling)
            for burst in range(3):
                push(conversation, burst * 100)
                assert handling.running.get(timeout=PATIENCE) == burst * 100
                for mid in range(5):
                    push(conversation, burst * 100 + mid + 1)
                answers(conversation, 6)
                assert client.call("m", {})[1] == OK
                assert client.pushes_dropped == 3 * (burst + 1)
                handling.go.release(3)
                assert handling.mids(3) == [burst * 100 + mid for mid in range(3)]
                for _ in range(2):
                    handling.running.get(timeout=PATIENCE)
        assert caplog.text.count("2 pushes wait for their handlers") == 3

    def test_a_dropped_message_may_come_again(self) -> None:
        handling = Slow()
        with listening(push_queue=1) as (client, conversation):
            client.on("chat", handling)
            push(conversation, 1)
            assert handling.running.get(timeout=PATIENCE) == 1
            push(conversation, 2)
            push(conversation, 3)
            answers(conversation, 3)
            assert client.call("m", {})[1] == OK
            handling.go.release(3)
            assert handling.mids(2) == [1, 2]
            push(conversation, 3)
            assert handling.mids(1) == [3]

    def test_the_last_one_is_delivered(self) -> None:
        """Also when the handlers come to the queue at the very moment when one is put in the place of another."""
        handling = Slow()

        class Quests(dict[str, Any]):
            def __contains__(self, method: object) -> bool:
                handling.go.release(10)
                threading.Event().wait(0.05)
                return super().__contains__(method)

        with listening(push_queue=1, push_overflow="drop_old") as (client, conversation):
            client.on("chat", handling)
            push(conversation, 1)
            assert handling.running.get(timeout=PATIENCE) == 1
            client._pushes.quests = Quests(client._pushes.quests)
            push(conversation, 2)
            push(conversation, 3)
            assert handling.mids(2) == [1, 3]
            assert client.pushes_dropped == 1

    def test_news_of_the_connection_do_not_change_the_policy(self) -> None:
        handling = Slow()
        news = Heard()
        with Peer() as peer, make(peer.endpoint, push_queue=4, push_overflow="drop_old") as client:
            client.on("chat", handling)
            client.on("closed", lambda *what: news("closed"))
            assert client.set_all_listen(p2p=True)[1] == OK
            push(peer.conversation(), 1)
            assert handling.running.get(timeout=PATIENCE) == 1
            assert client.reconnect()[1] == OK
            conversation = peer.conversation()
            for mid in range(2, 9):
                push(conversation, mid)
            answers(conversation, 7)
            assert client.call("m", {})[1] == OK
            handling.go.release(10)
            assert handling.mids(4) == [1, 6, 7, 8]
            assert news.next() == "closed"
            assert client.pushes_dropped == 4

    @pytest.mark.parametrize("overflow", ["drop_new", "drop_old"])
    def test_news_of_the_connection_have_room(self, overflow: Overflow) -> None:
        handling = Slow()
        news = Heard()
        with listening(push_queue=2, push_overflow=overflow) as (client, conversation):
            client.on("chat", handling)
            client.on("closed", lambda *what: news("closed"))
            push(conversation, 1)
            assert handling.running.get(timeout=PATIENCE) == 1
            for mid in range(2, 6):
                push(conversation, mid)
            answers(conversation, 5)
            conversation.close()
            assert client.reconnect()[1] == OK
            handling.go.release(3)
            assert news.next() == "closed"


class TestClose:
    def test_delivers_what_waits(self) -> None:
        handling = Slow()
        heard: list[int] = []
        with listening() as (client, conversation):
            client.on("chat", handling)
            client.on("chat", lambda message: heard.append(message.message_id))
            for mid in range(20):
                push(conversation, mid)
            answers(conversation, 20)
            assert client.call("m", {})[1] == OK
            handling.go.release(20)
        assert heard == list(range(20))
        assert client.pushes_dropped == 0

    def test_is_bounded(self, caplog: pytest.LogCaptureFixture) -> None:
        handling = Slow()
        with listening() as (client, conversation):
            client.on("chat", handling)
            for mid in range(20):
                push(conversation, mid)
            answers(conversation, 20)
            assert client.call("m", {})[1] == OK
            assert handling.running.get(timeout=PATIENCE) == 0
            client.close(0.05)
            assert client.pushes_dropped == 19
            assert "19 pushes were not delivered before the client closed" in caplog.text
            handling.go.release(20)
            assert handling.mids(1) == [0]
        assert handling.calls.empty()
        assert not [each for each in threading.enumerate() if each.name.startswith("rtm-push")]

    def test_in_a_handler(self) -> None:
        heard = Heard()
        with listening() as (client, conversation):

            @client.on("chat")
            def handler(message: RTMMessage) -> None:
                if message.message_id == 1:
                    waits.wait(PATIENCE)
                    client.close()
                heard(message)

            waits = threading.Event()
            for mid in (1, 2, 3):
                push(conversation, mid)
            answers(conversation, 3)
            assert client.call("m", {})[1] == OK
            waits.set()
            assert heard.mids(3) == [1, 2, 3]

    def test_calls_of_handlers_leave_no_connection_open(self) -> None:
        """A handler that is handed what is left, and answers it, connects again."""
        left = threading.Event()

        def script(conversation: Conversation) -> None:
            answer_all(conversation)
            left.set()

        outcomes = Heard()

        def answer(message: RTMMessage) -> None:
            assert left.wait(PATIENCE)
            outcomes(client.call("m", {})[1])

        with Peer(script) as peer, make(peer.endpoint) as client:
            client.on("chat", answer)
            assert client.set_all_listen(p2p=True)[1] == OK
            conversation = peer.conversation()
            push(conversation, 1)
            answers(conversation, 1)
            client.close()
            assert outcomes.next() == OK
            assert repr(client._connection.server_gate).endswith("not connected>")

    def test_handlers_stay(self) -> None:
        heard = Heard()
        with Peer() as peer, make(peer.endpoint) as client:
            client.on("chat", heard)
            for mid in (1, 2):
                assert client.set_all_listen(p2p=True)[1] == OK
                push(peer.conversation(), mid)
                assert heard.mids(1) == [mid]
                client.close()


class TestExit:
    SCRIPT = """
        import sys, threading
        from rtm_sdk import RTMServerClient, unwrap
        from tests.peer import Peer

        end, running = threading.Event(), threading.Event()

        def handler(message):
            running.set()
            end.wait()

        push = {"from": 1, "to": 2, "mtype": 30, "msg": "", "attrs": "", "mtime": 1}
        with Peer() as peer:
            client = RTMServerClient(1, "secret", peer.endpoint)
            client.on("chat", handler)
            unwrap(client.set_all_listen(p2p=True))
            conversation = peer.conversation()
            for mid in range(4):
                conversation.ask("pushmsg", {**push, "mid": mid})
            unwrap(client.call("m", {}))
            assert running.wait(10)
            while client._pushes.waiting < 3:  # the reader may still be at it
                pass
            if "close" in sys.argv:
                end.set()
                client.close()
    """

    def test_says_what_nobody_was_told_of(self) -> None:
        ended = run_script(self.SCRIPT)
        assert ended.returncode == 0, ended.stderr
        assert ended.stderr.startswith("rtm_sdk: the process ends with 3 pushes that were not handed to their handlers")

    def test_after_close_there_is_nothing_to_say(self) -> None:
        ended = run_script(self.SCRIPT, "close")
        assert (ended.returncode, ended.stderr) == (0, "")


class TestOptions:
    def test_wrong_ones(self) -> None:
        for options, error, text in (
            ({"push_queue": "many"}, TypeError, "push_queue must be an int, not str"),
            ({"push_queue": 0}, ValueError, "push_queue must be at least 1"),
            ({"push_overflow": "block"}, ValueError, "push_overflow must be one of drop_new, drop_old, not 'block'"),
            ({"server_ping_timeout": 0}, ValueError, "server_ping_timeout must be a positive, finite number"),
            ({"server_ping_timeout": "1"}, TypeError, "server_ping_timeout must be a number of seconds, not str"),
        ):
            with pytest.raises(error, match=text):
                make("h:1", **options)


@pytest.mark.slow
def test_a_slow_handler_does_not_slow_calls_down() -> None:
    """With 500 pushes a second: a client whose handler takes a second for each, against one whose takes no time."""
    end = threading.Event()

    def latency(client: RTMServerClient) -> list[float]:
        times = []
        for _ in range(100):
            start = time.perf_counter()
            assert client.call("m", {})[1] == OK
            times.append(time.perf_counter() - start)
        return times

    with drizzle() as endpoint, make(endpoint) as quick, make(endpoint) as slow:
        try:
            quick.on("chat", lambda message: None)
            slow.on("chat", lambda message: end.wait(1))
            for client in (quick, slow):
                client.on("group_chat", lambda message: None)
                assert client.set_all_listen(True, True, True)[1] == OK
            ratios = []
            for _ in range(3):
                times: dict[RTMServerClient, list[float]] = {quick: [], slow: []}
                for _ in range(20):
                    for client in (quick, slow):
                        times[client] += latency(client)
                ratios.append(statistics.median(times[slow]) / statistics.median(times[quick]))
            assert min(ratios) <= 1.3
            assert slow.pushes_dropped == 0
        finally:
            end.set()
