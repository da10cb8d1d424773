"""All operations of the RTM service. What they take and return in both styles is said by `operations.pyi`."""

from __future__ import annotations

from .blacklist import Blacklist
from .chat import Chat
from .data import Data
from .devices import Devices
from .files import Files
from .friends import Friends
from .groups import Groups
from .history import History
from .im import IM
from .listening import Listening
from .messages import Messages
from .moderation import Moderation
from .project import Project
from .rooms import Rooms
from .rtc import RTC
from .tokens import Tokens
from .users import Users

__all__ = ["Operations"]


class Operations(
    Messages,
    History,
    Files,
    Rooms,
    Groups,
    Tokens,
    Users,
    Project,
    Friends,
    Blacklist,
    Devices,
    Data,
    RTC,
    IM,
    Moderation,
    Chat,
    Listening,
):
    """One mixin for each domain."""
