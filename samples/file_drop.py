"""A file drop: whatever is put into a folder is sent to a group, with progress, each file once.

Try it with a gate of its own::

    python samples/file_drop.py --gate --once docs

Without ``--gate`` it takes RTM_ENDPOINT, RTM_PID and RTM_SECRET of the environment; without ``--once`` it goes on until
Control-C, and looks again a few times a second. Without ``--gate``, files that were sent are moved to ``sent/`` in the
folder, those that the service refuses to ``refused/``. Names with a dot in front, and ``*.part``, are files that are
still being written: rename them when they are complete.

The id of a message is made of the file's name and content. So a file that may have been sent, before a crash or without
an answer, is sent again with the same id, and is not doubled.

With ``--once`` it ends with 0 all sent, 1 some refused, 3 some not sent, 4 some maybe sent; run it again. 2 is wrong
usage or settings, or a folder that cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from rtm_sdk import FPNN_ERROR, RTM_ERROR, RTMServerClient

SENT, REFUSED, USAGE, NOT_SENT, MAYBE_SENT = range(5)

SCANNER, STAFF = 1001, 500
ANY_FILE = 50
NO_ANSWER = (
    FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED,
    FPNN_ERROR.FPNN_EC_CORE_TIMEOUT,
    FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION,
)


def waiting(folder: Path) -> list[Path]:
    """The files that are complete."""
    return sorted(
        path for path in folder.iterdir() if path.is_file() and path.name[0] != "." and path.suffix != ".part"
    )


def mid_of(path: Path) -> int:
    """An id that the same file always has."""
    digest = hashlib.sha256(path.name.encode("utf-8", "surrogateescape") + b"\0")
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return 1 + (int.from_bytes(digest.digest()[:8], "big") >> 2)


def percentage(name: str) -> Callable[[int, int], None]:
    """Shows how far a file is: on a terminal in one line, elsewhere a line for each quarter."""
    steps = 100 if sys.stderr.isatty() else 4
    shown = -1

    def show(sent: int, total: int) -> None:
        nonlocal shown
        step = steps * sent // max(total, 1)
        if step > shown:
            shown = step
            end = "\r" if steps == 100 and sent < total else "\n"
            print(f"{name}: {100 * sent // max(total, 1)} % of {total:,} bytes", end=end, file=sys.stderr, flush=True)

    return show


def send(client: RTMServerClient, path: Path, timeout: float) -> int:
    """Send a file. Returns what came of it."""
    _, error_code = client.send_group_file(
        SCANNER, STAFF, ANY_FILE, path, timeout=timeout, mid=mid_of(path), on_progress=percentage(path.name)
    )
    if not error_code:
        print(f"{path.name}: sent")
        return SENT
    if error_code == RTM_ERROR.RTM_EC_DUPLICATED_MID:
        print(f"{path.name}: sent before")
        return SENT
    print(f"{path.name}: {error_code}", file=sys.stderr)
    if error_code.maybe_delivered:
        return MAYBE_SENT
    return NOT_SENT if error_code in NO_ANSWER or error_code.retryable else REFUSED


def version(path: Path) -> tuple[Path, int, int]:
    """What changes when a file of the same name is another."""
    found = path.stat()
    return path, found.st_mtime_ns, found.st_size


def put_away(path: Path, name: str) -> None:
    """Move a file into a folder beside it; one of the same name gets a number."""
    folder = path.parent / name
    folder.mkdir(exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    path.rename(target)


def seconds(text: str) -> float:
    """What may stand after --timeout."""
    number = float(text)
    if not 0 < number < 1e9:
        raise ValueError
    return number


def main() -> int:
    """Send what is in the folder. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Send the files of a folder to a group.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--once", action="store_true", help="end when all files were tried once")
    parser.add_argument("--timeout", type=seconds, default=120.0, help="seconds for each file (default: 120)")
    parser.add_argument("--gate", action="store_true", help="try it with a gate of its own; the files stay")
    chosen = parser.parse_args()

    stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: stop.append(number))
    outcome, stays = SENT, set[tuple[Path, int, int]]()
    with ExitStack() as stack:
        try:
            if chosen.gate:
                from rtm_sdk.gate import Gate

                gate = stack.enter_context(Gate())
                client = RTMServerClient(gate.pid, gate.secret, gate.endpoint)
            else:
                client = RTMServerClient.from_env()
        except ValueError as error:
            print(f"{error} (`rtm gate` prints all three), or try it with --gate", file=sys.stderr)
            return USAGE
        stack.enter_context(client)
        while not stop:
            try:
                files = waiting(chosen.folder)
            except OSError as error:
                print(error, file=sys.stderr)
                return USAGE
            for path in files:
                if stop:
                    break
                try:
                    before = version(path)
                    if before in stays:
                        continue
                    fate = send(client, path, chosen.timeout)
                except OSError as error:  # taken away or changed meanwhile: the next round will see
                    print(f"{path.name}: {error}", file=sys.stderr)
                    fate = NOT_SENT
                else:
                    if chosen.gate:
                        stays.add(before)
                    elif fate in (SENT, REFUSED):
                        try:
                            put_away(path, "sent" if fate == SENT else "refused")
                        except OSError as error:
                            print(f"{path.name} stays in the folder: {error}", file=sys.stderr)
                            stays.add(before)
                outcome = max(outcome, fate)
            if chosen.once:
                break
            time.sleep(0.2)
    return outcome if chosen.once else 0


if __name__ == "__main__":
    sys.exit(main())
