"""A bare responder in a process of its own: it parses the header of each quest and answers prepared bytes."""

from __future__ import annotations

import multiprocessing
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe

from rtm_sdk.fpnn.frames import encode_answer, pack

_HEADER = struct.Struct("<4sBBBBI")


def _serve(sock: socket.socket, mtime: int) -> None:
    answer = encode_answer(0, pack({"mtime": mtime}))
    before, after = answer[:12], answer[16:]
    unpack_header = _HEADER.unpack_from
    buffer = b""
    with sock:
        while data := sock.recv(262144):
            buffer = buffer + data if buffer else data
            start = 0
            answers = []
            while len(buffer) - start >= 12:
                _, _, _, mtype, ss, psize = unpack_header(buffer, start)
                end = start + 12 + (4 if mtype else 0) + (ss if mtype != 2 else 0) + psize
                if end > len(buffer):
                    break
                if mtype == 1:
                    answers.append(before + buffer[start + 12 : start + 16] + after)
                start = end
            buffer = buffer[start:]
            sock.sendall(b"".join(answers))


def _main(pipe: Pipe) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        pipe.send(server.getsockname()[1])
        while True:
            sock, _ = server.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_serve, args=(sock, 1_700_000_000_000), daemon=True).start()


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
