"""Section 9: search over all spaces."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm_sdk.gate import Gate
from rtm_sdk.gate.googlechat.filters import FilterError
from rtm_sdk.gate.googlechat.search import search_test

from .conftest import Chat, Person

PATH = "v1/spaces/-/messages:search"


def found(chat: Chat, text: str, **more: Any) -> list[str]:
    answer = chat.ok("POST", PATH, {"filter": text, **more})
    return [result["message"]["text"] for result in answer.get("results", [])]


@pytest.fixture
def word(space: str) -> str:
    """A word that no other test uses."""
    return "w" + space.partition("/")[2].replace("-", "").replace("_", "")


class TestTerms:
    def test_words_and_phrases(self, user: Chat, space: str, word: str) -> None:
        for text in ("red fox", "Fox red", "red"):
            user.create(space, f"{word} {text}")
        assert found(user, f"{word} RED fox") == [f"{word} Fox red", f"{word} red fox"]
        assert found(user, f'{word} AND "red fox"') == [f"{word} red fox"]
        assert found(user, f"{word} AND green") == []

    def test_fields(self, shared_gate: Gate, user: Chat, space: str, word: str, person: Person) -> None:
        other = person(space)
        group = shared_gate.google.add_space(space_type="GROUP_CHAT")
        first = user.create(space, f"{word} first https://example.com")
        user.create(group, f"{word} second")
        third = other.create(space, f"{word} third <users/1>")
        for term, expected in [
            (f'create_time >= "{first["createTime"]}"', "first second third"),
            (f'create_time < "{third["createTime"]}"', "first second"),
            (f'sender.name = "{other.name}"', "third"),
            (f"space.name = {space}", "first third"),
            (f'space.display_name : "{space.partition("/")[2].upper()}"', "first third"),
            ("space.space_type = GROUP_CHAT", "second"),
            ("attachment:*", ""),
            ('annotations.user_mentions.user.name:"users/1"', "third"),
            ("has_link()", "first"),
            ("is_unread()", "third"),
        ]:
            assert [text.split()[1] for text in reversed(found(user, f"{word} {term}"))] == expected.split(), term

    def test_read_state(self, user: Chat, space: str, word: str, person: Person) -> None:
        sent = person(space).create(space, word)
        assert found(user, f"{word} is_unread()") == [word]
        body = {"lastReadTime": sent["createTime"]}
        user.ok("PATCH", f"v1/users/me/{space}/spaceReadState", body, updateMask="lastReadTime")
        assert found(user, f"{word} is_unread()") == []
        answer = user.ok("POST", PATH, {"filter": word, "view": "SEARCH_MESSAGES_VIEW_FULL"})
        assert [(r["read"], r["spaceMuteSetting"]) for r in answer["results"]] == [(True, "UNMUTED")]
        answer = user.ok("POST", PATH, {"filter": word})
        assert [set(result) for result in answer["results"]] == [{"message"}]

    def test_what_is_left_out(
        self, shared_gate: Gate, user: Chat, app: Chat, space: str, word: str, person: Person
    ) -> None:
        app.create(space, f"{word} app")
        app.create(space, {"text": f"{word} private", "privateMessageViewer": {"name": "users/1"}})
        muted = shared_gate.google.add_space()
        user.create(muted, f"{word} muted")
        path = f"v1/users/me/{muted}/spaceNotificationSetting"
        user.ok("PATCH", path, {"muteSetting": "MUTED"}, updateMask="muteSetting")
        stranger = person()
        stranger.create(shared_gate.google.add_space(members=[stranger.name]), f"{word} strange")
        gone = user.create(space, f"{word} gone")["name"]
        user.ok("DELETE", f"v1/{gone}")
        user.create(space, f"{word} seen")
        assert found(user, word) == [f"{word} seen"]

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("x OR y", 3),
            ("NOT x", 1),
            ('x "y', 3),
            ("x (y)", 3),
            ("sender.name : x", 1),
            ("x nonsense.field = 1", 3),
            ('create_time > "2020-01-01T00:00:00Z"', 1),
            ("create_time < yesterday", 15),
            ("space.space_type = ROOM", 20),
            ("attachment:x", 12),
        ],
    )
    def test_faults_are_pointed_at(self, user: Chat, text: str, place: int) -> None:
        status, name, message = user.fails("POST", PATH, {"filter": text})
        assert (status, name) == (400, "INVALID_ARGUMENT")
        assert f"at character {place} of the filter" in message

    @settings(deadline=None, max_examples=200)
    @given(st.text(alphabet='ab_.<>="():\\ ANDORT*-1Z', max_size=40))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        try:
            tests, after, before = search_test(text)
        except FilterError as fault:
            assert 0 <= fault.place <= len(text)
        else:
            assert after <= before or "create_time" in text
            assert all(map(callable, tests))


class TestPages:
    def test_all_pages(self, user: Chat, space: str, word: str) -> None:
        for number in range(5):
            user.create(space, f"{word} {number}")
        texts, token = [], ""
        for _ in range(3):
            answer = user.ok("POST", PATH, {"filter": word, "pageSize": 2, "pageToken": token})
            texts += [result["message"]["text"] for result in answer["results"]]
            token = answer.get("nextPageToken", "")
        assert (texts, token) == ([f"{word} {number}" for number in (4, 3, 2, 1, 0)], "")

    def test_sizes_and_tokens(self, user: Chat, space: str, word: str) -> None:
        for _ in range(101):
            user.create(space, word)
        assert [len(found(user, word, pageSize=size)) for size in (0, 3, 1000)] == [25, 3, 100]
        token = user.ok("POST", PATH, {"filter": word})["nextPageToken"]
        for body in ({"filter": "x", "pageToken": token}, {"filter": word, "pageSize": -1}):
            assert user.fails("POST", PATH, body)[:2] == (400, "INVALID_ARGUMENT")

    def test_nothing(self, user: Chat) -> None:
        assert user.ok("POST", PATH, {"filter": "nothing-has-this-word"}) == {}

    @pytest.mark.parametrize(
        "body", [{}, {"filter": " "}, {"filter": "x" * 1001}, {"filter": "x", "orderBy": "create_time asc"}]
    )
    def test_bodies(self, user: Chat, body: Any) -> None:
        assert user.fails("POST", PATH, body)[:2] == (400, "INVALID_ARGUMENT")

    def test_order(self, user: Chat, space: str, word: str) -> None:
        user.create(space, word)
        for order in ("", "create_time desc", "createTime DESC"):
            assert found(user, word, orderBy=order) == [word]

    def test_parent(self, user: Chat, space: str) -> None:
        outcome = user.fails("POST", f"v1/{space}/messages:search", {"filter": "x"})
        assert outcome[:2] == (400, "INVALID_ARGUMENT") and "parent" in outcome[2]
