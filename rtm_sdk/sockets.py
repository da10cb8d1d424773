"""Opening sockets and waiting for them."""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import sys
import threading
from contextlib import suppress
from typing import Any

from .deadline import Deadline
from .endpoint import parse_endpoint

__all__ = ["LONGEST_WAIT", "open_socket", "set_patience", "split_socket", "wait_for_socket"]

LONGEST_WAIT = 0.1
"""Seconds after which a wait looks whether it was cancelled."""

_KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}


def open_socket(endpoint: str, deadline: Deadline, cancelled: threading.Event | None = None) -> socket.socket:
    """Connect to `host:port`: resolve the name now, and try each address, IPv4 and IPv6, until one answers.

    Args:
        endpoint: `host:port`, an IPv6 literal in brackets.
        deadline: for all addresses together; each gets its share of what is left.
        cancelled: set by another thread, it ends the attempt.

    Returns:
        The connected socket, with TCP_NODELAY and TCP keepalive.

    Raises:
        OSError: no address answered; the text names each address and its error.
    """
    host, port = parse_endpoint(endpoint)
    # As bytes, a name needs no module of Python: a fork while one is imported would leave the child unable to do so.
    name = host.encode() if host.isascii() else host
    try:
        addresses = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is empty or too long
        raise OSError(f"{host!r} is not a host name: {error}") from None
    errors: list[str] = []
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        share = deadline.remaining() / (len(addresses) - number)
        if share <= 0:
            errors.append("no time left for the other addresses")
            break
        try:
            sock = socket.socket(family, kind, protocol)
        except OSError as error:  # a machine without IPv6
            errors.append(f"{address[0]}: {error.strerror or error}")
            continue
        try:
            _connect(sock, address, Deadline(share), cancelled)
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
            reason = error.strerror or str(error)
            errors.append(f"{address[0]}: {reason}")
        except BaseException:
            sock.close()
            raise
    raise OSError("; ".join(errors))


def _connect(sock: socket.socket, address: Any, deadline: Deadline, cancelled: threading.Event | None) -> None:
    sock.setblocking(False)
    code = sock.connect_ex(address)
    if code in (errno.EINPROGRESS, errno.EWOULDBLOCK):
        while not any(wait_for_socket(sock, min(LONGEST_WAIT, deadline.remaining()), write=True)):
            if cancelled is not None and cancelled.is_set():
                raise OSError("the connection was closed by this side")
            if deadline.expired:
                raise OSError("no answer in time")
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def _kernel_waits(sock: socket.socket) -> bool:
    """True when `recv` can leave the waiting to the kernel, which saves asking for readiness; not under gevent."""
    return sys.platform == "linux" and type(sock).__module__ == "socket"


def split_socket(sock: socket.socket) -> tuple[socket.socket, int]:
    """Prepare a socket that one thread reads, patiently, while others write without waiting.

    Returns:
        The socket to write to, and the flags for `send` and `recv` that must not wait.
    """
    if _kernel_waits(sock):
        sock.setblocking(True)
        return sock, socket.MSG_DONTWAIT
    sender = sock.dup()  # with a timeout of its own: it never waits
    sender.setblocking(False)
    return sender, 0


def set_patience(sock: socket.socket, seconds: float) -> None:
    """Let `recv` wait so long for bytes; then it raises `TimeoutError` or `BlockingIOError`."""
    if _kernel_waits(sock):
        whole, micros = divmod(max(1, int(seconds * 1_000_000)), 1_000_000)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", whole, micros))
    else:
        sock.settimeout(seconds)


def wait_for_socket(
    sock: socket.socket, seconds: float, *, read: bool = False, write: bool = False
) -> tuple[bool, bool]:
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
        readable, writable, failed = select.select([sock] if read else [], [sock] if write else [], [sock], seconds)
        return read and bool(readable or failed), write and bool(writable or failed)
    poll = select.poll()
    poll.register(sock, (select.POLLIN if read else 0) | (select.POLLOUT if write else 0))
    ready = poll.poll(seconds * 1000)
    events = ready[0][1] if ready else 0
    trouble = events & ~(select.POLLIN | select.POLLOUT)
    return read and bool(events & select.POLLIN or trouble), write and bool(events & select.POLLOUT or trouble)
