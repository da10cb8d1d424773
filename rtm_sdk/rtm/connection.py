"""The connection of an RTM client: signs quests, sends them to the right gate, repeats them when that is safe."""

from __future__ import annotations

import logging
import math
import threading
import time
from binascii import b2a_hex
from collections.abc import Callable
from struct import Struct
from typing import TYPE_CHECKING, Any

from ..content import Progress
from ..deadline import Deadline
from ..errors import FPNN_ERROR, OK, RTM_ERROR, CallFailed, ErrorCode
from ..fpnn.connection import Connection
from ..fpnn.frames import pack
from ..fpnn.link import CannotConnect, Pending
from ..fpnn.session import Answer, error_of
from ..fpnn.strategy import KeepAlive, RegressiveStrategy
from .file_gates import FileGates
from .ids import next_id
from .quests import Quest
from .retries import pause_before_retry

try:
    from _md5 import md5  # type: ignore[import-not-found]  # a third of the time of hashlib's, and there on machines whose OpenSSL refuses MD5
except ImportError:
    from hashlib import md5

if TYPE_CHECKING:
    from ..fpnn.encryption import Encryption
    from ..workers import WorkerPool

__all__ = ["RTMConnection"]

log = logging.getLogger("rtm_sdk.rtm")

CHUNK_BYTES = 256 * 1024

_SIGNING = Struct(">B7s32s6sQ4sI")
"""The head of a small map as msgpack: its size, then `sign`, `salt` and `ts`."""

_MOST_SPLICED = 15 - 4
"""Parameters that a small map holds beside those for signing."""


class RTMConnection:
    """Carries out the steps of RTM operations, for one project.

    Args:
        pid: the project.
        secret: its secret.
        endpoint: `host:port` of the server gate.
        encryption: for the server gate; file gates are never encrypted.
        connect_timeout: seconds for one attempt to connect.
        keep_alive: when to ping a silent gate; None never does.
        strategy: how long to wait between attempts to connect.
        max_frame: largest frame in bytes, in both directions, for all gates.
        file_gate_idle: seconds that a connection to a file gate is kept without use.
        workers: where reports of progress run in the callback style.
        on_reconnected: called with the `host:port` of a gate when it was connected to again.
    """

    def __init__(
        self,
        pid: int,
        secret: str,
        endpoint: str,
        *,
        encryption: Encryption | None,
        connect_timeout: float,
        keep_alive: KeepAlive | None,
        strategy: RegressiveStrategy,
        max_frame: int,
        file_gate_idle: float,
        workers: WorkerPool,
        on_reconnected: Callable[[str], None] | None = None,
    ) -> None:
        def connection(address: str, encryption: Encryption | None = None) -> Connection:
            return Connection(
                address,
                encryption=encryption,
                connect_timeout=self._connect_timeout,
                keep_alive=keep_alive,
                strategy=self._strategy,
                max_frame=max_frame,
                handlers={"ping": _answer_ping},
                on_reconnected=on_reconnected,
            )

        self._pid = pid
        self._packed_pid = pack({"pid": pid})[1:]
        self._signing = md5(f"{pid}:{secret}:".encode())  # the secret itself is not kept, so that it cannot show
        self._workers = workers
        self._closed_at = -math.inf
        self._connect_timeout = connect_timeout
        self._strategy = strategy
        self.server_gate = connection(endpoint, encryption)
        self.file_gates = FileGates(connection, file_gate_idle)

    # ------------------------------------------------------------------ in the caller's thread

    def perform(self, quest: Quest, deadline: Deadline) -> dict[str, Any]:
        """Send a quest, again if need be, and return the answer. Raises `CallFailed`."""
        attempts: _Attempts | None = None
        while True:
            try:
                if not quest.endpoint:
                    if quest.content is None:
                        return self.server_gate.call(quest.method, self.payload(quest), deadline)
                    return self._send(self.server_gate, quest, deadline)
                with self.file_gates.borrowed(quest.endpoint) as file_gate:
                    return self._send(file_gate, quest, deadline)
            except CallFailed as failure:
                attempts = attempts or _Attempts(self, quest)
                pause = attempts.failed(failure, deadline)
            if pause < 0:
                return {}
            self.server_gate.pause(pause)
            if self.closed_since(deadline):
                raise attempts.final()

    def _send(self, gate: Connection, quest: Quest, deadline: Deadline) -> dict[str, Any]:
        content = quest.content
        if content is None:
            return gate.call(quest.method, self.payload(quest), deadline)
        chunks = content.chunks(CHUNK_BYTES, content.on_progress)
        return gate.call(quest.method, self.payload(quest), deadline, content=chunks, extra=content.size)

    # ------------------------------------------------------------------ in the callback style

    def begin(self, quest: Quest, deadline: Deadline, resume: Callable[[Any], None]) -> None:
        """Send a quest, again if need be, without waiting. `resume` gets the answer or a `CallFailed`, once."""
        gate = self.file_gates.shared(quest.endpoint) if quest.endpoint else self.server_gate
        _Begun(self, gate, quest, deadline, resume).send()

    # ------------------------------------------------------------------

    def payload(self, quest: Quest) -> bytes:
        """Pack the parameters, signed with a new salt."""
        params = quest.params
        if quest.signed:
            salt = next_id()
            ts = int(time.time())
            digest = self._signing.copy()
            digest.update(f"{salt}:{quest.method}:{ts}".encode())
            sign = b2a_hex(digest.digest()).upper()
            if len(params) <= _MOST_SPLICED and quest.content is None:
                size = 0x84 + len(params)
                head = _SIGNING.pack(size, b"\xa4sign\xd9\x20", sign, b"\xa4salt\xcf", salt, b"\xa2ts\xce", ts)
                return head + self._packed_pid + pack(params)[1:]
            params = {"pid": self._pid, "sign": sign.decode(), "salt": salt, "ts": ts, **params}
        if quest.content is None:
            return pack(params)
        return pack({**params, "file": b""})[:-2] + _bin_header(quest.content.size)

    def set_connect_timeout(self, seconds: float) -> None:
        """Change the seconds for one attempt to connect, for all attempts from now on."""
        self._connect_timeout = self.server_gate.connect_timeout = seconds

    def set_strategy(self, strategy: RegressiveStrategy) -> None:
        """Change how long to wait between attempts to connect, after the next failure."""
        self._strategy = self.server_gate.strategy = strategy

    def close(self, timeout: float) -> None:
        """Close all connections, within `timeout` seconds; quests that failed by it are not sent again."""
        deadline = Deadline(timeout)
        self._closed_at = time.monotonic()
        self.server_gate.close(timeout)
        self.file_gates.close(deadline)

    def closed_since(self, deadline: Deadline) -> bool:
        """True when `close()` was called after the call with this deadline had begun."""
        return self._closed_at > deadline.at - deadline.seconds


class _Attempts:
    """What is known after some attempts of one quest failed."""

    __slots__ = ("connection", "error", "failures", "maybe_delivered", "quest")

    def __init__(self, connection: RTMConnection, quest: Quest) -> None:
        self.connection = connection
        self.quest = quest
        self.error = OK
        self.failures = 0
        self.maybe_delivered = False

    def failed(self, failure: CallFailed, deadline: Deadline) -> float:
        """Take one more failure.

        Returns:
            Seconds to wait before the next attempt; -1 when the failure says that an earlier attempt was a success.

        Raises:
            CallFailed: there must not be another attempt.
        """
        error = self.error = failure.error_code
        if self.maybe_delivered and error == RTM_ERROR.RTM_EC_DUPLICATED_MID and "mid" in self.quest.params:
            return -1.0
        self.failures += 1
        pause = None
        if not isinstance(failure, CannotConnect) and not self.connection.closed_since(deadline):
            pause = pause_before_retry(
                error, failures=self.failures, repeatable=self.quest.repeatable, remaining=deadline.remaining()
            )
        if pause is None:
            raise self.final()
        self.maybe_delivered = self.maybe_delivered or error.maybe_delivered
        return pause

    def final(self) -> CallFailed:
        """How the quest ends without another attempt: whatever came last, an earlier one may have been delivered."""
        error = self.error
        if self.maybe_delivered and not error.maybe_delivered:
            text = f"{error.message or error.meaning}; an earlier attempt may have been delivered"
            error = ErrorCode(error, text, maybe_delivered=True, retry_after=error.retry_after)
        return CallFailed(error)


class _Begun(Pending):
    """A quest in the callback style, through all its attempts."""

    __slots__ = ("attempts", "connection", "deadline", "gate", "quest", "resume")

    def __init__(
        self,
        connection: RTMConnection,
        gate: Connection,
        quest: Quest,
        deadline: Deadline,
        resume: Callable[[Any], None],
    ) -> None:
        self.connection = connection
        self.gate = gate
        self.quest = quest
        self.deadline = deadline
        self.resume = resume
        self.attempts: _Attempts | None = None
        self.method = quest.method
        self.expires = deadline.at
        self.content = None
        self.extra = 0

    def send(self) -> None:
        self.payload = self.connection.payload(self.quest)
        self.written = False
        content = self.quest.content
        if content is not None:
            report = content.on_progress and _ProgressOnWorkers(content.on_progress, self.connection._workers)
            self.content = content.chunks(CHUNK_BYTES, report)
            self.extra = content.size
        self.gate.begin(self, self.deadline)

    def complete(self, outcome: Answer | CallFailed) -> None:
        if isinstance(outcome, CallFailed):
            self.failed(outcome)
        elif outcome.status:
            self.failed(CallFailed(error_of(outcome)))
        else:
            self.resume(outcome.params)

    def failed(self, failure: CallFailed) -> None:
        attempts = self.attempts = self.attempts or _Attempts(self.connection, self.quest)
        try:
            pause = attempts.failed(failure, self.deadline)
            if pause < 0:
                self.resume({})
            elif pause:
                self.gate.after(pause, self.send_again, self.failed)
            else:
                self.send_again()
        except CallFailed as final:
            self.resume(final)

    def send_again(self, _: object = None) -> None:
        assert self.attempts is not None
        if self.connection.closed_since(self.deadline):
            self.resume(self.attempts.final())
            return
        try:
            self.send()
        except CallFailed as failure:
            self.failed(failure)
        except Exception as error:
            log.exception("%s could not be sent again", self.method)
            text = f"{type(error).__name__}: {error}"
            self.resume(CallFailed(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_ENCODING, text)))


class _ProgressOnWorkers:
    """Reports progress on a worker: one report at a time, always the newest, so that a slow receiver delays nothing."""

    def __init__(self, on_progress: Progress, workers: WorkerPool) -> None:
        self._on_progress = on_progress
        self._workers = workers
        self._newest = (0, 0)
        self._running = False
        self._lock = threading.Lock()

    def __call__(self, sent: int, total: int) -> None:
        with self._lock:
            self._newest = (sent, total)
            running, self._running = self._running, True
        if not running:
            self._workers.submit(self._report)

    def _report(self) -> None:
        reported = (0, 0)
        while True:
            with self._lock:
                if reported == self._newest:
                    self._running = False
                    return
                reported = self._newest
            try:
                self._on_progress(*reported)
            except Exception:
                log.exception("on_progress raised; it is not called again for this file")
                return


def _bin_header(size: int) -> bytes:
    if size < 0x100:
        return b"\xc4" + size.to_bytes(1, "big")
    if size < 0x10000:
        return b"\xc5" + size.to_bytes(2, "big")
    return b"\xc6" + size.to_bytes(4, "big")


def _answer_ping(params: dict[str, Any]) -> dict[str, Any]:
    return {}
