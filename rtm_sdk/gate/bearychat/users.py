"""What the gate answers about users."""

from __future__ import annotations

from . import params as read
from .endpoints import Call, endpoint
from .people import Resource
from .refusals import invalid, not_found

__all__: list[str] = []


@endpoint("user.info", "GET")
def get_user(call: Call) -> Resource:
    """Any user of the team."""
    found = call.people.user(read.text(call.params, "user_id"))
    if found is None:
        raise not_found("user")
    return found


@endpoint("user.list", "GET")
def list_users(call: Call) -> list[Resource]:
    """All of them."""
    return call.people.users()


@endpoint("user.me", "GET")
def get_me(call: Call) -> Resource:
    """The token's user."""
    return call.user


@endpoint("user.update_me", "PATCH")
def update_me(call: Call) -> Resource:
    """Without a parameter nothing changes."""
    name, full_name = (read.optional_text(call.params, each) for each in ("name", "full_name"))
    changed = dict(call.user)
    if name is not None:
        if not name:
            raise invalid("the parameter 'name' must not be empty")
        other = call.people.user_named(name)
        if other is not None and other["id"] != call.uid:
            raise invalid("the parameter 'name' is the name of another user")
        changed["name"] = name
    if full_name is not None:
        changed["full_name"] = full_name
    call.people.update(changed)
    return changed
