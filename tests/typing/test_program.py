"""What type checkers say to people who use the package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rtm_sdk.gate import Gate

from . import program

ROOT = Path(__file__).resolve().parents[2]

HEAD = """
from typing import Any
from rtm_sdk import BearyChatClient, ErrorCode, GoogleChatClient, GoogleChatWebhook, RTMServerClient
from rtm_sdk.googlechat.resources import Message
from rtm_sdk.rtm.results import SendResult

def wrong(result: Message | None, error_code: ErrorCode) -> None: ...
def never_none(result: SendResult, error_code: ErrorCode) -> None: ...
def too_few(result: SendResult | None) -> None: ...
def use(rtm: RTMServerClient, chat: GoogleChatClient, hook: GoogleChatWebhook, beary: BearyChatClient) -> None:
"""

MISTAKES = (
    "rtm.send_message(51, 1, 2, 'x')[0].mid",
    "mid: int = rtm.send_message(51, 1, 2, 'x')[1].nam",
    "result, error_code = rtm.send_message(51, 1, 2, 'x', callback=print)",
    "rtm.send_message(51, 1, '2', 'x')",
    "rtm.send_message(51, 1, 2, 'x', callback=wrong)",
    "rtm.send_message(51, 1, 2, 'x', callback=never_none)",
    "rtm.send_message(51, 1, 2, 'x', callback=too_few)",
    "rtm.send_message(51, 1, 2, 'x', callback='wrong')",
    "rtm.send_message(51, 1, 2, 'x', timeout='5')",
    "rtm.send_massage(51, 1, 2, 'x')",
    "rtm.call('m', {}, callback=too_few)",
    "chat.create_message('spaces/A', {'text': 'x'})[0]['text']",
    "chat.create_message('spaces/A', 'x')",
    "hook.send({'text': 'x'}, callback=never_none)",
    "beary.create_message('=bw52O')",
    "beary.get_me(callback=wrong)",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the user works: the settings of this repository do not count there."""
    return tmp_path_factory.mktemp("user")


def strict(folder: Path, *names: str) -> tuple[int, list[str]]:
    """What `mypy --strict` finds."""
    pytest.importorskip("mypy")
    options = ["--strict", "--config-file=", "--follow-imports=silent"]  # silent, as for what is installed
    command = [sys.executable, "-m", "mypy", *options, *names]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    checked = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert not checked.stderr, checked.stderr
    return checked.returncode, checked.stdout.splitlines()


def test_a_program_in_both_styles_passes_mypy_strict(folder: Path) -> None:
    shutil.copy(program.__file__, folder)
    code, said = strict(folder, "program.py")
    assert (code, said) == (0, ["Success: no issues found in 1 source file"])


def test_mistakes_are_found(folder: Path) -> None:
    (folder / "mistakes.py").write_text(HEAD + "".join(f"    {mistake}\n" for mistake in MISTAKES), encoding="utf-8")
    _, said = strict(folder, "mistakes.py")
    errors = [line for line in said if ": error: " in line]
    first = HEAD.count("\n") + 1
    found = {int(line.split(":")[1]) for line in errors}
    assert found == set(range(first, first + len(MISTAKES))), "\n".join(errors)


def test_the_program_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with Gate() as gate:
        chat, beary = gate.google, gate.bearychat
        space = chat.add_space(members=[chat.user])
        channel = beary.add_channel("news")
        program.main(
            {
                "RTM_PID": str(gate.pid),
                "RTM_SECRET": gate.secret,
                "RTM_ENDPOINT": gate.endpoint,
                "GOOGLE_TOKEN": chat.token,
                "GOOGLE_URL": chat.base_url,
                "GOOGLE_HOOK": chat.webhook_url(chat.add_webhook(space)),
                "GOOGLE_SPACE": space,
                "BEARYCHAT_TOKEN": beary.token,
                "BEARYCHAT_URL": beary.base_url,
                "BEARYCHAT_HOOK": beary.webhook_url(beary.add_webhook(channel)),
                "BEARYCHAT_CHANNEL": channel,
            }
        )
    assert len(capsys.readouterr().out.splitlines()) == 15
