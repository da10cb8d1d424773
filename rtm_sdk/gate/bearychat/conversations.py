"""Conversations of all three kinds and who is in them, as they are stored."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..store import Store
from .formats import COUNTERS
from .people import Resource

__all__ = ["CHANNEL", "P2P", "SESSION", "Conversation", "Conversations"]

CHANNEL, SESSION, P2P = "normal", "session", "p2p"
"""The values of `type`."""

_COLUMNS = """SELECT id, type, name, topic, uid, general, private, is_active, latest_ts, last_position
              FROM bearychat_vchannels"""


class Conversation(NamedTuple):
    """A channel, a discussion group (`session`) or the conversation of two (`p2p`).

    Attributes:
        id: the id, of the conversation and of the vchannel.
        type: which of the three.
        name: the name; None for `p2p` and for a group without one.
        topic: of a channel.
        uid: who made it.
        general: whether everybody is in it and stays there.
        private: whether only members see it.
        is_active: not archived.
        latest_ts: the time of the newest message, before the first one that of its making; ms UTC.
        last_position: of the newest message, also when that was deleted.
    """

    id: str
    type: str
    name: str | None
    topic: str | None
    uid: str | None
    general: bool
    private: bool
    is_active: bool
    latest_ts: int
    last_position: int

    @classmethod
    def new(
        cls,
        id: str,
        type: str,
        now: int,
        *,
        name: str | None = None,
        topic: str | None = None,
        uid: str | None = None,
        general: bool = False,
        private: bool = True,
    ) -> Conversation:
        """One without a message, made now (ms UTC)."""
        return cls(id, type, name, topic, uid, general, private, True, now, 0)


class Conversations:
    """All conversations.

    Args:
        store: the gate's store.
    """

    def __init__(self, store: Store) -> None:
        self._execute = store.execute

    def get(self, vchannel_id: str) -> Conversation | None:
        """One conversation, None if there is none."""
        return self._one("id = ?", vchannel_id)

    def named(self, name: str) -> Conversation | None:
        """The channel with a name, None if there is none."""
        return self._one("type = 'normal' AND name = ?", name)

    def of_two(self, uid: str, other: str) -> Conversation | None:
        """The conversation of two users, None if there is none."""
        return self._one(
            """type = 'p2p' AND id IN (SELECT vchannel_id FROM bearychat_members WHERE uid = ?)
               AND id IN (SELECT vchannel_id FROM bearychat_members WHERE uid = ?)""",
            uid,
            other,
        )

    def visible(self, kind: str, uid: str) -> list[Conversation]:
        """The conversations of a kind that a user can see, in the order in which they were made."""
        rows = self._execute(
            f"""{_COLUMNS} WHERE type = ? AND (NOT private OR id IN (
                    SELECT vchannel_id FROM bearychat_members WHERE uid = ?)) ORDER BY number""",
            (kind, uid),
        )
        return [_conversation(row) for row in rows]

    def general(self) -> Conversation | None:
        """The channel that everybody is in."""
        return self._one("general")

    def add(self, conversation: Conversation, member_uids: list[str]) -> None:
        """Store a conversation and its members, unless it is there."""
        added = self._execute(
            """INSERT OR IGNORE INTO bearychat_vchannels
               (id, type, name, topic, uid, general, private, is_active, latest_ts, last_position)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            conversation,
        ).rowcount
        if added:
            for uid in member_uids:
                self.join(conversation.id, uid)

    def update(self, conversation: Conversation) -> None:
        """Store the new state of a conversation."""
        self._execute(
            """UPDATE bearychat_vchannels SET type = ?, name = ?, topic = ?, uid = ?, general = ?, private = ?,
               is_active = ?, latest_ts = ?, last_position = ? WHERE id = ?""",
            (*conversation[1:], conversation.id),
        )

    def advance(self, vchannel_id: str, position: int) -> None:
        """Take note of a message at a position."""
        self._execute(
            """UPDATE bearychat_vchannels
               SET latest_ts = max(CASE WHEN last_position THEN latest_ts ELSE 0 END, ?),
                   last_position = max(last_position, ?) WHERE id = ?""",
            (position // COUNTERS, position, vchannel_id),
        )

    def members(self, vchannel_id: str) -> list[str]:
        """Who is in a conversation, in the order in which they came."""
        rows = self._execute("SELECT uid FROM bearychat_members WHERE vchannel_id = ? ORDER BY number", (vchannel_id,))
        return [uid for (uid,) in rows]

    def is_member(self, vchannel_id: str, uid: str) -> bool:
        """Whether a user is in a conversation."""
        where = (vchannel_id, uid)
        return (
            self._execute("SELECT 1 FROM bearychat_members WHERE vchannel_id = ? AND uid = ?", where).fetchone()
            is not None
        )

    def join(self, vchannel_id: str, uid: str) -> None:
        """Put a user into a conversation."""
        self._execute("INSERT OR IGNORE INTO bearychat_members (vchannel_id, uid) VALUES (?, ?)", (vchannel_id, uid))

    def leave(self, vchannel_id: str, uid: str) -> None:
        """Take a user out of a conversation."""
        self._execute("DELETE FROM bearychat_members WHERE vchannel_id = ? AND uid = ?", (vchannel_id, uid))

    def resource(self, conversation: Conversation, uid: str, team_id: str) -> Resource:
        """A conversation as it is answered.

        Args:
            conversation: the conversation.
            uid: the user who asks.
            team_id: the team.
        """
        member_uids = self.members(conversation.id)
        resource: Resource = {
            "id": conversation.id,
            "team_id": team_id,
            "vchannel_id": conversation.id,
            "type": conversation.type,
            "is_active": conversation.is_active,
            "is_member": uid in member_uids,
            "member_uids": member_uids,
            "latest_ts": conversation.latest_ts,
        }
        if conversation.type != P2P:
            resource["name"] = conversation.name
        if conversation.type == CHANNEL:
            resource.update(
                uid=conversation.uid,
                topic=conversation.topic,
                general=conversation.general,
                private=conversation.private,
            )
        return resource

    def _one(self, where: str, *values: str) -> Conversation | None:
        row = self._execute(f"{_COLUMNS} WHERE {where}", values).fetchone()
        return None if row is None else _conversation(row)


def _conversation(row: tuple[Any, ...]) -> Conversation:
    vchannel_id, kind, name, topic, uid, general, private, is_active, latest_ts, last_position = row
    return Conversation(
        vchannel_id, kind, name, topic, uid, bool(general), bool(private), bool(is_active), latest_ts, last_position
    )
