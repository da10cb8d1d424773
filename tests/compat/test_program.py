"""A program for the public SDK, which uses every name of it, runs as it stands."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import rtm_sdk.compat
from rtm_sdk.errors import unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.rtm.client import RTMServerClient

from ..scripts import PATIENCE, ROOT
from .facts import GATE, METHODS

PROGRAM = Path(__file__).with_name("program.py")
ON_LINE = 1009
START = "import runpy, rtm_sdk.compat; rtm_sdk.compat.install(); runpy.run_path({!r}, run_name='__main__')"


def nowhere() -> str:
    """An endpoint at which nobody listens."""
    with Gate() as gate:
        return gate.endpoint


def log_in(client: RTMServerClient, uid: int) -> None:
    """Make an end user of a connection."""
    token = unwrap(client.get_token(uid))
    answer = unwrap(client.call("auth", {"pid": client.pid, "uid": uid, "token": token}, signed=False))
    assert answer["ok"] is True


def test_old_program_runs_unchanged(tmp_path: Path) -> None:
    settings: dict[str, Any] = {**GATE, "ping_interval": 0.05}
    key = tmp_path / "key.pem"
    with Gate(**settings) as gate, RTMServerClient(gate.pid, gate.secret, gate.endpoint) as user:
        key.write_text(gate.public_key)
        log_in(user, ON_LINE)
        arguments = (gate.pid, gate.secret, gate.endpoint, nowhere(), key, ON_LINE)
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", START.format(os.fspath(PROGRAM)), *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.stdout.splitlines() == ["2.2.6 2.7.0", "done"], done.stderr
    assert done.stderr == ""
    assert done.returncode == 0


def test_program_uses_every_public_name() -> None:
    tree = ast.parse(PROGRAM.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | imported
    assert set(rtm_sdk.compat.__all__) - {"install"} <= names
    assert "rtm_sdk" not in {name.partition(".")[0] for name in names}

    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    by_hand = {name for name, value in vars(rtm_sdk.compat.RTMServerClient).items() if is_setting(name, value)}
    assert len(by_hand) == 11
    assert {method.name for method in METHODS if method.public} | by_hand <= called


def is_setting(name: str, value: Any) -> bool:
    """Whether an attribute of the client is a method that is not one of the service."""
    return callable(value) and name[0] != "_" and name not in {method.name for method in METHODS}


def test_facts_are_complete() -> None:
    wires = {each["wire"] for each in json.loads((ROOT / "tests/rtm/methods.json").read_text())}
    assert {method.wire for method in METHODS} == wires
