"""All operations of BearyChat. What they take and return in both styles is said by `operations.pyi`."""

from __future__ import annotations

from .channels import Channels
from .emoji import Emojis
from .files import Files
from .messages import Messages
from .meta import Meta
from .p2p import P2Ps
from .pins import Pins
from .reactions import Reactions
from .rtm import RTM
from .session_channels import SessionChannels
from .stickers import Stickers
from .team import Teams
from .users import Users
from .vchannels import Vchannels

__all__ = ["Operations"]


class Operations(
    Messages,
    Channels,
    SessionChannels,
    P2Ps,
    Vchannels,
    Users,
    Teams,
    Pins,
    Reactions,
    Emojis,
    Stickers,
    Files,
    RTM,
    Meta,
):
    """One mixin for each domain."""
