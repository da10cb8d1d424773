"""The client of an RTM project: what back ends import."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ..calling import CallbackArgument, Operation, operation
from ..fpnn.frames import DEFAULT_MAX_FRAME
from ..fpnn.strategy import KeepAlive, RegressiveStrategy
from ..workers import Outstanding, WorkerPool, shared_workers
from .arguments import text
from .blacklist import Blacklist
from .chat import Chat
from .connection import RTMConnection
from .data import Data
from .devices import Devices
from .files import Files
from .friends import Friends
from .groups import Groups
from .history import History
from .im import IM
from .messages import Messages
from .moderation import Moderation
from .project import Project
from .quests import Quest
from .rooms import Rooms
from .rtc import RTC
from .tokens import Tokens
from .users import Users

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..fpnn.encryption import Encryption

__all__ = ["RTMServerClient"]

log = logging.getLogger("rtm_sdk.rtm")


class RTMServerClient(
    Messages,
    History,
    Files,
    Rooms,
    Groups,
    Tokens,
    Users,
    Project,
    Friends,
    Blacklist,
    Devices,
    Data,
    RTC,
    IM,
    Moderation,
    Chat,
):
    """A business server's client of one RTM project. Safe to share between threads, and to make before a fork.

    Every method returns `(result, error_code)`, or, with `callback=`, None at once. Nothing connects and no thread
    starts before the first call; synchronous calls need no thread at all.

    Args:
        pid: the project id.
        secret: the project's secret.
        endpoint: `host:port` of the server gate, an IPv6 literal in brackets.
        timeout: seconds that a call may take in all when it does not say otherwise.
        connect_timeout: seconds for one attempt to connect.
        encryption: an `Encryption` with the gate's public key; None connects in clear.
        keep_alive: when to ping a silent gate; None never does.
        strategy: how long to wait between attempts to connect.
        max_frame: largest frame in bytes, in both directions; raise it, here and on the gate, for large files.
        file_gate_idle: seconds that a connection to a file gate is kept without use.
        max_outstanding: the most callbacks that may be owed at once; a caller beyond waits until its deadline, then its
            callback gets 20011.
        workers: the pool that callbacks run on; None uses the one all clients of the process share.
        on_callback_error: called with the operation's name and the exception when a callback raised.
    """

    def __init__(
        self,
        pid: int,
        secret: str,
        endpoint: str,
        *,
        timeout: float = 30.0,
        connect_timeout: float = 30.0,
        encryption: Encryption | None = None,
        keep_alive: KeepAlive | None = KeepAlive(),
        strategy: RegressiveStrategy = RegressiveStrategy(),
        max_frame: int = DEFAULT_MAX_FRAME,
        file_gate_idle: float = 150.0,
        max_outstanding: int = 10_000,
        workers: WorkerPool | None = None,
        on_callback_error: Callable[[str, BaseException], None] | None = None,
    ) -> None:
        if isinstance(pid, bool) or not isinstance(pid, int):
            raise TypeError(f"pid must be an int, not {type(pid).__name__}")
        if not 0 < pid < 2**31:
            raise ValueError(f"pid must be a positive 32-bit number, not {pid}")
        if not isinstance(secret, str):
            raise TypeError(f"secret must be a str, not {type(secret).__name__}")
        if not secret:
            raise ValueError("secret must not be empty")
        if not secret.isprintable():
            raise ValueError("secret holds signs that cannot be printed: a line end, or bytes that are not UTF-8")
        if workers is not None and not isinstance(workers, WorkerPool):
            raise TypeError(f"workers must be a WorkerPool, not {type(workers).__name__}")
        if on_callback_error is not None and not callable(on_callback_error):
            raise TypeError(f"on_callback_error must be callable, not {type(on_callback_error).__name__}")
        for name, seconds in (
            ("timeout", timeout),
            ("connect_timeout", connect_timeout),
            ("file_gate_idle", file_gate_idle),
        ):
            if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
                raise TypeError(f"{name} must be a number of seconds, not {type(seconds).__name__}")
            if not 0 < seconds < 1e9:
                raise ValueError(f"{name} must be a positive, finite number of seconds, not {seconds}")
        self.pid = pid
        self.endpoint = endpoint
        self.timeout = float(timeout)
        self.on_callback_error = on_callback_error
        self.outstanding = Outstanding(max_outstanding, workers or shared_workers())
        self._connection = RTMConnection(
            pid,
            secret,
            endpoint,
            encryption=encryption,
            connect_timeout=float(connect_timeout),
            keep_alive=keep_alive,
            strategy=strategy,
            max_frame=max_frame,
            file_gate_idle=float(file_gate_idle),
            workers=self.outstanding.workers,
        )
        self._perform = self._connection.perform
        self._begin = self._connection.begin

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **options: Any) -> Self:
        """Make a client from RTM_PID, RTM_SECRET and RTM_ENDPOINT.

        Args:
            environ: where to look; the environment of the process by default.
            options: as for the class.

        Raises:
            ValueError: a variable is missing or RTM_PID is not a number; the text names it.
        """
        environ = os.environ if environ is None else environ
        missing = [name for name in ("RTM_PID", "RTM_SECRET", "RTM_ENDPOINT") if not environ.get(name)]
        if missing:
            raise ValueError(f"set {', '.join(missing)} in the environment")
        try:
            pid = int(environ["RTM_PID"])
        except ValueError:
            raise ValueError("RTM_PID must be a number") from None
        return cls(pid, environ["RTM_SECRET"], environ["RTM_ENDPOINT"], **options)

    @operation
    def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        signed: bool = True,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[dict[str, Any]]:
        """Call any method of the service by its name on the wire.

        A call whose fate is unknown is repeated only when `params` holds a `mid`.

        Args:
            method: the name on the wire.
            params: its parameters, without pid, sign, salt and ts.
            signed: add those four.
            callback: gets `(answer, error_code)`.
            timeout: seconds in all; 0 means the client's default.

        Returns:
            The parameters of the answer.
        """
        if not 1 <= len(text("method", method).encode()) <= 255:
            raise ValueError(f"method must have 1 to 255 bytes, not {len(method.encode())}")
        if not isinstance(params, Mapping):
            raise TypeError(f"params must be a mapping, not {type(params).__name__}")
        answer: dict[str, Any] = yield Quest(method, dict(params), repeatable="mid" in params, signed=signed)
        return answer

    def flush(self, timeout: float = 30.0) -> int:
        """Wait until every callback of this client has run.

        Args:
            timeout: seconds to wait at most.

        Returns:
            How many callbacks are still owed: 0 when all have run.
        """
        return self.outstanding.flush(timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Close all connections; calls that wait are answered with 20002 or 20012. A later call opens them again.

        Args:
            timeout: seconds to wait for threads to end, in all.
        """
        self._connection.close(timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            left = 0 if self.outstanding.workers.on_worker() else self.flush(self.timeout)
            if left:
                log.warning("the client closes with %d callbacks that did not run within %g s", left, self.timeout)
        finally:
            self.close()

    def __repr__(self) -> str:
        return f"<RTMServerClient of project {self.pid} at {self.endpoint}>"
