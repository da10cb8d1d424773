"""Section 15 of the rules: spaces. The numbers in the names are those of the rules."""

from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate import Gate
from rtm_sdk.gate.googlechat.filters import FilterError
from rtm_sdk.gate.googlechat.spaces import listed_types, search_test

from .conftest import Chat, Person

DAY = 86_400


def new_space(chat: Chat, name: str, **more: Any) -> dict[str, Any]:
    return chat.ok("POST", "v1/spaces", {"spaceType": "SPACE", "displayName": name, **more})


def setup(chat: Chat, kind: str, *members: str, **space: Any) -> dict[str, Any]:
    memberships = [{"member": {"name": name, "type": "HUMAN"}} for name in members]
    return chat.ok("POST", "v1/spaces:setup", {"space": {"spaceType": kind, **space}, "memberships": memberships})


# --- spaces.create -----------------------------------------------------------------------------------------------


def test_15_4_create_makes_a_space_with_its_maker_as_owner(user: Chat) -> None:
    space = new_space(user, "15.4 create", spaceDetails={"description": "what", "guidelines": "how"})
    assert space["name"].startswith("spaces/")
    assert space["spaceType"] == "SPACE" and space["displayName"] == "15.4 create" and space["type"] == "ROOM"
    assert space["spaceThreadingState"] == "THREADED_MESSAGES" and space["spaceHistoryState"] == "HISTORY_ON"
    assert space["spaceDetails"] == {"description": "what", "guidelines": "how"}
    assert space["membershipCount"] == {"joinedDirectHumanUserCount": 1}
    assert space["accessSettings"] == {"accessState": "PRIVATE"}
    assert space["permissionSettings"]["postMessages"]["membersAllowed"] is True
    assert "importMode" not in space and "lastActiveTime" not in space
    assert user.ok("GET", f"v1/{space['name']}") == space
    (member,) = user.ok("GET", f"v1/{space['name']}/members")["memberships"]
    assert member["role"] == "ROLE_MANAGER" and member["member"]["name"] == "users/1"


def test_15_4_a_display_name_that_is_taken_is_409(user: Chat, person: Person) -> None:
    new_space(user, "15.4 taken")
    answer = person().fails("POST", "v1/spaces", {"spaceType": "SPACE", "displayName": "15.4 taken"})
    assert answer[:2] == (409, "ALREADY_EXISTS")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "spaceType"),
        ({"spaceType": "SPACE"}, "displayName"),
        ({"spaceType": "SPACE", "displayName": "  "}, "displayName"),
        ({"spaceType": "SPACE", "displayName": "x" * 129}, "displayName"),
        ({"spaceType": "SPACE", "displayName": "x", "spaceDetails": {"description": "x" * 4097}}, "description"),
        ({"spaceType": "SPACE", "displayName": "x", "spaceDetails": {"guidelines": "x" * 5001}}, "guidelines"),
        ({"spaceType": "GROUP_CHAT"}, "spaceType"),
        ({"spaceType": "DIRECT_MESSAGE"}, "spaceType"),
        ({"spaceType": "ROOM", "displayName": "x"}, "spaceType"),
        ({"spaceType": 9, "displayName": "x"}, "spaceType"),
        ({"spaceType": "SPACE", "displayName": 5}, "displayName"),
        ({"spaceType": "SPACE", "displayName": "x", "colour": "red"}, "colour"),
        ({"spaceType": "SPACE", "displayName": "x", "display_name": "y"}, "displayName"),
        ({"spaceType": "SPACE", "displayName": "x", "spaceDetails": "what"}, "spaceDetails"),
        (
            {
                "spaceType": "SPACE",
                "displayName": "x",
                "permissionSettings": {},
                "predefinedPermissionSettings": "ANNOUNCEMENT_SPACE",
            },
            "permissionSettings",
        ),
    ],
)
def test_15_4_create_refuses_what_makes_no_space(user: Chat, body: dict[str, Any], field: str) -> None:
    status, name, text = user.fails("POST", "v1/spaces", body)
    assert (status, name) == (400, "INVALID_ARGUMENT") and field in text


def test_18_a_display_name_may_have_128_characters(user: Chat) -> None:
    assert len(new_space(user, "18 " + "ä" * 125)["displayName"]) == 128


def test_1_4_input_takes_snake_case_and_numbers_for_enums(user: Chat) -> None:
    space = user.ok("POST", "v1/spaces", {"space_type": 1, "display_name": "1.4", "space_history_state": 1})
    assert space["spaceHistoryState"] == "HISTORY_OFF"


def test_4_3_a_repeated_request_id_makes_no_second_space(user: Chat, person: Person) -> None:
    body = {"spaceType": "SPACE", "displayName": "4.3"}
    first = user.ok("POST", "v1/spaces", body, requestId="4.3-create")
    assert user.ok("POST", "v1/spaces", {"spaceType": "SPACE", "displayName": "else"}, requestId="4.3-create") == first
    answer = person().fails("POST", "v1/spaces", body, requestId="4.3-create")
    assert answer[:2] == (400, "INVALID_ARGUMENT")
    assert user.fails("POST", "v1/spaces", body, requestId="x" * 256)[0] == 400


def test_an_app_names_the_customer_of_its_space(app: Chat) -> None:
    body = {"spaceType": "SPACE", "displayName": "an app's"}
    assert "customer" in app.fails("POST", "v1/spaces", body)[2]
    assert app.ok("POST", "v1/spaces", {**body, "customer": "customers/my_customer"})["customer"]


def test_in_an_announcement_space_only_managers_do_things(user: Chat, person: Person) -> None:
    space = new_space(user, "announcements", predefinedPermissionSettings="ANNOUNCEMENT_SPACE")
    assert "membersAllowed" not in space["permissionSettings"]["postMessages"]
    member = person(space["name"])
    added = {"member": {"name": person().name}}
    assert member.fails("POST", f"v1/{space['name']}/members", added)[:2] == (403, "PERMISSION_DENIED")
    assert member.fails("PATCH", f"v1/{space['name']}", {"displayName": "x"}, updateMask="displayName")[0] == 403
    assert user.ok("POST", f"v1/{space['name']}/members", added)


# --- spaces.setup ------------------------------------------------------------------------------------------------


def test_15_4_setup_makes_a_space_with_its_members(user: Chat, person: Person) -> None:
    ann, bob = person(), person()
    space = setup(user, "SPACE", ann.name, bob.name, displayName="15.4 setup")
    assert space["membershipCount"] == {"joinedDirectHumanUserCount": 3}
    assert ann.ok("GET", f"v1/{space['name']}")["displayName"] == "15.4 setup"


def test_15_4_setup_returns_a_direct_message_that_is_there(user: Chat, person: Person) -> None:
    ann = person()
    first = setup(user, "DIRECT_MESSAGE", ann.name)
    assert first["spaceType"] == "DIRECT_MESSAGE" and "displayName" not in first
    assert first["spaceThreadingState"] == "UNTHREADED_MESSAGES"
    assert setup(user, "DIRECT_MESSAGE", ann.name)["name"] == first["name"]
    assert setup(ann, "DIRECT_MESSAGE", user.name)["name"] == first["name"]


def test_15_4_setup_with_nobody_is_the_direct_message_with_the_app(person: Person) -> None:
    body = {"space": {"spaceType": "DIRECT_MESSAGE", "singleUserBotDm": True}}
    ann = person()
    space = ann.ok("POST", "v1/spaces:setup", body)
    assert space["singleUserBotDm"] is True and space["type"] == "DM"
    assert ann.ok("GET", "v1/spaces:findDirectMessage", name="users/app")["name"] == space["name"]


def test_15_4_setup_takes_49_members(user: Chat, shared_gate: Gate) -> None:
    names = [shared_gate.google.add_user() for _ in range(50)]
    answer = user.fails(
        "POST",
        "v1/spaces:setup",
        {"space": {"spaceType": "GROUP_CHAT"}, "memberships": [{"member": {"name": name}} for name in names]},
    )
    assert answer[:2] == (400, "INVALID_ARGUMENT") and "49" in answer[2]
    assert setup(user, "GROUP_CHAT", *names[1:])["membershipCount"] == {"joinedDirectHumanUserCount": 50}


def test_15_4_the_request_id_of_setup_is_in_its_body(user: Chat, person: Person) -> None:
    ann, bob = person(), person()
    memberships = [{"member": {"name": each.name}} for each in (ann, bob)]
    body = {"space": {"spaceType": "GROUP_CHAT"}, "memberships": memberships, "requestId": "15.4-setup"}
    first = user.ok("POST", "v1/spaces:setup", body)
    assert user.ok("POST", "v1/spaces:setup", body)["name"] == first["name"]
    assert user.ok("POST", "v1/spaces:setup", {**body, "requestId": ""})["name"] != first["name"]


def test_15_4_setup_refuses_what_makes_no_conversation(user: Chat, person: Person) -> None:
    ann = person()
    one = {"member": {"name": ann.name}}

    def refused(status: int, kind: str, *memberships: Any, **space: Any) -> None:
        body = {"space": {"spaceType": kind, **space}, "memberships": list(memberships)}
        assert user.fails("POST", "v1/spaces:setup", body)[0] == status

    refused(400, "GROUP_CHAT", one)
    refused(400, "GROUP_CHAT", one, {"groupMember": {"name": "groups/g"}})
    refused(400, "GROUP_CHAT", one, one)
    refused(400, "GROUP_CHAT", one, {"member": {"name": "users/me"}})
    refused(400, "DIRECT_MESSAGE")
    refused(400, "DIRECT_MESSAGE", {"groupMember": {"name": "groups/g"}})
    refused(400, "DIRECT_MESSAGE", {})
    refused(400, "DIRECT_MESSAGE", {"member": {"name": ann.name, "type": "BOT"}})
    refused(400, "DIRECT_MESSAGE", {"member": {"name": "spaces/x"}})
    refused(400, "DIRECT_MESSAGE", {"groupMember": {"name": "g"}})
    refused(404, "DIRECT_MESSAGE", {"member": {"name": "users/nobody@example.com"}})
    refused(400, "SPACE", one)
    refused(400, "DIRECT_MESSAGE", one, displayName="x")
    refused(400, "SPACE", one, displayName="x", importMode=True)
    assert user.fails("POST", "v1/spaces:setup", {})[0] == 400


# --- spaces.list, find and search --------------------------------------------------------------------------------


def names_of(answer: dict[str, Any]) -> list[str]:
    return [space["name"] for space in answer.get("spaces", [])]


def test_15_5_list_leaves_out_conversations_without_a_message(person: Person) -> None:
    ann, bob, eve = person(), person(), person()
    direct = setup(ann, "DIRECT_MESSAGE", bob.name)["name"]
    group = setup(ann, "GROUP_CHAT", bob.name, eve.name)["name"]
    space = new_space(ann, f"15.5 {ann.name}")["name"]
    assert names_of(ann.ok("GET", "v1/spaces")) == [space]
    for each in (direct, group):
        ann.create(each)
    assert names_of(ann.ok("GET", "v1/spaces")) == [direct, group, space]
    assert "lastActiveTime" in ann.ok("GET", f"v1/{direct}")
    listed = ann.ok("GET", "v1/spaces", filter='spaceType = "SPACE" OR space_type = "GROUP_CHAT"')
    assert names_of(listed) == [group, space]
    assert all("permissionSettings" not in each for each in listed["spaces"])
    assert eve.ok("GET", "v1/spaces", filter='spaceType = "DIRECT_MESSAGE"') == {}


def test_15_5_the_pages_of_list(person: Person) -> None:
    ann = person()
    made = [new_space(ann, f"page {number} {ann.name}")["name"] for number in range(5)]
    seen: list[str] = []
    query: dict[str, Any] = {"pageSize": 2}
    while True:
        answer = ann.ok("GET", "v1/spaces", **query)
        seen += names_of(answer)
        assert len(answer["spaces"]) <= 2
        if "nextPageToken" not in answer:
            break
        query["pageToken"] = answer["nextPageToken"]
    assert seen == made
    assert ann.fails("GET", "v1/spaces", pageToken=query["pageToken"], filter='spaceType = "SPACE"')[0] == 400
    assert ann.fails("GET", "v1/spaces", pageToken="nonsense")[0] == 400
    assert ann.fails("GET", "v1/spaces", pageSize=-1)[:2] == (400, "INVALID_ARGUMENT")
    assert len(ann.ok("GET", "v1/spaces", pageSize=100_000)["spaces"]) == 5


@pytest.mark.parametrize(
    "text",
    [
        'spaceType = "SPACE" AND spaceType = "GROUP_CHAT"',
        'spaceType != "SPACE"',
        "spaceType = SPACE",
        'spaceType = "ROOM"',
        'displayName = "x"',
        'NOT spaceType = "SPACE"',
        'spaceType = "SPACE" "GROUP_CHAT"',
        'creator("users/me")',
    ],
)
def test_15_5_list_refuses_other_filters(text: str, user: Chat) -> None:
    with pytest.raises(FilterError):
        listed_types(text)
    assert user.fails("GET", "v1/spaces", filter=text)[:2] == (400, "INVALID_ARGUMENT")


def test_15_5_find_direct_message(person: Person, app: Chat) -> None:
    ann, bob = person(email="ann.15.5@example.com"), person()
    assert bob.fails("GET", "v1/spaces:findDirectMessage", name=ann.name)[:2] == (404, "NOT_FOUND")
    direct = setup(ann, "DIRECT_MESSAGE", bob.name)
    assert bob.ok("GET", "v1/spaces:findDirectMessage", name=ann.name)["name"] == direct["name"]
    assert bob.ok("GET", "v1/spaces:findDirectMessage", name="users/Ann.15.5@example.com")["name"] == direct["name"]
    assert bob.fails("GET", "v1/spaces:findDirectMessage")[0] == 400
    assert bob.fails("GET", "v1/spaces:findDirectMessage", name="ann")[0] == 400
    assert app.fails("GET", "v1/spaces:findDirectMessage", name=ann.name)[0] == 404
    with_app = ann.ok("POST", "v1/spaces:setup", {"space": {"spaceType": 3, "singleUserBotDm": True}})
    assert app.ok("GET", "v1/spaces:findDirectMessage", name=ann.name)["name"] == with_app["name"]


def test_find_group_chats_with_exactly_these_people(person: Person) -> None:
    ann, bob, eve = person(), person(), person()
    chats = [setup(ann, "GROUP_CHAT", bob.name, eve.name)["name"] for _ in range(3)]
    setup(ann, "GROUP_CHAT", bob.name, eve.name, person().name)
    both = [bob.name, eve.name]
    found = ann.ok("GET", "v1/spaces:findGroupChats", users=both)
    assert found == {"spaces": [{"name": name} for name in chats]}
    assert ann.ok("GET", "v1/spaces:findGroupChats", users=[bob.name]) == {}
    first = ann.ok("GET", "v1/spaces:findGroupChats", users=both, pageSize=2, spaceView=2)
    assert [each["spaceType"] for each in first["spaces"]] == ["GROUP_CHAT"] * 2
    rest = ann.ok(
        "GET", "v1/spaces:findGroupChats", users=both, spaceView="SPACE_VIEW_EXPANDED", pageToken=first["nextPageToken"]
    )
    assert names_of(first) + names_of(rest) == chats
    assert ann.fails("GET", "v1/spaces:findGroupChats", users=["users/1000"])[0] == 400
    assert ann.fails("GET", "v1/spaces:findGroupChats", users=both, spaceView="ALL")[0] == 400
    assert ann.fails("GET", "v1/spaces:findGroupChats", users=["users/1"] * 50)[0] == 400
    narrow = person(scopes=["chat.memberships"])
    assert narrow.ok("GET", "v1/spaces:findGroupChats", users=both) == {}
    assert narrow.fails("GET", "v1/spaces:findGroupChats", users=both, spaceView="SPACE_VIEW_EXPANDED")[0] == 403


def found_by(chat: Chat, query: str, **more: Any) -> list[str]:
    answer = chat.ok("GET", "v1/spaces:search", query=query, **more)
    return [result["space"]["displayName"] for result in answer.get("results", [])]


def test_search_finds_what_the_caller_has_joined(person: Person) -> None:
    ann = person()
    for name in ("Fun event", "The evening was fun", "notFun event"):
        new_space(ann, f"{name} {ann.name}", spaceHistoryState="HISTORY_OFF")
    new_space(person(), f"Fun event of somebody else, not {ann.name}")
    query = 'space_type = "SPACE" AND display_name:"Fun Eve"'
    assert found_by(ann, query) == [f"The evening was fun {ann.name}", f"Fun event {ann.name}"]
    first = ann.ok("GET", "v1/spaces:search", query=query, pageSize=1)
    assert set(first) == {"results", "nextPageToken"}
    rest = ann.ok("GET", "v1/spaces:search", query=query, pageToken=first["nextPageToken"])
    assert rest["results"][0]["space"]["displayName"] == f"Fun event {ann.name}"
    both = 'space_type = "SPACE" AND (display_name:"notfun" OR display_name:"evening")'
    assert len(found_by(ann, both)) == 2
    late = 'spaceType = "SPACE" AND createTime > "2100-01-01T00:00:00Z"'
    assert found_by(ann, late) == []
    early = 'space_type = "SPACE" AND create_time >= "2000-01-01T00:00:00Z" AND create_time <= "2100-01-01T00:00:00Z"'
    assert len(found_by(ann, early)) == 3
    assert found_by(ann, 'space_type = "SPACE" AND last_active_time < "2100-01-01T00:00:00Z"') == []
    assert found_by(ann, 'space_type = "SPACE" AND external_user_allowed = "true"') == []
    assert len(found_by(ann, 'space_type = "SPACE" AND space_history_state = "HISTORY_OFF"')) == 3


def test_search_of_an_administrator_goes_over_all_spaces(user: Chat, person: Person) -> None:
    word = f"admins{person().name.partition('/')[2].replace('-', '').replace('_', '')}"
    other = person()
    for name in ("one", "two"):
        new_space(other, f"{word} {name}")
    query = f'customer = "customers/my_customer" AND space_type = "SPACE" AND display_name:"{word}"'
    answer = user.ok("GET", "v1/spaces:search", query=query, useAdminAccess="true")
    assert [space["displayName"] for space in answer["spaces"]] == [f"{word} one", f"{word} two"]
    assert answer["totalSize"] == 2
    turned = found_by(user, query, useAdminAccess="true", orderBy="create_time  desc")
    assert turned == [f"{word} two", f"{word} one"]
    counted = "membership_count.joined_direct_human_user_count DESC"
    assert len(found_by(user, query, useAdminAccess="true", orderBy=counted)) == 2
    assert other.fails("GET", "v1/spaces:search", query=query, useAdminAccess="true")[:2] == (403, "PERMISSION_DENIED")
    assert "customer" in user.fails("GET", "v1/spaces:search", query='space_type = "SPACE"', useAdminAccess="true")[2]


@pytest.mark.parametrize(
    "query",
    [
        "",
        'display_name:"x"',
        'space_type = "GROUP_CHAT"',
        'space_type = "SPACE" OR display_name:"x"',
        'space_type = "SPACE" AND display_name = "x"',
        'space_type = "SPACE" AND display_name:x',
        'space_type = "SPACE" AND create_time > "yesterday"',
        'space_type = "SPACE" AND NOT display_name:"x"',
        'space_type = "SPACE" AND text = "x"',
    ],
)
def test_search_refuses_other_queries(query: str, user: Chat) -> None:
    with pytest.raises(FilterError):
        search_test(query, admin=False)
    status, name, text = user.fails("GET", "v1/spaces:search", query=query)
    assert (status, name) == (400, "INVALID_ARGUMENT") and "query" in text


def test_search_refuses_other_orders_and_long_queries(user: Chat) -> None:
    query = 'space_type = "SPACE"'
    for order in ("create_time ASC", "relevance DESC", "create_time DESC x", "name DESC"):
        assert user.fails("GET", "v1/spaces:search", query=query, orderBy=order)[0] == 400
    assert user.fails("GET", "v1/spaces:search", query=query + " " * 1000)[0] == 400


# --- spaces.patch ------------------------------------------------------------------------------------------------


def test_15_6_patch_needs_a_mask(user: Chat, space: str) -> None:
    for mask in (None, "", "*", "name", "createTime", "permissionSettings.postMessages", "displayName,colour"):
        query = {} if mask is None else {"updateMask": mask}
        status, name, text = user.fails("PATCH", f"v1/{space}", {"displayName": "x"}, **query)
        assert (status, name) == (400, "INVALID_ARGUMENT") and "updateMask" in text


def test_15_6_patch_changes_what_the_mask_names(user: Chat, space: str) -> None:
    body = {"displayName": f"new {space}", "spaceDetails": {"description": "d"}, "spaceHistoryState": "HISTORY_OFF"}
    changed = user.ok("PATCH", f"v1/{space}", body, updateMask="display_name, spaceDetails")
    assert changed["displayName"] == f"new {space}" and changed["spaceDetails"] == {"description": "d"}
    assert changed["spaceHistoryState"] == "HISTORY_ON"
    assert "spaceDetails" not in user.ok("PATCH", f"v1/{space}", {}, update_mask="space_details")
    assert user.ok("GET", f"v1/{space}")["displayName"] == f"new {space}"


@pytest.mark.parametrize(
    "mask",
    [
        "spaceHistoryState,displayName",
        "access_settings.audience,display_name",
        "permission_settings.toggle_history,space_details",
        "accessSettings.audience,permissionSettings.toggleHistory",
    ],
)
def test_15_6_some_fields_of_patch_go_alone(user: Chat, space: str, mask: str) -> None:
    assert user.fails("PATCH", f"v1/{space}", {"displayName": "x"}, updateMask=mask)[:2] == (400, "INVALID_ARGUMENT")


def test_15_6_settings_of_a_space(user: Chat, space: str, person: Person) -> None:
    assert user.ok("PATCH", f"v1/{space}", {"spaceHistoryState": 1}, updateMask="space_history_state")[
        "spaceHistoryState"
    ] == ("HISTORY_OFF")
    audience = {"accessSettings": {"audience": "audiences/default"}}
    shown = user.ok("PATCH", f"v1/{space}", audience, updateMask="access_settings.audience")["accessSettings"]
    assert shown == {"accessState": "DISCOVERABLE", "audience": "audiences/default"}
    shown = user.ok("PATCH", f"v1/{space}", {}, updateMask="accessSettings.audience")["accessSettings"]
    assert shown == {"accessState": "PRIVATE"}
    managers = {"managersAllowed": True}
    settings = {"permissionSettings": {"modifySpaceDetails": managers, "toggleHistory": managers}}
    mask = "permission_settings.modify_space_details,permission_settings.toggle_history"
    changed = user.ok("PATCH", f"v1/{space}", settings, updateMask=mask)["permissionSettings"]
    assert changed["modifySpaceDetails"] == managers and changed["manageApps"]["membersAllowed"] is True
    member, manager = person(space), person(space, role="ROLE_MANAGER")
    for body, name in (({"displayName": f"m {space}"}, "displayName"), ({"spaceHistoryState": 2}, "spaceHistoryState")):
        assert member.fails("PATCH", f"v1/{space}", body, updateMask=name)[:2] == (403, "PERMISSION_DENIED")
        assert manager.ok("PATCH", f"v1/{space}", body, updateMask=name)
    assert member.fails("PATCH", f"v1/{space}", settings, updateMask=mask)[0] == 403


def test_15_6_a_group_chat_becomes_a_space(person: Person) -> None:
    ann = person()
    group = setup(ann, "GROUP_CHAT", person().name, person().name)["name"]
    body = {"spaceType": "SPACE", "displayName": f"was a group {ann.name}"}
    assert ann.fails("PATCH", f"v1/{group}", body, updateMask="space_type")[0] == 400
    assert ann.fails("PATCH", f"v1/{group}", body, updateMask="displayName")[0] == 400
    changed = ann.ok("PATCH", f"v1/{group}", body, updateMask="space_type,display_name")
    assert changed["spaceType"] == "SPACE" and changed["spaceThreadingState"] == "THREADED_MESSAGES"
    assert ann.fails("PATCH", f"v1/{group}", {"spaceType": "GROUP_CHAT"}, updateMask="spaceType")[0] == 400
    direct = setup(ann, "DIRECT_MESSAGE", person().name)["name"]
    assert ann.fails("PATCH", f"v1/{direct}", body, updateMask="spaceType,displayName")[0] == 400


def test_15_6_a_name_that_is_taken_stays_taken(user: Chat, space: str, shared_gate: Gate) -> None:
    other = shared_gate.google.add_space(display_name=f"taken by patch {space}")
    body = {"displayName": f"taken by patch {space}"}
    assert user.fails("PATCH", f"v1/{space}", body, updateMask="displayName")[:2] == (409, "ALREADY_EXISTS")
    assert user.ok("PATCH", f"v1/{other}", body, updateMask="displayName")["displayName"] == body["displayName"]


# --- spaces.delete and completeImport ----------------------------------------------------------------------------


def test_15_7_delete_removes_everything_inside(user: Chat, person: Person) -> None:
    space = new_space(user, "15.7")["name"]
    member = person(space)
    message = user.create(space)["name"]
    user.ok("POST", f"v1/{message}/reactions", {"emoji": {"unicode": "🙂"}})
    assert member.fails("DELETE", f"v1/{space}")[:2] == (403, "PERMISSION_DENIED")
    assert user.ok("DELETE", f"v1/{space}") == {}
    for path in (space, message, f"{space}/members", f"{message}/reactions"):
        assert user.fails("GET", f"v1/{path}")[:2] == (404, "NOT_FOUND")
    assert new_space(user, "15.7")["name"] != space


def test_15_7_only_a_space_can_be_deleted(person: Person) -> None:
    ann = person()
    direct = setup(ann, "DIRECT_MESSAGE", person().name)["name"]
    assert ann.fails("DELETE", f"v1/{direct}")[0] == 400


def test_an_administrator_needs_no_membership(user: Chat, person: Person) -> None:
    ann = person()
    space = new_space(ann, f"administered {ann.name}")["name"]
    assert user.fails("GET", f"v1/{space}")[:2] == (403, "PERMISSION_DENIED")
    admin = {"useAdminAccess": "true"}
    assert user.ok("GET", f"v1/{space}", **admin)["name"] == space
    body = {"displayName": f"by the administrator {ann.name}"}
    assert user.ok("PATCH", f"v1/{space}", body, updateMask="displayName", **admin)
    assert user.ok("DELETE", f"v1/{space}", **admin) == {}
    assert ann.fails("DELETE", f"v1/{space}", **admin)[0] in (403, 404)


def test_15_8_the_threading_state_follows_the_kind(user: Chat, person: Person) -> None:
    assert new_space(user, "15.8")["spaceThreadingState"] == "THREADED_MESSAGES"
    group = setup(user, "GROUP_CHAT", person().name, person().name)
    assert group["spaceThreadingState"] == "UNTHREADED_MESSAGES" and "threaded" not in group


@pytest.mark.parametrize("state", ["THREADED_MESSAGES", "GROUPED_MESSAGES", "UNTHREADED_MESSAGES"])
def test_15_8_a_seeded_space_has_any_threading_state(state: Any, user: Chat) -> None:
    space = user.ok("GET", f"v1/{user.gate.google.add_space(threading_state=state)}")
    assert space["spaceThreadingState"] == state and space.get("threaded", False) == (state != "UNTHREADED_MESSAGES")


def test_an_import_is_completed_or_ends(person: Person, shared_gate: Gate) -> None:
    ann = person()
    long_ago = "2020-02-02T02:02:02Z"
    body = {"spaceType": "SPACE", "displayName": f"import {ann.name}", "importMode": True, "createTime": long_ago}
    space = ann.ok("POST", "v1/spaces", body)
    assert space["importMode"] is True and space["createTime"] == long_ago and "importModeExpireTime" in space
    done = ann.ok("POST", f"v1/{space['name']}:completeImport", {})["space"]
    assert "importMode" not in done and "importModeExpireTime" not in done
    again = ann.fails("POST", f"v1/{space['name']}:completeImport", {})
    assert again[:2] == (400, "FAILED_PRECONDITION")
    lost = ann.ok("POST", "v1/spaces", {**body, "displayName": f"lost import {ann.name}"})
    shared_gate.clock.offset = 91 * DAY
    try:
        assert ann.fails("GET", f"v1/{lost['name']}")[0] == 404
        assert new_space(ann, f"lost import {ann.name}")["name"] != lost["name"]
        assert ann.ok("GET", f"v1/{space['name']}")
    finally:
        shared_gate.clock.offset = 0
    narrow = person(scopes=["chat.spaces"])
    assert narrow.fails("POST", "v1/spaces", {**body, "displayName": "x"})[:2] == (403, "PERMISSION_DENIED")


def test_spaces_of_others_are_403_and_unknown_ones_404(user: Chat, person: Person, space: str) -> None:
    stranger = person()
    assert stranger.fails("GET", f"v1/{space}")[:2] == (403, "PERMISSION_DENIED")
    assert user.fails("GET", "v1/spaces/unknown")[:2] == (404, "NOT_FOUND")
