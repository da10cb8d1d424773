"""The operation on attachments of messages. Their content is up- and downloaded in `media.py`.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .resources import Attachment
from .steps import ask

__all__ = ["Attachments"]


class Attachments:
    """Read what is known of a file."""

    @operation
    def get_attachment(
        self, name: str, *, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[Attachment]:
        """Read what is known of an attachment; `download_media` reads its content.

        Args:
            name: spaces/{space}/messages/{message}/attachments/{attachment}.

        Returns:
            The attachment.

        Errors:
            NOT_FOUND when there is none.

        Wire: spaces.messages.attachments.get.
        """
        return ask("GET", arguments.name("name", name, arguments.ATTACHMENT))
