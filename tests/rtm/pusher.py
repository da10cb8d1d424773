"""A service in a process of its own that pushes messages to whoever listens, gently or with cuts."""

from __future__ import annotations

import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from rtm_sdk.fpnn.frames import pack
from rtm_sdk.fpnn.session import Answer, QuestArrived, Session

__all__ = ["CONVERSATIONS", "drizzle", "storm"]

ROOT = Path(__file__).resolve().parents[2]

CONVERSATIONS = 10
LIFETIME = 1.0
RATE = 12_000
IN_FLIGHT = 4000
UNREAD = 200
DRIZZLE_RATE = 500


def message(number: int) -> tuple[str, dict[str, Any]]:
    """The push with a number: one of ten conversations of the three kinds, whose messages are counted in the body."""
    place, count = number % CONVERSATIONS, number // CONVERSATIONS
    method, target = (("pushmsg", "to"), ("pushgroupmsg", "gid"), ("pushroommsg", "rid"))[place % 3]
    head = {"from": 1, target: 100 + place, "mtype": 30, "mid": number + 1}
    return method, {**head, "msg": str(count), "attrs": "", "mtime": 1_700_000_000_000}


class _Listener:
    """One connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.session = Session.server()
        self.listens = False
        self.since = time.monotonic()
        self.sent = 0
        self.in_flight: dict[int, int] = {}
        self.out = b""

    def read(self) -> list[int]:
        """Answer quests. Returns the numbers of the pushes that were answered."""
        try:
            data = self.sock.recv(65536)
        except BlockingIOError:
            return []
        if not data:
            raise ConnectionError("the client left")
        answered = []
        for event in self.session.receive(data):
            if isinstance(event, QuestArrived):
                self.listens = self.listens or event.method == "setlisten"
                self.out += self.session.answer(event, {})
            elif isinstance(event, Answer):
                answered.append(self.in_flight.pop(event.seq))
        return answered

    def push(self, number: int) -> None:
        method, params = message(number)
        seq, data = self.session.quest(method, pack(params))
        self.in_flight[seq] = number
        self.out += data
        self.sent += 1

    def write(self) -> None:
        try:
            self.out = self.out[self.sock.send(self.out) :]
        except BlockingIOError:
            pass


def _accept(server: socket.socket) -> _Listener:
    sock, _ = server.accept()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
    return _Listener(sock)


def _storm(server: socket.socket, number: int) -> None:
    """Push until all is answered. Each connection is cut after a second, in the midst of a frame."""
    waiting = list(range(number))
    connections = repeats = 0
    while waiting:
        listener = _accept(server)
        connections += 1
        todo = iter(waiting)
        answered: set[int] = set()
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(listener.sock, selectors.EVENT_READ)
                while len(answered) < len(waiting):
                    lived = time.monotonic() - listener.since
                    if lived > LIFETIME and listener.sent < len(waiting):
                        for each in islice(todo, UNREAD):
                            listener.push(each)
                        listener.out += b"FPNN\x01\x80"
                        listener.write()
                        selector.select(LIFETIME)  # some are answered, but that is not read
                        break
                    while listener.listens and listener.sent < RATE * lived and len(listener.in_flight) < IN_FLIGHT:
                        try:
                            listener.push(next(todo))
                        except StopIteration:
                            break
                    if listener.out:
                        listener.write()
                    for _ in selector.select(0.001):
                        answered.update(listener.read())
        except OSError:
            pass
        finally:
            listener.sock.close()
        repeats += len(listener.in_flight)
        waiting = [each for each in waiting if each not in answered]
    print(connections, repeats, flush=True)


def _drizzle(server: socket.socket) -> None:
    """Push to each connection that listens, and answer what it asks, without end."""
    server.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(server, selectors.EVENT_READ)
        listeners: set[_Listener] = set()
        while True:
            for key, _ in selector.select(0.5 / DRIZZLE_RATE):
                if key.fileobj is server:
                    listener = _accept(server)
                    selector.register(listener.sock, selectors.EVENT_READ, listener)
                    listeners.add(listener)
                    continue
                try:
                    key.data.read()
                    key.data.write()
                except OSError:
                    selector.unregister(key.fileobj)
                    key.data.sock.close()
                    listeners.discard(key.data)
            for listener in listeners:
                if listener.listens and listener.sent < DRIZZLE_RATE * (time.monotonic() - listener.since):
                    listener.push(listener.sent)
                    listener.write()


@contextmanager
def _process(*arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", __name__, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"127.0.0.1:{int(process.stdout.readline())}", process
        finally:
            process.kill()


@contextmanager
def storm(number: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """So many pushes with a reconnection every second; what was not answered is pushed again.

    Gives the endpoint, and the process, which ends when all is answered and prints the number of connections and of
    pushes that it repeated.
    """
    with _process("storm", str(number)) as found:
        yield found


@contextmanager
def drizzle() -> Iterator[str]:
    """500 pushes a second to each client that listens; quests are answered with an empty map. Gives the endpoint."""
    with _process("drizzle") as (endpoint, _):
        yield endpoint


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        if sys.argv[1] == "storm":
            _storm(server, int(sys.argv[2]))
        else:
            _drizzle(server)
