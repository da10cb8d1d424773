"""The gate that a demo runs against, in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from .rtm import CUSTOM

__all__ = ["GateDidNotStart", "Settings", "gate_process"]

_STOP = 10.0


class Settings(NamedTuple):
    """What clients need to know: of RTM always, of Google Chat and BearyChat when there is an address."""

    endpoint: str
    pid: int
    secret: str
    google_url: str = ""
    google_token: str = ""
    google_space: str = ""
    bearychat_url: str = ""
    bearychat_token: str = ""

    def __repr__(self) -> str:
        return f"Settings(endpoint={self.endpoint!r}, pid={self.pid}, secret=<hidden>)"


class GateDidNotStart(Exception):
    """The process of `gate_process` ended before its gate listened."""


@contextmanager
def gate_process() -> Iterator[Settings]:
    """A gate of its own for as long as the block runs, on a free loopback port, in a separate process.

    Needs the extra `gate`. The gate also stops when this process dies, however it dies.

    Yields:
        how to reach it.

    Raises:
        GateDidNotStart: it did not; why stands on stderr.
    """
    command = [sys.executable, "-c", "from rtm_sdk.demo.process import serve_until_input_ends as serve; serve()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line:
                raise GateDidNotStart(f"the gate did not start (exit code {process.wait(_STOP)})")
            yield Settings(**json.loads(line))
        finally:
            process.stdin.close()
            try:
                process.wait(_STOP)
            except subprocess.TimeoutExpired:
                process.kill()


def serve_until_input_ends() -> None:
    """The other end of `gate_process`: serve until standard input ends. Control-C is the parent's business."""
    from ..gate import Gate
    from ..gate.settings import DEFAULT_STORED_MTYPES

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Gate(stored_mtypes={*DEFAULT_STORED_MTYPES, CUSTOM}) as gate:
        space = gate.google.add_space("demo")
        settings = Settings(
            gate.endpoint,
            gate.pid,
            gate.secret,
            google_url=gate.google.base_url,
            google_token=gate.google.token,
            google_space=space,
            bearychat_url=gate.bearychat.base_url,
            bearychat_token=gate.bearychat.token,
        )
        print(json.dumps(settings._asdict()), flush=True)
        sys.stdin.read()
