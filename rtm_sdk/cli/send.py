"""`rtm send`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from . import declaring
from .outcomes import ExitCode, Failure
from .sending import declare_attributes, declare_targets, deliver, target_of
from .settings import client_of, declare_client, declare_timeout

__all__ = ["declare"]

_CHAT, _CMD = 30, 32

_DESCRIPTION = """\
Send a message to a user, several users, a group, a room or everybody.

Its message id is printed when the service has accepted it.
"""

_EXAMPLES = f"""\
examples:
  rtm send --from 1 --to 2 "Your parcel is on its way."
  rtm send --from 1 --users 2,3 --cmd reload
  rtm send --from 1 --group 9 --mtype 51 --attrs '{{"level": 3}}' "disk full"
  df -h | rtm send --from 1 --room 9 -
      the text comes from standard input; line ends at its end are left out
  rtm send --from 1 --broadcast -- "--- maintenance at noon ---"
      after -- a text may begin with -
  rtm send --from 1 --to 2 --mid $(date +%Y%m%d) "Good morning." > /dev/null
      sent once a day, however often it is run (in a crontab, write \\% for %)

{declaring.EXIT_CODES}{declaring.MAYBE_DELIVERED}"""


def declare(commands: Any) -> None:
    """Declare the command."""
    parser = declaring.command(commands, "send", _run, "send a message", _DESCRIPTION, _EXAMPLES)
    parser.usage = f"{parser.prog} --from UID TARGET [options] TEXT"
    parser.add_argument("text", metavar="TEXT", help="the message; - reads it from standard input (UTF-8)")
    declare_targets(parser)
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument(
        "--cmd", dest="mtype", action="store_const", const=_CMD, help="send a command (default: a text chat)"
    )
    kinds.add_argument(
        "--mtype", metavar="N", type=declaring.message_type, help="send a message type of your own, 51 to 127"
    )
    parser.set_defaults(mtype=_CHAT)
    declare_attributes(parser, "message")
    declare_timeout(parser, 30)
    declare_client(parser)


def _run(chosen: argparse.Namespace) -> int:
    target = target_of(chosen)
    with client_of(chosen) as client:
        text = _standard_input() if chosen.text == "-" else chosen.text
        sends: dict[str, Callable[..., Any]] = {
            "to": client.send_message,
            "users": client.send_messages,
            "group": client.send_group_message,
            "room": client.send_room_message,
            "broadcast": client.broadcast_message,
        }
        send = sends[target.flag]
        deliver(
            client,
            chosen,
            target,
            lambda mid: send(chosen.mtype, chosen.sender, *target.to, text, chosen.attrs, mid, timeout=chosen.timeout),
            lambda stored: stored.message == text,
        )
    return ExitCode.DONE


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        text = "standard input is not UTF-8; convert it, or send it with rtm send-file"
        raise Failure(text, ExitCode.USAGE) from None
