"""A small blocking client, so that the gate is tested by bytes of its own making and not by the SDK."""

from __future__ import annotations

import hashlib
import itertools
import json
import socket
import time
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rtm_sdk.endpoint import parse_endpoint
from rtm_sdk.errors import ErrorCode
from rtm_sdk.fpnn.frames import pack
from rtm_sdk.fpnn.session import Answer, QuestArrived, Session, error_of

if TYPE_CHECKING:
    from rtm_sdk.fpnn.encryption import Encryption
    from rtm_sdk.gate import Gate

RTM_KINDS = (1, 2, 3, 4)
"""The kinds of conversations of RTM: p2p, group, room, broadcast."""

_salts = itertools.count(time.time_ns())


class Refused(Exception):
    """The gate answered with an error."""

    def __init__(self, error_code: ErrorCode) -> None:
        super().__init__(error_code)
        self.code = int(error_code)
        self.text = error_code.message


class RawClient:
    """One connection to a gate.

    Attributes:
        pushes: the quests of the gate that were read and not yet looked at.
        answering: whether they are answered as they are read.
    """

    def __init__(
        self,
        gate: Gate,
        *,
        endpoint: str | None = None,
        secret: str | None = None,
        encryption: Encryption | None = None,
        timeout: float = 10.0,
    ) -> None:
        self.pid = gate.pid
        self.secret = gate.secret if secret is None else secret
        self.socket = socket.create_connection(parse_endpoint(endpoint or gate.endpoint), timeout)
        self.session = Session.client(encryption=encryption)
        self.answers: dict[int, Answer] = {}
        self.pushes: deque[QuestArrived] = deque()
        self.answering = True
        self.socket.sendall(self.session.opening())

    def __enter__(self) -> RawClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def signed(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        *,
        pid: int | None = None,
        salt: int | None = None,
        ts: int | None = None,
    ) -> dict[str, Any]:
        """Parameters with the four of the signature."""
        pid = self.pid if pid is None else pid
        salt = next(_salts) if salt is None else salt
        ts = int(time.time()) if ts is None else ts
        text = f"{pid}:{self.secret}:{salt}:{method}:{ts}"
        sign = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()
        return {"pid": pid, "sign": sign, "salt": salt, "ts": ts, **(params or {})}

    def encode(self, method: str, params: dict[str, Any]) -> tuple[int, bytes]:
        """The number and the bytes of a quest."""
        return self.session.quest(method, pack(params))

    def send(self, method: str, params: dict[str, Any]) -> int:
        """Send a quest as it is; its number."""
        seq, wire = self.encode(method, params)
        self.socket.sendall(wire)
        return seq

    def receive(self, seq: int) -> dict[str, Any]:
        """Wait for an answer."""
        while seq not in self.answers:
            self._read()
        answer = self.answers.pop(seq)
        if answer.status:
            raise Refused(error_of(answer))
        return answer.params

    def pushed(self) -> QuestArrived:
        """Wait for the next quest of the gate."""
        while not self.pushes:
            self._read()
        return self.pushes.popleft()

    def _read(self) -> None:
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("closed by the gate")
        receipts = []
        for event in self.session.receive(data):
            if isinstance(event, Answer):
                self.answers[event.seq] = event
            elif isinstance(event, QuestArrived):
                self.pushes.append(event)
                if self.answering and event.seq is not None:
                    receipts.append(self.session.answer(event, {}))
        if receipts:
            self.socket.sendall(b"".join(receipts))

    def raw(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a quest as it is, wait for its answer."""
        return self.receive(self.send(method, params))

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Sign and send a quest, wait for its answer; a keyword of Python gets a trailing underscore."""
        return self.raw(method, self.signed(method, {name.rstrip("_"): value for name, value in params.items()}))

    def code(self, method: str, **params: Any) -> int:
        """As `call`, but gives the error code, 0 for success."""
        try:
            self.call(method, **params)
        except Refused as refused:
            return refused.code
        return 0

    def closed(self) -> bool:
        """Wait until the gate closes the connection; False when something else comes."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


def file_attrs(content: bytes, token: str, custom: Any = "", **rtm: Any) -> str:
    """Attributes of a file, signed."""
    inner = hashlib.md5(content, usedforsecurity=False).hexdigest()
    sign = hashlib.md5(f"{inner}:{token}".encode(), usedforsecurity=False).hexdigest()
    return json.dumps({"rtm": {"sign": sign, **rtm}, "custom": custom})
