from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate.googlechat.filters import FilterError
from rtm_sdk.gate.googlechat.sections import filtered_space

from .conftest import Chat, Person

MINE = "v1/users/me/sections"
DEFAULTS = ["default-direct-messages", "default-spaces", "default-apps"]


def create(chat: Chat, name: str) -> dict[str, Any]:
    return chat.ok("POST", MINE, {"displayName": name, "type": "CUSTOM_SECTION"})


def ids(chat: Chat) -> list[str]:
    return [each["name"].rpartition("/")[2] for each in chat.ok("GET", MINE)["sections"]]


def items(chat: Chat, section: str, **query: Any) -> list[str]:
    return [each["space"] for each in chat.ok("GET", f"{MINE}/{section}/items", **query).get("sectionItems", [])]


def test_at_first_there_are_the_default_sections(person: Person) -> None:
    ann = person()
    sections = ann.ok("GET", MINE)["sections"]
    assert [each["type"] for each in sections] == ["DEFAULT_DIRECT_MESSAGES", "DEFAULT_SPACES", "DEFAULT_APPS"]
    assert [each["sortOrder"] for each in sections] == [1, 2, 3]
    assert all(each["name"].startswith(f"{ann.name}/sections/") for each in sections)
    assert ann.fails("GET", "v1/users/1/sections")[:2] == (403, "PERMISSION_DENIED")


def test_custom_sections_come_change_and_go(person: Person) -> None:
    ann = person()
    section = create(ann, "Work")
    assert section["displayName"] == "Work" and section["type"] == "CUSTOM_SECTION" and section["sortOrder"] == 4
    path = f"v1/{section['name']}"
    changed = ann.ok("PATCH", path, {"displayName": "Play"}, updateMask="display_name")
    assert changed == {**section, "displayName": "Play"}
    assert ann.ok("GET", MINE)["sections"][3] == changed
    assert ann.ok("DELETE", path) == {}
    assert ids(ann) == DEFAULTS
    assert ann.fails("DELETE", path)[:2] == (404, "NOT_FOUND")


def test_what_is_no_section(person: Person) -> None:
    ann = person()
    section = create(ann, "x" * 80)["name"]
    for body in (
        {"displayName": "x"},
        {"displayName": "x", "type": "DEFAULT_SPACES"},
        {"type": "CUSTOM_SECTION"},
        {"displayName": " ", "type": "CUSTOM_SECTION"},
        {"displayName": "x" * 81, "type": "CUSTOM_SECTION"},
        {"displayName": "x", "type": "CUSTOM_SECTION", "colour": "red"},
    ):
        assert ann.fails("POST", MINE, body)[:2] == (400, "INVALID_ARGUMENT")
    for mask, body in (("", {"displayName": "x"}), ("type", {"displayName": "x"}), ("displayName", {})):
        assert ann.fails("PATCH", f"v1/{section}", body, updateMask=mask)[:2] == (400, "INVALID_ARGUMENT")


def test_default_sections_keep_their_names(person: Person) -> None:
    ann = person()
    path = f"{MINE}/default-spaces"
    assert ann.fails("PATCH", path, {"displayName": "x"}, updateMask="displayName")[:2] == (400, "INVALID_ARGUMENT")
    assert ann.fails("DELETE", path)[:2] == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"sortOrder": 1}, 0),
        ({"sortOrder": 2}, 1),
        ({"sort_order": "3"}, 2),
        ({"sortOrder": 99}, 3),
        ({"relativePosition": "START"}, 0),
        ({"relativePosition": 2}, 3),
    ],
)
def test_sections_move_to_a_position(person: Person, body: dict[str, Any], place: int) -> None:
    ann = person()
    section = create(ann, "moving")
    plain = section["name"].rpartition("/")[2]
    answer = ann.ok("POST", f"v1/{section['name']}:position", body)
    assert answer["section"] == {**section, "sortOrder": place + 1}
    expected = [*DEFAULTS]
    expected.insert(place, plain)
    assert ids(ann) == expected


def test_no_position(person: Person) -> None:
    ann = person()
    for body in ({}, {"sortOrder": 0}, {"sortOrder": -1}, {"sortOrder": 1, "relativePosition": "END"}):
        answer = ann.fails("POST", f"{MINE}/default-apps:position", body)
        assert answer[:2] == (400, "INVALID_ARGUMENT")


def test_18_pages_of_sections(person: Person) -> None:
    ann = person()
    for number in range(9):
        create(ann, str(number))
    first = ann.ok("GET", MINE)
    rest = ann.ok("GET", MINE, pageToken=first["nextPageToken"])
    assert [len(each["sections"]) for each in (first, rest)] == [10, 2] and "nextPageToken" not in rest
    assert len(ann.ok("GET", MINE, pageSize=1000)["sections"]) == 12
    assert ann.fails("GET", MINE, pageSize=-1)[:2] == (400, "INVALID_ARGUMENT")


def world(ann: Chat, person: Person) -> tuple[str, str, str, str]:
    """A space, a group chat, a direct message and one with the app."""
    bob, eve = person(), person()
    space = ann.ok("POST", "v1/spaces", {"spaceType": "SPACE", "displayName": f"sections {ann.name}"})["name"]
    made = []
    for kind, members in (("GROUP_CHAT", [bob, eve]), ("DIRECT_MESSAGE", [bob])):
        memberships = [{"member": {"name": each.name}} for each in members]
        made.append(ann.ok("POST", "v1/spaces:setup", {"space": {"spaceType": kind}, "memberships": memberships}))
    app = {"space": {"spaceType": "DIRECT_MESSAGE", "singleUserBotDm": True}}
    made.append(ann.ok("POST", "v1/spaces:setup", app))
    group, direct, with_app = (each["name"] for each in made)
    return space, group, direct, with_app


def test_spaces_are_in_the_section_of_their_kind(person: Person) -> None:
    ann = person()
    space, group, direct, with_app = world(ann, person)
    assert items(ann, "default-spaces") == [space]
    assert items(ann, "default-direct-messages") == [group, direct]
    assert items(ann, "default-apps") == [with_app]
    (item,) = ann.ok("GET", f"{MINE}/-/items", filter=f"space = {direct}")["sectionItems"]
    plain = direct.partition("/")[2]
    assert item == {"name": f"{ann.name}/sections/default-direct-messages/items/{plain}", "space": direct}
    assert items(ann, "default-spaces", filter=f'space = "{direct}"') == []
    assert ann.fails("GET", f"{MINE}/-/items")[:2] == (400, "INVALID_ARGUMENT")
    assert ann.fails("GET", f"{MINE}/unknown/items")[:2] == (404, "NOT_FOUND")


def test_spaces_move_to_a_section_and_fall_back(person: Person) -> None:
    ann = person()
    space, _, _, _ = world(ann, person)
    custom = create(ann, "Work")["name"]
    plain = space.partition("/")[2]
    home = f"{MINE}/default-spaces/items/{plain}"
    answer = ann.ok("POST", f"{home}:move", {"targetSection": custom})
    assert answer == {"sectionItem": {"name": f"{custom}/items/{plain}", "space": space}}
    assert items(ann, custom.rpartition("/")[2]) == [space] and items(ann, "default-spaces") == []
    assert ann.fails("POST", f"{home}:move", {"targetSection": custom})[:2] == (404, "NOT_FOUND")
    there = f"v1/{custom}/items/{plain}:move"
    for target in ("", "sections/x", f"{ann.name}/sections/default-apps", "users/me/spaces/x"):
        assert ann.fails("POST", there, {"targetSection": target})[:2] == (400, "INVALID_ARGUMENT")
    unknown = f"{ann.name}/sections/unknown"
    assert ann.fails("POST", there, {"targetSection": unknown})[:2] == (404, "NOT_FOUND")
    assert ann.fails("POST", there, {"targetSection": "users/1/sections/default-spaces"})[0] == 403
    assert ann.ok("POST", there, {"target_section": "users/me/sections/default-spaces"})
    assert items(ann, "default-spaces") == [space]
    ann.ok("POST", f"{home}:move", {"targetSection": custom})
    ann.ok("DELETE", f"v1/{custom}")
    assert items(ann, "default-spaces") == [space]


def test_18_pages_of_items(person: Person) -> None:
    ann = person()
    made = [ann.gate.google.add_space(members=[ann.name]) for _ in range(12)]
    path = f"{MINE}/default-spaces/items"
    first = ann.ok("GET", path)
    rest = ann.ok("GET", path, pageToken=first["nextPageToken"])
    assert [each["space"] for each in first["sectionItems"] + rest["sectionItems"]] == made
    assert len(first["sectionItems"]) == 10 and "nextPageToken" not in rest
    assert ann.fails("GET", path, pageSize=-1)[:2] == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    "text",
    [
        "space = AAA",
        "space != spaces/AAA",
        "name = spaces/AAA",
        "space = spaces/AAA AND space = spaces/BBB",
        "space = spaces/AAA/messages/BBB",
        "NOT space = spaces/AAA",
        "space",
    ],
)
def test_other_filters_are_refused(text: str, user: Chat) -> None:
    with pytest.raises(FilterError):
        filtered_space(text)
    assert user.fails("GET", f"{MINE}/-/items", filter=text)[:2] == (400, "INVALID_ARGUMENT")
