"""`rtm doctor`."""

from __future__ import annotations

import argparse
import errno
import os
import platform
import re
import socket
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import __version__
from ..deadline import Deadline
from ..endpoint import parse_endpoint
from ..errors import FPNN_ERROR, RTM_ERROR, Code, ErrorCode
from ..sockets import open_socket
from ..terminal import Column, Row, Terminal, one_line, seconds
from . import declaring
from .outcomes import ExitCode, Failure
from .settings import client_of, declare_client, declare_timeout, project_of

if TYPE_CHECKING:
    from ..rtm.client import RTMServerClient

__all__ = ["declare"]

_DESCRIPTION = """\
Look for what keeps a program from sending: the installation, the settings, the
way to the service, the clock, the secret or key. Nothing is sent or changed.

RTM is looked at as it is set in the environment, Google Chat and BearyChat when
their flags are given.
"""

_EXAMPLES = """\
examples:
  rtm doctor
  rtm doctor --google-key key.json
  rtm doctor --bearychat-token-file token.txt

exit codes:
  0    all is well
  1    the service refuses: the secret, the key or the clock is wrong
  2    settings are missing or wrong, or a package is
  3    the service cannot be reached
"""

_PATIENCE = 10.0
_CLOCK_TOLERANCE = 60.0

_NEEDED = ("requests", "msgpack", "cryptography")
_EXTRAS = {"gate": ("aiohttp", "rich"), "cli": ("rich",)}
_REQUIREMENT = re.compile(r"([\w.-]+)\s*(?:>=\s*([\d.]+))?")

_NO_ANSWER = (
    FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED,
    FPNN_ERROR.FPNN_EC_CORE_TIMEOUT,
    FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION,
    FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE,
)


class _Finding(NamedTuple):
    """What was looked at, and what was found.

    Attributes:
        what: a few words.
        found: what was found.
        advice: what to do about it; empty when it is well.
        exit_code: how the command ends because of it.
        matters: whether it is good or bad at all.
    """

    what: str
    found: str
    advice: str = ""
    exit_code: ExitCode = ExitCode.DONE
    matters: bool = True

    @property
    def good(self) -> bool | None:
        return not self.advice if self.matters else None


def declare(commands: Any) -> None:
    """Declare the command."""
    parser = declaring.command(
        commands, "doctor", _run, "find out why it does not work, and what to do", _DESCRIPTION, _EXAMPLES
    )
    declare_timeout(parser, int(_PATIENCE), "for each question to a service")
    declare_client(parser)
    others = parser.add_argument_group("Google Chat and BearyChat")
    others.add_argument("--google-key", metavar="FILE", type=Path, help="the key file of a service account")
    others.add_argument("--google-url", metavar="URL", help="where Google Chat is (default: the service)")
    others.add_argument("--bearychat-token-file", metavar="FILE", type=Path, help="a file with the token of a robot")
    others.add_argument("--bearychat-url", metavar="URL", help="where BearyChat is (default: the service)")


def _run(chosen: argparse.Namespace) -> int:
    findings = list(_look(chosen))
    terminal = Terminal()
    columns = (Column("what", numeric=False), Column("found", numeric=False, wraps=True))
    terminal.table(columns, [Row((each.what, one_line(each.found)), each.good) for each in findings])
    terminal.line()
    bad = [each for each in findings if each.advice]
    if not bad:
        terminal.verdict("All is well.", True)
        return ExitCode.DONE
    terminal.verdict("What to do:", False)
    for each in bad:
        terminal.line(f"  {each.what}: {one_line(each.advice)}")
    return bad[0].exit_code


def _look(chosen: argparse.Namespace) -> Iterator[_Finding]:
    timeout: float = chosen.timeout or _PATIENCE
    yield from _installation()
    others = chosen.google_key or chosen.bearychat_token_file
    flags = (chosen.endpoint, chosen.pid, chosen.secret_file, chosen.public_key)
    if not others or any(flags) or any(os.environ.get(name) for name in ("RTM_ENDPOINT", "RTM_PID", "RTM_SECRET")):
        yield from _rtm(chosen, timeout)
    if chosen.google_key:
        yield from _google_chat(chosen, timeout)
    if chosen.bearychat_token_file:
        yield from _bearychat(chosen, timeout)


# --- the installation ----------------------------------------------------------------------------------------------


def _installation() -> Iterator[_Finding]:
    yield _Finding("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield _Finding("rtm-sdk", f"{__version__} in {Path(__file__).parents[1]}")
    least = _least_versions()
    for name in _NEEDED:
        yield _package(name, least.get(name, ""), "rtm-sdk")
    for extra, names in _EXTRAS.items():
        missing = [name for name in names if _version(name) is None]
        if missing:
            found = f'not installed; if you want it: pip install "rtm-sdk[{extra}]"'
            yield _Finding(f"extra {extra}", found, matters=False)
        else:
            for name in names:
                package = _package(name, least.get(name, ""), f"rtm-sdk[{extra}]")
                yield package._replace(what=f"extra {extra}", found=f"{name} {package.found}")


def _package(name: str, least: str, source: str) -> _Finding:
    found = _version(name)
    advice = f'pip install --upgrade "{source}"'
    if found is None:
        return _Finding(name, "is missing", advice, ExitCode.USAGE)
    if least and _numbers(found) < _numbers(least):
        return _Finding(name, f"{found} is too old, {least} is needed", advice, ExitCode.USAGE)
    return _Finding(name, found)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _least_versions() -> dict[str, str]:
    """What this distribution requires; nothing when it runs from a source tree."""
    try:
        stated = requires("rtm-sdk") or []
    except PackageNotFoundError:
        stated = []
    found = (_REQUIREMENT.match(each) for each in stated)
    return {each[1].lower(): each[2] or "" for each in found if each}


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


# --- RTM -----------------------------------------------------------------------------------------------------------


def _rtm(chosen: argparse.Namespace, timeout: float) -> Iterator[_Finding]:
    settings = [_endpoint(chosen), _project(chosen)]
    yield from settings
    if any(each.advice for each in settings):
        return
    endpoint: str = chosen.endpoint or os.environ["RTM_ENDPOINT"]
    way = list(_way(endpoint, timeout))
    yield from way
    if any(each.advice for each in way):
        return
    try:
        client = client_of(chosen)
    except Failure as failure:
        yield _Finding("RTM key", str(failure), "give the public key of the service", failure.exit_code)
        return
    with client:
        ping = _ping(client, timeout, encrypted=chosen.public_key is not None)
        yield ping
        if not ping.advice:
            yield from _signature(client, timeout)


def _endpoint(chosen: argparse.Namespace) -> _Finding:
    text = chosen.endpoint or os.environ.get("RTM_ENDPOINT", "")
    if not text:
        advice = "give --endpoint HOST:PORT, or set RTM_ENDPOINT; without a service, `rtm gate` starts a local one"
        return _Finding("RTM endpoint", "not set", advice, ExitCode.USAGE)
    try:
        declaring.endpoint(text)
    except argparse.ArgumentTypeError as error:
        return _Finding("RTM endpoint", str(error), "RTM_ENDPOINT must be like rtm.example.com:13321", ExitCode.USAGE)
    return _Finding("RTM endpoint", text)


def _project(chosen: argparse.Namespace) -> _Finding:
    try:
        project = project_of(chosen)
    except Failure as failure:
        return _Finding("RTM project", "pid or secret cannot be used", str(failure), ExitCode.USAGE)
    secret = project.secret
    if secret != secret.strip(" \t\r\n\"'") or not secret.isprintable():
        advice = "take blanks, quotes and line ends away from both ends of the secret"
        return _Finding("RTM project", f"{project.pid}, with a secret that was not copied well", advice, ExitCode.USAGE)
    return _Finding("RTM project", f"{project.pid}, with a secret (hidden)")


def _way(endpoint: str, timeout: float) -> Iterator[_Finding]:
    host, port = parse_endpoint(endpoint)
    try:
        addresses = list(dict.fromkeys(each[4][0] for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    except OSError as error:
        advice = f"look whether {host!r} is spelt right, and whether this machine can resolve names"
        yield _Finding("RTM address", f"{host}: {error.strerror or error}", advice, ExitCode.UNREACHABLE)
        return
    yield _Finding("RTM address", ", ".join(map(str, addresses)))
    begin = time.monotonic()
    try:
        open_socket(endpoint, Deadline(timeout)).close()
    except OSError as error:
        if os.strerror(errno.ECONNREFUSED) in str(error):
            advice = "nobody listens there: is the service running, is the port right?"
        else:
            advice = f"ask whoever looks after the network whether this machine may reach {endpoint} over TCP"
        yield _Finding("RTM connection", str(error), advice, ExitCode.UNREACHABLE)
    else:
        yield _Finding("RTM connection", f"opened in {seconds(time.monotonic() - begin)}")


def _ping(client: RTMServerClient, timeout: float, *, encrypted: bool) -> _Finding:
    """Is it a gate, and what time is it there?"""
    begin = time.monotonic()
    answer, error_code = client.call("*ping", {}, signed=False, timeout=timeout)
    took = time.monotonic() - begin
    if error_code in _NO_ANSWER:
        advice = "something listens there that does not speak RTM, or another port is meant"
        if encrypted:
            advice += "; or the public key is that of another service"
        else:
            advice += "; or the service wants encryption: give --public-key FILE"
        return _Finding("RTM service", _why(error_code), advice, ExitCode.UNREACHABLE)
    moment = answer.get("ts") if answer else None
    return _Finding("RTM service", f"answered in {seconds(took)}{_clocks(moment) if isinstance(moment, int) else ''}")


def _clocks(msec: int) -> str:
    ahead = time.time() - msec / 1000
    return f"; this machine's clock is {abs(ahead):.1f} s {'ahead' if ahead > 0 else 'behind'}"


def _signature(client: RTMServerClient, timeout: float) -> Iterator[_Finding]:
    """Ask something harmless that has to be signed."""
    _, error_code = client.is_project_black(1, timeout=timeout)
    if error_code == RTM_ERROR.RTM_EC_INVALID_SERVER_TIME:
        yield _Finding("RTM clock", str(error_code), _set_clock(), ExitCode.REFUSED)
    elif error_code in (RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN, RTM_ERROR.RTM_EC_INVALID_PID_OR_UID):
        advice = "take the pid and the secret of the project from the service's console again; both belong together"
        yield _Finding("RTM signature", str(error_code), advice, ExitCode.REFUSED)
    elif error_code in _NO_ANSWER:
        yield _Finding("RTM signature", _why(error_code), "the connection broke: try again", ExitCode.UNREACHABLE)
    else:
        yield _Finding("RTM signature", "accepted, and so is the clock" + (f" ({error_code})" if error_code else ""))


def _why(error_code: ErrorCode) -> str:
    """Why no answer came. Nobody minds whether what only reads was carried out."""
    return str(ErrorCode(error_code, error_code.message))


def _set_clock() -> str:
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    return f"set the clock of this machine, best by NTP (`timedatectl`); it says it is {now} UTC"


# --- Google Chat and BearyChat -------------------------------------------------------------------------------------


def _google_chat(chosen: argparse.Namespace, timeout: float) -> Iterator[_Finding]:
    from ..googlechat.client import BASE_URL, GoogleChatClient

    url: str = chosen.google_url or BASE_URL
    place = list(_site("Google Chat", url, timeout))
    yield from place
    if any(each.exit_code in (ExitCode.USAGE, ExitCode.UNREACHABLE) for each in place):
        return
    try:
        client = GoogleChatClient.from_service_account_file(chosen.google_key, base_url=url)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        advice = "download the JSON key of the service account again"
        yield _Finding("Google Chat key", f"{chosen.google_key}: {reason}", advice, ExitCode.USAGE)
        return
    with client:
        _, error_code = client.list_spaces(page_size=1, timeout=timeout)
    advice = "make a new key for the service account, and look whether the Chat API is enabled for its project"
    yield _answered("Google Chat key", error_code, advice)


def _bearychat(chosen: argparse.Namespace, timeout: float) -> Iterator[_Finding]:
    from ..bearychat.client import BASE_URL, BearyChatClient

    url: str = chosen.bearychat_url or BASE_URL
    place = list(_site("BearyChat", url, timeout))
    yield from place
    if any(each.exit_code in (ExitCode.USAGE, ExitCode.UNREACHABLE) for each in place):
        return
    try:
        token = chosen.bearychat_token_file.read_text(encoding="utf-8").strip()
        client = BearyChatClient(token, base_url=url)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        found = f"{chosen.bearychat_token_file}: {reason}"
        yield _Finding("BearyChat token", found, "write the token of a hubot robot into the file", ExitCode.USAGE)
        return
    with client:
        _, error_code = client.get_me(timeout=timeout)
    yield _answered("BearyChat token", error_code, "take the token of the robot from the team's settings again")


def _answered(what: str, error_code: ErrorCode, advice: str) -> _Finding:
    if not error_code:
        return _Finding(what, "accepted")
    if error_code in _NO_ANSWER and error_code.family is None:
        return _Finding(what, _why(error_code), "try again later", ExitCode.UNREACHABLE)
    if error_code.family is Code and error_code != Code.UNAUTHENTICATED:
        return _Finding(what, str(error_code), "the key is good; see what the service says", ExitCode.REFUSED)
    return _Finding(what, str(error_code), advice, ExitCode.REFUSED)


def _site(what: str, url: str, timeout: float) -> Iterator[_Finding]:
    """Is there a server, and what time is it there?"""
    import requests

    from ..http.clock import http_date
    from ..http.settings import checked_url

    try:
        checked_url("URL", url)
    except ValueError as error:
        yield _Finding(f"{what} service", str(error), "correct the URL", ExitCode.USAGE)
        return
    begin = time.monotonic()
    try:
        with requests.get(url, timeout=timeout, allow_redirects=False, stream=True) as answer:
            date = http_date(answer.headers.get("Date"))
    except requests.exceptions.SSLError as error:
        advice = "the certificate is not trusted: behind a company's proxy, set REQUESTS_CA_BUNDLE to its certificates"
        yield _Finding(f"{what} service", _reason(error), advice, ExitCode.UNREACHABLE)
        return
    except requests.exceptions.ProxyError as error:
        advice = "the proxy of HTTPS_PROXY or HTTP_PROXY does not answer; correct it, or add the host to NO_PROXY"
        yield _Finding(f"{what} service", _reason(error), advice, ExitCode.UNREACHABLE)
        return
    except (requests.RequestException, ValueError) as error:
        advice = f"look whether this machine may reach {url}; a proxy is taken from HTTPS_PROXY"
        yield _Finding(f"{what} service", _reason(error), advice, ExitCode.UNREACHABLE)
        return
    yield _Finding(f"{what} service", f"answered in {seconds(time.monotonic() - begin)}")
    if date is not None:
        ahead = time.time() - date
        side = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the service's"
        well = abs(ahead) <= _CLOCK_TOLERANCE
        advice, code = ("", ExitCode.DONE) if well else (_set_clock(), ExitCode.REFUSED)
        yield _Finding(f"{what} clock", f"this machine's is {side}", advice, code)


def _reason(error: BaseException) -> str:
    """The innermost reason; what is around it repeats the URL."""
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
