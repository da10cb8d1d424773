"""The threads that run callbacks, and what happens to outstanding callbacks when the process ends."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable
from os import getpid

from .deadline import Deadline

__all__ = ["Outstanding", "WorkerPool", "flush_at_exit", "shared_workers"]

log = logging.getLogger("rtm_sdk.workers")

EXIT_FLUSH_SECONDS = 10.0
"""Seconds that all clients of the process together may take at exit to finish their outstanding callbacks."""

IDLE_SECONDS = 60.0
"""A worker without work for so long ends; the next job starts a new one."""

_LONGEST_WAIT_FOR_ROOM = 0.05
"""Seconds after which a caller that waits looks for itself, for callbacks that are done one by one."""

Job = Callable[[], None]

_on_worker = threading.local()


class WorkerPool:
    """A few daemon threads that run jobs: started with the first job, new after a fork, gone after `close()`.

    The pool does not bound its queue: who submits holds an `Outstanding` and bounds what it hands over.

    Args:
        size: the most threads that run at once.
        name: the beginning of their names.
    """

    def __init__(self, size: int = 4, name: str = "rtm-worker") -> None:
        if not isinstance(size, int) or isinstance(size, bool):
            raise TypeError(f"size must be an int, not {type(size).__name__}")
        if size < 1:
            raise ValueError("size must be at least 1")
        self.size = size
        self.name = name
        self._reset()
        _pools.add(self)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._jobs: deque[Job] = deque()
        self._idle: list[threading.Lock] = []
        self._threads: set[threading.Thread] = set()
        self._number = 0
        self._closing = False
        self.pid = getpid()

    def submit(self, job: Job) -> None:
        """Queue a job; it must not raise. From any thread."""
        if self.pid != getpid():
            _renew(self)
        self._jobs.append(job)
        if self._idle or len(self._threads) < self.size:
            self._add_hands()

    def _add_hands(self) -> None:
        with self._lock:
            if not self._threads:
                self._closing = False
            if self._idle:
                self._idle.pop().release()
            elif len(self._threads) < self.size and self._jobs:
                self._number += 1
                thread = threading.Thread(target=self._work, name=f"{self.name}-{self._number}", daemon=True)
                try:
                    thread.start()
                except RuntimeError:
                    return  # the interpreter is ending and starts no thread: run_here() does the work
                self._threads.add(thread)

    def _work(self) -> None:
        jobs = _on_worker.jobs = self._jobs
        while self._jobs is jobs:  # not so in a child that a job forked: what is queued there is the parent's
            try:
                job = jobs.popleft()
            except IndexError:
                if not self._wait_for_work():
                    return
                continue
            try:
                job()
            except BaseException:
                log.exception("a job raised")
            del job

    def _wait_for_work(self) -> bool:
        doorbell = threading.Lock()
        doorbell.acquire()
        with self._lock:
            self._idle.append(doorbell)
            if self._jobs:  # looked at after the doorbell hangs: submit() looks the other way round
                self._idle.remove(doorbell)
                return True
            if self._closing:
                self._leave(doorbell)
                return False
        if doorbell.acquire(timeout=IDLE_SECONDS):
            return True
        with self._lock:
            if doorbell not in self._idle:
                return True
            self._leave(doorbell)
            return False

    def _leave(self, doorbell: threading.Lock) -> None:
        self._threads.discard(threading.current_thread())  # first: submit() must see the doorbell or the free place
        self._idle.remove(doorbell)

    def run_here(self) -> bool:
        """Run one queued job in this thread if no worker is there to do it. True when a job was run."""
        if self._threads or self.pid != getpid():
            return False
        try:
            job = self._jobs.popleft()
        except IndexError:
            return False
        before = getattr(_on_worker, "jobs", None)
        _on_worker.jobs = self._jobs
        try:
            job()
        finally:
            _on_worker.jobs = before
        return True

    def on_worker(self) -> bool:
        """True in a job of this pool."""
        return getattr(_on_worker, "jobs", None) is self._jobs

    def close(self, timeout: float = 5.0) -> int:
        """Run what is queued, then end the threads.

        Args:
            timeout: seconds to wait for them.

        Returns:
            How many threads still run a job.
        """
        if self.pid != getpid():
            _renew(self)
        deadline = Deadline(timeout)
        while True:
            with self._lock:
                self._closing = True
                idle, self._idle = self._idle, []
                threads = self._threads - {threading.current_thread()}
            for doorbell in idle:
                doorbell.release()
            for thread in threads:
                thread.join(max(0.0, deadline.remaining()))
            if not threads or deadline.expired:  # a job may have submitted others, and they started new threads
                return len(self._threads)

    def __repr__(self) -> str:
        return f"<WorkerPool {len(self._threads)} of {self.size} threads, {len(self._jobs)} jobs queued>"


class Outstanding:
    """Counts the callbacks a client still owes, bounds them, and lets a thread wait until they are done.

    Args:
        limit: the most callbacks that may be owed at once. A caller that is over it waits until its deadline;
            a callback that makes a call cannot wait for itself, so calls made on a worker may go to twice the limit.
        workers: the pool the callbacks run on.
    """

    def __init__(self, limit: int, workers: WorkerPool) -> None:
        if not isinstance(limit, int) or isinstance(limit, bool):
            raise TypeError(f"max_outstanding must be an int, not {type(limit).__name__}")
        if limit < 1:
            raise ValueError("max_outstanding must be at least 1")
        self.limit = limit
        self._enough = limit * 3 // 4  # who waits for room is woken when there is some for more than one call
        self.workers = workers
        self.refused = 0
        self._reset()
        _owing[self] = None

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._owed: deque[None] = deque()  # only its length matters: append and pop need no lock
        self._wanting_room = 0
        self._flushing = 0
        self.pid = getpid()

    @property
    def count(self) -> int:
        """How many callbacks are owed now."""
        return len(self._owed)

    def add(self, deadline: Deadline) -> bool:
        """Count one more, waiting for room until the deadline. False when there was none: only an error may be owed."""
        if self.pid != getpid():
            _renew(self)
        owed = self._owed
        if len(owed) < self.limit:
            owed.append(None)
            return True
        limit = 2 * self.limit if self.workers.on_worker() else self.limit
        with self._lock:
            self._wanting_room += 1
            try:
                while not (room := len(owed) < limit) and limit == self.limit and not deadline.expired:
                    self._changed.wait(min(deadline.remaining(), _LONGEST_WAIT_FOR_ROOM))
            finally:
                self._wanting_room -= 1
            owed.append(None)
            if not room:
                self.refused += 1
            return room

    def done(self) -> None:
        """Give a place back, in the process that took it."""
        owed = self._owed
        owed.pop()
        if (self._wanting_room and len(owed) <= self._enough) or (self._flushing and not owed):
            with self._lock:
                self._changed.notify_all()

    def flush(self, timeout: float) -> int:
        """Wait until nothing is owed.

        Args:
            timeout: seconds.

        Returns:
            How many callbacks are still owed.
        """
        if self.pid != getpid():
            _renew(self)
        if self.workers.on_worker():
            raise RuntimeError("flush() inside a callback would wait for that callback itself")
        with self._lock:
            self._flushing += 1
            try:
                self._changed.wait_for(lambda: not self._owed, timeout)
            finally:
                self._flushing -= 1
            return len(self._owed)


_renewing: dict[int, threading.Lock] = {}
"""By process id: a lock that was held at the fork stays locked in the child."""


def _renew(what: WorkerPool | Outstanding) -> None:
    """Start afresh in a forked child where fork hooks are not called (uWSGI)."""
    with _renewing.setdefault(getpid(), threading.Lock()):
        if what.pid != getpid():
            what._reset()


_pools: weakref.WeakSet[WorkerPool] = weakref.WeakSet()
_owing: weakref.WeakKeyDictionary[Outstanding, None] = weakref.WeakKeyDictionary()
_shared: WorkerPool | None = None
_shared_lock = threading.Lock()


def shared_workers() -> WorkerPool:
    """The pool that all clients of the process use unless they are given one of their own."""
    global _shared
    if _shared is None:
        with _shared_lock:
            if _shared is None:
                _shared = WorkerPool()
    return _shared


def _after_fork_in_child() -> None:
    global _shared_lock
    _shared_lock = threading.Lock()
    for pool in list(_pools):
        pool._reset()
    for outstanding in list(_owing):
        outstanding._reset()


def _owing_now() -> list[Outstanding]:
    known = [reference() for reference in _owing.keyrefs()]  # a copy: callbacks may make clients meanwhile
    return [each for each in known if each is not None and each.count and each.pid == getpid()]


def flush_at_exit() -> None:
    """Finish what is owed, within one budget for the whole process, and say on stderr what could not be finished."""
    deadline = Deadline(EXIT_FLUSH_SECONDS)
    while (owing := _owing_now()) and not deadline.expired:
        for outstanding in owing:  # in turn, as the callbacks of one may make calls of another
            while not deadline.expired and outstanding.workers.run_here():
                pass
            outstanding.flush(min(max(0.0, deadline.remaining()), 0.05))
    left = sum(outstanding.count for outstanding in owing)
    if left:
        print(
            f"rtm_sdk: the process ends with {left} callbacks that did not run within {EXIT_FLUSH_SECONDS:g} s;"
            " call flush(timeout) on the client before the end of the program to wait longer",
            file=sys.stderr,
        )


atexit.register(flush_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
