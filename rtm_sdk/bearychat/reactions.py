"""Operations on reactions.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .requests import delete, post
from .resources import Reaction

__all__ = ["Reactions"]


class Reactions:
    """Emoji that users put to messages."""

    @operation
    def create_reaction(
        self, vchannel_id: str, key: str, reaction: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[Reaction]:
        """React to a message.

        Args:
            vchannel_id: the conversation.
            key: the message's key.
            reaction: the name of an emoji between colons, such as `:smile:`.

        Returns:
            The reaction.

        API: reaction.create.
        """
        response = yield post("reaction.create", _reaction(vchannel_id, key, reaction))
        return answers.record(response, Reaction)

    @operation
    def delete_reaction(
        self, vchannel_id: str, key: str, reaction: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take a reaction back.

        Args:
            vchannel_id: the conversation.
            key: the message's key.
            reaction: the name of an emoji between colons, such as `:smile:`.

        API: reaction.delete.
        """
        response = yield delete("reaction.delete", _reaction(vchannel_id, key, reaction))
        answers.done(response)


def _reaction(vchannel_id: str, key: str, reaction: str) -> dict[str, str]:
    return {
        **arguments.ids(vchannel_id=vchannel_id),
        "key": arguments.key("key", key),
        "reaction": arguments.filled("reaction", reaction),
    }
