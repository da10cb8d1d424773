"""Opening sockets and waiting for them."""

from __future__ import annotations

import select
import socket
from contextlib import suppress

from ..deadline import Deadline
from .endpoint import parse_endpoint

__all__ = ["open_socket", "wait_for_socket"]

_KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}


def open_socket(endpoint: str, deadline: Deadline) -> socket.socket:
    """Connect to `host:port`: resolve the name now, and try each address, IPv4 and IPv6, until one answers.

    Args:
        endpoint: `host:port`, an IPv6 literal in brackets.
        deadline: for all addresses together; each gets its share of what is left.

    Returns:
        The connected socket, with TCP_NODELAY and TCP keepalive.

    Raises:
        OSError: no address answered; the text names each address and its error.
    """
    host, port = parse_endpoint(endpoint)
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    errors: list[str] = []
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        share = deadline.remaining() / (len(addresses) - number)
        if share <= 0:
            errors.append("no time left for the other addresses")
            break
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(share)
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for name, value in _KEEPALIVE.items():
                if hasattr(socket, name):
                    with suppress(OSError):
                        sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
            if sock.getsockname() == sock.getpeername():
                raise ConnectionRefusedError("the socket met itself: nobody listens there")
            return sock
        except OSError as error:
            sock.close()
            reason = "no answer in time" if isinstance(error, TimeoutError) else error.strerror or str(error)
            errors.append(f"{address[0]}: {reason}")
        except BaseException:
            sock.close()
            raise
    raise OSError("; ".join(errors))


def wait_for_socket(sock: socket.socket, seconds: float, *, read: bool = False, write: bool = False) -> tuple[bool, bool]:
    """Wait until a socket is ready.

    Args:
        sock: the socket.
        seconds: how long to wait at most.
        read: wait for bytes to read.
        write: wait for room to write.

    Returns:
        Whether it may be read and whether it may be written; an error of the socket shows as both.
    """
    seconds = max(0.0, seconds)
    if not hasattr(select, "poll"):
        readable, writable, _ = select.select([sock] if read else [], [sock] if write else [], [], seconds)
        return bool(readable), bool(writable)
    poll = select.poll()
    poll.register(sock, (select.POLLIN if read else 0) | (select.POLLOUT if write else 0))
    events = 0
    for _, events in poll.poll(seconds * 1000):
        pass
    trouble = events & ~(select.POLLIN | select.POLLOUT)
    return read and bool(events & select.POLLIN or trouble), write and bool(events & select.POLLOUT or trouble)
