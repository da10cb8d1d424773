"""The end users who are logged in."""

from __future__ import annotations

from typing import Protocol

from .methods import Call

__all__ = ["Login", "OnlineUsers", "kick_out"]


class Login(Protocol):
    """One login of a user: the connection it came over."""

    def kick_out(self) -> None:
        """Tell the user, then close the connection. On the gate's thread."""


class OnlineUsers:
    """The logins of every user, in the order in which they came. Used by the gate's thread alone."""

    def __init__(self) -> None:
        self._logins: dict[tuple[int, int], list[Login]] = {}

    def add(self, pid: int, user: int, login: Login) -> None:
        """A user has logged in."""
        self._logins.setdefault((pid, user), []).append(login)

    def remove(self, pid: int, user: int, login: Login) -> None:
        """A login has ended; one that is not known is passed over."""
        logins = self._logins.get((pid, user), [])
        if login in logins:
            logins.remove(login)
            if not logins:
                del self._logins[pid, user]

    def of(self, pid: int, user: int) -> tuple[Login, ...]:
        """The logins of a user; none when the user is off line."""
        return tuple(self._logins.get((pid, user), ()))


def kick_out(call: Call, user: int) -> None:
    """End all logins of a user, when the turn is durable."""
    for login in call.online.of(call.pid, user):
        call.store.after_commit(login.kick_out)
