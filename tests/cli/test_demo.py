from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from rtm_sdk import RTMServerClient
from rtm_sdk.cli import main
from rtm_sdk.demo import GateDidNotStart, Report, RTMDemo, Settings, Unreachable, gate_process
from rtm_sdk.gate import Gate
from rtm_sdk.terminal import Terminal

from .shell import CLEAN, ROOT, RTM, listens, nobody


def small_demo(gate: Gate, *, own_gate: bool = False, timeout: float = 5) -> bool:
    with RTMServerClient(gate.pid, gate.secret, gate.endpoint, timeout=timeout) as client:
        report = Report(Terminal())
        with suppress(Unreachable):
            RTMDemo(client, own_gate=own_gate, burst=50, file_size=100_000).run(report)
        return report.show()


def test_with_a_gate_of_its_own() -> None:
    done = subprocess.run([*RTM, "demo"], cwd=ROOT, env=CLEAN, capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"Gate 127\.0\.0\.1:\d+ \(started for this demo\), project \d+\.", lines[0])
    assert re.search(r"^(?:ok|FAIL) +burst to the group +1,000 +1,000 +0 ", done.stdout, re.MULTILINE)
    assert re.search(r"^ok +download the file +4.0 MiB +4.0 MiB +0 ", done.stdout, re.MULTILINE)
    for system in ("Google Chat", "BearyChat"):
        assert re.search(rf"^ok +{system}: burst +200 +200 +0 ", done.stdout, re.MULTILINE)
        assert re.search(rf"^ok +{system}: read back +2[12][0-9] +2[12][0-9] +0 ", done.stdout, re.MULTILINE)
    assert re.search(r"^ok +Google Chat: download +1.0 MiB +1.0 MiB +0 ", done.stdout, re.MULTILINE)
    assert lines[-1].startswith("All arrived, exactly once: 1,456 messages and 2 files, in ")
    assert all(line == line.rstrip() and len(line) <= 80 for line in lines)


def test_with_a_gate_that_runs_already(gate: Gate, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{gate.secret}\n")
    command = ["demo", "--endpoint", gate.endpoint, "--pid", str(gate.pid), "--secret-file", str(secret)]
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"Gate {gate.endpoint}, project {gate.pid}.\n")
    assert gate.secret not in shown


def test_the_secret_itself(gate: Gate) -> None:
    assert main(["demo", "--endpoint", gate.endpoint, "--pid", str(gate.pid), "--secret", gate.secret]) == 0


def test_pid_and_secret_from_the_environment(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RTM_PID", str(gate.pid))
    monkeypatch.setenv("RTM_SECRET", gate.secret)
    assert main(["demo", "--endpoint", gate.endpoint]) == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--endpoint", "127.0.0.1:1"], "give --pid PID, or set RTM_PID"),
        (["--endpoint", "127.0.0.1:1", "--pid", "1"], "give --secret-file FILE, or set RTM_SECRET"),
        (["--pid", "1"], "need --endpoint"),
        (["--secret", "s3cret"], "need --endpoint"),
    ],
)
def test_what_is_missing_is_named(arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", *arguments]) == 2
    assert complaint in capsys.readouterr().err


def test_a_wrong_secret_fails_at_once(
    gate: Gate, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RTM_SECRET", "wrong")
    assert main(["demo", "--endpoint", gate.endpoint, "--pid", str(gate.pid)]) == 1
    shown = capsys.readouterr().out
    assert "RTM_EC_INVALID_PID_OR_SIGN (200002)" in shown
    assert shown.endswith("NOT all arrived: see the errors above.\n")


def test_nobody_listens(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RTM_SECRET", "s")
    monkeypatch.setattr("rtm_sdk.cli.demo._TIMEOUT", 0.5)
    with nobody() as endpoint:
        assert main(["demo", "--endpoint", endpoint, "--pid", "1"]) == 1
    assert "FPNN_EC_CORE_INVALID_CONNECTION" in capsys.readouterr().out


def test_an_error_in_the_burst_is_counted_and_named(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    gate.faults.add("sendgroupmsg", "error", skip=10, count=3, code=200044)
    assert not small_demo(gate)
    shown = capsys.readouterr().out
    assert re.search(r"^(?:ok|FAIL) +burst to the group +50 +47 +3 ", shown, re.MULTILINE)
    assert "burst to the group: 3 x RTM_EC_BANNED_IN_GROUP (200044)" in shown


def test_a_service_that_stops_answering_is_not_waited_for_again(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    gate.faults.add("sendroommsg", "drop_reply", count=None)
    assert not small_demo(gate, timeout=0.3)
    shown = capsys.readouterr().out
    assert "send to a room: 1 x FPNN_EC_CORE_TIMEOUT" in shown
    assert "burst" not in shown


def test_control_c() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint = "{}:{}".format(*server.getsockname())
        command = [*RTM, "demo", "--endpoint", endpoint, "--pid", "1"]
        environment = CLEAN | {"RTM_SECRET": "s"}
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as demo:
            server.accept()[0].close()
            connection, _ = server.accept()  # it tries again: it waits for an answer now
            with connection:
                demo.send_signal(signal.SIGINT)
                _, complaints = demo.communicate(timeout=20)
    assert (demo.returncode, complaints) == (130, b"")


def test_messages_the_service_does_not_keep_are_missed(capsys: pytest.CaptureFixture[str]) -> None:
    with Gate(stored_mtypes=(30,)) as gate:
        assert not small_demo(gate)
    assert "send to a room: 1 x not in the history" in capsys.readouterr().out


def test_custom_messages_may_be_left_out_of_the_history_of_a_service() -> None:
    with Gate(stored_mtypes=(30, 32, *range(40, 51))) as gate:
        assert small_demo(gate)
        assert not small_demo(gate, own_gate=True)


def test_a_reply_that_is_lost_doubles_nothing(gate: Gate) -> None:
    gate.faults.add("sendroommsg", "cut_after")
    gate.faults.add("sendgroupmsg", "cut_after", skip=20)
    assert small_demo(gate)


def test_a_file_that_does_not_go_through_is_named(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    gate.faults.add("sendfile", "error", code=200003)
    assert not small_demo(gate)
    assert "send a file: 1 x RTM_EC_INVALID_FILE_OR_SIGN_OR_TOKEN (200003)" in capsys.readouterr().out


def test_settings_hide_the_secret() -> None:
    assert "s3cret" not in repr(Settings("127.0.0.1:1", 1, "s3cret"))


def test_its_gate_ends_with_it_even_when_it_is_killed() -> None:
    program = (
        "import signal, os\n"
        "from rtm_sdk.demo import gate_process\n"
        "with gate_process() as settings:\n"
        "    print(settings.endpoint, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert done.returncode == -signal.SIGKILL
    # The gate holds the other end of this pipe, so the run above ended only when the gate did too.
    assert not listens(done.stdout.strip())


def test_a_gate_that_does_not_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(GateDidNotStart), gate_process():
        pass
