from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from rtm_sdk.testing import TestGate

from .programs import PATIENCE, run, running

STAFF = 500
KIB = 1024


@pytest.fixture
def gate() -> Iterator[TestGate]:
    with TestGate() as gate:
        yield gate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, size: int) -> None:
    (folder / f".{name}").write_bytes(bytes(size))
    (folder / f".{name}").rename(folder / name)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_each_file_once_with_progress(gate: TestGate, folder: Path) -> None:
    put(folder, "large.bin", 1024 * KIB)
    put(folder, "small.txt", 5)
    put(folder, "still.part", 5)
    put(folder, ".hidden", 5)
    gate.faults.add("sendgroupfile", "drop_reply")
    maybe = run(gate, "file_drop", "--once", "--timeout", "0.5", folder)
    assert maybe.returncode == 4
    assert names(folder) == [".hidden", "large.bin", "sent/small.txt", "still.part"]
    assert len(gate.messages()) == 2

    again = run(gate, "file_drop", "--once", folder)
    assert (again.returncode, again.stdout) == (0, "large.bin: sent before\n")
    assert names(folder) == [".hidden", "sent/large.bin", "sent/small.txt", "still.part"]
    assert len(gate.messages()) == 2
    shown = [int(line.split()[1]) for line in again.stderr.splitlines()]
    assert shown == sorted(set(shown)) and shown[-1] == 100 and len(shown) > 2


def test_refused_and_not_sent(gate: TestGate, folder: Path) -> None:
    put(folder, "a.txt", 5)
    put(folder, "b.txt", 5)
    gate.faults.add("filetoken", code=200044)
    assert run(gate, "file_drop", "--once", folder).returncode == 1
    assert names(folder) == ["refused/a.txt", "sent/b.txt"]
    put(folder, "b.txt", 6)
    assert run(gate, "file_drop", "--once", folder).returncode == 0
    assert names(folder) == ["refused/a.txt", "sent/b-2.txt", "sent/b.txt"]
    put(folder, "c.txt", 5)
    gate.stop()
    assert run(gate, "file_drop", "--once", "--timeout", "0.3", folder).returncode == 3
    assert names(folder) == ["c.txt", "refused/a.txt", "sent/b-2.txt", "sent/b.txt"]


def test_it_goes_on_until_it_is_stopped(gate: TestGate, folder: Path) -> None:
    put(folder, "first.txt", 5)
    with running(gate, "file_drop", folder, until="first.txt: sent") as (process, _):
        put(folder, "second.txt", 5)
        gate.wait_for(2, to_id=STAFF)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0


def test_its_one_line_runs(folder: Path) -> None:
    put(folder, "a.txt", 5)
    done = run(None, "file_drop", "--gate", "--once", folder)
    assert (done.returncode, done.stdout) == (0, "a.txt: sent\n")
    assert names(folder) == ["a.txt"]


def test_what_cannot_be_put_away_is_sent_all_the_same_and_only_once(gate: TestGate, folder: Path) -> None:
    (folder / "sent").symlink_to("nowhere")
    put(folder, "a.txt", 5)
    with running(gate, "file_drop", folder, until="a.txt: sent") as (process, _):
        put(folder, "b.txt", 5)
        gate.wait_for(2, to_id=STAFF)
        process.send_signal(signal.SIGTERM)
        shown, errors = process.communicate(timeout=PATIENCE)
    assert "a.txt" not in shown
    assert "a.txt stays in the folder: " in errors
    done = run(gate, "file_drop", "--once", folder)
    assert (done.returncode, done.stdout) == (0, "a.txt: sent before\nb.txt: sent before\n")


def test_settings_that_cannot_be_used(gate: TestGate, folder: Path) -> None:
    missing = run(gate, "file_drop", "--once", folder / "missing")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.endswith("No such file or directory: '%s'\n" % (folder / "missing"))
    unset = run(None, "file_drop", folder)
    assert (unset.returncode, unset.stderr.count("\n")) == (2, 1)
    assert "set RTM_PID, RTM_SECRET, RTM_ENDPOINT in the environment" in unset.stderr
