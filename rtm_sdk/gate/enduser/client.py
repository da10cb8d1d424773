"""A small client for end users, to test the gate and to show it. For phones and browsers there are the public SDKs."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from ...endpoint import parse_endpoint
from ...errors import FPNN_ERROR, ErrorCode, RTMException
from ...fpnn.frames import FrameError, pack
from ...fpnn.session import Answer, QuestArrived, Session, error_of
from ...rtm.ids import next_id
from ...rtm.results import SendResult

if TYPE_CHECKING:
    from typing_extensions import Self

    from ...fpnn.encryption import Encryption

__all__ = ["Push", "UserClient"]

MAX_PUSHES = 10_000
"""So many pushes are kept for `UserClient.pushed`; then the oldest go."""


class Push(NamedTuple):
    """What the gate told a user.

    Attributes:
        method: the wire name: ``pushmsg``, ``pushgroupmsg``, ``pushroommsg``, ``pushbroadcastmsg``, ``kickoutroom`` or
            ``kickout``.
        params: the parameters; chat has a map as ``msg``.
    """

    method: str
    params: dict[str, Any]


class UserClient:
    """One connection of an end user. Any thread may use it.

    A thread of its own reads, and answers every push at once::

        with UserClient(gate.endpoint, gate.pid, 1002) as user:
            user.login(token)
            user.send_message(1001, "hello")
            print(user.pushed())

    Args:
        endpoint: ``host:port`` of the gate.
        pid: the project.
        uid: the user.
        on_push: called with each `Push`, in their order, on the thread that reads: it must not wait for an answer.
            Without it they are kept for `pushed`.
        encryption: how to encrypt the connection; None leaves it plain.
        timeout: seconds to connect, and to wait for an answer.

    Raises:
        OSError: the gate cannot be reached.
    """

    def __init__(
        self,
        endpoint: str,
        pid: int,
        uid: int,
        *,
        on_push: Callable[[Push], object] | None = None,
        encryption: Encryption | None = None,
        timeout: float = 10.0,
    ) -> None:
        self.pid = pid
        self.uid = uid
        self._timeout = timeout
        self._on_push = on_push
        self._pushes: deque[Push] = deque(maxlen=MAX_PUSHES)
        self._waiting: dict[int, Future[Answer]] = {}
        self._closed = False
        self._changed = threading.Condition()
        self._session = Session.client(encryption=encryption)
        self._session.in_flight = self._waiting
        self._socket = socket.create_connection(parse_endpoint(endpoint), timeout)
        try:
            self._socket.settimeout(None)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(self._session.opening())
        except BaseException:
            self._socket.close()
            raise
        self._thread = threading.Thread(target=self._read, name=f"rtm-user {uid}", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"<UserClient {self.uid} of {self.pid}{' closed' if self._closed else ''}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def closed(self) -> bool:
        """Whether the connection has ended, from whichever side."""
        return self._closed

    def close(self) -> None:
        """Close the connection, without a ``bye``. A second call does nothing."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def wait_closed(self, timeout: float | None = None) -> bool:
        """Wait until the connection has ended.

        Args:
            timeout: seconds to wait at most; None is that of the client.

        Returns:
            whether it has.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._closed, self._timeout if timeout is None else timeout)

    # --- asking ----------------------------------------------------------------------------------------------

    def call(self, method: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send a quest, wait for its answer.

        Args:
            method: the wire name.
            params: the parameters.

        Raises:
            RTMException: the answer is an error, or there is none: 20003 (timeout), 20002 (the connection ended) or
                20012 (it had ended before).
        """
        answer: Future[Answer] = Future()
        payload = pack(params or {})
        with self._changed:
            if self._closed:
                raise _failed(FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION, "the connection has ended")
            seq, wire = self._session.quest(method, payload)
            self._waiting[seq] = answer
            self._send(wire)
        try:
            outcome = answer.result(self._timeout)
        except FutureTimeout:
            self._waiting.pop(seq, None)
            raise _failed(FPNN_ERROR.FPNN_EC_CORE_TIMEOUT, f"no answer in {self._timeout:g} s") from None
        if outcome.status:
            raise RTMException(error_of(outcome))
        return outcome.params

    def login(self, token: str, **more: Any) -> bool:
        """Log in (``auth``).

        Args:
            token: from ``gettoken`` of the server gate.
            more: other parameters, such as ``version``, ``lang``, ``attrs``.

        Returns:
            whether the token is good.

        Raises:
            RTMException: 200024 for who is on the blacklist of the project, and others as from `call`.
        """
        return bool(self.call("auth", {"pid": self.pid, "uid": self.uid, "token": token, **more})["ok"])

    def bye(self) -> None:
        """Log out and close."""
        self.call("bye")
        self.close()

    def send_message(
        self, uid: int, message: str | bytes, mtype: int = 30, attrs: str = "", mid: int = 0
    ) -> SendResult:
        """Send to a user (``sendmsg``).

        Args:
            uid: the receiver.
            message: the body.
            mtype: 30 is chat, 32 a command, 51 to 127 are free.
            attrs: the attributes.
            mid: the id of the message; 0 makes one.

        Raises:
            RTMException: as from `call`; 200049 when the receiver has blocked the sender.
        """
        return self._send_message("sendmsg", "to", uid, message, mtype, attrs, mid)

    def send_group_message(
        self, gid: int, message: str | bytes, mtype: int = 30, attrs: str = "", mid: int = 0
    ) -> SendResult:
        """Send to a group (``sendgroupmsg``); as `send_message`, 200041 for who is no member."""
        return self._send_message("sendgroupmsg", "gid", gid, message, mtype, attrs, mid)

    def send_room_message(
        self, rid: int, message: str | bytes, mtype: int = 30, attrs: str = "", mid: int = 0
    ) -> SendResult:
        """Send to a room (``sendroommsg``); as `send_message`, 200040 for who is not in it."""
        return self._send_message("sendroommsg", "rid", rid, message, mtype, attrs, mid)

    def _send_message(
        self, method: str, name: str, target: int, message: str | bytes, mtype: int, attrs: str, mid: int
    ) -> SendResult:
        mid = mid or next_id()
        params = {name: target, "mid": mid, "mtype": mtype, "msg": message, "attrs": attrs}
        return SendResult(mid, self.call(method, params)["mtime"])

    # --- being told ------------------------------------------------------------------------------------------

    def pushed(self, timeout: float | None = None) -> Push:
        """Wait for the next push; pings are left out.

        Args:
            timeout: seconds to wait at most; None is that of the client.

        Raises:
            TimeoutError: nothing came.
            RTMException: the connection has ended and nothing is left (20002).
        """
        with self._changed:
            self._changed.wait_for(lambda: self._pushes or self._closed, self._timeout if timeout is None else timeout)
            if self._pushes:
                return self._pushes.popleft()
            if self._closed:
                raise _failed(FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED, "the connection has ended")
            raise TimeoutError("nothing was pushed")

    # --- the thread that reads -------------------------------------------------------------------------------

    def _read(self) -> None:
        try:
            while data := self._socket.recv(1 << 18):
                for event in self._session.receive(data):
                    if isinstance(event, Answer):
                        if waiting := self._waiting.pop(event.seq, None):
                            waiting.set_result(event)
                    elif isinstance(event, QuestArrived):
                        self._be_told(event)
        except (OSError, FrameError):
            pass
        finally:
            with self._changed:
                self._closed = True
                self._socket.close()
                self._changed.notify_all()
            for seq in list(self._waiting):
                if waiting := self._waiting.pop(seq, None):
                    lost = _failed(FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED, "the connection has ended")
                    waiting.set_exception(lost)

    def _be_told(self, quest: QuestArrived) -> None:
        if quest.seq is not None:
            with self._changed:
                self._send(self._session.answer(quest, {}))
        if quest.method == "ping":
            return
        push = Push(quest.method, quest.params)
        if self._on_push is not None:
            self._on_push(push)
            return
        with self._changed:
            self._pushes.append(push)
            self._changed.notify_all()

    def _send(self, wire: bytes) -> None:
        """With the lock, since the bytes must go in the order in which the session made them."""
        try:
            self._socket.sendall(wire)
        except OSError:
            pass  # the thread that reads finds out as well, and ends everything


def _failed(code: FPNN_ERROR, text: str) -> RTMException:
    return RTMException(ErrorCode(code, text))
