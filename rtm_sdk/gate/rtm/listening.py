"""What the gate answers when a business server listens, and who hears what.

A subscription belongs to the connection it was made on, and ends with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...errors import FPNN_ERROR, RTM_ERROR
from ..refusal import Refusal
from ..store import MessageKind
from . import params as read
from .methods import Answer, Call, method

if TYPE_CHECKING:
    from ..connection import Connection

__all__ = ["EVENTS", "MAX_LISTENED", "Listeners"]

MAX_LISTENED = 100_000
"""How many ids one list of a subscription may hold; more is refused as 200032."""

EVENTS = ("login", "logout")
"""The events there are. Others may be subscribed to, and never happen."""

_LISTS = {
    MessageKind.P2P: "uids",
    MessageKind.GROUP: "gids",
    MessageKind.ROOM: "rids",
}
_KINDS = {
    MessageKind.P2P: "p2p",
    MessageKind.GROUP: "group",
    MessageKind.ROOM: "room",
}
_EVENTS, _ALL_EVENTS = "events", "ev"

Lists = dict[str, set[Any]]


class _Subscription:
    """What one connection hears of one project: what is in its lists, and all of the kinds that are switched on."""

    __slots__ = ("lists", "switches")

    def __init__(self) -> None:
        self.lists: Lists = {name: set() for name in (*_LISTS.values(), _EVENTS)}
        self.switches = dict.fromkeys((*_KINDS.values(), _ALL_EVENTS), False)


class Listeners:
    """The subscriptions of all connections. Used by the gate's thread alone.

    Args:
        to_receivers: whether a listed user is heard when a message is sent to them, or only when they send one.
    """

    def __init__(self, to_receivers: bool) -> None:
        self._to_receivers = to_receivers
        self._subscriptions: dict[int, dict[Connection, _Subscription]] = {}

    def subscription(self, pid: int, connection: Connection) -> _Subscription:
        """What a connection hears of a project; nothing so far if it is new here."""
        return self._subscriptions.setdefault(pid, {}).setdefault(connection, _Subscription())

    def forget(self, connection: Connection) -> None:
        """A connection hears nothing any more."""
        for pid, subscriptions in list(self._subscriptions.items()):
            subscriptions.pop(connection, None)
            if not subscriptions:
                del self._subscriptions[pid]

    def of_message(self, pid: int, kind: MessageKind, sender: int, target: int) -> list[Connection]:
        """The connections that hear a message, each once; nobody hears broadcasts."""
        subscriptions = self._subscriptions.get(pid)
        if not subscriptions or kind == MessageKind.BROADCAST:
            return []
        name, switch = _LISTS[kind], _KINDS[kind]
        wanted = {target}
        if kind == MessageKind.P2P:
            wanted = {sender, target} if self._to_receivers else {sender}
        return [
            connection
            for connection, subscription in subscriptions.items()
            if subscription.switches[switch] or not wanted.isdisjoint(subscription.lists[name])
        ]

    def of_event(self, pid: int, event: str) -> list[Connection]:
        """The connections that hear an event."""
        return [
            connection
            for connection, subscription in self._subscriptions.get(pid, {}).items()
            if subscription.switches[_ALL_EVENTS] or event in subscription.lists[_EVENTS]
        ]


@method("addlisten")
def add_listen(call: Call) -> Answer:
    """Adds to the lists; those that are absent or empty stay."""
    subscription, lists = _subscription(call), _lists(call)
    for name, added in lists.items():
        number = len(subscription.lists[name] | added)
        if number > MAX_LISTENED:
            raise Refusal(
                RTM_ERROR.RTM_EC_TOO_MANY_ITEMS_IN_PARAMETERS,
                f"with the parameter {name!r} the list would hold {number} items, the limit is {MAX_LISTENED}",
            )
    for name, added in lists.items():
        subscription.lists[name] |= added
    return {}


@method("removelisten")
def remove_listen(call: Call) -> Answer:
    """Takes out of the lists; what is not in them is passed over."""
    subscription = _subscription(call)
    for name, removed in _lists(call).items():
        subscription.lists[name] -= removed
    return {}


@method("setlisten")
def set_listen(call: Call) -> Answer:
    """Replaces the lists if one is given, and the switches if one is given; what is left out of them is empty or off.

    Lists and switches are kept apart, and something is heard when either fits. A quest without any of them asks to hear
    nothing at all: it clears both.
    """
    params = call.params
    subscription, lists = _subscription(call), _lists(call)
    switches = {name: read.boolean(params, name, False) for name in subscription.switches}
    with_lists, with_switches = not lists.keys().isdisjoint(params), not switches.keys().isdisjoint(params)
    if with_lists or not with_switches:
        subscription.lists = lists
    if with_switches or not with_lists:
        subscription.switches = switches
    return {}


def _subscription(call: Call) -> _Subscription:
    call.connection.watch()
    return call.listeners.subscription(call.pid, call.connection)


def _lists(call: Call) -> Lists:
    params = call.params
    return {
        "uids": _ids(params, "uids", read.uids),
        "gids": _ids(params, "gids", read.ids),
        "rids": _ids(params, "rids", read.ids),
        _EVENTS: _events(params),
    }


def _ids(params: dict[str, Any], name: str, reader: Callable[[dict[str, Any], str, int], list[int]]) -> set[int]:
    """A list that may be absent; the C++ SDK always sends all, also empty ones."""
    return set() if params.get(name, []) in ([], {}) else set(reader(params, name, MAX_LISTENED))


def _events(params: dict[str, Any]) -> set[str]:
    names = params.get(_EVENTS, [])
    if type(names) is not list and type(names) is not dict:
        raise Refusal(
            FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT,
            f"the parameter {_EVENTS!r} must be a list, not {type(names).__name__}",
        )
    return {read.string({_EVENTS: name}, _EVENTS) for name in names}.intersection(EVENTS)
