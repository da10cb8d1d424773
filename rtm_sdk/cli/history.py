"""`rtm history`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..errors import RTMException
from ..terminal import Column, Row, Terminal
from . import declaring
from .outcomes import ExitCode, result_of
from .settings import client_of, declare_client, declare_timeout
from .showing import body_text, json_line, message_object, time_text, type_text

if TYPE_CHECKING:
    from ..rtm.client import RTMServerClient
    from ..rtm.results import HistoryMessage

__all__ = ["declare"]

_PAGE = 20

_DESCRIPTION = """\
Read what was said in a group, in a room, between two users, or to everybody.

Messages that were deleted are left out.
"""

_EXAMPLES = """\
examples:
  rtm history --uid 1 --group 9
      the last 20 messages, newest first
  rtm history --uid 1 --p2p 2 --num 5
      the last 5 that users 1 and 2 sent each other
  rtm history --uid 1 --room 9 --since 2h --all --oldest-first
  rtm history --uid 1 --broadcast --since 2026-01-01 --until 2026-02-01 --all
  rtm history --uid 1 --group 9 --all --json | jq -r .message
      one JSON object a line: kind, from_uid, to_id, message_type, message_id,
      message (of binary data {"base64": "..."}), attrs, modified_time (ms UTC),
      file_info (null, or url, size ...), cursor_id

exit codes:
  0    done
  1    refused by the service; stderr says why
  2    wrong usage
  3    not reachable or timed out: repeat it later
"""


def declare(commands: Any) -> None:
    """Declare the command."""
    parser = declaring.command(commands, "history", _run, "read messages", _DESCRIPTION, _EXAMPLES)
    parser.add_argument(
        "--uid", metavar="UID", type=declaring.identifier, required=True, help="the user for whom it is read"
    )
    places = parser.add_mutually_exclusive_group(required=True)
    places.add_argument("--group", metavar="GID", type=declaring.identifier, help="what was said in a group")
    places.add_argument("--room", metavar="RID", type=declaring.identifier, help="what was said in a room")
    places.add_argument("--p2p", metavar="UID", type=declaring.identifier, help="between that user and this one")
    places.add_argument("--broadcast", action="store_true", help="what was said to everybody")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument(
        "--num", metavar="N", type=declaring.positive, default=20, help="so many at most (default: %(default)s)"
    )
    amount.add_argument("--all", action="store_true", help="all that are there")
    order = parser.add_mutually_exclusive_group()
    order.add_argument("--newest-first", dest="desc", action="store_true", help="go back in time (default)")
    order.add_argument("--oldest-first", dest="desc", action="store_false", help="go forward in time")
    parser.set_defaults(desc=True)
    parser.add_argument(
        "--since",
        metavar="TIME",
        type=declaring.moment,
        help="not older than this: 2026-01-31T12:00 (in the zone of this machine, or with one: +02:00, Z; a date is "
        "its first moment), how long ago: 90s, 30m, 2h, 7d, or ms UTC",
    )
    parser.add_argument("--until", metavar="TIME", type=declaring.moment, help="not newer than this, in the same forms")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    declare_timeout(parser, 30, "for each page of 20 messages")
    declare_client(parser)


def _run(chosen: argparse.Namespace) -> int:
    terminal = Terminal()
    kind = next(name for name in ("group", "room", "p2p", "broadcast") if getattr(chosen, name))
    with client_of(chosen) as client:
        found = islice(_messages(client, kind, chosen), None if chosen.all else chosen.num)
        try:
            if chosen.json:
                for message in found:
                    terminal.line(json_line(message_object(kind, message), terminal.out))
            else:
                terminal.table(_COLUMNS, [_row(message) for message in found])
        except RTMException as failure:
            result_of((None, failure.error_code))
    return ExitCode.DONE


def _messages(client: RTMServerClient, kind: str, chosen: argparse.Namespace) -> Iterator[HistoryMessage]:
    read = {
        "group": partial(client.iter_group_messages, chosen.uid, chosen.group),
        "room": partial(client.iter_room_messages, chosen.uid, chosen.room),
        "p2p": partial(client.iter_p2p_messages, chosen.uid, chosen.p2p),
        "broadcast": partial(client.iter_broadcast_messages, chosen.uid),
    }[kind]
    page = _PAGE if chosen.all else min(_PAGE, chosen.num)
    return read(chosen.desc, chosen.since, chosen.until, page_size=page, timeout=chosen.timeout)


_COLUMNS = (
    Column("time", numeric=False),
    Column("from"),
    Column("type", numeric=False),
    Column("mid"),
    Column("message", numeric=False, wraps=True),
)


def _row(message: HistoryMessage) -> Row:
    cells = (
        time_text(message.modified_time),
        str(message.from_uid),
        type_text(message.message_type),
        str(message.message_id),
        body_text(message),
    )
    return Row(cells)
