"""Section 16 of the rules: the events of a space."""

from __future__ import annotations

import time
from typing import Any

import pytest

from rtm_sdk.gate.googlechat.events import wanted
from rtm_sdk.gate.googlechat.filters import FilterError

from .conftest import Chat, Person

SMILE = "\N{SLIGHTLY SMILING FACE}"
TYPES = "google.workspace.chat."
DAY = 86_400


def of(*types: str) -> str:
    return " OR ".join(f'event_types:"{TYPES}{each}"' for each in types)


def events(chat: Chat, space: str, text: str, **more: Any) -> list[dict[str, Any]]:
    found = chat.ok("GET", f"v1/{space}/spaceEvents", filter=text, **more).get("spaceEvents", [])
    assert isinstance(found, list)
    return found


def kinds(found: list[dict[str, Any]]) -> list[str]:
    return [each["eventType"].removeprefix(TYPES) for each in found]


def test_16_the_filter_is_required(user: Chat, space: str) -> None:
    for query in ({}, {"filter": " "}, {"filter": 'start_time="2020-01-01T00:00:00Z"'}):
        answer = user.fails("GET", f"v1/{space}/spaceEvents", **query)
        assert answer[:2] == (400, "INVALID_ARGUMENT")


def test_16_messages_come_oldest_first(user: Chat, space: str) -> None:
    first, second = user.create(space, "one"), user.create(space, "two")
    user.ok("PATCH", f"v1/{first['name']}", {"text": "changed"}, updateMask="text")
    found = events(user, space, of("message.v1.created", "message.v1.updated"))
    assert kinds(found) == ["message.v1.created", "message.v1.created", "message.v1.updated"]
    data = [each.get("messageCreatedEventData") or each["messageUpdatedEventData"] for each in found]
    assert [each["message"]["name"] for each in data] == [first["name"], second["name"], first["name"]]
    times = [each["eventTime"] for each in found]
    assert times == sorted(times)
    assert all(each["name"].startswith(f"{space}/spaceEvents/") for each in found)


def test_16_payloads_hold_the_newest_state(user: Chat, space: str) -> None:
    message = user.create(space, "old")["name"]
    user.ok("PATCH", f"v1/{message}", {"text": "new"}, updateMask="text")
    (created,) = events(user, space, of("message.v1.created"))
    assert created["messageCreatedEventData"]["message"]["text"] == "new"
    assert user.ok("GET", f"v1/{created['name']}") == created


def test_16_a_deleted_message_carries_little(user: Chat, space: str) -> None:
    message = user.create(space, "gone")
    user.ok("DELETE", f"v1/{message['name']}")
    created, deleted = events(user, space, of("message.v1.created", "message.v1.deleted"))
    shown = {
        "name": message["name"],
        "createTime": message["createTime"],
        "deletionMetadata": {"deletionType": "CREATOR_VIA_APP"},
    }
    assert deleted["messageDeletedEventData"]["message"] == shown
    assert created["messageCreatedEventData"]["message"] == shown


def test_16_reactions_members_and_the_space_itself(user: Chat, space: str, person: Person) -> None:
    message = user.create(space)["name"]
    reaction = user.ok("POST", f"v1/{message}/reactions", {"emoji": {"unicode": SMILE}})
    user.ok("DELETE", f"v1/{reaction['name']}")
    ann = person()
    member = user.ok("POST", f"v1/{space}/members", {"member": {"name": ann.name}})
    user.ok("PATCH", f"v1/{member['name']}", {"role": "ROLE_MANAGER"}, updateMask="role")
    user.ok("PATCH", f"v1/{space}", {"displayName": f"events of {space}"}, updateMask="displayName")
    asked = of("reaction.v1.created", "reaction.v1.deleted", "membership.v1.created", "membership.v1.updated")
    found = events(user, space, f"{asked} OR {of('space.v1.updated', 'membership.v1.deleted')}")
    assert kinds(found) == [
        "reaction.v1.created",
        "reaction.v1.deleted",
        "membership.v1.created",
        "membership.v1.updated",
        "space.v1.updated",
    ]
    assert found[0]["reactionCreatedEventData"]["reaction"] == reaction
    assert found[1]["reactionDeletedEventData"]["reaction"] == reaction
    assert found[2]["membershipCreatedEventData"]["membership"]["role"] == "ROLE_MANAGER"
    assert found[4]["spaceUpdatedEventData"]["space"]["displayName"] == f"events of {space}"
    user.ok("DELETE", f"v1/{member['name']}")
    created, deleted = events(user, space, of("membership.v1.created", "membership.v1.deleted"))
    gone = {"name": member["name"], "state": "NOT_A_MEMBER"}
    assert deleted["membershipDeletedEventData"]["membership"] == gone
    assert created["membershipCreatedEventData"]["membership"] == gone


def test_16_batches_come_without_asking(user: Chat, person: Person) -> None:
    ann, bob = person(), person()
    body = {
        "space": {"spaceType": "SPACE", "displayName": f"batch {ann.name}"},
        "memberships": [{"member": {"name": each.name}} for each in (ann, bob)],
    }
    space = user.ok("POST", "v1/spaces:setup", body)["name"]
    for asked in ("membership.v1.created", "membership.v1.batchCreated"):
        (batch,) = events(user, space, of(asked))
        assert kinds([batch]) == ["membership.v1.batchCreated"]
        members = batch["membershipBatchCreatedEventData"]["memberships"]
        assert [each["membership"]["member"]["name"] for each in members] == [ann.name, bob.name]


def test_16_start_is_exclusive_and_end_inclusive(user: Chat, space: str) -> None:
    for _ in range(3):
        user.create(space)
    created = of("message.v1.created")
    first, second, third = (each["eventTime"] for each in events(user, space, created))
    after = events(user, space, f'start_time="{first}" AND {created}')
    assert [each["eventTime"] for each in after] == [second, third]
    until = events(user, space, f'{created} AND end_time="{second}"')
    assert [each["eventTime"] for each in until] == [first, second]
    between = events(user, space, f'start_time="{first}" AND end_time = "{second}" AND ({created})')
    assert [each["eventTime"] for each in between] == [second]


def test_16_28_days_at_most(user: Chat, space: str) -> None:
    user.create(space)
    (event,) = events(user, space, of("message.v1.created"))
    user.gate.clock.offset = 28 * DAY + 60
    try:
        assert events(user, space, of("message.v1.created")) == []
        early = f'start_time="2020-01-01T00:00:00Z" AND {of("message.v1.created")}'
        assert user.fails("GET", f"v1/{space}/spaceEvents", filter=early)[:2] == (400, "INVALID_ARGUMENT")
        assert user.fails("GET", f"v1/{event['name']}")[:2] == (404, "NOT_FOUND")
    finally:
        user.gate.clock.offset = 0
    assert user.ok("GET", f"v1/{event['name']}") == event


def test_16_pages_and_sizes(user: Chat, space: str) -> None:
    names = [user.create(space)["name"] for _ in range(5)]
    created = of("message.v1.created")
    path, seen = f"v1/{space}/spaceEvents", []
    query: dict[str, Any] = {"filter": created, "pageSize": 2}
    while True:
        answer = user.ok("GET", path, **query)
        seen += [each["messageCreatedEventData"]["message"]["name"] for each in answer["spaceEvents"]]
        if "nextPageToken" not in answer:
            break
        query["pageToken"] = answer["nextPageToken"]
    assert seen == names
    assert user.fails("GET", path, filter=created, pageSize=-1)[:2] == (400, "INVALID_ARGUMENT")
    other = user.fails("GET", path, filter=of("message.v1.updated"), pageToken=query["pageToken"])
    assert other[:2] == (400, "INVALID_ARGUMENT")


def test_16_the_scope_follows_from_the_event_type(user: Chat, space: str, person: Person) -> None:
    user.create(space)
    reader = person(space, scopes=["chat.messages.readonly"])
    (event,) = events(reader, space, of("message.v1.created"))
    for asked in (of("membership.v1.created"), of("message.v1.created", "space.v1.updated")):
        answer = reader.fails("GET", f"v1/{space}/spaceEvents", filter=asked)
        assert answer[:2] == (403, "PERMISSION_DENIED")
    members_only = person(space, scopes=["chat.memberships.readonly"])
    assert members_only.fails("GET", f"v1/{event['name']}")[:2] == (403, "PERMISSION_DENIED")


def test_16_a_private_message_makes_no_event_for_others(app: Chat, user: Chat, space: str, person: Person) -> None:
    ann = person(space)
    app.create(space, {"text": "for your eyes only", "privateMessageViewer": {"name": ann.name}})
    (event,) = events(ann, space, of("message.v1.created"))
    assert events(user, space, of("message.v1.created")) == []
    assert user.fails("GET", f"v1/{event['name']}")[:2] == (404, "NOT_FOUND")


def test_unknown_events_are_404(user: Chat, space: str) -> None:
    assert user.fails("GET", f"v1/{space}/spaceEvents/unknown")[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "text",
    [
        'event_types:"message.v1.created"',
        f'event_types:"{TYPES}message.v1.read"',
        f'event_types:"{TYPES}reaction.v1.updated"',
        f'event_types="{TYPES}message.v1.created"',
        f"{of('message.v1.created')} AND {of('message.v1.updated')}",
        f'{of("message.v1.created")} OR start_time="2020-01-01T00:00:00Z"',
        f'{of("message.v1.created")} AND start_time="yesterday"',
        f"{of('message.v1.created')} AND start_time=2020",
        f'{of("message.v1.created")} AND start_time>"2020-01-01T00:00:00Z"',
        f'start_time="2020-01-01T00:00:00Z" AND start_time="2021-01-01T00:00:00Z" AND {of("message.v1.created")}',
        f'(start_time="2020-01-01T00:00:00Z" OR end_time="2021-01-01T00:00:00Z") AND {of("message.v1.created")}',
        f"NOT {of('message.v1.created')}",
        f'{of("message.v1.created")} AND sender="users/1"',
        'end_time="2020-01-01T00:00:00Z"',
    ],
)
def test_16_other_filters_are_refused(text: str, user: Chat, space: str) -> None:
    with pytest.raises(FilterError):
        wanted(text)
    status, name, shown = user.fails("GET", f"v1/{space}/spaceEvents", filter=text)
    assert (status, name) == (400, "INVALID_ARGUMENT") and "filter" in shown


def test_times_are_compared_to_the_nanosecond() -> None:
    created = of("message.v1.created")
    asked = wanted(
        f'start_time="1970-01-01T00:00:00.0000019Z" AND end_time="1970-01-01T00:00:00.0000029Z" AND {created}'
    )
    assert (asked.after_us, asked.until_us) == (1, 2)
    assert asked.types == ("message.v1.created", "message.v1.batchCreated")
    assert wanted(created).until_us > time.time() * 1_000_000
