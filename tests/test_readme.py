from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rtm_sdk import RTMServerClient, unwrap
from rtm_sdk.gate import Gate

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
SHELL = [text for language, text in BLOCKS if language == "sh"]
PYTHON = [text for language, text in BLOCKS if language == "python"]


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture
def client(gate: Gate) -> Iterator[RTMServerClient]:
    with RTMServerClient(gate.pid, gate.secret, gate.endpoint) as client:
        yield client


def example(word: str) -> str:
    (found,) = (block for block in PYTHON if word in block)
    return found


def environment_of(gate: Gate) -> dict[str, str]:
    """What a shell has after the lines of `rtm gate` were pasted."""
    settings = {"RTM_PID": str(gate.pid), "RTM_SECRET": gate.secret, "RTM_ENDPOINT": gate.endpoint}
    return {**os.environ, **settings, "PYTHONPATH": str(ROOT)}


def run(program: str, gate: Gate, folder: Path) -> str:
    """Run a program as a user would who has pasted what `rtm gate` prints.

    Warnings are errors there too, but for the socket of a client that lives as long as its process.
    """
    command = [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", program]
    done = subprocess.run(command, cwd=folder, env=environment_of(gate), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


def test_the_first_two_shell_blocks_are_one_line_each() -> None:
    demo, tests = SHELL[:2]
    assert demo.count("\n") == tests.count("\n") == 1
    assert demo.rstrip().endswith("rtm demo")
    assert ".venv/bin/python -m pytest" in tests


def test_every_python_block_is_run_below() -> None:
    assert len(PYTHON) == 4


def test_service(gate: Gate, client: RTMServerClient, tmp_path: Path) -> None:
    run(example("order_shipped") + '\norder_shipped(2001, "A-17")\n', gate, tmp_path)
    page = unwrap(client.get_p2p_chat(2001, 1000, True, 10))
    assert [message.message for message in page.messages] == ["Order A-17 is on its way."]


def test_service_logs_a_failure(gate: Gate, tmp_path: Path) -> None:
    calls = 'import sys\nlogging.basicConfig(stream=sys.stdout)\norder_shipped(0, "A-17")\n'
    assert "chat not sent: RTM_EC_" in run(example("order_shipped") + calls, gate, tmp_path)


def test_django_view(gate: Gate, client: RTMServerClient, tmp_path: Path) -> None:
    pytest.importorskip("django", reason="Django is not installed")
    unwrap(client.add_group_members(500, [2001]))
    set_up = "from django.conf import settings\nsettings.configure()\nimport django\ndjango.setup()\n"
    post = (
        "\nfrom django.test import RequestFactory\n"
        'request = RequestFactory().post("/ask", {"uid": "2001", "question": "Where is my parcel?"})\n'
        "response = ask_support(request)\n"
        "print(response.status_code)\n"
        'request = RequestFactory().post("/ask", {"uid": "-1", "question": "Who am I?"})\n'
        "response = ask_support(request)\n"
        "print(response.status_code, response.content.decode())\n"
    )
    good, bad = run(set_up + example("django") + post, gate, tmp_path).splitlines()
    assert good == "200"
    assert bad.startswith('502 {"error": "RTM_EC_')
    page = unwrap(client.get_group_chat(2001, 500, True, 10))
    assert [(message.from_uid, message.message) for message in page.messages] == [(2001, "Where is my parcel?")]


def test_google_chat_and_bearychat(gate: Gate, tmp_path: Path) -> None:
    space, channel = gate.google.add_space("spaces/AAAA"), gate.bearychat.add_channel("orders", id="=bw52O")
    (tmp_path / "key.json").write_text(json.dumps(gate.google.service_account_info()))
    program = example("BearyChatClient")
    for before, after in (
        ('"key.json"', f'"key.json", base_url={gate.google.base_url!r}'),
        ('"a-robots-token"', f"{str(gate.bearychat.token)!r}, base_url={gate.bearychat.base_url!r}"),
    ):
        assert program.count(before) == 1
        program = program.replace(before, after)
    run(f"{program}\nassert not error_code, error_code\n", gate, tmp_path)
    for conversation in (space, channel):
        assert [message.message for message in gate.messages(to_id=conversation)] == ["Order A-17 is on its way."]


def test_shell(gate: Gate, client: RTMServerClient, tmp_path: Path) -> None:
    unwrap(client.add_group_members(500, [1000]))
    (tmp_path / "report.csv").write_text("order,total\n")
    (tmp_path / "rtm").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rtm_sdk.cli "$@"\n')
    (tmp_path / "rtm").chmod(0o755)
    (block,) = (block for block in SHELL if "rtm send" in block)
    environment = environment_of(gate)
    environment["PATH"] = f"{tmp_path}{os.pathsep}{environment['PATH']}"
    command = ["bash", "-e", "-o", "pipefail", "-c", block]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"message_type": 50' in done.stdout
    assert "1000" in done.stdout.splitlines()[-1]


@pytest.mark.slow
def test_the_demo_prints_what_the_page_shows() -> None:
    (shown,) = (text for language, text in BLOCKS if language == "text" and "All arrived" in text)
    done = subprocess.run(
        [sys.executable, "-m", "rtm_sdk.cli", "demo"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert steps(shown) == steps(done.stdout)


def steps(printed: str) -> list[str]:
    """What `rtm demo` prints, without its measurements and the port."""
    return [
        re.sub(r"(127.0.0.1:\d+|[\d.]+ (ms|s)\b|[\d,.]+( [MK]iB)?/s| {2,})", "", line) for line in printed.splitlines()
    ]


def test_cron_job(gate: Gate, client: RTMServerClient, tmp_path: Path) -> None:
    printed = run(example("report.csv"), gate, tmp_path)
    assert (tmp_path / "report.csv").read_text().startswith("order,total")
    assert re.search(r"^\d{13} http://\S+$", printed, re.MULTILINE)
