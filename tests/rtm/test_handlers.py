from __future__ import annotations

import functools
import inspect
import queue
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import rtm_sdk
from rtm_sdk.rtm.handlers import Handlers, RTMConnectionCallback, RTMServerPushMonitor

PLACES = ("", "group_", "room_")
KINDS = ("message", "chat", "cmd", "file")
MESSAGES = [place + kind for place in PLACES for kind in KINDS]
PUSHES = [*MESSAGES, "event", "ping"]
ALL = [*PUSHES, "connected", "closed"]


class Client:
    on_callback_error: Callable[[str, BaseException], None] | None = None


@pytest.fixture
def handlers() -> Handlers:
    return Handlers(Client())


def recorder(base: type) -> Any:
    """An object that overrides every hook of a class and notes its calls."""
    calls: list[tuple[Any, ...]] = []

    def note(name: str) -> Callable[..., None]:
        return lambda self, *what: calls.append((name, *what))

    hooks = {name: note(name) for name in vars(base) if not name.startswith("_")}
    recorder = type("Recorder", (base,), hooks)()
    recorder.calls = calls
    return recorder


@pytest.mark.parametrize("name", ALL)
def test_functions_are_called_by_name(handlers: Handlers, name: str) -> None:
    calls: list[Any] = []
    assert (handlers.any, handlers.wanted(name)) == (False, False)
    handlers.add(name, lambda *what: calls.append(what))
    assert (handlers.any, handlers.wanted(name)) == (True, True)
    for other in ALL:
        handlers.tell(other, other, 1)
    assert calls == [(name, 1)]


def test_functions_are_called_in_their_order(handlers: Handlers) -> None:
    calls: list[str] = []
    functions = [lambda message, name=name: calls.append(name) for name in "abc"]
    for function in functions:
        handlers.add("chat", function)
    handlers.tell("chat", None)
    handlers.remove("chat", functions[1])
    handlers.tell("chat", None)
    assert "".join(calls) == "abcac"
    with pytest.raises(ValueError, match="function was not added for 'chat'"):
        handlers.remove("chat", functions[1])


def test_a_function_may_take_itself_away(handlers: Handlers) -> None:
    calls: list[str] = []

    def once(message: object) -> None:
        calls.append("once")
        handlers.remove("chat", once)

    handlers.add("chat", once)
    handlers.add("chat", lambda message: calls.append("always"))
    handlers.tell("chat", None)
    handlers.tell("chat", None)
    assert calls == ["once", "always", "always"]


def test_monitor(handlers: Handlers) -> None:
    monitor = recorder(RTMServerPushMonitor)
    handlers.set_monitor(monitor)
    for name in MESSAGES:
        handlers.tell(name, name)
    handlers.tell("event", 1, "login", 2, 3, "h:1", "")
    handlers.tell("ping")
    handlers.tell("closed", 1, "h:1", True, False)
    assert monitor.calls == [
        *((f"push_{name}", name) for name in MESSAGES),
        ("push_event", 1, "login", 2, 3, "h:1", ""),
        ("ping",),
    ]
    functions: list[str] = []
    handlers.add("chat", functions.append)
    handlers.tell("chat", "both")
    assert (monitor.calls[-1], functions) == (("push_chat", "both"), ["both"])
    handlers.set_monitor(None)
    handlers.tell("chat", "one")
    assert (monitor.calls[-1], functions) == (("push_chat", "both"), ["both", "one"])


def test_connection_callback(handlers: Handlers) -> None:
    callback = recorder(RTMConnectionCallback)
    handlers.set_connection_callback(callback)
    handlers.tell("connected", 1, "h:1", True, False)
    handlers.tell("closed", 1, "h:1", True, False)
    handlers.tell("chat", None)
    assert callback.calls == [("connected", 1, "h:1", True, False), ("closed", 1, "h:1", True, False)]


def test_hooks_that_are_not_overridden_do_nothing(handlers: Handlers) -> None:
    handlers.set_monitor(RTMServerPushMonitor())
    handlers.set_connection_callback(RTMConnectionCallback())
    for name in MESSAGES:
        handlers.tell(name, name)
    handlers.tell("event", 1, "login", 2, 3, "h:1", "")
    handlers.tell("ping")
    handlers.tell("connected", 1, "h:1", True, False)
    handlers.tell("closed", 1, "h:1", True, False)


def test_the_hooks_are_those_of_the_public_sdk() -> None:
    hooks = {
        name: list(inspect.signature(hook).parameters)[1:]
        for name, hook in vars(RTMServerPushMonitor).items()
        if name[0] != "_"
    }
    assert hooks == {
        "ping": [],
        **{f"push_{name}": ["message"] for name in MESSAGES},
        "push_event": ["pid", "event", "uid", "time", "endpoint", "data"],
    }
    assert rtm_sdk.RTMServerPushMonitor is RTMServerPushMonitor
    assert rtm_sdk.RTMConnectionCallback is RTMConnectionCallback


def test_any_object_with_hooks_will_do(handlers: Handlers) -> None:
    class Own:
        def __init__(self) -> None:
            self.heard: list[Any] = []

        def push_chat(self, message: object) -> None:
            self.heard.append(message)

    own = Own()
    handlers.set_monitor(own)
    handlers.tell("chat", 1)
    handlers.tell("cmd", 2)
    assert own.heard == [1]


def test_an_exception_is_logged_and_reported_and_the_others_run(caplog: pytest.LogCaptureFixture) -> None:
    reports: list[Any] = []
    calls: list[str] = []
    client = Client()
    client.on_callback_error = lambda name, error: reports.append((name, str(error)))
    handlers = Handlers(client)

    def fails(message: str) -> None:
        raise ValueError(f"no {message}")

    handlers.add("group_chat", fails)
    handlers.add("group_chat", calls.append)
    handlers.tell("group_chat", "thanks")
    assert reports == [("group_chat", "no thanks")]
    assert calls == ["thanks"]
    assert "the handler of group_chat raised" in caplog.text
    client.on_callback_error = fails  # type: ignore[assignment]
    handlers.tell("group_chat", "more")
    assert calls == ["thanks", "more"]
    assert "on_callback_error raised" in caplog.text


@pytest.mark.parametrize("name", ["", "push_chat", "groupchat", "set_monitor", None, ["chat"]])
def test_unknown_name(handlers: Handlers, name: Any) -> None:
    with pytest.raises(ValueError, match="name must be one of ping, event, message, chat, cmd, file, group_message, "):
        handlers.add(name, print)


def test_wrong_types(handlers: Handlers) -> None:
    with pytest.raises(TypeError, match="function must be callable, not str"):
        handlers.add("chat", "print")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"processor must be an object: pass RTMServerPushMonitor\(\), not the class"):
        handlers.set_monitor(RTMServerPushMonitor)
    with pytest.raises(TypeError, match=r"callback must be an object: pass RTMConnectionCallback\(\), not the class"):
        handlers.set_connection_callback(RTMConnectionCallback)
    with pytest.raises(TypeError, match="processor has none of the methods ping, push_event, push_message"):
        handlers.set_monitor(object())
    with pytest.raises(TypeError, match="callback has none of the methods connected, closed"):
        handlers.set_connection_callback(print)
    assert not handlers.any


class TestFunctionsWhoseCodeWouldNeverRun:
    async def coroutine(self, message: object) -> None: ...

    def generator(self, message: object) -> Iterator[object]:
        yield message

    async def both(self, message: object) -> AsyncIterator[object]:
        yield message

    async def __call__(self, message: object) -> None: ...

    @pytest.mark.parametrize("name", ["coroutine", "generator", "both", "__call__"])
    def test_are_refused(self, handlers: Handlers, name: str) -> None:
        function = getattr(self, name)
        for refused in (function, functools.partial(function), self if name == "__call__" else function):
            with pytest.raises(TypeError, match="function must be a plain function: with async or yield its code"):
                handlers.add("chat", refused)
        assert not handlers.any

    def test_are_refused_as_hooks(self, handlers: Handlers) -> None:
        class Monitor(RTMServerPushMonitor):
            async def push_group_chat(self, message: object) -> None:  # type: ignore[override]
                pass

        with pytest.raises(TypeError, match=r"processor\.push_group_chat must be a plain function"):
            handlers.set_monitor(Monitor())
        assert not handlers.any


@pytest.mark.parametrize(
    ("name", "function", "wanted"),
    [
        ("chat", lambda: None, r"\(message\): too many positional arguments"),
        ("event", lambda event, uid: None, r"\(pid, event, uid, time, endpoint, data\): too many"),
        ("closed", lambda a, b, c, d, e: None, r"\(connection_id, endpoint, caused_by_error, is_reconnect\): missing"),
        ("ping", lambda message: None, r"\(\): missing a required argument: 'message'"),
    ],
)
def test_a_function_that_takes_other_arguments_is_refused(
    handlers: Handlers, name: str, function: Callable[..., Any], wanted: str
) -> None:
    with pytest.raises(TypeError, match=f"function for '{name}' must take {wanted}"):
        handlers.add(name, function)
    assert not handlers.any


@pytest.mark.parametrize("function", [print, queue.SimpleQueue().put, [].append, lambda message, more=1: None])
def test_a_function_that_can_take_them_is_taken(handlers: Handlers, function: Callable[..., Any]) -> None:
    handlers.add("chat", function)
    assert handlers.wanted("chat")
