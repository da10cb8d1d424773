"""Messages of Google Chat as the store holds them, and as answers show them."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..files import Contents
from ..store import MessageKind, Store, StoredFile
from . import directory
from .showing import user_resource
from .times import rfc3339

if TYPE_CHECKING:
    from .methods import Call

__all__ = ["TABLES", "Stored", "add", "delete", "delete_all", "find", "last_created", "page", "resource", "update"]

TABLES = """
CREATE TABLE IF NOT EXISTS google_messages (
    id INTEGER PRIMARY KEY, space TEXT NOT NULL, message TEXT NOT NULL, thread TEXT NOT NULL,
    created INTEGER NOT NULL, updated INTEGER, deleted INTEGER, deletion TEXT, client_id TEXT,
    sender TEXT NOT NULL, viewer TEXT, reply INTEGER NOT NULL, content TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS google_message_by_name ON google_messages (space, message);
CREATE UNIQUE INDEX IF NOT EXISTS google_message_by_client_id ON google_messages (space, client_id)
    WHERE client_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS google_message_by_time ON google_messages (space, created, message);
CREATE INDEX IF NOT EXISTS google_message_by_thread ON google_messages (space, thread, created, message);
CREATE INDEX IF NOT EXISTS google_message_shown_by_time ON google_messages (space, created, message)
    WHERE deleted IS NULL;
CREATE INDEX IF NOT EXISTS google_message_shown_by_thread ON google_messages (space, thread, created, message)
    WHERE deleted IS NULL;
CREATE TABLE IF NOT EXISTS google_thread_keys (
    space TEXT, owner TEXT, key TEXT, thread TEXT, PRIMARY KEY (space, owner, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS google_thread_key_by_thread ON google_thread_keys (space, thread, owner);
CREATE TABLE IF NOT EXISTS google_requests (
    request_id TEXT PRIMARY KEY, credential TEXT NOT NULL, message INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS google_uploads (
    file TEXT PRIMARY KEY, space TEXT NOT NULL, token TEXT NOT NULL UNIQUE, content_type TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS google_attachments (
    message INTEGER, file TEXT, PRIMARY KEY (message, file)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS google_attachment_by_file ON google_attachments (file);
"""

_COLUMNS = (
    "SELECT id, space, message, thread, created, updated, deleted, deletion, client_id, sender, viewer, reply, content"
    " FROM google_messages"
)
_NAME = re.compile(r"(spaces/[^/]+)/messages/([^/]+)")
_EVER = 2**62

HIDDEN = "_"
"""How the names in `Stored.content` begin that no answer shows."""


class Stored(NamedTuple):
    """A message.

    Attributes:
        id: its row in the table of all messages.
        space: ``spaces/{space}``.
        message: the last part of its name.
        thread: ``spaces/{space}/threads/{thread}``.
        created: when it was made, microseconds since 1970 UTC.
        updated: when it was changed the last time, None when never.
        deleted: when it was deleted, None when it was not.
        deletion: how it was deleted, None when it was not.
        client_id: the id that its sender gave it, None when there is none.
        sender: ``users/{user}``.
        viewer: the only user who sees it beside its sender; None when all do.
        reply: whether it is a reply in a thread.
        content: the other fields of the resource; empty when it is deleted.
    """

    id: int
    space: str
    message: str
    thread: str
    created: int
    updated: int | None
    deleted: int | None
    deletion: str | None
    client_id: str | None
    sender: str
    viewer: str | None
    reply: bool
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """``spaces/{space}/messages/{message}``."""
        return f"{self.space}/messages/{self.message}"

    def visible_to(self, user: str) -> bool:
        """Whether a member of the space sees it: a private message is for two only."""
        return self.viewer is None or user in (self.viewer, self.sender)


def _stored(row: tuple[Any, ...]) -> Stored:
    *columns, reply, content = row
    return Stored._make((*columns, bool(reply), json.loads(content)))


# --- reading -----------------------------------------------------------------------------------------------------


def find(store: Store, name: str) -> Stored | None:
    """The message of a name, also of one with a ``client-`` id, also a deleted one; None when there never was one."""
    parts = _NAME.fullmatch(name)
    if parts is None:
        return None
    column = "client_id" if parts[2].startswith("client-") else "message"
    row = store.execute(f"{_COLUMNS} WHERE space = ? AND {column} = ?", (parts[1], parts[2])).fetchone()
    return None if row is None else _stored(row)


def by_id(store: Store, row_id: int) -> Stored:
    """The message of a row."""
    return _stored(store.execute(f"{_COLUMNS} WHERE id = ?", (row_id,)).fetchone())


def page(
    store: Store,
    space: str,
    *,
    limit: int,
    descending: bool = False,
    position: tuple[int, str] | None = None,
    after: int = -_EVER,
    before: int = _EVER,
    thread: str | None = None,
    deleted: bool = False,
    private: str | None = None,
) -> list[Stored]:
    """Some messages of a space in the order of their times.

    Args:
        store: where.
        space: the space.
        limit: how many at most.
        descending: newest first.
        position: start behind the message of this time and last part of the name.
        after, before: exclusive bounds of the time, microseconds.
        thread: of this thread only.
        deleted: also deleted ones.
        private: also the private messages that this user may see.
    """
    direction, behind = ("DESC", "<") if descending else ("ASC", ">")
    where = "space = ?"
    values: list[Any] = [space]
    if thread is not None:
        where += " AND thread = ?"
        values.append(thread)
    if position is not None and descending:
        before = min(before, position[0] + 1)
    elif position is not None:
        after = max(after, position[0] - 1)
    where += " AND created > ? AND created < ?"
    values += [after, before]
    if position is not None:
        where += f" AND (created, message) {behind} (?, ?)"
        values += position
    if not deleted:
        where += " AND deleted IS NULL"
    if private is None:
        where += " AND viewer IS NULL"
    else:
        where += " AND (viewer IS NULL OR viewer = ? OR sender = ?)"
        values += [private, private]
    sql = f"{_COLUMNS} WHERE {where} ORDER BY created {direction}, message {direction} LIMIT ?"
    return [_stored(row) for row in store.execute(sql, (*values, limit))]


def newest(store: Store, spaces: list[str], *, after: int, before: int) -> Iterator[Stored]:
    """The public messages of people in some spaces, newest first; bounds as for `page`."""
    sql = (
        f"{_COLUMNS} WHERE space IN ({','.join('?' * len(spaces))}) AND created > ? AND created < ? AND deleted IS NULL"
        " AND viewer IS NULL AND sender NOT IN (SELECT name FROM google_users WHERE type = 'BOT')"
        " ORDER BY created DESC, id DESC"
    )
    for row in store.execute(sql, (*spaces, after, before)):
        yield _stored(row)


def last_created(store: Store, space: str) -> int:
    """The time of the newest message of a space, microseconds since 1970 UTC; 0 when there is none."""
    row = store.execute("SELECT max(created) FROM google_messages WHERE space = ?", (space,)).fetchone()
    return row[0] or 0


def thread_exists(store: Store, thread: str) -> bool:
    """Whether a thread has, or had, a message."""
    space = thread.partition("/threads/")[0]
    sql = "SELECT 1 FROM google_messages WHERE space = ? AND thread = ? LIMIT 1"
    return store.execute(sql, (space, thread)).fetchone() is not None


def replies(store: Store, head: Stored) -> list[Stored]:
    """The replies to the first message of a thread that are not deleted; none for another message."""
    if head.reply:
        return []
    sql = f"{_COLUMNS} WHERE space = ? AND thread = ? AND deleted IS NULL AND reply ORDER BY created"
    return [_stored(row) for row in store.execute(sql, (head.space, head.thread))]


# --- thread keys and requests ------------------------------------------------------------------------------------


def keyed_thread(store: Store, space: str, owner: str, key: str) -> str | None:
    """The thread that somebody gave a key to."""
    sql = "SELECT thread FROM google_thread_keys WHERE space = ? AND owner = ? AND key = ?"
    row = store.execute(sql, (space, owner, key)).fetchone()
    return None if row is None else row[0]


def bind_key(store: Store, space: str, owner: str, key: str, thread: str) -> None:
    """Give a thread a key."""
    store.execute("INSERT INTO google_thread_keys VALUES (?, ?, ?, ?)", (space, owner, key, thread))


def requested(store: Store, request_id: str) -> tuple[str, int] | None:
    """The credentials that used a request id, and the row of the message; None when it is new."""
    sql = "SELECT credential, message FROM google_requests WHERE request_id = ?"
    row = store.execute(sql, (request_id,)).fetchone()
    return None if row is None else (row[0], row[1])


def remember_request(store: Store, request_id: str, credential: str, row_id: int) -> None:
    """Keep what a request id has made."""
    store.execute("INSERT INTO google_requests VALUES (?, ?, ?)", (request_id, credential, row_id))


# --- writing -----------------------------------------------------------------------------------------------------


def add(
    store: Store,
    space: str,
    sender: str,
    content: dict[str, Any],
    *,
    created: int,
    thread: str | None = None,
    client_id: str | None = None,
    viewer: str | None = None,
    reply: bool = False,
    us: int | None = None,
) -> Stored:
    """Add a message.

    Args:
        store: where.
        space, sender, content, client_id, viewer, reply: the message.
        created: the time, microseconds. It is moved behind that of the newest message of the space.
        thread: the thread; left out, a new one.
        us: the time to use as it is, for imports.
    """
    created = max(created, last_created(store, space) + 1) if us is None else us
    own = secrets.token_urlsafe(8)
    thread = thread or f"{space}/threads/{own}"
    message = f"{thread.rpartition('/')[2]}.{own}"
    (before,) = store.execute("SELECT coalesce(max(id), 0) FROM google_messages").fetchone()
    text = content.get("text", "")
    store.add(0, MessageKind.GOOGLE_CHAT, sender, space, 0, before + 1, text, "", store.stamp(), True)
    row = Stored(
        store.last_id, space, message, thread, created, None, None, None, client_id, sender, viewer, reply, content
    )
    store.execute(
        "INSERT INTO google_messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row[:-1], _compact(content))
    )
    directory.touch(store, space, created)
    return row


def update(store: Store, row: Stored, content: dict[str, Any], us: int) -> Stored:
    """Give a message another content.

    Args:
        store: where.
        row: the message.
        content: all of the new one.
        us: the time of the change, microseconds.
    """
    us = max(us, row.created + 1, (row.updated or 0) + 1)
    sql = "UPDATE google_messages SET content = ?, updated = ? WHERE id = ?"
    store.execute(sql, (_compact(content), us, row.id))
    store.edit(row.id, content.get("text", ""), "")
    return row._replace(content=content, updated=us)


def set_reactions(store: Store, row: Stored, summaries: list[dict[str, Any]]) -> None:
    """Note the reactions to a message, without a change of its times.

    Args:
        store: where.
        row: the message.
        summaries: all of them, as in ``emojiReactionSummaries``.
    """
    content = {name: value for name, value in row.content.items() if name != "emojiReactionSummaries"}
    if summaries:
        content["emojiReactionSummaries"] = summaries
    store.execute("UPDATE google_messages SET content = ? WHERE id = ?", (_compact(content), row.id))


def delete(store: Store, contents: Contents, row: Stored, deletion: str, us: int) -> None:
    """Leave a tombstone of a message.

    Args:
        store, contents: where.
        row: the message.
        deletion: a value of ``deletionType``.
        us: the time, microseconds.
    """
    sql = "UPDATE google_messages SET content = '{}', deleted = ?, deletion = ?, updated = NULL WHERE id = ?"
    store.execute(sql, (us, deletion, row.id))
    store.hide_row(row.id)
    detach(store, contents, row.id, ())


def delete_all(store: Store, contents: Contents, space: str) -> None:
    """Forget all messages of a space that is deleted; in the table of all messages they are deleted ones."""
    ids = [row_id for (row_id,) in store.execute("SELECT id FROM google_messages WHERE space = ?", (space,))]
    for row_id in ids:
        store.hide_row(row_id)
        detach(store, contents, row_id, ())
    for (file,) in store.execute("SELECT file FROM google_uploads WHERE space = ?", (space,)).fetchall():
        _remove(store, contents, file)
    store.execute(
        "DELETE FROM google_requests WHERE message IN (SELECT id FROM google_messages WHERE space = ?)", (space,)
    )
    for table in ("google_messages", "google_thread_keys", "google_uploads"):
        store.execute(f"DELETE FROM {table} WHERE space = ?", (space,))


def attach(store: Store, row_id: int, files: Iterable[str]) -> None:
    """Note which contents belong to a message."""
    for file in files:
        store.execute("INSERT OR IGNORE INTO google_attachments VALUES (?, ?)", (row_id, file))


def detach(store: Store, contents: Contents, row_id: int, kept: Iterable[str]) -> None:
    """Remove the contents of a message but some, unless another message has them as well."""
    kept = set(kept)
    for (file,) in store.execute("SELECT file FROM google_attachments WHERE message = ?", (row_id,)).fetchall():
        if file not in kept:
            store.execute("DELETE FROM google_attachments WHERE message = ? AND file = ?", (row_id, file))
            if store.execute("SELECT 1 FROM google_attachments WHERE file = ?", (file,)).fetchone() is None:
                _remove(store, contents, file)


def _remove(store: Store, contents: Contents, file: str) -> None:
    store.execute("DELETE FROM google_uploads WHERE file = ?", (file,))
    store.execute("DELETE FROM files WHERE name = ?", (file,))
    store.after_commit(lambda: contents.remove([file]))


# --- showing -----------------------------------------------------------------------------------------------------


def resource(call: Call, row: Stored) -> dict[str, Any]:
    """A message as the caller sees it."""
    return Showing(call)(row)


class Showing:
    """Makes resources of messages, many for one caller.

    Args:
        call: whose answer they are for.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._senders: dict[str, dict[str, Any]] = {}
        self._spaces: dict[str, dict[str, Any]] = {}
        self._keys: dict[str, str | None] = {}

    def __call__(self, row: Stored) -> dict[str, Any]:
        shown: dict[str, Any] = {"name": row.name, "sender": self._sender(row.sender)}
        shown["createTime"] = rfc3339(row.created)
        if row.updated is not None:
            shown["lastUpdateTime"] = rfc3339(row.updated)
        if row.deleted is not None:
            shown["deleteTime"] = rfc3339(row.deleted)
            shown["deletionMetadata"] = {"deletionType": row.deletion}
        shown.update((name, value) for name, value in row.content.items() if name[0] != HIDDEN)
        if "attachment" in shown:
            shown["attachment"] = [self.attachment(row, each) for each in shown["attachment"]]
        shown["thread"] = self._thread(row)
        shown["space"] = self._space(row.space)
        if row.reply:
            shown["threadReply"] = True
        if row.client_id is not None:
            shown["clientAssignedMessageId"] = row.client_id
        if row.viewer is not None:
            shown["privateMessageViewer"] = self._sender(row.viewer)
        return shown

    def _sender(self, name: str) -> dict[str, Any]:
        if name not in self._senders:
            self._senders[name] = user_resource(self._call, name)
        return self._senders[name]

    def _space(self, name: str) -> dict[str, Any]:
        if name not in self._spaces:
            shown: dict[str, Any] = {"name": name}
            space = directory.find_space(self._call.store, name) if self._call.caller.app else None
            if space is not None:
                shown["spaceType"] = space.type
                if space.display_name:
                    shown["displayName"] = space.display_name
            self._spaces[name] = shown
        return self._spaces[name]

    def _thread(self, row: Stored) -> dict[str, Any]:
        if row.thread not in self._keys:
            sql = "SELECT key FROM google_thread_keys WHERE space = ? AND thread = ? AND owner = ?"
            found = self._call.store.execute(sql, (row.space, row.thread, self._call.caller.name)).fetchone()
            self._keys[row.thread] = None if found is None else found[0]
        key = self._keys[row.thread]
        return {"name": row.thread} if key is None else {"name": row.thread, "threadKey": key}

    def attachment(self, row: Stored, attachment: dict[str, Any]) -> dict[str, Any]:
        """An attachment of a message."""
        file = attachment["attachmentDataRef"]["resourceName"].rpartition("/")[2]
        name = f"{row.name}/attachments/{file}"
        return {"name": name, **attachment, "downloadUri": f"{self._call.inside.url}/files/{file}"}


def upload_of(store: Store, column: str, value: str) -> tuple[StoredFile, str, str] | None:
    """An upload: its file, the space it was uploaded to, and its type; None when there is none.

    Args:
        store: where.
        column: what is known of it: ``token`` or ``file``.
        value: its value.
    """
    row = store.execute(
        "SELECT files.name, files.filename, space, content_type FROM google_uploads JOIN files ON files.name = file"
        f" WHERE google_uploads.{column} = ?",
        (value,),
    ).fetchone()
    return None if row is None else (StoredFile(row[0], row[1]), row[2], row[3])


def _compact(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
