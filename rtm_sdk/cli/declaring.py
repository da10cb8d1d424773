"""How sub-commands are declared: the same form for all, and what their arguments are made of."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

from ..endpoint import parse_endpoint

__all__ = [
    "EXIT_CODES",
    "MAYBE_DELIVERED",
    "Project",
    "command",
    "endpoint",
    "function",
    "identifier",
    "identifiers",
    "listen_address",
    "message_type",
    "moment",
    "parameter",
    "pid",
    "positive",
    "project",
    "seconds",
]

EXIT_CODES = """\
exit codes:
  0    done
  1    refused by the service; stderr says why
  2    wrong usage, nothing was sent
  3    not reachable or timed out, surely not delivered: repeat it later
"""

MAYBE_DELIVERED = """\
  4    maybe delivered: repeat it with the --mid that stderr names
"""

_INT64_MAX = 2**63 - 1
_UINT64_MAX = 2**64 - 1
_INT64_MIN = -(2**63)

_PARAMETER = re.compile(r"([^=:@\s]+)(:=|=|@)(.*)", re.DOTALL)
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_BOOLEANS = {"true": True, "false": False}

_AGO = re.compile(r"([0-9]{1,9})([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_FIRST_MSEC = 10**11
"""1973, in ms. A smaller number was hardly meant as ms."""


class Project(NamedTuple):
    """A project: its id and its secret."""

    pid: int
    secret: str

    def __repr__(self) -> str:
        return f"Project(pid={self.pid}, secret=<hidden>)"


def command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], summary: str, description: str, examples: str
) -> argparse.ArgumentParser:
    """Declare a sub-command.

    Args:
        commands: where all of them are declared.
        name: the word after `rtm`.
        run: what it does; it returns the exit code.
        summary: a few words, for `rtm --help`.
        description: what stands at the top of its own help.
        examples: what stands at the bottom.
    """
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    return parser


def endpoint(text: str) -> str:
    """`HOST:PORT`."""
    try:
        parse_endpoint(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def listen_address(text: str) -> str:
    """`HOST:PORT`, where port 0 is a free one."""
    endpoint(f"{text[:-1]}1" if text.endswith(":0") else text)
    return text


def pid(text: str) -> int:
    """A project id."""
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) < 2**31:
        raise argparse.ArgumentTypeError("a pid is a positive number below 2147483648")
    return int(text)


def project(text: str) -> Project:
    """`PID:SECRET`."""
    number, colon, secret = text.partition(":")
    if not colon or not secret:
        raise argparse.ArgumentTypeError("write PID:SECRET, for example 11000001:s3cret")
    return Project(pid(number), secret)


def identifier(text: str) -> int:
    """The id of a user, a group, a room or a message."""
    if not (text.isascii() and text.isdigit() and len(text) < 20) or not 0 < int(text) <= _INT64_MAX:
        raise argparse.ArgumentTypeError(f"an id is a positive number up to {_INT64_MAX}, not {text!r}")
    return int(text)


def identifiers(text: str) -> list[int]:
    """Several ids, with commas."""
    return [identifier(part.strip()) for part in text.split(",")]


def message_type(text: str) -> int:
    """A message type."""
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 127):
        raise argparse.ArgumentTypeError(f"a message type is a number from 0 to 127, not {text!r}")
    return int(text)


def positive(text: str) -> int:
    """How many."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise argparse.ArgumentTypeError(f"write a number from 1 on, not {text!r}")
    return int(text)


def seconds(text: str) -> float:
    """A duration."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < 1e9:
        raise argparse.ArgumentTypeError(f"write a positive number of seconds, not {text!r}")
    return found


def moment(text: str) -> int:
    """A moment, in ms UTC: a date and time, how long ago, or the ms themselves."""
    ago = _AGO.fullmatch(text)
    try:
        if ago:
            found = datetime.now(timezone.utc) - timedelta(seconds=int(ago[1]) * _UNITS[ago[2]])
        elif text.isascii() and text.isdigit():
            if not _FIRST_MSEC <= int(text) <= _INT64_MAX:
                raise ValueError
            return int(text)
        else:
            found = datetime.fromisoformat(f"{text[:-1]}+00:00" if text.endswith("Z") else text)
        return max(0, int(found.timestamp() * 1000))
    except (ValueError, OverflowError, OSError):
        raise argparse.ArgumentTypeError(
            f"write a time such as 2026-01-31T12:00 (of this machine's zone, or with one: +02:00, Z), how long ago: "
            f"90s, 30m, 2h, 7d, or ms UTC; not {text!r}"
        ) from None


def parameter(text: str) -> tuple[str, Any]:
    """`key=value`, `key:=json` or `key@file`: the parameter of any method."""
    parts = _PARAMETER.fullmatch(text)
    if parts is None:
        raise argparse.ArgumentTypeError(f"write key=value, key:=json or key@file, not {text!r}")
    key, sign, value = parts.groups()
    if sign == "@":
        try:
            return key, Path(value).read_bytes()
        except OSError as error:
            raise argparse.ArgumentTypeError(f"{key}: cannot read {value!r}: {error.strerror}") from None
    if sign == ":=":
        try:
            return key, json.loads(value)
        except (ValueError, RecursionError) as error:
            raise argparse.ArgumentTypeError(f"{key}: what stands after := is not JSON: {error}") from None
    if value in _BOOLEANS:
        return key, _BOOLEANS[value]
    if _INTEGER.fullmatch(value) and len(value) <= 20 and _INT64_MIN <= int(value) <= _UINT64_MAX:
        return key, int(value)
    return key, value


def function(text: str) -> tuple[str, str]:
    """`NAME=MODULE:FUNCTION`."""
    name, sign, place = text.partition("=")
    if not (name and sign and place):
        raise argparse.ArgumentTypeError(f"write NAME=MODULE:FUNCTION, not {text!r}")
    return name, place
