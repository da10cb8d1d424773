"""Functions of the user that do what a local server cannot."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

__all__ = ["FUNCTIONS", "Threads", "load_functions"]

R = TypeVar("R")

FUNCTIONS = ("translate", "speech2text", "icheck", "acheck", "vcheck")
"""The calls that a function can answer."""

MAX_THREADS = 32
"""So many functions run at once; other calls wait."""


def load_functions(functions: Mapping[str, Callable[..., Any] | str]) -> dict[str, Callable[..., Any]]:
    """Check the functions and import those that are named.

    Args:
        functions: by the name of the call they answer; a callable, or ``"module:function"``.

    Raises:
        TypeError: one cannot be called.
        ValueError: there is no such call, or one cannot be imported.
    """
    loaded = {}
    for name, function in functions.items():
        if name not in FUNCTIONS:
            raise ValueError(f"functions: there is none for {name!r}, only for {', '.join(FUNCTIONS)}")
        loaded[name] = _load(name, function) if isinstance(function, str) else function
        if not callable(loaded[name]):
            raise TypeError(f"functions: what is given for {name} cannot be called")
    return loaded


def _load(name: str, place: str) -> Any:
    module, colon, path = place.partition(":")
    if not (module and colon and path):
        raise ValueError(f"functions: {place!r} for {name} is not 'module:function'")
    try:
        found = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as fault:
        raise ValueError(f"functions: cannot import {place!r} for {name}: {fault}") from fault
    return found


class Threads:
    """Runs functions that may be slow, each on a thread of its own.

    The threads are daemons: neither the end of the gate nor that of the process waits for them.
    """

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(MAX_THREADS)

    async def run(self, work: Callable[[], R]) -> R:
        """Run something; when this is cancelled it goes on, and nobody learns what came of it."""
        async with self._places:
            outcome: Future[R] = Future()
            outcome.set_running_or_notify_cancel()

            def run() -> None:
                try:
                    outcome.set_result(work())
                except BaseException as fault:
                    outcome.set_exception(fault)

            Thread(target=run, name="rtm-gate-function", daemon=True).start()
            return await asyncio.wrap_future(outcome)
