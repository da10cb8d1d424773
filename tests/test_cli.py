from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rtm_sdk import RTMServerClient, unwrap
from rtm_sdk.cli import main
from rtm_sdk.demo import Demo, GateDidNotStart, Settings, gate_process
from rtm_sdk.fpnn.endpoint import parse_endpoint
from rtm_sdk.gate import Gate
from rtm_sdk.terminal import Terminal

ROOT = Path(__file__).parent.parent
RTM = (sys.executable, "-W", "error", "-m", "rtm_sdk.cli")
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("RTM_")}


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - CLEAN.keys():
        monkeypatch.delenv(name)


@contextmanager
def rtm_gate(*arguments: str, stop: int = signal.SIGTERM, **environment: str) -> Iterator[tuple[str, dict[str, str]]]:
    """`rtm gate` as a user runs it: what it printed at first, and the settings a shell takes from that."""
    with subprocess.Popen(
        [*RTM, "gate", *arguments],
        cwd=ROOT,
        env=CLEAN | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            shown = ""
            for line in process.stdout:
                shown += line
                if "Control-C" in line:
                    break
            yield shown, pasted(shown, environment)
        finally:
            process.send_signal(stop)
            _, complaints = process.communicate(timeout=20)
        assert (process.returncode, complaints) == (0, "")


def pasted(shown: str, environment: dict[str, str]) -> dict[str, str]:
    """What a shell has in its environment after the lines were pasted into it."""
    lines = "\n".join(line for line in shown.splitlines() if line.lstrip().startswith("export "))
    command = ["sh", "-c", f"{lines}\nenv"]
    done = subprocess.run(command, env=CLEAN | environment, capture_output=True, text=True, check=True)
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if line.startswith("RTM_"))


def client_of(settings: dict[str, str]) -> RTMServerClient:
    return RTMServerClient(int(settings["RTM_PID"]), settings["RTM_SECRET"], settings["RTM_ENDPOINT"])


class TestTop:
    def test_without_a_command_it_shows_the_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([]) == 2
        assert "rtm demo" in capsys.readouterr().err

    @pytest.mark.parametrize("command", [[], ["gate"], ["demo"]])
    def test_help_teaches_and_fits(
        self, command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "80")
        with pytest.raises(SystemExit, match="0"):
            main([*command, "--help"])
        shown = capsys.readouterr().out
        assert "rtm demo" in shown or "examples:" in shown
        assert max(map(len, shown.splitlines())) <= 80

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit, match="0"):
            main(["--version"])
        assert capsys.readouterr().out.startswith("rtm-sdk ")

    def test_a_reader_that_goes_away_is_no_traceback(self) -> None:
        with subprocess.Popen(
            [*RTM, "demo"], cwd=ROOT, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as demo:
            assert demo.stdout is not None and demo.stderr is not None
            demo.stdout.close()
            assert demo.stderr.read() == b""
        assert demo.returncode == 1

    @pytest.mark.parametrize(
        ("command", "complaint"),
        [
            (["gate", "--listen", "13321"], "the port is missing"),
            (["gate", "--listen", "127.0.0.1:99999"], "not in 1..65535"),
            (["gate", "--project", "11000001"], "write PID:SECRET"),
            (["gate", "--project", "zero:s3cret"], "a pid is a positive number"),
            (["demo", "--endpoint", "nowhere"], "the port is missing"),
            (["demo", "--endpoint", "127.0.0.1:1", "--pid", "0"], "a pid is a positive number"),
        ],
    )
    def test_misuse_is_named(self, command: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit, match="2"):
            main(command)
        complained = capsys.readouterr().err
        assert complaint in complained
        assert "s3cret" not in complained.splitlines()[-1].replace("11000001:s3cret", "")

    @pytest.mark.parametrize("command", ["gate", "demo"])
    def test_a_missing_extra_is_one_line_that_says_what_to_install(self, command: str) -> None:
        program = (
            f"import sys; sys.modules['aiohttp'] = None; from rtm_sdk.cli import main; sys.exit(main(['{command}']))"
        )
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=CLEAN, capture_output=True, text=True)
        assert done.returncode == 1
        assert not done.stdout
        assert done.stderr.count("\n") == 1
        assert 'pip install "rtm-sdk[gate]"' in done.stderr


class TestGate:
    @pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
    def test_its_settings_work_when_pasted_and_it_stops_cleanly(self, stop: int) -> None:
        with rtm_gate(stop=stop) as (shown, settings):
            with client_of(settings) as client:
                unwrap(client.send_chat(1, 2, "hello"))
            assert settings["RTM_SECRET"] in shown
        assert not listens(settings["RTM_ENDPOINT"])

    def test_the_python_line_runs(self) -> None:
        with rtm_gate() as (shown, _):
            (line,) = (line for line in shown.splitlines() if "RTMServerClient(" in line)
            program = (
                f"from rtm_sdk import RTMServerClient, unwrap\n{line.strip()}\nunwrap(client.send_chat(1, 2, 'hello'))"
            )
            subprocess.run([sys.executable, "-W", "error", "-c", program], cwd=ROOT, env=CLEAN, check=True)

    def test_a_store_keeps_everything_over_a_restart(self, tmp_path: Path) -> None:
        store = str(tmp_path / "chat.db")
        for text in ("first", "second"):
            with (
                rtm_gate("--store", store, "--project", "11000001:s3cret") as (_, settings),
                client_of(settings) as client,
            ):
                unwrap(client.send_chat(1, 2, text))
                page = unwrap(client.get_p2p_chat(2, 1, False, 10))
        assert [message.message for message in page.messages] == ["first", "second"]

    def test_listen(self) -> None:
        with rtm_gate("--listen", "[::1]:0") as (_, settings), client_of(settings) as client:
            assert settings["RTM_ENDPOINT"].startswith("[::1]:")
            unwrap(client.send_chat(1, 2, "hello"))

    def test_a_project_from_the_environment_does_not_show_its_secret(self) -> None:
        with rtm_gate(RTM_GATE_PROJECT="11000001:s3 cr't") as (shown, settings), client_of(settings) as client:
            unwrap(client.send_chat(1, 2, "hello"))
            assert (settings["RTM_PID"], settings["RTM_SECRET"]) == ("11000001", "s3 cr't")
            assert "s3 cr" not in shown

    def test_a_bad_project_in_the_environment(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("RTM_GATE_PROJECT", "s3cret")
        assert main(["gate"]) == 1
        complained = capsys.readouterr().err
        assert "RTM_GATE_PROJECT: write PID:SECRET" in complained
        assert "s3cret" not in complained.replace("11000001:s3cret", "")

    def test_a_port_in_use_is_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            assert main(["gate", "--listen", address]) == 1
        complained = capsys.readouterr().err
        assert complained.count("\n") == 1
        assert address in complained


def listens(endpoint: str) -> bool:
    try:
        socket.create_connection(parse_endpoint(endpoint), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.fixture
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


def small_demo(gate: Gate, *, own_gate: bool = False, timeout: float = 5) -> bool:
    with RTMServerClient(gate.pid, gate.secret, gate.endpoint, timeout=timeout) as client:
        return Demo(client, Terminal(), own_gate=own_gate, burst=50, file_size=100_000).run()


class TestDemo:
    def test_with_a_gate_of_its_own(self) -> None:
        done = subprocess.run([*RTM, "demo"], cwd=ROOT, env=CLEAN, capture_output=True, text=True, timeout=20)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.isascii()
        lines = done.stdout.splitlines()
        assert re.fullmatch(r"Gate 127\.0\.0\.1:\d+ \(started for this demo\), project \d+\.", lines[0])
        assert re.search(r"^(?:ok|FAIL) +burst to the group +1,000 +1,000 +0 ", done.stdout, re.MULTILINE)
        assert re.search(r"^ok +download the file +4.0 MiB +4.0 MiB +0 ", done.stdout, re.MULTILINE)
        assert lines[-1].startswith("All arrived, exactly once: 1,015 messages and a file of 4.0 MiB, in ")
        assert all(line == line.rstrip() and len(line) <= 80 for line in lines)

    def test_with_a_gate_that_runs_already(self, gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
        command = ["demo", "--endpoint", gate.endpoint, "--pid", str(gate.pid), "--secret", gate.secret]
        assert main(command) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(f"Gate {gate.endpoint}, project {gate.pid}.\n")
        assert gate.secret not in shown

    def test_pid_and_secret_from_the_environment(self, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RTM_PID", str(gate.pid))
        monkeypatch.setenv("RTM_SECRET", gate.secret)
        assert main(["demo", "--endpoint", gate.endpoint]) == 0

    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            (["--endpoint", "127.0.0.1:1"], "needs --pid"),
            (["--endpoint", "127.0.0.1:1", "--pid", "1"], "needs --secret"),
            (["--pid", "1"], "need --endpoint"),
        ],
    )
    def test_what_is_missing_is_named(
        self, arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["demo", *arguments]) == 1
        assert complaint in capsys.readouterr().err

    def test_a_wrong_secret_fails_at_once(self, gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["demo", "--endpoint", gate.endpoint, "--pid", str(gate.pid), "--secret", "wrong"]) == 1
        shown = capsys.readouterr().out
        assert "RTM_EC_INVALID_PID_OR_SIGN (200002)" in shown
        assert shown.endswith("NOT all arrived: see the errors above.\n")

    def test_nobody_listens(self, capsys: pytest.CaptureFixture[str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        assert main(["demo", "--endpoint", f"127.0.0.1:{port}", "--pid", "1", "--secret", "s"]) == 1
        assert "FPNN_EC_CORE_INVALID_CONNECTION" in capsys.readouterr().out

    def test_an_error_in_the_burst_is_counted_and_named(self, gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
        gate.faults.add("sendgroupmsg", "error", skip=10, count=3, code=200044)
        assert not small_demo(gate)
        shown = capsys.readouterr().out
        assert re.search(r"^(?:ok|FAIL) +burst to the group +50 +47 +3 ", shown, re.MULTILINE)
        assert "burst to the group: 3 x RTM_EC_BANNED_IN_GROUP (200044)" in shown

    def test_a_service_that_stops_answering_is_not_waited_for_again(
        self, gate: Gate, capsys: pytest.CaptureFixture[str]
    ) -> None:
        gate.faults.add("sendroommsg", "drop_reply", count=None)
        assert not small_demo(gate, timeout=0.3)
        shown = capsys.readouterr().out
        assert "send to a room: 1 x FPNN_EC_CORE_TIMEOUT" in shown
        assert "burst" not in shown

    def test_control_c(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            endpoint = "{}:{}".format(*server.getsockname())
            command = [*RTM, "demo", "--endpoint", endpoint, "--pid", "1", "--secret", "s"]
            with subprocess.Popen(command, cwd=ROOT, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as demo:
                server.accept()[0].close()
                connection, _ = server.accept()  # it tries again: it waits for an answer now
                with connection:
                    demo.send_signal(signal.SIGINT)
                    _, complaints = demo.communicate(timeout=20)
        assert (demo.returncode, complaints) == (130, b"")

    def test_messages_the_service_does_not_keep_are_missed(self, capsys: pytest.CaptureFixture[str]) -> None:
        with Gate(stored_mtypes=(30,)) as gate:
            assert not small_demo(gate)
        assert "send to a room: 1 x not in the history" in capsys.readouterr().out

    def test_custom_messages_may_be_left_out_of_the_history_of_a_service(self) -> None:
        with Gate(stored_mtypes=(30, 32, *range(40, 51))) as gate:
            assert small_demo(gate)
            assert not small_demo(gate, own_gate=True)

    def test_a_reply_that_is_lost_doubles_nothing(self, gate: Gate) -> None:
        gate.faults.add("sendroommsg", "cut_after")
        gate.faults.add("sendgroupmsg", "cut_after", skip=20)
        assert small_demo(gate)

    def test_a_file_that_does_not_go_through_is_named(self, gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
        gate.faults.add("sendfile", "error", code=200003)
        assert not small_demo(gate)
        assert "send a file: 1 x RTM_EC_INVALID_FILE_OR_SIGN_OR_TOKEN (200003)" in capsys.readouterr().out

    def test_settings_hide_the_secret(self) -> None:
        assert "s3cret" not in repr(Settings("127.0.0.1:1", 1, "s3cret"))

    def test_its_gate_ends_with_it_even_when_it_is_killed(self) -> None:
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

    def test_a_gate_that_does_not_start_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "false")
        with pytest.raises(GateDidNotStart), gate_process():
            pass
