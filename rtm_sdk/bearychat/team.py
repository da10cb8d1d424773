"""Operations on the team.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers
from .requests import get
from .resources import Team

__all__ = ["Teams"]


class Teams:
    """The team that the token belongs to."""

    @operation
    def get_team(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[Team]:
        """Read the team.

        Returns:
            The team.

        API: team.info.
        """
        response = yield get("team.info")
        return answers.record(response, Team)
