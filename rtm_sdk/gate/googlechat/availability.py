"""What the gate answers about the presence of users."""

from __future__ import annotations

from typing import Any

from ..store import Store
from .access import own
from .bodies import InvalidField, duration, enum, ignored, record, text, timestamp
from .masks import masked
from .methods import Call, Resource, method
from .reactions import EMOJI, emoji_of, emoji_resource
from .times import rfc3339

__all__ = ["TABLES"]

TABLES = """
CREATE TABLE IF NOT EXISTS google_availability (
    user TEXT PRIMARY KEY, state TEXT, until_us INTEGER, text TEXT, unicode TEXT, custom TEXT,
    status_until_us INTEGER) WITHOUT ROWID;
"""

MAX_STATUS = 64

_EXPIRY = {"expireTime": timestamp, "ttl": duration}
_AVAILABILITY = {
    "customStatus": record({"emoji": record(EMOJI), "text": text, **_EXPIRY}),
    "doNotDisturbMetadata": ignored,
    "name": ignored,
    "state": enum("STATE_UNSPECIFIED", "ACTIVE", "IDLE", "AWAY", "DO_NOT_DISTURB"),
}
_LATEST_US = 253_402_300_799_000_000


def _expiry(call: Call, body: Resource, path: str) -> int | None:
    """When something ends, microseconds since 1970 UTC; None for never."""
    if "expireTime" in body and "ttl" in body:
        raise InvalidField(f"{path}ttl", "excludes expireTime")
    until: int | None = body.get("expireTime")
    if "ttl" in body:
        until = call.now() + body["ttl"]
    if until is not None and not call.now() < until <= _LATEST_US:
        raise InvalidField(f"{path}{'ttl' if 'ttl' in body else 'expireTime'}", "must end in the future")
    return until


def _resource(call: Call, user: str) -> Resource:
    """The presence of a user as it is now: away unless the user said otherwise."""
    now = call.now()
    answer: Resource = {"name": f"{user}/availability", "state": "AWAY"}
    row = call.store.execute(
        "SELECT state, until_us, text, unicode, custom, status_until_us FROM google_availability WHERE user = ?",
        (user,),
    ).fetchone()
    if row is None:
        return answer
    state, until, shown, unicode, custom, status_until = row
    if state is not None and (until is None or until > now):
        answer["state"] = state
        if state == "DO_NOT_DISTURB" and until is not None:
            answer["doNotDisturbMetadata"] = {"expirationTime": rfc3339(until)}
    if shown is not None and (status_until is None or status_until > now):
        answer["customStatus"] = {"emoji": emoji_resource(call.store, unicode, custom), "text": shown}
        if status_until is not None:
            answer["customStatus"]["expireTime"] = rfc3339(status_until)
    return answer


def _change(store: Store, user: str, **columns: Any) -> None:
    store.execute("INSERT OR IGNORE INTO google_availability (user) VALUES (?)", (user,))
    names = ", ".join(f"{name} = ?" for name in columns)
    store.execute(f"UPDATE google_availability SET {names} WHERE user = ?", (*columns.values(), user))


@method("users.availability.get")
def get(call: Call) -> Resource:
    """The caller's own."""
    return _resource(call, own(call, call.path["name"]))


@method("users.availability.patch")
def patch(call: Call) -> Resource:
    """Another custom status, or none."""
    user = own(call, call.path["name"])
    body = call.body(_AVAILABILITY)
    masked(call.text("updateMask"), ("customStatus",))
    status = body.get("customStatus")
    if status is None:
        _change(call.store, user, text=None, status_until_us=None)
        return _resource(call, user)
    shown = status.get("text", "")
    if not shown.strip() or len(shown) > MAX_STATUS:
        raise InvalidField("customStatus.text", f"is required, with at most {MAX_STATUS} characters")
    unicode, custom = emoji_of(call, status.get("emoji", {}), "customStatus.emoji")
    until = _expiry(call, status, "customStatus.")
    _change(call.store, user, text=shown, unicode=unicode, custom=custom, status_until_us=until)
    return _resource(call, user)


def _mark(call: Call, state: str, body: Resource) -> Resource:
    user = own(call, call.path["name"])
    _change(call.store, user, state=state, until_us=_expiry(call, body, ""))
    return _resource(call, user)


@method("users.availability.markAsActive")
def mark_as_active(call: Call) -> Resource:
    """Until a time, for a duration, or until something else is said."""
    return _mark(call, "ACTIVE", call.body(_EXPIRY))


@method("users.availability.markAsAway")
def mark_as_away(call: Call) -> Resource:
    """Until something else is said."""
    return _mark(call, "AWAY", call.body({}))


@method("users.availability.markAsDoNotDisturb")
def mark_as_do_not_disturb(call: Call) -> Resource:
    """Until a time, for a duration, or until something else is said."""
    return _mark(call, "DO_NOT_DISTURB", call.body(_EXPIRY))
