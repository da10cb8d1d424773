"""Section 15 of the rules: members. The numbers in the names are those of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rtm_sdk.gate import Gate
from rtm_sdk.gate.googlechat.directory import Member
from rtm_sdk.gate.googlechat.filters import FilterError
from rtm_sdk.gate.googlechat.members import member_test

from .conftest import Chat, Person


def names_of(answer: dict[str, Any]) -> list[str]:
    return [
        each["member"]["name"] if "member" in each else each["groupMember"]["name"]
        for each in answer.get("memberships", [])
    ]


# --- members.create ----------------------------------------------------------------------------------------------


def test_15_1_create_adds_a_person(user: Chat, app: Chat, space: str, person: Person) -> None:
    ann = person(display_name="Ann")
    member = user.ok("POST", f"v1/{space}/members", {"member": {"name": ann.name, "type": "HUMAN"}})
    plain = ann.name.partition("/")[2]
    assert member["name"] == f"{space}/members/{plain}"
    assert member["state"] == "JOINED" and member["role"] == "ROLE_MEMBER"
    assert member["member"] == {"name": ann.name, "type": "HUMAN"}
    assert "createTime" in member and "deleteTime" not in member
    assert ann.ok("GET", f"v1/{space}/members/{plain}") == member
    for_apps = app.ok("GET", f"v1/{space}/members/{plain}")["member"]
    assert for_apps == {"name": ann.name, "displayName": "Ann", "type": "HUMAN"}
    again = user.fails("POST", f"v1/{space}/members", {"member": {"name": ann.name}})
    assert again[:2] == (409, "ALREADY_EXISTS")


def test_15_1_create_takes_an_email(user: Chat, space: str, person: Person) -> None:
    ann = person(email="ann.15.1@example.com")
    member = user.ok("POST", f"v1/{space}/members", {"member": {"name": "users/ann.15.1@example.com"}})
    assert member["member"]["name"] == ann.name
    assert user.ok("GET", f"v1/{space}/members/ann.15.1@example.com") == member


def test_15_1_create_adds_a_group(user: Chat, space: str) -> None:
    member = user.ok("POST", f"v1/{space}/members", {"group_member": {"name": "groups/x"}})
    assert member["groupMember"] == {"name": "groups/x"} and "member" not in member
    assert user.ok("GET", f"v1/{member['name']}") == member
    assert names_of(user.ok("GET", f"v1/{space}/members")) == ["users/1", "users/1000"]
    assert "groups/x" in names_of(user.ok("GET", f"v1/{space}/members", showGroups="true"))
    count = user.ok("GET", f"v1/{space}")["membershipCount"]
    assert count == {"joinedDirectHumanUserCount": 1, "joinedGroupCount": 1}


def test_15_1_users_app_is_the_calling_app(person: Person, app: Chat) -> None:
    ann = person()
    space = ann.ok("POST", "v1/spaces", {"spaceType": 1, "displayName": f"15.1 {ann.name}"})["name"]
    assert app.fails("GET", f"v1/{space}")[:2] == (403, "PERMISSION_DENIED")
    added = ann.ok("POST", f"v1/{space}/members", {"member": {"name": "users/app", "type": "BOT"}})
    assert added["member"]["name"] == "users/1000" and added["member"]["type"] == "BOT"
    assert app.ok("GET", f"v1/{space}/members/app")["name"] == added["name"]
    assert ann.ok("DELETE", f"v1/{space}/members/app") == added


def test_15_1_the_scope_for_the_app_adds_nobody_else(space: str, person: Person) -> None:
    ann = person(space, scopes=["chat.memberships.app"])
    refused = ann.fails("POST", f"v1/{space}/members", {"member": {"name": person().name}})
    assert refused[:2] == (403, "PERMISSION_DENIED")
    assert ann.ok("DELETE", f"v1/{space}/members/app")["member"]["type"] == "BOT"
    assert ann.ok("POST", f"v1/{space}/members", {"member": {"name": "users/app", "type": "BOT"}})


def test_15_1_who_is_invited_has_not_joined(user: Chat, space: str, person: Person, shared_gate: Gate) -> None:
    ann = person()
    shared_gate.google.add_member(space, ann.name, state="INVITED")
    assert ann.fails("GET", f"v1/{space}")[0] == 403
    assert ann.name not in names_of(user.ok("GET", f"v1/{space}/members"))
    invited = user.ok("GET", f"v1/{space}/members", showInvited="true")["memberships"]
    assert [each["state"] for each in invited if each["member"]["name"] == ann.name] == ["INVITED"]
    assert user.fails("POST", f"v1/{space}/members", {"member": {"name": ann.name}})[0] == 409
    assert ann.ok("POST", f"v1/{space}/members", {"member": {"name": "users/me"}})["state"] == "JOINED"
    assert ann.ok("GET", f"v1/{space}")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"member": {"name": "users/1000"}, "groupMember": {"name": "groups/x"}}, 400),
        ({"member": {}}, 400),
        ({"member": {"name": "1"}}, 400),
        ({"member": {"name": "users/"}}, 400),
        ({"member": {"name": "users/a/b"}}, 400),
        ({"member": {"name": "users/unknown"}}, 404),
        ({"member": {"name": "users/1000", "type": "HUMAN"}}, 400),
        ({"groupMember": {"name": "users/1"}}, 400),
        ({"groupMember": {}}, 400),
        ({"member": {"name": "users/1000", "colour": "red"}}, 400),
    ],
)
def test_15_1_create_refuses_what_is_no_member(user: Chat, space: str, body: Any, status: int) -> None:
    assert user.fails("POST", f"v1/{space}/members", body)[0] == status


def test_15_1_a_direct_message_keeps_its_two_members(person: Person) -> None:
    ann, bob = person(), person()
    body = {"space": {"spaceType": "DIRECT_MESSAGE"}, "memberships": [{"member": {"name": bob.name}}]}
    direct = ann.ok("POST", "v1/spaces:setup", body)["name"]
    added = ann.fails("POST", f"v1/{direct}/members", {"member": {"name": person().name}})
    assert added[:2] == (400, "FAILED_PRECONDITION")
    removed = ann.fails("DELETE", f"v1/{direct}/members/{bob.name.partition('/')[2]}")
    assert removed[:2] == (400, "FAILED_PRECONDITION")
    role = ann.fails(
        "PATCH", f"v1/{direct}/members/{bob.name.partition('/')[2]}", {"role": "ROLE_MANAGER"}, updateMask="role"
    )
    assert role[:2] == (400, "FAILED_PRECONDITION")


def test_an_import_knows_members_of_the_past(person: Person) -> None:
    ann, bob = person(), person()
    made = {"spaceType": "SPACE", "displayName": f"past {ann.name}", "importMode": True}
    space = ann.ok("POST", "v1/spaces", made)["name"]
    times = {"createTime": "2020-01-01T00:00:00Z", "deleteTime": "2021-01-01T00:00:00Z"}
    member = ann.ok("POST", f"v1/{space}/members", {"member": {"name": bob.name}, **times})
    assert member["state"] == "NOT_A_MEMBER" and {name: member[name] for name in times} == times
    assert bob.name not in names_of(ann.ok("GET", f"v1/{space}/members", showInvited="true"))
    assert ann.ok("POST", f"v1/{space}/members", {"member": {"name": bob.name}})["state"] == "JOINED"


# --- members.delete and patch ------------------------------------------------------------------------------------


def test_15_2_delete_answers_the_membership(user: Chat, space: str, person: Person) -> None:
    ann = person(space)
    plain = ann.name.partition("/")[2]
    member = user.ok("GET", f"v1/{space}/members/{plain}")
    assert user.ok("DELETE", f"v1/{space}/members/{plain}") == member
    assert user.fails("GET", f"v1/{space}/members/{plain}")[:2] == (404, "NOT_FOUND")
    assert user.fails("DELETE", f"v1/{space}/members/{plain}")[:2] == (404, "NOT_FOUND")
    assert ann.fails("GET", f"v1/{space}")[:2] == (403, "PERMISSION_DENIED")


def test_15_2_everybody_may_leave(space: str, person: Person, user: Chat) -> None:
    managers = {"permissionSettings": {"manageMembersAndGroups": {"managersAllowed": True}}}
    user.ok("PATCH", f"v1/{space}", managers, updateMask="permissionSettings.manageMembersAndGroups")
    ann, bob = person(space), person(space)
    assert ann.fails("DELETE", f"v1/{space}/members/{bob.name.partition('/')[2]}")[:2] == (403, "PERMISSION_DENIED")
    assert ann.ok("DELETE", f"v1/{space}/members/me")["member"]["name"] == ann.name


def test_15_2_the_mask_of_patch_is_role(user: Chat, space: str, person: Person) -> None:
    path = f"v1/{space}/members/{person(space).name.partition('/')[2]}"
    for mask in ("", "state", "role,state", "name"):
        assert user.fails("PATCH", path, {"role": "ROLE_MANAGER"}, updateMask=mask)[:2] == (400, "INVALID_ARGUMENT")
    assert user.fails("PATCH", path, {}, updateMask="role")[0] == 400
    assert user.fails("PATCH", path, {"role": "BOSS"}, updateMask="role")[0] == 400
    assert user.ok("PATCH", path, {"role": "ROLE_MANAGER"}, updateMask="*")["role"] == "ROLE_MANAGER"
    assert user.ok("PATCH", path, {"role": 1}, updateMask="role")["role"] == "ROLE_MEMBER"


@pytest.mark.parametrize("role", ["ROLE_MEMBER", "ROLE_MANAGER", "ROLE_ASSISTANT_MANAGER"])
def test_15_3_roles(role: str, user: Chat, space: str, person: Person) -> None:
    ann, bob = person(space), person(space)
    path = f"v1/{space}/members/{ann.name.partition('/')[2]}"
    assert user.ok("PATCH", path, {"role": role}, updateMask="role")["role"] == role
    assert user.ok("GET", path)["role"] == role
    other = f"v1/{space}/members/{bob.name.partition('/')[2]}"
    answer = ann.send("PATCH", other, json={"role": "ROLE_MANAGER"}, params={"updateMask": "role"})
    assert answer.status_code == (403 if role == "ROLE_MEMBER" else 200)


def test_15_3_only_people_have_roles(user: Chat, space: str) -> None:
    assert user.fails("PATCH", f"v1/{space}/members/app", {"role": "ROLE_MANAGER"}, updateMask="role")[0] == 400
    group = user.ok("POST", f"v1/{space}/members", {"groupMember": {"name": "groups/roles"}})
    assert user.fails("PATCH", f"v1/{group['name']}", {"role": "ROLE_MANAGER"}, updateMask="role")[0] == 400


# --- members.list ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd(shared_gate: Gate) -> Iterator[str]:
    """A space with 105 people beside its owner and the app."""
    google = shared_gate.google
    names = [google.add_user(f"crowd-{number:03}") for number in range(105)]
    yield google.add_space(members=["users/1", "users/1000", *names])


def test_15_2_list_has_100_members_unless_asked(user: Chat, crowd: str) -> None:
    first = user.ok("GET", f"v1/{crowd}/members")
    assert len(first["memberships"]) == 100
    assert len(user.ok("GET", f"v1/{crowd}/members", pageSize=0)["memberships"]) == 100
    rest = user.ok("GET", f"v1/{crowd}/members", pageToken=first["nextPageToken"])
    assert set(rest) == {"memberships"}
    assert len(set(names_of(first) + names_of(rest))) == 107
    assert len(user.ok("GET", f"v1/{crowd}/members", pageSize=5000)["memberships"]) == 107
    assert user.fails("GET", f"v1/{crowd}/members", pageSize=-1)[:2] == (400, "INVALID_ARGUMENT")
    changed = user.fails("GET", f"v1/{crowd}/members", pageToken=first["nextPageToken"], showGroups="true")
    assert changed[:2] == (400, "INVALID_ARGUMENT")


def test_15_2_a_cap_of_1000(user: Chat, shared_gate: Gate) -> None:
    google = shared_gate.google
    space = google.add_space()

    def fill(inside: Any) -> None:
        rows = ((space, f"users/many-{number:04}") for number in range(1100))
        for row in rows:
            inside.store.execute(
                "INSERT OR IGNORE INTO google_members VALUES (?, ?, 'HUMAN', 'ROLE_MEMBER', 'JOINED', 0, NULL)", row
            )

    google.seed(fill)
    answer = user.ok("GET", f"v1/{space}/members", pageSize=5000)
    assert len(answer["memberships"]) == 1000
    rest = user.ok("GET", f"v1/{space}/members", pageSize=5000, pageToken=answer["nextPageToken"])
    assert len(rest["memberships"]) == 102


def test_15_2_for_apps_apps_are_left_out(user: Chat, app: Chat, space: str, person: Person) -> None:
    ann = person(space)
    assert set(names_of(app.ok("GET", f"v1/{space}/members"))) == {"users/1", ann.name}
    assert set(names_of(user.ok("GET", f"v1/{space}/members"))) == {"users/1", ann.name, "users/1000"}
    assert app.ok("GET", f"v1/{space}/members", filter='member.type = "BOT"') == {}


def test_15_2_filters_of_list(user: Chat, space: str, person: Person) -> None:
    ann = person(space, role="ROLE_ASSISTANT_MANAGER")
    bob = person(space)
    user.ok("POST", f"v1/{space}/members", {"groupMember": {"name": "groups/filtered"}})

    def found(text: str, **more: str) -> set[str]:
        return set(names_of(user.ok("GET", f"v1/{space}/members", filter=text, **more)))

    assert found('role = "ROLE_MANAGER"') == {"users/1"}
    assert found('role = "ROLE_MANAGER" OR role = "ROLE_ASSISTANT_MANAGER"') == {"users/1", ann.name}
    assert found('member.type = "BOT"') == {"users/1000"}
    assert found('member.type != "BOT"') == {"users/1", ann.name, bob.name}
    assert found('member.type = "HUMAN" AND role = "ROLE_MEMBER"') == {bob.name}
    assert found('(role = "ROLE_MEMBER" OR role = "ROLE_MANAGER") AND member.type = "HUMAN"') == {"users/1", bob.name}
    assert found('member.type = "HUMAN"', showGroups="true") == {"users/1", ann.name, bob.name}
    assert "groups/filtered" in found('member.type != "BOT"', showGroups="true")


@pytest.mark.parametrize(
    "text",
    [
        'role = "ROLE_MEMBER" AND role = "ROLE_MANAGER"',
        'member.type = "HUMAN" AND member.type = "BOT"',
        'role = "ROLE_MEMBER" OR member.type = "BOT"',
        'role != "ROLE_MEMBER"',
        "role = ROLE_MEMBER",
        'role = "OWNER"',
        'member.type = "GROUP"',
        'member.name = "users/1"',
        'NOT role = "ROLE_MEMBER"',
        'role = "ROLE_MEMBER" OR (role = "ROLE_MANAGER" AND member.type = "BOT")',
        'role = "ROLE_MEMBER',
    ],
)
def test_15_2_other_filters_of_list_are_refused(text: str, user: Chat, space: str) -> None:
    with pytest.raises(FilterError):
        member_test(text)
    status, name, shown = user.fails("GET", f"v1/{space}/members", filter=text)
    assert (status, name) == (400, "INVALID_ARGUMENT") and "filter" in shown


def test_no_filter_lets_everybody_through() -> None:
    assert member_test(" ")(Member("spaces/a", "users/1", "HUMAN", "ROLE_MEMBER", "JOINED", 0))


def test_only_members_see_members(space: str, person: Person) -> None:
    assert person().fails("GET", f"v1/{space}/members")[:2] == (403, "PERMISSION_DENIED")


def test_an_administrator_changes_members_anywhere(person: Person, user: Chat) -> None:
    ann, bob = person(), person()
    space = ann.ok("POST", "v1/spaces", {"spaceType": 1, "displayName": f"admin members {ann.name}"})["name"]
    admin = {"useAdminAccess": "true"}
    member = {"member": {"name": bob.name}}
    assert user.fails("POST", f"v1/{space}/members", member)[0] == 403
    path = "v1/" + user.ok("POST", f"v1/{space}/members", member, **admin)["name"]
    assert user.ok("PATCH", path, {"role": "ROLE_MANAGER"}, updateMask="role", **admin)["role"] == "ROLE_MANAGER"
    assert user.ok("GET", path, **admin)["role"] == "ROLE_MANAGER"
    assert len(user.ok("GET", f"v1/{space}/members", **admin)["memberships"]) == 2
    assert user.ok("DELETE", path, **admin)["member"]["name"] == bob.name


@pytest.mark.parametrize(
    ("permission", "verb", "path", "body"),
    [
        ("manageMembersAndGroups", "POST", "members", {"member": {"name": "users/someone"}}),
        ("manageMembersAndGroups", "POST", "members", {"groupMember": {"name": "groups/some"}}),
        ("manageMembersAndGroups", "DELETE", "members/1", None),
        ("manageApps", "DELETE", "members/app", None),
        ("viewSpaceMembership", "GET", "members", None),
    ],
)
def test_permission_settings_hold(
    permission: str, verb: str, path: str, body: Any, user: Chat, space: str, person: Person
) -> None:
    user.gate.google.add_user("someone")
    ann = person(space)
    settings = {"permissionSettings": {permission: {"managersAllowed": True}}}
    user.ok("PATCH", f"v1/{space}", settings, updateMask=f"permissionSettings.{permission}")
    assert ann.fails(verb, f"v1/{space}/{path}", body)[:2] == (403, "PERMISSION_DENIED")
    assert user.ok(verb, f"v1/{space}/{path}", body)
