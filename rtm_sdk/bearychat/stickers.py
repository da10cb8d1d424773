"""Operations on stickers.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers
from .requests import get
from .resources import StickerPack

__all__ = ["Stickers"]


class Stickers:
    """The stickers of the token's user."""

    @operation
    def list_stickers(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[list[StickerPack]]:
        """Read the sticker packs of the token's user; there are no pages.

        Returns:
            The packs.

        API: sticker.list.
        """
        response = yield get("sticker.list")
        return answers.array(response, StickerPack)
