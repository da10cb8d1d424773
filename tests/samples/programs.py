"""The samples as a user runs them, in processes of their own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from rtm_sdk.gate import Gate

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
PATIENCE = 20
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("RTM_")}


def environment_of(gate: Gate | None) -> dict[str, str]:
    """The settings of a gate, as a shell has them."""
    found = CLEAN | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    if gate is not None:
        found |= {"RTM_ENDPOINT": gate.endpoint, "RTM_PID": str(gate.pid), "RTM_SECRET": gate.secret}
    return found


def command(name: str, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-W", "error", str(SAMPLES / f"{name}.py"), *map(str, arguments)]


def run(gate: Gate | None, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a sample to its end."""
    return subprocess.run(
        command(name, *arguments), env=environment_of(gate), capture_output=True, text=True, timeout=PATIENCE
    )


@contextmanager
def running(
    gate: Gate | None, name: str, *arguments: str | Path, until: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A sample that goes on until it is stopped: its process, and what it printed up to the line with a word."""
    with subprocess.Popen(
        command(name, *arguments),
        env=environment_of(gate),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            shown = ""
            for line in process.stdout:
                shown += line
                if until in line:
                    break
            yield process, shown
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def load(name: str) -> ModuleType:
    """A sample as a module, to call parts of it."""
    spec = importlib.util.spec_from_file_location(f"sample_{name}", SAMPLES / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
