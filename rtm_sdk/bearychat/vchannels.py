"""Operations on conversations of any kind.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from typing import cast

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .requests import get
from .resources import Vchannel

__all__ = ["Vchannels"]


class Vchannels:
    """What channels, discussion groups and conversations of two have in common."""

    @operation
    def get_vchannel(
        self, vchannel_id: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[Vchannel]:
        """Read a conversation of any kind.

        Args:
            vchannel_id: the conversation.

        Returns:
            A channel, a discussion group or a P2P; its `type` is `normal`, `session` or `p2p`.

        API: vchannel.info.
        """
        response = yield get("vchannel.info", arguments.ids(vchannel_id=vchannel_id))
        return cast(Vchannel, answers.record(response, dict))
