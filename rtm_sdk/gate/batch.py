"""One transaction for all quests of one turn of the loop, and the answers only after it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import Protocol

from ..errors import FPNN_ERROR
from .refusal import Refusal
from .store import Store

__all__ = ["STORE_FAILED", "Batch"]

log = logging.getLogger("rtm_sdk.gate")


STORE_FAILED = Refusal(FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_ERROR, "the store of the gate failed, nothing was kept")
"""What a quest is answered when its turn cannot be made durable."""


class _Member(Protocol):
    def deliver(self, failure: Refusal | None) -> None: ...


class Batch:
    """The turn that is open now.

    The first quest opens it and schedules its end, so whatever else is readable in this turn of the loop comes in as
    well.

    Args:
        loop: the gate's loop.
        store: the gate's store.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, store: Store) -> None:
        self._loop = loop
        self._store = store
        self._open = False
        self._members: dict[_Member, None] = {}

    def join(self, member: _Member) -> bool:
        """Be part of the turn.

        Args:
            member: its ``deliver`` is called when the turn is durable, or with a `Refusal` when it failed.

        Returns:
            whether work can be done in the turn; False when SQLite has given it up.
        """
        self._members[member] = None
        if not self._open:
            self._open = True
            self._loop.call_soon(self.close)
            try:
                self._store.begin()
            except sqlite3.Error:
                log.exception("the store failed: no turn can be opened")
        return self._store.in_transaction

    def close(self) -> None:
        """Make the turn durable and let its members deliver. Without an open turn nothing happens."""
        if not self._open:
            return
        self._open = False
        members, self._members = self._members, {}
        failure = None
        try:
            self._store.commit()
        except sqlite3.Error:
            log.exception("the store failed: nothing of this turn is kept")
            failure = STORE_FAILED
        for member in members:
            member.deliver(failure)
