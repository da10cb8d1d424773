"""Which messages came before: the service may push one more than once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

__all__ = ["Duplicates"]


class Duplicates:
    """Remembers keys for a while. Every look costs the same, however many are remembered. For one thread.

    Args:
        window: seconds after its last sight for which a key is remembered.
        most: how many keys are remembered at most, some 30 MB for the default; beyond it the oldest is forgotten.
    """

    def __init__(self, window: float = 300.0, most: int = 100_000) -> None:
        self.window = window
        self.most = most
        self._last_sights: OrderedDict[Hashable, float] = OrderedDict()

    def is_new(self, key: Hashable, now: float) -> bool:
        """Say whether a key was not seen before, and remember it.

        Args:
            key: what must not repeat.
            now: when it came, in seconds on a clock that only goes forward.
        """
        sights = self._last_sights
        last = sights.get(key)
        sights[key] = now
        if last is not None:
            sights.move_to_end(key)
            return now - last > self.window
        while len(sights) > self.most or now - sights[next(iter(sights))] > self.window:
            sights.popitem(last=False)
        return True

    def __len__(self) -> int:
        return len(self._last_sights)
