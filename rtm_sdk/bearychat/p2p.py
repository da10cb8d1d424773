"""Operations on conversations of two users.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .requests import get, post
from .resources import P2P

__all__ = ["P2Ps"]


class P2Ps:
    """Conversations of the token's user with one other."""

    @operation
    def get_p2p(self, p2p_channel_id: str, callback: CallbackArgument = None, timeout: float = 0) -> Operation[P2P]:
        """Read a conversation of two.

        Args:
            p2p_channel_id: the conversation of two users.

        Returns:
            The conversation.

        API: p2p.info.
        """
        response = yield get("p2p.info", arguments.ids(p2p_channel_id=p2p_channel_id))
        return answers.record(response, P2P)

    @operation
    def list_p2ps(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[list[P2P]]:
        """Read all conversations of two that the token's user has; there are no pages.

        Returns:
            The conversations.

        API: p2p.list.
        """
        response = yield get("p2p.list")
        return answers.array(response, P2P)

    @operation
    def create_p2p(self, user_id: str, callback: CallbackArgument = None, timeout: float = 0) -> Operation[P2P]:
        """Open a conversation with a user. If there is one already it comes back.

        Args:
            user_id: the other one.

        Returns:
            The conversation.

        API: p2p.create.
        """
        response = yield post("p2p.create", arguments.ids(user_id=user_id), repeatable=True)
        return answers.record(response, P2P)
