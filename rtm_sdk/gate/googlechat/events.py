"""What the gate answers about the events of spaces: it keeps one for each change, as the service does for 28 days."""

from __future__ import annotations

import json
from typing import NamedTuple

from ...errors import Code
from ..store import Store
from . import directory, stored
from .access import space_of
from .bodies import InvalidField
from .filters import Comparison, FilterError, alternatives, field_of, parse, terms, time_of
from .methods import Call, Resource, error_info, method, refusal
from .showing import membership_resource, space_resource
from .times import rfc3339

__all__ = ["Event", "Wanted", "record", "record_memberships", "wanted"]

PREFIX = "google.workspace.chat."
"""What every event type begins with."""

_KEPT_US = 28 * 86_400 * 1_000_000
_EVER_US = 2**62
_DEFAULT_PAGE = 100
_MAX_PAGE = 1000

_VERBS = {
    "message": ("created", "updated", "deleted"),
    "membership": ("created", "updated", "deleted"),
    "reaction": ("created", "deleted"),
    "space": ("updated",),
}
_APP_READS = ("chat.app.messages.readonly", "chat.app.all.messages.readonly")
_SCOPES = {
    "message": frozenset(("chat.messages", "chat.messages.readonly", *_APP_READS)),
    "membership": frozenset(
        (
            "chat.memberships",
            "chat.memberships.readonly",
            "chat.app.memberships",
            "chat.app.memberships.readonly",
            "chat.app.all.memberships.readonly",
        )
    ),
    "reaction": frozenset(
        (
            "chat.messages",
            "chat.messages.readonly",
            "chat.messages.reactions",
            "chat.messages.reactions.readonly",
            *_APP_READS,
        )
    ),
    "space": frozenset(
        (
            "chat.spaces",
            "chat.spaces.readonly",
            "chat.app.spaces",
            "chat.app.spaces.readonly",
            "chat.app.all.spaces.readonly",
        )
    ),
}

_COLUMNS = "SELECT id, event, space, type, us, resource, payload FROM google_events"


class Event(NamedTuple):
    """An event as the store holds it."""

    id: int
    event: str
    space: str
    type: str
    us: int
    resource: str
    payload: str

    @property
    def kind(self) -> str:
        """``message``, ``membership``, ``reaction`` or ``space``."""
        return self.type.partition(".")[0]

    @property
    def verb(self) -> str:
        """``created`` and so on, of a batch as well."""
        return self.type.rpartition(".")[2].replace("batch", "").lower()


# --- keeping events ----------------------------------------------------------------------------------------------


def record(store: Store, space: str, kind: str, resource: str, us: int, payload: Resource | None = None) -> None:
    """Keep an event.

    Args:
        store: where.
        space: the name of the space.
        kind: the event type behind `PREFIX`, such as ``message.v1.created``.
        resource: the name of what it is about; its newest state is looked up when the event is read.
        us: when it was, microseconds since 1970 UTC.
        payload: what is shown when the resource is gone; left out, its name.
    """
    row = (directory.new_id(), space, kind, us, resource, json.dumps(payload or {"name": resource}))
    store.execute(
        "INSERT INTO google_events (event, space, type, us, resource, payload) VALUES (?, ?, ?, ?, ?, ?)", row
    )


def record_memberships(store: Store, space: str, verb: str, memberships: list[Resource], us: int) -> None:
    """Keep an event of one membership, or one batch event of several.

    Args:
        store: where.
        space: the name of the space.
        verb: ``created`` or ``deleted``.
        memberships: what is shown when they are gone.
        us: when it was, microseconds since 1970 UTC.
    """
    if len(memberships) == 1:
        name = memberships[0]["name"]
        record(store, space, f"membership.v1.{verb}", name, us, memberships[0])
    elif memberships:
        batch = f"membership.v1.batch{verb.capitalize()}"
        record(store, space, batch, space, us, {"memberships": memberships})


# --- showing events ----------------------------------------------------------------------------------------------


def _shown(call: Call, event: Event) -> Resource:
    first, _, last = event.type.split(".")
    field = f"{first}{last[:1].upper()}{last[1:]}EventData"
    payload = json.loads(event.payload)
    if last.startswith("batch"):
        (several,) = payload
        newest = _NEWEST[event.kind]
        data: Resource = {several: [{event.kind: newest(call, event, one)} for one in payload[several]]}
    else:
        data = {event.kind: _NEWEST[event.kind](call, event, payload)}
    return {
        "name": f"{event.space}/spaceEvents/{event.event}",
        "eventTime": rfc3339(event.us),
        "eventType": PREFIX + event.type,
        field: data,
    }


def _message(call: Call, event: Event, payload: Resource) -> Resource:
    row = stored.find(call.store, event.resource)
    if row is None:
        return payload
    shown = stored.resource(call, row)
    if row.deleted is None:
        return shown
    return {name: shown[name] for name in ("name", "createTime", "deletionMetadata") if name in shown}


def _membership(call: Call, event: Event, payload: Resource) -> Resource:
    if event.verb == "deleted":
        return payload
    plain = payload["name"].rpartition("/")[2]
    group = plain.removeprefix(directory.group_id(""))
    name = f"users/{plain}" if group == plain else f"groups/{group}"
    member = directory.find_member(call.store, event.space, name)
    if member is None:
        return {"name": payload["name"], "state": "NOT_A_MEMBER"}
    return membership_resource(call, member)


def _reaction(call: Call, event: Event, payload: Resource) -> Resource:
    return payload


def _space(call: Call, event: Event, payload: Resource) -> Resource:
    space = directory.find_space(call.store, event.space)
    assert space is not None
    return space_resource(call.store, space)


_NEWEST = {"message": _message, "membership": _membership, "reaction": _reaction, "space": _space}


# --- the methods -------------------------------------------------------------------------------------------------


class Wanted(NamedTuple):
    """What a filter of ``spaces.spaceEvents.list`` asks for.

    Attributes:
        types: event types behind `PREFIX`, batch types included.
        after_us: events later than this, microseconds since 1970 UTC; None when the filter does not say.
        until_us: events until then.
    """

    types: tuple[str, ...]
    after_us: int | None
    until_us: int


def wanted(filter_text: str) -> Wanted:
    """Read a filter. `FilterError` when it is invalid."""
    types: list[str] = []
    times: dict[str, int] = {}
    for node in terms(parse(filter_text)):
        either = alternatives(node)
        field = _field(either[0])
        where = f"at character {either[0].place + 1} of the filter"
        if field in times or (field == "event_types" and types):
            raise FilterError(f"{field} {where} comes twice", either[0].place)
        if any(_field(term) != field for term in either) or (field != "event_types" and len(either) > 1):
            raise FilterError(f"OR behind {field} {where}: it joins event types only", either[0].place)
        if field == "event_types":
            types = [name for term in either for name in _types(term)]
        else:
            times[field] = time_of(either[0]) // 1000
    if not types:
        raise FilterError('event_types:"..." is required', 0)
    return Wanted(tuple(dict.fromkeys(types)), times.get("start_time"), times.get("end_time", _EVER_US))


def _field(term: Comparison) -> str:
    fields = {
        "event_types": "event_types",
        "eventTypes": "event_types",
        "start_time": "start_time",
        "startTime": "start_time",
        "end_time": "end_time",
        "endTime": "end_time",
    }
    return field_of(term, fields, {"event_types": ":"})


def _types(term: Comparison) -> list[str]:
    """A type and the one of its batches; a batch type stands for itself."""
    known = [f"{kind}.v1.{verb}" for kind, verbs in _VERBS.items() for verb in verbs]
    name = term.value.removeprefix(PREFIX)
    if name in known and term.value != name:
        return [name, _batch(name)]
    if any(_batch(each) == name for each in known) and term.value != name:
        return [name]
    raise FilterError(
        f"the event type at character {term.value_place + 1} of the filter is unknown; known: "
        + ", ".join(PREFIX + each for each in known),
        term.value_place,
    )


def _batch(name: str) -> str:
    before, _, verb = name.rpartition(".")
    return f"{before}.batch{verb.capitalize()}"


def _check_scopes(call: Call, types: tuple[str, ...]) -> None:
    for name in types:
        kind = name.partition(".")[0]
        if not call.caller.scopes & _SCOPES[kind]:
            raise refusal(
                Code.PERMISSION_DENIED,
                f"events of the type {PREFIX}{name} need one of the scopes {', '.join(sorted(_SCOPES[kind]))}",
                error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", method=call.method.id),
            )


def _visible(call: Call, event: Event) -> bool:
    """Whether the caller may see what an event is about."""
    row = stored.find(call.store, event.resource) if event.kind == "message" else None
    return row is None or row.visible_to(call.caller.name)


@method("spaces.spaceEvents.list")
def list_events(call: Call) -> Resource:
    """Oldest first."""
    space = space_of(call, call.path["parent"])
    limit = call.page_size(_DEFAULT_PAGE, _MAX_PAGE)
    filter_text = call.text("filter")
    if not filter_text.strip():
        raise InvalidField("filter", "is required")
    asked = wanted(filter_text)
    _check_scopes(call, asked.types)
    oldest = call.now() - _KEPT_US
    if asked.after_us is not None and asked.after_us < oldest:
        raise InvalidField("filter", "start_time must be at most 28 days ago")
    after = oldest if asked.after_us is None else asked.after_us
    position = call.position(filter_text) or [after, _EVER_US]
    marks = ",".join("?" * len(asked.types))
    rows = call.store.execute(
        f"{_COLUMNS} WHERE space = ? AND us > ? AND us <= ? AND (us, id) > (?, ?) AND type IN ({marks})"
        " ORDER BY us, id",
        (space.name, after, asked.until_us, *position, *asked.types),
    )
    found: list[Event] = []
    for row in rows:
        event = Event(*row)
        if _visible(call, event):
            found.append(event)
            if len(found) > limit:
                break
    rows.close()
    return call.page(
        "spaceEvents", found, limit, lambda event: _shown(call, event), lambda event: [event.us, event.id], filter_text
    )


@method("spaces.spaceEvents.get")
def get(call: Call) -> Resource:
    """One of the last 28 days."""
    name = call.path["name"]
    space_name, _, plain = name.partition("/spaceEvents/")
    space = space_of(call, space_name)
    row = call.store.execute(
        f"{_COLUMNS} WHERE space = ? AND event = ? AND us > ?", (space.name, plain, call.now() - _KEPT_US)
    ).fetchone()
    if row is None or not _visible(call, Event(*row)):
        raise refusal(Code.NOT_FOUND, f"there is no {name}")
    event = Event(*row)
    _check_scopes(call, (event.type,))
    return _shown(call, event)
