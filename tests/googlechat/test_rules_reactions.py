"""The rules on reactions (14), through the client against the gate."""

from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.errors import unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat import filters
from rtm_sdk.googlechat.client import GoogleChatClient

from .chat import Raw, Space, refused, status_of

INVALID = "INVALID_ARGUMENT"
SMILE, THUMB, FAMILY = "\U0001f600", "\U0001f44d", "\U0001f468\u200d\U0001f469\u200d\U0001f467"
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAYAAACqaXHeAAAAVElEQVR42u3QMQEAAAgDoC251a3h4QcRaLMd"
    "ESBAgAABAgQIECBAgAABAgQIECBAgAABAgQIECBAgAABAgQIECBAgAABAgQIECBAgAABAgQIECBAwOcF9pQE"
    "Qb0BnuYAAAAASUVORK5CYII="
)


def react(client: GoogleChatClient, message: str, emoji: str) -> dict[str, Any]:
    return dict(unwrap(client.create_reaction(message, {"emoji": {"unicode": emoji}})))


@pytest.fixture
def message(space: Space, other: GoogleChatClient) -> str:
    """A message with three emojis of the user and two of another one."""
    name: str = space.post()["name"]
    for client, emojis in ((space.client, (SMILE, THUMB, FAMILY)), (other, (SMILE, FAMILY))):
        for emoji in emojis:
            react(client, name, emoji)
    return name


def found(client: GoogleChatClient, message: str, filter: str) -> set[tuple[str, str]]:
    return {
        (reaction["user"]["name"], reaction["emoji"]["unicode"])
        for reaction in client.iter_reactions(message, filter=filter)
    }


def test_14_1_create(space: Space, app: GoogleChatClient) -> None:
    name = space.post()["name"]
    reaction = react(space.client, name, SMILE)
    assert reaction["name"].startswith(f"{name}/reactions/")
    assert (reaction["user"]["name"], reaction["emoji"]) == ("users/1", {"unicode": SMILE})
    assert refused(space.client.create_reaction(name, {"emoji": {"unicode": SMILE}})) == "ALREADY_EXISTS"
    assert refused(app.create_reaction(name, {"emoji": {"unicode": SMILE}})) == "PERMISSION_DENIED"
    assert refused(space.client.create_reaction(name, {})) == INVALID
    assert refused(space.client.create_reaction(f"{space}/messages/x.x", {"emoji": {"unicode": SMILE}})) == "NOT_FOUND"


def test_14_2_default_and_cap(space: Space, raw: Raw) -> None:
    name = space.post()["name"]
    for number in range(30):
        react(space.client, name, chr(0x1F600 + number))
    first = unwrap(space.client.list_reactions(name))
    assert len(first["reactions"]) == 25
    rest = unwrap(space.client.list_reactions(name, page_token=first["nextPageToken"]))
    assert len(rest["reactions"]) == 5
    assert len(unwrap(space.client.list_reactions(name, page_size=1000))["reactions"]) == 30
    assert len(list(space.client.iter_reactions(name, page_size=7))) == 30
    assert refused(space.client.list_reactions(name, page_size=-1)) == INVALID
    assert status_of(raw("GET", f"v1/{name}/reactions", params={"pageSize": "x"})) == (400, INVALID)


def test_14_2_filters(space: Space, message: str) -> None:
    me, ann = "users/1", "users/2"
    client = space.client
    assert found(client, message, filters.reactions(unicode=[THUMB])) == {(me, THUMB)}
    assert found(client, message, filters.reactions(unicode=[SMILE, THUMB])) == {
        (me, SMILE),
        (ann, SMILE),
        (me, THUMB),
    }
    assert found(client, message, filters.reactions(users=[ann])) == {(ann, SMILE), (ann, FAMILY)}
    assert len(found(client, message, filters.reactions(users=[me, ann]))) == 5
    both = filters.reactions(unicode=[SMILE, FAMILY], users=[ann, "users/3"])
    assert both.count("(") == 2
    assert found(client, message, both) == {(ann, SMILE), (ann, FAMILY)}
    assert found(client, message, filters.reactions(custom_emojis=["none"])) == set()
    assert found(client, message, filters.reactions()) == found(client, message, "")


@pytest.mark.parametrize(
    "filter",
    [
        f'emoji.unicode = "{SMILE}" AND emoji.unicode = "{THUMB}"',
        f'emoji.unicode = "{SMILE}" OR user.name = "users/1"',
        f'emoji.unicode = "{SMILE}" OR emoji.unicode = "{THUMB}" AND user.name = "users/1"',
        f'emoji.unicode != "{SMILE}"',
        'name = "x"',
        'user.name = "users/1',
    ],
)
def test_14_2_invalid_filters(space: Space, message: str, filter: str) -> None:
    assert refused(space.client.list_reactions(message, filter=filter)) == INVALID


def test_14_3_delete(space: Space, message: str, other: GoogleChatClient) -> None:
    reaction = next(space.client.iter_reactions(message, filter=filters.reactions(users=["users/2"])))
    assert refused(space.client.delete_reaction(reaction["name"])) == "PERMISSION_DENIED"
    assert other.delete_reaction(reaction["name"]) == (None, 0)
    assert refused(other.delete_reaction(reaction["name"])) == "NOT_FOUND"


def test_14_4_summaries(space: Space, message: str) -> None:
    def counts() -> dict[str, int]:
        summaries = unwrap(space.client.get_message(message)).get("emojiReactionSummaries", [])
        return {summary["emoji"]["unicode"]: summary["reactionCount"] for summary in summaries}

    assert counts() == {SMILE: 2, THUMB: 1, FAMILY: 2}
    (mine,) = space.client.iter_reactions(message, filter=filters.reactions(unicode=[THUMB]))
    unwrap(space.client.delete_reaction(mine["name"]))
    assert counts() == {SMILE: 2, FAMILY: 2}


def test_custom_emojis(space: Space, gate: Gate, other: GoogleChatClient) -> None:
    client = space.client
    name = ":a-square:"
    emoji = {"emojiName": name, "payload": {"fileContent": PICTURE, "filename": "a.png"}}
    made = unwrap(client.create_custom_emoji(emoji))
    assert unwrap(client.get_custom_emoji(f"customEmojis/{name}"))["uid"] == made["uid"]
    assert refused(client.create_custom_emoji(emoji)) == "ALREADY_EXISTS"
    message = space.post()["name"]
    unwrap(client.create_reaction(message, {"emoji": {"customEmoji": {"uid": made["uid"]}}}))
    (reaction,) = client.iter_reactions(message, filter=filters.reactions(custom_emojis=[made["uid"]]))
    assert reaction["emoji"]["customEmoji"]["uid"] == made["uid"]
    for mine, expected in ((True, True), (False, False)):
        listed = [each["uid"] for each in client.iter_custom_emojis(filter=filters.custom_emojis(mine=mine))]
        assert (made["uid"] in listed) is expected
    assert refused(client.list_custom_emojis(filter='creator("users/2")')) == INVALID
    assert refused(other.delete_custom_emoji(made["name"])) == "PERMISSION_DENIED"
    assert client.delete_custom_emoji(made["name"]) == (None, 0)
    assert refused(client.get_custom_emoji(made["name"])) == "NOT_FOUND"
