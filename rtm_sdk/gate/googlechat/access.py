"""Who may do what: the spaces a caller is in, the roles there, and names that stand for the caller."""

from __future__ import annotations

from typing import Any, Final

from ...errors import Code
from ..store import Store
from . import directory
from .bodies import InvalidField
from .directory import Member, Space, User
from .methods import Call, refusal

__all__ = [
    "APP",
    "admin_access",
    "allowed",
    "default_permissions",
    "member_of",
    "own",
    "own_space",
    "require",
    "space_of",
    "user_of",
]

APP: Final = "users/1000"
"""The app that ``users/app`` is in calls of users."""

PERMISSIONS = (
    "manageApps",
    "manageMembersAndGroups",
    "manageWebhooks",
    "modifySpaceDetails",
    "postMessages",
    "replyMessages",
    "toggleHistory",
    "useAtMentionAll",
    "viewSpaceMembership",
)
"""The permission settings of a space."""

_FLAGS = {
    "ROLE_MANAGER": "managersAllowed",
    "ROLE_ASSISTANT_MANAGER": "assistantManagersAllowed",
    "ROLE_MEMBER": "membersAllowed",
}
_FOR_ALL_ANYWAY = ("replyMessages", "viewSpaceMembership")


def admin_access(call: Call) -> bool:
    """Whether a call is made with the rights of an administrator; 403 when the caller has none."""
    if "useAdminAccess" not in call.method.query or not call.flag("useAdminAccess"):
        return False
    user = directory.find_user(call.store, call.caller.name)
    if not call.caller.user or user is None or not user.admin:
        raise refusal(Code.PERMISSION_DENIED, f"{call.caller.name} is no administrator")
    return True


def space_of(call: Call, name: str) -> Space:
    """The space of a name, in which the caller is, or is an administrator; otherwise 404 or 403."""
    space = directory.find_space(call.store, name)
    if space is None:
        raise refusal(Code.NOT_FOUND, f"there is no space {name}")
    if not admin_access(call) and not _has_joined(call.store, name, call.caller.name):
        raise refusal(Code.PERMISSION_DENIED, f"{call.caller.name} is not a member of {name}")
    return space


def _has_joined(store: Store, space: str, user: str) -> bool:
    member = directory.find_member(store, space, user)
    return member is not None and member.state == "JOINED"


def member_of(call: Call, space: Space) -> Member | None:
    """The caller's membership; None for an administrator who has not joined."""
    return directory.find_member(call.store, space.name, call.caller.name)


def default_permissions(predefined: str = "COLLABORATION_SPACE") -> dict[str, Any]:
    """The permission settings of a new space: everybody may do everything, or in an announcement space managers may."""
    announcement = predefined == "ANNOUNCEMENT_SPACE"
    managers = {"managersAllowed": True, "assistantManagersAllowed": True}
    everybody = {**managers, "membersAllowed": True}
    return {name: everybody if name in _FOR_ALL_ANYWAY or not announcement else managers for name in PERMISSIONS}


def allowed(store: Store, space: Space, user: str, permission: str) -> bool:
    """Whether a member may do something that a space has a permission setting for.

    Args:
        store: where.
        space: the space.
        user: who.
        permission: one of `PERMISSIONS`.
    """
    member = directory.find_member(store, space.name, user)
    if member is None or member.state != "JOINED":
        return False
    if space.type != "SPACE":
        return True
    setting = space.resource.get("permissionSettings", {}).get(permission)
    return bool((default_permissions()[permission] if setting is None else setting).get(_FLAGS[member.role]))


def require(call: Call, space: Space, permission: str) -> None:
    """403 unless the caller may do what a permission setting is about, or is an administrator."""
    if not admin_access(call) and not allowed(call.store, space, call.caller.name, permission):
        raise refusal(
            Code.PERMISSION_DENIED, f"the permission setting {permission} of {space.name} does not allow this"
        )


def user_of(call: Call, name: str, field: str) -> User:
    """The user that a name in a request means: id or email, ``users/me`` or ``users/app``; 404 when there is none.

    Args:
        call: the call.
        name: the name.
        field: where the name stands, for the error.
    """
    collection, _, plain = name.partition("/")
    if collection != "users" or not plain or "/" in plain:
        raise InvalidField(field, "must be of the form users/{user}")
    if plain == "me":
        name = call.caller.name
    elif plain == "app":
        name = call.caller.name if call.caller.app and not call.caller.user else APP
    user = directory.find_user(call.store, name)
    if user is None:
        raise refusal(Code.NOT_FOUND, f"there is no user {name}")
    return user


def own(call: Call, name: str) -> str:
    """The caller's name, when a name in a path means the caller; otherwise 403.

    Args:
        call: the call.
        name: a resource name that begins with ``users/{user}``.
    """
    user = directory.find_user(call.store, "/".join(name.split("/")[:2]))
    if name.split("/")[1] != "me" and (user is None or user.name != call.caller.name):
        raise refusal(Code.PERMISSION_DENIED, "only the caller's own is allowed: users/me")
    return call.caller.name


def own_space(call: Call) -> tuple[str, Space]:
    """The caller and the space of a name such as ``users/me/spaces/A/spaceReadState``; otherwise 404 or 403."""
    user = own(call, call.path["name"])
    return user, space_of(call, "/".join(call.path["name"].split("/")[2:4]))
