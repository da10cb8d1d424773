from __future__ import annotations

import base64
from typing import Any

import pytest
import requests

from rtm_sdk.gate.googlechat.custom_emoji import created_by_caller
from rtm_sdk.gate.googlechat.filters import FilterError

from .conftest import Chat, Person
from .pictures import gif_bytes, jpeg_bytes, png, png_bytes


def create(chat: Chat, name: str, filename: str = "a.png", content: str | None = None) -> dict[str, Any]:
    payload = {"filename": filename, "fileContent": content or png(64, 64)}
    return chat.ok("POST", "v1/customEmojis", {"emojiName": name, "payload": payload})


def names_of(answer: dict[str, Any]) -> list[str]:
    return [each["emojiName"] for each in answer.get("customEmojis", [])]


def test_a_custom_emoji_has_a_picture_that_can_be_loaded(user: Chat) -> None:
    emoji = create(user, ":good-idea:", "idea.PNG", png(100, 100))
    assert set(emoji) == {"name", "uid", "emojiName"} and emoji["name"].startswith("customEmojis/")
    shown = user.ok("GET", f"v1/{emoji['name']}")
    assert user.ok("GET", "v1/customEmojis/:good-idea:") == shown
    with requests.Session() as session:
        session.trust_env = False
        picture = session.get(shown["temporaryImageUri"], timeout=10)
    assert picture.content == png_bytes(100, 100) and picture.headers["Content-Type"] == "image/png"
    again = {"emojiName": ":good-idea:", "payload": {"filename": "a.png", "fileContent": png(64, 64)}}
    assert user.fails("POST", "v1/customEmojis", again)[:2] == (409, "ALREADY_EXISTS")
    assert user.ok("DELETE", "v1/customEmojis/:good-idea:") == {}
    assert user.fails("GET", f"v1/{emoji['name']}")[:2] == (404, "NOT_FOUND")
    assert user.fails("DELETE", f"v1/{emoji['name']}")[:2] == (404, "NOT_FOUND")
    with requests.Session() as session:
        session.trust_env = False
        assert session.get(shown["temporaryImageUri"], timeout=10).status_code == 404


def test_only_its_maker_deletes_it(user: Chat, person: Person) -> None:
    emoji = create(user, ":mine:")
    assert person().fails("DELETE", f"v1/{emoji['name']}")[:2] == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize(
    "name", ["", "x", ":X:", "::", ":a--b:", ":a-_b:", ":-a:", ":a-:", ":a b:", ":\N{LATIN SMALL LETTER E WITH ACUTE}:"]
)
def test_names_that_are_refused(user: Chat, name: str) -> None:
    body = {"emojiName": name, "payload": {"filename": "a.png", "fileContent": png(64, 64)}}
    status, code, text = user.fails("POST", "v1/customEmojis", body)
    assert (status, code) == (400, "INVALID_ARGUMENT") and "emojiName" in text


def test_18_pictures_are_square_of_64_to_500_pixels(user: Chat) -> None:
    for number, (width, height, status) in enumerate(
        [(64, 64, 200), (500, 500, 200), (63, 63, 400), (501, 501, 400), (64, 65, 400)]
    ):
        payload = {"filename": "a.png", "fileContent": png(width, height)}
        body = {"emojiName": f":size-{number}:", "payload": payload}
        assert user.send("POST", "v1/customEmojis", json=body).status_code == status


def test_18_pictures_have_256_kb_at_most(user: Chat) -> None:
    largest = png_bytes(64, 64).ljust(256 * 1024, b"\0")
    for name, content, status in ((":large:", largest, 200), (":larger:", largest + b"\0", 400)):
        payload = {"filename": "a.png", "fileContent": base64.b64encode(content).decode()}
        answer = user.send("POST", "v1/customEmojis", json={"emojiName": name, "payload": payload})
        assert answer.status_code == status


def test_pictures_are_what_their_name_says(user: Chat) -> None:
    for name, filename, content, status in (
        (":gif:", "a.gif", gif_bytes(64, 64), 200),
        (":jpg:", "a.jpeg", jpeg_bytes(64, 64), 200),
        (":png-gif:", "a.png", gif_bytes(64, 64), 400),
        (":text:", "a.gif", b"GIF", 400),
        (":bmp:", "a.bmp", png_bytes(64, 64), 400),
        (":none:", "a.png", b"", 400),
    ):
        payload = {"filename": filename, "fileContent": base64.urlsafe_b64encode(content).decode().rstrip("=")}
        answer = user.send("POST", "v1/customEmojis", json={"emojiName": name, "payload": payload})
        assert answer.status_code == status, answer.text
    for payload in ({"filename": "a.png", "fileContent": "?"}, {"filename": "a.png"}, {"fileContent": png(64, 64)}):
        body = {"emojiName": ":bad:", "payload": payload}
        assert user.fails("POST", "v1/customEmojis", body)[:2] == (400, "INVALID_ARGUMENT")


def test_filters_and_pages_of_list(person: Person) -> None:
    ann, bob = person(), person()
    for number in range(3):
        create(ann, f":list-{number}:")
    create(bob, ":list-bob:")
    assert names_of(bob.ok("GET", "v1/customEmojis", filter='creator("users/me")')) == [":list-bob:"]
    others = names_of(bob.ok("GET", "v1/customEmojis", filter='NOT creator("users/me")', pageSize=200))
    assert others[-3:] == [":list-0:", ":list-1:", ":list-2:"]
    path, own = "v1/customEmojis", 'creator("users/me")'
    first = ann.ok("GET", path, filter=own, pageSize=2)
    rest = ann.ok("GET", path, filter=own, pageSize=2, pageToken=first["nextPageToken"])
    assert names_of(first) + names_of(rest) == [":list-0:", ":list-1:", ":list-2:"] and "nextPageToken" not in rest
    assert all("temporaryImageUri" in each for each in first["customEmojis"])
    assert ann.fails("GET", path, pageToken=first["nextPageToken"])[:2] == (400, "INVALID_ARGUMENT")
    assert ann.fails("GET", path, pageSize=-1)[:2] == (400, "INVALID_ARGUMENT")
    assert person().ok("GET", path, filter=own) == {}


@pytest.mark.parametrize(
    "text",
    [
        'creator("users/1")',
        'creator = "users/me"',
        'author("users/me")',
        'creator("users/me") OR creator("users/me")',
        '(NOT creator("users/me"',
        'NOT emojiName = "x"',
    ],
)
def test_other_filters_are_refused(text: str, user: Chat) -> None:
    with pytest.raises(FilterError):
        created_by_caller(text)
    assert user.fails("GET", "v1/customEmojis", filter=text)[:2] == (400, "INVALID_ARGUMENT")
