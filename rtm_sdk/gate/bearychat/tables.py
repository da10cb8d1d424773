"""What BearyChat keeps beside the gate's messages."""

from __future__ import annotations

__all__ = ["TABLES"]

TABLES = """
CREATE TABLE IF NOT EXISTS bearychat_team (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1), resource TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bearychat_users (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, resource TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bearychat_tokens (digest BLOB PRIMARY KEY, uid TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bearychat_vchannels (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, name TEXT, topic TEXT, uid TEXT,
    general INTEGER NOT NULL, private INTEGER NOT NULL, is_active INTEGER NOT NULL,
    latest_ts INTEGER NOT NULL, last_position INTEGER NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS bearychat_channel_by_name ON bearychat_vchannels (name) WHERE type = 'normal';
CREATE TABLE IF NOT EXISTS bearychat_members (
    number INTEGER PRIMARY KEY, vchannel_id TEXT NOT NULL, uid TEXT NOT NULL, UNIQUE (vchannel_id, uid));
CREATE INDEX IF NOT EXISTS bearychat_vchannel_by_member ON bearychat_members (uid);
CREATE TABLE IF NOT EXISTS bearychat_messages (
    id INTEGER PRIMARY KEY, vchannel_id TEXT NOT NULL, position INTEGER NOT NULL, deleted INTEGER NOT NULL,
    message_id TEXT NOT NULL UNIQUE, resource TEXT NOT NULL, UNIQUE (vchannel_id, position));
CREATE TABLE IF NOT EXISTS bearychat_pins (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, message INTEGER NOT NULL UNIQUE, vchannel_id TEXT NOT NULL,
    resource TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS bearychat_pin_by_vchannel ON bearychat_pins (vchannel_id);
CREATE TABLE IF NOT EXISTS bearychat_reactions (
    number INTEGER PRIMARY KEY, message INTEGER NOT NULL, uid TEXT NOT NULL, reaction TEXT NOT NULL,
    resource TEXT NOT NULL, UNIQUE (message, reaction, uid));
CREATE TABLE IF NOT EXISTS bearychat_emojis (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, resource TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bearychat_sticker_packs (
    number INTEGER PRIMARY KEY, pack TEXT NOT NULL UNIQUE, resource TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bearychat_files (
    file_key TEXT PRIMARY KEY, name TEXT NOT NULL, filename TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bearychat_webhooks (
    digest BLOB PRIMARY KEY, robot_id TEXT NOT NULL, uid TEXT NOT NULL, vchannel_id TEXT NOT NULL) WITHOUT ROWID;
"""
