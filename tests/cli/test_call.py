from __future__ import annotations

import json
from pathlib import Path

import pytest

from rtm_sdk import RTMServerClient
from rtm_sdk.cli import main
from rtm_sdk.gate import Gate

from .shell import nobody, rtm

pytestmark = pytest.mark.usefixtures("settings")

Output = pytest.CaptureFixture[str]


def test_a_call_in_a_process_of_its_own(gate: Gate) -> None:
    done = rtm(gate, "call", "addgroupmembers", "gid=9", "uids:=[1,2,3]")
    assert (done.returncode, done.stdout, done.stderr) == (0, "{}\n", "")
    done = rtm(gate, "call", "getgroupmembers", "gid=9")
    assert sorted(json.loads(done.stdout)["uids"]) == [1, 2, 3]


def test_binary_data_both_ways(client: RTMServerClient, capsys: Output, tmp_path: Path) -> None:
    content = tmp_path / "body"
    content.write_bytes(b"\xff\x00")
    send = ["mtype=30", "from=1", "to=2", "mid=7", f"msg@{content}", "attrs="]
    assert main(["call", "sendmsg", *send]) == 0
    assert json.loads(capsys.readouterr().out)["mtime"] > 0
    assert main(["call", "getmsg", "mid=7", "from=1", "xid=2", "type=1"]) == 0
    assert json.loads(capsys.readouterr().out)["msg"] == {"base64": "/wA="}


def test_text_that_looks_like_a_number_needs_quotes(capsys: Output) -> None:
    assert main(["call", "dataset", "uid=1", "key=zip", "val=10967"]) == 1
    complained = capsys.readouterr().err
    assert "10010" in complained
    assert "text that looks like one key:='\"42\"'" in complained
    assert main(["call", "dataset", "uid=1", "key=zip", 'val:="10967"']) == 0
    assert main(["call", "dataget", "uid=1", "key=zip"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"val": "10967"}


def test_exit_1_when_there_is_no_such_method(capsys: Output) -> None:
    assert main(["call", "dance"]) == 1
    assert "20004" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["dataget", "uid=1", "uid=2"], "uid is given twice"),
        (["x" * 256], "method must have 1 to 255 bytes"),
        (["dataget", f"uid:={10**30}"], "'uid': Integer value out of range"),
    ],
)
def test_exit_2_for_what_cannot_be_sent(arguments: list[str], complaint: str, capsys: Output) -> None:
    assert main(["call", *arguments]) == 2
    assert complaint in capsys.readouterr().err


def test_exit_2_without_a_method(capsys: Output) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["call"])
    assert capsys.readouterr().err.endswith("the following arguments are required: METHOD\n")


def test_exit_3_when_nobody_listens(capsys: Output) -> None:
    with nobody() as endpoint:
        assert main(["call", "dataget", "uid=1", "--endpoint", endpoint, "--timeout", "0.5"]) == 3
    assert "nothing was delivered" in capsys.readouterr().err


def test_exit_4_maybe_done(gate: Gate, capsys: Output) -> None:
    gate.faults.add("addfriends", "drop_reply")
    assert main(["call", "addfriends", "uid=1", "friends:=[2]", "--timeout", "0.2"]) == 4
    assert "find out whether it was done before you repeat it" in capsys.readouterr().err


def test_exit_4_with_a_mid(gate: Gate, capsys: Output) -> None:
    gate.faults.add("sendmsg", "drop_reply")
    send = ["mtype=51", "from=1", "to=2", "mid=7", "msg=hello", "attrs="]
    assert main(["call", "sendmsg", *send, "--timeout", "0.2"]) == 4
    assert "repeat it with the same mid: when that is refused with 200053, it was done" in capsys.readouterr().err
    assert main(["call", "sendmsg", *send]) == 1
    assert "200053" in capsys.readouterr().err
