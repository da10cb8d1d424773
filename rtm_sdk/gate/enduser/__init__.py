"""What the gate answers to end users. Each domain is a file; importing it registers its methods."""

from . import groups, history, login, messages, rooms, unread, users

__all__ = ["groups", "history", "login", "messages", "rooms", "unread", "users"]
