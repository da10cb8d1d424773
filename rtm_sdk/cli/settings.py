"""Which service and which project a command means: flags first, then the environment."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from . import declaring
from .declaring import Project
from .outcomes import ExitCode, Failure

if TYPE_CHECKING:
    from ..fpnn.encryption import Encryption
    from ..rtm.client import RTMServerClient

__all__ = ["client_of", "declare_client", "declare_project", "declare_timeout", "project_of"]

V = TypeVar("V")


def declare_project(parser: argparse._ActionsContainer) -> None:
    """Declare the flags of `project_of`."""
    parser.add_argument("--pid", metavar="PID", type=declaring.pid, help="project id (default: RTM_PID)")
    parser.add_argument(
        "--secret-file",
        metavar="FILE",
        type=Path,
        help="a file with the project's secret (default: RTM_SECRET itself; a secret on the command line would show in "
        "the list of processes)",
    )


def declare_client(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `client_of`."""
    service = parser.add_argument_group("service and project")
    service.add_argument(
        "--endpoint",
        metavar="HOST:PORT",
        type=declaring.endpoint,
        help="where the service is (default: RTM_ENDPOINT)",
    )
    declare_project(service)
    service.add_argument(
        "--public-key",
        metavar="FILE",
        type=Path,
        help="encrypt, with the public key of the service (default: no encryption)",
    )


def declare_timeout(parser: argparse.ArgumentParser, default: int, what: str = "for everything") -> None:
    """Declare `--timeout`.

    Args:
        parser: of the command.
        default: what the client takes when nothing is said, seconds.
        what: what the time is for.
    """
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=declaring.seconds,
        default=0.0,
        help=f"{what}, connecting and repeating included (default: {default})",
    )


def client_of(chosen: argparse.Namespace) -> RTMServerClient:
    """A client of the service and project that are meant."""
    from ..rtm.client import RTMServerClient

    endpoint = _setting(chosen.endpoint, "--endpoint HOST:PORT", "RTM_ENDPOINT", declaring.endpoint)
    project = project_of(chosen)
    encryption = None if chosen.public_key is None else _encryption(chosen.public_key)
    try:
        return RTMServerClient(project.pid, project.secret, endpoint, encryption=encryption)
    except ValueError as error:
        raise Failure(str(error), ExitCode.USAGE) from None


def project_of(chosen: argparse.Namespace) -> Project:
    """The project that is meant."""
    pid = _setting(chosen.pid, "--pid PID", "RTM_PID", declaring.pid)
    given: str | None = getattr(chosen, "secret", None)
    if given:
        return Project(pid, given)
    if chosen.secret_file is None:
        return Project(pid, _setting(None, "--secret-file FILE", "RTM_SECRET", str))
    try:
        secret = chosen.secret_file.read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Failure(f"--secret-file {chosen.secret_file}: it is not UTF-8", ExitCode.USAGE) from None
    except OSError as error:
        raise Failure(f"--secret-file {chosen.secret_file}: {error.strerror}", ExitCode.USAGE) from None
    if not secret:
        raise Failure(f"--secret-file {chosen.secret_file}: it is empty", ExitCode.USAGE)
    return Project(pid, secret)


def _setting(given: V | None, flag: str, variable: str, read: Callable[[str], V]) -> V:
    if given is not None:
        return given
    if not os.environ.get(variable):
        raise Failure(f"give {flag}, or set {variable} in the environment", ExitCode.USAGE)
    try:
        return read(os.environ[variable])
    except argparse.ArgumentTypeError as error:
        raise Failure(f"{variable}: {error}", ExitCode.USAGE) from None


def _encryption(path: Path) -> Encryption:
    from ..fpnn.encryption import Encryption

    try:
        return Encryption(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Failure(f"--public-key {path}: {reason}", ExitCode.USAGE) from None
