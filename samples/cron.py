"""A cron job that sends a report to a group once a day, and whose exit code tells the truth about it.

Try it with a gate of its own::

    python samples/cron.py --gate

In a crontab (RTM_ENDPOINT, RTM_PID and RTM_SECRET in the environment)::

    */10 6-8 * * *  /srv/venv/bin/python /srv/cron.py --state /var/lib/report/state.json

It may run as often as it likes: the message is sent once a day. What it ends with:

    0  the message is there, from this run or an earlier one of the day
    1  the service refused it; it is not there
    2  wrong usage, settings or state file; this run sent nothing
    3  it is not there, the service could not be reached; run again
    4  it may be there: no answer came, or another run is still at it; run again, it is not doubled

Needs a system with `fcntl`: Linux, macOS, BSD.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TextIO

from rtm_sdk import FPNN_ERROR, RTM_ERROR, RTMServerClient

DONE, REFUSED, USAGE, NOT_SENT, MAYBE_SENT = range(5)

REPORTER, STAFF = 1000, 500
NO_ANSWER = (
    FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED,
    FPNN_ERROR.FPNN_EC_CORE_TIMEOUT,
    FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION,
)


def report(day: str) -> str:
    """What is to be said."""
    disk = shutil.disk_usage("/")
    return f"{day}: {100 * disk.used // disk.total} % of the disk is in use."


# --- what the next run has to know ---------------------------------------------------------------------------------


class State(NamedTuple):
    """How far today's message is.

    Attributes:
        day: of which day.
        mid: its id: with the same id the service takes a message once.
        fate: `new`, `maybe sent`, `sent`.
    """

    day: str
    mid: int
    fate: str


def load(path: Path, day: str) -> State:
    """The state of a day; a new one when the file is of another day, or not there."""
    try:
        state = State(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        state = State("", 0, "new")
    return state if state.day == day else State(day, 1 + secrets.randbits(62), "new")


def save(path: Path, state: State) -> None:
    """Replace the file in one step: whatever happens, it holds the old state or the new one."""
    draft = path.with_name(f"{path.name}.new")
    with open(draft, "w", encoding="utf-8") as file:
        json.dump(state._asdict(), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def note(path: Path, state: State) -> None:
    """Save what came of it. If that fails the file says `maybe sent`, and the next run finds out."""
    try:
        save(path, state)
    except OSError as error:
        tell(f"{path} could not be written: {error}", sys.stderr)


def tell(text: str, stream: TextIO) -> None:
    """Print. Where that fails, as when the log's disk is full, the exit code tells the truth all the same."""
    try:
        print(text, file=stream, flush=True)
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # or Python fails once more when it ends, with an exit code of its own
        os.close(nowhere)


@contextmanager
def alone(path: Path, seconds: float) -> Iterator[None]:
    """Let one run at a time through. The system takes the lock away from a run that dies, even by kill -9.

    Raises:
        TimeoutError: another run was at it all the time.
    """
    end = time.monotonic() + seconds
    with open(path, "w", encoding="utf-8") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise TimeoutError(f"another run is still at it after {seconds:g} s") from None
                time.sleep(0.02)
        yield


# --- the run -------------------------------------------------------------------------------------------------------


def deliver(client: RTMServerClient, path: Path, day: str, timeout: float) -> int:
    """Send the message of a day unless it is there already. Returns the exit code."""
    state = load(path, day)
    if state.fate == "sent":
        tell(f"sent before, with the mid {state.mid}", sys.stdout)
        return DONE
    save(path, state._replace(fate="maybe sent"))  # before it is sent: this run may be killed at any moment

    _, error_code = client.send_group_chat(REPORTER, STAFF, report(day), mid=state.mid, timeout=timeout)

    earlier = state.fate == "maybe sent"
    if not error_code or (earlier and error_code == RTM_ERROR.RTM_EC_DUPLICATED_MID):
        note(path, state._replace(fate="sent"))
        tell(f"sent, with the mid {state.mid}", sys.stdout)
        return DONE
    if earlier or error_code.maybe_delivered:
        tell(f"maybe sent: {error_code}; run again, it is not doubled", sys.stderr)
        return MAYBE_SENT
    note(path, state)
    tell(f"not sent: {error_code}", sys.stderr)
    return NOT_SENT if error_code in NO_ANSWER else REFUSED


def seconds(text: str) -> float:
    """What may stand after --timeout."""
    number = float(text)
    if not 0 < number < 1e9:
        raise ValueError
    return number


def main(arguments: list[str] | None = None) -> int:
    """Run. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Send a report to a group, once a day.")
    parser.add_argument("--state", type=Path, default=Path("report.state.json"), help="default: %(default)s")
    parser.add_argument("--day", default=str(date.today()), help="of which day (default: today)")
    parser.add_argument(
        "--timeout", type=seconds, default=30.0, help="seconds, for a lock and for the call (default: 30)"
    )
    parser.add_argument("--gate", action="store_true", help="try it with a gate of its own")
    chosen = parser.parse_args(arguments)

    state: Path = chosen.state
    with ExitStack() as stack:
        try:
            if chosen.gate:
                from rtm_sdk.gate import Gate

                gate = stack.enter_context(Gate())
                state = Path(stack.enter_context(TemporaryDirectory())) / "state.json"
                client = RTMServerClient(gate.pid, gate.secret, gate.endpoint)
            else:
                client = RTMServerClient.from_env()
        except ValueError as error:
            tell(str(error), sys.stderr)
            return USAGE
        stack.enter_context(client)
        try:
            stack.enter_context(alone(state.with_name(f"{state.name}.lock"), chosen.timeout))
            return deliver(client, state, chosen.day, chosen.timeout)
        except TimeoutError as error:
            tell(f"maybe sent: {error}", sys.stderr)
            return MAYBE_SENT
        except OSError as error:
            tell(f"nothing was sent: {error}", sys.stderr)
            return USAGE
        except (ValueError, TypeError) as error:
            tell(f"nothing was sent: {state} is broken, look at it: {error}", sys.stderr)
            return USAGE


if __name__ == "__main__":
    sys.exit(main())
