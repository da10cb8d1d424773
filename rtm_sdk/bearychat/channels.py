"""Operations on channels.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .requests import get, post
from .resources import Channel

__all__ = ["Channels"]


class Channels:
    """Conversations of the team, open or private."""

    @operation
    def get_channel(self, channel_id: str, callback: CallbackArgument = None, timeout: float = 0) -> Operation[Channel]:
        """Read a channel.

        Args:
            channel_id: the channel.

        Returns:
            The channel.

        API: channel.info.
        """
        response = yield get("channel.info", arguments.ids(channel_id=channel_id))
        return answers.record(response, Channel)

    @operation
    def list_channels(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[list[Channel]]:
        """Read all channels of the team that the token can see; there are no pages.

        Returns:
            The channels.

        API: channel.list.
        """
        response = yield get("channel.list")
        return answers.array(response, Channel)

    @operation
    def create_channel(
        self,
        name: str,
        topic: str | None = None,
        private: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Channel]:
        """Make a channel.

        Args:
            name: 2 to 20 characters, a Chinese one counts as 2; letters, digits, `_`, `-` and `.`.
            topic: what it is about.
            private: whether only members see it; None is the service's default, False.

        Returns:
            The channel.

        API: channel.create.
        """
        body = {
            "name": arguments.filled("name", name),
            **arguments.optional("topic", topic, arguments.text),
            **arguments.optional("private", private, arguments.flag),
        }
        response = yield post("channel.create", body)
        return answers.record(response, Channel)

    @operation
    def archive_channel(
        self, channel_id: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[Channel]:
        """Close a channel.

        Args:
            channel_id: the channel.

        Returns:
            The channel with `is_active` False.

        API: channel.archive.
        """
        response = yield post("channel.archive", arguments.ids(channel_id=channel_id), repeatable=True)
        return answers.record(response, Channel)

    @operation
    def unarchive_channel(
        self, channel_id: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[Channel]:
        """Open a closed channel again.

        Args:
            channel_id: the channel.

        Returns:
            The channel with `is_active` True.

        API: channel.unarchive.
        """
        response = yield post("channel.unarchive", arguments.ids(channel_id=channel_id), repeatable=True)
        return answers.record(response, Channel)

    @operation
    def leave_channel(self, channel_id: str, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Leave a channel.

        Args:
            channel_id: the channel.

        API: channel.leave.
        """
        response = yield post("channel.leave", arguments.ids(channel_id=channel_id))
        answers.done(response)

    @operation
    def join_channel(
        self, channel_id: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[Channel]:
        """Become a member of a channel.

        Args:
            channel_id: the channel.

        Returns:
            The channel.

        API: channel.join.
        """
        response = yield post("channel.join", arguments.ids(channel_id=channel_id), repeatable=True)
        return answers.record(response, Channel)

    @operation
    def invite_to_channel(
        self, channel_id: str, invite_uid: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Put a user into a channel.

        Args:
            channel_id: the channel.
            invite_uid: the user to add.

        API: channel.invite.
        """
        response = yield post("channel.invite", arguments.ids(channel_id=channel_id, invite_uid=invite_uid))
        answers.done(response)

    @operation
    def kick_from_channel(
        self, channel_id: str, kick_uid: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take a user out of a channel.

        Args:
            channel_id: the channel.
            kick_uid: the user to remove.

        API: channel.kick.
        """
        response = yield post("channel.kick", arguments.ids(channel_id=channel_id, kick_uid=kick_uid))
        answers.done(response)

    @operation
    def kickout_from_channel(
        self, channel_id: str, kick_uid: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Take a user out of a channel: another name of `kick_from_channel`.

        Args:
            channel_id: the channel.
            kick_uid: the user to remove.

        API: channel.kickout.
        """
        response = yield post("channel.kickout", arguments.ids(channel_id=channel_id, kick_uid=kick_uid))
        answers.done(response)
