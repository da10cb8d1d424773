from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rtm_sdk import RTMServerClient, unwrap
from rtm_sdk.cli import main
from rtm_sdk.gate import Gate
from rtm_sdk.gate.enduser.client import UserClient

from .shell import ROOT, RTM, environment_of, nobody

pytestmark = pytest.mark.usefixtures("settings")


class Listener:
    """`rtm listen` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None and process.stderr is not None
        self.process = process
        self.out = process.stdout
        self.err = process.stderr

    def line(self) -> str:
        return self.out.readline().rstrip("\n")

    def note(self) -> str:
        return self.err.readline().rstrip("\n")

    def end(self, stop: int = signal.SIGTERM) -> str:
        """Stop it; gives what it had still to print."""
        self.process.send_signal(stop)
        out, err = self.process.communicate(timeout=20)
        assert (self.process.returncode, err) == (0, "")
        return out


@contextmanager
def listener(gate: Gate, *arguments: str) -> Iterator[Listener]:
    with subprocess.Popen(
        [*RTM, "listen", *arguments],
        cwd=ROOT,
        env=environment_of(gate),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            listening = Listener(process)
            assert listening.note() == (
                f"rtm listen: listening to project {gate.pid} at {gate.endpoint}; Control-C stops it"
            )
            yield listening
        finally:
            process.kill()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_one_line_each_in_order_until_it_is_stopped(gate: Gate, client: RTMServerClient, stop: int) -> None:
    with listener(gate) as listening:
        unwrap(client.send_chat(1, 2, "two\nlines"))
        unwrap(client.send_group_cmd(1, 9, b"\x00"))
        unwrap(client.send_room_message(51, 3, 8, "custom"))
        unwrap(client.send_file(1, 2, 40, b"picture"))
        assert listening.line().endswith(r"  1 to user 2  chat: two\nlines")
        assert listening.line().endswith("  1 to group 9  cmd: (1 B of binary data)")
        assert listening.line().endswith("  3 to room 8  51: custom")
        last = listening.line()
        assert "  1 to user 2  image: http://" in last
        assert last.endswith(" (7 B)")
        assert listening.end(stop) == ""


def test_json(gate: Gate, client: RTMServerClient) -> None:
    with listener(gate, "--json") as listening:
        mid, mtime = unwrap(client.send_group_chat(1, 9, "hello", "{}"))
        assert json.loads(listening.line()) == {
            "kind": "group",
            "from_uid": 1,
            "to_id": 9,
            "message_type": 30,
            "message_id": mid,
            "message": "hello",
            "attrs": "{}",
            "modified_time": mtime,
            "file_info": None,
            "translated": None,
        }


def test_only_what_was_chosen(gate: Gate, client: RTMServerClient) -> None:
    with listener(gate, "--groups", "9,10", "--users", "5", "--json") as listening:
        unwrap(client.send_chat(1, 2, "not for us"))
        unwrap(client.send_group_chat(1, 8, "not for us"))
        unwrap(client.send_room_chat(1, 9, "not for us"))
        unwrap(client.send_group_chat(1, 10, "group"))
        unwrap(client.send_chat(5, 2, "user"))
        assert [json.loads(listening.line())["message"] for _ in range(2)] == ["group", "user"]
        assert listening.end() == ""


def test_events(gate: Gate, client: RTMServerClient) -> None:
    token = unwrap(client.get_token(7))
    with (
        listener(gate, "--events", "login") as text,
        listener(gate, "--events", "login", "--json") as objects,
        UserClient(gate.endpoint, gate.pid, 7) as user,
    ):
        assert user.login(token)
        assert re.fullmatch(r"[-0-9]{10} [:0-9]{8}  login: user 7 at 127\.0\.0\.1:\d+", text.line())
        event = json.loads(objects.line())
        assert (event["kind"], event["event"], event["uid"]) == ("event", "login", 7)


def test_a_lost_connection_comes_back(gate: Gate, client: RTMServerClient) -> None:
    with listener(gate) as listening:
        gate.stop()
        assert listening.note() == "rtm listen: the connection is lost; connecting again"
        gate.start()
        assert listening.note() == "rtm listen: connected again"
        unwrap(client.send_chat(1, 2, "hello"))
        assert listening.line().endswith("chat: hello")
        listening.end()


def test_it_ends_when_its_reader_has_gone(gate: Gate, client: RTMServerClient) -> None:
    with listener(gate) as listening:
        listening.out.close()
        unwrap(client.send_chat(1, 2, "hello"))
        assert listening.process.wait(20) == 141
        assert listening.err.read() == ""


def test_exit_1_refused_by_the_service(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    gate.faults.add("setlisten", "error", code=200020)
    assert main(["listen"]) == 1
    assert "refused by the service: 200020" in capsys.readouterr().err


def test_exit_3_when_nobody_listens(capsys: pytest.CaptureFixture[str]) -> None:
    with nobody() as endpoint:
        assert main(["listen", "--endpoint", endpoint, "--timeout", "0.5"]) == 3
    assert capsys.readouterr().err.startswith("rtm listen: 20012 FPNN_EC_CORE_INVALID_CONNECTION")
