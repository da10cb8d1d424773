from __future__ import annotations

from typing import Any

from .conftest import Chat, Person


def test_a_pin_is_named_after_its_message(user: Chat, space: str) -> None:
    message = user.create(space)["name"]
    pin = user.ok("POST", f"v1/{space}/messagePins", {"message": message})
    assert pin == {"name": message.replace("/messages/", "/messagePins/"), "message": message}
    assert user.ok("GET", f"v1/{space}/messagePins") == {"messagePins": [pin]}
    again = user.fails("POST", f"v1/{space}/messagePins", {"message": message})
    assert again[:2] == (409, "ALREADY_EXISTS")
    assert user.ok("DELETE", f"v1/{pin['name']}") == {}
    assert user.fails("DELETE", f"v1/{pin['name']}")[:2] == (404, "NOT_FOUND")
    assert user.ok("GET", f"v1/{space}/messagePins") == {}


def test_a_message_is_pinned_by_its_own_id_as_well(user: Chat, space: str) -> None:
    message = user.create(space, messageId="client-pinned")["name"]
    pin = user.ok("POST", f"v1/{space}/messagePins", {"message": f"{space}/messages/client-pinned"})
    assert pin["message"] == message


def test_a_deleted_message_is_not_pinned(user: Chat, space: str) -> None:
    message = user.create(space)["name"]
    user.ok("POST", f"v1/{space}/messagePins", {"message": message})
    user.ok("DELETE", f"v1/{message}")
    assert user.ok("GET", f"v1/{space}/messagePins") == {}
    assert user.fails("POST", f"v1/{space}/messagePins", {"message": message})[:2] == (404, "NOT_FOUND")


def test_what_cannot_be_pinned(user: Chat, app: Chat, space: str, person: Person) -> None:
    path = f"v1/{space}/messagePins"
    elsewhere = user.create(user.gate.google.add_space())["name"]
    bodies: list[Any] = [{}, {"message": "messages/1"}, {"message": elsewhere}]
    for body in bodies:
        assert user.fails("POST", path, body)[:2] == (400, "INVALID_ARGUMENT")
    message = user.create(space)["name"]
    assert user.fails("POST", path, {"message": message, "colour": "red"})[:2] == (400, "INVALID_ARGUMENT")
    assert person().fails("POST", path, {"message": message})[:2] == (403, "PERMISSION_DENIED")
    assert app.fails("POST", path, {"message": message})[:2] == (403, "PERMISSION_DENIED")
    assert person(space).ok("POST", path, {"message": message})


def test_18_pages_have_100_pins_at_most(user: Chat, space: str) -> None:
    messages = [f"{space}/messages/{number:03}" for number in range(105)]
    store = user.gate.google.inside.store

    def fill() -> None:
        for message in messages:
            store.execute("INSERT INTO google_pins (space, message) VALUES (?, ?)", (space, message))

    user.gate._do(lambda: store.turn(fill))
    path = f"v1/{space}/messagePins"
    first = user.ok("GET", path, pageSize=1000)
    assert [pin["message"] for pin in first["messagePins"]] == messages[:100]
    rest = user.ok("GET", path, pageToken=first["nextPageToken"])
    assert [pin["message"] for pin in rest["messagePins"]] == messages[100:] and "nextPageToken" not in rest
    assert user.fails("GET", path, pageSize=-1)[:2] == (400, "INVALID_ARGUMENT")
