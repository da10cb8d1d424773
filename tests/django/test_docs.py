from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from rtm_sdk.gate import Gate

from .shop import ROOT, SAMPLE

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


DATABASE = 'USE_TZ = True\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}\n'


def test_the_blocks_of_a_project(gate: Gate, tmp_path: Path) -> None:
    """Settings, sending, the transaction, callbacks and the handler, in one project and process."""
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


def test_the_tests(tmp_path: Path) -> None:
    runner = (
        "from django.test.utils import get_runner\nfrom django.conf import settings\n"
        'failures = get_runner(settings)().run_tests(["example"])\nassert failures == 0\n'
    )
    (tmp_path / "example.py").write_text(block("class OrderTests") + block("class AlertTests"))
    printed = run(tmp_path, runner, settings='INSTALLED_APPS = ["rtm_sdk.django"]\nRTM_SDK = {}\n' + DATABASE)
    assert "Ran 2 tests in" in printed


def test_all_python_blocks_are_run_above() -> None:
    assert len(PYTHON) == 7


def test_the_lines_for_the_shell_are_run_by_other_tests() -> None:
    runserver, gunicorn = SHELL
    assert f"    {runserver}" in (SAMPLE / "manage.py").read_text()  # test_sample.py
    assert gunicorn.startswith("gunicorn --preload --workers 4 ")  # test_servers.py


def test_every_check_is_in_the_table() -> None:
    source = (ROOT / "rtm_sdk" / "django" / "checks.py").read_text()
    ids = set(re.findall(r'id="(rtm_sdk\.[EW]\d{3})"', source))
    assert ids == set(re.findall(r"^\| `(rtm_sdk\.[EW]\d{3})`", TEXT, re.MULTILINE))
