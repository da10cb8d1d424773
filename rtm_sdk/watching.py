"""Calls that somebody watches: the function that a client has as `on_event`, or the log at level DEBUG."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from .errors import FPNN_ERROR, ErrorCode
from .events import Answered, Event, Failed, Started

if TYPE_CHECKING:
    from .calling import Caller

__all__ = ["Watch", "is_watched", "tell"]

log = logging.getLogger("rtm_sdk.calls")

_numbers = itertools.count(1)
_is_logged = log.isEnabledFor
_telling = threading.local()


def is_watched(client: Caller) -> bool:
    """Whether somebody wants to know of the calls of a client."""
    return client.on_event is not None or _is_logged(logging.DEBUG)


def tell(listener: Callable[[Event], object] | None, event: Event) -> None:
    """Tell a listener, if there is one, of an event. From any thread; no lock must be held."""
    if listener is not None and not _busy():
        _telling.now = True
        try:
            listener(event)
        except Exception:
            log.exception("on_event raised")
        finally:
            _telling.now = False


def _busy() -> bool:
    return getattr(_telling, "now", False)
