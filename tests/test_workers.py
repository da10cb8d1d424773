from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from rtm_sdk import workers
from rtm_sdk.deadline import Deadline
from rtm_sdk.workers import Outstanding, WorkerPool, shared_workers

from .scripts import run_script

PATIENCE = 10.0

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    with_two = WorkerPool(2)
    yield with_two
    assert with_two.close(PATIENCE) == 0


def waited(event: threading.Event) -> None:
    assert event.wait(PATIENCE), "nothing happened"


def refuse_to_start(thread: threading.Thread) -> None:
    raise RuntimeError("can't create new thread at interpreter shutdown")


class Meeting:
    """A job that tells when it runs, and stays until it is let go."""

    def __init__(self) -> None:
        self.here = threading.Event()
        self.go = threading.Event()
        self.thread: threading.Thread | None = None

    def __call__(self) -> None:
        self.thread = threading.current_thread()
        self.here.set()
        waited(self.go)


def on(pool: WorkerPool, call: Callable[[], object]) -> object:
    """What a call gives, or raises, in a job."""
    outcome: list[object] = []
    end = threading.Event()

    def job() -> None:
        try:
            outcome.append(call())
        except Exception as error:
            outcome.append(error)
        end.set()

    pool.submit(job)
    waited(end)
    return outcome[0]


class TestWorkerPool:
    def test_starts_with_the_first_job(self) -> None:
        before = threading.active_count()
        pool = WorkerPool()
        assert threading.active_count() == before
        job = Meeting()
        pool.submit(job)
        waited(job.here)
        assert threading.active_count() == before + 1
        assert job.thread is not None
        assert job.thread.daemon
        assert job.thread.name == "rtm-worker-1"
        assert repr(pool) == "<WorkerPool 1 of 4 threads, 0 jobs queued>"
        job.go.set()
        assert pool.close(PATIENCE) == 0
        assert threading.active_count() == before

    @pytest.mark.parametrize("size", [0, -1])
    def test_size_must_be_positive(self, size: int) -> None:
        with pytest.raises(ValueError, match="size must be at least 1"):
            WorkerPool(size)

    @pytest.mark.parametrize("size", [True, 1.0, "4", None])
    def test_size_must_be_an_int(self, size: object) -> None:
        with pytest.raises(TypeError, match=f"size must be an int, not {type(size).__name__}"):
            WorkerPool(size)  # type: ignore[arg-type]

    def test_runs_as_many_jobs_at_once_as_it_has_threads(self, pool: WorkerPool) -> None:
        jobs = [Meeting() for _ in range(3)]
        for job in jobs:
            pool.submit(job)
        waited(jobs[0].here)
        waited(jobs[1].here)
        assert not jobs[2].here.is_set()
        jobs[0].go.set()
        waited(jobs[2].here)
        assert jobs[2].thread is jobs[0].thread
        jobs[1].go.set()
        jobs[2].go.set()

    def test_a_slow_job_does_not_hold_up_the_others(self, pool: WorkerPool) -> None:
        slow, last = Meeting(), threading.Event()
        pool.submit(slow)
        waited(slow.here)
        done: list[int] = []
        for number in range(100):
            pool.submit(lambda number=number: done.append(number))  # type: ignore[misc]
        pool.submit(last.set)
        waited(last)
        assert done == list(range(100))
        slow.go.set()

    def test_a_job_may_submit_the_next(self, pool: WorkerPool) -> None:
        left, end = list(range(1000)), threading.Event()

        def job() -> None:
            if left:
                left.pop()
                pool.submit(job)
            else:
                end.set()

        pool.submit(job)
        waited(end)

    def test_on_worker(self, pool: WorkerPool) -> None:
        other = WorkerPool(1)
        assert on(pool, lambda: (pool.on_worker(), other.on_worker())) == (True, False)
        assert not pool.on_worker()

    def test_a_job_that_raises_ends_no_thread(self, pool: WorkerPool, caplog: pytest.LogCaptureFixture) -> None:
        def job() -> None:
            raise SystemExit("no")

        for _ in range(3):
            pool.submit(job)
        assert pool.close(PATIENCE) == 0
        assert [record.getMessage() for record in caplog.records] == ["a job raised"] * 3

    def test_a_worker_without_work_ends(self, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workers, "IDLE_SECONDS", 0.001)
        first, second = Meeting(), Meeting()
        for job in (first, second):
            job.go.set()
            pool.submit(job)
            waited(job.here)
            assert job.thread is not None
            job.thread.join(PATIENCE)
            assert not job.thread.is_alive()
        assert first.thread is not second.thread

    def test_no_job_is_forgotten_while_workers_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Jobs come just when workers give up waiting."""
        monkeypatch.setattr(workers, "IDLE_SECONDS", 0.00005)
        pool = WorkerPool(1)
        for _ in range(3000):
            ran = threading.Event()
            pool.submit(ran.set)
            waited(ran)
        assert pool.close(PATIENCE) == 0

    def test_a_thread_that_cannot_start(self, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
        """As when the interpreter is ending, since Python 3.12, or there are too many threads."""
        monkeypatch.setattr(threading.Thread, "start", refuse_to_start)
        found: list[bool] = []
        pool.submit(lambda: found.append(pool.on_worker()))
        assert found == []
        assert pool.run_here()
        assert found == [True]
        assert not pool.run_here()
        assert not pool.on_worker()

    def test_jobs_stay_with_the_workers_where_there_are_some(self, pool: WorkerPool) -> None:
        job = Meeting()
        pool.submit(job)
        waited(job.here)
        assert not pool.run_here()
        job.go.set()


class TestClose:
    def test_runs_what_is_queued(self) -> None:
        pool, done = WorkerPool(1), []  # type: tuple[WorkerPool, list[int]]
        first = Meeting()
        pool.submit(first)
        for number in range(50):
            pool.submit(lambda number=number: done.append(number))  # type: ignore[misc]
        first.go.set()
        assert pool.close(PATIENCE) == 0
        assert done == list(range(50))

    def test_and_what_the_jobs_submit(self) -> None:
        pool, left = WorkerPool(2), list(range(200))

        def job() -> None:
            if left:
                left.pop()
                pool.submit(job)
                pool.submit(lambda: None)

        pool.submit(job)
        assert pool.close(PATIENCE) == 0
        assert left == []
        assert repr(pool) == "<WorkerPool 0 of 2 threads, 0 jobs queued>"

    def test_does_not_wait_for_ever(self) -> None:
        pool, job = WorkerPool(), Meeting()
        pool.submit(job)
        waited(job.here)
        start = monotonic()
        assert pool.close(0.01) == 1
        assert monotonic() - start < 1
        job.go.set()
        assert pool.close(PATIENCE) == 0

    def test_may_be_called_twice_and_in_a_job(self) -> None:
        pool = WorkerPool()
        assert pool.close() == 0
        assert on(pool, lambda: pool.close(PATIENCE)) == 1
        assert pool.close(PATIENCE) == 0

    def test_a_closed_pool_opens_again(self) -> None:
        pool = WorkerPool()
        for _ in range(3):
            job = Meeting()
            pool.submit(job)
            waited(job.here)
            job.go.set()
            assert pool.close(PATIENCE) == 0

    def test_shared_workers_are_the_same_for_all(self) -> None:
        assert shared_workers() is shared_workers()
        assert shared_workers().size == 4


@pytest.fixture
def outstanding(pool: WorkerPool) -> Outstanding:
    return Outstanding(3, pool)


class TestOutstanding:
    @pytest.mark.parametrize("limit", [True, "1", 1.0])
    def test_limit_must_be_an_int(self, pool: WorkerPool, limit: object) -> None:
        with pytest.raises(TypeError, match="max_outstanding must be an int"):
            Outstanding(limit, pool)  # type: ignore[arg-type]

    def test_limit_must_be_positive(self, pool: WorkerPool) -> None:
        with pytest.raises(ValueError, match="max_outstanding must be at least 1"):
            Outstanding(0, pool)

    def test_refuses_when_there_is_no_room_in_time(self, outstanding: Outstanding) -> None:
        assert [outstanding.add(Deadline(0)) for _ in range(3)] == [True] * 3
        start = monotonic()
        assert not outstanding.add(Deadline(0.05))
        assert not outstanding.add(Deadline(-1))
        assert 0.05 <= monotonic() - start < 1
        assert outstanding.refused == 2
        assert outstanding.count == 5, "the callbacks that hear of the refusal are owed too"

    def test_waits_for_room(self, outstanding: Outstanding, pool: WorkerPool) -> None:
        for _ in range(3):
            outstanding.add(Deadline(0))
        answers: list[bool] = []

        def owe_one() -> None:
            answers.append(outstanding.add(Deadline(PATIENCE)))
            outstanding.done()

        threads = [threading.Thread(target=owe_one) for _ in range(8)]
        for thread in threads:
            thread.start()
        assert not answers
        outstanding.done()
        for thread in threads:
            thread.join(PATIENCE)
        assert answers == [True] * 8
        assert outstanding.count == 2
        assert outstanding.refused == 0

    def test_calls_made_in_callbacks_may_go_to_twice_the_limit_and_never_wait(
        self, outstanding: Outstanding, pool: WorkerPool
    ) -> None:
        for _ in range(3):
            outstanding.add(Deadline(0))
        start = monotonic()
        assert on(pool, lambda: [outstanding.add(Deadline(PATIENCE)) for _ in range(4)]) == [True, True, True, False]
        assert monotonic() - start < 1

    def test_flush_waits_until_nothing_is_owed(self, outstanding: Outstanding) -> None:
        assert outstanding.flush(0) == 0
        outstanding.add(Deadline(0))
        outstanding.add(Deadline(0))
        assert outstanding.flush(0.01) == 2
        for _ in range(2):
            threading.Timer(0.02, outstanding.done).start()
        assert outstanding.flush(PATIENCE) == 0

    def test_flush_in_a_callback_would_wait_for_itself(self, outstanding: Outstanding, pool: WorkerPool) -> None:
        error = on(pool, lambda: outstanding.flush(1))
        assert isinstance(error, RuntimeError)
        assert "inside a callback" in str(error)

    def test_flush_in_a_job_of_another_pool(self, outstanding: Outstanding) -> None:
        other = WorkerPool(1)
        assert on(other, lambda: outstanding.flush(0)) == 0
        other.close()


PRELUDE = """
    import logging, os, random, sys, threading, time
    if "no hooks" in sys.argv:
        del os.register_at_fork
    from rtm_sdk import workers
    from rtm_sdk.deadline import Deadline
    from rtm_sdk.workers import Outstanding, WorkerPool, shared_workers

    def owe(outstanding, job=lambda: None):
        assert outstanding.add(Deadline(5))
        def run():
            try:
                job()
            finally:
                outstanding.done()
        outstanding.workers.submit(run)

    def in_child(work):
        pid = os.fork()
        if not pid:
            try:
                work()
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(pid, 0)[1] == 0
"""


@forks
class TestFork:
    @pytest.mark.parametrize("hooks", ["hooks", "no hooks"])
    def test_parent_and_child_both_work(self, hooks: str) -> None:
        script = """
            pool = WorkerPool(2)
            outstanding = Outstanding(10, pool)
            stay = threading.Event()
            owe(outstanding, lambda: stay.wait(20))    # these two stay in the parent
            owe(outstanding, lambda: stay.wait(20))
            done = []
            owe(outstanding, lambda: done.append(os.getpid()))
            def child():
                assert outstanding.flush(0) == 0
                owe(outstanding, lambda: done.append("child"))
                assert outstanding.flush(5) == 0
                assert done == ["child"], done
            for _ in range(3):
                in_child(child)
            assert outstanding.flush(0) == 3
            stay.set()
            assert outstanding.flush(5) == 0
            assert done == [os.getpid()], done
            print("fine")
        """
        ended = run_script(PRELUDE + script.replace("\n        ", "\n"), hooks)
        assert (ended.stdout, ended.returncode) == ("fine\n", 0), ended.stderr

    @pytest.mark.parametrize("hooks", ["hooks", "no hooks"])
    @pytest.mark.parametrize("lock", ["pool._lock", "outstanding._lock"])
    def test_while_a_lock_is_held(self, lock: str, hooks: str) -> None:
        script = """
            pool = WorkerPool(2)
            outstanding = Outstanding(10, pool)
            held, leave = threading.Event(), threading.Event()
            def hold(lock):
                with lock:
                    held.set()
                    leave.wait(20)
            holder = threading.Thread(target=hold, args=(LOCK,))
            holder.start()
            held.wait(5)
            def child():
                done = []
                owe(outstanding, lambda: done.append(1))
                assert outstanding.flush(5) == 0
                assert done == [1]
                assert pool.close() == 0
            in_child(child)
            leave.set()
            holder.join()
            print("fine")
        """
        ended = run_script(PRELUDE + script.replace("\n        ", "\n").replace("LOCK", lock), hooks)
        assert (ended.stdout, ended.returncode) == ("fine\n", 0), ended.stderr

    def test_while_the_shared_pool_is_made(self) -> None:
        script = """
            workers._shared_lock.acquire()
            in_child(lambda: shared_workers().close())
            print("fine")
        """
        ended = run_script(PRELUDE + script.replace("\n        ", "\n"))
        assert (ended.stdout, ended.returncode) == ("fine\n", 0), ended.stderr

    def test_inside_a_job(self) -> None:
        """The child is no worker: it may flush, and it does not go on with the parent's jobs."""
        script = """
            pool = WorkerPool(1)
            outstanding = Outstanding(10, pool)
            parent = os.getpid()
            def forks():
                pid = os.fork()
                if pid:
                    os.waitpid(pid, 0)
                    return
                owe(outstanding, lambda: os.write(1, b"child\\n"))
                left = outstanding.flush(5)
                os.write(1, b"%d left in the child\\n" % left)
                pool.close()
            pool.submit(forks)
            owe(outstanding, lambda: os.write(1, b"parent\\n" if os.getpid() == parent else b"twice\\n"))
            outstanding.flush(10)
        """
        ended = run_script(PRELUDE + script.replace("\n        ", "\n"))
        assert (ended.stdout, ended.returncode) == ("child\n0 left in the child\nparent\n", 0), ended.stderr


class TestExit:
    def run(self, script: str) -> tuple[str, str, int]:
        ended = run_script(PRELUDE + script.replace("\n        ", "\n"))
        return ended.stdout, ended.stderr, ended.returncode

    def test_everything_owed_is_run(self) -> None:
        script = """
            outstanding = Outstanding(1000, WorkerPool(3))
            done = []
            for _ in range(1000):
                owe(outstanding, lambda: (time.sleep(0.0001), done.append(1)))
            import atexit
            atexit.unregister(workers.flush_at_exit)    # the last registered runs first
            atexit.register(lambda: print(len(done)))
            atexit.register(workers.flush_at_exit)
        """
        assert self.run(script) == ("1000\n", "", 0)

    def test_callbacks_of_callbacks_too_and_those_of_other_clients(self) -> None:
        script = """
            one, other = Outstanding(10, WorkerPool(1)), Outstanding(10, WorkerPool(1))
            def hop(left):
                time.sleep(0.02)
                if left:
                    owe([one, other][left % 2], lambda: hop(left - 1))
                else:
                    new = Outstanding(1, WorkerPool(1))    # a client that did not exist when the exit began
                    owe(new, lambda: (time.sleep(0.02), os.write(1, b"end")))
            owe(one, lambda: hop(6))
        """
        assert self.run(script) == ("end", "", 0)

    def test_what_cannot_be_finished_is_told(self) -> None:
        script = """
            workers.EXIT_FLUSH_SECONDS = 0.2
            outstanding = Outstanding(1000, WorkerPool(2))
            for _ in range(7):
                owe(outstanding, lambda: time.sleep(60))
            other = Outstanding(5, WorkerPool(1))
            other.add(Deadline(0))
        """
        out, err, code = self.run(script)
        assert (out, code) == ("", 0)
        assert err.startswith("rtm_sdk: the process ends with 8 callbacks that did not run within 0.2 s;")
        assert err.count("\n") == 1

    def test_one_budget_for_all(self) -> None:
        script = """
            workers.EXIT_FLUSH_SECONDS = 0.3
            all = [Outstanding(5, WorkerPool(1)) for _ in range(10)]
            for each in all:
                each.add(Deadline(0))
            started = time.monotonic()
            import atexit
            atexit.unregister(workers.flush_at_exit)
            atexit.register(lambda: print(time.monotonic() - started < 1))
            atexit.register(workers.flush_at_exit)
        """
        out, err, code = self.run(script)
        assert (out, code) == ("True\n", 0)
        assert "ends with 10 callbacks" in err

    def test_callbacks_that_come_when_no_thread_starts_any_more(self) -> None:
        """Python 3.12 starts none once the interpreter is ending."""
        script = """
            import atexit
            outstanding = Outstanding(2, WorkerPool(2))
            def chain(left):
                os.write(1, b"%d" % left)
                if left:
                    owe(outstanding, lambda: chain(left - 1))    # must not wait for room here
            def last_calls():
                owe(outstanding, lambda: chain(3))
                owe(outstanding, lambda: chain(0))
            atexit.register(last_calls)
        """
        out, err, code = self.run(script)
        assert (sorted(out), err, code) == (["0", "0", "1", "2", "3"], "", 0)

    def test_the_same_where_threads_never_start(self) -> None:
        script = """
            def refuse(thread):
                raise RuntimeError("can't start new thread")
            threading.Thread.start = refuse
            outstanding = Outstanding(2, WorkerPool(2))
            for number in range(2):
                owe(outstanding, lambda number=number: os.write(1, b"%d" % number))
        """
        assert self.run(script) == ("01", "", 0)

    def test_nothing_owed_costs_no_time(self) -> None:
        assert self.run("\n            outstanding = Outstanding(2, WorkerPool(2))") == ("", "", 0)

    @forks
    def test_a_child_does_not_wait_for_the_parents(self) -> None:
        script = """
            outstanding = Outstanding(2, WorkerPool(2))
            outstanding.add(Deadline(0))
            pid = os.fork()
            if not pid:
                sys.exit(7)    # runs the child's exit functions
            print(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))
            outstanding.done()
        """
        assert self.run(script) == ("7\n", "", 0)


def test_logs_under_its_own_name() -> None:
    assert workers.log is logging.getLogger("rtm_sdk.workers")
