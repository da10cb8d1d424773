"""What the gate answers about spaces."""

from __future__ import annotations

import operator
import re
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from ...errors import Code
from ..store import Store
from . import attached, directory, events, stored
from .access import (
    PERMISSIONS,
    admin_access,
    default_permissions,
    member_of,
    require,
    space_of,
    user_of,
)
from .bodies import (
    InvalidField,
    boolean,
    enum,
    ignored,
    many,
    record,
    text,
    timestamp,
)
from .directory import Member, MemberType, Role, Space, SpaceType
from .filters import (
    AllOf,
    AnyOf,
    Comparison,
    FilterError,
    Node,
    alternatives,
    field_of,
    in_quotes,
    parse,
    terms,
    time_of,
    wrong_value,
)
from .masks import field_at, masked
from .members import MEMBERSHIP, Invitation, invitation
from .methods import Call, Resource, method, refusal
from .showing import membership_resource, space_resource

__all__ = ["listed_types", "search_test"]

MAX_DISPLAY_NAME = 128
MAX_DESCRIPTION = 4096
MAX_GUIDELINES = 5000
MAX_INVITED = 49
MAX_QUERY = 1000
MAX_REQUEST_ID = 255

_TYPES = ("SPACE", "GROUP_CHAT", "DIRECT_MESSAGE")
_READ_SCOPES = frozenset(("chat.spaces", "chat.spaces.readonly"))

_FLAGS = {"assistantManagersAllowed": boolean, "managersAllowed": boolean, "membersAllowed": boolean}
_PRINCIPALS = record({"principals": many(record({"audience": record({"name": text})}))})
_SPACE_TYPE = enum("SPACE_TYPE_UNSPECIFIED", *_TYPES)
_SPACE = {
    "accessSettings": record(
        {
            "accessPermissionSettings": record(
                {
                    "discoverSpaceSetting": _PRINCIPALS,
                    "joinSpaceSetting": _PRINCIPALS,
                    "viewSpaceMembershipSetting": _PRINCIPALS,
                }
            ),
            "accessState": ignored,
            "audience": text,
        }
    ),
    "adminInstalled": ignored,
    "createTime": timestamp,
    "customer": text,
    "displayName": text,
    "externalUserAllowed": boolean,
    "importMode": boolean,
    "importModeExpireTime": ignored,
    "lastActiveTime": ignored,
    "membershipCount": ignored,
    "name": ignored,
    "permissionSettings": record({name: ignored if name == "postMessages" else record(_FLAGS) for name in PERMISSIONS}),
    "predefinedPermissionSettings": enum(
        "PREDEFINED_PERMISSION_SETTINGS_UNSPECIFIED", "COLLABORATION_SPACE", "ANNOUNCEMENT_SPACE"
    ),
    "singleUserBotDm": boolean,
    "spaceDetails": record({"description": text, "guidelines": text}),
    "spaceHistoryState": enum("HISTORY_STATE_UNSPECIFIED", "HISTORY_OFF", "HISTORY_ON"),
    "spaceThreadingState": ignored,
    "spaceType": _SPACE_TYPE,
    "spaceUri": ignored,
    "threaded": ignored,
    "type": ignored,
}
_SETUP = {"memberships": many(record(MEMBERSHIP)), "requestId": text, "space": record(_SPACE)}

_KEPT = ("customer", "externalUserAllowed", "spaceDetails")
_MASK = (
    "spaceDetails",
    "displayName",
    "spaceType",
    "spaceHistoryState",
    "accessSettings.audience",
    "accessSettings.accessPermissionSettings",
    *(f"permissionSettings.{name}" for name in PERMISSIONS if name != "postMessages"),
)


def remove_space(call: Call, name: str) -> None:
    """Delete a space with everything in it."""
    stored.delete_all(call.store, call.inside.contents, name)
    attached.forget_space(call.store, name)
    directory.forget_space(call.store, name)


# --- making spaces -----------------------------------------------------------------------------------------------


def _check_texts(body: Resource, path: str = "") -> None:
    details = body.get("spaceDetails", {})
    for field, value, most in (
        ("displayName", body.get("displayName", ""), MAX_DISPLAY_NAME),
        ("spaceDetails.description", details.get("description", ""), MAX_DESCRIPTION),
        ("spaceDetails.guidelines", details.get("guidelines", ""), MAX_GUIDELINES),
    ):
        if len(value) > most:
            raise InvalidField(path + field, f"has {len(value)} characters, at most {most} are allowed")


def _check_display_name(store: Store, display_name: str, path: str, but: str = "") -> None:
    if not display_name.strip():
        raise InvalidField(path + "displayName", "is required for a SPACE")
    if directory.display_name_taken(store, display_name, but):
        raise refusal(Code.ALREADY_EXISTS, f"there is a space with the display name {display_name!r} already")


def _new_space(call: Call, body: Resource, path: str = "") -> Space:
    """A space made of a body; not stored yet."""
    kind: SpaceType | None = body.get("spaceType")
    if kind is None:
        raise InvalidField(path + "spaceType", "is required")
    _check_texts(body, path)
    for name in directory.expired_spaces(call.store):
        remove_space(call, name)
    if kind == "SPACE":
        _check_display_name(call.store, body.get("displayName", ""), path)
    elif "displayName" in body:
        raise InvalidField(path + "displayName", f"is for a SPACE only, not for a {kind}")
    importing = body.get("importMode", False)
    if importing and "chat.import" not in call.caller.scopes:
        raise refusal(Code.PERMISSION_DENIED, "importMode needs the scope chat.import")
    if call.caller.app and not call.caller.user and kind == "SPACE" and "customer" not in body:
        raise InvalidField(path + "customer", "is required when an app makes a SPACE")
    kept = {name: body[name] for name in _KEPT if name in body}
    if "spaceHistoryState" in body:
        kept["spaceHistoryState"] = body["spaceHistoryState"]
    if kind == "SPACE":
        kept.update(_settings(body, path))
    now = call.now()
    created = min(body.get("createTime", now), now) if importing else now
    until = now + directory.IMPORT_US if importing else None
    shown = body.get("displayName") if kind == "SPACE" else None
    return Space(0, f"spaces/{directory.new_id()}", kind, shown, created, None, until, kept)


def _settings(body: Resource, path: str) -> Resource:
    if "permissionSettings" in body and "predefinedPermissionSettings" in body:
        raise InvalidField(path + "permissionSettings", "excludes predefinedPermissionSettings")
    permissions = default_permissions(body.get("predefinedPermissionSettings", "COLLABORATION_SPACE"))
    settings: Resource = {"permissionSettings": {**permissions, **body.get("permissionSettings", {})}}
    if "accessSettings" in body:
        settings["accessSettings"] = body["accessSettings"]
    return settings


def _repeated(call: Call, request_id: str) -> Space | None:
    """The space that the same request made before."""
    if not request_id:
        return None
    if len(request_id) > MAX_REQUEST_ID:
        raise InvalidField("requestId", f"has more than {MAX_REQUEST_ID} characters")
    row = call.store.execute(
        "SELECT credential, space FROM google_space_requests WHERE request_id = ?", (request_id,)
    ).fetchone()
    if row is None:
        return None
    if row[0] != call.caller.credential:
        raise InvalidField("requestId", "was used by somebody else")
    return directory.find_space(call.store, row[1])


def _store(call: Call, space: Space, request_id: str, invited: Iterable[Invitation]) -> Resource:
    now = call.now()
    guests = list(invited)
    pair = (call.caller.name, *(guest.name for guest in guests)) if space.type == "DIRECT_MESSAGE" else ()
    try:
        directory.add_space(call.store, space, pair)
    except sqlite3.IntegrityError:
        raise refusal(Code.ALREADY_EXISTS, "there is such a space already") from None
    caller = directory.find_user(call.store, call.caller.name)
    kind: MemberType = "HUMAN" if caller is None else caller.type
    owner: Role = "ROLE_MANAGER" if space.type == "SPACE" else "ROLE_MEMBER"
    directory.add_member(call.store, Member(space.name, call.caller.name, kind, owner, "JOINED", now))
    added = []
    for guest in guests:
        member = Member(space.name, guest.name, guest.type, "ROLE_MEMBER", "JOINED", now)
        directory.add_member(call.store, member)
        added.append(membership_resource(call, member))
    events.record_memberships(call.store, space.name, "created", added, now)
    if request_id:
        call.store.execute(
            "INSERT OR REPLACE INTO google_space_requests (request_id, credential, space) VALUES (?, ?, ?)",
            (request_id, call.caller.credential, space.name),
        )
    return _current(call, space.name)


def _current(call: Call, name: str) -> Resource:
    space = directory.find_space(call.store, name)
    assert space is not None
    return space_resource(call.store, space)


@method("spaces.create")
def create(call: Call) -> Resource:
    """The caller is its first member and owner."""
    body = call.body(_SPACE)
    request_id = call.text("requestId")
    before = _repeated(call, request_id)
    if before is not None:
        return space_resource(call.store, before)
    if body.get("spaceType", "SPACE") != "SPACE" and not body.get("importMode"):
        raise InvalidField("spaceType", "must be SPACE, unless importMode is true; for others there is spaces.setup")
    if body.get("spaceType") == "DIRECT_MESSAGE":
        raise InvalidField("spaceType", "must be SPACE or GROUP_CHAT; for a direct message there is spaces.setup")
    return _store(call, _new_space(call, body), request_id, ())


@method("spaces.setup")
def set_up(call: Call) -> Resource:
    """The space with its first members; of a direct message there is one only, whoever asks."""
    body = call.body(_SETUP)
    if "space" not in body:
        raise InvalidField("space", "is required")
    request_id = body.get("requestId", "")
    before = _repeated(call, request_id)
    if before is not None:
        return space_resource(call.store, before)
    asked = body["space"]
    guests = _guests(call, body.get("memberships", []))
    kind = asked.get("spaceType")
    if asked.get("importMode"):
        raise InvalidField("space.importMode", "is for spaces.create only")
    if kind == "DIRECT_MESSAGE":
        guests, single = _partner(call, guests, asked.get("singleUserBotDm", False))
        there = directory.direct_message(call.store, call.caller.name, guests[0].name)
        if there is not None:
            return space_resource(call.store, there)
        space = _new_space(call, asked, "space.")
        space.resource["singleUserBotDm"] = single
        return _store(call, space, request_id, guests)
    if kind == "GROUP_CHAT" and (len(guests) < 2 or any(guest.name.startswith("groups/") for guest in guests)):
        raise InvalidField("memberships", "a GROUP_CHAT needs at least two people beside the caller")
    return _store(call, _new_space(call, asked, "space."), request_id, guests)


def _guests(call: Call, bodies: list[Resource]) -> list[Invitation]:
    if len(bodies) > MAX_INVITED:
        raise InvalidField("memberships", f"has {len(bodies)} members, at most {MAX_INVITED} are allowed")
    guests = [invitation(call, body, f"memberships[{number}]") for number, body in enumerate(bodies)]
    names = [guest.name for guest in guests]
    if call.caller.name in names:
        raise InvalidField("memberships", "must not hold the caller, who is a member anyway")
    if len(set(names)) < len(names):
        raise InvalidField("memberships", "must not hold anybody twice")
    return guests


def _partner(call: Call, guests: list[Invitation], single: bool) -> tuple[list[Invitation], bool]:
    """With whom a direct message is, and whether that is an app."""
    if single and not guests:
        app = user_of(call, "users/app", "memberships")
        return [Invitation(app.name, app.type)], True
    if len(guests) != 1 or guests[0].name.startswith("groups/"):
        raise InvalidField("memberships", "a DIRECT_MESSAGE needs one person, or none with singleUserBotDm")
    return guests, guests[0].type == "BOT"


# --- finding spaces ----------------------------------------------------------------------------------------------


@method("spaces.get")
def get(call: Call) -> Resource:
    """The caller must have joined it."""
    return space_resource(call.store, space_of(call, call.path["name"]))


def listed_types(filter_text: str) -> tuple[str, ...]:
    """The space types a filter of ``spaces.list`` lets through. `FilterError` when it is invalid."""
    node = parse(filter_text)
    if node is None:
        return _TYPES
    return tuple(_type_of(term) for term in alternatives(node))


def _type_of(term: Comparison) -> str:
    field_of(term, {"spaceType": "", "space_type": ""})
    if not term.quoted or term.value not in _TYPES:
        raise wrong_value(term, f"must be one of {in_quotes(_TYPES)}")
    return term.value


@method("spaces.list")
def list_spaces(call: Call) -> Resource:
    """Those the caller has joined; direct messages and group chats once they have a message."""
    limit = call.page_size(100, 1000)
    filter_text = call.text("filter")
    types = listed_types(filter_text)
    position = call.position(filter_text) or 0
    found = directory.spaces_of(call.store, call.caller.name, types, position, limit + 1)
    return call.page("spaces", found, limit, _listed(call.store), lambda space: space.place, filter_text)


def _listed(store: Store) -> Callable[[Space], Resource]:
    return lambda space: space_resource(store, space, listed=True)


@method("spaces.findDirectMessage")
def find_direct_message(call: Call) -> Resource:
    """The one between the caller and a user; 404 when there is none."""
    if not call.text("name"):
        raise InvalidField("name", "is required")
    other = user_of(call, call.text("name"), "name")
    space = directory.direct_message(call.store, call.caller.name, other.name)
    if space is None:
        raise refusal(Code.NOT_FOUND, f"there is no direct message with {other.name}")
    return space_resource(call.store, space)


@method("spaces.findGroupChats")
def find_group_chats(call: Call) -> Resource:
    """Those with exactly the caller and some users; apps do not count."""
    limit = call.page_size(10, 30)
    names = call.texts("users")
    if len(names) > MAX_INVITED:
        raise InvalidField("users", f"has {len(names)} users, at most {MAX_INVITED} are allowed")
    view = call.enum("spaceView", ("SPACE_VIEW_UNSPECIFIED", "SPACE_VIEW_RESOURCE_NAME_ONLY", "SPACE_VIEW_EXPANDED"))
    expanded = view == "SPACE_VIEW_EXPANDED"
    if expanded and not call.caller.scopes & _READ_SCOPES:
        raise refusal(Code.PERMISSION_DENIED, "SPACE_VIEW_EXPANDED needs the scope chat.spaces or chat.spaces.readonly")
    users = [user_of(call, name, "users") for name in names]
    if any(user.type == "BOT" for user in users):
        raise InvalidField("users", "must be people, not apps")
    wanted = {call.caller.name, *(user.name for user in users)}
    position = call.position(names, view) or 0
    chats = directory.spaces_of(call.store, call.caller.name, ("GROUP_CHAT",), position, silent=True)
    found = [space for space in chats if _people(call.store, space) == wanted]
    show: Callable[[Space], Resource] = _listed(call.store) if expanded else lambda space: {"name": space.name}
    return call.page("spaces", found, limit, show, lambda space: space.place, names, view)


def _people(store: Store, space: Space) -> set[str]:
    joined = [member for member in directory.members(store, space.name) if member.state == "JOINED"]
    return {member.name for member in joined if member.type == "HUMAN" and not member.is_group}


# --- searching ---------------------------------------------------------------------------------------------------

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_SEARCHED = {
    "create_time": "create_time",
    "createTime": "create_time",
    "customer": "customer",
    "display_name": "display_name",
    "displayName": "display_name",
    "external_user_allowed": "external_user_allowed",
    "externalUserAllowed": "external_user_allowed",
    "last_active_time": "last_active_time",
    "lastActiveTime": "last_active_time",
    "space_history_state": "space_history_state",
    "spaceHistoryState": "space_history_state",
    "space_type": "space_type",
    "spaceType": "space_type",
}
_OPERATORS = {"create_time": "= < > <= >=", "last_active_time": "= < > <= >=", "display_name": ":"}
_WORD = re.compile(r"\w+")


def search_test(query: str, *, admin: bool) -> Callable[[Space], bool]:
    """What a query of ``spaces.search`` lets through.

    Args:
        query: the query.
        admin: whether an administrator asks, who must name the customer.

    Raises:
        FilterError: it is invalid.
    """
    node = parse(query)
    for field, value in (("space_type", "SPACE"), *([("customer", "customers/my_customer")] if admin else [])):
        said = [term for term in terms(node) if isinstance(term, Comparison) and _SEARCHED.get(term.field) == field]
        if not any(term.value == value and term.quoted for term in said):
            raise FilterError(f'the query must hold {field} = "{value}"', 0)
    assert node is not None
    return _test(node)


def _test(node: Node) -> Callable[[Space], bool]:
    if isinstance(node, (AllOf, AnyOf)):
        tests = [_test(each) for each in node.nodes]
        if isinstance(node, AllOf):
            return lambda space: all(test(space) for test in tests)
        return lambda space: any(test(space) for test in tests)
    (term,) = alternatives(node)
    field = field_of(term, _SEARCHED, _OPERATORS)
    if field in ("create_time", "last_active_time"):
        return _time_test(field, term.operator, time_of(term))
    if not term.quoted:
        raise wrong_value(term, "must be in double quotes")
    if field == "display_name":
        words = [word.casefold() for word in _WORD.findall(term.value)]
        return lambda space: _holds(space.display_name or "", words)
    value = term.value
    if field == "external_user_allowed":
        return lambda space: str(space.resource.get("externalUserAllowed", False)).lower() == value.lower()
    if field == "space_history_state":
        return lambda space: space.resource.get("spaceHistoryState", "HISTORY_ON") == value
    if field == "customer":
        return lambda space: value in ("customers/my_customer", space.resource.get("customer"))
    return lambda space: space.type == value


def _time_test(field: str, sign: str, ns: int) -> Callable[[Space], bool]:
    compare = _COMPARE[sign]
    if field == "create_time":
        return lambda space: compare(space.created_us * 1000, ns)
    return lambda space: space.active_us is not None and compare(space.active_us * 1000, ns)


def _holds(shown: str, words: list[str]) -> bool:
    """Whether each of some words begins a word of a name."""
    there = [word.casefold() for word in _WORD.findall(shown)]
    return all(any(word.startswith(each) for word in there) for each in words)


def _people_count(store: Store, space: Space) -> int:
    return directory.member_count(store, space.name)[0]


_ORDERS: dict[str, Callable[[Store, Space], int]] = {
    "create_time": lambda store, space: space.created_us,
    "last_active_time": lambda store, space: space.active_us or 0,
    "membership_count.joined_direct_human_user_count": _people_count,
}


def _order(text: str, *, admin: bool) -> tuple[str, bool]:
    """Field and whether it is descending of an ``orderBy``."""
    default = "create_time ASC" if admin else "create_time DESC"
    field, _, direction = " ".join(text.split() or default.split()).partition(" ")
    direction = direction.upper() or "ASC"
    if field not in _ORDERS or direction not in ("ASC", "DESC"):
        raise InvalidField("orderBy", f"must be one of {', '.join(_ORDERS)}, with ASC or DESC")
    if not admin and (field, direction) != ("create_time", "DESC"):
        raise InvalidField("orderBy", "must be create_time DESC without useAdminAccess")
    return field, direction == "DESC"


@method("spaces.search")
def search(call: Call) -> Resource:
    """Named spaces: all of them for an administrator, otherwise those the caller has joined."""
    admin = admin_access(call)
    query, order = call.text("query"), call.text("orderBy")
    if not query.strip() or len(query) > MAX_QUERY:
        raise InvalidField("query", f"is required, with at most {MAX_QUERY} characters")
    limit = call.page_size(100, 1000 if admin else 100)
    field, descending = _order(order, admin=admin)
    try:
        test = search_test(query, admin=admin)
    except FilterError as fault:
        raise InvalidField("query", str(fault)) from None
    store = call.store
    spaces = directory.all_spaces(store) if admin else directory.spaces_of(store, call.caller.name, ("SPACE",))
    sign = -1 if descending else 1
    ranked = sorted((sign * _ORDERS[field](store, space), space.place, space) for space in spaces if test(space))
    position = call.position(query, order, admin)
    behind = [each for each in ranked if position is None or [each[0], each[1]] > position]
    show = _listed(store)
    answer = call.page(
        "results", behind, limit, lambda each: {"space": show(each[2])}, lambda each: each[:2], query, order, admin
    )
    if admin and ranked:
        answer["spaces"] = [result["space"] for result in answer.get("results", ())]
        answer["totalSize"] = len(ranked)
    return answer


# --- changing spaces ---------------------------------------------------------------------------------------------


@method("spaces.patch")
def patch(call: Call) -> Resource:
    """Needs a mask; some of its fields stand alone."""
    space = space_of(call, call.path["name"])
    body = call.body(_SPACE)
    paths = masked(call.text("updateMask"), _MASK)
    families = {path.partition(".")[0] for path in paths}
    for alone in ("spaceHistoryState", "accessSettings", "permissionSettings"):
        if alone in families and len(families) > 1:
            raise InvalidField("updateMask", f"{alone} cannot be changed together with other fields")
    _check_texts({name: body[name] for name in families if name in body})
    changed = _with_type(call, space, body, families)
    resource = dict(space.resource)
    if families & {"displayName", "spaceType", "spaceDetails"}:
        require(call, space, "modifySpaceDetails")
    if "displayName" in families:
        if changed.type != "SPACE":
            raise InvalidField("updateMask", f"a {space.type} has no displayName")
        _check_display_name(call.store, body.get("displayName", ""), "", space.name)
        changed = changed._replace(display_name=body["displayName"])
    if "spaceDetails" in families:
        resource["spaceDetails"] = body.get("spaceDetails", {})
    if "spaceHistoryState" in families:
        require(call, space, "toggleHistory")
        resource["spaceHistoryState"] = body.get("spaceHistoryState", "HISTORY_ON")
    for family in families & {"accessSettings", "permissionSettings"}:
        _require_manager(call, space)
        if space.type != "SPACE":
            raise InvalidField("updateMask", f"a {space.type} has no {family}")
        resource[family] = _changed(space.resource.get(family, {}), body, paths)
    directory.change_space(call.store, changed._replace(resource=resource))
    if changed.type != space.type:
        _own(call, space)
    events.record(call.store, space.name, "space.v1.updated", space.name, call.now())
    return _current(call, space.name)


def _with_type(call: Call, space: Space, body: Resource, families: set[str]) -> Space:
    if "spaceType" not in families:
        return space
    if body.get("spaceType") != "SPACE" or space.type not in ("SPACE", "GROUP_CHAT"):
        raise InvalidField("spaceType", "can be changed from GROUP_CHAT to SPACE only")
    if space.type == "GROUP_CHAT" and "displayName" not in families:
        raise InvalidField("updateMask", "must name displayName as well when a GROUP_CHAT becomes a SPACE")
    return space._replace(type="SPACE")


def _own(call: Call, space: Space) -> None:
    member = member_of(call, space)
    if member is not None:
        directory.add_member(call.store, member._replace(role="ROLE_MANAGER"))


def _changed(before: Resource, body: Resource, paths: list[str]) -> Resource:
    after = dict(before)
    for path in paths:
        name = path.rpartition(".")[2]
        value = field_at(body, path)
        after.pop(name, None)
        if value is not None:
            after[name] = value
    return after


def _require_manager(call: Call, space: Space) -> None:
    member = member_of(call, space)
    if not admin_access(call) and (member is None or member.role not in directory.MANAGER_ROLES):
        raise refusal(Code.PERMISSION_DENIED, f"{call.caller.name} does not manage {space.name}")


@method("spaces.delete")
def delete(call: Call) -> Resource:
    """With everything in it."""
    space = space_of(call, call.path["name"])
    if space.type != "SPACE" and space.import_until_us is None:
        raise InvalidField("name", f"{space.name} is a {space.type}; only a SPACE can be deleted")
    if space.type == "SPACE":
        _require_manager(call, space)
    remove_space(call, space.name)
    return {}


@method("spaces.completeImport")
def complete_import(call: Call) -> Resource:
    """From now on it is a space as any other."""
    space = space_of(call, call.path["name"])
    if space.import_until_us is None:
        raise refusal(Code.FAILED_PRECONDITION, f"{space.name} is not in import mode")
    directory.change_space(call.store, space._replace(import_until_us=None))
    return {"space": _current(call, space.name)}
