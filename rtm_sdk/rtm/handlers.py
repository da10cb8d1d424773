"""Where user code says what it wants to be told: an object with hooks, or plain functions by name."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any, Protocol

from .results import RTMMessage

__all__ = ["Handlers", "RTMConnectionCallback", "RTMServerPushMonitor"]

log = logging.getLogger("rtm_sdk.rtm")


class RTMServerPushMonitor:
    """What a business server hears. Override what you need and pass an object to `set_quest_processor`.

    The hooks of one client run one after the other, in the order of arrival, on a thread of their own. They may take
    their time, and call any method of the client.
    """

    def ping(self) -> None:
        """The service looks whether the connection lives; it has its answer already."""

    def push_message(self, message: RTMMessage) -> None:
        """A user sent a message of another kind to a user."""

    def push_group_message(self, message: RTMMessage) -> None:
        """A user sent a message of another kind to a group."""

    def push_room_message(self, message: RTMMessage) -> None:
        """A user sent a message of another kind to a room."""

    def push_chat(self, message: RTMMessage) -> None:
        """A user sent a chat to a user."""

    def push_group_chat(self, message: RTMMessage) -> None:
        """A user sent a chat to a group."""

    def push_room_chat(self, message: RTMMessage) -> None:
        """A user sent a chat to a room."""

    def push_cmd(self, message: RTMMessage) -> None:
        """A user sent a command to a user."""

    def push_group_cmd(self, message: RTMMessage) -> None:
        """A user sent a command to a group."""

    def push_room_cmd(self, message: RTMMessage) -> None:
        """A user sent a command to a room."""

    def push_file(self, message: RTMMessage) -> None:
        """A user sent a file to a user; `message.file_info` tells where it is."""

    def push_group_file(self, message: RTMMessage) -> None:
        """A user sent a file to a group; `message.file_info` tells where it is."""

    def push_room_file(self, message: RTMMessage) -> None:
        """A user sent a file to a room; `message.file_info` tells where it is."""

    def push_event(self, pid: int, event: str, uid: int, time: int, endpoint: str, data: str) -> None:
        """Something happened to a user.

        Args:
            pid: the project.
            event: `login` or `logout`.
            uid: the user.
            time: when, in seconds UTC.
            endpoint: where the user's connection is.
            data: more text; often empty.
        """


class RTMConnectionCallback:
    """What becomes of the connection to the server gate. Override what you need, pass it to `set_connection_callback`.

    The hooks run on the same thread as those of `RTMServerPushMonitor`, in one order with them.
    """

    def connected(self, connection_id: int, endpoint: str, success: bool, is_reconnect: bool) -> None:
        """The connection is up and the subscriptions are restored, or an attempt to connect has failed.

        Args:
            connection_id: the number of the attempt, another one for each in this process.
            endpoint: of the server gate.
            success: False when the attempt failed.
            is_reconnect: a connection was there before, and lost.
        """

    def closed(self, connection_id: int, endpoint: str, caused_by_error: bool, is_reconnect: bool) -> None:
        """The connection is gone.

        Args:
            connection_id: the one that `connected` was told with success.
            endpoint: of the server gate.
            caused_by_error: False when this side closed it: `close()` or `reconnect()`.
            is_reconnect: what `connected` was told: this connection was itself in place of a lost one.
        """


_PUSH_HOOKS = {
    "ping": "ping",
    "event": "push_event",
    **{
        f"{place}{kind}": f"push_{place}{kind}"
        for place in ("", "group_", "room_")
        for kind in ("message", "chat", "cmd", "file")
    },
}
_CONNECTION_HOOKS = {name: name for name in ("connected", "closed")}

_Hooks = dict[str, Callable[..., Any]]


class _Client(Protocol):
    @property
    def on_callback_error(self) -> Callable[[str, BaseException], None] | None: ...


class Handlers:
    """Who is to be told what. Any thread may change it at any time.

    Args:
        client: whose `on_callback_error` is told of exceptions.
    """

    def __init__(self, client: _Client) -> None:
        self._client = client
        self._functions: dict[str, list[Callable[..., Any]]] = {name: [] for name in (*_PUSH_HOOKS, *_CONNECTION_HOOKS)}
        self._monitor: _Hooks = {}
        self._connection: _Hooks = {}
        self.any = False
        """False until somebody wants to be told something."""

    def add(self, name: str, function: Callable[..., Any]) -> None:
        """Tell a function as well."""
        functions = self._of(name)
        if not callable(function):
            raise TypeError(f"function must be callable, not {type(function).__name__}")
        _check_plain("function", function)
        _check_arguments(name, function)
        functions.append(function)
        self.any = True

    def remove(self, name: str, function: Callable[..., Any]) -> None:
        """Tell a function no more."""
        try:
            self._of(name).remove(function)
        except ValueError:
            raise ValueError(f"function was not added for {name!r}") from None

    def _of(self, name: str) -> list[Callable[..., Any]]:
        try:
            return self._functions[name]
        except (KeyError, TypeError):
            raise ValueError(f"name must be one of {', '.join(self._functions)}, not {name!r}") from None

    def set_monitor(self, monitor: Any) -> None:
        """Tell an object of pushes, instead of the one before; None tells none."""
        self._monitor = _hooks("processor", monitor, _PUSH_HOOKS)
        self.any = True

    def set_connection_callback(self, callback: Any) -> None:
        """Tell an object of connections, instead of the one before; None tells none."""
        self._connection = _hooks("callback", callback, _CONNECTION_HOOKS)
        self.any = True

    def wanted(self, name: str) -> bool:
        """True when somebody wants to be told."""
        return bool(self._functions[name]) or name in self._monitor or name in self._connection

    def tell(self, name: str, *what: Any) -> None:
        """Run the user's code, all of it whatever a part of it does."""
        for hooks in (self._monitor, self._connection):
            hook = hooks.get(name)
            if hook is not None:
                self._run(name, hook, what)
        functions = self._functions[name]
        if functions:
            for function in functions.copy():
                self._run(name, function, what)

    def _run(self, name: str, function: Callable[..., Any], what: tuple[Any, ...]) -> None:
        try:
            function(*what)
        except BaseException as error:
            log.exception("the handler of %s raised", name)
            report = self._client.on_callback_error
            if report is not None:
                try:
                    report(name, error)
                except BaseException:
                    log.exception("on_callback_error raised")


def _hooks(argument: str, owner: Any, names: dict[str, str]) -> _Hooks:
    if owner is None:
        return {}
    if isinstance(owner, type):
        raise TypeError(f"{argument} must be an object: pass {owner.__name__}(), not the class itself")
    found = {name: getattr(owner, hook) for name, hook in names.items() if callable(getattr(owner, hook, None))}
    if not found:
        raise TypeError(f"{argument} has none of the methods {', '.join(names.values())}")
    for name, hook in found.items():
        _check_plain(f"{argument}.{names[name]}", hook)
    return found


def _check_plain(argument: str, function: Callable[..., Any]) -> None:
    """Refuse what only makes an object that nobody awaits or iterates over: its code would never run."""
    for code in (function, getattr(function, "__call__", None)):  # noqa: B004 (that of an object may be async)
        for kind in (inspect.iscoroutinefunction, inspect.isasyncgenfunction, inspect.isgeneratorfunction):
            if kind(code):
                raise TypeError(f"{argument} must be a plain function: with async or yield its code would never run")


def _check_arguments(name: str, function: Callable[..., Any]) -> None:
    """Refuse a function that cannot be called with what the hook of that name gets."""
    if name in _PUSH_HOOKS:
        hook: Callable[..., Any] = getattr(RTMServerPushMonitor, _PUSH_HOOKS[name])
    else:
        hook = getattr(RTMConnectionCallback, _CONNECTION_HOOKS[name])
    wanted = [each for each in inspect.signature(hook).parameters if each != "self"]
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # written in C, and does not tell
        return
    try:
        signature.bind(*wanted)
    except TypeError as error:
        raise TypeError(f"function for {name!r} must take ({', '.join(wanted)}): {error}") from None
