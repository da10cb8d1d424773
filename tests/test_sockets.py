from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from rtm_sdk import sockets
from rtm_sdk.deadline import Deadline
from rtm_sdk.sockets import wait_for_socket

from .scripts import run_script

PATIENCE = 5.0


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def open_socket(endpoint: str, deadline: Deadline) -> socket.socket:
    return sockets.open_socket(endpoint, deadline, threading.Event())


def port_of(listening: socket.socket) -> int:
    port: int = listening.getsockname()[1]
    return port


@pytest.fixture
def refusing() -> Iterator[int]:
    """A port that is taken but refuses connections."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield port_of(taken)


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[Any, tuple[Any, ...]]) -> None:
    found = [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address) for family, address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)


def connect_with(monkeypatch: pytest.MonkeyPatch, connect: Callable[[socket.socket, Any], int]) -> None:
    monkeypatch.setattr(socket, "socket", type("Socket", (socket.socket,), {"connect_ex": connect}))


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that does not answer: its queue is full, as nobody accepts."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        callers = [socket.socket() for _ in range(3)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(listening.getsockname())
        yield port_of(listening)
        for caller in callers:
            caller.close()


class TestOpenSocket:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_ipv4(self, server: socket.socket, host: str) -> None:
        with open_socket(f"{host}:{port_of(server)}", Deadline(PATIENCE)) as sock:
            assert sock.getpeername() == server.getsockname()
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            if hasattr(socket, "TCP_KEEPIDLE"):
                assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 30
            assert not sock.get_inheritable()

    def test_ipv6(self) -> None:
        try:
            server = socket.create_server(("::1", 0), family=socket.AF_INET6)
        except OSError:
            pytest.skip("no IPv6 here")
        with server, open_socket(f"[::1]:{port_of(server)}", Deadline(PATIENCE)) as sock:
            assert sock.getpeername()[:2] == server.getsockname()[:2]

    def test_goes_on_to_the_next_address(
        self, monkeypatch: pytest.MonkeyPatch, server: socket.socket, refusing: int
    ) -> None:
        resolve_to(
            monkeypatch, (socket.AF_INET, ("127.0.0.1", refusing)), (socket.AF_INET, ("127.0.0.1", port_of(server)))
        )
        with open_socket("gate.example:1", Deadline(PATIENCE)) as sock:
            assert sock.getpeername() == server.getsockname()

    def test_goes_on_where_a_family_is_missing(self, monkeypatch: pytest.MonkeyPatch, server: socket.socket) -> None:
        resolve_to(monkeypatch, (12345, ("::1", 1, 0, 0)), (socket.AF_INET, ("127.0.0.1", port_of(server))))
        with open_socket("gate.example:1", Deadline(PATIENCE)) as sock:
            assert sock.getpeername() == server.getsockname()

    def test_names_each_address_that_failed(self, monkeypatch: pytest.MonkeyPatch, refusing: int) -> None:
        resolve_to(monkeypatch, (12345, ("::1", 1)), (socket.AF_INET, ("127.0.0.1", refusing)))
        with pytest.raises(OSError, match=r"^::1: .*not supported.*; 127\.0\.0\.1: Connection refused$"):
            open_socket("gate.example:1", Deadline(PATIENCE))

    def test_each_address_gets_its_share_of_the_time(
        self, monkeypatch: pytest.MonkeyPatch, server: socket.socket, silent: int
    ) -> None:
        dead = (socket.AF_INET, ("127.0.0.1", silent))
        resolve_to(monkeypatch, dead, dead, (socket.AF_INET, ("127.0.0.1", port_of(server))))
        deadline = Deadline(0.6)
        with open_socket("gate.example:1", deadline) as sock:
            assert sock.getpeername() == server.getsockname()
        assert 0 < deadline.remaining() <= 0.2

    def test_says_that_nobody_answered_in_time(self, silent: int) -> None:
        deadline = Deadline(0.05)
        with pytest.raises(OSError, match=r"^127\.0\.0\.1: no answer in time$"):
            open_socket(f"127.0.0.1:{silent}", deadline)
        assert -0.5 < deadline.remaining() <= 0

    def test_can_be_cancelled(self, silent: int) -> None:
        cancelled = threading.Event()
        cancelled.set()
        deadline = Deadline(PATIENCE)
        with pytest.raises(OSError, match="closed by this side"):
            sockets.open_socket(f"127.0.0.1:{silent}", deadline, cancelled)
        assert deadline.remaining() > PATIENCE - 1

    def test_no_time_left(self, server: socket.socket) -> None:
        with pytest.raises(OSError, match="no time left"):
            open_socket(f"127.0.0.1:{port_of(server)}", Deadline(0))

    def test_a_socket_that_met_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Linux may give a connecting socket the very port it connects to: nobody listens there."""

        connect_ex = socket.socket.connect_ex

        def connect(sock: socket.socket, address: Any) -> int:
            sock.bind(("127.0.0.1", 0))
            return connect_ex(sock, sock.getsockname())

        connect_with(monkeypatch, connect)
        with pytest.raises(OSError, match="met itself"):
            open_socket("127.0.0.1:1", Deadline(PATIENCE))

    def test_closes_the_socket_when_interrupted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[socket.socket] = []

        def connect(sock: socket.socket, address: Any) -> int:
            seen.append(sock)
            raise KeyboardInterrupt

        connect_with(monkeypatch, connect)
        with pytest.raises(KeyboardInterrupt):
            open_socket("127.0.0.1:1", Deadline(PATIENCE))
        assert seen[0].fileno() == -1

    @pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example", "gate.invalid"])
    def test_a_name_that_cannot_be_resolved(self, host: str) -> None:
        with pytest.raises(OSError):
            open_socket(f"{host}:1", Deadline(PATIENCE))


class TestWaitForSocket:
    @pytest.fixture(params=["poll", "select"])
    def pair(
        self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[tuple[socket.socket, socket.socket]]:
        if request.param == "select":
            monkeypatch.delattr("select.poll", raising=False)
        here, there = socket.socketpair()
        with closing(here), closing(there):
            yield here, there

    def test_room_to_write(self, pair: tuple[socket.socket, socket.socket]) -> None:
        assert wait_for_socket(pair[0], PATIENCE, read=True, write=True) == (False, True)

    def test_bytes_to_read(self, pair: tuple[socket.socket, socket.socket]) -> None:
        pair[1].send(b"x")
        assert wait_for_socket(pair[0], PATIENCE, read=True) == (True, False)

    def test_nothing_in_time(self, pair: tuple[socket.socket, socket.socket]) -> None:
        assert wait_for_socket(pair[0], 0.001, read=True) == (False, False)
        assert wait_for_socket(pair[0], -1.0, read=True) == (False, False)

    def test_the_end_can_be_read(self, pair: tuple[socket.socket, socket.socket]) -> None:
        pair[1].close()
        readable, _ = wait_for_socket(pair[0], PATIENCE, read=True, write=True)
        assert readable
        assert pair[0].recv(1) == b""


def test_a_plain_name_needs_no_module_that_a_fork_could_break() -> None:
    """A child that is forked while another thread imports a module can never import it."""
    script = """
        import sys
        from contextlib import suppress
        from rtm_sdk.deadline import Deadline
        from rtm_sdk.sockets import open_socket

        before = set(sys.modules)
        with suppress(OSError):
            open_socket("localhost:1", Deadline(1))
        print(sorted(set(sys.modules) - before))
    """
    done = run_script(script)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
