"""All operations of Google Chat. What they take and return in both styles is said by `operations.pyi`."""

from __future__ import annotations

from .attachments import Attachments
from .availability import Availability
from .custom_emoji import CustomEmoji
from .events import Events
from .media import Media
from .members import Members
from .messages import Messages
from .notifications import Notifications
from .pins import Pins
from .reactions import Reactions
from .read_state import ReadState
from .sections import Sections
from .spaces import Spaces

__all__ = ["Operations"]


class Operations(
    Messages,
    Attachments,
    Media,
    Reactions,
    Spaces,
    Members,
    Pins,
    Events,
    ReadState,
    Notifications,
    CustomEmoji,
    Sections,
    Availability,
):
    """One mixin for each domain."""
