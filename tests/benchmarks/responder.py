"""A bare responder in a process of its own: it parses the header of each quest and answers prepared bytes.

To `setlisten` it also pushes a burst of prepared messages. To requests of HTTP it answers a prepared message of Google
Chat.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe

from rtm_sdk.fpnn.frames import encode_answer, encode_quest, pack

PUSHES = 20_000

_HEADER = struct.Struct("<4sBBBBI")


@functools.cache
def _pushes() -> bytes:
    params = {
        "from": 1001,
        "to": 1002,
        "mtype": 30,
        "msg": "a message of usual length, as people write them",
        "attrs": "",
        "mtime": 1_700_000_000_000,
    }
    mid = 912119506680031826
    return b"".join(encode_quest("pushmsg", pack({**params, "mid": mid + n}), n + 1) for n in range(PUSHES))


_MESSAGE = (
    b'{"name":"spaces/AAA/messages/BBB.BBB","sender":{"name":"users/1","type":"BOT"},'
    b'"createTime":"2026-11-22T00:00:00.000001Z","text":"a message of usual length, as people write them",'
    b'"thread":{"name":"spaces/AAA/threads/BBB"},"space":{"name":"spaces/AAA"}}'
)
_HTTP_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\n"
    b"Date: Sun, 22 Nov 2026 00:00:00 GMT\r\nServer: responder\r\nContent-Length: %d\r\n\r\n" % len(_MESSAGE)
) + _MESSAGE


def _serve_http(sock: socket.socket, buffer: bytes) -> None:
    with sock:
        while True:
            head, end, rest = buffer.partition(b"\r\n\r\n")
            size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0) if end else 0
            if end and len(rest) >= size:
                buffer = rest[size:]
                sock.sendall(_HTTP_ANSWER)
            elif data := sock.recv(65536):
                buffer += data
            else:
                return


def _serve(sock: socket.socket, answer: bytes) -> None:
    if sock.recv(4, socket.MSG_PEEK) == b"POST":
        _serve_http(sock, b"")
        return
    before, after = answer[:12], answer[16:]
    unpack_header = _HEADER.unpack_from
    buffer = b""
    seq = b""
    to_skip = 0  # bytes of a large frame that are still on their way
    with sock:
        while data := sock.recv(262144):
            if to_skip:
                if len(data) < to_skip:
                    to_skip -= len(data)
                    continue
                data, to_skip = data[to_skip:], 0
                sock.sendall(before + seq + after)
            buffer = buffer + data if buffer else data
            start = 0
            answers = []
            listening = False
            while len(buffer) - start >= 16:
                _, _, _, mtype, ss, psize = unpack_header(buffer, start)
                end = start + 12 + (4 if mtype else 0) + (ss if mtype != 2 else 0) + psize
                seq = buffer[start + 12 : start + 16]
                if end > len(buffer):
                    if psize > 65536:
                        to_skip = end - len(buffer)
                        start = len(buffer)
                    break
                if mtype == 1:
                    answers.append(before + seq + after)
                    listening = listening or buffer.startswith(b"setlisten", start + 16)
                start = end
            buffer = buffer[start:]
            if answers:
                sock.sendall(b"".join(answers))
            if listening:
                threading.Thread(target=sock.sendall, args=(_pushes(),), daemon=True).start()


def _main(pipe: Pipe) -> None:
    pin(1)
    answer = encode_answer(0, pack({"mtime": 1_700_000_000_000}))
    with socket.create_server(("127.0.0.1", 0)) as server:
        pipe.send(server.getsockname()[1])
        while True:
            sock, _ = server.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_serve, args=(sock, answer), daemon=True).start()


def pin(number: int) -> None:
    """Keep this process on one processor, so that the scheduler moves neither side between two measurements."""
    if hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[number % len(processors)]})


@contextmanager
def responder() -> Iterator[int]:
    """Run the responder; gives its port."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_main, args=(there,), daemon=True)
    process.start()
    there.close()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()
        process.close()
        here.close()
