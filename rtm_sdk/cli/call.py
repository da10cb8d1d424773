"""`rtm call`."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import FPNN_ERROR
from . import declaring
from .outcomes import ExitCode, Failure, report, result_of
from .settings import client_of, declare_client, declare_timeout
from .showing import json_line

__all__ = ["declare"]

_DESCRIPTION = """\
Call any method of the service by its name on the wire, and print the answer as
JSON on one line (binary data as {"base64": "..."}).

Parameters, without pid, sign, salt and ts:

  key=value    a whole number, true or false; anything else is text
  key:=json    any JSON: lists, maps, null, and text that looks like a number
  key@file     the content of a file, as binary data

Options stand before METHOD or after the last parameter.
"""

_EXAMPLES = f"""\
examples:
  rtm call getgroupmembers gid=9
  rtm call addgroupmembers gid=9 uids:=[1,2,3]
  rtm call dataset uid=1 key=zip 'val:="01067"'
      01067 is text anyway (a leading 0); 10967 would not be without quotes
  rtm call icheck type=2 image@photo.jpg --timeout 120
  rtm call sendmsg mtype=51 from=1 to=2 mid=7 msg=hello attrs=
      with a mid, a call whose fate is unknown is repeated by itself

{declaring.EXIT_CODES}\
  4    maybe done; stderr says what to do
"""

_FORMS = "a number is written key=42, text that looks like one key:='\"42\"', a list key:=[1,2]"


def declare(commands: Any) -> None:
    """Declare the command."""
    parser = declaring.command(commands, "call", _run, "call any method by its name", _DESCRIPTION, _EXAMPLES)
    parser.add_argument("method", metavar="METHOD", help="its name on the wire")
    parser.add_argument(
        "params",
        metavar="key=value",
        type=declaring.parameter,
        nargs="*",
        default=[],  # or argparse calls them required when METHOD is missing
        help="its parameters, next to it",
    )
    declare_timeout(parser, 30)
    declare_client(parser)


def _run(chosen: argparse.Namespace) -> int:
    params: dict[str, Any] = {}
    for key, value in chosen.params:
        if key in params:
            raise Failure(f"{key} is given twice", ExitCode.USAGE)
        params[key] = value
    doubt = "find out whether it was done before you repeat it"
    if "mid" in params:
        doubt = "repeat it with the same mid: when that is refused with 200053, it was done the first time"
    with client_of(chosen) as client:
        try:
            outcome = client.call(chosen.method, params, timeout=chosen.timeout)
        except (TypeError, ValueError, OverflowError) as error:
            raise Failure(str(error), ExitCode.USAGE) from None
        try:
            answer = result_of(outcome, doubt=doubt)
        except Failure as failure:
            if outcome[1] == FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT:
                raise Failure(f"{failure}; {_FORMS}", failure.exit_code) from None
            raise
        report(json_line(answer))
    return ExitCode.DONE
