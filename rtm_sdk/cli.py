"""The `rtm` command. Each sub-command has one function that declares it and one that runs it; `COMMANDS` lists them."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from . import __version__
from .fpnn.endpoint import parse_endpoint

if TYPE_CHECKING:
    from .demo import Settings
    from .fpnn.encryption import ServerKey
    from .gate import Gate

__all__ = ["main"]

_DEMO_TIMEOUT = 10.0

_SECRET_OF_THE_ENVIRONMENT = '"${RTM_GATE_PROJECT#*:}"'
"""What a shell takes for a secret that came in the environment. No secret is printed that was not shown already."""

_DESCRIPTION = """\
Chat messages, files, rooms and groups over RTM, and a local gate to develop
and test against.

  rtm demo    see everything work once, in seconds, without account or network
  rtm gate    run the local gate, and point your own program at it
"""

_GATE = """\
Run a gate: a local server that speaks the RTM protocol and keeps what it is
sent. It checks signatures, replays and clocks as the service does.

It prints the settings a client needs, ready to paste, and serves until
Control-C or SIGTERM. Only this machine reaches it unless --listen says
otherwise.
"""

_GATE_EXAMPLES = """\
examples:
  rtm gate
      a free port; everything is forgotten at the end
  rtm gate --listen 127.0.0.1:13321 --http 127.0.0.1:13322 --store chat.db
      the same ports each time; what was stored is there after a restart
  rtm gate --key gate.pem
      clients may encrypt, with the public key in gate.pem.pub
  RTM_GATE_PROJECT=11000001:s3cret rtm gate
      a project of your choice; its secret stays out of the list of processes
"""

_DEMO = """\
See everything work once, and check all of it.

Makes a group and a room. Sends a chat, a command and a custom message to one
person, several, the group, the room and everybody, then 1,000 messages with
callbacks and a file of 4 MiB. Reads all of it back from history, downloads the
file and compares its SHA-256. The exit code is 0 only if everything arrived,
exactly once.
"""

_DEMO_EXAMPLES = """\
examples:
  rtm demo
      against a gate of its own (needs the extra "gate")
  RTM_SECRET=s3cret rtm demo --endpoint 127.0.0.1:13321 --pid 11000001
      against a gate or service that runs already; mind that its broadcasts
      reach every user of that project
"""


class Failure(Exception):
    """A command cannot go on; the text says why and what to do."""


class Project(NamedTuple):
    """A project: its id and its secret."""

    pid: int
    secret: str

    def __repr__(self) -> str:
        return f"Project(pid={self.pid}, secret=<hidden>)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the `rtm` command.

    Args:
        arguments: the words after `rtm`; those of the process when left out.

    Returns:
        the exit code: 0 all well, 1 the command did not do what it was to do, 2 misuse, 130 interrupted.
    """
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.run is None:
        parser.print_help(sys.stderr)
        return 2
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return run(chosen)
    except Failure as failure:
        print(f"rtm {chosen.command}: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough. What is still buffered goes nowhere, or Python complains at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rtm", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"rtm-sdk {__version__}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for declare in COMMANDS:
        declare(commands)
    return parser


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], summary: str, description: str, examples: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _need_extra(extra: str, module: str) -> None:
    if find_spec(module) is None:
        raise Failure(f'this needs the extra "{extra}", which is not installed: pip install "rtm-sdk[{extra}]"')


def _endpoint(text: str) -> str:
    try:
        parse_endpoint(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _listen_address(text: str) -> str:
    _endpoint(f"{text[:-1]}1" if text.endswith(":0") else text)
    return text


def _pid(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) < 2**31:
        raise argparse.ArgumentTypeError("a pid is a positive number below 2147483648")
    return int(text)


def _project(text: str) -> Project:
    pid, colon, secret = text.partition(":")
    if not colon or not secret:
        raise argparse.ArgumentTypeError("write PID:SECRET, for example 11000001:s3cret")
    return Project(_pid(pid), secret)


def _declare_gate(commands: Any) -> None:
    parser = _command(commands, "gate", _gate, "run a local gate in the foreground", _GATE, _GATE_EXAMPLES)
    parser.add_argument(
        "--listen",
        metavar="HOST:PORT",
        type=_listen_address,
        default="127.0.0.1:0",
        help="where to listen; port 0 takes a free one (default: %(default)s)",
    )
    parser.add_argument(
        "--http",
        metavar="HOST:PORT",
        type=_listen_address,
        help="where files can be downloaded (default: a free port of the same host)",
    )
    parser.add_argument(
        "--store",
        metavar="FILE",
        type=Path,
        help="the file to keep everything in; it is made when missing (default: memory)",
    )
    parser.add_argument(
        "--project",
        metavar="PID:SECRET",
        type=_project,
        help="the project to serve (default: RTM_GATE_PROJECT of the environment, or a project for demonstrations)",
    )
    parser.add_argument(
        "--key",
        metavar="FILE",
        type=Path,
        help="private key (PEM) for clients that encrypt; it is made when missing, and its public key, which the "
        "clients need, is written to FILE.pub (default: no encryption)",
    )


def _gate(chosen: argparse.Namespace) -> int:
    _need_extra("gate", "aiohttp")
    from .gate import Gate

    project: Project | None = chosen.project
    secret_text = "" if project is None else shlex.quote(project.secret)
    if project is None and "RTM_GATE_PROJECT" in os.environ:
        try:
            project = _project(os.environ["RTM_GATE_PROJECT"])
        except argparse.ArgumentTypeError as error:
            raise Failure(f"RTM_GATE_PROJECT: {error}") from None
        secret_text = _SECRET_OF_THE_ENVIRONMENT
    with _stop_on_signals() as stop:
        gate = Gate(
            chosen.listen,
            http_listen=chosen.http,
            store=chosen.store,
            projects=None if project is None else dict([project]),
            key=None if chosen.key is None else _server_key(chosen.key),
        )
        try:
            gate.start()
        except (OSError, RuntimeError, ValueError) as error:
            raise Failure(getattr(error, "strerror", None) or str(error)) from None
        with gate:
            for line in _settings_to_paste(gate, secret_text or shlex.quote(gate.secret), chosen.key):
                print(line)
            sys.stdout.flush()
            while gate.running and not stop.wait(1.0):
                pass
    return 0


@contextmanager
def _stop_on_signals() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, from before the gate starts until after it has stopped."""
    stop = threading.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _server_key(path: Path) -> ServerKey:
    from .fpnn.encryption import ServerKey

    try:
        if path.exists():
            key = ServerKey(path)
        else:
            key = ServerKey.generate()
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(key.private_pem)
        _public(path).write_text(key.public_pem)
    except (OSError, ValueError) as error:
        raise Failure(f"--key {path}: {getattr(error, 'strerror', None) or error}") from None
    return key


def _public(key: Path) -> Path:
    return key.with_name(f"{key.name}.pub")


def _settings_to_paste(gate: Gate, secret_text: str, key: Path | None) -> Iterator[str]:
    host, port = parse_endpoint(gate.endpoint)
    everywhere = host in ("0.0.0.0", "::")
    endpoint = f"127.0.0.1:{port}" if everywhere else gate.endpoint
    yield f"The gate listens on {gate.endpoint} (files over HTTP on {gate.http_endpoint}), project {gate.pid}."
    yield f"It keeps everything in {gate.store}." if gate.store else "It keeps everything in memory, until it stops."
    yield ""
    yield "For a shell:"
    if everywhere:
        yield "    # on another machine, put this machine's name for 127.0.0.1"
    yield f"    export RTM_ENDPOINT={endpoint}"
    yield f"    export RTM_PID={gate.pid}"
    yield f"    export RTM_SECRET={secret_text}"
    yield ""
    yield "For Python:"
    encryption = ""
    if key is None:
        yield "    from rtm_sdk import RTMServerClient"
    else:
        yield "    from pathlib import Path"
        yield "    from rtm_sdk import Encryption, RTMServerClient"
        encryption = f", encryption=Encryption(Path({str(_public(key).absolute())!r}))"
    if secret_text == _SECRET_OF_THE_ENVIRONMENT:
        yield f"    client = RTMServerClient.from_env({encryption.lstrip(', ')})"
    else:
        yield f"    client = RTMServerClient({gate.pid}, {gate.secret!r}, {endpoint!r}{encryption})"
    yield ""
    yield "Control-C stops it."


def _declare_demo(commands: Any) -> None:
    parser = _command(commands, "demo", _demo, "send, read back and check one of everything", _DEMO, _DEMO_EXAMPLES)
    parser.add_argument(
        "--endpoint",
        metavar="HOST:PORT",
        type=_endpoint,
        help="a gate or service that runs already (default: a gate is started for the demo)",
    )
    parser.add_argument("--pid", metavar="PID", type=_pid, help="project id, with --endpoint (default: RTM_PID)")
    parser.add_argument(
        "--secret",
        metavar="SECRET",
        help="project secret, with --endpoint (default: RTM_SECRET, which other users of this machine cannot see)",
    )


def _demo(chosen: argparse.Namespace) -> int:
    from .demo import GateDidNotStart, Settings, gate_process

    if chosen.endpoint is not None:
        return _run_demo(Settings(chosen.endpoint, *_demo_project(chosen)), own_gate=False)
    if chosen.pid is not None or chosen.secret is not None:
        raise Failure("--pid and --secret need --endpoint: without it, the demo makes up a project for its own gate")
    _need_extra("gate", "aiohttp")
    with ExitStack() as stack:
        try:
            settings = stack.enter_context(gate_process())
        except GateDidNotStart as error:
            raise Failure(str(error)) from None
        return _run_demo(settings, own_gate=True)


def _demo_project(chosen: argparse.Namespace) -> Project:
    pid = chosen.pid
    if pid is None:
        try:
            pid = _pid(os.environ.get("RTM_PID", ""))
        except argparse.ArgumentTypeError as error:
            raise Failure(f"--endpoint needs --pid or RTM_PID: {error}") from None
    secret = chosen.secret or os.environ.get("RTM_SECRET")
    if not secret:
        raise Failure("--endpoint needs --secret or RTM_SECRET")
    return Project(pid, secret)


def _run_demo(settings: Settings, *, own_gate: bool) -> int:
    from .demo import Demo
    from .rtm.client import RTMServerClient
    from .terminal import Terminal

    terminal = Terminal()
    started = " (started for this demo)" if own_gate else ""
    terminal.line(f"Gate {settings.endpoint}{started}, project {settings.pid}.")
    terminal.line("Each send is a chat, a command and a custom message; the burst uses callbacks.")
    terminal.line()
    with RTMServerClient(
        settings.pid, settings.secret, settings.endpoint, timeout=_DEMO_TIMEOUT, connect_timeout=_DEMO_TIMEOUT
    ) as client:
        return 0 if Demo(client, terminal, own_gate=own_gate).run() else 1


COMMANDS = (_declare_demo, _declare_gate)

if __name__ == "__main__":
    sys.exit(main())
