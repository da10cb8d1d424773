"""Commands that run until somebody stops them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue

__all__ = ["Stop", "stop_on_signals"]


class Stop:
    """Waits for a signal. A signal handler may not touch a `threading.Event`: its lock may be held at that moment."""

    def __init__(self) -> None:
        self._signals: SimpleQueue[int] = SimpleQueue()

    def wait(self, seconds: float) -> bool:
        """Wait for the first signal.

        Args:
            seconds: to wait at most.

        Returns:
            Whether it came.
        """
        try:
            self._signals.get(timeout=seconds)
        except Empty:
            return False
        return True

    def tell(self, number: int, frame: object) -> None:
        """Be the handler of a signal."""
        self._signals.put(number)


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """What SIGINT and SIGTERM tell, for as long as the block runs."""
    stop = Stop()
    before = {number: signal.signal(number, stop.tell) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
