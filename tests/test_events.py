from __future__ import annotations

import ast
import contextvars
import logging
import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from rtm_sdk import BearyChatClient, BearyChatWebhook, GoogleChatClient, GoogleChatWebhook, RTMServerClient, calling
from rtm_sdk.client import Client as AnyClient
from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import BEARYCHAT_ERROR, FPNN_ERROR, OK, CallFailed, Code, ErrorCode
from rtm_sdk.events import Answered, Event, Failed, Reconnected, Started

from .http import peer as http_peer
from .peer import PATIENCE, Conversation, Peer
from .scripts import run_script
from .test_calling import TIMEOUT, Client, Taken

PACKAGE = Path(__file__).parent.parent / "rtm_sdk"
CALLS = "rtm_sdk.calls"

place: contextvars.ContextVar[str] = contextvars.ContextVar("place", default="nowhere")


class Heard:
    """A listener: keeps the events, in order, and the context and the thread they came in."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.places: list[str] = []
        self.threads: list[threading.Thread] = []
        self.queue: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self.places.append(place.get())
        self.threads.append(threading.current_thread())
        self.queue.put(event)

    def kinds(self) -> list[type[Event]]:
        return [type(event) for event in self.events]

    def until(self, kind: type[Event]) -> Event:
        while not isinstance(event := self.queue.get(timeout=PATIENCE), kind):
            pass
        return event


@pytest.fixture
def client() -> Iterator[Client]:
    """One that needs no network; it is listened to."""
    client = Client(on_event=Heard())
    yield client
    assert client.outstanding.flush(PATIENCE) == 0
    assert client.workers.close(PATIENCE) == 0


@pytest.fixture
def heard(client: Client) -> Heard:
    assert isinstance(client.on_event, Heard)
    return client.on_event


class TestCalls:
    @pytest.fixture(params=["sync", "callback"])
    def call(self, request: pytest.FixtureRequest) -> Callable[..., tuple[Any, ErrorCode]]:
        def call(method: Callable[..., Any], *args: Any) -> Any:
            if request.param == "sync":
                return method(*args)
            taken = Taken()
            method(*args, callback=taken)
            return taken.outcome()

        return call

    def test_that_succeed(self, client: Client, heard: Heard, call: Callable[..., Any]) -> None:
        for number in (1, 2):
            client.script = [10, 20]
            assert call(client.add, number, 2) == (30, OK)
        first, answered, second, _ = heard.events
        assert isinstance(first, Started)
        assert isinstance(second, Started)
        assert isinstance(answered, Answered)
        assert first == (first.call, "add", "('first', 1) there")
        assert answered == (*first, answered.seconds)
        assert 0 <= answered.seconds < PATIENCE
        assert second.call != first.call

    def test_that_fail(self, client: Client, heard: Heard, call: Callable[..., Any]) -> None:
        client.script = [10, CallFailed(TIMEOUT)]
        assert call(client.add, 1, 2) == (None, TIMEOUT)
        started, failed = heard.events
        assert isinstance(started, Started)
        assert isinstance(failed, Failed)
        assert failed == (*started, failed.seconds, TIMEOUT)
        assert failed.error_code is TIMEOUT

    @pytest.mark.parametrize(("name", "kind"), [("nothing", Answered), ("fails_at_once", Failed)])
    def test_without_a_step(
        self, client: Client, heard: Heard, call: Callable[..., Any], name: str, kind: type[Event]
    ) -> None:
        call(getattr(client, name))
        assert heard.kinds() == [Started, kind]
        assert heard.events[0][1:] == (name, "None there")

    def test_with_wrong_arguments_are_none(self, client: Client, heard: Heard, call: Callable[..., Any]) -> None:
        for arguments in ((-1, 2), (1,)):
            with pytest.raises((TypeError, ValueError)):
                call(client.add, *arguments)
        assert heard.events == []

    def test_that_an_exception_ends(self, client: Client, heard: Heard, call: Callable[..., Any]) -> None:
        client.script = [KeyboardInterrupt()]
        with pytest.raises(KeyboardInterrupt):
            call(client.add, 1, 2)
        started, failed = heard.events
        assert isinstance(failed, Failed)
        assert failed[:3] == started
        assert failed.error_code == FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_ERROR
        assert failed.error_code.message == "KeyboardInterrupt ended the call"
        assert failed.error_code.maybe_delivered

    def test_over_the_bound(self) -> None:
        heard = Heard()
        client = Client(limit=1, on_event=heard)
        client.hold = True
        held, refused = Taken(), Taken()
        client.patient(callback=held)
        client.patient(callback=refused, timeout=0.01)
        assert refused.outcome()[1] == FPNN_ERROR.FPNN_EC_CORE_WORK_QUEUE_FULL
        assert heard.kinds() == [Started, Started, Failed]
        client.held.pop()("now")
        assert held.outcome() == ("at once", OK)
        assert heard.kinds()[3:] == [Answered]
        assert client.outstanding.flush(PATIENCE) == client.workers.close(PATIENCE) == 0

    def wait(self, go_on: threading.Event) -> None:
        go_on.wait(PATIENCE)

    def test_seconds_are_those_until_the_answer_not_until_a_worker_is_free(self, client: Client, heard: Heard) -> None:
        client.hold = True
        taken, go_on = Taken(), threading.Event()
        for _ in range(client.workers.size):
            client.workers.submit(partial(self.wait, go_on))
        begun = monotonic()
        client.patient(callback=taken)
        client.held.pop()("now")
        answered = monotonic()
        go_on.set()
        taken.outcome()
        assert isinstance(heard.events[1], Answered)
        assert 0 <= heard.events[1].seconds <= answered - begun

    def test_are_immutable(self) -> None:
        with pytest.raises(AttributeError):
            Answered(1, "add", "there", 0.1).seconds = 0  # type: ignore[misc]


class TestContext:
    def test_sync_calls_tell_in_the_callers(self, client: Client, heard: Heard) -> None:
        place.set("here")
        client.script = [10, 20]
        client.add(1, 2)
        assert heard.places == ["here"] * 2
        assert heard.threads == [threading.current_thread()] * 2

    def test_callback_calls_tell_on_the_worker_before_the_callback(self, client: Client, heard: Heard) -> None:
        place.set("here")
        before: list[Any] = []
        taken = Taken()

        def callback(*outcome: Any) -> None:
            before.extend(heard.kinds())
            taken(*outcome)

        client.script = [10, 20]
        client.add(1, 2, callback=callback)
        place.set("elsewhere")
        taken.outcome()
        assert before == [Started, Answered]
        assert heard.places == ["here"] * 2
        assert heard.threads == [threading.current_thread(), taken.thread]

    def test_what_started_sets_is_there_until_the_callback(self, client: Client) -> None:
        """As tracing needs it: the span of `Started` is the current one in the callback, and nowhere else."""
        seen: list[str] = []
        tokens: list[contextvars.Token[str]] = []

        def listener(event: Event) -> None:
            if isinstance(event, Started):
                tokens.append(place.set(f"span {event.operation}"))
            else:
                seen.append(place.get())

        client.on_event = listener
        place.set("here")
        taken = Taken()

        def callback(*outcome: Any) -> None:
            seen.append(place.get())
            place.reset(tokens[0])
            seen.append(place.get())
            taken(*outcome)

        client.script = [10, 20]
        client.add(1, 2, callback=callback)
        assert place.get() == "here"
        taken.outcome()
        assert seen == ["span add", "span add", "here"]


class TestListeners:
    @pytest.mark.parametrize("error", [ValueError("ouch"), SystemExit(1)])
    def test_that_raise_do_no_harm_to_callbacks(
        self, client: Client, caplog: pytest.LogCaptureFixture, error: BaseException
    ) -> None:
        def listener(event: Event) -> None:
            if not isinstance(event, Started):
                raise error

        client.on_event = listener
        for script, outcome in (([10, 20], (30, OK)), ([CallFailed(TIMEOUT)], (None, TIMEOUT))):
            taken = Taken()
            client.script = list(script)
            client.add(1, 2, callback=taken)
            assert taken.outcome() == outcome
        assert [record.message for record in caplog.records] == ["on_event raised"] * 2

    def test_that_raise_do_no_harm_to_sync_calls(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        def listener(event: Event) -> None:
            raise ValueError("ouch")

        client.on_event = listener
        client.script = [10, 20]
        assert client.add(1, 2) == (30, OK)
        assert [(record.name, record.message) for record in caplog.records] == [(CALLS, "on_event raised")] * 2
        assert "ValueError: ouch" in caplog.text

    def test_may_make_calls_which_tell_nothing(self, client: Client, heard: Heard) -> None:
        taken = Taken()

        def listener(event: Event) -> None:
            heard(event)
            if isinstance(event, Answered):
                assert client.add(3, 4) == (7, OK)
                client.add(5, 6, callback=taken)

        client.on_event = listener
        client.script = [1, 2, 3, 4, 5, 6]
        assert client.add(1, 2) == (3, OK)
        assert taken.outcome() == (11, OK)
        client.on_event = heard
        client.script = [1, 2]
        client.add(1, 2)
        assert heard.kinds() == [Started, Answered] * 2

    def test_nobody_listens(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        """Then nothing is made for a call."""
        monkeypatch.setattr(calling, "watch_call", None)
        client.on_event = None
        taken = Taken()
        client.script = [10, 20] * 2
        assert client.add(1, 2) == (30, OK)
        client.add(1, 2, callback=taken)
        assert taken.outcome() == (30, OK)


RTM_SECRET, TOKEN, KEY = "rtm-s3cret", "t0ken-s3cret", "hook-s3cret"


@contextmanager
def rtm(reply: Any, **options: Any) -> Iterator[tuple[Any, str]]:
    def script(conversation: Conversation) -> None:
        for quest in conversation.quests():
            if isinstance(reply, ErrorCode):
                conversation.refuse(quest, int(reply), reply.message)
            else:
                conversation.answer(quest, {"mtime": 1})

    with Peer(script) as peer, RTMServerClient(1, RTM_SECRET, peer.endpoint, **options) as client:
        yield lambda **style: client.send_message(51, 1, 2, "hi", **style), peer.endpoint


@contextmanager
def google(reply: Any, **options: Any) -> Iterator[tuple[Any, str]]:
    with http_peer.HTTPPeer(always=reply) as peer, GoogleChatClient(TOKEN, base_url=peer.url, **options) as client:
        yield (
            lambda **style: client.create_message("spaces/A", {"text": "hi"}, **style),
            f"{peer.url}v1/spaces/A/messages",
        )


@contextmanager
def google_hook(reply: Any, **options: Any) -> Iterator[tuple[Any, str]]:
    with http_peer.HTTPPeer(always=reply) as peer:
        url = f"{peer.url}v1/spaces/A/messages?key={KEY}&token={TOKEN}"
        with GoogleChatWebhook(url, **options) as client:
            yield lambda **style: client.send({"text": "hi"}, **style), f"{peer.url}..."


@contextmanager
def bearychat(reply: Any, **options: Any) -> Iterator[tuple[Any, str]]:
    with http_peer.HTTPPeer(always=reply) as peer, BearyChatClient(TOKEN, base_url=peer.url, **options) as client:
        yield lambda **style: client.create_message("=bw52O", "hi", **style), f"{peer.url}message.create"


@contextmanager
def bearychat_hook(reply: Any, **options: Any) -> Iterator[tuple[Any, str]]:
    with (
        http_peer.HTTPPeer(always=reply) as peer,
        BearyChatWebhook(f"{peer.url}=bw/incoming/{KEY}", **options) as client,
    ):
        yield lambda **style: client.send("hi", **style), f"{peer.url}..."


GOOGLE_ERROR = {"error": {"code": 404, "message": "no such\nspace", "status": "NOT_FOUND"}}
SERVICES = [
    pytest.param(rtm, {}, ErrorCode(200005, "odd type"), 200005, id="rtm"),
    pytest.param(google, http_peer.Reply(200, {}), http_peer.Reply(404, GOOGLE_ERROR), Code.NOT_FOUND, id="google"),
    pytest.param(
        google_hook, http_peer.Reply(200, {}), http_peer.Reply(404, GOOGLE_ERROR), Code.NOT_FOUND, id="google-hook"
    ),
    pytest.param(
        bearychat,
        http_peer.Reply(200, {}),
        http_peer.Reply(400, {"code": 6, "error": "no such"}),
        BEARYCHAT_ERROR(6),
        id="bearychat",
    ),
    pytest.param(
        bearychat_hook,
        http_peer.Reply(200, {"code": 0, "result": None}),
        http_peer.Reply(400, {"code": 6, "error": "no such"}),
        BEARYCHAT_ERROR(6),
        id="bearychat-hook",
    ),
]


class TestServices:
    """Each client tells the same, and its log keeps the secrets."""

    @pytest.mark.parametrize(("service", "good", "bad", "code"), SERVICES)
    def test_events_and_summaries(
        self, service: Any, good: Any, bad: Any, code: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        for reply, kind in ((good, Answered), (bad, Failed)):
            caplog.clear()
            heard, taken = Heard(), Taken()
            with service(reply, on_event=heard) as (send, target):
                _, error_code = send()
                assert bool(error_code) is (kind is Failed), error_code
                send(callback=taken)
                taken.outcome()
            assert heard.kinds() == [Started, kind] * 2
            assert {getattr(event, "target", None) for event in heard.events} == {target}
            if kind is Failed:
                assert isinstance(heard.events[1], Failed)
                assert heard.events[1].error_code == code
                assert heard.events[1].error_code is error_code
            lines = [record.getMessage() for record in caplog.records if record.name == CALLS]
            assert isinstance(heard.events[0], Started)
            operation = heard.events[0].operation
            outcome = f"{int(code)} " if kind is Failed else "0 (success) after "
            assert len(lines) == 2
            for line in lines:
                assert line.startswith(f"{operation} to {target}: {outcome}")
                assert line.endswith(" ms")
                assert "\n" not in line
            for secret in (RTM_SECRET, TOKEN, KEY):
                assert secret not in caplog.text
                assert secret not in repr(heard.events)

    @pytest.mark.parametrize(("service", "good", "bad", "code"), SERVICES)
    def test_what_is_no_listener(self, service: Any, good: Any, bad: Any, code: int) -> None:
        with pytest.raises(TypeError, match="on_event must be callable, not str"), service(good, on_event="print"):
            pass


class TestReconnected:
    def test_rtm_in_the_thread_of_a_sync_call(self) -> None:
        heard = Heard()
        place.set("here")
        with Peer() as peer, RTMServerClient(1, RTM_SECRET, peer.endpoint, on_event=heard) as client:
            for _ in range(3):
                assert client.call("m", {"mid": 1})[1] == OK
                peer.conversation().close()
        reconnected = [event for event in heard.events if isinstance(event, Reconnected)]
        assert reconnected == [Reconnected(peer.endpoint)] * 2
        assert set(heard.threads) == {threading.current_thread()}
        assert set(heard.places) == {"here"}
        assert heard.kinds()[:5] == [Started, Answered, Started, Reconnected, Answered]

    def test_rtm_held_open(self) -> None:
        heard = Heard()
        with Peer() as peer, RTMServerClient(1, RTM_SECRET, peer.endpoint, on_event=heard) as client:
            assert client.set_all_listen(p2p=True)[1] == OK
            peer.conversation().close()
            assert heard.until(Reconnected) == Reconnected(peer.endpoint)
            assert heard.threads[-1].name == f"rtm-connect {peer.endpoint}"

    def test_rtm_by_reconnect(self) -> None:
        heard = Heard()
        with Peer() as peer, RTMServerClient(1, RTM_SECRET, peer.endpoint, on_event=heard) as client:
            assert client.reconnect()[1] == OK
            assert heard.events == []
            assert client.reconnect()[1] == OK
            assert heard.events == [Reconnected(peer.endpoint)]

    @pytest.mark.parametrize("client_class", [GoogleChatClient, BearyChatClient])
    def test_http(self, client_class: Any) -> None:
        heard = Heard()
        with http_peer.HTTPPeer() as peer, client_class(TOKEN, base_url=peer.url, on_event=heard) as client:
            read = client.get_meta if client_class is BearyChatClient else partial(client.get_space, "spaces/A")
            for _ in range(3):
                assert read()[1] == OK
                peer.close_connections()
        reconnected = [event for event in heard.events if isinstance(event, Reconnected)]
        assert reconnected == [Reconnected(f"127.0.0.1:{peer.port}")] * 2
        assert set(heard.threads) == {threading.current_thread()}

    def test_http_broken_in_the_middle(self) -> None:
        heard = Heard()
        with (
            http_peer.HTTPPeer(http_peer.CUT) as peer,
            GoogleChatClient(TOKEN, base_url=peer.url, on_event=heard) as client,
        ):
            assert client.get_space("spaces/A")[1] == OK
        assert heard.kinds() == [Started, Reconnected, Answered]

    def test_once_for_all_that_waited(self) -> None:
        heard = Heard()
        with Peer() as peer, RTMServerClient(1, RTM_SECRET, peer.endpoint, on_event=heard) as client:
            gate = client._connection.server_gate
            gate.open(Deadline(PATIENCE))
            gate.reconnect(Deadline(PATIENCE))
            assert gate.open(Deadline(PATIENCE)) is gate.link, "as another thread that waited for it gets it"
        assert heard.events == [Reconnected(peer.endpoint)]

    def test_not_when_an_idle_http_connection_was_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        heard = Heard()
        monkeypatch.setattr("rtm_sdk.http.connection._LONGEST_IDLE", -1.0)
        with http_peer.HTTPPeer() as peer, GoogleChatClient(TOKEN, base_url=peer.url, on_event=heard) as client:
            for _ in range(2):
                assert client.get_space("spaces/A")[1] == OK
            assert peer.accepted == 2
        assert heard.kinds() == [Started, Answered] * 2

    def test_not_after_close(self) -> None:
        heard = Heard()
        with Peer() as peer, http_peer.HTTPPeer() as web:
            rtm = RTMServerClient(1, RTM_SECRET, peer.endpoint, on_event=heard)
            chat = GoogleChatClient(TOKEN, base_url=web.url, on_event=heard)
            for _ in range(2):
                assert rtm.call("m", {})[1] == OK
                assert chat.get_space("spaces/A")[1] == OK
                rtm.close()
                chat.close()
        assert heard.kinds() == [Started, Answered] * 4

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
    def test_not_in_a_forked_child(self) -> None:
        with Peer() as peer:
            done = run_script(
                """
                import os, sys
                from rtm_sdk import RTMServerClient

                client = RTMServerClient(1, "secret", sys.argv[1], on_event=lambda event: print(type(event).__name__))
                client.call("m", {})
                sys.stdout.flush()
                if os.fork():
                    os.wait()
                else:
                    client.call("m", {})
                """,
                peer.endpoint,
            )
        assert done.stdout.split() == ["Started", "Answered"] * 2, done.stderr

    def test_a_listener_that_raises(self, caplog: pytest.LogCaptureFixture) -> None:
        def listener(event: Event) -> None:
            if isinstance(event, Reconnected):
                raise ValueError("ouch")

        with Peer() as peer, RTMServerClient(1, RTM_SECRET, peer.endpoint, on_event=listener) as client:
            for _ in range(2):
                assert client.call("m", {"mid": 1})[1] == OK
                peer.conversation().close()
        assert caplog.text.count("on_event raised") == 1


class TestLogging:
    def test_no_summary_above_debug(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        client.on_event = None
        client.script = [10, 20]
        client.add(1, 2)
        assert not caplog.records

    def test_in_the_context_of_the_caller(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        """A filter of the handler, which adds such things as the id of the web request, finds it in callbacks, too."""
        caplog.set_level(logging.DEBUG, CALLS)
        found: list[str] = []

        def filter(record: logging.LogRecord) -> bool:
            found.append(place.get())
            return True

        caplog.handler.addFilter(filter)
        client.on_event = None
        place.set("here")
        taken = Taken()
        client.script = [10, 20] * 2
        client.add(1, 2)
        client.add(1, 2, callback=taken)
        place.set("elsewhere")
        taken.outcome()
        assert found == ["here"] * 2

    def test_a_handler_may_make_calls(self, client: Client) -> None:
        """It does not hear of those."""

        class Posts(logging.Handler):
            posted = 0

            def emit(self, record: logging.LogRecord) -> None:
                self.posted += 1
                assert client.add(1, 2) == (3, OK)

        handler, logger = Posts(), logging.getLogger(CALLS)
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        try:
            client.script = [1, 2] * 2
            client.on_event = None
            client.add(1, 2)
        finally:
            logger.setLevel(logging.NOTSET)
            logger.removeHandler(handler)
        assert handler.posted == 1

    def test_nothing_is_set_up(self) -> None:
        """Whatever is imported: logging belongs to the program."""
        done = run_script(
            """
            import importlib, logging, pkgutil
            import rtm_sdk

            for module in pkgutil.walk_packages(rtm_sdk.__path__, "rtm_sdk."):
                if not module.name.endswith("__main__"):
                    try:
                        importlib.import_module(module.name)
                    except ImportError as error:
                        assert not str(error).startswith("No module named 'rtm_sdk"), error
            loggers = {"root": logging.getLogger(), **logging.root.manager.loggerDict}
            ours = [name for name in loggers if name.startswith("rtm_sdk.")]
            assert "rtm_sdk.calls" in ours and "rtm_sdk.fpnn" in ours, ours
            for name in ["root", "rtm_sdk", *ours]:
                logger = logging.getLogger(name) if name != "root" else logging.getLogger()
                assert not logger.handlers, name
                assert logger.level == (logging.WARNING if name == "root" else logging.NOTSET), name
                assert logger.propagate and not logger.disabled, name
            print("fine")
            """
        )
        assert done.stdout == "fine\n", done.stderr

    def test_loggers_have_names_of_ours(self) -> None:
        names = set()
        for path in PACKAGE.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in ("logging.getLogger", "getLogger"):
                    names.add(node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else "?")
        assert {name for name in names if not str(name).startswith("rtm_sdk.")} <= {"aiohttp.access"}


def test_every_client_takes_a_listener() -> None:
    clients = (RTMServerClient, GoogleChatClient, GoogleChatWebhook, BearyChatClient, BearyChatWebhook)
    for each in clients:
        assert issubclass(each, AnyClient)
        assert "on_event" in (each.__doc__ or "")
