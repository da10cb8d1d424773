"""`rtm gate`."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..endpoint import parse_endpoint
from . import declaring
from .declaring import Project
from .outcomes import ExitCode, Failure, need_extra
from .signals import stop_on_signals

if TYPE_CHECKING:
    from ..fpnn.encryption import ServerKey
    from ..gate import Gate

__all__ = ["declare"]

DEMO_SPACE = "spaces/demo"
"""The space of Google Chat in a gate that is given no seed."""

_SECRET_OF_THE_ENVIRONMENT = '"${RTM_GATE_PROJECT#*:}"'
"""What a shell takes for a secret that came in the environment. No secret is printed that was not shown already."""

_DESCRIPTION = """\
Run a gate: a local server that speaks the RTM protocol, and over HTTP the
protocols of Google Chat and BearyChat, and keeps what it is sent. It checks
signatures, replays and clocks as the services do.

It prints the settings a client needs, ready to paste, and serves until
Control-C or SIGTERM. Only this machine reaches it unless --listen says
otherwise.
"""

_EXAMPLES = """\
examples:
  rtm gate
      a free port; everything is forgotten at the end
  rtm gate --listen 127.0.0.1:13321 --http 127.0.0.1:13322 --store chat.db
      the same ports each time; what was stored is there after a restart
  rtm gate --key gate.pem
      clients may encrypt, with the public key in gate.pem.pub
  rtm gate --seed team.json
      the users, spaces and channels of the file; see GoogleChatDoor.load and
      BearyChatDoor.load for what may be in it
  RTM_GATE_PROJECT=11000001:s3cret rtm gate
      a project of your choice; its secret stays out of the list of processes
  rtm gate --words words.txt --function translate=fakes:translate
      text checks find the words of the file; translations come from
      def translate(text, source, target) in fakes.py of the current folder
"""


def declare(commands: Any) -> None:
    """Declare the command."""
    parser = declaring.command(commands, "gate", _run, "run a local gate in the foreground", _DESCRIPTION, _EXAMPLES)
    parser.add_argument(
        "--listen",
        metavar="HOST:PORT",
        type=declaring.listen_address,
        default="127.0.0.1:0",
        help="where to listen; port 0 takes a free one (default: %(default)s)",
    )
    parser.add_argument(
        "--http",
        metavar="HOST:PORT",
        type=declaring.listen_address,
        help="where Google Chat, BearyChat and the contents of files are (default: a free port of the same host)",
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
        type=declaring.project,
        help="the project to serve (default: RTM_GATE_PROJECT of the environment, or a project for demonstrations)",
    )
    parser.add_argument(
        "--seed",
        metavar="FILE",
        type=Path,
        help="users, spaces and channels of Google Chat and BearyChat to begin with, JSON (default: the space "
        f"{DEMO_SPACE} of Google Chat, and what a BearyChat team always has)",
    )
    parser.add_argument(
        "--google-key",
        metavar="FILE",
        type=Path,
        help="write the key file of a service account for the app of Google Chat; it is overwritten",
    )
    parser.add_argument(
        "--key",
        metavar="FILE",
        type=Path,
        help="private key (PEM) for clients that encrypt; it is made when missing, and its public key, which the "
        "clients need, is written to FILE.pub (default: no encryption)",
    )
    parser.add_argument(
        "--words",
        metavar="FILE",
        type=Path,
        help="the sensitive words that text checks find and star, one a line, UTF-8 (default: text checks get 200060, "
        "as for a project without that feature)",
    )
    parser.add_argument(
        "--function",
        metavar="NAME=MODULE:FUNCTION",
        type=declaring.function,
        action="append",
        default=[],
        help="answer translate, speech2text, icheck, acheck or vcheck with a Python function; modules are looked for "
        "in the current folder as well; once for each (default: these calls get 200060)",
    )
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="only print how many methods of each system a gate answers, and which it does not",
    )


def _run(chosen: argparse.Namespace) -> int:
    need_extra("gate", "aiohttp")
    if chosen.coverage:
        for line in _coverage():
            print(line)
        return ExitCode.DONE
    project: Project | None = chosen.project
    secret_text = "" if project is None else shlex.quote(project.secret)
    if project is None and "RTM_GATE_PROJECT" in os.environ:
        try:
            project = declaring.project(os.environ["RTM_GATE_PROJECT"])
        except argparse.ArgumentTypeError as error:
            raise Failure(f"RTM_GATE_PROJECT: {error}", ExitCode.USAGE) from None
        secret_text = _SECRET_OF_THE_ENVIRONMENT
    with stop_on_signals() as stop:
        gate = _gate(chosen, project)
        try:
            gate.start()
        except (OSError, RuntimeError, ValueError) as error:
            raise Failure(getattr(error, "strerror", None) or str(error)) from None
        with gate:
            if chosen.google_key is not None:
                _write_google_key(gate, chosen.google_key)
            for line in _settings_to_paste(gate, secret_text or shlex.quote(gate.secret), chosen.key):
                print(line)
            for line in _http_to_paste(gate, seeded=chosen.seed is not None, key=chosen.google_key):
                print(line)
            sys.stdout.flush()
            while gate.running and not stop.wait(1.0):
                pass
    return ExitCode.DONE


def _coverage() -> Iterator[str]:
    from ..gate.coverage import coverage

    systems = coverage()
    for each in systems:
        total = len(each.answered) + len(each.missing)
        yield f"{each.system}: {len(each.answered)} of {total} methods are answered."
        if each.configured:
            yield f"    {', '.join(each.configured)} need --function, otherwise they get 200060."
    missing = [name for each in systems for name in each.missing]
    yield f"Answered with 501 UNIMPLEMENTED: {', '.join(missing) or 'none'}."


def _gate(chosen: argparse.Namespace, project: Project | None) -> Gate:
    from ..gate import Gate

    key = None if chosen.key is None else _server_key(chosen.key)
    words = None if chosen.words is None else _words(chosen.words)
    if chosen.function:
        sys.path.insert(0, os.getcwd())
    try:
        gate = Gate(
            chosen.listen,
            http_listen=chosen.http,
            store=chosen.store,
            projects=None if project is None else dict([project]),
            key=key,
            seed=chosen.seed,
            words=words,
            functions=dict(chosen.function),
        )
    except OSError as error:
        raise Failure(f"{error.filename}: {error.strerror}", ExitCode.USAGE) from None
    except (TypeError, ValueError) as error:
        raise Failure(str(error), ExitCode.USAGE) from None
    if chosen.seed is None:
        gate.google.add_space(DEMO_SPACE, display_name="Demo")
    return gate


def _write_google_key(gate: Gate, path: Path) -> None:
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(gate.google.service_account_info(), file, indent=2)
    except OSError as error:
        raise Failure(f"--google-key {path}: {error.strerror}") from None


def _server_key(path: Path) -> ServerKey:
    from ..fpnn.encryption import ServerKey

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


def _words(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Failure(f"--words {path}: it is not UTF-8", ExitCode.USAGE) from None
    except OSError as error:
        raise Failure(f"--words {path}: {error.strerror}", ExitCode.USAGE) from None
    return [line.strip() for line in lines if line.strip()]


def _settings_to_paste(gate: Gate, secret_text: str, key: Path | None) -> Iterator[str]:
    host, port = parse_endpoint(gate.endpoint)
    everywhere = host in ("0.0.0.0", "::")
    endpoint = f"127.0.0.1:{port}" if everywhere else gate.endpoint
    yield "The gate listens:"
    yield f"    RTM          {gate.endpoint}, project {gate.pid}"
    yield f"    Google Chat  {gate.google.base_url}"
    yield f"    BearyChat    {gate.bearychat.base_url}"
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


def _http_to_paste(gate: Gate, *, seeded: bool, key: Path | None) -> Iterator[str]:
    from ..http.session import proxy_of_environment

    google, bearychat = gate.google, gate.bearychat
    direct = ", proxy=''" if proxy_of_environment(google.base_url) else ""
    yield "    from rtm_sdk import GoogleChatClient"
    yield f"    google = GoogleChatClient({str(google.token)!r}, base_url={google.base_url!r}{direct})"
    if key is not None:
        place = f"{str(key.absolute())!r}, base_url={google.base_url!r}{direct}"
        yield f"    google_app = GoogleChatClient.from_service_account_file({place})"
    if not seeded:
        yield f"    google.create_message({DEMO_SPACE!r}, {{'text': 'hello'}})"
    yield "    from rtm_sdk import BearyChatClient"
    place = f"base_url={bearychat.base_url!r}, rtm_base_url={bearychat.rtm_base_url!r}{direct}"
    yield f"    bearychat = BearyChatClient({str(bearychat.token)!r}, {place})"
    yield ""
    yield "Control-C stops it."
