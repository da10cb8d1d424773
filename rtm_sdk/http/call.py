"""One request with all its attempts."""

from __future__ import annotations

import logging
import sys
import threading

from ..deadline import Deadline
from ..errors import OK, CallFailed
from .bodies import Download
from .request import Request
from .retries import pause_before_retry

__all__ = ["Call", "Hopeless"]

log = logging.getLogger("rtm_sdk.http")


class Hopeless(CallFailed):
    """Another attempt would fail the same way."""


class Call:
    """A request, and what is known after the attempts that failed.

    Args:
        request: the request.
        body: its JSON.
        deadline: of the call.
        closed: set when the connection is closed meanwhile.

    Attributes:
        download: what writes the body of the answer to a file, when the request wants that.
        error: how the last attempt failed.
        maybe_delivered: an attempt before the last one may have been carried out.
    """

    __slots__ = (
        "_told",
        "body",
        "closed",
        "deadline",
        "download",
        "error",
        "failures",
        "maybe_delivered",
        "request",
    )

    def __init__(self, request: Request, body: bytes | None, deadline: Deadline, closed: threading.Event) -> None:
        self.request = request
        self.body = body
        self.deadline = deadline
        self.closed = closed
        self.download = None if request.target is None else Download(request.target, self.report)
        self.error = OK
        self.failures = 0
        self.maybe_delivered = False
        self._told = -1

    def attempt(self) -> Deadline:
        """The deadline of the next attempt: the first one of a repeatable request leaves time for another."""
        request = self.request
        if self.failures or not request.repeatable or request.content is not None or self.download is not None:
            return self.deadline
        return Deadline(self.deadline.remaining() / 2)

    def report(self, done: int, total: int) -> None:
        """Tell the progress; a repeat does not tell again what was told already."""
        on_progress = self.request.on_progress
        if on_progress is None and self.request.content is not None:
            on_progress = self.request.content.on_progress
        if on_progress is not None and done > self._told:
            self._told = done
            try:
                on_progress(done, total)
            except Exception:
                log.exception("on_progress raised; it is not called again for this file")
                self._told = sys.maxsize

    def failed(self, failure: CallFailed, *, repeatable: bool) -> float | None:
        """Take one more failure.

        Returns:
            Seconds to wait before the next attempt; None when there must not be another.
        """
        self.maybe_delivered = self.maybe_delivered or self.error.maybe_delivered
        self.error = failure.error_code
        self.failures += 1
        if isinstance(failure, Hopeless) or (self.download is not None and not self.download.can_repeat):
            return None
        remaining = self.deadline.remaining()
        return pause_before_retry(self.error, failures=self.failures, repeatable=repeatable, remaining=remaining)

    def final(self) -> CallFailed:
        """How the request ends without another attempt: whatever came last, an earlier one may have been delivered."""
        error = self.error
        if self.maybe_delivered and not error.maybe_delivered:
            text = f"{error.message or error.meaning}; an earlier attempt may have been delivered"
            error = error.replaced(text, maybe_delivered=True)
        return CallFailed(error)
