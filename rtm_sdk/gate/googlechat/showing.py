"""Users, spaces and memberships as answers show them."""

from __future__ import annotations

from ..store import Store
from . import directory
from .access import default_permissions
from .directory import Member, Space
from .methods import Call, Resource
from .times import rfc3339

__all__ = ["membership_resource", "space_resource", "user_resource"]


def space_resource(store: Store, space: Space, *, listed: bool = False) -> Resource:
    """A space as answers show it.

    Args:
        store: where it is kept.
        space: the space.
        listed: whether it is one of a list, which shows no permission settings.
    """
    people, groups = directory.member_count(store, space.name)
    count = {"joinedDirectHumanUserCount": people, "joinedGroupCount": groups}
    kept = space.resource
    single = bool(kept.get("singleUserBotDm"))
    found: Resource = {
        "name": space.name,
        "type": "DM" if single else "ROOM",
        "spaceType": space.type,
        "singleUserBotDm": single,
        "threaded": space.threaded,
        "displayName": space.display_name or "",
        "externalUserAllowed": kept.get("externalUserAllowed", False),
        "spaceThreadingState": space.threading,
        "spaceDetails": kept.get("spaceDetails", {}),
        "spaceHistoryState": kept.get("spaceHistoryState", "HISTORY_ON"),
        "importMode": space.import_until_us is not None,
        "createTime": rfc3339(space.created_us),
        "lastActiveTime": "" if space.active_us is None else rfc3339(space.active_us),
        "importModeExpireTime": "" if space.import_until_us is None else rfc3339(space.import_until_us),
        "membershipCount": {name: number for name, number in count.items() if number},
        "customer": kept.get("customer", ""),
    }
    if space.type == "SPACE":
        access = kept.get("accessSettings", {})
        found["accessSettings"] = {"accessState": "DISCOVERABLE" if access.get("audience") else "PRIVATE", **access}
        if not listed:
            found["permissionSettings"] = {**default_permissions(), **kept.get("permissionSettings", {})}
    return {name: value for name, value in found.items() if value not in ("", False, {})}


def user_resource(call: Call, name: str) -> Resource:
    """A user as the caller sees it: only apps are told the name for people."""
    user = directory.user_resource(call.store, name)
    return user if call.caller.app else {"name": user["name"], "type": user["type"]}


def membership_resource(call: Call, member: Member) -> Resource:
    """A membership as the caller sees it."""
    found: Resource = {"name": member.resource_name, "state": member.state}
    if member.is_group:
        found["groupMember"] = {"name": member.name}
    else:
        found["member"] = user_resource(call, member.name)
        found["affiliation"] = "INTERNAL"
    found["role"] = member.role
    found["createTime"] = rfc3339(member.created_us)
    if member.left_us is not None:
        found["deleteTime"] = rfc3339(member.left_us)
    return found
