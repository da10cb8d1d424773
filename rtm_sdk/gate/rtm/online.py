"""The end users who are logged in."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from .methods import Call

if TYPE_CHECKING:
    from ..connection import Connection

__all__ = ["Login", "OnlineUsers", "kick_out"]


class Login(NamedTuple):
    """Who is logged in on a connection."""

    pid: int
    user: int


class OnlineUsers:
    """The connections of every user, in the order in which they logged in. Used by the gate's thread alone."""

    def __init__(self) -> None:
        self._projects: dict[int, dict[int, list[Connection]]] = {}

    def add(self, pid: int, user: int, connection: Connection) -> None:
        """A user has logged in."""
        self._projects.setdefault(pid, {}).setdefault(user, []).append(connection)

    def remove(self, pid: int, user: int, connection: Connection) -> None:
        """A login has ended; one that is not known is passed over."""
        users = self._projects.get(pid, {})
        connections = users.get(user, [])
        if connection in connections:
            connections.remove(connection)
            if not connections:
                del users[user]

    def of(self, pid: int, user: int) -> tuple[Connection, ...]:
        """The connections of a user; none when the user is offline."""
        return tuple(self._projects.get(pid, {}).get(user, ()))

    def users(self, pid: int) -> Collection[int]:
        """Who is logged in to a project."""
        return self._projects.get(pid, {}).keys()


def kick_out(call: Call, user: int) -> None:
    """End all logins of a user, when the turn is durable."""
    for connection in call.online.of(call.pid, user):
        call.store.after_commit(connection.kick_out)
