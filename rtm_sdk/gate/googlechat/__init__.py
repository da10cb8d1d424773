"""What the gate answers to calls of the Google Chat API. Each domain is a file; importing it registers its methods."""

from . import (
    availability,
    custom_emoji,
    events,
    media,
    members,
    messages,
    notifications,
    pins,
    reactions,
    read_state,
    search,
    sections,
    spaces,
)

__all__ = [
    "availability",
    "custom_emoji",
    "events",
    "media",
    "members",
    "messages",
    "notifications",
    "pins",
    "reactions",
    "read_state",
    "search",
    "sections",
    "spaces",
]
