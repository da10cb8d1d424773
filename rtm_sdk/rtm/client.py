"""The client of an RTM project: what back ends import."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, overload

from ..calling import CallbackArgument, CallbackFor, Operation, operation
from ..client import Client, checked_seconds, seconds_to_wait
from ..deadline import Deadline
from ..errors import OK, CallFailed, ErrorCode
from ..fpnn.frames import DEFAULT_MAX_FRAME
from ..fpnn.strategy import KeepAlive, RegressiveStrategy
from ..secret import Secret
from .arguments import flag, text
from .connection import RTMConnection
from .handlers import Handlers
from .operations import Operations
from .pushes import Overflow, Pushes
from .quests import Quest
from .restoration import Restoration
from .subscriptions import Subscriptions

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..events import Event
    from ..fpnn.encryption import Encryption
    from ..workers import WorkerPool

__all__ = ["RTMServerClient"]

_SIGNING = frozenset(("pid", "sign", "salt", "ts"))


class RTMServerClient(Operations, Client):
    """A business server's client of one RTM project. Safe to share between threads, and to make before a fork.

    Nothing connects and no thread starts before the first call; synchronous calls need no thread at all.

    Every method that calls the service takes two more parameters:

    * `callback`: without it the method waits and returns `(result, error_code)`. With it the method returns None at
      once, and the outcome goes to the callback, once, on a worker thread and in the context of the caller. A plain
      function, and an object of a class derived from `Callback`, get `(result, error_code)`; the named classes in
      `rtm_sdk.rtm.callbacks` get the parts of the result and then the error code.
    * `timeout`: seconds for the whole call: waiting for a place, connecting, each step, each repeat. 0 means the
      client's `timeout`; slow operations (files, checks, speech) then take at least 120 seconds.

    `result` is None when the call failed; `error_code` is 0, and falsy, when it did not. Wrong arguments raise
    `TypeError` or `ValueError` at once, in both styles. What the network or the service does is an error code: 20012
    nothing was sent, 20002 and 20003 no answer came (`error_code.maybe_delivered` says whether the service may have
    carried it out), 200xxx the service's own.

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
        file_gate_idle: seconds that a connection to a file gate is kept without use; the next file that is sent, to
            whichever gate, closes those that are over it.
        max_outstanding: the most callbacks that may be owed at once; a caller beyond waits until its deadline, then its
            callback gets 20011.
        workers: the pool that callbacks run on; None uses the one all clients of the process share.
        on_callback_error: called with the operation's or the handler's name and the exception when a callback or a
            handler raised.
        on_event: called with each event of `rtm_sdk.events`: calls that begin and end, and the client connecting again.
        push_queue: how many pushes may wait for their handlers.
        push_overflow: which push is dropped when one more comes, `drop_new` or `drop_old`; the service has its answer
            in either case.
        server_ping_timeout: seconds without a `ping` of the service, after its first one, after which a connection
            with subscriptions is taken for broken; None never does.
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
        max_outstanding: int = 2_000,
        workers: WorkerPool | None = None,
        on_callback_error: Callable[[str, BaseException], None] | None = None,
        on_event: Callable[[Event], object] | None = None,
        push_queue: int = 10_000,
        push_overflow: Overflow = "drop_new",
        server_ping_timeout: float | None = 60.0,
    ) -> None:
        if isinstance(pid, bool) or not isinstance(pid, int):
            raise TypeError(f"pid must be an int, not {type(pid).__name__}")
        if not 0 < pid < 2**31:
            raise ValueError(f"pid must be a positive 32-bit number, not {pid}")
        if not isinstance(secret, str):
            raise TypeError(f"secret must be a str, not {type(secret).__name__}")
        secret = Secret(secret)
        if not secret:
            raise ValueError("secret must not be empty")
        if not secret.isprintable():
            raise ValueError("secret has unprintable characters: a newline, or bytes that are not UTF-8")
        if encryption is not None and not hasattr(encryption, "start"):
            raise TypeError(f"encryption must be an Encryption, not {type(encryption).__name__}")
        if keep_alive is not None and not isinstance(keep_alive, KeepAlive):
            raise TypeError(f"keep_alive must be a KeepAlive, not {type(keep_alive).__name__}")
        if not isinstance(strategy, RegressiveStrategy):
            raise TypeError(f"strategy must be a RegressiveStrategy, not {type(strategy).__name__}")
        if isinstance(max_frame, bool) or not isinstance(max_frame, int):
            raise TypeError(f"max_frame must be an int, not {type(max_frame).__name__}")
        if not 1024 <= max_frame < 1 << 32:
            raise ValueError(f"max_frame must be from 1024 to {(1 << 32) - 1} bytes, not {max_frame}")
        if isinstance(push_queue, bool) or not isinstance(push_queue, int):
            raise TypeError(f"push_queue must be an int, not {type(push_queue).__name__}")
        if push_queue < 1:
            raise ValueError("push_queue must be at least 1")
        if push_overflow not in get_args(Overflow):
            raise ValueError(f"push_overflow must be one of {', '.join(get_args(Overflow))}, not {push_overflow!r}")
        if server_ping_timeout is not None:
            server_ping_timeout = checked_seconds("server_ping_timeout", server_ping_timeout)
        super().__init__(
            timeout=timeout,
            max_outstanding=max_outstanding,
            workers=workers,
            on_callback_error=on_callback_error,
            on_event=on_event,
        )
        self.pid = pid
        self.endpoint = endpoint
        self._connection = RTMConnection(
            pid,
            secret,
            endpoint,
            encryption=encryption,
            connect_timeout=checked_seconds("connect_timeout", connect_timeout),
            keep_alive=keep_alive,
            strategy=strategy,
            max_frame=max_frame,
            file_gate_idle=checked_seconds("file_gate_idle", file_gate_idle),
            workers=self.outstanding.workers,
            on_reconnected=self._reconnected,
        )
        self._handlers = Handlers(self)
        self._pushes = Pushes(self._handlers, push_queue, push_overflow)
        self._connection.server_gate.handlers = self._pushes.quests
        self.subscriptions = Subscriptions(self._connection.server_gate.hold_open)
        self._restoration = Restoration(self._connection, self.subscriptions, self._pushes, server_ping_timeout)
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
        secret, endpoint = Secret(environ["RTM_SECRET"]), environ["RTM_ENDPOINT"]
        del environ  # a traceback that prints variables must not show it
        return cls(pid, secret, endpoint, **options)

    @overload
    def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        signed: bool = True,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[dict[str, Any] | None, ErrorCode]: ...
    @overload
    def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        signed: bool = True,
        callback: CallbackFor[dict[str, Any]],
        timeout: float = 0,
    ) -> None: ...
    @operation  # type: ignore[misc]  # one signature stands for both
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
        if flag("signed", signed):
            for name in _SIGNING & params.keys():
                raise ValueError(f"params must not hold {name!r}: the client adds it; or pass signed=False")
        answer: dict[str, Any] = yield Quest(method, dict(params), repeatable="mid" in params, signed=signed)
        return answer

    def close(self, timeout: float = 5.0) -> None:
        """Close all connections; calls that wait are answered with 20002 or 20012. A later call opens them again.

        Subscriptions end. What was pushed before is still handed to the handlers, as far as the time allows.

        Args:
            timeout: seconds to wait for threads to end, in all.
        """
        deadline = Deadline(seconds_to_wait(timeout))
        for _ in range(2):  # handlers that are handed what is left may make calls, which connect again
            self.subscriptions.forget()  # nothing is restored any more
            self._restoration.leaving(comes_back=False)
            self._connection.close(max(0.0, deadline.remaining()))
            self.subscriptions.forget()  # what other threads have subscribed to meanwhile is gone with the connection
            self._pushes.close(max(0.0, deadline.remaining()))

    # ------------------------------------------------------------------ settings that may change, as in the public SDK

    def reconnect(self, timeout: float = 0) -> tuple[None, ErrorCode]:
        """Close the connection to the server gate, if there is one, and connect anew; subscriptions are restored.

        Calls that wait for an answer are treated as when a connection breaks.

        Args:
            timeout: seconds in all; 0 means the client's default.

        Returns:
            `(None, error_code)`: 20012 when the connection could not be opened in time.
        """
        deadline = Deadline(checked_seconds("timeout", timeout) if timeout else self.timeout)
        self._restoration.leaving(comes_back=True)
        try:
            self._connection.server_gate.reconnect(deadline)
        except CallFailed as failure:
            return None, failure.error_code
        return None, OK

    def set_auto_connect(self, auto_connect: bool) -> None:
        """Say whether the connection to the server gate is opened, also again, when a call or a subscription needs it.

        Args:
            auto_connect: True as long as nothing else is said. When False, only `reconnect()` opens it, and calls fail
                with 20012 while there is none.
        """
        self._connection.server_gate.connect_by_itself(flag("auto_connect", auto_connect))

    def set_quest_timeout(self, seconds: float) -> None:
        """Change what a call may take in all when it does not say otherwise.

        Args:
            seconds: for calls from now on.
        """
        self.timeout = checked_seconds("seconds", seconds)

    def set_connect_timeout(self, seconds: float) -> None:
        """Change what one attempt to connect may take.

        Args:
            seconds: for attempts from now on.
        """
        self._connection.set_connect_timeout(checked_seconds("seconds", seconds))

    def set_regressive_strategy(self, strategy: RegressiveStrategy) -> None:
        """Change how long to wait between attempts to connect.

        Args:
            strategy: the pauses.
        """
        if not isinstance(strategy, RegressiveStrategy):
            raise TypeError(f"strategy must be a RegressiveStrategy, not {type(strategy).__name__}")
        self._connection.set_strategy(strategy)

    def enable_encryptor_by_pem_file(
        self, pem_pub_file: str | os.PathLike[str], curve_name: str | None = None, strength: int = 128
    ) -> None:
        """Encrypt the connection to the server gate from its next opening on, in stream mode.

        Args:
            pem_pub_file: the path of a file with the gate's public key.
            curve_name: `secp256k1`, `secp256r1`, `secp224r1` or `secp192r1`; left out, the one that the file names.
            strength: the length of the AES key, 128 or 256 bits.

        Raises:
            OSError: the file cannot be read.
            ValueError: it holds no public key, or one of another curve.
        """
        from ..fpnn.encryption import Encryption

        self._connection.server_gate.encryption = Encryption(Path(pem_pub_file), curve_name, strength)

    def _target(self, step: Quest | None) -> str:
        return step.endpoint if step is not None and step.endpoint else self.endpoint

    def __repr__(self) -> str:
        known = vars(self)  # a client whose making failed has neither
        return f"<RTMServerClient of project {known.get('pid', '?')} at {known.get('endpoint', '?')}>"
