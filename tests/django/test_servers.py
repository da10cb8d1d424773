"""The sample under the servers people use, which fork after the client was made and has been used."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from rtm_sdk.gate import Gate

from .shop import ROOT, manage, server

UWSGI = shutil.which("uwsgi", path=str(Path(sys.executable).parent)) or shutil.which("uwsgi")

needs_gunicorn = pytest.mark.skipif(
    sys.platform == "win32" or importlib.util.find_spec("gunicorn") is None,
    reason="gunicorn is not installed: pip install gunicorn",
)
needs_uwsgi = pytest.mark.skipif(UWSGI is None, reason="uWSGI is not installed: pip install uwsgi")

PRELOADED = """
from rtm_sdk.django import chat
from shop.wsgi import application as shop

result, error_code = chat["default"].send_chat(1000, 2000, "before the fork")
assert not error_code, error_code


def application(environ, start_response):
    if not environ["PATH_INFO"].startswith("/later/"):
        return shop(environ, start_response)
    chat["default"].send_chat(1000, 2001, environ["PATH_INFO"], callback=lambda result, error_code: None)
    start_response("204 No Content", [])
    return []
"""
"""The client is used before the fork, so that the children inherit its connection. A path of its own has callbacks."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("servers")
    manage(folder, "migrate", "--verbosity", "0")
    (folder / "preloaded.py").write_text(PRELOADED)
    return folder


def gunicorn() -> list[str]:
    """As the docs say it."""
    (line,) = re.findall(r"^gunicorn (.*) shop\.wsgi$", (ROOT / "docs" / "django.md").read_text("utf-8"), re.MULTILINE)
    return [sys.executable, "-m", "gunicorn", *shlex.split(line), "--bind", "127.0.0.1:0", "preloaded"]


def uwsgi() -> list[str]:
    command = [str(UWSGI), "--http-socket", "127.0.0.1:0", "--master", "--processes", "4", "--die-on-term"]
    return [*command, "--virtualenv", sys.prefix, "--module", "preloaded"]


def serves(command: list[str], count: int, folder: Path, gate: Gate) -> None:
    """Have a server serve so many orders: each of them is told once, and the server ends when it is asked to."""
    gate.reset()
    items = [f"tea {number}" for number in range(count)]
    with server(command, folder, gate) as running:
        assert running.order(items) == {302}
        told = Counter(str(message.message).partition("x ")[2] for message in gate.messages(to_id=2001))
        assert told == {f"{item}. Thank you!": 1 for item in items}
        assert [message.message for message in gate.messages(to_id=2000)] == ["before the fork"]
        assert running.stop() == 0
        assert not running.processes_are_left
    said = "".join(running.said)
    for trouble in ("Traceback", "SIGKILL", "WORKER TIMEOUT", "callbacks that did not run"):
        assert trouble not in said, said


@needs_gunicorn
def test_gunicorn(folder: Path, gate: Gate) -> None:
    serves(gunicorn(), 100, folder, gate)


@needs_uwsgi
def test_uwsgi(folder: Path, gate: Gate) -> None:
    serves(uwsgi(), 100, folder, gate)


@pytest.mark.slow
@needs_gunicorn
def test_gunicorn_with_many_requests(folder: Path, gate: Gate) -> None:
    serves(gunicorn(), 2000, folder, gate)


@pytest.mark.slow
@needs_uwsgi
def test_uwsgi_with_many_requests(folder: Path, gate: Gate) -> None:
    serves(uwsgi(), 2000, folder, gate)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(gunicorn(), marks=needs_gunicorn, id="gunicorn"),
        pytest.param(uwsgi(), marks=needs_uwsgi, id="uwsgi"),
    ],
)
@pytest.mark.slow
def test_callbacks_that_are_owed_when_the_server_ends(command: list[str], folder: Path, gate: Gate) -> None:
    gate.reset()
    with server(command, folder, gate) as running:
        paths = [f"/later/{number}" for number in range(200)]
        for path in paths:
            assert running.request("GET", path)[0] == 204
        assert running.stop() == 0
        assert not running.processes_are_left
    assert Counter(str(message.message) for message in gate.messages(to_id=2001)) == dict.fromkeys(paths, 1)
