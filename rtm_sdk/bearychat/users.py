"""Operations on users.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .requests import get, patch
from .resources import User

__all__ = ["Users"]


class Users:
    """The members of the team."""

    @operation
    def get_user(self, user_id: str, callback: CallbackArgument = None, timeout: float = 0) -> Operation[User]:
        """Read a user.

        Args:
            user_id: the user.

        Returns:
            The user.

        API: user.info.
        """
        response = yield get("user.info", arguments.ids(user_id=user_id))
        return answers.record(response, User)

    @operation
    def list_users(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[list[User]]:
        """Read all users of the team; there are no pages.

        Returns:
            The users.

        API: user.list.
        """
        response = yield get("user.list")
        return answers.array(response, User)

    @operation
    def get_me(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[User]:
        """Read the user behind the token, usually one of the type `hubot`.

        Returns:
            The user.

        API: user.me.
        """
        response = yield get("user.me")
        return answers.record(response, User)

    @operation
    def update_me(
        self,
        name: str | None = None,
        full_name: str | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[User]:
        """Change the user behind the token.

        Args:
            name: the handle in mentions; None leaves it as it is.
            full_name: what is shown; None leaves it as it is.

        Returns:
            The user as it is then.

        API: user.update_me.
        """
        body = {
            **arguments.optional("name", name, arguments.filled),
            **arguments.optional("full_name", full_name, arguments.text),
        }
        response = yield patch("user.update_me", body)
        return answers.record(response, User)
