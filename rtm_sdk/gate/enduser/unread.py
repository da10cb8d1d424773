"""What the gate answers to end users about what they have not read: conversations missed, messages counted, sessions.

What came while a user was offline is found at the next login: the partners and groups stay marked as missed until the
user clears that. Only the kinds of messages that are kept by default count.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ..rtm.groups import is_member
from ..rtm.methods import Answer, Call
from ..rtm.params import boolean, ids, int64, mtypes, uids
from ..settings import DEFAULT_STORED_MTYPES
from ..store import MessageKind, among, conversation
from .methods import user_method

__all__ = ["note_login", "note_logout"]

_P2P, _GROUP = MessageKind.P2P, MessageKind.GROUP
_KINDS = tuple(sorted(DEFAULT_STORED_MTYPES))

_LAST_ID = "SELECT coalesce(max(id), 0) FROM messages"
_SEEN = "SELECT seen, seen_id FROM presence WHERE pid = ? AND uid = ?"
_LOGOUT = "SELECT logout, logout_id FROM presence WHERE pid = ? AND uid = ?"
_COME = "INSERT OR REPLACE INTO presence (pid, uid, logout, logout_id, seen, seen_id) VALUES (?, ?, ?, ?, ?, ?)"
_GO = """INSERT INTO presence (pid, uid, logout, logout_id, seen, seen_id) VALUES (?, ?, 0, 0, ?, ?)
ON CONFLICT (pid, uid) DO UPDATE SET seen = excluded.seen, seen_id = excluded.seen_id"""

_MISS = "INSERT OR IGNORE INTO missed (pid, uid, kind, xid) VALUES (?, ?, ?, ?)"
_MISSED = "SELECT xid FROM missed WHERE pid = ? AND uid = ? AND kind = ? ORDER BY xid"
_CLEAR = "DELETE FROM missed WHERE pid = ? AND uid = ?"

# One step for each partner, however many messages there are.
_PARTNERS = """WITH RECURSIVE sent (peer) AS (
    SELECT min(target) FROM messages WHERE pid = :pid AND kind = 1 AND sender = :uid
    UNION ALL SELECT
        (SELECT min(target) FROM messages WHERE pid = :pid AND kind = 1 AND sender = :uid AND target > peer)
    FROM sent WHERE peer IS NOT NULL
), received (peer) AS (
    SELECT min(sender) FROM messages WHERE pid = :pid AND kind = 1 AND state = 0 AND target = :uid
    UNION ALL SELECT
        (SELECT min(sender) FROM messages
        WHERE pid = :pid AND kind = 1 AND state = 0 AND target = :uid AND sender > peer)
    FROM received WHERE peer IS NOT NULL
) SELECT peer FROM sent WHERE peer IS NOT NULL UNION SELECT peer FROM received WHERE peer IS NOT NULL ORDER BY peer"""
_GROUPS = "SELECT gid FROM group_members WHERE pid = ? AND uid = ? ORDER BY gid"
_SESSIONS = "SELECT peer, listed, mtime FROM sessions WHERE pid = ? AND uid = ?"

_IN = """ FROM messages WHERE pid = ? AND kind = ? AND low = ? AND high = ? AND state = 0
AND mtime > ? AND id > ? AND sender != ?"""
_NOBODY = 0


@user_method("getunread")
def get_unread(call: Call) -> Answer:
    """The partners and groups with messages that were missed. ``clear`` (``clean`` in one SDK) forgets them.

    With ``gettime`` also when the user was logged out the last time before this login, ms; 0 if never.
    """
    params = call.params
    clear = boolean(params, "clear", False) or boolean(params, "clean", False)
    answer: Answer = {"p2p": _missed(call, _P2P), "group": _missed(call, _GROUP)}
    if boolean(params, "gettime", False):
        answer["logouttime"] = _logout(call).mtime
    if clear:
        clean_unread(call)
    return answer


@user_method("cleanunread")
def clean_unread(call: Call) -> Answer:
    """Nothing was missed."""
    call.store.execute(_CLEAR, (call.pid, call.user))
    return {}


@user_method("getp2punread")
def get_p2p_unread(call: Call) -> Answer:
    """How many messages the users have sent to this one since the given time, or since this one's last logout."""
    return _unread(call, _P2P, uids(call.params, "uids"))


@user_method("getgroupunread")
def get_group_unread(call: Call) -> Answer:
    """How many messages of others there are in the groups; none in groups of which the user is no member."""
    return _unread(call, _GROUP, ids(call.params, "gids"))


@user_method("getsession")
def get_sessions(call: Call) -> Answer:
    """All with whom there are messages, and who was added; without those removed after the last message."""
    key = (call.pid, call.user)
    sessions = {peer: (bool(listed), mtime) for peer, listed, mtime in call.store.execute(_SESSIONS, key)}
    users = {peer for peer, (listed, _) in sessions.items() if listed}
    for peer in _partners(call, call.user):
        _, removed = sessions.get(peer, (False, 0))
        if _Conversation(call, call.user, _P2P, peer).newest() > removed:
            users.add(peer)
    groups = [gid for gid in _groups(call, call.user) if _Conversation(call, call.user, _GROUP, gid).newest()]
    return {"p2p": sorted(users), "group": groups}


def note_login(call: Call, user: int) -> None:
    """The user was offline until now: mark what was missed."""
    store = call.store
    logout = _When(*store.execute(_SEEN, (call.pid, user)).fetchone() or (0, 0))
    store.execute(_COME, (call.pid, user, *logout, *_now(call)))
    for kind, xids in ((_P2P, _partners(call, user)), (_GROUP, _groups(call, user))):
        for xid in xids:
            if _Conversation(call, user, kind, xid).unread_since(logout, _KINDS, 1):
                store.execute(_MISS, (call.pid, user, kind, xid))


def note_logout(call: Call, user: int) -> None:
    """The user is offline from now on."""
    call.store.execute(_GO, (call.pid, user, *_now(call)))


class _When(NamedTuple):
    """A moment: its time, ms UTC, and the last message before it, since many have the same time."""

    mtime: int
    id: int


def _now(call: Call) -> _When:
    return _When(call.store.stamp(), call.store.execute(_LAST_ID).fetchone()[0])


def _logout(call: Call) -> _When:
    return _When(*call.store.execute(_LOGOUT, (call.pid, call.user)).fetchone() or (0, 0))


class _Conversation:
    """A conversation as one of its users sees it."""

    def __init__(self, call: Call, user: int, kind: MessageKind, xid: int) -> None:
        self._execute = call.store.execute
        self._user = user
        self._key = (call.pid, kind, *conversation(kind, user, xid))

    def newest(self, kinds: Collection[int] = ()) -> int:
        """The mtime of the newest message, of any kind or of some; 0 if there is none."""
        sql = f"SELECT mtime{_IN}{among(kinds)} ORDER BY mtime DESC LIMIT 1"
        row = self._execute(sql, (*self._key, 0, 0, _NOBODY, *kinds)).fetchone()
        return row[0] if row else 0

    def unread_since(self, when: _When, kinds: Collection[int], most: int = -1) -> int:
        """How many messages of others there are since then; counting ends at the most."""
        sql = f"SELECT count(*) FROM (SELECT 1{_IN}{among(kinds)} LIMIT ?)"
        row = self._execute(sql, (*self._key, when.mtime - 1, when.id, self._user, *kinds, most)).fetchone()
        number: int = row[0]
        return number


def _unread(call: Call, kind: MessageKind, xids: list[int]) -> Answer:
    given, kinds = int64(call.params, "mtime", 0), mtypes(call.params) or _KINDS
    since = _When(given + 1, 0) if given > 0 else _logout(call)
    numbers, newest = {}, {}
    for xid in xids:
        visible = kind == _P2P or is_member(call, xid, call.user)
        found = _Conversation(call, call.user, kind, xid)
        numbers[str(xid)] = found.unread_since(since, kinds) if visible else 0
        newest[str(xid)] = found.newest(kinds) if visible else 0
    return {"p2p" if kind == _P2P else "group": numbers, "ltime": newest}


def _missed(call: Call, kind: MessageKind) -> list[int]:
    return [xid for (xid,) in call.store.execute(_MISSED, (call.pid, call.user, kind))]


def _partners(call: Call, user: int) -> list[int]:
    """Who has ever exchanged messages with the user."""
    return [peer for (peer,) in call.store.execute(_PARTNERS, {"pid": call.pid, "uid": user})]


def _groups(call: Call, user: int) -> list[int]:
    return [gid for (gid,) in call.store.execute(_GROUPS, (call.pid, user))]
