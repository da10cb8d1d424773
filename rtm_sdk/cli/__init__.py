"""The `rtm` command. Each sub-command has a module with a function that declares it and one that runs it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from .. import __version__
from . import call, demo, doctor, gate, history, listen, send, send_file
from .declaring import EXIT_CODES, MAYBE_DELIVERED
from .outcomes import ExitCode, Failure, drop_output

__all__ = ["main"]

COMMANDS = (
    demo.declare,
    gate.declare,
    doctor.declare,
    send.declare,
    send_file.declare,
    history.declare,
    listen.declare,
    call.declare,
)

_DESCRIPTION = """\
Chat messages, files, rooms and groups over RTM, and a local gate to develop
and test against.

  rtm demo    see everything work once, in seconds, without account or network
  rtm gate    run the local gate, and point your own program at it
  rtm doctor  find out why it does not work, and what to do

The other commands are for cron and the shell:

  rtm send --from 1 --group 9 "The backup is done."
  rtm history --uid 1 --group 9
"""

_EPILOG = f"""\
Where the service is and which project is meant stand in RTM_ENDPOINT, RTM_PID
and RTM_SECRET of the environment, or are given with --endpoint, --pid and
--secret-file. `rtm gate` prints its own, ready to paste.

{EXIT_CODES}{MAYBE_DELIVERED}\
  130  interrupted (Control-C)
  141  whoever read the output has gone

`rtm COMMAND --help` tells more, with examples.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the `rtm` command.

    Args:
        arguments: the words after `rtm`; those of the process when left out.

    Returns:
        the exit code, see `ExitCode`.
    """
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.run is None:
        parser.print_help(sys.stderr)
        return ExitCode.USAGE
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return run(chosen)
    except Failure as failure:
        print(f"rtm {chosen.command}: {failure}", file=sys.stderr)
        return failure.exit_code
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        drop_output()
        return ExitCode.READER_GONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rtm",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"rtm-sdk {__version__}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for declare in COMMANDS:
        declare(commands)
    return parser
