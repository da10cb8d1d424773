"""What hangs on messages and spaces, and goes with them."""

from __future__ import annotations

from collections.abc import Iterable

from ..store import Store

__all__ = ["TABLES", "forget", "forget_space"]

TABLES = """
CREATE TABLE IF NOT EXISTS google_reactions (
    place INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, message TEXT NOT NULL, id TEXT NOT NULL,
    user TEXT NOT NULL, unicode TEXT NOT NULL, custom TEXT NOT NULL, UNIQUE (message, user, unicode, custom));
CREATE UNIQUE INDEX IF NOT EXISTS google_reaction_by_id ON google_reactions (message, id);
CREATE INDEX IF NOT EXISTS google_reaction_by_space ON google_reactions (space);
CREATE TABLE IF NOT EXISTS google_pins (
    place INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, message TEXT NOT NULL UNIQUE);
CREATE INDEX IF NOT EXISTS google_pin_by_space ON google_pins (space, place);
CREATE TABLE IF NOT EXISTS google_reads (
    user TEXT, space TEXT, us INTEGER NOT NULL, PRIMARY KEY (user, space)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS google_notifications (
    user TEXT, space TEXT, notification TEXT NOT NULL, mute TEXT NOT NULL, PRIMARY KEY (user, space)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS google_section_items (
    user TEXT, space TEXT, section TEXT NOT NULL, PRIMARY KEY (user, space)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS google_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL UNIQUE, space TEXT NOT NULL, type TEXT NOT NULL,
    us INTEGER NOT NULL, resource TEXT NOT NULL, payload TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS google_event_by_time ON google_events (space, us, id);
CREATE TABLE IF NOT EXISTS google_space_requests (
    request_id TEXT PRIMARY KEY, credential TEXT NOT NULL, space TEXT NOT NULL) WITHOUT ROWID;
"""

_OF_SPACES = (
    "google_reactions",
    "google_pins",
    "google_reads",
    "google_notifications",
    "google_section_items",
    "google_events",
    "google_space_requests",
)


def forget(store: Store, messages: Iterable[str]) -> None:
    """Remove the reactions to messages, and their pins.

    Args:
        store: where.
        messages: the names of the messages, ``spaces/{space}/messages/{message}``.
    """
    for message in messages:
        store.execute("DELETE FROM google_reactions WHERE message = ?", (message,))
        store.execute("DELETE FROM google_pins WHERE message = ?", (message,))


def forget_space(store: Store, space: str) -> None:
    """Remove everything that hangs on a space."""
    for table in _OF_SPACES:
        store.execute(f"DELETE FROM {table} WHERE space = ?", (space,))
