"""`rtm send-file`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..terminal import Terminal, one_line, size
from . import declaring
from .outcomes import ExitCode, Failure
from .sending import declare_attributes, declare_targets, deliver, target_of
from .settings import client_of, declare_client, declare_timeout

if TYPE_CHECKING:
    from ..errors import ErrorCode
    from ..rtm.results import RetrievedMessage, SendResult

__all__ = ["declare"]

_ANY_FILE = 50

_DESCRIPTION = """\
Send a file to a user, several users, a group, a room or everybody.

Its message id is printed when the service has accepted it. A progress bar is
shown while somebody watches.
"""

_EXAMPLES = f"""\
examples:
  rtm send-file --from 1 --to 2 holiday.jpg --mtype 40
  rtm send-file --from 1 --group 9 report.csv --name "Report of May.csv"
  rtm send-file --from 1 --group 9 report.csv --mid $(date +%Y%m%d) > /dev/null
      sent once a day, however often it is run (in a crontab, write \\% for %)

{declaring.EXIT_CODES}{declaring.MAYBE_DELIVERED}"""


def declare(commands: Any) -> None:
    """Declare the command."""
    parser = declaring.command(commands, "send-file", _run, "send a file", _DESCRIPTION, _EXAMPLES)
    parser.usage = f"{parser.prog} --from UID TARGET [options] PATH"
    parser.add_argument("path", metavar="PATH", type=Path, help="the file")
    declare_targets(parser)
    parser.add_argument(
        "--mtype",
        metavar="N",
        type=declaring.message_type,
        default=_ANY_FILE,
        help="40 image, 41 audio, 42 video, 50 any file (default: %(default)s)",
    )
    parser.add_argument("--name", metavar="NAME", default="", help="the name receivers see (default: that of the file)")
    declare_attributes(parser, "file")
    declare_timeout(parser, 120)
    declare_client(parser)


def _run(chosen: argparse.Namespace) -> int:
    target = target_of(chosen)
    path: Path = chosen.path
    with client_of(chosen) as client:
        sends: dict[str, Callable[..., Any]] = {
            "to": client.send_file,
            "users": client.send_files,
            "group": client.send_group_file,
            "room": client.send_room_file,
            "broadcast": client.broadcast_file,
        }
        send = sends[target.flag]
        try:
            bytes_in_all = path.stat().st_size

            def send_and_show(mid: int) -> tuple[SendResult | None, ErrorCode]:
                with Terminal(sys.stderr).progress(f"sending {one_line(path.name)}", bytes_in_all, size) as advance:
                    outcome: tuple[SendResult | None, ErrorCode] = send(
                        chosen.sender,
                        *target.to,
                        chosen.mtype,
                        path,
                        timeout=chosen.timeout,
                        attrs=chosen.attrs,
                        filename=chosen.name,
                        mid=mid,
                        on_progress=lambda sent, _: advance(sent),
                    )
                return outcome

            def is_same(stored: RetrievedMessage) -> bool:
                return stored.file_info is not None and stored.file_info.size == bytes_in_all

            deliver(client, chosen, target, send_and_show, is_same)
        except OSError as error:
            raise Failure(f"cannot read {path}: {error.strerror or error}", ExitCode.USAGE) from None
    return ExitCode.DONE
