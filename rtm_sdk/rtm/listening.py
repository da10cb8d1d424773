"""Hearing what users do: what to hear, and who is to be told.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, overload

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .handlers import Handlers, RTMConnectionCallback, RTMServerPushMonitor
from .pushes import Pushes
from .quests import Quest
from .results import ListenStatusInfo
from .subscriptions import NOTHING, Subscriptions

__all__ = ["Listening"]

F = TypeVar("F", bound=Callable[..., Any])

_Change = Callable[[ListenStatusInfo], ListenStatusInfo]


class Listening:
    """Copies of what users send and events of users, as they happen.

    Say who is to be told (`on`, `set_quest_processor`), then what is to be heard (`set_all_listen`, `add_listen` ...).
    Lists and `set_all_listen` add up: something is heard when either fits.

    As long as anything is subscribed to, the connection is held open; when it breaks it is opened again and the
    subscriptions are restored, as often as need be. `close()` ends them. A forked child does not hear what its parent
    has subscribed to.

    The service has its answer before a handler runs. Handlers run one after the other in the order of arrival, on a
    thread of their own, so that a slow one delays only those after it. A message that the service sends again within
    300 s is handed out once. When too many pushes wait for their handlers (`push_queue`), `push_overflow` says which
    are dropped, and `pushes_dropped` counts them.
    """

    subscriptions: Subscriptions
    _handlers: Handlers
    _pushes: Pushes

    @operation
    def add_listen(
        self,
        gids: Iterable[int] | None = None,
        rids: Iterable[int] | None = None,
        uids: Iterable[int] | None = None,
        events: Iterable[str] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Hear more.

        Args:
            gids: groups.
            rids: rooms.
            uids: users whose messages to users are heard.
            events: `login`, `logout`.

        Wire: addlisten.
        """
        lists = _lists(gids, rids, uids, events)

        def add(status: ListenStatusInfo) -> ListenStatusInfo:
            return status._replace(**{field: getattr(status, field) | more for field, more in _fields(lists)})

        return _subscribe(self.subscriptions, "addlisten", lists, add)

    @operation
    def remove_listen(
        self,
        gids: Iterable[int] | None = None,
        rids: Iterable[int] | None = None,
        uids: Iterable[int] | None = None,
        events: Iterable[str] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Hear less of what `add_listen` and `set_listen` asked for.

        Args:
            gids: groups.
            rids: rooms.
            uids: users whose messages to users were heard.
            events: `login`, `logout`.

        Wire: removelisten.
        """
        lists = _lists(gids, rids, uids, events)

        def remove(status: ListenStatusInfo) -> ListenStatusInfo:
            return status._replace(**{field: getattr(status, field) - less for field, less in _fields(lists)})

        return _subscribe(self.subscriptions, "removelisten", lists, remove)

    @operation
    def set_listen(
        self,
        gids: Iterable[int] | None = None,
        rids: Iterable[int] | None = None,
        uids: Iterable[int] | None = None,
        events: Iterable[str] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Hear exactly this, besides what `set_all_listen` asked for. Without any argument, hear nothing at all.

        Args:
            gids: groups; left out, none.
            rids: rooms; left out, none.
            uids: users whose messages to users are heard; left out, none.
            events: `login`, `logout`; left out, none.

        Wire: setlisten.
        """
        lists = _lists(gids, rids, uids, events)

        def replace(status: ListenStatusInfo) -> ListenStatusInfo:
            return status._replace(**_NO_LISTS | dict(_fields(lists))) if lists else NOTHING

        return _subscribe(self.subscriptions, "setlisten", lists, replace)

    @operation
    def set_all_listen(
        self,
        p2p: bool | None = None,
        group: bool | None = None,
        room: bool | None = None,
        ev: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Hear everything of some kinds, besides what the lists ask for. Without any argument, hear nothing at all.

        Args:
            p2p: the messages between all users; left out, no.
            group: the messages in all groups; left out, no.
            room: the messages in all rooms; left out, no.
            ev: all events; left out, no.

        Wire: setlisten.
        """
        given = {"p2p": p2p, "group": group, "room": room, "ev": ev}
        flags = {name: arguments.flag(name, value) for name, value in given.items() if value is not None}

        def replace(status: ListenStatusInfo) -> ListenStatusInfo:
            everything: dict[str, Any] = {field: flags.get(name, False) for name, field in _FLAG_FIELDS.items()}
            return status._replace(**everything) if flags else NOTHING

        return _subscribe(self.subscriptions, "setlisten", flags, replace)

    @property
    def listen_status(self) -> ListenStatusInfo:
        """What is subscribed to: all calls that were a success, added up."""
        return self.subscriptions.status

    # ------------------------------------------------------------------ who is told

    @overload
    def on(self, name: str, function: None = None) -> Callable[[F], F]: ...
    @overload
    def on(self, name: str, function: F) -> F: ...
    def on(self, name: str, function: Any = None) -> Any:
        """Have a function called. As a decorator: `@client.on("group_chat")`.

        Args:
            name: `message`, `chat`, `cmd`, `file` (the function gets an `RTMMessage`), each also as `group_...` and
                `room_...`; `event` and `ping` (the arguments of the hooks `push_event` and `ping` of
                `RTMServerPushMonitor`); `connected` and `closed` (those of `RTMConnectionCallback`).
            function: what to call, after those that were given before. A plain function: nobody awaits an async one.

        Returns:
            The function.

        Raises:
            ValueError: there is no such name; the text lists all.
            TypeError: the function is async, or does not take these arguments.
        """
        if function is None:
            return lambda decorated: self.on(name, decorated)
        self._handlers.add(name, function)
        return function

    def off(self, name: str, function: Callable[..., Any]) -> None:
        """Do not call a function any more that was given to `on`.

        Args:
            name: as it was given.
            function: as it was given.

        Raises:
            ValueError: it was not given.
        """
        self._handlers.remove(name, function)

    def set_quest_processor(self, processor: RTMServerPushMonitor | None) -> None:
        """Have an object told what is heard, instead of the one before; functions given to `on` are called as well.

        Args:
            processor: its hooks are called; None ends it.
        """
        self._handlers.set_monitor(processor)

    def set_connection_callback(self, callback: RTMConnectionCallback | None) -> None:
        """Have an object told what becomes of the connection, instead of the one before.

        Args:
            callback: its hooks are called; None ends it.
        """
        self._handlers.set_connection_callback(callback)

    @property
    def pushes_dropped(self) -> int:
        """How many pushes were answered but not handed out, because too many waited or the client was closed."""
        return self._pushes.dropped


_LIST_FIELDS = {"gids": "group_ids", "rids": "room_ids", "uids": "user_ids", "events": "events"}
_FLAG_FIELDS = {"p2p": "all_p2p", "group": "all_groups", "room": "all_rooms", "ev": "all_events"}
_NO_LISTS: dict[str, Any] = dict.fromkeys(_LIST_FIELDS.values(), frozenset())


def _lists(gids: Any, rids: Any, uids: Any, events: Any) -> dict[str, Any]:
    return {
        **arguments.optional("gids", gids, arguments.ids),
        **arguments.optional("rids", rids, arguments.ids),
        **arguments.optional("uids", uids, arguments.ids),
        **arguments.optional("events", events, arguments.texts),
    }


def _fields(lists: dict[str, Any]) -> Iterable[tuple[str, frozenset[Any]]]:
    return [(_LIST_FIELDS[name], frozenset(values)) for name, values in lists.items()]


def _subscribe(subscriptions: Subscriptions, method: str, params: dict[str, Any], change: _Change) -> Operation[None]:
    to_be_sent = True
    while to_be_sent:
        moment = subscriptions.now()
        yield Quest(method, params, repeatable=True)
        to_be_sent = subscriptions.record(moment, change)
