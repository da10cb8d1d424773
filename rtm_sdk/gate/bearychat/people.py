"""The team and its users, as they are stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ..store import Store

__all__ = ["People", "digest_of"]

Resource = dict[str, Any]
"""A JSON object as it is answered."""


def digest_of(secret: str) -> bytes:
    """What is stored of a token or of a secret address."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class People:
    """The team, its users and their tokens.

    Args:
        store: the gate's store.
    """

    def __init__(self, store: Store) -> None:
        self._execute = store.execute

    def team(self) -> Resource:
        """The team."""
        found = self._team()
        assert found is not None
        return found

    def set_team(self, plain: Resource, members: Mapping[str, Any]) -> None:
        """Give the team some members; what it is without them is told as well."""
        team = {**(self._team() or plain), **members}
        self._execute("INSERT OR REPLACE INTO bearychat_team VALUES (1, ?)", (json.dumps(team),))

    def _team(self) -> Resource | None:
        row = self._execute("SELECT resource FROM bearychat_team").fetchone()
        return None if row is None else json.loads(row[0])

    def user(self, uid: str) -> Resource | None:
        """A user, None if there is none."""
        return self._one("id = ?", uid)

    def user_named(self, name: str) -> Resource | None:
        """The user with a handle, None if there is none."""
        return self._one("name = ?", name)

    def user_of(self, token: str) -> Resource | None:
        """The user whom a token stands for, None if it is unknown."""
        return self._one("id = (SELECT uid FROM bearychat_tokens WHERE digest = ?)", digest_of(token))

    def users(self) -> list[Resource]:
        """All users, in the order in which they came."""
        rows = self._execute("SELECT resource FROM bearychat_users ORDER BY number")
        return [json.loads(resource) for (resource,) in rows]

    def add(self, user: Resource) -> None:
        """Store a user, unless it is there."""
        self._execute(
            "INSERT OR IGNORE INTO bearychat_users (id, name, resource) VALUES (?, ?, ?)",
            (user["id"], user["name"], json.dumps(user)),
        )

    def update(self, user: Resource) -> None:
        """Store a user's new state."""
        self._execute(
            "UPDATE bearychat_users SET name = ?, resource = ? WHERE id = ?",
            (user["name"], json.dumps(user), user["id"]),
        )

    def add_token(self, token: str, uid: str) -> None:
        """Let a token stand for a user."""
        self._execute("INSERT OR REPLACE INTO bearychat_tokens VALUES (?, ?)", (digest_of(token), uid))

    def _one(self, where: str, value: str | bytes) -> Resource | None:
        row = self._execute(f"SELECT resource FROM bearychat_users WHERE {where}", (value,)).fetchone()
        return None if row is None else json.loads(row[0])
