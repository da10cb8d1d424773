"""What the gate answers about the sections of a user's sidebar, and the spaces in them."""

from __future__ import annotations

from typing import NamedTuple

from ...errors import Code
from ..store import Store
from . import directory
from .access import own, space_of
from .bodies import InvalidField, enum, ignored, int32, text
from .directory import Space
from .filters import Comparison, FilterError, field_of, parse, wrong_value
from .masks import masked
from .methods import Call, Resource, method, refusal

__all__ = ["TABLES", "filtered_space"]

TABLES = """
CREATE TABLE IF NOT EXISTS google_sections (
    user TEXT, id TEXT, type TEXT NOT NULL, display_name TEXT NOT NULL, sort_order INTEGER NOT NULL,
    PRIMARY KEY (user, id)) WITHOUT ROWID;
"""

MAX_DISPLAY_NAME = 80

_DEFAULTS = {
    "default-direct-messages": "DEFAULT_DIRECT_MESSAGES",
    "default-spaces": "DEFAULT_SPACES",
    "default-apps": "DEFAULT_APPS",
}
_SECTION = {
    "displayName": text,
    "name": ignored,
    "sortOrder": ignored,
    "type": enum("SECTION_TYPE_UNSPECIFIED", "CUSTOM_SECTION", *_DEFAULTS.values()),
}
_POSITION = {"relativePosition": enum("POSITION_UNSPECIFIED", "START", "END"), "sortOrder": int32}
_MOVE = {"targetSection": text}


class _Section(NamedTuple):
    user: str
    id: str
    type: str
    display_name: str
    sort_order: int

    @property
    def name(self) -> str:
        return f"{self.user}/sections/{self.id}"

    def resource(self) -> Resource:
        found: Resource = {"name": self.name, "type": self.type, "sortOrder": self.sort_order}
        if self.display_name:
            found["displayName"] = self.display_name
        return found


def _sections(store: Store, user: str) -> list[_Section]:
    """The sections of a user in their order; the default ones come into being with the first look."""
    sql = "SELECT user, id, type, display_name, sort_order FROM google_sections WHERE user = ? ORDER BY sort_order"
    found = [_Section(*row) for row in store.execute(sql, (user,))]
    if not found:
        found = [_Section(user, each, kind, "", place) for place, (each, kind) in enumerate(_DEFAULTS.items(), 1)]
        _put_in_order(store, found)
    return found


def _put_in_order(store: Store, sections: list[_Section]) -> None:
    for place, section in enumerate(sections, 1):
        store.execute(
            "INSERT OR REPLACE INTO google_sections (user, id, type, display_name, sort_order) VALUES (?, ?, ?, ?, ?)",
            section._replace(sort_order=place),
        )


def _find(call: Call, name: str) -> tuple[list[_Section], _Section]:
    """All sections of the caller, and the one of a name; otherwise 404."""
    sections = _sections(call.store, own(call, name))
    plain = name.split("/")[3]
    for section in sections:
        if section.id == plain:
            return sections, section
    raise refusal(Code.NOT_FOUND, f"there is no {name}")


def _custom(section: _Section) -> None:
    if section.type != "CUSTOM_SECTION":
        raise InvalidField("name", f"{section.name} is a {section.type}; only a CUSTOM_SECTION can be changed")


def _display_name(body: Resource) -> str:
    shown: str = body.get("displayName", "")
    if not shown.strip() or len(shown) > MAX_DISPLAY_NAME:
        raise InvalidField("displayName", f"is required, with at most {MAX_DISPLAY_NAME} characters")
    return shown


@method("users.sections.create")
def create(call: Call) -> Resource:
    """A section of one's own, behind the others."""
    user = own(call, call.path["parent"])
    body = call.body(_SECTION)
    if body.get("type") != "CUSTOM_SECTION":
        raise InvalidField("type", "must be CUSTOM_SECTION")
    sections = _sections(call.store, user)
    section = _Section(user, directory.new_id(), "CUSTOM_SECTION", _display_name(body), len(sections) + 1)
    _put_in_order(call.store, [*sections, section])
    return section.resource()


@method("users.sections.list")
def list_sections(call: Call) -> Resource:
    """In their order, the default ones included."""
    sections = _sections(call.store, own(call, call.path["parent"]))
    limit = call.page_size(10, 100)
    position = call.position() or 0
    found = [section for section in sections if section.sort_order > position]
    return call.page("sections", found, limit, _Section.resource, lambda section: section.sort_order)


@method("users.sections.patch")
def patch(call: Call) -> Resource:
    """Another name for a custom section."""
    _, section = _find(call, call.path["name"])
    body = call.body(_SECTION)
    masked(call.text("updateMask"), ("displayName",))
    _custom(section)
    section = section._replace(display_name=_display_name(body))
    call.store.execute(
        "UPDATE google_sections SET display_name = ? WHERE user = ? AND id = ?",
        (section.display_name, section.user, section.id),
    )
    return section.resource()


@method("users.sections.delete")
def delete(call: Call) -> Resource:
    """What was in a custom section is in the default ones again."""
    sections, section = _find(call, call.path["name"])
    _custom(section)
    which = (section.user, section.id)
    call.store.execute("DELETE FROM google_section_items WHERE user = ? AND section = ?", which)
    call.store.execute("DELETE FROM google_sections WHERE user = ? AND id = ?", which)
    sections.remove(section)
    _put_in_order(call.store, sections)
    return {}


@method("users.sections.position")
def position(call: Call) -> Resource:
    """To a place counted from 1; past the end is the end."""
    sections, section = _find(call, call.path["name"])
    body = call.body(_POSITION)
    if ("relativePosition" in body) == ("sortOrder" in body):
        raise InvalidField("position", "exactly one of sortOrder and relativePosition is required")
    named = {"START": 1, "END": len(sections)}
    place: int = named[body["relativePosition"]] if "relativePosition" in body else body["sortOrder"]
    if place < 1:
        raise InvalidField("sortOrder", "must be at least 1")
    place = min(place, len(sections))
    sections.remove(section)
    sections.insert(place - 1, section)
    _put_in_order(call.store, sections)
    return {"section": section._replace(sort_order=place).resource()}


# --- what is in them ---------------------------------------------------------------------------------------------


def _default_of(space: Space) -> str:
    if space.resource.get("singleUserBotDm"):
        return "default-apps"
    return "default-spaces" if space.type == "SPACE" else "default-direct-messages"


def _item(user: str, section: str, space: Space) -> Resource:
    plain = space.name.partition("/")[2]
    return {"name": f"{user}/sections/{section}/items/{plain}", "space": space.name}


def filtered_space(filter_text: str) -> str | None:
    """The space a filter of ``users.sections.items.list`` asks for; None for all. `FilterError` when it is invalid."""
    node = parse(filter_text)
    if node is None:
        return None
    if not isinstance(node, Comparison):
        raise FilterError("the filter must be space = spaces/{space}", node.place)
    field_of(node, {"space": "space"})
    collection, _, plain = node.value.partition("/")
    if collection != "spaces" or not plain or "/" in plain:
        raise wrong_value(node, "must be of the form spaces/{space}")
    return node.value


@method("users.sections.items.list")
def list_items(call: Call) -> Resource:
    """The spaces the caller has joined. With a filter ``-`` stands for all sections."""
    parent = call.path["parent"]
    user = own(call, parent)
    filter_text = call.text("filter")
    only = filtered_space(filter_text)
    if parent.endswith("/sections/-"):
        if only is None:
            raise InvalidField("parent", "the section - needs a filter by space")
        wanted = None
    else:
        wanted = _find(call, parent)[1].id
    limit = call.page_size(10, 100)
    after = call.position(filter_text) or 0
    moved = dict(call.store.execute("SELECT space, section FROM google_section_items WHERE user = ?", (user,)))
    found = []
    types = ("SPACE", "GROUP_CHAT", "DIRECT_MESSAGE")
    for space in directory.spaces_of(call.store, user, types, after, silent=True):
        section = moved.get(space.name) or _default_of(space)
        if only in (None, space.name) and wanted in (None, section):
            found.append((space.place, _item(user, section, space)))
    return call.page("sectionItems", found, limit, lambda each: each[1], lambda each: each[0], filter_text)


@method("users.sections.items.move")
def move(call: Call) -> Resource:
    """To a section of one's own, or back to the default one of that kind of space."""
    name = call.path["name"]
    _, section = _find(call, name)
    space = space_of(call, f"spaces/{name.split('/')[5]}")
    key = (section.user, space.name)
    row = call.store.execute("SELECT section FROM google_section_items WHERE user = ? AND space = ?", key).fetchone()
    if section.id != (row[0] if row else _default_of(space)):
        raise refusal(Code.NOT_FOUND, f"there is no {name}")
    target = call.body(_MOVE).get("targetSection", "")
    if target.count("/") != 3 or not target.startswith("users/") or target.split("/")[2] != "sections":
        raise InvalidField("targetSection", "must be of the form users/{user}/sections/{section}")
    _, to = _find(call, target)
    if to.type == "CUSTOM_SECTION":
        call.store.execute(
            "INSERT OR REPLACE INTO google_section_items (user, space, section) VALUES (?, ?, ?)", (*key, to.id)
        )
    elif to.id == _default_of(space):
        call.store.execute("DELETE FROM google_section_items WHERE user = ? AND space = ?", key)
    else:
        raise InvalidField("targetSection", f"{to.type} does not take {space.name}")
    return {"sectionItem": _item(section.user, to.id, space)}
