from __future__ import annotations

import os
import subprocess
import sys
import threading
from array import array
from pathlib import Path

import pytest

from rtm_sdk.rtm import ids
from rtm_sdk.rtm.ids import next_id

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

ROOT = Path(__file__).parent.parent.parent


def run(program: str) -> bytes:
    """Run a program of its own, because it forks."""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture
def real_time(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A clock to set, in ns, for a process that has made no id yet."""
    now = [1_700_000_000_000_000_000]
    monkeypatch.setattr(ids, "_counters", {})
    monkeypatch.setattr(ids, "time_ns", lambda: now[0])
    return now


def milliseconds(number: int) -> int:
    return (number >> 22) + 1_577_836_800_000


def test_layout(real_time: list[int]) -> None:
    number = next_id()
    assert milliseconds(number) == 1_700_000_000_000
    assert 0 < number < 1 << 63


def test_a_step_for_each_id_whatever_the_clock_does(real_time: list[int]) -> None:
    first = next_id()
    real_time[0] -= 3600 * 1_000_000_000
    assert [next_id() for _ in range(1000)] == [first + (step << 22) for step in range(1, 1001)]


def test_positive_for_decades(real_time: list[int]) -> None:
    real_time[0] = 3_750_000_000_000_000_000  # in 2088
    assert 0 < next_id() < 1 << 63


def test_new_process_id_is_a_new_node_without_any_fork_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    node = next_id() % (1 << 22)
    pid = os.getpid()
    monkeypatch.setattr(ids, "_counters", dict(ids._counters))
    monkeypatch.setattr(ids, "getpid", lambda: pid + 1)
    assert next_id() % (1 << 22) == (node + 1) % (1 << 22)


def test_ids_of_threads_differ() -> None:
    made: list[list[int]] = []

    def make() -> None:
        made.append([next_id() for _ in range(12_500)])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [number for part in made for number in part]
    assert len(numbers) == len(set(numbers)) == 100_000
    assert all(0 < number < 1 << 63 for number in numbers)


@needs_fork
def test_a_million_ids_of_threads_and_forked_processes_differ() -> None:
    written = run(
        """
import os, sys, threading
from array import array
from rtm_sdk.rtm.ids import next_id

def make(into):
    into.extend(next_id() for _ in range(12_500))

def write(parts):
    with os.fdopen(1, "wb", closefd=False) as pipe:
        for part in parts:
            pipe.write(part.tobytes())

def work():
    parts = [array("q") for _ in range(16)]
    threads = [threading.Thread(target=make, args=(part,)) for part in parts]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    os.read(turn[0], 1)
    write(parts)
    os.write(turn[1], b"x")

turn = os.pipe()
next_id()
children = []
for _ in range(4):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    children.append(pid)
os.write(turn[1], b"x")
work()
for pid in children:
    assert os.waitpid(pid, 0)[1] == 0
"""
    )
    numbers = array("q")
    numbers.frombytes(written)
    assert len(numbers) == 5 * 16 * 12_500 == 1_000_000
    assert len(set(numbers)) == len(numbers)
    assert min(numbers) > 0


def test_ids_of_unrelated_processes_have_other_nodes() -> None:
    program = "from rtm_sdk.rtm.ids import next_id; print(next_id() % (1 << 22))"
    # Three nodes of 22 bits each: an accidental pair is as likely as 1 in 1,400,000.
    assert len({run(program) for _ in range(3)}) == 3
