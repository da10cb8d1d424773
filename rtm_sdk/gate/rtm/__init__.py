"""What the gate answers to RTM quests. Each domain is a file; importing it registers its methods."""

from . import files, groups, history, messages, rooms, tokens

__all__ = ["files", "groups", "history", "messages", "rooms", "tokens"]
