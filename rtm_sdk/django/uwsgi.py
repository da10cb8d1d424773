"""uWSGI without threads: synchronous calls work, what is done on other threads stands still between requests.

Recent releases always have threads. In those up to 2.0.23 at least they are off unless they are asked for.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..client import Client

__all__ = ["ADVICE", "PROBLEM", "callbacks_were_used", "threads_are_off", "watch_callbacks"]

log = logging.getLogger("rtm_sdk.django")

PROBLEM = "uWSGI runs without threads, so that callbacks stand still between requests"
ADVICE = "start uWSGI with --enable-threads, or make these calls without callback"

_used = False


def threads_are_off() -> bool:
    """Whether this process is one of uWSGI's, and no other Python thread runs while it waits for requests."""
    try:
        uwsgi = importlib.import_module("uwsgi")
    except ImportError:
        return False
    return not getattr(uwsgi, "has_threads", True)


def callbacks_were_used() -> bool:
    """Whether a call with a callback was made in this process while its threads are off."""
    return _used


def watch_callbacks(client: Client) -> None:
    """Log once when a client that was made while threads are off is called with a callback."""
    begin = client._begin

    def noticed(step: Any, deadline: Any, resume: Callable[[Any], None]) -> None:
        global _used
        if not _used:
            _used = True
            log.warning("%s: %s", PROBLEM, ADVICE)
        begin(step, deadline, resume)

    client._begin = noticed
