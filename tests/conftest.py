"""What every test is held to."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rtm_sdk.deadline import Deadline
from rtm_sdk.workers import shared_workers

_DESCRIPTORS = Path("/proc/self/fd")
_PATIENCE = 5.0


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.is_alive()}


def _descriptors() -> set[tuple[str, str]]:
    """The open files, sockets and pipes of this process, where the system tells; devices are left out."""
    found = set()
    if _DESCRIPTORS.is_dir():
        for name in os.listdir(_DESCRIPTORS):
            try:
                target = os.readlink(_DESCRIPTORS / name)
            except OSError:
                continue
            if not target.startswith(("/dev/", "/proc/")):
                found.add((name, target))
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it once where the system does not tell which files are open."""
    if not _DESCRIPTORS.is_dir():
        terminalreporter.write_line(f"There is no {_DESCRIPTORS}: tests that leave files or sockets open go unnoticed.")


@pytest.fixture(autouse=True, scope="module")
def nothing_leaks() -> Iterator[None]:
    """A test file leaves no thread, socket or file behind.

    It looks once for each file, after the file's own fixtures are gone: one client or gate may serve several tests.
    The workers that all clients of the process share end on their own a minute after the last callback; here at once.
    """
    threads, descriptors = _threads(), _descriptors()
    yield
    shared_workers().close()
    deadline = Deadline(_PATIENCE)
    for thread in _threads() - threads:
        thread.join(max(deadline.remaining(), 0))
    left = [f"thread {thread.name}" for thread in _threads() - threads]
    if _descriptors() - descriptors:
        gc.collect()
    left += [f"descriptor {name}: {target}" for name, target in sorted(_descriptors() - descriptors)]
    assert not left, f"left behind: {', '.join(left)}"
