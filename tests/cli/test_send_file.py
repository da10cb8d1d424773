from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from rtm_sdk import RTMServerClient, unwrap
from rtm_sdk.cli import main
from rtm_sdk.gate import Gate
from rtm_sdk.rtm.results import HistoryMessage

from .shell import ROOT, RTM, environment_of, nobody, rtm

pytestmark = pytest.mark.usefixtures("settings")

Output = pytest.CaptureFixture[str]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.csv"
    path.write_bytes(b"order,total\nA-17,42.00\n" * 1000)
    return path


def files(client: RTMServerClient) -> list[HistoryMessage]:
    return list(client.iter_group_messages(1, 9))


def test_a_file_in_a_process_of_its_own(gate: Gate, client: RTMServerClient, report: Path) -> None:
    done = rtm(gate, "send-file", "--from", "1", "--group", "9", str(report), "--attrs", "monthly")
    assert (done.returncode, done.stderr) == (0, "")
    (message,) = files(client)
    assert done.stdout == f"{message.message_id}\n"
    assert message.file_info is not None
    assert message.file_info.size == report.stat().st_size
    assert message.attrs == "monthly"


def test_a_progress_bar_while_somebody_watches(gate: Gate, report: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    command = [*RTM, "send-file", "--from", "1", "--group", "9", str(report)]
    environment = environment_of(gate) | {"TERM": "xterm", "LANG": "C.UTF-8"}
    try:
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=theirs) as process:
            os.close(theirs)
            shown = b""
            while piece := _read(ours):
                shown += piece
            out, _ = process.communicate(timeout=20)
    finally:
        os.close(ours)
    assert process.returncode == 0
    assert b"sending report.csv" in shown
    assert out.strip().isdigit()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says EIO when the other end is closed
        return b""


def test_each_target(client: RTMServerClient, report: Path) -> None:
    for target in (["--to", "2"], ["--users", "2,3"], ["--group", "9"], ["--room", "8"], ["--broadcast"]):
        assert main(["send-file", "--from", "1", *target, str(report), "--mtype", "43"]) == 0
    for messages, count in (
        (client.iter_p2p_messages(2, 1), 2),
        (client.iter_p2p_messages(3, 1), 1),
        (client.iter_group_messages(1, 9), 1),
        (client.iter_room_messages(1, 8), 1),
        (client.iter_broadcast_messages(1), 1),
    ):
        assert [message.message_type for message in messages] == [43] * count


def test_name(client: RTMServerClient, report: Path) -> None:
    assert main(["send-file", "--from", "1", "--group", "9", str(report), "--name", "May report.txt"]) == 0
    raw = unwrap(client.call("getgroupmsg", {"uid": 1, "gid": 9, "desc": True, "num": 1}))
    assert '"filename": "May report.txt"' in raw["msgs"][0][6]
    assert '"ext": "txt"' in raw["msgs"][0][6]


def test_repeated_with_the_same_mid_it_is_sent_once(client: RTMServerClient, capsys: Output, report: Path) -> None:
    command = ["send-file", "--from", "1", "--group", "9", str(report), "--mid", "7"]
    assert main(command) == main(command) == 0
    assert capsys.readouterr() == ("7\n7\n", "rtm send-file: sent before with the mid 7, not sent again\n")
    assert len(files(client)) == 1


def test_a_mid_that_another_file_has(client: RTMServerClient, capsys: Output, report: Path) -> None:
    unwrap(client.send_group_file(1, 9, 50, b"another", mid=7))
    assert main(["send-file", "--from", "1", "--group", "9", str(report), "--mid", "7"]) == 1
    assert "choose another --mid" in capsys.readouterr().err


def test_exit_1_refused_by_the_service(gate: Gate, capsys: Output, report: Path) -> None:
    gate.faults.add("sendgroupfile", "error", code=200031)
    assert main(["send-file", "--from", "1", "--group", "9", str(report)]) == 1
    assert "refused by the service: 200031" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "complaint"), [("missing.csv", "No such file"), (".", "Is a directory")])
def test_exit_2_when_the_file_cannot_be_read(name: str, complaint: str, tmp_path: Path, capsys: Output) -> None:
    assert main(["send-file", "--from", "1", "--group", "9", str(tmp_path / name)]) == 2
    complained = capsys.readouterr().err
    assert complained.startswith(f"rtm send-file: cannot read {tmp_path / name}: ")
    assert complaint in complained


def test_exit_2_when_it_is_no_message_type_of_a_file(report: Path, capsys: Output) -> None:
    assert main(["send-file", "--from", "1", "--group", "9", str(report), "--mtype", "30"]) == 2
    assert "mtype must be from 40 to 50, not 30" in capsys.readouterr().err


def test_exit_3_when_nobody_listens(capsys: Output, report: Path) -> None:
    with nobody() as endpoint:
        where = ["--endpoint", endpoint, "--timeout", "0.5"]
        assert main(["send-file", *where, "--from", "1", "--group", "9", str(report)]) == 3
    assert "nothing was delivered" in capsys.readouterr().err


def test_exit_3_when_there_is_no_token_in_time(gate: Gate, capsys: Output, report: Path) -> None:
    gate.faults.add("filetoken", "drop_reply", count=None)
    assert main(["send-file", "--timeout", "0.2", "--from", "1", "--group", "9", str(report)]) == 3
    assert "nothing was delivered: 20003" in capsys.readouterr().err


def test_exit_4_names_the_mid_that_does_not_double(
    gate: Gate, client: RTMServerClient, capsys: Output, report: Path
) -> None:
    gate.faults.add("sendgroupfile", "drop_reply")
    command = ["send-file", "--from", "1", "--group", "9", str(report), "--timeout", "0.3"]
    assert main(command) == 4
    mid = capsys.readouterr().err.partition("repeat it with --mid ")[2].partition(",")[0]
    assert main([*command, "--mid", mid]) == 0
    assert [message.message_id for message in files(client)] == [int(mid)]
