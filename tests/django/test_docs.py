from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rtm_sdk.gate import Gate

from .shop import ROOT, manage, server
from .test_servers import needs_gunicorn

TEXT = (ROOT / "docs" / "django.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]
SHELL = [text for language, text in BLOCKS if language == "sh"]


def block(word: str) -> str:
    (found,) = (text for text in PYTHON if word in text)
    return found


def run(folder: Path, *programs: str, settings: str, **variables: str) -> str:
    """Run programs one after the other, with settings, as in a project; returns what they print."""
    (folder / "docs_settings.py").write_text(settings)
    (folder / "program.py").write_text("import django\ndjango.setup()\n" + "\n".join(programs))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RTM_")},
        "DJANGO_SETTINGS_MODULE": "docs_settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]),
        **variables,
    }
    command = [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", str(folder / "program.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


DATABASE = 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}\n'


def test_the_blocks_of_a_project(gate: Gate, tmp_path: Path) -> None:
    """Settings, sending, the transaction, callbacks and the handler, in one project and process."""
    import json

    gate.reset()
    space = gate.google.add_space()
    key = tmp_path / "key.json"
    key.write_text(json.dumps(gate.google.service_account_info()))
    here = f"\nRTM_SDK['alerts']['base_url'] = {gate.google.base_url!r}\nDEBUG = False\n"
    printed = run(
        tmp_path,
        "from django.core.management import call_command",
        'call_command("check", tags=["rtm_sdk"], deploy=True, fail_level="WARNING")',
        block("We are open"),
        block("store the order"),
        block("may use the database"),
        'import logging\nlogging.getLogger("shop").error("No tea.")',
        'print(chat["default"].flush(5), chat["alerts"].flush(5))',
        settings=block("INSTALLED_APPS") + DATABASE + here + block("LOGGING").replace("spaces/AAAA", space),
        RTM_PID=str(gate.pid),
        RTM_SECRET=gate.secret,
        RTM_ENDPOINT=gate.endpoint,
        GOOGLE_KEY_FILE=str(key),
    )
    assert printed == "System check identified no issues (0 silenced).\n0 0\n"
    messages = sorted(str(message.message) for message in gate.messages())
    assert messages == ["Hello.", "Order 17 is on its way.", "We are open.", "```\nNo tea.\n```"]


@pytest.mark.parametrize("word", ["class OrderTests", "class AlertTests"])
def test_the_tests(word: str, tmp_path: Path) -> None:
    runner = (
        "from django.test.utils import get_runner\nfrom django.conf import settings\n"
        'failures = get_runner(settings)().run_tests(["example"])\nassert failures == 0\n'
    )
    (tmp_path / "example.py").write_text(block(word))
    printed = run(tmp_path, runner, settings='INSTALLED_APPS = ["rtm_sdk.django"]\nRTM_SDK = {}\n' + DATABASE)
    assert "Ran 1 test in" in printed


def test_all_python_blocks_are_run_above() -> None:
    assert len(PYTHON) == 7 - 1


def test_the_line_that_runs_the_sample() -> None:
    """The line itself is run in test_sample.py."""
    manual = (ROOT / "samples" / "django_project" / "manage.py").read_text()
    assert f"    {SHELL[0]}" in manual


@needs_gunicorn
def test_the_line_for_gunicorn(gate: Gate, tmp_path: Path) -> None:
    gate.reset()
    assert len(SHELL) == 2
    manage(tmp_path, "migrate", "--verbosity", "0")
    command = [sys.executable, "-m", *shlex.split(SHELL[1]), "--bind", "127.0.0.1:0"]
    with server(command, tmp_path, gate) as running:
        assert running.order(["tea"]) == {302}
        assert running.stop() == 0
    assert len(gate.messages(to_id=2001)) == 1


def test_every_check_is_in_the_table() -> None:
    source = (ROOT / "rtm_sdk" / "django" / "checks.py").read_text()
    ids = set(re.findall(r'id="(rtm_sdk\.[EW]\d{3})"', source))
    assert ids == set(re.findall(r"^\| `(rtm_sdk\.[EW]\d{3})`", TEXT, re.MULTILINE))
