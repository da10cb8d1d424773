"""What the gate answers about pinned messages."""

from __future__ import annotations

from ...errors import Code
from . import stored
from .access import space_of
from .bodies import InvalidField, ignored, text
from .methods import Call, Resource, method, refusal

__all__: list[str] = []

_PIN = {"message": text, "name": ignored}
_PINS = "SELECT place, message FROM google_pins WHERE space = ? AND place > ? ORDER BY place LIMIT ?"


def _resource(message: str) -> Resource:
    return {"name": message.replace("/messages/", "/messagePins/"), "message": message}


@method("spaces.messagePins.create")
def create(call: Call) -> Resource:
    """A message that is pinned already is 409."""
    space = space_of(call, call.path["parent"])
    name = call.body(_PIN).get("message", "")
    if not name.startswith(f"{space.name}/messages/"):
        raise InvalidField("message", f"must be of the form {space.name}/messages/{{message}}")
    row = stored.find(call.store, name)
    if row is None or row.deleted is not None or row.viewer is not None:
        raise refusal(Code.NOT_FOUND, f"there is no {name}")
    added = call.store.execute(
        "INSERT OR IGNORE INTO google_pins (space, message) VALUES (?, ?)", (space.name, row.name)
    )
    if added.rowcount == 0:
        raise refusal(Code.ALREADY_EXISTS, f"{row.name} is pinned already")
    return _resource(row.name)


@method("spaces.messagePins.list")
def list_pins(call: Call) -> Resource:
    """Oldest first."""
    space = space_of(call, call.path["parent"])
    limit = call.page_size(100, 100)
    found = call.store.execute(_PINS, (space.name, call.position() or 0, limit + 1)).fetchall()
    return call.page("messagePins", found, limit, lambda pin: _resource(pin[1]), lambda pin: pin[0])


@method("spaces.messagePins.delete")
def delete(call: Call) -> Resource:
    """Any member may."""
    name = call.path["name"]
    space = space_of(call, name.partition("/messagePins/")[0])
    row = stored.find(call.store, name.replace("/messagePins/", "/messages/"))
    message = "" if row is None else row.name
    gone = call.store.execute("DELETE FROM google_pins WHERE space = ? AND message = ?", (space.name, message))
    if gone.rowcount == 0:
        raise refusal(Code.NOT_FOUND, f"there is no {name}")
    return {}
