"""Programs of their own for what cannot be tried inside the test process: forks, exits, kills."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 30


def run_script(source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, at most half a minute; gives its exit code and what it wrote."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
