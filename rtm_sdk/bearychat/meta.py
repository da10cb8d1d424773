"""Operations on the API itself.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers
from .requests import get
from .resources import MetaInfo

__all__ = ["Meta"]


class Meta:
    """What the API says of itself."""

    @operation
    def get_meta(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[MetaInfo]:
        """Ask for the version of the API. It is answered without a token as well.

        Returns:
            The object with `version`.

        API: meta.
        """
        response = yield get("meta", authorized=False)
        return answers.record(response, MetaInfo)
