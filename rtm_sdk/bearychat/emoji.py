"""Operations on emoji.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers
from .requests import get
from .resources import Emoji

__all__ = ["Emojis"]


class Emojis:
    """The emoji of the team."""

    @operation
    def list_emojis(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[list[Emoji]]:
        """Read the emoji of the team; there are no pages.

        Returns:
            The emoji.

        API: emoji.list.
        """
        response = yield get("emoji.list")
        return answers.array(response, Emoji)
