"""Operations on the data that is kept for users: texts by key.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest

__all__ = ["Data"]


class Data:
    """Each user has a store of texts by key."""

    @operation
    def data_set(
        self, uid: int, key: str, value: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Store a text for a user, in place of what was under the key.

        Args:
            uid: the user.
            key: at most 128 bytes.
            value: at most 65535 bytes.

        Wire: dataset.
        """
        yield Quest("dataset", {**_entry(uid, key), "val": arguments.text("value", value)}, repeatable=True)

    @operation
    def data_get(
        self, uid: int, key: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[str | None]:
        """Get a text that is stored for a user.

        Args:
            uid: the user.
            key: at most 128 bytes.

        Returns:
            The text; None when there is nothing under the key.

        Wire: dataget.
        """
        answer = yield Quest("dataget", _entry(uid, key), repeatable=True)
        return answers.text(answer, "val") if "val" in answer else None

    @operation
    def data_delete(self, uid: int, key: str, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Remove a text that is stored for a user.

        Args:
            uid: the user.
            key: at most 128 bytes.

        Wire: datadel.
        """
        yield Quest("datadel", _entry(uid, key), repeatable=True)


def _entry(uid: int, key: str) -> dict[str, Any]:
    return {**arguments.user(uid), "key": arguments.text("key", key)}
