"""The rules on members and spaces (15) and on events (16), through the client against the gate."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from rtm_sdk.errors import unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat import filters
from rtm_sdk.googlechat.client import GoogleChatClient

from .chat import Raw, Space, refused, status_of

INVALID = "INVALID_ARGUMENT"
EVENT = "google.workspace.chat."


def named(space: str, what: str = "name") -> dict[str, Any]:
    return {"spaceType": "SPACE", "displayName": f"{what} of {space}"}


# --- 15 members and spaces ---------------------------------------------------------------------------------------


def test_15_1_add_members(space: Space, gate: Gate, user: GoogleChatClient) -> None:
    name = gate.google.add_user()
    added = unwrap(user.create_membership(space, {"member": {"name": name, "type": "HUMAN"}}))
    assert added["name"] == f"{space}/members/{name.partition('/')[2]}"
    assert added["state"] in ("JOINED", "INVITED")
    assert refused(user.create_membership(space, {"member": {"name": name, "type": "HUMAN"}})) == "ALREADY_EXISTS"
    group = unwrap(user.create_membership(space, {"groupMember": {"name": "groups/7"}}))
    assert group["groupMember"]["name"] == "groups/7"
    assert refused(user.create_membership(space, {})) == INVALID
    assert refused(user.create_membership("spaces/nowhere", {"member": {"name": name}})) == "NOT_FOUND"


def test_15_1_the_calling_app(gate: Gate, user: GoogleChatClient) -> None:
    space = gate.google.add_space(members=["users/1"])
    added = unwrap(user.create_membership(space, {"member": {"name": "users/app", "type": "BOT"}}))
    assert added["member"]["type"] == "BOT"


def test_15_2_remove_and_change_members(space: Space, user: GoogleChatClient, other: GoogleChatClient) -> None:
    member = f"{space}/members/2"
    assert (
        refused(other.update_membership(f"{space}/members/1", {"role": "ROLE_MEMBER"}, "role")) == "PERMISSION_DENIED"
    )
    changed = unwrap(user.update_membership(member, {"role": "ROLE_MANAGER"}, "role"))
    assert changed["role"] == "ROLE_MANAGER"
    assert refused(user.update_membership(member, {"role": "ROLE_MEMBER"}, "state")) == INVALID
    removed = unwrap(user.delete_membership(member))
    assert removed["member"]["name"] == "users/2"
    assert refused(user.get_membership(member)) == "NOT_FOUND"


def test_15_2_list_members(space: Space, gate: Gate, user: GoogleChatClient, app: GoogleChatClient, raw: Raw) -> None:
    for number in range(103):
        gate.google.add_member(space, f"users/many-{number}")
    names = {member["member"]["name"] for member in user.iter_memberships(space, page_size=10)}
    assert names >= {"users/1", "users/2", "users/1000"}
    assert len(names) == 106
    assert len(unwrap(user.list_memberships(space))["memberships"]) == 100
    assert len(unwrap(user.list_memberships(space, page_size=5000))["memberships"]) == 106
    assert refused(user.list_memberships(space, page_size=-1)) == INVALID
    assert "users/1000" not in {member["member"]["name"] for member in app.iter_memberships(space)}
    owners = filters.memberships(roles=["ROLE_MANAGER"])
    assert [member["member"]["name"] for member in user.iter_memberships(space, filter=owners)] == ["users/1"]
    apps = filters.memberships(types=["BOT"])
    assert [member["member"]["name"] for member in user.iter_memberships(space, filter=apps)] == ["users/1000"]
    both = filters.memberships(roles=["ROLE_MANAGER", "ROLE_MEMBER"], types=["HUMAN"])
    assert len(list(user.iter_memberships(space, filter=both))) == 105
    for bad in ('role = "ROLE_MEMBER" AND role = "ROLE_MANAGER"', 'name = "x"', "role = ROLE_MEMBER OR"):
        assert refused(user.list_memberships(space, filter=bad)) == INVALID
    assert status_of(raw("GET", f"v1/{space}/members", params={"showGroups": "perhaps"})) == (400, INVALID)


def test_15_2_groups_and_invited(space: Space, user: GoogleChatClient) -> None:
    unwrap(user.create_membership(space, {"groupMember": {"name": "groups/7"}}))
    with_groups = [member for member in user.iter_memberships(space, show_groups=True) if "groupMember" in member]
    assert [member["groupMember"]["name"] for member in with_groups] == ["groups/7"]
    assert not [member for member in user.iter_memberships(space) if "groupMember" in member]
    assert unwrap(user.list_memberships(space, show_invited=True))


@pytest.mark.parametrize("role", ["ROLE_MEMBER", "ROLE_MANAGER", "ROLE_ASSISTANT_MANAGER"])
def test_15_3_roles(space: Space, user: GoogleChatClient, role: Any) -> None:
    changed = unwrap(user.update_membership(f"{space}/members/2", {"role": role}, "role"))
    assert changed["role"] == role
    assert unwrap(user.get_membership(f"{space}/members/2"))["role"] == role


def test_15_4_create(space: Space, user: GoogleChatClient) -> None:
    made = unwrap(user.create_space(named(space)))
    assert (made["spaceType"], made["displayName"]) == ("SPACE", f"name of {space}")
    assert refused(user.create_space(named(space))) == "ALREADY_EXISTS"
    assert refused(user.create_space({"spaceType": "SPACE"})) == INVALID
    assert refused(user.create_space({"spaceType": "SPACE", "displayName": "x" * 129})) == INVALID
    mine = unwrap(user.get_membership(f"{made['name']}/members/1"))
    assert mine["role"] == "ROLE_MANAGER"


def test_15_4_set_up(space: Space, gate: Gate, user: GoogleChatClient) -> None:
    names = [gate.google.add_user() for _ in range(3)]
    people = [{"member": {"name": name, "type": "HUMAN"}} for name in names]
    made = unwrap(user.set_up_space(named(space, "set up"), people[:2]))
    members = {member["member"]["name"] for member in user.iter_memberships(made["name"])}
    assert members >= {"users/1", *names[:2]}
    direct = unwrap(user.set_up_space({"spaceType": "DIRECT_MESSAGE"}, people[2:]))
    assert unwrap(user.set_up_space({"spaceType": "DIRECT_MESSAGE"}, people[2:]))["name"] == direct["name"]
    many = [{"member": {"name": f"users/p{number}", "type": "HUMAN"}} for number in range(50)]
    assert refused(user.set_up_space(named(space, "many"), many)) == INVALID


def test_15_5_list(gate: Gate, user: GoogleChatClient, raw: Raw) -> None:
    with GoogleChatClient(gate.google.add_token(gate.google.add_user("users/5")), base_url=raw.url) as client:
        named_spaces = [gate.google.add_space(members=["users/5", "users/1"]) for _ in range(3)]
        empty = gate.google.add_space(space_type="DIRECT_MESSAGE", members=["users/5", "users/2"])
        direct = gate.google.add_space(space_type="DIRECT_MESSAGE", members=["users/5", "users/1"])
        group = gate.google.add_space(space_type="GROUP_CHAT", members=["users/5", "users/1"])
        for chat in (direct, group):
            unwrap(client.create_message(chat, {"text": "x"}))
        found = [each["name"] for each in client.iter_spaces(page_size=2)]
        assert sorted(found) == sorted([*named_spaces, direct, group])
        assert empty not in found
        for kinds, expected in ((("SPACE",), named_spaces), (("GROUP_CHAT", "DIRECT_MESSAGE"), [group, direct])):
            listed = [each["name"] for each in client.iter_spaces(filter=filters.spaces(*kinds))]
            assert sorted(listed) == sorted(expected)
        for bad in ('spaceType = "X"', 'spaceType = "SPACE" AND spaceType = "GROUP_CHAT"', 'name = "x"'):
            assert refused(client.list_spaces(filter=bad)) == INVALID
        assert refused(client.list_spaces(page_size=-1)) == INVALID
        snake = raw("GET", "v1/spaces", params={"filter": 'space_type = "SPACE"'})
        assert snake.status_code == 200


def test_15_5_find_direct_message(gate: Gate, user: GoogleChatClient) -> None:
    name = gate.google.add_user(email=f"{len(gate.messages())}@direct.example")
    assert refused(user.find_direct_message(name)) == "NOT_FOUND"
    direct = gate.google.add_space(space_type="DIRECT_MESSAGE", members=["users/1", name])
    assert unwrap(user.find_direct_message(name))["name"] == direct
    group = gate.google.add_space(space_type="GROUP_CHAT", members=["users/1", "users/2", name])
    found = [each["name"] for each in user.iter_find_group_chats(users=["users/2", name])]
    assert found == [group]
    assert list(user.iter_find_group_chats(users=[name])) == []


def test_15_6_patch(space: Space, user: GoogleChatClient, other: GoogleChatClient) -> None:
    changed = unwrap(user.update_space(space, {"displayName": f"new {space}"}, "display_name"))
    assert changed["displayName"] == f"new {space}"
    details = {"spaceDetails": {"description": "d", "guidelines": "g"}}
    assert unwrap(user.update_space(space, details, ["space_details"]))["spaceDetails"] == details["spaceDetails"]
    assert unwrap(user.update_space(space, {"spaceHistoryState": "HISTORY_OFF"}, "space_history_state"))
    for mask in ("space_history_state,display_name", "permission_settings.toggleHistory,display_name", "nothing"):
        assert refused(user.update_space(space, {"displayName": "x"}, mask)) == INVALID
    assert refused(other.update_space(space, {"spaceHistoryState": "HISTORY_ON"}, "name")) == INVALID
    with pytest.raises(TypeError, match="update_mask"):
        user.update_space(space, {"displayName": "x"})  # type: ignore[call-overload]


def test_15_7_delete(space: Space, user: GoogleChatClient, other: GoogleChatClient) -> None:
    message = space.post()["name"]
    assert refused(other.delete_space(space)) == "PERMISSION_DENIED"
    assert user.delete_space(space) == (None, 0)
    for outcome in (user.get_space(space), user.get_message(message), user.list_memberships(space)):
        assert refused(outcome) == "NOT_FOUND"


def test_15_8_threading_states(gate: Gate, user: GoogleChatClient, space: Space) -> None:
    assert unwrap(user.get_space(space))["spaceThreadingState"] == "THREADED_MESSAGES"
    group = gate.google.add_space(space_type="GROUP_CHAT")
    assert unwrap(user.get_space(group))["spaceThreadingState"] in ("UNTHREADED_MESSAGES", "GROUPED_MESSAGES")


# --- 16 events ---------------------------------------------------------------------------------------------------


def events(space: Space, *types: str, **times: Any) -> list[str]:
    filter = filters.space_events([f"{EVENT}{kind}" for kind in types], **times)
    return [event["eventType"].removeprefix(EVENT) for event in space.client.iter_space_events(space, filter)]


def test_16_types_and_order(space: Space) -> None:
    message = space.post()["name"]
    unwrap(space.client.update_message(message, {"text": "new"}, "text"))
    unwrap(space.client.delete_message(message))
    assert events(space, "message.v1.created") == ["message.v1.created"]
    everything = ["message.v1.created", "message.v1.updated", "message.v1.deleted"]
    assert events(space, *reversed(everything)) == everything


def test_16_the_filter_is_required(space: Space, raw: Raw) -> None:
    assert status_of(raw("GET", f"v1/{space}/spaceEvents")) == (400, INVALID)
    for bad in ("", 'event_types:"nothing"', 'start_time="2026-01-01T00:00:00Z"', "x"):
        assert refused(space.client.list_space_events(space, bad)) == INVALID


def test_16_times(space: Space) -> None:
    times = [space.post(str(number))["createTime"] for number in range(3)]
    created = "message.v1.created"
    kind = [f"{EVENT}{created}"]
    found = [event["eventTime"] for event in space.client.iter_space_events(space, filters.space_events(kind))]
    assert found == sorted(found)
    assert events(space, created, after=found[0]) == [created] * 2
    assert events(space, created, until=found[1]) == [created] * 2
    assert events(space, created, after=found[0], until=found[1]) == [created]
    assert times[0] <= found[0]


def test_16_28_days_back(space: Space, gate: Gate) -> None:
    space.post()
    gate.clock.offset = 29 * 86_400.0
    try:
        assert events(space, "message.v1.created") == []
    finally:
        gate.clock.offset = 0.0
    assert events(space, "message.v1.created") == ["message.v1.created"]
    now = datetime.now(timezone.utc)
    assert events(space, "message.v1.created", after=now - timedelta(days=27)) == ["message.v1.created"]
    old = filters.space_events([f"{EVENT}message.v1.created"], after=now - timedelta(days=29))
    assert refused(space.client.list_space_events(space, old)) == INVALID


def test_16_payloads(space: Space) -> None:
    message = space.post("old")["name"]
    unwrap(space.client.update_message(message, {"text": "new"}, "text"))
    created = filters.space_events([f"{EVENT}message.v1.created"])
    (event,) = space.client.iter_space_events(space, created)
    assert event["messageCreatedEventData"]["message"]["text"] == "new"
    assert unwrap(space.client.get_space_event(event["name"]))["name"] == event["name"]
    unwrap(space.client.delete_message(message))
    (deleted,) = space.client.iter_space_events(space, filters.space_events([f"{EVENT}message.v1.deleted"]))
    assert set(deleted["messageDeletedEventData"]["message"]) == {"name", "createTime", "deletionMetadata"}
    assert refused(space.client.get_space_event(f"{space}/spaceEvents/x")) == "NOT_FOUND"


def test_16_pages(space: Space) -> None:
    for number in range(5):
        space.post(str(number))
    created = filters.space_events([f"{EVENT}message.v1.created"])
    assert len(list(space.client.iter_space_events(space, created, page_size=2))) == 5
    assert refused(space.client.list_space_events(space, created, page_size=-1)) == INVALID
