"""A peer of our own making: it does on each connection what a script says, right or wrong."""

from __future__ import annotations

import queue
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import CallFailed, ErrorCode
from rtm_sdk.fpnn.connection import Connection
from rtm_sdk.fpnn.encryption import ServerKey
from rtm_sdk.fpnn.frames import FrameError, pack
from rtm_sdk.fpnn.link import Continued
from rtm_sdk.fpnn.session import Answer, QuestArrived, Reply, Session

__all__ = ["CUT", "SILENCE", "Conversation", "Peer", "Replies", "Script", "answer_all", "begin_call", "echo_process"]

PATIENCE = 10.0
ROOT = Path(__file__).resolve().parent.parent

CUT, SILENCE = "cut", "silence"
"""Replies: close the connection without an answer; say nothing."""


def begin_call(
    connection: Connection,
    method: str,
    payload: bytes,
    deadline: Deadline,
    resume: Callable[[Any], object],
    failed: Callable[[CallFailed], object],
    *,
    content: Iterator[bytes] | None = None,
    extra: int = 0,
) -> None:
    """Begin a call; `resume` gets the parameters of the answer, or `failed` the failure."""
    call = Continued(method, payload, deadline.at, resume, failed, content=content, extra=extra)
    connection.begin(call, deadline)


class Conversation:
    """One connection of a `Peer`, as its script sees it.

    Attributes:
        sock: to break the rules with.
        session: the server's side.
        answers: what the client answered to `ask`.
    """

    def __init__(self, sock: socket.socket, session: Session) -> None:
        self.sock = sock
        self.session = session
        self.answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._lock = threading.Lock()

    def quests(self) -> Iterator[QuestArrived]:
        """The client's quests as they come, until it closes."""
        while True:
            try:
                data = self.sock.recv(65536)
            except OSError:
                return
            if not data:
                return
            try:
                events = self.session.receive(data)
            except FrameError:
                return
            for event in events:
                if isinstance(event, QuestArrived):
                    yield event
                elif isinstance(event, Answer):
                    self.answers.put(event)
                elif isinstance(event, Reply):
                    self.send(event.data)

    def answer(self, quest: QuestArrived, params: Mapping[str, Any] | None = None) -> None:
        """Answer a quest, with its own parameters when none are given."""
        if quest.seq is not None:
            with self._lock:
                self.send(self.session.answer(quest, quest.params if params is None else params))

    def refuse(self, quest: QuestArrived, code: int, ex: str) -> None:
        """Answer a quest with an error."""
        with self._lock:
            self.send(self.session.error_answer(quest, code, ex))

    def ask(self, method: str, params: Mapping[str, Any]) -> int:
        """Send a quest to the client. Returns its number."""
        with self._lock:
            seq, data = self.session.quest(method, pack(params))
            self.send(data)
        return seq

    def tell(self, method: str, params: Mapping[str, Any]) -> None:
        """Send a oneway quest to the client."""
        with self._lock:
            self.send(self.session.oneway(method, pack(params)))

    def send(self, data: bytes) -> None:
        """Send bytes as they are; a client that is gone is none of our business."""
        try:
            self.sock.sendall(data)
        except OSError:
            pass

    def close(self) -> None:
        """Close the connection, now."""
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


Script = Callable[[Conversation], None]


def answer_all(conversation: Conversation) -> None:
    """The script of a good peer: each quest is answered with its own parameters."""
    for quest in conversation.quests():
        conversation.answer(quest)


class Replies:
    """A script that replies to each quest in its turn, over all connections, and then answers as `answer_all`.

    Attributes:
        quests: all that came.

    Args:
        replies: parameters, an `ErrorCode`, `CUT`, `SILENCE`, or a function of the quest that gives one of these; None
            gives the quest's own parameters back.
    """

    def __init__(self, *replies: Any) -> None:
        self.quests: list[QuestArrived] = []
        self._replies = list(replies)

    def __call__(self, conversation: Conversation) -> None:
        for quest in conversation.quests():
            self.quests.append(quest)
            reply = self._replies.pop(0) if self._replies else None
            if callable(reply):
                reply = reply(quest)
            if reply == CUT:
                return
            if isinstance(reply, ErrorCode):
                conversation.refuse(quest, int(reply), reply.message)
            elif reply != SILENCE:
                conversation.answer(quest, reply)


class Peer:
    """Listens on a free port and runs a script, in a thread of its own for each connection.

    Args:
        script: what to do; the connection is closed when it returns.
        key: for encrypted connections.
        host: where to listen.
        max_frame: the largest frame in bytes.
        first: scripts of the first, second ... connection, where they differ from `script`.
    """

    def __init__(
        self,
        script: Script = answer_all,
        *,
        key: ServerKey | None = None,
        host: str = "127.0.0.1",
        max_frame: int = 8 << 20,
        first: tuple[Script, ...] = (),
    ) -> None:
        self.conversations: queue.SimpleQueue[Conversation] = queue.SimpleQueue()
        self.accepted = 0
        self._script = script
        self._first = first
        self._key = key
        self._max_frame = max_frame
        self._errors: list[BaseException] = []
        self._open: list[tuple[Conversation, threading.Thread]] = []
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self.endpoint = f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"
        self._thread = threading.Thread(target=self._accept, name="peer")

    def __enter__(self) -> Peer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._thread.join()
        self._listener.close()
        for conversation, thread in self._open:
            conversation.close()
            thread.join(PATIENCE)
            conversation.sock.close()
        if error is None and self._errors:
            raise self._errors[0]

    def stop_listening(self) -> None:
        """Refuse connections from now on."""
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()

    def conversation(self) -> Conversation:
        """The next connection, as soon as it is there."""
        return self.conversations.get(timeout=PATIENCE)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            script = self._first[self.accepted] if self.accepted < len(self._first) else self._script
            self.accepted += 1
            conversation = Conversation(sock, Session.server(max_frame=self._max_frame, key=self._key))
            thread = threading.Thread(target=self._talk, args=(script, conversation), name="peer-talk")
            self._open.append((conversation, thread))
            thread.start()
            self.conversations.put(conversation)

    def _talk(self, script: Script, conversation: Conversation) -> None:
        try:
            script(conversation)
        except BaseException as error:
            self._errors.append(error)
        finally:
            conversation.close()


_HEADER = struct.Struct("<4sBBBBI")


def _echo(sock: socket.socket) -> None:
    buffer = b""
    with sock:
        while data := sock.recv(262144):
            buffer += data
            start = 0
            answers = []
            while len(buffer) - start >= 12:
                _, version, flag, mtype, method_size, size = _HEADER.unpack_from(buffer, start)
                begin = start + 16 + method_size
                end = begin + size
                if mtype != 1 or end > len(buffer):
                    break
                seq = buffer[start + 12 : start + 16]
                answers.append(_HEADER.pack(b"FPNN", version, flag, 2, 0, size) + seq + buffer[begin:end])
                start = end
            buffer = buffer[start:]
            sock.sendall(b"".join(reversed(answers)))


def _serve_echo() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            sock, _ = server.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_echo, args=(sock,), daemon=True).start()


@contextmanager
def echo_process() -> Iterator[str]:
    """A peer in a process of its own that answers each quest with its parameters, what came together in reverse order.

    Gives its endpoint.
    """
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


if __name__ == "__main__":
    _serve_echo()
