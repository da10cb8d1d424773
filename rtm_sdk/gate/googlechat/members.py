"""What the gate answers about the members of spaces."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from ...errors import Code
from . import directory, events
from .access import admin_access, member_of, require, space_of, user_of
from .bodies import InvalidField, enum, ignored, record, text, timestamp
from .directory import Member, MemberType, Space
from .filters import Comparison, FilterError, alternatives, field_of, in_quotes, parse, terms, wrong_value
from .masks import masked
from .methods import Call, Resource, method, refusal
from .showing import membership_resource

__all__ = ["MEMBERSHIP", "Invitation", "invitation", "member_test"]

_USER = {
    "avatarUrl": ignored,
    "displayName": ignored,
    "domainId": ignored,
    "email": ignored,
    "isAnonymous": ignored,
    "name": text,
    "type": enum("TYPE_UNSPECIFIED", "HUMAN", "BOT"),
}
_PERMISSION = {"HUMAN": "manageMembersAndGroups", "BOT": "manageApps"}
_ROLES = ("ROLE_MEMBER", "ROLE_MANAGER", "ROLE_ASSISTANT_MANAGER")

MEMBERSHIP = {
    "affiliation": ignored,
    "createTime": timestamp,
    "deleteTime": timestamp,
    "groupMember": record({"name": text}),
    "member": record(_USER),
    "name": ignored,
    "role": enum("MEMBERSHIP_ROLE_UNSPECIFIED", *_ROLES),
    "state": ignored,
}
"""The schema of a Membership in requests."""


class Invitation(NamedTuple):
    """Who is to become a member.

    Attributes:
        name: ``users/{id}`` or ``groups/{id}``.
        type: HUMAN or BOT; of a group HUMAN.
    """

    name: str
    type: MemberType


def invitation(call: Call, body: Resource, path: str = "") -> Invitation:
    """Who a Membership in a request is about; 404 when there is no such user.

    Args:
        call: the call.
        body: the Membership, read with `MEMBERSHIP`.
        path: where it stands in the body of the request.
    """
    before = f"{path}." if path else ""
    if ("member" in body) == ("groupMember" in body):
        raise InvalidField(path or "member", "exactly one of member and groupMember is required")
    if "groupMember" in body:
        group = body["groupMember"].get("name", "")
        collection, _, plain = group.partition("/")
        if collection != "groups" or not plain or "/" in plain:
            raise InvalidField(f"{before}groupMember.name", "must be of the form groups/{group}")
        return Invitation(group, "HUMAN")
    user = user_of(call, body["member"].get("name", ""), f"{before}member.name")
    if body["member"].get("type", user.type) != user.type:
        raise InvalidField(f"{before}member.type", f"{user.name} is {user.type}")
    return Invitation(user.name, user.type)


def _named(call: Call, name: str) -> tuple[Space, Member]:
    """The space and the membership of a resource name; otherwise 404 or 403."""
    space_name, _, plain = name.partition("/members/")
    space = space_of(call, space_name)
    group = plain.removeprefix(directory.group_id(""))
    if group != plain:
        member = directory.find_member(call.store, space_name, f"groups/{group}")
    else:
        user = user_of(call, f"users/{plain}", "name")
        member = directory.find_member(call.store, space_name, user.name)
    if member is None:
        raise refusal(Code.NOT_FOUND, f"there is no {name}")
    return space, member


# --- reading -----------------------------------------------------------------------------------------------------


@method("spaces.members.get")
def get(call: Call) -> Resource:
    """By id, by email, or ``app`` for the calling app."""
    return membership_resource(call, _named(call, call.path["name"])[1])


def member_test(filter_text: str) -> Callable[[Member], bool]:
    """What a filter of ``spaces.members.list`` lets through. `FilterError` when it is invalid."""
    tests: dict[str, Callable[[Member], bool]] = {}
    for node in terms(parse(filter_text)):
        either = alternatives(node)
        fields = [_field(term) for term in either]
        for term, field in zip(either, fields, strict=True):
            if field != fields[0]:
                raise FilterError(
                    f"OR at character {node.place + 1} of the filter joins different fields; only AND can", term.place
                )
        if fields[0] in tests:
            raise FilterError(
                f"{either[0].field} at character {node.place + 1} of the filter comes twice; join with OR", node.place
            )
        tests[fields[0]] = _any([_test(term, field) for term, field in zip(either, fields, strict=True)])
    return lambda member: all(test(member) for test in tests.values())


def _any(tests: list[Callable[[Member], bool]]) -> Callable[[Member], bool]:
    return lambda member: any(test(member) for test in tests)


def _field(term: Comparison) -> str:
    return field_of(term, {"role": "role", "member.type": "type"}, {"type": "= !="})


def _test(term: Comparison, field: str) -> Callable[[Member], bool]:
    known = _ROLES if field == "role" else ("HUMAN", "BOT")
    if not term.quoted or term.value not in known:
        raise wrong_value(term, f"must be one of {in_quotes(known)}")
    value: Any = term.value
    if field == "role":
        return lambda member: member.role == value
    if term.operator == "!=":
        return lambda member: member.is_group or member.type != value
    return lambda member: not member.is_group and member.type == value


@method("spaces.members.list")
def list_members(call: Call) -> Resource:
    """In no order that means anything; for apps without apps."""
    space = space_of(call, call.path["parent"])
    require(call, space, "viewSpaceMembership")
    limit = call.page_size(100, 1000)
    bound = filter_text, groups, invited = call.text("filter"), call.flag("showGroups"), call.flag("showInvited")
    test = member_test(filter_text)
    people_only = call.caller.app and not call.caller.user
    states = ("JOINED", "INVITED") if invited else ("JOINED",)
    position = call.position(*bound) or ""
    found = []
    for member in directory.members(call.store, space.name, position):
        shown = member.state in states and (groups or not member.is_group)
        if shown and not (people_only and member.type == "BOT") and test(member):
            found.append(member)
            if len(found) > limit:
                break
    show = partial(membership_resource, call)
    return call.page("memberships", found, limit, show, lambda member: member.name, *bound)


# --- changing ----------------------------------------------------------------------------------------------------


@method("spaces.members.create")
def create(call: Call) -> Resource:
    """Who was invited joins by adding himself."""
    body = call.body(MEMBERSHIP)
    guest = invitation(call, body)
    before = directory.find_member(call.store, call.path["parent"], guest.name)
    if before is not None and before.state == "INVITED" and guest.name == call.caller.name:
        return _join(call, before._replace(state="JOINED", created_us=call.now()))
    space = space_of(call, call.path["parent"])
    if before is not None and before.state != "NOT_A_MEMBER":
        raise refusal(Code.ALREADY_EXISTS, f"{guest.name} is a member of {space.name} already")
    _may_change(call, space, guest)
    member = Member(space.name, guest.name, guest.type, "ROLE_MEMBER", "JOINED", call.now())
    if space.import_until_us is not None:
        left = body.get("deleteTime")
        joined = body.get("createTime", member.created_us)
        member = member._replace(created_us=joined, left_us=left, state="JOINED" if left is None else "NOT_A_MEMBER")
    return _join(call, member)


def _join(call: Call, member: Member) -> Resource:
    directory.add_member(call.store, member)
    resource = membership_resource(call, member)
    events.record_memberships(call.store, member.space, "created", [resource], call.now())
    return resource


def _may_change(call: Call, space: Space, guest: Invitation) -> None:
    if space.type == "DIRECT_MESSAGE":
        raise refusal(Code.FAILED_PRECONDITION, "the members of a direct message cannot change")
    if space.type == "GROUP_CHAT" and guest.name.startswith("groups/"):
        raise InvalidField("groupMember", "only a SPACE can have groups")
    _check_app_scope(call, guest.type)
    require(call, space, _PERMISSION[guest.type])


def _check_app_scope(call: Call, kind: MemberType) -> None:
    """With the scope chat.memberships.app a user can add and remove the calling app only."""
    wider = call.caller.scopes & call.method.scopes - {"chat.memberships.app"}
    if not wider and kind != "BOT":
        raise refusal(Code.PERMISSION_DENIED, "the scope chat.memberships.app is for the calling app only")


@method("spaces.members.patch")
def patch(call: Call) -> Resource:
    """Only the role can be changed, and only by who manages the space."""
    body = call.body(MEMBERSHIP)
    masked(call.text("updateMask"), ("role",), ("role",))
    role = body.get("role")
    if role is None:
        raise InvalidField("role", f"is required: {', '.join(_ROLES)}")
    space, member = _named(call, call.path["name"])
    if space.type != "SPACE":
        raise refusal(Code.FAILED_PRECONDITION, f"{space.name} is a {space.type}, which has no roles")
    if member.is_group or member.type == "BOT":
        raise InvalidField("role", "only people can have another one")
    caller = member_of(call, space)
    if not admin_access(call) and (caller is None or caller.role not in directory.MANAGER_ROLES):
        raise refusal(Code.PERMISSION_DENIED, f"{call.caller.name} does not manage {space.name}")
    member = member._replace(role=role)
    directory.add_member(call.store, member)
    events.record(call.store, space.name, "membership.v1.updated", member.resource_name, call.now())
    return membership_resource(call, member)


@method("spaces.members.delete")
def delete(call: Call) -> Resource:
    """Answers the membership as it was; everybody may leave."""
    space, member = _named(call, call.path["name"])
    if space.type == "DIRECT_MESSAGE":
        raise refusal(Code.FAILED_PRECONDITION, "the members of a direct message cannot change")
    _check_app_scope(call, member.type)
    if member.name != call.caller.name:
        require(call, space, _PERMISSION[member.type])
    directory.remove_member(call.store, member)
    gone = {"name": member.resource_name, "state": "NOT_A_MEMBER"}
    events.record_memberships(call.store, space.name, "deleted", [gone], call.now())
    return membership_resource(call, member)
