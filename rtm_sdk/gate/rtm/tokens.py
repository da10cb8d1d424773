"""What the gate answers about the tokens end users log in with. The store holds only their hashes."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe

from ..store import Store
from .methods import Answer, Call, method
from .params import uid

__all__ = ["token_is_valid"]

_ADD = "INSERT INTO tokens (pid, uid, digest) VALUES (?, ?, ?)"
_REMOVE = "DELETE FROM tokens WHERE pid = ? AND uid = ?"
_FIND = "SELECT 1 FROM tokens WHERE pid = ? AND uid = ? AND digest = ?"


@method("gettoken")
def get_token(call: Call) -> Answer:
    """A new token; those the user has stay valid."""
    user, token = uid(call.params, "uid"), token_urlsafe(24)
    call.store.execute(_ADD, (call.pid, user, sha256(token.encode()).digest()))
    return {"token": token}


@method("removetoken")
def remove_token(call: Call) -> Answer:
    """All tokens of the user."""
    call.store.execute(_REMOVE, (call.pid, uid(call.params, "uid")))
    return {}


def token_is_valid(store: Store, pid: int, user: int, token: str) -> bool:
    """Whether a user may log in with a token."""
    return store.execute(_FIND, (pid, user, sha256(token.encode()).digest())).fetchone() is not None
