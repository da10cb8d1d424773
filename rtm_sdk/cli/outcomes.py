"""How a command ends: its exit code, and what it says on stderr when something went wrong."""

from __future__ import annotations

import os
import sys
from enum import IntEnum
from importlib.util import find_spec
from typing import TypeVar

from ..errors import FPNN_ERROR, ErrorCode
from ..terminal import Terminal

__all__ = ["ExitCode", "Failure", "drop_output", "need_extra", "report", "result_of"]

R = TypeVar("R")

_NO_ANSWER = (
    FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED,
    FPNN_ERROR.FPNN_EC_CORE_TIMEOUT,
    FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION,
)


class ExitCode(IntEnum):
    """What a cron job or a script can act on."""

    DONE = 0
    REFUSED = 1
    """By the service. Commands that ask no service (`gate`, `demo`): it did not work."""
    USAGE = 2
    UNREACHABLE = 3
    """Not reachable or timed out, and surely not delivered."""
    UNCERTAIN = 4
    """Maybe delivered."""
    INTERRUPTED = 130
    READER_GONE = 141
    """What a shell reports of a program that SIGPIPE ended."""


class Failure(Exception):
    """A command cannot go on.

    Args:
        text: why, and what to do.
        exit_code: how the command ends.
    """

    def __init__(self, text: str, exit_code: ExitCode = ExitCode.REFUSED) -> None:
        super().__init__(text)
        self.exit_code = exit_code


def result_of(outcome: tuple[R | None, ErrorCode], *, doubt: str = "") -> R:
    """The result of a call.

    Args:
        outcome: what the call returned.
        doubt: what to do when it may have been carried out; empty for a call that only reads.

    Raises:
        Failure: the call failed.
    """
    result, error_code = outcome
    if not error_code:
        return result  # type: ignore[return-value]
    if doubt and error_code.maybe_delivered:
        raise Failure(f"{error_code}; {doubt}", ExitCode.UNCERTAIN)
    if error_code in _NO_ANSWER:
        sure = "nothing was delivered: " if doubt else ""
        reason = ErrorCode(error_code, error_code.message)
        raise Failure(f"{sure}{reason}; check the endpoint, or repeat it later", ExitCode.UNREACHABLE)
    later = "; repeat it later" if error_code.retryable else ""
    raise Failure(f"refused by the service: {error_code}{later}")


def report(line: str) -> None:
    """Print the outcome of something that was done. When it cannot be printed, it was done nevertheless."""
    try:
        Terminal().line(line)
    except OSError as error:
        drop_output()
        print(f"rtm: done, but the outcome {line!r} could not be printed: {error}", file=sys.stderr)


def drop_output() -> None:
    """Nobody takes our output any more. What is still buffered goes nowhere, or Python complains at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def need_extra(extra: str, module: str) -> None:
    """Raise a `Failure` unless an extra of the package is installed."""
    if find_spec(module) is None:
        raise Failure(f'this needs the extra "{extra}", which is not installed: pip install "rtm-sdk[{extra}]"')
