"""Section 14 of the rules: reactions. The numbers in the names are those of the rules."""

from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate.googlechat.filters import FilterError
from rtm_sdk.gate.googlechat.reactions import wanted

from .conftest import Chat, Person
from .pictures import png

SMILE, HEART, TADA = "\N{SLIGHTLY SMILING FACE}", "\N{HEAVY BLACK HEART}\ufe0f", "\N{PARTY POPPER}"


def react(chat: Chat, message: str, unicode: str = SMILE) -> dict[str, Any]:
    return chat.ok("POST", f"v1/{message}/reactions", {"emoji": {"unicode": unicode}})


def emoji_of(answer: dict[str, Any]) -> list[str]:
    return [each["emoji"]["unicode"] for each in answer.get("reactions", [])]


def custom(chat: Chat, name: str) -> dict[str, Any]:
    payload = {"filename": "a.png", "fileContent": png(64, 64)}
    return chat.ok("POST", "v1/customEmojis", {"emojiName": name, "payload": payload})


def test_14_1_create_answers_the_reaction(user: Chat, space: str) -> None:
    message = user.create(space)["name"]
    reaction = react(user, message)
    assert reaction["name"].startswith(f"{message}/reactions/")
    assert reaction["emoji"] == {"unicode": SMILE} and reaction["user"]["name"] == "users/1"
    assert user.ok("GET", f"v1/{message}/reactions") == {"reactions": [reaction]}


def test_14_1_a_custom_emoji_is_named_by_its_uid(user: Chat, space: str) -> None:
    message = user.create(space)["name"]
    emoji = custom(user, ":rule-14-1:")
    body = {"emoji": {"custom_emoji": {"uid": emoji["uid"]}}}
    reaction = user.ok("POST", f"v1/{message}/reactions", body)
    assert reaction["emoji"] == {"customEmoji": emoji}
    unknown = {"emoji": {"customEmoji": {"uid": "unknown"}}}
    assert user.fails("POST", f"v1/{message}/reactions", unknown)[:2] == (400, "INVALID_ARGUMENT")
    user.ok("DELETE", f"v1/{emoji['name']}")
    assert user.ok("GET", f"v1/{message}/reactions")["reactions"][0]["emoji"] == {"customEmoji": {"uid": emoji["uid"]}}


def test_14_1_the_same_emoji_twice_is_409(user: Chat, space: str, person: Person) -> None:
    message = user.create(space)["name"]
    react(user, message)
    assert user.fails("POST", f"v1/{message}/reactions", {"emoji": {"unicode": SMILE}})[:2] == (409, "ALREADY_EXISTS")
    assert react(user, message, HEART)["emoji"]["unicode"] == HEART
    assert react(person(space), message)["emoji"]["unicode"] == SMILE


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"emoji": {}},
        {"emoji": {"unicode": ""}},
        {"emoji": {"unicode": "hello"}},
        {"emoji": {"unicode": f"{SMILE} {SMILE}"}},
        {"emoji": {"unicode": SMILE * 51}},
        {"emoji": {"unicode": SMILE, "customEmoji": {"uid": "x"}}},
        {"emoji": {"customEmoji": {}}},
        {"emoji": SMILE},
        {"emoji": {"unicode": SMILE}, "mood": "good"},
    ],
)
def test_14_1_what_is_no_emoji_is_refused(user: Chat, space: str, body: Any) -> None:
    message = user.create(space)["name"]
    assert user.fails("POST", f"v1/{message}/reactions", body)[:2] == (400, "INVALID_ARGUMENT")


def test_14_1_apps_cannot_react(user: Chat, app: Chat, space: str) -> None:
    message = user.create(space)["name"]
    answer = app.fails("POST", f"v1/{message}/reactions", {"emoji": {"unicode": SMILE}})
    assert answer[:2] == (403, "PERMISSION_DENIED")


def test_14_1_a_message_goes_by_its_own_id_as_well(user: Chat, space: str) -> None:
    message = user.create(space, messageId="client-reacted")["name"]
    assert react(user, f"{space}/messages/client-reacted")["name"].startswith(f"{message}/reactions/")


def test_14_1_unknown_and_deleted_messages_are_404(user: Chat, space: str) -> None:
    message = user.create(space)["name"]
    react(user, message)
    user.ok("DELETE", f"v1/{message}")
    for name in (message, f"{space}/messages/unknown"):
        assert user.fails("POST", f"v1/{name}/reactions", {"emoji": {"unicode": SMILE}})[:2] == (404, "NOT_FOUND")
        assert user.fails("GET", f"v1/{name}/reactions")[:2] == (404, "NOT_FOUND")


def test_14_2_pages_have_25_reactions_unless_asked(user: Chat, space: str) -> None:
    message = user.create(space)["name"]
    many = [chr(0x1F600 + number) for number in range(30)]
    for each in many:
        react(user, message, each)
    path = f"v1/{message}/reactions"
    first = user.ok("GET", path)
    assert emoji_of(first) == many[:25]
    rest = user.ok("GET", path, pageToken=first["nextPageToken"])
    assert emoji_of(rest) == many[25:] and "nextPageToken" not in rest
    assert emoji_of(user.ok("GET", path, pageSize=7)) == many[:7]
    assert len(emoji_of(user.ok("GET", path, pageSize=201))) == 30
    assert user.fails("GET", path, pageSize=-1)[:2] == (400, "INVALID_ARGUMENT")
    other = user.fails("GET", path, pageToken=first["nextPageToken"], filter=f'emoji.unicode = "{SMILE}"')
    assert other[:2] == (400, "INVALID_ARGUMENT")


def test_14_2_a_cap_of_200(user: Chat, space: str, person: Person) -> None:
    message = user.create(space)["name"]

    def fill(inside: Any) -> None:
        for number in range(210):
            inside.store.execute(
                "INSERT INTO google_reactions (space, message, id, user, unicode, custom) VALUES (?, ?, ?, ?, ?, '')",
                (space, message, f"filled-{number}", f"users/filled-{number}", SMILE),
            )

    door = user.gate.google
    user.gate._do(lambda: door.inside.store.turn(lambda: fill(door.inside)))
    assert len(user.ok("GET", f"v1/{message}/reactions", pageSize=1000)["reactions"]) == 200


def test_14_2_filters(user: Chat, space: str, person: Person) -> None:
    ann = person(space, email="ann.14.2@example.com")
    message = user.create(space)["name"]
    emoji = custom(user, ":rule-14-2:")
    for chat, unicode in ((user, SMILE), (user, HEART), (ann, SMILE), (ann, TADA)):
        react(chat, message, unicode)
    user.ok("POST", f"v1/{message}/reactions", {"emoji": {"customEmoji": {"uid": emoji["uid"]}}})

    def found(text: str) -> list[tuple[str, str]]:
        answer = user.ok("GET", f"v1/{message}/reactions", filter=text)
        return [(each["user"]["name"], each["emoji"].get("unicode", "")) for each in answer.get("reactions", [])]

    one, two = user.name, ann.name
    assert found(f'emoji.unicode = "{SMILE}"') == [(one, SMILE), (two, SMILE)]
    assert found(f'emoji.unicode = "{HEART}" OR emoji.unicode = "{TADA}"') == [(one, HEART), (two, TADA)]
    for field in ("emoji.custom_emoji.uid", "emoji.customEmoji.uid"):
        assert found(f'{field} = "{emoji["uid"]}"') == [(one, "")]
    assert found(f'emoji.custom_emoji.uid = "{emoji["uid"]}" OR emoji.unicode = "{TADA}"') == [(two, TADA), (one, "")]
    assert found(f'user.name = "{two}"') == [(two, SMILE), (two, TADA)]
    assert found('user.name = "users/ann.14.2@example.com"') == [(two, SMILE), (two, TADA)]
    assert len(found(f'user.name = "users/me" OR user.name = "{two}"')) == 5
    assert found(f'emoji.unicode = "{SMILE}" AND user.name = "{two}"') == [(two, SMILE)]
    either = f'(emoji.unicode = "{SMILE}" OR emoji.unicode = "{HEART}")'
    assert found(f'{either} AND user.name = "{one}"') == [(one, SMILE), (one, HEART)]
    assert found(f'(user.name = "{one}" OR user.name = "{two}") AND {either}') == found(either)
    assert found('user.name = "users/nobody"') == []


@pytest.mark.parametrize(
    "text",
    [
        'emoji.unicode = "a" AND emoji.unicode = "b"',
        'emoji.unicode = "a" AND emoji.custom_emoji.uid = "b"',
        'user.name = "users/1" AND user.name = "users/2"',
        'emoji.unicode = "a" OR user.name = "users/1"',
        'emoji.unicode = "a" OR emoji.unicode = "b" AND user.name = "users/1"',
        'user.name = "users/1" AND emoji.unicode = "a" OR emoji.unicode = "b"',
        '(emoji.unicode = "a" OR user.name = "users/1") AND user.name = "users/2"',
        '(emoji.unicode = "a" AND user.name = "users/1") OR emoji.unicode = "b"',
        'emoji.unicode != "a"',
        "emoji.unicode = a",
        'emoji.unicode = ""',
        'user.name = "1"',
        'user.name = "users/1/2"',
        'name = "x"',
        'NOT emoji.unicode = "a"',
        '(emoji.unicode = "a"',
    ],
)
def test_14_2_other_filters_are_refused(text: str, user: Chat, space: str) -> None:
    with pytest.raises(FilterError):
        wanted(text)
    message = user.create(space)["name"]
    status, name, shown = user.fails("GET", f"v1/{message}/reactions", filter=text)
    assert (status, name) == (400, "INVALID_ARGUMENT") and "filter" in shown


def test_14_3_delete_answers_nothing(user: Chat, space: str, person: Person) -> None:
    message = user.create(space)["name"]
    reaction = react(user, message)["name"]
    assert person(space).fails("DELETE", f"v1/{reaction}")[:2] == (403, "PERMISSION_DENIED")
    assert user.ok("DELETE", f"v1/{reaction}") == {}
    assert user.fails("DELETE", f"v1/{reaction}")[:2] == (404, "NOT_FOUND")
    assert user.ok("GET", f"v1/{message}/reactions") == {}
    assert react(user, message)["name"] != reaction


def test_14_4_the_message_counts_its_reactions(user: Chat, space: str, person: Person) -> None:
    ann = person(space)
    message = user.create(space)["name"]
    mine, also, heart = react(user, message), react(ann, message), react(ann, message, HEART)
    summaries = user.ok("GET", f"v1/{message}")["emojiReactionSummaries"]
    assert summaries == [
        {"emoji": {"unicode": SMILE}, "reactionCount": 2},
        {"emoji": {"unicode": HEART}, "reactionCount": 1},
    ]
    assert user.page(space)["messages"][0]["emojiReactionSummaries"] == summaries
    user.ok("DELETE", f"v1/{mine['name']}")
    ann.ok("DELETE", f"v1/{heart['name']}")
    shown = user.ok("GET", f"v1/{message}")
    assert shown["emojiReactionSummaries"] == [{"emoji": {"unicode": SMILE}, "reactionCount": 1}]
    assert "lastUpdateTime" not in shown
    ann.ok("DELETE", f"v1/{also['name']}")
    assert "emojiReactionSummaries" not in user.ok("GET", f"v1/{message}")


def test_14_4_an_edited_message_keeps_its_counts(user: Chat, space: str) -> None:
    message = user.create(space)["name"]
    react(user, message)
    user.ok("PATCH", f"v1/{message}", {"text": "edited"}, updateMask="text")
    assert user.ok("GET", f"v1/{message}")["emojiReactionSummaries"][0]["reactionCount"] == 1
