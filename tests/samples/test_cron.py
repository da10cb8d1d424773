from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import textwrap
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest

from rtm_sdk.gate import Gate

from .cutter import Cutter
from .programs import PATIENCE, ROOT, SAMPLES, command, environment_of, load, run

DONE, REFUSED, USAGE, NOT_SENT, MAYBE_SENT = range(5)
STAFF = 500


@pytest.fixture(scope="module")
def cron() -> ModuleType:
    return load("cron")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    with Gate() as gate:
        for name, value in environment_of(gate).items():
            if name.startswith("RTM_"):
                monkeypatch.setenv(name, value)
        yield gate


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


def fate(state: Path) -> str:
    found: str = json.loads(state.read_text())["fate"]
    return found


def arguments(state: Path, *more: str) -> list[str]:
    return ["--state", str(state), "--timeout", "0.2", *more]


def test_its_one_line_runs() -> None:
    done = run(None, "cron", "--gate")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("sent, with the mid ")


def test_once_a_day(cron: ModuleType, gate: Gate, state: Path) -> None:
    for day in ("2026-11-21", "2026-11-21", "2026-11-22", "2026-11-22"):
        assert cron.main(arguments(state, "--day", day)) == DONE
    assert len(gate.messages(to_id=STAFF)) == 2


@pytest.mark.parametrize(
    ("action", "code", "stored"),
    [("drop_reply", MAYBE_SENT, 1), ("half_open", MAYBE_SENT, 0), ("cut_after", DONE, 1), ("cut", DONE, 1)],
)
def test_no_answer(cron: ModuleType, gate: Gate, state: Path, action: str, code: int, stored: int) -> None:
    gate.faults.add("sendgroupmsg", action)  # type: ignore[arg-type]
    assert cron.main(arguments(state)) == code
    assert len(gate.messages()) == stored
    assert cron.main(arguments(state)) == DONE
    assert len(gate.messages()) == 1


def test_refused(cron: ModuleType, gate: Gate, state: Path) -> None:
    gate.faults.add("sendgroupmsg", code=200044)
    assert cron.main(arguments(state)) == REFUSED
    assert fate(state) == "new"
    assert cron.main(arguments(state)) == DONE


def test_nobody_there(cron: ModuleType, gate: Gate, state: Path) -> None:
    gate.stop()
    assert cron.main(arguments(state)) == NOT_SENT
    gate.start()
    assert cron.main(arguments(state)) == DONE
    assert len(gate.messages()) == 1


def test_doubt_stays_until_it_is_resolved(cron: ModuleType, gate: Gate, state: Path) -> None:
    gate.faults.add("sendgroupmsg", "drop_reply")
    assert cron.main(arguments(state)) == MAYBE_SENT
    gate.faults.add("sendgroupmsg", code=200044)
    assert cron.main(arguments(state)) == MAYBE_SENT
    assert len(gate.messages()) == 1
    gate.stop()
    assert cron.main(arguments(state)) == MAYBE_SENT


def test_settings_and_state_that_cannot_be_used(
    cron: ModuleType, gate: Gate, state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in ("[]", '{"day": 1}', "{"):
        state.write_text(content)
        assert cron.main(arguments(state)) == USAGE
        assert f"{state} is broken" in capsys.readouterr().err
    assert cron.main(arguments(state / "below")) == USAGE
    monkeypatch.delenv("RTM_SECRET")
    assert cron.main(arguments(state)) == USAGE
    assert "set RTM_SECRET in the environment" in capsys.readouterr().err
    assert gate.messages() == []


def test_overlapping_runs_send_once(gate: Gate, state: Path) -> None:
    struck = gate.faults.add("sendgroupmsg", "delay", seconds=0.5)
    first = subprocess.Popen(command("cron", "--state", state), env=environment_of(gate), stdout=subprocess.PIPE)
    assert struck.wait(1, PATIENCE)
    second = run(gate, "cron", "--state", state)
    shown, _ = first.communicate(timeout=PATIENCE)
    assert shown.startswith(b"sent, with the mid ") and second.stdout.startswith("sent before, with the mid ")
    assert (first.returncode, second.returncode) == (DONE, DONE)
    assert len(gate.messages()) == 1


def test_a_run_that_hangs_does_not_hang_the_next_and_its_kill_loses_nothing(
    cron: ModuleType, gate: Gate, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    struck = gate.faults.add("sendgroupmsg", "drop_reply")
    with subprocess.Popen(command("cron", "--state", state), env=environment_of(gate)) as hanging:
        assert struck.wait(1, PATIENCE)
        assert cron.main(arguments(state)) == MAYBE_SENT
        assert "another run is still at it" in capsys.readouterr().err
        hanging.kill()
    assert hanging.returncode == -signal.SIGKILL
    assert cron.main(arguments(state)) == DONE
    assert len(gate.messages()) == 1


def test_the_examples_of_the_docs_run(gate: Gate) -> None:
    text = (ROOT / "docs" / "cron.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    line, job = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert job == "python samples/cron.py --gate\n"  # it runs above
    with_rtm = f'rtm() {{ {sys.executable} -W error -m rtm_sdk.cli "$@"; }}; {line}'
    for example in (["sh", "-c", with_rtm], [sys.executable, "-W", "error", "-c", program]):
        subprocess.run(example, env=environment_of(gate), check=True, timeout=PATIENCE, capture_output=True)
        assert [each.message for each in gate.messages(to_id=STAFF)] == ["The backup is done."]


# --- a gate that is cut at random ------------------------------------------------------------------------------

FORKING = """
    import json, os, sys
    sys.path.insert(0, sys.argv[1])
    import cron
    from rtm_sdk.rtm import client, connection
    for line in sys.stdin:
        arguments, environment = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ.update(environment)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            sys.exit(cron.main(arguments))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
"""
"""Runs the sample's `main` in a process of its own for each line; the imports are done before."""

FAULTS = ("drop_reply", "cut", "cut_after", "truncate", "garbage", "half_open", "delay", "drip")


class Runs:
    """One machine's cron, and the gate that it reports to."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder = folder
        self.codes: Counter[int] = Counter()
        self.lies: list[str] = []
        self.abandoned: dict[int, int] = {}
        self.days = 0
        folder.mkdir()
        self.state = folder / "state.json"

    def go(self, number: int, whole: int) -> None:
        """Run it so often, every `whole`th time as a program from its start."""
        with ExitStack() as stack:
            self.gate = stack.enter_context(Gate(store=self.folder / "gate.db"))
            self.cutter = stack.enter_context(Cutter(self.gate.endpoint, self.chance))
            self.environment = environment_of(self.gate)
            self.forking = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-W", "error", "-c", textwrap.dedent(FORKING), str(SAMPLES)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=self.environment,
                    text=True,
                    cwd=ROOT,
                )
            )
            again = False
            for each in range(number):
                if not again:
                    self.days += 1
                again = self.one(each, each % whole == 0)
            self.gate.start()
            for mid, expected in self.abandoned.items():
                found = len(self.gate.messages(mid=mid))
                if found > expected:
                    self.lies.append(f"{found} messages in the end, after a run that said {expected} at most")
            days = Counter(str(each.message).partition(":")[0] for each in self.gate.messages())
            self.lies += [f"{found} messages of day {day}" for day, found in days.items() if found > 1]

    def one(self, number: int, whole: bool) -> bool:
        """One run. Returns whether the next one is for the same day."""
        self.gate.faults.clear()
        self.cutter.bad = self.chance.choice((0.3, 0.9, 1))
        self.environment["RTM_ENDPOINT"] = self.chance.choice((self.cutter, self.cutter, self.gate)).endpoint
        if self.chance.random() < 0.3:
            action = self.chance.choice(FAULTS)
            seconds = {"delay": 0.1, "drip": 0.002}.get(action, 0.0)
            self.gate.faults.add("sendgroupmsg", action, seconds=seconds, count=self.chance.choice((1, None)))  # type: ignore[arg-type]
        elif self.chance.random() < 0.1:
            self.gate.faults.add("sendgroupmsg", code=200044)
        stop: threading.Timer | None = None
        if self.chance.random() < 0.15:
            stop = threading.Timer(self.chance.choice((0, self.chance.random() * 0.03)), self.gate.stop)
            stop.start()
            if self.chance.random() < 0.5:
                stop.join()
        code = self.whole() if whole else self.forked()
        if stop is not None:
            stop.join()
        self.gate.start()

        self.codes[code] += 1
        mid = json.loads(self.state.read_text())["mid"]
        stored = len(self.gate.messages(mid=mid))
        allowed = {DONE: (1,), REFUSED: (0,), NOT_SENT: (0,), MAYBE_SENT: (0, 1)}.get(code, ())
        if stored not in allowed:
            self.lies.append(f"run {number} ended with {code}, and the gate has {stored}")
        again = code != DONE and self.chance.random() < 0.8
        if not again:
            self.abandoned[mid] = max(allowed, default=0)
        return again

    def arguments(self) -> list[str]:
        return ["--state", str(self.state), "--timeout", "0.15", "--day", str(self.days)]

    def whole(self) -> int:
        return subprocess.run(
            command("cron", *self.arguments()), env=self.environment, capture_output=True, timeout=PATIENCE
        ).returncode

    def forked(self) -> int:
        assert self.forking.stdin is not None and self.forking.stdout is not None
        self.forking.stdin.write(json.dumps([self.arguments(), self.environment]) + "\n")
        self.forking.stdin.flush()
        return int(self.forking.stdout.readline())


def run_at_random(folder: Path, number: int, machines: int, whole: int) -> Counter[int]:
    """Let several machines run it, so often in all. Gives how often it ended with each code."""
    all_runs = [Runs(folder / f"{seed}", seed) for seed in range(machines)]
    with ThreadPoolExecutor(machines) as threads:
        for done in [threads.submit(runs.go, number // machines, whole) for runs in all_runs]:
            done.result()
    assert [lie for runs in all_runs for lie in runs.lies] == []
    return sum((runs.codes for runs in all_runs), Counter[int]())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the sample needs fcntl")
def test_the_exit_code_tells_the_truth(tmp_path: Path) -> None:
    codes = run_at_random(tmp_path, 20, machines=2, whole=10)
    assert codes.total() == 20
    assert {DONE, MAYBE_SENT} <= set(codes) <= {DONE, REFUSED, NOT_SENT, MAYBE_SENT}


@pytest.mark.slow
def test_the_exit_code_tells_the_truth_500_times(tmp_path: Path) -> None:
    codes = run_at_random(tmp_path, 500, machines=5, whole=20)
    assert codes.total() == 500
    assert set(codes) == {DONE, REFUSED, NOT_SENT, MAYBE_SENT}


def test_what_it_prints_may_be_lost_and_not_the_truth(gate: Gate, state: Path) -> None:
    def told(*more: str) -> int:
        with open("/dev/full", "w") as full:  # a log on a disk that is full
            environment = environment_of(gate)
            line = command("cron", *arguments(state, *more))
            return subprocess.run(line, env=environment, stdout=full, stderr=full, timeout=PATIENCE).returncode

    assert told("--day", "1") == DONE
    assert fate(state) == "sent"
    gate.faults.add("sendgroupmsg", "drop_reply")
    assert told("--day", "2") == MAYBE_SENT
    assert told("--day", "2") == DONE
    assert len(gate.messages()) == 2


@pytest.mark.parametrize("seconds", ["-1", "0", "nan", "soon"])
def test_a_timeout_that_cannot_be_used(cron: ModuleType, state: Path, seconds: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cron.main(["--state", str(state), f"--timeout={seconds}"])
    assert ended.value.code == USAGE
    assert not state.exists()
