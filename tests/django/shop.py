"""The sample project, run as its users run it: in processes of its own."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from rtm_sdk.gate import Gate

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "samples" / "django_project"

_TOKEN = 32 * "a"
_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Cookie": f"csrftoken={_TOKEN}",
    "X-CSRFToken": _TOKEN,
}
_ADDRESS = re.compile(
    r"(?:Listening at:|bound to TCP address|development server at) (?:http://)?127\.0\.0\.1:([1-9]\d*)"
)


def environment(folder: Path, gate: Gate | None = None) -> dict[str, str]:
    """The environment of the sample: its database in a folder, its messages at a gate of the test or of its own."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("RTM_", "DJANGO_"))}
    variables["SHOP_DATABASE"] = str(folder / "shop.sqlite3")
    variables["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(SAMPLE), str(folder)])
    variables["PYTHONDONTWRITEBYTECODE"] = variables["PYTHONUNBUFFERED"] = "1"
    variables["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    if gate is not None:
        variables |= {"RTM_PID": str(gate.pid), "RTM_SECRET": gate.secret, "RTM_ENDPOINT": gate.endpoint}
    return variables


def manage(folder: Path, *arguments: str, gate: Gate | None = None) -> str:
    """Run a command of the project; a warning is an error.

    Args:
        folder: for the database.
        arguments: of `manage.py`.
        gate: where messages go; None is a gate in the process.

    Returns:
        What it printed.
    """
    command = [sys.executable, "-W", "error", "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=SAMPLE, env=environment(folder, gate), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


class Server:
    """A server process with its children.

    Attributes:
        port: where it listens.
        said: the lines it has printed.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.said: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            self.said.append(line)
            found = _ADDRESS.search(line)
            if found:
                self.port = int(found[1])
                self._reader = threading.Thread(target=self.said.extend, args=(process.stdout,))
                self._reader.start()  # a pipe that nobody reads would stop the server
                return
        raise AssertionError(f"it did not start:\n{''.join(self.said)}")

    def request(self, method: str, path: str, **form: object) -> tuple[int, str]:
        """One request on a connection of its own: the status and the body of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, urlencode(form), _HEADERS)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def order(self, items: list[str]) -> set[int]:
        """Order each of them, eight at a time; returns the statuses."""

        def one(item: str) -> int:
            return self.request("POST", "/buyers/2001/", item=item, quantity=1)[0]

        with ThreadPoolExecutor(8) as threads:
            return set(threads.map(one, items))

    def stop(self, timeout: float = 15.0) -> int:
        """Ask it to end, as an init system does, and wait; returns its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.wait(timeout)

    def wait(self, timeout: float = 15.0) -> int:
        """Wait until it has ended and all it printed has been read; returns its exit code."""
        code = self._process.wait(timeout)
        self._reader.join(timeout)
        return code

    @property
    def processes_are_left(self) -> bool:
        """Whether one of its children still lives."""
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@contextmanager
def server(command: list[str] | str, folder: Path, gate: Gate | None) -> Iterator[Server]:
    """Run a server in the folder of the sample until the end of the block."""
    with subprocess.Popen(
        command,
        shell=isinstance(command, str),
        cwd=SAMPLE,
        env=environment(folder, gate),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        running = None
        try:
            running = Server(process)
            yield running
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            if running is not None:
                running.wait()
