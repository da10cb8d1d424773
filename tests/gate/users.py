"""End users who are logged in to the gate under test, and what they are told."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest

from rtm_sdk.errors import RTMException
from rtm_sdk.gate import Gate
from rtm_sdk.gate.enduser.client import Push, UserClient

from .raw_client import RawClient

_marks = count(1)
_MARKER = 2**40


class LogIn:
    """Called with a user, it logs him in on a new connection, which is closed after the test."""

    def __init__(self, gate: Gate, client: RawClient, exits: ExitStack) -> None:
        self._gate = gate
        self._client = client
        self._exits = exits

    def __call__(self, uid: int, **options: Any) -> UserClient:
        user = self.connect(uid, **options)
        assert user.login(self._client.call("gettoken", uid=uid)["token"]) is True
        return user

    def connect(self, uid: int, **options: Any) -> UserClient:
        """A connection on which nobody is logged in yet."""
        return self._exits.enter_context(UserClient(self._gate.endpoint, self._gate.pid, uid, **options))


def code(user: UserClient, method: str, **params: Any) -> int:
    """The error code of a quest, 0 for success; a keyword of Python gets a trailing underscore."""
    try:
        call(user, method, **params)
    except RTMException as failure:
        return int(failure.error_code)
    return 0


def call(user: UserClient, method: str, **params: Any) -> dict[str, Any]:
    """The answer to a quest; a keyword of Python gets a trailing underscore."""
    return user.call(method, {name.rstrip("_"): value for name, value in params.items()})


def told(user: UserClient, client: RawClient) -> list[Push]:
    """What a user was told so far; a message marks the end of it."""
    mark = next(_marks)
    client.call("sendmsg", from_=_MARKER, to=user.uid, mtype=127, mid=mark, msg="", attrs="")
    pushes = []
    while (push := user.pushed()).params.get("from") != _MARKER:
        pushes.append(push)
    assert push.params["mid"] == mark
    return pushes


def closed(user: UserClient) -> None:
    """The gate closes the connection."""
    assert user.wait_closed()
    with pytest.raises(RTMException):
        while True:
            user.pushed()
