"""What the gate answers about friends.

Users have a list of their own each: adding somebody to it does not change the other's.
"""

from __future__ import annotations

from .methods import Answer, Call, method
from .params import uid, uids

__all__: list[str] = []

MAX_FRIENDS_PER_CALL = 100

_ADD = "INSERT OR IGNORE INTO friends (pid, uid, friend) VALUES (?, ?, ?)"
_REMOVE = "DELETE FROM friends WHERE pid = ? AND uid = ? AND friend = ?"
_FRIENDS = "SELECT friend FROM friends WHERE pid = ? AND uid = ? ORDER BY friend"
_IS_FRIEND = "SELECT 1 FROM friends WHERE pid = ? AND uid = ? AND friend = ?"


@method("addfriends")
def add_friends(call: Call) -> Answer:
    """Who is a friend already stays one."""
    user, friends = uid(call.params, "uid"), uids(call.params, "friends", MAX_FRIENDS_PER_CALL)
    for friend in friends:
        call.store.execute(_ADD, (call.pid, user, friend))
    return {}


@method("delfriends")
def delete_friends(call: Call) -> Answer:
    """Who is no friend is passed over."""
    user, friends = uid(call.params, "uid"), uids(call.params, "friends", MAX_FRIENDS_PER_CALL)
    for friend in friends:
        call.store.execute(_REMOVE, (call.pid, user, friend))
    return {}


@method("getfriends")
def get_friends(call: Call) -> Answer:
    """In ascending order."""
    rows = call.store.execute(_FRIENDS, (call.pid, uid(call.params, "uid")))
    return {"uids": [friend for (friend,) in rows]}


@method("isfriend")
def is_friend(call: Call) -> Answer:
    """Whether fuid is on the list of uid."""
    return {"ok": _is_friend(call, uid(call.params, "uid"), uid(call.params, "fuid"))}


@method("isfriends")
def are_friends(call: Call) -> Answer:
    """Those of the users who are on the list of uid, in the order asked for."""
    user, others = uid(call.params, "uid"), uids(call.params, "fuids", MAX_FRIENDS_PER_CALL)
    return {"fuids": [other for other in others if _is_friend(call, user, other)]}


def _is_friend(call: Call, user: int, other: int) -> bool:
    return call.store.execute(_IS_FRIEND, (call.pid, user, other)).fetchone() is not None
