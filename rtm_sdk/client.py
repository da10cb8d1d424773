"""What the clients of all services share: options of calls, workers, outstanding callbacks, the context manager."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from .events import Reconnected
from .watching import tell
from .workers import Outstanding, WorkerPool, shared_workers

if TYPE_CHECKING:
    from typing_extensions import Self

    from .deadline import Deadline
    from .events import Event

__all__ = ["Client", "checked_seconds", "seconds_to_wait"]

log = logging.getLogger("rtm_sdk.client")


class Client(ABC):
    """The base of all clients: takes and checks the options that mean the same everywhere.

    Args:
        timeout: seconds that a call may take in all when it does not say otherwise.
        max_outstanding: the most callbacks that may be owed at once; a caller beyond waits until its deadline, then its
            callback gets 20011.
        workers: the pool that callbacks run on; None uses the one all clients of the process share.
        on_callback_error: called with the operation's or the handler's name and the exception when a callback or a
            handler raised.
        on_event: called with what `rtm_sdk.events` describes: the beginning and the outcome of each call, and that the
            client connected again.
    """

    def __init__(
        self,
        *,
        timeout: float,
        max_outstanding: int,
        workers: WorkerPool | None,
        on_callback_error: Callable[[str, BaseException], None] | None,
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        if workers is not None and not isinstance(workers, WorkerPool):
            raise TypeError(f"workers must be a WorkerPool, not {type(workers).__name__}")
        if on_callback_error is not None and not callable(on_callback_error):
            raise TypeError(f"on_callback_error must be callable, not {type(on_callback_error).__name__}")
        if on_event is not None and not callable(on_event):
            raise TypeError(f"on_event must be callable, not {type(on_event).__name__}")
        self.timeout = checked_seconds("timeout", timeout)
        self.on_callback_error = on_callback_error
        self.on_event = on_event
        self.outstanding = Outstanding(max_outstanding, workers or shared_workers())

    _perform: Callable[[Any, Deadline], Any]
    """Carries out one step in this thread; gives the answer or raises `CallFailed`."""

    _begin: Callable[[Any, Deadline, Callable[[Any], None]], None]
    """Carries out one step without holding this thread; the function gets the answer or a `CallFailed`, once."""

    @abstractmethod
    def _target(self, step: Any) -> str:
        """Where a step goes, for events and logs; None stands for one that never came."""

    def _reconnected(self, target: str) -> None:
        tell(self.on_event, Reconnected(target))

    def flush(self, timeout: float = 30.0) -> int:
        """Wait until every callback of this client has run.

        Args:
            timeout: seconds to wait at most.

        Returns:
            How many callbacks are still owed: 0 when all have run.
        """
        return self.outstanding.flush(seconds_to_wait(timeout))

    @abstractmethod
    def close(self, timeout: float = 5.0) -> None:
        """Close all connections; calls that wait are answered with 20002 or 20012. A later call opens them again.

        Args:
            timeout: seconds to wait for threads to end, in all.
        """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            left = 0 if self.outstanding.workers.on_worker() else self.flush(self.timeout)
            if left:
                log.warning("the client closes with %d callbacks that did not run within %g s", left, self.timeout)
        finally:
            self.close()


def checked_seconds(name: str, value: Any) -> float:
    """Check an option that is a number of seconds.

    Args:
        name: of the option.
        value: what was given.

    Raises:
        TypeError: it is no number.
        ValueError: it is not positive, or not finite.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number of seconds, not {type(value).__name__}")
    if not 0 < value < 1e9:
        raise ValueError(f"{name} must be a positive, finite number of seconds, not {value}")
    return float(value)


def seconds_to_wait(timeout: Any) -> float:
    """Check the argument `timeout` of what may also look once and not wait.

    Raises:
        TypeError: it is no number.
        ValueError: it is negative, or not finite.
    """
    return 0.0 if timeout == 0 and not isinstance(timeout, bool) else checked_seconds("timeout", timeout)
