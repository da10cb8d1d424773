"""What a client tells the function that was given to it as `on_event`: for metrics, tracing, or a log of your own.

A call tells `Started` once its arguments are good, and then either `Answered` or `Failed`, once. They come in the
context of the caller: for a synchronous call in its thread; for a call with a callback in the very context that the
callback runs in, `Started` in the calling thread, the other two on the worker, before the callback. `Reconnected` comes
in the thread that connected.

The function is called from several threads at once and should be quick: the call waits for it. What it raises is
logged and does no harm. Calls that it makes tell nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .errors import ErrorCode

__all__ = ["Answered", "Event", "Failed", "Reconnected", "Started"]


class Started(NamedTuple):
    """A call begins.

    Attributes:
        call: a number that its other event has as well; unique in the process.
        operation: the name of the client's method.
        target: where its first request goes: the `host:port` of a gate, or a URL without its query. Of addresses that
            are secret, those of webhooks and uploads, it is the host.
    """

    call: int
    operation: str
    target: str


class Answered(NamedTuple):
    """A call succeeded.

    Attributes:
        call: the number of its `Started`.
        operation: the name of the client's method.
        target: as in its `Started`.
        seconds: from the beginning of the call to its outcome.
    """

    call: int
    operation: str
    target: str
    seconds: float


class Failed(NamedTuple):
    """A call failed, after all its repeats.

    Attributes:
        call: the number of its `Started`.
        operation: the name of the client's method.
        target: as in its `Started`.
        seconds: from the beginning of the call to its outcome.
        error_code: what the caller gets; or 20001 when an exception, such as Ctrl-C, ended the call.
    """

    call: int
    operation: str
    target: str
    seconds: float
    error_code: ErrorCode


class Reconnected(NamedTuple):
    """A connection was opened in place of one that broke. One that `close()` closed does not count.

    Attributes:
        target: `host:port`.
    """

    target: str


Event = Started | Answered | Failed | Reconnected
