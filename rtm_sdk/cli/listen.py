"""`rtm listen`."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from ..terminal import Terminal, one_line
from . import declaring
from .outcomes import ExitCode, Failure, result_of
from .settings import client_of, declare_client, declare_timeout
from .showing import body_text, json_line, message_object, time_text, type_text
from .signals import stop_on_signals

if TYPE_CHECKING:
    from ..rtm.client import RTMServerClient
    from ..rtm.results import RTMMessage

__all__ = ["declare"]

_DESCRIPTION = """\
Print what users send and do, as it happens, one line each, until Control-C or
SIGTERM. Without a choice, everything is heard; broadcasts never are.

When the connection breaks it is opened again; what happened meanwhile is
missing, and `rtm history` has it.
"""

_EXAMPLES = """\
examples:
  rtm listen
  rtm listen --groups 9,10 --users 1
      only what is said in two groups, and what a user writes and is written to
  rtm listen --events login,logout
      only who comes and goes
  rtm listen --json | jq -r 'select(.kind == "group") | .message'
      one JSON object a line: kind (p2p, group, room), from_uid, to_id,
      message_type, message_id, message, attrs, modified_time (ms UTC) ...; of
      an event: kind (event), event, uid, time (seconds UTC), endpoint, data

exit codes:
  0    stopped
  1    refused by the service; stderr says why
  2    wrong usage
  3    not reachable
"""

_PLACES = {"p2p": "", "group": "group_", "room": "room_"}
_KINDS = ("message", "chat", "cmd", "file")
_EVENTS = ("login", "logout")


def declare(commands: Any) -> None:
    """Declare the command."""
    parser = declaring.command(
        commands, "listen", _run, "print messages and events as they happen", _DESCRIPTION, _EXAMPLES
    )
    parser.add_argument(
        "--users", metavar="UID,UID", type=declaring.identifiers, help="messages between users: those of these users"
    )
    parser.add_argument("--groups", metavar="GID,GID", type=declaring.identifiers, help="messages in these groups")
    parser.add_argument("--rooms", metavar="RID,RID", type=declaring.identifiers, help="messages in these rooms")
    parser.add_argument("--events", metavar="NAME,NAME", type=_events, help="events: login, logout")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    declare_timeout(parser, 30, "to begin")
    declare_client(parser)


def _events(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in _EVENTS:
            raise argparse.ArgumentTypeError(f"there are the events {' and '.join(_EVENTS)}, not {name!r}")
    return names


def _run(chosen: argparse.Namespace) -> int:
    with client_of(chosen) as client:
        printer = _Printer(client, Terminal(), as_json=chosen.json)
        lists = {"gids": chosen.groups, "rids": chosen.rooms, "uids": chosen.users, "events": chosen.events}
        if any(lists.values()):
            result_of(client.set_listen(**lists, timeout=chosen.timeout))
        else:
            result_of(client.set_all_listen(p2p=True, group=True, room=True, ev=True, timeout=chosen.timeout))
        with stop_on_signals() as stop:
            _note(f"listening to project {client.pid} at {client.endpoint}; Control-C stops it")
            while printer.error is None and not stop.wait(0.5):
                pass
    if printer.error is not None:
        raise printer.error
    if client.pushes_dropped:
        _note(f"{client.pushes_dropped:,} messages came faster than they could be printed, and are missing")
    return ExitCode.DONE


class _Printer:
    """Prints what a client hears. All but the construction runs on the client's thread for pushes.

    Attributes:
        error: why nothing can be printed any more.
    """

    def __init__(self, client: RTMServerClient, terminal: Terminal, *, as_json: bool) -> None:
        self.error: OSError | Failure | None = None
        self._terminal = terminal
        self._as_json = as_json
        for place, prefix in _PLACES.items():
            for kind in _KINDS:
                client.on(f"{prefix}{kind}", partial(self._message, place))
        client.on("event", self._event)
        client.on("connected", self._connected)
        client.on("closed", self._closed)

    def _message(self, kind: str, message: RTMMessage) -> None:
        if self._as_json:
            self._print(json_line(message_object(kind, message), self._terminal.out))
            return
        place = "user" if kind == "p2p" else kind
        self._print(
            f"{time_text(message.modified_time)}  {message.from_uid} to {place} {message.to_id}  "
            f"{type_text(message.message_type)}: {body_text(message)}"
        )

    def _event(self, pid: int, event: str, uid: int, time: int, endpoint: str, data: str) -> None:
        if self._as_json:
            found = {"kind": "event", "event": event, "uid": uid, "time": time, "endpoint": endpoint, "data": data}
            self._print(json_line(found, self._terminal.out))
            return
        more = f" ({one_line(data)})" if data else ""
        self._print(f"{time_text(time * 1000)}  {one_line(event)}: user {uid} at {one_line(endpoint)}{more}")

    def _connected(self, number: int, endpoint: str, success: bool, is_reconnect: bool) -> None:
        if success and is_reconnect:
            _note("connected again")

    def _closed(self, number: int, endpoint: str, caused_by_error: bool, is_reconnect: bool) -> None:
        if caused_by_error:
            _note("the connection is lost; connecting again")

    def _print(self, line: str) -> None:
        if self.error is None:
            try:
                self._terminal.line(line)
            except OSError as error:
                broken = isinstance(error, BrokenPipeError)
                self.error = error if broken else Failure(f"cannot print: {error.strerror or error}")


def _note(text: str) -> None:
    print(f"rtm listen: {text}", file=sys.stderr, flush=True)
