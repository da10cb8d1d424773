"""Calls that somebody watches: the function that a client has as `on_event`, or the log at level DEBUG."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from .errors import FPNN_ERROR, ErrorCode
from .events import Answered, Event, Failed, Started

if TYPE_CHECKING:
    from .calling import Caller

__all__ = ["Watch", "are_logged", "tell", "watch_call"]

log = logging.getLogger("rtm_sdk.calls")

are_logged = partial(log.isEnabledFor, logging.DEBUG)
"""Whether the log takes a summary of each call."""

_numbers = itertools.count(1)
_telling = threading.local()


def watch_call(client: Caller, operation: str) -> Watch | None:
    """Watch a call of a client, for its listener and the log. Not one that comes of telling them."""
    return None if getattr(_telling, "now", False) else Watch(client, operation)


def tell(listener: Callable[[Event], object] | None, event: Event, *summary: Any) -> None:
    """Tell of an event. From any thread that holds no lock.

    Args:
        listener: the client's `on_event`.
        event: what it is given.
        summary: what is logged of it, a format and its arguments.
    """
    if getattr(_telling, "now", False):
        return
    _telling.now = True
    try:
        if summary:
            log.debug(*summary)
        if listener is not None:
            listener(event)
    except Exception:
        log.exception("on_event raised")
    finally:
        _telling.now = False


class Watch:
    """Tells of one call.

    Args:
        client: whose call it is.
        operation: the name of its method.
    """

    __slots__ = ("_began", "_client", "_listener", "_number", "_operation", "_seconds", "_target")

    def __init__(self, client: Caller, operation: str) -> None:
        self._client = client
        self._listener = client.on_event
        self._operation = operation
        self._number = 0
        self._seconds = -1.0
        self._began = monotonic()

    def started(self, step: Any) -> None:
        """The arguments are good, and this is the first step; None when there is none."""
        self._number = next(_numbers)
        self._target = self._client._target(step)
        tell(self._listener, Started(self._number, self._operation, self._target))

    def stop(self) -> None:
        """The outcome is there; it is told later."""
        self._seconds = monotonic() - self._began

    def ended(self, error_code: ErrorCode) -> None:
        """Tell the outcome."""
        if self._seconds < 0:
            self.stop()
        if not self._number:
            self.started(None)
        about = self._number, self._operation, self._target, self._seconds
        event = Failed(*about, error_code) if error_code else Answered(*about)
        outcome = " ".join(str(error_code).split())  # the service's own text may have several lines
        summary = ("%s to %s: %s after %.1f ms", self._operation, self._target, outcome, self._seconds * 1000)
        tell(self._listener, event, *summary)

    def ended_on_worker(self, error_code: ErrorCode) -> None:
        """The same where nothing may be raised, as a callback is owed."""
        try:
            self.ended(error_code)
        except BaseException:
            log.exception("on_event raised")

    def broke_off(self, error: BaseException) -> None:
        """An exception, which the caller gets, ends the call. Wrong arguments are no call at all."""
        if self._number:
            name = type(error).__name__
            self.ended(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_ERROR, f"{name} ended the call", maybe_delivered=True))
