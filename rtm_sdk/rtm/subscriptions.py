"""What a client has asked to hear: kept over reconnections, said again on each new connection."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import NamedTuple

from .quests import Quest
from .results import ListenStatusInfo

__all__ = ["NOTHING", "Moment", "Subscriptions"]

NOTHING = ListenStatusInfo(False, False, False, False, frozenset(), frozenset(), frozenset(), frozenset())


class Moment(NamedTuple):
    """When a call began, as far as subscriptions are concerned."""

    link: int
    """The number of the link that the call goes to, if that link does not break meanwhile."""
    closings: int
    """How often everything had been forgotten."""


class Subscriptions:
    """The subscriptions of one client. They are the connection's on the side of the service, and lost with it.

    Args:
        hold_open: is told whether the connection must be kept open. It must not wait.
    """

    def __init__(self, hold_open: Callable[[bool], None]) -> None:
        self._hold_open = hold_open
        self._closings = 0
        self._reset()

    def _reset(self) -> None:
        self.status = NOTHING
        self._lock = threading.Lock()
        self._links = 0
        self._link: object = None
        self._pid = os.getpid()

    def forked(self) -> None:
        """In a forked child: the subscriptions are those of the parent's connection, which goes on hearing."""
        if self._pid != os.getpid():
            self._reset()

    @property
    def any(self) -> bool:
        """True when something is subscribed to."""
        return self.status != NOTHING

    # ------------------------------------------------------------------ what the caller asks for

    def now(self) -> Moment:
        """To be taken when a call begins that changes the subscriptions."""
        self.forked()
        with self._lock:
            return Moment(self._links + (self._link is None), self._closings)

    def record(self, moment: Moment, change: Callable[[ListenStatusInfo], ListenStatusInfo]) -> bool:
        """A call that changes the subscriptions was a success.

        Args:
            moment: when it began.
            change: what it changed.

        Returns:
            True when it has to be sent again: the connection was renewed meanwhile, and what the service has been told
            on the new one did not hold the change.
        """
        with self._lock:
            if moment.closings != self._closings:
                return False
            before = self.any
            self.status = change(self.status)
            if self.any != before:
                self._hold_open(self.any)
            return self._link is not None and moment.link != self._links

    def forget(self) -> None:
        """The client closes: there are no subscriptions any more, nor by calls that are under way."""
        self.forked()
        with self._lock:
            self._closings += 1
            self.status = NOTHING

    # ------------------------------------------------------------------ links

    def link_is_up(self, link: object) -> list[Quest]:
        """There is a new link, which nobody uses yet. Returns the quests that subscribe again."""
        with self._lock:
            self._links += 1
            self._link = link
            return _quests(self.status)

    def link_is_down(self, link: object) -> None:
        """A link broke."""
        with self._lock:
            if self._link is link:
                self._link = None


def _quests(status: ListenStatusInfo) -> list[Quest]:
    """The service keeps what is heard of everybody and what is in lists apart, so there is a quest for each."""
    everything = {
        "p2p": status.all_p2p,
        "group": status.all_groups,
        "room": status.all_rooms,
        "ev": status.all_events,
    }
    lists = {
        "gids": sorted(status.group_ids),
        "rids": sorted(status.room_ids),
        "uids": sorted(status.user_ids),
        "events": sorted(status.events),
    }
    return [Quest("setlisten", form, repeatable=True) for form in (everything, lists) if any(form.values())]
