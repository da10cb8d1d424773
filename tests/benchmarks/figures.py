"""The figures. Each runs the SDK and its floor by turns, in the same process, against the same peer."""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import requests

from rtm_sdk import RTMServerClient
from rtm_sdk.content import Content
from rtm_sdk.deadline import Deadline
from rtm_sdk.fpnn.frames import FrameReader, encode_quest, pack, unpack
from rtm_sdk.googlechat.client import GoogleChatClient
from rtm_sdk.rtm.quests import Quest

from .responder import PUSHES

BURST = 20_000
PARAMS = {
    "pid": 11000001,
    "sign": "5800445187310B3F5CFDBC9E2D4A41E5",
    "salt": 912119506680031825,
    "ts": 1_700_000_000,
    "mtype": 30,
    "from": 1001,
    "to": 1002,
    "mid": 912119506680031826,
    "msg": "a message of usual length, as people write them",
    "attrs": "",
}


class Figure(NamedTuple):
    """One line of the report."""

    name: str
    ours: str
    floor: str
    ratio: float
    wanted: str
    reached: bool


def new_client(port: int) -> RTMServerClient:
    return RTMServerClient(11000001, "s3cret", f"127.0.0.1:{port}", max_frame=1 << 30)


def bare_socket(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _times(call: Callable[[], object], number: int) -> Iterator[float]:
    for _ in range(number):
        start = time.perf_counter()
        call()
        yield time.perf_counter() - start


def sync_calls(port: int) -> Figure:
    """One thread, one call after the other, against a blocking socket that exchanges the same bytes."""
    quest = encode_quest("sendmsg", pack(PARAMS), 1)
    with new_client(port) as client, bare_socket(port) as sock:

        def bare() -> None:
            sock.sendall(quest)
            sock.recv(4096)

        def ours() -> None:
            client.send_message(30, 1001, 1002, "a message of usual length, as people write them")

        times: dict[Callable[[], None], list[float]] = {bare: [], ours: []}
        before = threading.active_count()
        for _ in range(100):
            for call in (bare, ours):
                times[call] += _times(call, 100)
        threads = threading.active_count() - before
    floor, cost = statistics.median(times[bare]), statistics.median(times[ours])
    return Figure(
        f"sync call, p50 ({threads} threads added)",
        f"{cost * 1e6:.1f} us",
        f"{floor * 1e6:.1f} us",
        cost / floor,
        "<= 1.35",
        cost / floor <= 1.35 and not threads,
    )


def callbacks(port: int) -> Figure:
    """A burst of calls with callbacks on one connection, against packing and unpacking alone."""
    return _callbacks(port, signed=False, wanted=0.15)


def callbacks_against_signing(port: int) -> Figure:
    """The same against a codec loop that also signs each quest, as every client has to."""
    return _callbacks(port, signed=True, wanted=0.0)


def _callbacks(port: int, *, signed: bool, wanted: float) -> Figure:
    with new_client(port) as client, bare_socket(port) as sock:
        ratios = [(_callback_burst(client), _codec_loop(sock, client if signed else None)) for _ in range(5)]
    ours, floor = sorted(ratios, key=lambda pair: pair[0] / pair[1])[2]
    return Figure(
        f"callbacks on one connection, {'signed' if signed else 'unsigned'} codec loop",
        f"{ours:,.0f}/s",
        f"{floor:,.0f}/s",
        ours / floor,
        f">= {wanted}" if wanted else "to know",
        ours / floor >= wanted,
    )


def _callback_burst(client: RTMServerClient) -> float:
    finished = threading.Event()
    count = 0

    def receive(result: object, error_code: int) -> None:
        nonlocal count
        assert not error_code, error_code
        count += 1
        if count == BURST:
            finished.set()

    start = time.perf_counter()
    for _ in range(BURST):
        client.send_message(30, 1001, 1002, "a message of usual length, as people write them", callback=receive)
    assert finished.wait(60)
    return BURST / (time.perf_counter() - start)


def _codec_loop(sock: socket.socket, client: RTMServerClient | None) -> float:
    """One thread packs each quest and writes 64 at a time, another reads and unpacks each answer.

    Args:
        sock: connected to the responder.
        client: signs each quest, with a salt of its own; None leaves that out.
    """
    quest = Quest("sendmsg", {name: PARAMS[name] for name in ("mtype", "from", "to", "mid", "msg", "attrs")})

    def payload() -> bytes:
        return pack(PARAMS) if client is None else client._connection.payload(quest)

    def write() -> None:
        for first in range(0, BURST, 64):
            quests = [encode_quest("sendmsg", payload(), n + 1) for n in range(first, min(first + 64, BURST))]
            sock.sendall(b"".join(quests))

    start = time.perf_counter()
    writer = threading.Thread(target=write)
    writer.start()
    reader = FrameReader()
    count = 0
    while count < BURST:
        for frame in reader.feed(sock.recv(65536)):
            unpack(frame.payload)
            count += 1
    seconds = time.perf_counter() - start
    writer.join()
    return BURST / seconds


def push_dispatch(port: int) -> Figure:
    """A burst of pushed messages: decoded, answered, compared with those before and handed to a function.

    Against a bare loop that reads and decodes the same frames.
    """
    ratios = [(_listen(port), _decoding_loop(port)) for _ in range(5)]
    ours, floor = sorted(ratios, key=lambda pair: pair[0] / pair[1])[2]
    return Figure(
        "push dispatch",
        f"{ours:,.0f}/s",
        f"{floor:,.0f}/s",
        ours / floor,
        ">= 0.15",
        ours / floor >= 0.15,
    )


def _listen(port: int) -> float:
    finished = threading.Event()
    count = 0

    def receive(message: object) -> None:
        nonlocal count
        count += 1
        if count == PUSHES:
            finished.set()

    with RTMServerClient(11000001, "s3cret", f"127.0.0.1:{port}", push_queue=PUSHES) as client:
        client.on("chat", receive)
        start = time.perf_counter()
        client.set_all_listen(p2p=True)
        assert finished.wait(60)
        return PUSHES / (time.perf_counter() - start)


def _decoding_loop(port: int) -> float:
    with bare_socket(port) as sock:
        start = time.perf_counter()
        sock.sendall(encode_quest("setlisten", pack({"p2p": True}), 1))
        reader = FrameReader()
        count = 0
        while count <= PUSHES:  # the answer comes first
            for frame in reader.feed(sock.recv(65536)):
                unpack(frame.payload)
                count += 1
        return PUSHES / (time.perf_counter() - start)


def http_calls(port: int) -> Figure:
    """One thread posts messages one after the other, against a bare session of `requests` that posts the same."""
    message = {"text": "a message of usual length, as people write them"}
    url = f"http://127.0.0.1:{port}/"
    with GoogleChatClient("a-token", base_url=url) as client, requests.Session() as session:

        def bare() -> None:
            answer = session.post(
                f"{url}v1/spaces/AAA/messages",
                params={"requestId": str(uuid.uuid4())},
                json=message,
                headers={"Authorization": "Bearer a-token"},
                timeout=30,
            )
            answer.raise_for_status()
            answer.json()

        def ours() -> None:
            _, error_code = client.create_message("spaces/AAA", message)
            assert not error_code, error_code

        times: dict[Callable[[], None], list[float]] = {bare: [], ours: []}
        for _ in range(50):
            for call in (bare, ours):
                times[call] += _times(call, 20)
    floor, cost = statistics.median(times[bare]), statistics.median(times[ours])
    return Figure(
        "HTTP call on keep-alive, p50",
        f"{cost * 1e6:.0f} us",
        f"{floor * 1e6:.0f} us",
        cost / floor,
        "<= 1.15",
        cost / floor <= 1.15,
    )


def imports(port: int) -> Figure:
    """`import rtm_sdk` in a new interpreter, against an interpreter that does nothing."""

    def run(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    bare, ours = [], []
    for _ in range(15):
        bare.append(run("pass"))
        ours.append(run("import rtm_sdk"))
    floor, cost = statistics.median(bare), statistics.median(ours)
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import rtm_sdk, sys; print(*{'requests', 'cryptography', 'aiohttp'} & sys.modules.keys())",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    return Figure(
        f"import rtm_sdk (loads {loaded or 'no requests, cryptography, aiohttp'})",
        f"{cost * 1e3:.1f} ms",
        f"{floor * 1e3:.1f} ms",
        cost / floor,
        "<= 60 ms more",
        cost - floor <= 0.060 and not loaded,
    )


def file_streaming(port: int) -> Figure:
    """The bytes of a large file from a path, against a bare socket that is given the same bytes from memory."""
    size = 64 << 20
    with tempfile.TemporaryDirectory() as folder, bare_socket(port) as sock, new_client(port) as client:
        path = Path(folder) / "large.bin"
        path.write_bytes(bytes(size))
        header = encode_quest("sendfile", pack(PARAMS), 1, extra=size)
        block = bytes(256 * 1024)

        def bare() -> None:
            sock.sendall(header)
            for _ in range(size // len(block)):
                sock.sendall(block)
            sock.recv(4096)

        def ours() -> None:
            with Content.of(path) as content:
                client._connection.perform(Quest("sendfile", dict(PARAMS), content=content), Deadline(60))

        times = {call: min(_times(call, 5)) for call in (bare, ours)}
    mib = size / (1 << 20)
    return Figure(
        "64 MiB file, streamed from disk",
        f"{mib / times[ours]:,.0f} MiB/s",
        f"{mib / times[bare]:,.0f} MiB/s",
        times[bare] / times[ours],
        ">= 0.30",
        times[bare] / times[ours] >= 0.30,
    )


FIGURES = (sync_calls, callbacks, callbacks_against_signing, push_dispatch, file_streaming, http_calls, imports)
