"""What the gate answers to RTM quests. Each domain is a file; importing it registers its methods."""

from . import (
    blacklist,
    chat,
    data,
    devices,
    files,
    friends,
    groups,
    history,
    im,
    messages,
    moderation,
    project,
    rooms,
    rtc,
    tokens,
    users,
)

__all__ = [
    "blacklist",
    "chat",
    "data",
    "devices",
    "files",
    "friends",
    "groups",
    "history",
    "im",
    "messages",
    "moderation",
    "project",
    "rooms",
    "rtc",
    "tokens",
    "users",
]
