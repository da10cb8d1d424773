from __future__ import annotations

import io
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from rtm_sdk import RTMServerClient, unwrap
from rtm_sdk.cli import main
from rtm_sdk.gate import Gate

from .shell import CLEAN, ROOT, RTM, environment_of, nobody, rtm

pytestmark = pytest.mark.usefixtures("settings")

Output = pytest.CaptureFixture[str]


def texts(client: RTMServerClient, uid: int = 2, other: int = 1) -> list[str | bytes]:
    return [message.message for message in client.iter_p2p_messages(uid, other)]


def test_a_chat_in_a_process_of_its_own(gate: Gate, client: RTMServerClient) -> None:
    done = rtm(gate, "send", "--from", "1", "--to", "2", "hello there")
    assert (done.returncode, done.stderr) == (0, "")
    (message,) = client.iter_p2p_messages(2, 1)
    assert (message.from_uid, message.message_type, message.message) == (1, 30, "hello there")
    assert done.stdout == f"{message.message_id}\n"


def test_text_from_standard_input(gate: Gate, client: RTMServerClient) -> None:
    assert rtm(gate, "send", "--from", "1", "--to", "2", "-", text="first\n  second\n\n").returncode == 0
    assert texts(client) == ["first\n  second"]


def test_standard_input_that_is_no_text(
    client: RTMServerClient, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe")))
    assert main(["send", "--from", "1", "--to", "2", "-"]) == 2
    assert "not UTF-8" in capsys.readouterr().err
    assert not texts(client)


def test_each_target(client: RTMServerClient, capsys: Output) -> None:
    for target in (["--users", "2, 3"], ["--group", "9"], ["--room", "8"], ["--broadcast"]):
        assert main(["send", "--from", "1", *target, f"to {target}"]) == 0
    assert texts(client, 2) == texts(client, 3) == ["to ['--users', '2, 3']"]
    assert [message.message for message in client.iter_group_messages(1, 9)] == ["to ['--group', '9']"]
    assert [message.message for message in client.iter_room_messages(1, 8)] == ["to ['--room', '8']"]
    assert [message.message for message in client.iter_broadcast_messages(1)] == ["to ['--broadcast']"]
    assert len(set(capsys.readouterr().out.split())) == 4


def test_each_kind() -> None:
    with Gate(stored_mtypes=(30, 32, 51)) as gate, RTMServerClient(gate.pid, gate.secret, gate.endpoint) as client:
        where = ["--endpoint", gate.endpoint, "--from", "1", "--to", "2"]
        for kind in ([], ["--cmd"], ["--mtype", "51", "--attrs", '{"level": 3}']):
            assert main(["send", *where, *kind, "hello"]) == 0
        found = [(message.message_type, message.attrs) for message in client.iter_p2p_messages(2, 1)]
    assert found == [(30, ""), (32, ""), (51, '{"level": 3}')]


def test_repeated_with_the_same_mid_it_is_sent_once(client: RTMServerClient, capsys: Output) -> None:
    command = ["send", "--from", "1", "--to", "2", "--mid", "20260131", "good morning"]
    assert main(command) == 0
    assert capsys.readouterr() == ("20260131\n", "")
    assert main(command) == 0
    assert capsys.readouterr() == ("20260131\n", "rtm send: sent before with the mid 20260131, not sent again\n")
    assert texts(client) == ["good morning"]


def test_a_mid_that_another_message_has_loses_nothing_silently(client: RTMServerClient, capsys: Output) -> None:
    unwrap(client.send_group_chat(1, 9, "another", mid=7))
    assert main(["send", "--from", "1", "--group", "9", "--mid", "7", "mine"]) == 1
    assert "another message has the mid 7 already; choose another --mid" in capsys.readouterr().err


def test_exit_1_refused_by_the_service(gate: Gate, capsys: Output) -> None:
    gate.faults.add("sendgroupmsg", "error", code=200044)
    assert main(["send", "--from", "1", "--group", "9", "hello"]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("rtm send: refused by the service: 200044 RTM_EC_BANNED_IN_GROUP: the user is muted")


def test_exit_1_with_a_wrong_secret(gate: Gate, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RTM_SECRET", "wrong-s3cret")
    assert main(["send", "--from", "1", "--to", "2", "hello"]) == 1
    complained = capsys.readouterr().err
    assert "check pid and secret" in complained
    assert "wrong-s3cret" not in complained


def test_exit_2_when_the_text_cannot_be_sent(capsys: Output) -> None:
    assert main(["send", "--from", "1", "--to", "2", "\udcff"]) == 2
    assert "cannot be sent as UTF-8" in capsys.readouterr().err


def test_exit_3_when_nobody_listens(capsys: Output) -> None:
    with nobody() as endpoint:
        command = ["send", "--endpoint", endpoint, "--from", "1", "--to", "2", "--timeout", "0.5", "hello"]
        assert main(command) == 3
    complained = capsys.readouterr().err
    assert complained.startswith("rtm send: nothing was delivered: 20012 FPNN_EC_CORE_INVALID_CONNECTION")
    assert complained.endswith("check the endpoint, or repeat it later\n")


def test_exit_3_when_the_time_is_over_before_anything_is_sent(gate: Gate, capsys: Output, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text(gate.public_key)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = "{}:{}".format(*silent.getsockname())
        where = ["--endpoint", endpoint, "--public-key", str(key), "--timeout", "0.2"]
        assert main(["send", *where, "--from", "1", "--to", "2", "hello"]) == 3
    assert "nothing was delivered" in capsys.readouterr().err


@pytest.mark.parametrize("fault", ["drop_reply", "half_open"])
def test_exit_4_names_the_mid_that_does_not_double(
    gate: Gate, client: RTMServerClient, capsys: Output, fault: str
) -> None:
    gate.faults.add("sendmsg", fault)  # type: ignore[arg-type]
    command = ["send", "--from", "1", "--to", "2", "once", "--timeout", "0.2"]
    assert main(command) == 4
    out, err = capsys.readouterr()
    assert not out
    assert "(maybe delivered)" in err
    mid = err.partition("repeat it with --mid ")[2].partition(",")[0]
    for _ in range(2):
        assert main([*command, "--mid", mid]) == 0
        assert capsys.readouterr().out == f"{mid}\n"
    assert texts(client) == ["once"]


def test_interrupted_it_names_the_mid(gate: Gate) -> None:
    fault = gate.faults.add("sendmsg", "drop_reply")
    command = [*RTM, "send", "--from", "1", "--to", "2", "hello", "--mid", "7"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment_of(gate), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert fault.wait(timeout=20)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert err == "rtm send: interrupted, maybe delivered: repeat it with --mid 7, then it is not sent twice\n"


def test_it_is_done_even_when_nobody_takes_the_mid(gate: Gate, client: RTMServerClient) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("w") as out:
        command = [*RTM, "send", "--from", "1", "--to", "2", "hello"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment_of(gate), stdout=out, stderr=subprocess.PIPE, text=True, timeout=20
        )
    assert done.returncode == 0
    (message,) = client.iter_p2p_messages(2, 1)
    assert f"done, but the outcome '{message.message_id}' could not be printed" in done.stderr


def test_a_lost_answer_is_no_failure(gate: Gate, client: RTMServerClient) -> None:
    gate.faults.add("sendmsg", "cut_after")
    assert main(["send", "--from", "1", "--to", "2", "hello"]) == 0
    assert texts(client) == ["hello"]


def test_without_settings_it_says_what_to_set() -> None:
    command = [*RTM, "send", "--from", "1", "--to", "2", "hello"]
    done = subprocess.run(command, cwd=ROOT, env=CLEAN, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2
    assert done.stderr == "rtm send: give --endpoint HOST:PORT, or set RTM_ENDPOINT in the environment\n"
