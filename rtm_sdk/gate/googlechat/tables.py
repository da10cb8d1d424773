"""The tables of the Google Chat door, but for those of messages, files and credentials."""

from __future__ import annotations

from . import attached, availability, custom_emoji, directory, sections

__all__ = ["TABLES"]

TABLES = directory.TABLES + attached.TABLES + custom_emoji.TABLES + sections.TABLES + availability.TABLES
"""SQL that makes those which are not there."""
