"""What a gate keeps: one SQLite database, in memory or in a file, used by the gate's thread alone.

A turn of the gate is one transaction (`begin`, `commit`), a quest is a savepoint in it. A file is opened for one gate
only, in WAL mode. What is committed survives ``kill -9`` of the gate; against a power cut SQLite's own promise for
``synchronous=NORMAL`` holds: the file stays sound, the last turns may be missing.

Membership of rooms and RTC rooms is held for as long as the gate runs, as the rooms of the service lose their users
when those go offline. Everything else stays in the store.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Collection
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, overload

from .clock import Clock

__all__ = ["MAX_INT64", "MessageKind", "Store", "StoredFile", "StoredMessage", "Text", "among", "conversation"]

R = TypeVar("R")

Text = str | bytes
"""A text as it came over the wire; bytes when it is binary or not UTF-8."""

MAX_INT64 = 2**63 - 1

_APPLICATION = 0x52544D47
_VERSION = 1
_OPEN_TIMEOUT = 0.5

_VISIBLE, _DELETED, _NOT_KEPT = 0, 1, 2

_TABLES = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, kind INTEGER NOT NULL,
    sender INTEGER NOT NULL, target INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
    mtype INTEGER NOT NULL, mid INTEGER NOT NULL, msg, attrs,
    mtime INTEGER NOT NULL, state INTEGER NOT NULL, file TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS message_by_mid ON messages (pid, kind, sender, target, mid);
CREATE INDEX IF NOT EXISTS message_by_conversation ON messages (pid, kind, low, high, mtime) WHERE state = 0;
CREATE INDEX IF NOT EXISTS message_by_receiver ON messages (pid, target, sender) WHERE kind = 1 AND state = 0;
CREATE INDEX IF NOT EXISTS message_by_file ON messages (file) WHERE file IS NOT NULL;
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, filename TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS group_members (
    pid INTEGER, gid INTEGER, uid INTEGER, PRIMARY KEY (pid, gid, uid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS group_by_member ON group_members (pid, uid);
CREATE TEMP TABLE IF NOT EXISTS room_members (
    pid INTEGER, rid INTEGER, uid INTEGER, PRIMARY KEY (pid, rid, uid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS temp.room_by_member ON room_members (pid, uid);
CREATE TABLE IF NOT EXISTS infos (
    pid INTEGER, kind INTEGER, xid INTEGER, oinfo, pinfo, PRIMARY KEY (pid, kind, xid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bans (
    pid INTEGER, kind INTEGER, uid INTEGER, xid INTEGER, until INTEGER,
    PRIMARY KEY (pid, kind, uid, xid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tokens (
    pid INTEGER, uid INTEGER, digest BLOB, PRIMARY KEY (pid, uid, digest)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS presence (
    pid INTEGER, uid INTEGER, logout INTEGER, logout_id INTEGER, seen INTEGER, seen_id INTEGER,
    PRIMARY KEY (pid, uid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS missed (
    pid INTEGER, uid INTEGER, kind INTEGER, xid INTEGER, PRIMARY KEY (pid, uid, kind, xid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
    pid INTEGER, uid INTEGER, peer INTEGER, listed INTEGER, mtime INTEGER, PRIMARY KEY (pid, uid, peer)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS friends (
    pid INTEGER, uid INTEGER, friend INTEGER, PRIMARY KEY (pid, uid, friend)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blacks (
    pid INTEGER, uid INTEGER, black INTEGER, PRIMARY KEY (pid, uid, black)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS devices (
    pid INTEGER, uid INTEGER, token, apptype TEXT, PRIMARY KEY (pid, uid, token)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS push_options (
    pid INTEGER, uid INTEGER, type INTEGER, xid INTEGER, mtype INTEGER,
    PRIMARY KEY (pid, uid, type, xid, mtype)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS user_data (
    pid INTEGER, uid INTEGER, key, val, PRIMARY KEY (pid, uid, key)) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS rtc_rooms (
    pid INTEGER, rid INTEGER, type INTEGER, voice_range INTEGER, max_streams INTEGER, microphone INTEGER,
    PRIMARY KEY (pid, rid)) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS rtc_members (
    place INTEGER PRIMARY KEY, pid INTEGER, rid INTEGER, uid INTEGER, administrator INTEGER DEFAULT 0,
    audio INTEGER DEFAULT 1, video INTEGER DEFAULT 1, microphone INTEGER, camera INTEGER DEFAULT 1,
    UNIQUE (pid, rid, uid));
CREATE TABLE IF NOT EXISTS im_infos (
    pid INTEGER, kind INTEGER, xid INTEGER, name TEXT, value, PRIMARY KEY (pid, kind, xid, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS im_apply_grants (
    pid INTEGER, kind INTEGER, xid INTEGER, grant_type INTEGER, digest BLOB,
    PRIMARY KEY (pid, kind, xid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS im_invite_grants (
    pid INTEGER, kind INTEGER, xid INTEGER, invite_type INTEGER, invite_manage_type INTEGER,
    PRIMARY KEY (pid, kind, xid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS im_groups (
    pid INTEGER, gid INTEGER, owner INTEGER, PRIMARY KEY (pid, gid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signing_key (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), key BLOB NOT NULL);
"""

_ADD = """INSERT INTO messages (pid, kind, sender, target, low, high, mtype, mid, msg, attrs, mtime, state, file)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pid, kind, sender, target, mid) DO NOTHING"""
_LAST_MTIME = "SELECT coalesce(max(mtime), 0) FROM (SELECT mtime FROM messages ORDER BY id DESC LIMIT 1)"
_ONE = " WHERE pid = ? AND kind = ? AND sender = ? AND target = ? AND mid = ?"
_CONVERSATION = " WHERE pid = ? AND kind = ? AND low = ? AND high = ? AND state = 0 AND mtime BETWEEN ? AND ?"
_COLUMNS = "SELECT id, pid, kind, sender, target, mtype, mid, msg, attrs, mtime, state = 1 FROM messages"


class MessageKind(IntEnum):
    """The kind of conversation: of RTM, numbered as ``type`` of its message calls, or of another system."""

    P2P = 1
    GROUP = 2
    ROOM = 3
    BROADCAST = 4
    GOOGLE_CHAT = 11
    BEARYCHAT = 12


class StoredMessage(NamedTuple):
    """A message as the gate holds it.

    Attributes:
        id: the row id, the cursor of the history calls.
        pid: the project, 0 for the systems that speak HTTP.
        kind: the kind of conversation.
        from_uid: who sent it; for the systems that speak HTTP the id as text, ``users/...`` in Google Chat.
        to_id: uid, gid or rid of the receiver, 0 for a broadcast; for the systems that speak HTTP the id of the
            conversation as text, ``spaces/...`` in Google Chat.
        mtype: the type of the message, 0 for the systems that speak HTTP.
        mid: the id its sender gave it; a number of the gate for the systems that speak HTTP.
        message: the body; for files the JSON with ``url`` and ``size``.
        attrs: the attributes.
        mtime: when the gate accepted it, ms UTC.
        deleted: whether it was recalled or cleaned away; body and attributes are gone then.
    """

    id: int
    pid: int
    kind: MessageKind
    from_uid: int | str
    to_id: int | str
    mtype: int
    mid: int
    message: Text
    attrs: Text
    mtime: int
    deleted: bool


class StoredFile(NamedTuple):
    """A file that some message points to: its random name on disk and in the URL, and the name to show."""

    name: str
    filename: str


class Store:
    """The database of one gate.

    Args:
        path: the file, None for memory.
        clock: where the times of messages come from.

    Raises:
        RuntimeError: the file is open in another gate.
        ValueError: the file is no store of a gate, or of another version.
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self._clock = clock
        self._after_commit: list[Callable[[], object]] = []
        try:
            self._db = sqlite3.connect(path or ":memory:", timeout=_OPEN_TIMEOUT, isolation_level=None)
        except sqlite3.Error as fault:
            raise OSError(f"cannot open the store {path}: {fault}") from None
        try:
            self._prepare(path)
        except sqlite3.OperationalError as fault:
            self._db.close()
            if "locked" in str(fault):
                raise RuntimeError(f"the store {path} is open in another gate") from None
            raise OSError(f"cannot open the store {path}: {fault}") from None
        except sqlite3.DatabaseError:
            self._db.close()
            raise ValueError(f"{path} is not a store of a gate") from None
        except BaseException:
            self._db.close()
            raise
        self.execute = self._db.execute
        self._key: bytes | None = None
        self._make_key()
        self._last: int = self.execute(_LAST_MTIME).fetchone()[0]

    def _prepare(self, path: Path | None) -> None:
        execute = self._db.execute
        execute("PRAGMA temp_store = MEMORY")
        if path is not None:
            execute("PRAGMA locking_mode = EXCLUSIVE")
            execute("BEGIN EXCLUSIVE")
            (application,) = execute("PRAGMA application_id").fetchone()
            (version,) = execute("PRAGMA user_version").fetchone()
            (tables,) = execute("SELECT count(*) FROM sqlite_master").fetchone()
            execute("COMMIT")
            if application != _APPLICATION and (application or tables):
                raise ValueError(f"{path} is not a store of a gate")
            if application == _APPLICATION and version != _VERSION:
                raise ValueError(f"the store {path} has version {version}, this gate reads version {_VERSION}")
            execute("PRAGMA journal_mode = WAL")
            execute("PRAGMA synchronous = NORMAL")
            execute(f"PRAGMA application_id = {_APPLICATION}")
            execute(f"PRAGMA user_version = {_VERSION}")
        self._db.executescript(_TABLES)

    def create(self, tables: str) -> None:
        """Make tables and indexes, in SQL, that are not there yet. Outside of a turn."""
        self._db.executescript(tables)

    def close(self) -> None:
        """Close the database; what is not committed is lost. A second call does nothing."""
        self._db.close()

    # --- transactions ----------------------------------------------------------------------------------------

    @property
    def in_transaction(self) -> bool:
        """Whether a turn is open. SQLite ends one by itself when the disk is full or fails."""
        return self._db.in_transaction

    def begin(self) -> None:
        """Open a turn."""
        self.execute("BEGIN")

    def commit(self) -> None:
        """Make the turn durable, then do what waited for that.

        Raises:
            sqlite3.Error: it could not be made durable; nothing of it is kept.
        """
        waiting, self._after_commit = self._after_commit, []
        try:
            self.execute("COMMIT")
        except sqlite3.Error:
            if self._db.in_transaction:
                self.execute("ROLLBACK")
            raise
        for action in waiting:
            action()

    def after_commit(self, action: Callable[[], object]) -> None:
        """Do something as soon as this turn is durable, and not at all if it fails."""
        self._after_commit.append(action)

    def attempt(self, work: Callable[..., R], *args: Any) -> R:
        """Run something inside the turn: all its writes happen, or none when it raises."""
        self.execute("SAVEPOINT quest")
        waiting = len(self._after_commit)
        try:
            result = work(*args)
        except BaseException:
            del self._after_commit[waiting:]
            if self._db.in_transaction:
                self.execute("ROLLBACK TO quest")
                self.execute("RELEASE quest")
            raise
        self.execute("RELEASE quest")
        return result

    def turn(self, work: Callable[[], R]) -> R:
        """Run something as a turn of its own, or in the one that is open.

        Raises:
            sqlite3.Error: it could not be made durable.
        """
        if self.in_transaction:
            return self.attempt(work)
        self.begin()
        try:
            result = self.attempt(work)
        finally:
            self.commit()
        return result

    @property
    def key(self) -> bytes:
        """A secret of this store; `reset` makes a new one."""
        if self._key is None:
            self._key = self.execute("SELECT key FROM signing_key").fetchone()[0]
        return self._key

    def reset(self) -> None:
        """Forget everything."""
        self._key = None
        for schema in ("main", "temp"):
            tables = self.execute(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                self.execute(f"DELETE FROM {schema}.{table}")
        self._make_key()

    def _make_key(self) -> None:
        self.execute("INSERT OR IGNORE INTO signing_key VALUES (1, ?)", (secrets.token_bytes(32),))

    # --- messages --------------------------------------------------------------------------------------------

    def now(self) -> int:
        """The time, ms UTC."""
        return self._clock.ms()

    def stamp(self) -> int:
        """The time for a new message, ms UTC: never before that of an earlier one, whatever the clock does."""
        now = self._clock.ms()
        if now > self._last:
            self._last = now
        return self._last

    def add(
        self,
        pid: int,
        kind: int,
        sender: int | str,
        target: int | str,
        mtype: int,
        mid: int,
        msg: Text,
        attrs: Text,
        mtime: int,
        kept: bool,
        file: str | None = None,
    ) -> bool:
        """Add a message, unless its sender used the mid in that conversation before.

        Args:
            pid, kind, sender, target, mtype, mid, msg, attrs: the message.
            mtime: from `stamp`.
            kept: False remembers the mid only.
            file: the name of the file it points to.

        Returns:
            whether it is new.
        """
        low, high = conversation(kind, sender, target)
        if not kept:
            msg = attrs = ""
        state = _VISIBLE if kept else _NOT_KEPT
        row = (pid, kind, sender, target, low, high, mtype, mid, msg, attrs, mtime, state, file)
        return self.execute(_ADD, row).rowcount == 1

    @property
    def last_id(self) -> int:
        """The id of the row that was added last."""
        row_id: int = self.execute("SELECT last_insert_rowid()").fetchone()[0]
        return row_id

    def mtime_of(self, pid: int, kind: int, sender: int, target: int, mid: int) -> int | None:
        """When a message was accepted, also one that is not kept or was deleted; None if there never was one."""
        row = self.execute("SELECT mtime FROM messages" + _ONE, (pid, kind, sender, target, mid)).fetchone()
        return None if row is None else row[0]

    def find(self, pid: int, kind: int, sender: int, target: int, mid: int) -> StoredMessage | None:
        """One message that is visible, None if there is none."""
        row = self.execute(_COLUMNS + _ONE + " AND state = 0", (pid, kind, sender, target, mid)).fetchone()
        return None if row is None else _message(row)

    def edit(self, row_id: int, msg: Text, attrs: Text) -> None:
        """Replace body and attributes of a message."""
        self.execute("UPDATE messages SET msg = ?, attrs = ? WHERE id = ?", (msg, attrs, row_id))

    def page(
        self,
        pid: int,
        kind: int,
        low: int,
        high: int,
        *,
        newest_first: bool,
        limit: int,
        begin: int = 0,
        end: int = 0,
        last_id: int = 0,
        mtypes: Collection[int] = (),
    ) -> list[StoredMessage]:
        """Some visible messages of a conversation in the order of their ids.

        Args:
            pid, kind, low, high: the conversation, see `conversation`.
            newest_first: the direction.
            limit: how many at most.
            begin, end: inclusive bounds of mtime, ms; 0 is none.
            last_id: start behind this id, 0 is at the beginning.
            mtypes: only these types; empty is all.
        """
        end = end or MAX_INT64
        first, last = 0, MAX_INT64
        # Times never run backwards along the ids: the cursor bounds the time as well, so the index finds the place.
        if last_id > 0 and newest_first:
            last = last_id - 1
            row = self.execute("SELECT mtime FROM messages WHERE id >= ? ORDER BY id LIMIT 1", (last_id,)).fetchone()
            end = min(end, row[0]) if row else end
        elif last_id > 0:
            first = last_id + 1 if last_id < MAX_INT64 else MAX_INT64
            row = self.execute(
                "SELECT mtime FROM messages WHERE id <= ? ORDER BY id DESC LIMIT 1", (last_id,)
            ).fetchone()
            begin = max(begin, row[0]) if row else begin
        direction = "DESC" if newest_first else "ASC"
        order = f" ORDER BY mtime {direction}, id {direction} LIMIT ?"
        sql = f"{_COLUMNS}{_CONVERSATION} AND id BETWEEN ? AND ?{among(mtypes)}{order}"
        rows = self.execute(sql, (pid, kind, low, high, begin, end, first, last, *mtypes, limit))
        return [_message(row) for row in rows]

    def count(
        self, pid: int, kind: int, low: int, high: int, begin: int, end: int, mtypes: Collection[int]
    ) -> tuple[int, int]:
        """How many visible messages a conversation has, and how many distinct senders; arguments as in `page`."""
        sql = f"SELECT count(*), count(DISTINCT sender) FROM messages{_CONVERSATION}{among(mtypes)}"
        number, senders = self.execute(sql, (pid, kind, low, high, begin, end or MAX_INT64, *mtypes)).fetchone()
        return number, senders

    def hide(self, pid: int, kind: int, sender: int, target: int, mid: int) -> list[str]:
        """Delete one message, as `_hide`."""
        return self._hide(_ONE, (pid, kind, sender, target, mid))

    def hide_sent(self, pid: int, kind: int, sender: int, target: int) -> list[str]:
        """Delete everything a sender sent to a target, as `_hide`."""
        return self._hide(" WHERE pid = ? AND kind = ? AND sender = ? AND target = ?", (pid, kind, sender, target))

    def hide_row(self, row_id: int) -> list[str]:
        """Delete the message of one row, as `_hide`."""
        return self._hide(" WHERE id = ?", (row_id,))

    def hide_range(self, pid: int, kind: int, low: int, high: int, begin: int, end: int, sender: int) -> list[str]:
        """Delete a time range of a conversation, as `_hide`; of one sender only unless that is 0."""
        where = (pid, kind, low, high, begin, end or MAX_INT64, sender, sender)
        return self._hide(_CONVERSATION + " AND (? = 0 OR sender = ?)", where)

    def hide_kinds(self, pid: int, kinds: Collection[int], sender: int = 0) -> list[str]:
        """Delete everything of some kinds in a project, as `_hide`; of one sender only unless that is 0."""
        where = f" WHERE pid = ? AND kind IN ({','.join('?' * len(kinds))})"
        if sender:
            return self._hide(where + " AND sender = ?", (pid, *kinds, sender))
        return self._hide(where, (pid, *kinds))

    def _hide(self, where: str, args: tuple[int, ...]) -> list[str]:
        """Delete messages. Their mids stay used; the names of files that nothing points to any more come back."""
        found = self.execute(
            f"SELECT DISTINCT file FROM messages{where} AND state != 1 AND file IS NOT NULL", args
        ).fetchall()
        self.execute(f"UPDATE messages SET state = 1, msg = '', attrs = '', file = NULL{where} AND state != 1", args)
        unused = []
        for (name,) in found:
            if self.execute("SELECT 1 FROM messages WHERE file = ? LIMIT 1", (name,)).fetchone() is None:
                self.execute("DELETE FROM files WHERE name = ?", (name,))
                unused.append(name)
        return unused

    def messages(self, **wanted: int | str | bool | None) -> list[StoredMessage]:
        """All kept messages in the order of their ids.

        Args:
            wanted: values of the columns pid, kind, sender, target, mtype, mid; None is any. ``deleted=True`` adds the
                deleted ones.
        """
        states = (_VISIBLE, _DELETED) if wanted.pop("deleted", False) else (_VISIBLE, _VISIBLE)
        given = {column: value for column, value in wanted.items() if value is not None}
        where = "".join(f" AND {column} = ?" for column in given)
        rows = self.execute(f"{_COLUMNS} WHERE state IN (?, ?){where} ORDER BY id", (*states, *given.values()))
        return [_message(row) for row in rows]

    # --- files -----------------------------------------------------------------------------------------------

    def add_file(self, file: StoredFile) -> None:
        """Record a file; the messages that point to it follow in the same turn."""
        self.execute("INSERT INTO files (name, filename) VALUES (?, ?)", file)

    def file(self, name: str) -> StoredFile | None:
        """The record of a file, None if there is none."""
        row = self.execute("SELECT name, filename FROM files WHERE name = ?", (name,)).fetchone()
        return None if row is None else StoredFile(*row)

    def file_names(self) -> set[str]:
        """The names of all files."""
        return {name for (name,) in self.execute("SELECT name FROM files")}


@overload
def conversation(kind: int, sender: int, target: int) -> tuple[int, int]: ...
@overload
def conversation(kind: int, sender: int | str, target: int | str) -> tuple[int | str, int]: ...
def conversation(kind: int, sender: int | str, target: int | str) -> tuple[int | str, int]:
    """The two ids that name a conversation: both users, the smaller first, or the target and 0."""
    if kind == MessageKind.P2P and isinstance(sender, int) and isinstance(target, int):
        return (sender, target) if sender < target else (target, sender)
    return target, 0


def among(mtypes: Collection[int]) -> str:
    """The condition, in SQL, that a message is of one of some types; empty is all."""
    return f" AND mtype IN ({','.join('?' * len(mtypes))})" if mtypes else ""


def _message(row: tuple[Any, ...]) -> StoredMessage:
    row_id, pid, kind, sender, target, mtype, mid, msg, attrs, mtime, deleted = row
    return StoredMessage(row_id, pid, MessageKind(kind), sender, target, mtype, mid, msg, attrs, mtime, bool(deleted))
