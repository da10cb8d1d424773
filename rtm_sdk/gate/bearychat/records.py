"""Messages with their pins and reactions, as they are stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from ..store import MessageKind, Store
from .conversations import P2P, Conversation, Conversations
from .formats import COUNTERS, message_key, new_id, next_position, time_text
from .people import Resource
from .query import Part

__all__ = ["Record", "Records", "Tell"]

Tell = Callable[[Resource, Collection[str]], None]
"""Takes an event and the ids of the users who are to hear it."""

_PID = 0
_COLUMNS = "SELECT id, vchannel_id, position, deleted, resource FROM bearychat_messages"

_ONE_REACTION = " WHERE message = ? AND reaction = ? AND uid = ?"

_TOMBSTONE = {"zh-CN": "消息已被删除", "en": "This message was deleted."}


class Record(NamedTuple):
    """A stored message.

    Attributes:
        row: the id of its row in the gate's messages.
        vchannel_id: the conversation.
        position: its key as one number.
        deleted: whether it is a tombstone.
        resource: the message as it is answered.
    """

    row: int
    vchannel_id: str
    position: int
    deleted: bool
    resource: Resource


class Records:
    """All messages of BearyChat.

    Args:
        store: the gate's store.
        tell: is told what happens, as events of RTM, and who is to hear it.
    """

    def __init__(self, store: Store, tell: Tell) -> None:
        self._store = store
        self._tell = tell
        self._execute = store.execute
        self._conversations = Conversations(store)

    # --- messages --------------------------------------------------------------------------------------------

    def add(
        self,
        conversation: Conversation,
        team_id: str,
        text: str,
        *,
        uid: str | None,
        robot_id: str | None = None,
        attachments: list[dict[str, Any]] | None = None,
        subtype: str = "normal",
        position: int = 0,
        message_id: str = "",
        **further: Any,
    ) -> Record | None:
        """Store a message.

        Args:
            conversation: where it goes, as it is stored now.
            team_id: the team.
            text: the body.
            uid: who sent it, None for a robot.
            robot_id: the robot that sent it.
            attachments: its attachments.
            subtype: what kind it is.
            position: where it stands; 0 is at the end, now.
            message_id: its id; left out, a new one.
            further: other members.

        Returns:
            the message; None when there is one at that position, or with that id.
        """
        if position and (self.get(conversation.id, position) or self._one("message_id = ?", message_id)):
            return None
        mtime = position // COUNTERS if position else self._store.stamp()
        position = position or next_position(conversation.last_position, mtime)
        created = time_text(position // COUNTERS)
        resource = {
            "id": message_id or new_id(),
            "key": message_key(position),
            "team_id": team_id,
            "uid": uid,
            "robot_id": robot_id,
            "vchannel_id": conversation.id,
            "refer_key": None,
            "subtype": subtype,
            "text": text,
            "fallback": None,
            "attachments": attachments or [],
            "created": created,
            "created_ts": position // COUNTERS,
            "updated": created,
            "is_channel": conversation.type != P2P,
            "edited": False,
            **further,
        }
        sender, attrs = uid or robot_id or "", json.dumps(attachments, ensure_ascii=False) if attachments else ""
        kind = MessageKind.BEARYCHAT
        added = self._store.add(_PID, kind, sender, conversation.id, 0, position, text, attrs, mtime, True)
        assert added
        row = self._store.last_id
        self._execute(
            "INSERT INTO bearychat_messages VALUES (?, ?, ?, 0, ?, ?)",
            (row, conversation.id, position, resource["id"], json.dumps(resource)),
        )
        self._conversations.advance(conversation.id, position)
        event = {**resource, "type": "channel_message", "ts": resource["created_ts"], "image": None}
        members = self._conversations.members(conversation.id)
        if conversation.type == P2P:
            event.update(type="message", to_uid=[each for each in members if each != uid][-1])
        self._tell(event, members)
        return Record(row, conversation.id, position, False, resource)

    def get(self, vchannel_id: str, position: int) -> Record | None:
        """The message at a position, also a tombstone; None if there is none."""
        return self._one("vchannel_id = ? AND position = ?", vchannel_id, position)

    def select(self, vchannel_id: str, parts: Iterable[Part], tombstones: bool) -> list[Record]:
        """The messages that a query wants, in the order of their keys, each once.

        Args:
            vchannel_id: the conversation.
            parts: from `parse_query`.
            tombstones: whether deleted messages count.
        """
        found: dict[int, Record] = {}
        for part in parts:
            direction = "DESC" if part.newest_first else "ASC"
            rows = self._execute(
                f"""{_COLUMNS} WHERE vchannel_id = ? AND position >= ? AND position < ? AND deleted <= ?
                    ORDER BY position {direction} LIMIT ?""",
                (vchannel_id, part.low, part.high, tombstones, part.limit),
            )
            found.update((row[2], _record(row)) for row in rows)
        return [found[position] for position in sorted(found)]

    def set_text(self, record: Record, text: str) -> Record:
        """Give a message another text."""
        changed = record.resource | {"text": text, "edited": True, "updated": time_text(self._store.now())}
        attachments = changed["attachments"]
        attrs = json.dumps(attachments, ensure_ascii=False) if attachments else ""
        self._store.edit(record.row, text, attrs)
        return self._changed(record._replace(resource=changed))

    def delete(self, record: Record) -> Record:
        """Make a message a tombstone: a fixed notice in its place. Pins and reactions go."""
        self._execute("DELETE FROM bearychat_pins WHERE message = ?", (record.row,))
        self._execute("DELETE FROM bearychat_reactions WHERE message = ?", (record.row,))
        self._store.hide_row(record.row)
        buried = record.resource | {
            "subtype": "info",
            "text": _TOMBSTONE["en"],
            "text_i18n": _TOMBSTONE,
            "attachments": [],
            "deleted": True,
            "updated": time_text(self._store.now()),
        }
        buried.pop("repost", None)
        return self._changed(record._replace(deleted=True, resource=buried))

    def _one(self, where: str, *values: str | int) -> Record | None:
        row = self._execute(f"{_COLUMNS} WHERE {where}", values).fetchone()
        return None if row is None else _record(row)

    def _changed(self, record: Record) -> Record:
        self._execute(
            "UPDATE bearychat_messages SET deleted = ?, resource = ? WHERE id = ?",
            (record.deleted, json.dumps(record.resource), record.row),
        )
        kind = "update_channel_message" if record.resource["is_channel"] else "update_message"
        self._announce(kind, record, self.shown(record))
        return record

    def _announce(self, kind: str, record: Record, data: Resource) -> None:
        event = {"type": kind, "data": data, "ts": self._store.now()}
        self._tell(event, self._conversations.members(record.vchannel_id))

    # --- pins ------------------------------------------------------------------------------------------------

    def pin(self, record: Record, uid: str) -> Resource:
        """Pin a message; one that is pinned stays as it is."""
        now = time_text(self._store.now())
        pin = {
            "id": new_id(),
            "team_id": record.resource["team_id"],
            "uid": uid,
            "vchannel_id": record.vchannel_id,
            "message_id": record.resource["id"],
            "message_key": record.resource["key"],
            "created_at": now,
            "updated_at": now,
        }
        self._execute(
            "INSERT OR IGNORE INTO bearychat_pins (id, message, vchannel_id, resource) VALUES (?, ?, ?, ?)",
            (pin["id"], record.row, record.vchannel_id, json.dumps(pin)),
        )
        row = self._execute("SELECT resource FROM bearychat_pins WHERE message = ?", (record.row,)).fetchone()
        found: Resource = json.loads(row[0])
        return found

    def unpin(self, vchannel_id: str, pin_id: str) -> bool:
        """Take a pin away; whether there was one."""
        where = (vchannel_id, pin_id)
        return self._execute("DELETE FROM bearychat_pins WHERE vchannel_id = ? AND id = ?", where).rowcount == 1

    def pins(self, vchannel_id: str) -> list[Resource]:
        """The pins of a conversation with their messages, in the order in which they were made."""
        rows = self._execute(
            """SELECT pin.resource, message.resource FROM bearychat_pins AS pin
               JOIN bearychat_messages AS message ON message.id = pin.message
               WHERE pin.vchannel_id = ? ORDER BY pin.number""",
            (vchannel_id,),
        )
        return [{**json.loads(pin), "message": json.loads(message)} for pin, message in rows]

    # --- reactions -------------------------------------------------------------------------------------------

    def react(self, record: Record, uid: str, reaction: str) -> Resource:
        """Put a user's reaction to a message; one that is there stays as it is."""
        now = self._store.now()
        resource = {
            "id": new_id(),
            "team_id": record.resource["team_id"],
            "uid": uid,
            "message_id": record.resource["id"],
            "message_key": record.resource["key"],
            "reaction": reaction,
            "created_ts": now,
            "created": time_text(now),
            "updated": time_text(now),
        }
        added = self._execute(
            "INSERT OR IGNORE INTO bearychat_reactions (message, uid, reaction, resource) VALUES (?, ?, ?, ?)",
            (record.row, uid, reaction, json.dumps(resource)),
        ).rowcount
        found = self._reaction(record, uid, reaction)
        assert found is not None
        if added:
            self._announce("add_message_reaction", record, found)
        return found

    def take_back(self, record: Record, uid: str, reaction: str) -> bool:
        """Take a user's reaction away; whether there was one."""
        found = self._reaction(record, uid, reaction)
        if found is None:
            return False
        self._execute(f"DELETE FROM bearychat_reactions{_ONE_REACTION}", (record.row, reaction, uid))
        self._announce("delete_message_reaction", record, found)
        return True

    def _reaction(self, record: Record, uid: str, reaction: str) -> Resource | None:
        row = self._execute(
            f"SELECT resource FROM bearychat_reactions{_ONE_REACTION}", (record.row, reaction, uid)
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def shown(self, record: Record) -> Resource:
        """A message as it is answered, with what users did to it."""
        grouped: dict[str, Resource] = {}
        rows = self._execute(
            "SELECT uid, reaction, resource FROM bearychat_reactions WHERE message = ? ORDER BY number", (record.row,)
        )
        for uid, reaction, resource in rows:
            group = grouped.setdefault(
                reaction, {"reaction": reaction, "uids": [], "created_ts": json.loads(resource)["created_ts"]}
            )
            group["uids"].append(uid)
        pin = self._execute("SELECT id FROM bearychat_pins WHERE message = ?", (record.row,)).fetchone()
        return {**record.resource, "reactions": list(grouped.values()), "pin_id": pin and pin[0]}


def _record(row: tuple[Any, ...]) -> Record:
    row_id, vchannel_id, position, deleted, resource = row
    return Record(row_id, vchannel_id, position, bool(deleted), json.loads(resource))
