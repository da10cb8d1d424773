"""`rtm` as a user runs it, in processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rtm_sdk import RTMServerClient
from rtm_sdk.endpoint import parse_endpoint
from rtm_sdk.gate import Gate

ROOT = Path(__file__).parents[2]
RTM = (sys.executable, "-W", "error", "-m", "rtm_sdk.cli")
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("RTM_")}
PATIENCE = 20


def environment_of(gate: Gate) -> dict[str, str]:
    """The settings of a gate, as a shell has them."""
    return CLEAN | {"RTM_ENDPOINT": gate.endpoint, "RTM_PID": str(gate.pid), "RTM_SECRET": gate.secret}


def rtm(gate: Gate, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end. `text` is its standard input."""
    return subprocess.run(
        [*RTM, *arguments],
        cwd=ROOT,
        env=environment_of(gate),
        input=text,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@contextmanager
def nobody() -> Iterator[str]:
    """An address where nobody listens, nor can begin to."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield "{}:{}".format(*taken.getsockname())


@contextmanager
def rtm_gate(
    *arguments: str, stop: int = signal.SIGTERM, folder: Path = ROOT, **environment: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """`rtm gate` as a user runs it: what it printed at first, and the settings a shell takes from that."""
    with subprocess.Popen(
        [*RTM, "gate", *arguments],
        cwd=folder,
        env=CLEAN | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            shown = ""
            for line in process.stdout:
                shown += line
                if "Control-C" in line:
                    break
            yield shown, pasted(shown, environment)
        finally:
            process.send_signal(stop)
            _, complaints = process.communicate(timeout=20)
        assert (process.returncode, complaints) == (0, "")


def pasted(shown: str, environment: dict[str, str]) -> dict[str, str]:
    """What a shell has in its environment after the lines were pasted into it."""
    lines = "\n".join(line for line in shown.splitlines() if line.lstrip().startswith("export "))
    command = ["sh", "-c", f"{lines}\nenv"]
    done = subprocess.run(command, env=CLEAN | environment, capture_output=True, text=True, check=True)
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if line.startswith("RTM_"))


def client_of(settings: dict[str, str]) -> RTMServerClient:
    return RTMServerClient(int(settings["RTM_PID"]), settings["RTM_SECRET"], settings["RTM_ENDPOINT"])


def listens(endpoint: str) -> bool:
    try:
        socket.create_connection(parse_endpoint(endpoint), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True
