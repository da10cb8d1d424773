"""The addresses a gate listens on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from ..endpoint import parse_endpoint

__all__ = ["Address", "Listener"]

_BACKLOG = 1024
_TURNS_TO_CONNECT = 5


class Address(NamedTuple):
    """Host (an IPv6 address without brackets) and port; prints as an endpoint."""

    host: str
    port: int

    @classmethod
    def parse(cls, endpoint: str) -> Address:
        """Read ``host:port``, ``[ipv6]:port``; port 0 is a free one.

        Raises:
            ValueError: it has another form; the text names the fault.
        """
        if isinstance(endpoint, str) and endpoint.endswith(":0"):
            return cls(parse_endpoint(endpoint[:-1] + "1")[0], 0)
        return cls(*parse_endpoint(endpoint))

    @classmethod
    def of(cls, sock: socket.socket) -> Address:
        """Where a socket is bound."""
        return cls(*sock.getsockname()[:2])

    @property
    def is_wildcard(self) -> bool:
        """Whether it stands for all addresses of the machine."""
        return self.host in ("0.0.0.0", "::")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("::1", "localhost") or self.host.startswith("127.")

    def listen(self) -> socket.socket:
        """Open a listening socket.

        Raises:
            OSError: it cannot be opened; the text names the address.
        """
        try:
            family, _, _, _, where = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            return socket.create_server(where[:2], family=family, backlog=_BACKLOG)
        except OSError as fault:
            raise OSError(fault.errno, f"cannot listen on {self}: {fault.strerror}") from None

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Listener:
    """A listening socket whose clients get a protocol each. Made by `open`.

    Attributes:
        address: where it listens.
    """

    def __init__(self, sock: socket.socket, server: asyncio.Server) -> None:
        self.address = Address.of(sock)
        self._descriptor = sock.fileno()
        self._server = server

    @classmethod
    async def open(cls, address: Address, protocol: Callable[[], asyncio.BaseProtocol]) -> Listener:
        """Listen.

        Args:
            address: where; port 0 is a free one.
            protocol: makes the protocol of a client.

        Raises:
            OSError: it cannot listen there; the text names the address.
        """
        sock = address.listen()
        try:
            return cls(sock, await asyncio.get_running_loop().create_server(protocol, sock=sock))
        except BaseException:
            sock.close()
            raise

    async def close(self) -> None:
        """Accept nobody any more. Afterwards the protocols of all who were accepted know their transports.

        asyncio makes the transport a few turns of the loop after it accepted a client, and fails when the server is
        closed in between; the client's socket would stay open.
        """
        with suppress(NotImplementedError):
            asyncio.get_running_loop().remove_reader(self._descriptor)
        for _ in range(_TURNS_TO_CONNECT):
            await asyncio.sleep(0)
        self._server.close()
