"""What the gate answers about how far users have read."""

from __future__ import annotations

from ...errors import Code
from . import stored
from .access import own_space
from .bodies import InvalidField, ignored, timestamp
from .masks import masked
from .methods import Call, Resource, method, refusal
from .times import rfc3339

__all__: list[str] = []

_READ_STATE = {"lastReadTime": timestamp, "name": ignored}
_NEWEST = (
    "SELECT max(created) FROM google_messages WHERE space = ? AND reply = 0 AND deleted IS NULL"
    " AND (viewer IS NULL OR viewer = ? OR sender = ?)"
)
_NEWEST_OF_MINE = "SELECT max(created) FROM google_messages WHERE space = ? AND thread = ? AND sender = ?"


def _read_state(user: str, space: str, us: int | None) -> Resource:
    answer: Resource = {"name": f"{user}/{space}/spaceReadState"}
    if us is not None:
        answer["lastReadTime"] = rfc3339(us)
    return answer


@method("users.spaces.getSpaceReadState")
def get_space_read_state(call: Call) -> Resource:
    """Without a time as long as the caller has read nothing."""
    user, space = own_space(call)
    row = call.store.execute("SELECT us FROM google_reads WHERE user = ? AND space = ?", (user, space.name)).fetchone()
    return _read_state(user, space.name, None if row is None else row[0])


@method("users.spaces.updateSpaceReadState")
def update_space_read_state(call: Call) -> Resource:
    """A time behind the newest message that starts a thread is pulled back to it."""
    user, space = own_space(call)
    body = call.body(_READ_STATE)
    masked(call.text("updateMask"), ("lastReadTime",))
    us = body.get("lastReadTime")
    if us is None:
        raise InvalidField("lastReadTime", "is required")
    newest = call.store.execute(_NEWEST, (space.name, user, user)).fetchone()[0]
    us = min(us, space.created_us if newest is None else newest)
    call.store.execute("INSERT OR REPLACE INTO google_reads (user, space, us) VALUES (?, ?, ?)", (user, space.name, us))
    return _read_state(user, space.name, us)


@method("users.spaces.threads.getThreadReadState")
def get_thread_read_state(call: Call) -> Resource:
    """Until the caller's own newest message there: no method says that somebody has read a thread."""
    user, space = own_space(call)
    thread = "/".join(call.path["name"].split("/")[2:6])
    if not stored.thread_exists(call.store, thread):
        raise refusal(Code.NOT_FOUND, f"there is no {thread}")
    (us,) = call.store.execute(_NEWEST_OF_MINE, (space.name, thread, user)).fetchone()
    answer: Resource = {"name": f"{user}/{thread}/threadReadState"}
    if us is not None:
        answer["lastReadTime"] = rfc3339(us)
    return answer
