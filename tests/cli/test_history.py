from __future__ import annotations

import json
import time

import pytest

from rtm_sdk import RTMServerClient, unwrap
from rtm_sdk.cli import main
from rtm_sdk.gate import Gate

from .shell import nobody, rtm

pytestmark = pytest.mark.usefixtures("settings")

Output = pytest.CaptureFixture[str]


def fill(client: RTMServerClient, count: int) -> list[int]:
    """Put texts into group 9; gives when each was accepted, ms."""
    return [unwrap(client.send_group_chat(1, 9, f"text {number}")).mtime for number in range(count)]


def found(capsys: Output, *arguments: str) -> list[str]:
    assert main(["history", "--uid", "1", "--group", "9", "--json", *arguments]) == 0
    return [json.loads(line)["message"] for line in capsys.readouterr().out.splitlines()]


def test_a_table_in_a_process_of_its_own(gate: Gate, client: RTMServerClient) -> None:
    mid = unwrap(client.send_group_chat(1, 9, "first line\nsecond \x1b[31mline")).mid
    unwrap(client.send_group_cmd(12, 9, b"\x00\x01"))
    unwrap(client.send_group_file(1, 9, 50, b"content"))
    done = rtm(gate, "history", "--uid", "1", "--group", "9", "--oldest-first")
    assert (done.returncode, done.stderr) == (0, "")
    heading, _, text, command, file = done.stdout.splitlines()
    assert heading.split() == ["time", "from", "type", "mid", "message"]
    assert text.endswith(rf"   1  chat  {mid}  first line\nsecond \x1b[31mline")
    assert text.startswith(time.strftime("%Y-%m-%d "))
    assert "  12  cmd   " in command
    assert command.endswith("(2 B of binary data)")
    assert " file " in file
    assert file.endswith("(7 B)")


def test_json_has_all_there_is(client: RTMServerClient, capsys: Output) -> None:
    mid, mtime = unwrap(client.send_chat(1, 2, "\N{GREEK SMALL LETTER ALPHA}", '{"a": 1}'))
    unwrap(client.send_cmd(2, 1, b"\xff"))
    unwrap(client.send_file(2, 1, 50, b"content"))
    assert main(["history", "--uid", "2", "--p2p", "1", "--json", "--oldest-first"]) == 0
    text, command, file = map(json.loads, capsys.readouterr().out.splitlines())
    assert text.pop("cursor_id") > 0
    assert text == {
        "kind": "p2p",
        "from_uid": 1,
        "to_id": 2,
        "message_type": 30,
        "message_id": mid,
        "message": "\N{GREEK SMALL LETTER ALPHA}",
        "attrs": '{"a": 1}',
        "modified_time": mtime,
        "file_info": None,
    }
    assert command["message"] == {"base64": "/w=="}
    assert file["file_info"]["size"] == 7


def test_num_all_and_order(client: RTMServerClient, capsys: Output) -> None:
    fill(client, 45)
    texts = [f"text {number}" for number in range(45)]
    assert found(capsys) == texts[:-21:-1]
    assert found(capsys, "--num", "3") == texts[:-4:-1]
    assert found(capsys, "--num", "42", "--oldest-first") == texts[:42]
    assert found(capsys, "--all", "--newest-first") == texts[::-1]


def test_since_and_until(gate: Gate, client: RTMServerClient, capsys: Output) -> None:
    gate.clock.offset = -100.0
    (early,) = fill(client, 1)
    gate.clock.offset = 0.0
    (late,) = fill(client, 1)
    assert late - early >= 100_000
    assert len(found(capsys, "--since", "1m")) == len(found(capsys, "--until", "90s")) == 1
    assert len(found(capsys, "--since", "5m")) == len(found(capsys, "--since", "2020-01-01")) == 2
    assert len(found(capsys, "--since", str(early), "--until", str(late))) == 2
    assert len(found(capsys, "--since", str(early + 1), "--until", str(late - 1))) == 0


@pytest.mark.parametrize("place", [["--room", "8"], ["--broadcast"]])
def test_rooms_and_broadcasts(place: list[str], client: RTMServerClient, capsys: Output) -> None:
    assert main(["send", "--from", "1", *place, "hello"]) == 0
    capsys.readouterr()
    assert main(["history", "--uid", "2", *place, "--json"]) == 0
    message = json.loads(capsys.readouterr().out)
    assert (message["kind"], message["message"]) == (place[0].removeprefix("--"), "hello")


def test_nothing_there(capsys: Output) -> None:
    assert main(["history", "--uid", "1", "--group", "9"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["time", "from", "type", "mid", "message"]


def test_exit_1_refused_by_the_service(gate: Gate, capsys: Output) -> None:
    gate.faults.add("getgroupmsg", "error", code=200041)
    assert main(["history", "--uid", "1", "--group", "9"]) == 1
    assert "refused by the service: 200041" in capsys.readouterr().err


def test_exit_3_when_nobody_listens(capsys: Output) -> None:
    with nobody() as endpoint:
        where = ["--endpoint", endpoint, "--timeout", "0.5"]
        assert main(["history", *where, "--uid", "1", "--group", "9"]) == 3
    assert capsys.readouterr().err.startswith("rtm history: 20012 FPNN_EC_CORE_INVALID_CONNECTION")


def test_exit_3_when_a_page_does_not_come(gate: Gate, client: RTMServerClient, capsys: Output) -> None:
    fill(client, 21)
    gate.faults.add("getgroupmsg", "drop_reply", skip=1, count=None)
    assert main(["history", "--uid", "1", "--group", "9", "--all", "--json", "--timeout", "0.2"]) == 3
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 20
    assert err == (
        "rtm history: 20003 FPNN_EC_CORE_TIMEOUT: no answer to getgroupmsg in time; "
        "check the endpoint, or repeat it later\n"
    )
