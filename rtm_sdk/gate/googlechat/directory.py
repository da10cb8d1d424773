"""Users, spaces and their members as the store holds them."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, cast

from ..store import Store

__all__ = [
    "IMPORT_US",
    "MANAGER_ROLES",
    "TABLES",
    "Member",
    "MemberType",
    "Role",
    "Space",
    "SpaceType",
    "State",
    "ThreadingState",
    "User",
    "add_member",
    "add_space",
    "add_user",
    "all_spaces",
    "change_space",
    "direct_message",
    "display_name_taken",
    "expired_spaces",
    "find_member",
    "find_space",
    "find_user",
    "forget_space",
    "member_count",
    "members",
    "named",
    "new_id",
    "remove_member",
    "spaces_of",
    "touch",
    "user_resource",
]

SpaceType = Literal["SPACE", "GROUP_CHAT", "DIRECT_MESSAGE"]
ThreadingState = Literal["THREADED_MESSAGES", "GROUPED_MESSAGES", "UNTHREADED_MESSAGES"]
MemberType = Literal["HUMAN", "BOT"]
Role = Literal["ROLE_MEMBER", "ROLE_MANAGER", "ROLE_ASSISTANT_MANAGER"]
State = Literal["JOINED", "INVITED", "NOT_A_MEMBER"]

MANAGER_ROLES = ("ROLE_MANAGER", "ROLE_ASSISTANT_MANAGER")
"""The roles that manage a space: Owner and Manager in the product."""

IMPORT_US = 90 * 86_400 * 1_000_000
"""How long a space may be in import mode, microseconds."""

TABLES = """
CREATE TABLE IF NOT EXISTS google_users (
    name TEXT PRIMARY KEY, email TEXT UNIQUE, display_name TEXT NOT NULL, type TEXT NOT NULL,
    admin INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS google_spaces (
    place INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL, display_name TEXT,
    created_us INTEGER NOT NULL, active_us INTEGER, import_until_us INTEGER, pair TEXT,
    resource TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS google_space_by_display_name ON google_spaces (display_name) WHERE type = 'SPACE';
CREATE UNIQUE INDEX IF NOT EXISTS google_space_by_pair ON google_spaces (pair) WHERE pair IS NOT NULL;
CREATE TABLE IF NOT EXISTS google_members (
    space TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, role TEXT NOT NULL, state TEXT NOT NULL,
    created_us INTEGER NOT NULL, left_us INTEGER, PRIMARY KEY (space, name)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS google_member_by_name ON google_members (name, space);
"""

_ID = re.compile(r"[A-Za-z0-9_.~-]{1,128}")
_GROUP = "group:"

_SPACE = "SELECT place, name, type, display_name, created_us, active_us, import_until_us, resource FROM google_spaces"
_ALIVE = "(import_until_us IS NULL OR import_until_us > ?)"
_MEMBER = "SELECT space, name, type, role, state, created_us, left_us FROM google_members"


def new_id() -> str:
    """An id as the service makes them: opaque, letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(8)


def named(name: str, collection: str) -> str:
    """A resource name that may be given as an id alone.

    Args:
        name: ``spaces/A`` or ``A``.
        collection: ``spaces`` and so on.

    Raises:
        TypeError: it is no `str`.
        ValueError: it is no such name.
    """
    if not isinstance(name, str):
        raise TypeError(f"a name of the form {collection}/ID must be a str, not {type(name).__name__}")
    prefix = f"{collection}/"
    plain = name[len(prefix) :] if name.startswith(prefix) else name
    if _ID.fullmatch(plain) is None:
        raise ValueError(f"{name!r} is not a name of the form {prefix}ID: letters, digits and - _ . ~")
    return prefix + plain


# --- users -------------------------------------------------------------------------------------------------------


class User(NamedTuple):
    """A person or an app.

    Attributes:
        name: ``users/{id}``.
        email: None for an app, or a person without.
        display_name: for people.
        type: HUMAN or BOT.
        admin: whether calls with useAdminAccess are allowed.
    """

    name: str
    email: str | None
    display_name: str
    type: MemberType
    admin: bool


def add_user(store: Store, user: User) -> None:
    """Add a user, or change what is known of it."""
    store.execute(
        "INSERT INTO google_users (name, email, display_name, type, admin) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name)"
        " DO UPDATE SET email = excluded.email, display_name = excluded.display_name, type = excluded.type,"
        " admin = excluded.admin",
        user,
    )


def find_user(store: Store, name: str) -> User | None:
    """The user of a name: ``users/{id}`` or ``users/{email}``."""
    row = store.execute(
        "SELECT name, email, display_name, type, admin FROM google_users WHERE name = ? OR email = ?",
        (name, name.partition("/")[2].lower()),
    ).fetchone()
    return None if row is None else User(*row)._replace(admin=bool(row[4]))


def user_resource(store: Store, name: str) -> dict[str, Any]:
    """A user as answers show it."""
    user = find_user(store, name)
    if user is None:
        return {"name": name, "type": "HUMAN"}
    return {"name": user.name, "displayName": user.display_name, "type": user.type}


# --- spaces ------------------------------------------------------------------------------------------------------


class Space(NamedTuple):
    """A space.

    Attributes:
        place: its place in the order in which spaces were made.
        name: ``spaces/{id}``.
        type: what kind of conversation it is.
        display_name: None for all but a SPACE.
        created_us: when it was made, microseconds since 1970 UTC.
        active_us: when its last message came; None when there was none.
        import_until_us: until when it is in import mode; None when it is not. Then it is deleted.
        resource: what else is known of it, as in answers.
    """

    place: int
    name: str
    type: SpaceType
    display_name: str | None
    created_us: int
    active_us: int | None
    import_until_us: int | None
    resource: dict[str, Any]

    @property
    def threading(self) -> str:
        """The ``spaceThreadingState``."""
        default = "THREADED_MESSAGES" if self.type == "SPACE" else "UNTHREADED_MESSAGES"
        state: str = self.resource.get("spaceThreadingState", default)
        return state

    @property
    def threaded(self) -> bool:
        """Whether messages form threads."""
        return self.threading != "UNTHREADED_MESSAGES"


def _space(row: tuple[Any, ...]) -> Space:
    return Space(*row)._replace(resource=json.loads(row[7]))


def add_space(store: Store, space: Space, pair: Iterable[str] = ()) -> None:
    """Add a space; its place is ignored. ``sqlite3.IntegrityError`` when name, display name or pair is taken.

    Args:
        store: where.
        space: the space.
        pair: the two members of a direct message.
    """
    store.execute(
        "INSERT INTO google_spaces (name, type, display_name, created_us, active_us, import_until_us, resource,"
        " pair) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*space[1:7], _compact(space.resource), " ".join(sorted(pair)) or None),
    )


def change_space(store: Store, space: Space) -> None:
    """Store type, display name, import mode and resource of a space again; IntegrityError as in `add_space`."""
    store.execute(
        "UPDATE google_spaces SET type = ?, display_name = ?, import_until_us = ?, resource = ? WHERE name = ?",
        (space.type, space.display_name, space.import_until_us, _compact(space.resource), space.name),
    )


def find_space(store: Store, name: str) -> Space | None:
    """The space of a name; None when there is none, or its import was not completed in time."""
    row = store.execute(f"{_SPACE} WHERE name = ? AND {_ALIVE}", (name, store.now() * 1000)).fetchone()
    return None if row is None else _space(row)


def display_name_taken(store: Store, display_name: str, but: str = "") -> bool:
    """Whether a SPACE has that name, other than the one of the resource name `but`."""
    sql = f"SELECT 1 FROM google_spaces WHERE type = 'SPACE' AND display_name = ? AND name != ? AND {_ALIVE}"
    return store.execute(sql, (display_name, but, store.now() * 1000)).fetchone() is not None


def direct_message(store: Store, one: str, other: str) -> Space | None:
    """The direct message of two members."""
    row = store.execute(f"{_SPACE} WHERE pair = ?", (" ".join(sorted((one, other))),)).fetchone()
    return None if row is None else _space(row)


def spaces_of(
    store: Store, member: str, types: Iterable[str], after: int = 0, limit: int = -1, *, silent: bool = False
) -> list[Space]:
    """Spaces a member has joined, oldest first.

    Args:
        store: where.
        member: the member.
        types: of these types only.
        after: behind this place.
        limit: how many at most; -1 is all.
        silent: also direct messages and group chats without a message.
    """
    wanted = list(types)
    marks = ",".join("?" * len(wanted))
    active = "" if silent else " AND (type = 'SPACE' OR active_us IS NOT NULL)"
    sql = (
        f"{_SPACE} WHERE place > ? AND type IN ({marks}){active} AND {_ALIVE}"
        " AND EXISTS (SELECT 1 FROM google_members WHERE google_members.name = ? AND space = google_spaces.name"
        " AND state = 'JOINED') ORDER BY place LIMIT ?"
    )
    rows = store.execute(sql, (after, *wanted, store.now() * 1000, member, limit))
    return [_space(row) for row in rows]


def all_spaces(store: Store) -> list[Space]:
    """All spaces of the type SPACE, oldest first."""
    rows = store.execute(f"{_SPACE} WHERE type = 'SPACE' AND {_ALIVE} ORDER BY place", (store.now() * 1000,))
    return [_space(row) for row in rows]


def expired_spaces(store: Store) -> list[str]:
    """The names of spaces whose import was not completed in time."""
    rows = store.execute("SELECT name FROM google_spaces WHERE import_until_us <= ?", (store.now() * 1000,))
    return [name for (name,) in rows]


def forget_space(store: Store, name: str) -> None:
    """Delete a space and its memberships."""
    store.execute("DELETE FROM google_members WHERE space = ?", (name,))
    store.execute("DELETE FROM google_spaces WHERE name = ?", (name,))


def touch(store: Store, name: str, us: int) -> None:
    """Note that a space has a new message.

    Args:
        store: where.
        name: the space.
        us: the time of the message, microseconds since 1970 UTC.
    """
    store.execute("UPDATE google_spaces SET active_us = max(coalesce(active_us, 0), ?) WHERE name = ?", (us, name))


# --- members -----------------------------------------------------------------------------------------------------


class Member(NamedTuple):
    """A membership.

    Attributes:
        space: the name of the space.
        name: the member: ``users/{id}`` or ``groups/{id}``.
        type: HUMAN or BOT; of a group HUMAN.
        role: what the member may do.
        state: joined or invited.
        created_us: since when, microseconds since 1970 UTC.
        left_us: when a member left who was imported as a former one.
    """

    space: str
    name: str
    type: MemberType
    role: Role
    state: State
    created_us: int
    left_us: int | None = None

    @property
    def resource_name(self) -> str:
        """``spaces/{space}/members/{member}``."""
        return f"{self.space}/members/{member_id(self.name)}"

    @property
    def is_group(self) -> bool:
        """Whether it is a Google group."""
        return self.name.startswith("groups/")


def member_id(name: str) -> str:
    """The id of the membership of a user or group."""
    collection, _, plain = name.partition("/")
    return group_id(plain) if collection == "groups" else plain


def group_id(group: str) -> str:
    """The id of a group's membership; no user has such an id."""
    return _GROUP + group


def add_member(store: Store, member: Member) -> None:
    """Add a membership, or replace it."""
    store.execute(
        "INSERT OR REPLACE INTO google_members (space, name, type, role, state, created_us, left_us)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        member,
    )


def remove_member(store: Store, member: Member) -> None:
    """Remove a membership."""
    store.execute("DELETE FROM google_members WHERE space = ? AND name = ?", (member.space, member.name))


def find_member(store: Store, space: str, name: str) -> Member | None:
    """A membership; None when there is none.

    Args:
        store: where.
        space: the name of the space.
        name: ``users/{id}`` or ``groups/{id}``.
    """
    row = store.execute(f"{_MEMBER} WHERE space = ? AND name = ?", (space, name)).fetchone()
    return None if row is None else Member(*row)


def members(store: Store, space: str, after: str = "") -> list[Member]:
    """The memberships of a space in the order of their names.

    Args:
        store: where.
        space: the name of the space.
        after: behind this member.
    """
    rows = store.execute(f"{_MEMBER} WHERE space = ? AND name > ? ORDER BY name", (space, after))
    return [Member(*row) for row in rows]


def member_count(store: Store, space: str) -> tuple[int, int]:
    """How many people and how many groups have joined a space."""
    row = store.execute(
        "SELECT sum(name LIKE 'users/%' AND type = 'HUMAN'), sum(name LIKE 'groups/%') FROM google_members"
        " WHERE space = ? AND state = 'JOINED'",
        (space,),
    ).fetchone()
    return cast(tuple[int, int], (row[0] or 0, row[1] or 0))


def _compact(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
