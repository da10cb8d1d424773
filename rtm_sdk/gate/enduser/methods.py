"""The table of what end users ask: the names are often those of the server gate, the parameters are others."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..rtm.methods import H, Handler

__all__ = ["USER_METHODS", "UserMethod", "user_method"]


class UserMethod(NamedTuple):
    """A method for end users.

    Attributes:
        handler: answers it. After the login ``call.user`` is the user, and so is the parameter ``uid``.
        public: whether it is answered before the login as well; the call has no project and user then.
    """

    handler: Handler
    public: bool


USER_METHODS: dict[str, UserMethod] = {}


def user_method(name: str, *, public: bool = False) -> Callable[[H], H]:
    """Register the handler of a quest.

    Args:
        name: the wire name.
        public: whether it needs no login.
    """

    def register(handler: H) -> H:
        if name in USER_METHODS:
            raise ValueError(f"two handlers for {name}")
        USER_METHODS[name] = UserMethod(handler, public)
        return handler

    return register
