"""Operations on the tokens with which end users log in.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest

__all__ = ["Tokens"]


class Tokens:
    """Let end users in, and keep them out."""

    @operation
    def get_token(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[str]:
        """Get the token that an end user needs to log in from a client SDK.

        Args:
            uid: the user.

        Returns:
            The token, a secret.

        Errors:
            200001 when the uid cannot be used.

        Wire: gettoken.
        """
        answer = yield Quest("gettoken", {"uid": arguments.int64("uid", uid)}, repeatable=True)
        return answers.text(answer, "token")

    @operation
    def remove_token(self, uid: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Make the token of a user invalid.

        Args:
            uid: the user.

        Wire: removetoken.
        """
        yield Quest("removetoken", {"uid": arguments.int64("uid", uid)}, repeatable=True)
