"""`rtm demo`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from . import declaring
from .outcomes import ExitCode, Failure, need_extra
from .settings import declare_project, project_of

if TYPE_CHECKING:
    from ..demo import ChatDemo, RTMDemo, Settings

__all__ = ["declare"]

_TIMEOUT = 10.0

_DESCRIPTION = """\
See everything work once, and check all of it.

Makes a group and a room. Sends a chat, a command and a custom message to one
person, several, the group, the room and everybody, then 1,000 messages with
callbacks and a file of 4 MiB. Reads all of it back from history, downloads the
file and compares its SHA-256. Against a gate of its own, it does the like with
Google Chat and BearyChat. The exit code is 0 only if everything arrived,
exactly once.
"""

_EXAMPLES = """\
examples:
  rtm demo
      against a gate of its own (needs the extra "gate")
  RTM_SECRET=s3cret rtm demo --endpoint 127.0.0.1:13321 --pid 11000001
      against a gate or service that runs already; mind that its broadcasts
      reach every user of that project
"""


def declare(commands: Any) -> None:
    """Declare the command."""
    parser = declaring.command(
        commands, "demo", _run, "send, read back and check one of everything", _DESCRIPTION, _EXAMPLES
    )
    parser.add_argument(
        "--endpoint",
        metavar="HOST:PORT",
        type=declaring.endpoint,
        help="a gate or service that runs already (default: a gate is started for the demo)",
    )
    project = parser.add_argument_group("project, with --endpoint")
    declare_project(project)
    project.add_argument(
        "--secret",
        metavar="SECRET",
        help="the secret itself, for a gate of your own: others on this machine can see it in the list of processes",
    )


def _run(chosen: argparse.Namespace) -> int:
    from ..demo import GateDidNotStart, Settings, gate_process

    if chosen.endpoint is not None:
        return _show(Settings(chosen.endpoint, *project_of(chosen)), own_gate=False)
    if (chosen.pid, chosen.secret_file, chosen.secret) != (None, None, None):
        raise Failure(
            "--pid, --secret-file and --secret need --endpoint: without it, the demo makes up a project for its gate",
            ExitCode.USAGE,
        )
    need_extra("gate", "aiohttp")
    with ExitStack() as stack:
        try:
            settings = stack.enter_context(gate_process())
        except GateDidNotStart as error:
            raise Failure(str(error)) from None
        return _show(settings, own_gate=True)


def _show(settings: Settings, *, own_gate: bool) -> int:
    from ..demo import Report, Unreachable
    from ..terminal import Terminal

    terminal = Terminal()
    started = " (started for this demo)" if own_gate else ""
    terminal.line(f"Gate {settings.endpoint}{started}, project {settings.pid}.")
    terminal.line("Each send is a chat, a command and a custom message; bursts use callbacks.")
    terminal.line()
    report = Report(terminal)
    with ExitStack() as stack:
        for part in _parts(settings, stack, own_gate=own_gate):
            with suppress(Unreachable):
                part.run(report)
    return 0 if report.show() else 1


def _parts(settings: Settings, stack: ExitStack, *, own_gate: bool) -> Iterator[RTMDemo | ChatDemo]:
    from ..demo import BearyChatDemo, GoogleChatDemo, RTMDemo
    from ..rtm.client import RTMServerClient

    rtm = RTMServerClient(settings.pid, settings.secret, settings.endpoint, timeout=_TIMEOUT, connect_timeout=_TIMEOUT)
    yield RTMDemo(stack.enter_context(rtm), own_gate=own_gate)
    if settings.google_url:
        from ..googlechat.client import GoogleChatClient

        google = GoogleChatClient(
            settings.google_token, base_url=settings.google_url, timeout=_TIMEOUT, connect_timeout=_TIMEOUT, proxy=""
        )
        yield GoogleChatDemo(stack.enter_context(google), settings.google_space)
    if settings.bearychat_url:
        from ..bearychat.client import BearyChatClient

        bearychat = BearyChatClient(
            settings.bearychat_token,
            base_url=settings.bearychat_url,
            timeout=_TIMEOUT,
            connect_timeout=_TIMEOUT,
            proxy="",
        )
        yield BearyChatDemo(stack.enter_context(bearychat))
