"""Operations on discussion groups.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .requests import get, post
from .resources import Channel, SessionChannel

__all__ = ["SessionChannels"]


class SessionChannels:
    """Ad-hoc conversations of some users, which the API calls session channels."""

    @operation
    def get_session_channel(
        self, session_channel_id: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[SessionChannel]:
        """Read a discussion group.

        Args:
            session_channel_id: the discussion group.

        Returns:
            The discussion group.

        API: session_channel.info.
        """
        response = yield get("session_channel.info", arguments.ids(session_channel_id=session_channel_id))
        return answers.record(response, SessionChannel)

    @operation
    def list_session_channels(
        self, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[list[SessionChannel]]:
        """Read the discussion groups that the token's user is in; there are no pages.

        Returns:
            The discussion groups.

        API: session_channel.list.
        """
        response = yield get("session_channel.list")
        return answers.array(response, SessionChannel)

    @operation
    def create_session_channel(
        self, member_uids: Iterable[str], name: str | None = None, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[SessionChannel]:
        """Make a discussion group.

        Args:
            member_uids: the users in it.
            name: 2 to 20 characters, a Chinese one counts as 2; letters, digits, `_`, `-` and `.`; None is no name.

        Returns:
            The discussion group.

        API: session_channel.create.
        """
        body = {
            **arguments.optional("name", name, arguments.filled),
            "member_uids": arguments.identifiers("member_uids", member_uids),
        }
        response = yield post("session_channel.create", body)
        return answers.record(response, SessionChannel)

    @operation
    def archive_session_channel(
        self, session_channel_id: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[SessionChannel]:
        """Close a discussion group.

        Args:
            session_channel_id: the discussion group.

        Returns:
            The discussion group with `is_active` False.

        API: session_channel.archive.
        """
        response = yield post(
            "session_channel.archive", arguments.ids(session_channel_id=session_channel_id), repeatable=True
        )
        return answers.record(response, SessionChannel)

    @operation
    def convert_session_channel(
        self,
        session_channel_id: str,
        name: str,
        private: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Channel]:
        """Make a channel of a discussion group.

        Args:
            session_channel_id: the discussion group.
            name: 2 to 20 characters, a Chinese one counts as 2; letters, digits, `_`, `-` and `.`.
            private: whether only members see it; None is the service's default, True.

        Returns:
            The channel.

        API: session_channel.convert_to_channel.
        """
        body = {
            **arguments.ids(session_channel_id=session_channel_id),
            "name": arguments.filled("name", name),
            **arguments.optional("private", private, arguments.flag),
        }
        response = yield post("session_channel.convert_to_channel", body)
        return answers.record(response, Channel)

    @operation
    def leave_session_channel(
        self, session_channel_id: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Leave a discussion group.

        Args:
            session_channel_id: the discussion group.

        API: session_channel.leave.
        """
        response = yield post("session_channel.leave", arguments.ids(session_channel_id=session_channel_id))
        answers.done(response)

    @operation
    def invite_to_session_channel(
        self, session_channel_id: str, invite_uid: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Put a user into a discussion group.

        Args:
            session_channel_id: the discussion group.
            invite_uid: the user to add.

        API: session_channel.invite.
        """
        response = yield post(
            "session_channel.invite", arguments.ids(session_channel_id=session_channel_id, invite_uid=invite_uid)
        )
        answers.done(response)

    @operation
    def kick_from_session_channel(
        self, session_channel_id: str, kick_uid: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take a user out of a discussion group.

        Args:
            session_channel_id: the discussion group.
            kick_uid: the user to remove.

        API: session_channel.kick.
        """
        response = yield post(
            "session_channel.kick", arguments.ids(session_channel_id=session_channel_id, kick_uid=kick_uid)
        )
        answers.done(response)

    @operation
    def kickout_from_session_channel(
        self, session_channel_id: str, kick_uid: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take a user out of a discussion group: another name of `kick_from_session_channel`.

        Args:
            session_channel_id: the discussion group.
            kick_uid: the user to remove.

        API: session_channel.kickout.
        """
        response = yield post(
            "session_channel.kickout", arguments.ids(session_channel_id=session_channel_id, kick_uid=kick_uid)
        )
        answers.done(response)
