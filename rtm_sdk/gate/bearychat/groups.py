"""What channels and discussion groups have in common: who is in them, and closing them."""

from __future__ import annotations

from . import params as read
from .conversations import Conversation
from .endpoints import Call, endpoint
from .people import Resource
from .refusals import forbidden, invalid, not_found

__all__ = ["free_name", "offer_membership"]


def free_name(call: Call) -> str:
    """The parameter `name`, which no channel has yet."""
    name = read.group_name(call.params, "name")
    if call.conversations.named(name) is not None:
        raise invalid("the parameter 'name' is the name of another channel")
    return name


def offer_membership(kind: str, system: str) -> None:
    """Make the endpoints of one kind that are the same for both.

    Args:
        kind: the type of the conversations.
        system: what the names of the endpoints begin with; the name of the id is made of it.
    """
    name = f"{system}_id"

    def group(call: Call) -> Conversation:
        return call.joined(read.text(call.params, name), kind)

    @endpoint(f"{system}.info", "GET")
    def info(call: Call) -> Resource:
        return call.shown(call.visible(read.text(call.params, name), kind))

    @endpoint(f"{system}.list", "GET")
    def list_all(call: Call) -> list[Resource]:
        return [call.shown(each) for each in call.conversations.visible(kind, call.uid)]

    @endpoint(f"{system}.archive", "POST")
    def archive(call: Call) -> Resource:
        found = group(call)
        _not_general(found)
        call.conversations.update(found._replace(is_active=False))
        return call.shown(found)

    @endpoint(f"{system}.leave", "POST", status=204)
    def leave(call: Call) -> None:
        found = call.visible(read.text(call.params, name), kind)
        _not_general(found)
        call.conversations.leave(found.id, call.uid)

    @endpoint(f"{system}.invite", "POST", status=204)
    def invite(call: Call) -> None:
        uid = read.text(call.params, "invite_uid")
        found = group(call)
        if call.people.user(uid) is None:
            raise not_found("user")
        call.conversations.join(found.id, uid)

    def kick(call: Call) -> None:
        uid = read.text(call.params, "kick_uid")
        found = group(call)
        _not_general(found)
        if not call.conversations.is_member(found.id, uid):
            raise not_found("member")
        call.conversations.leave(found.id, uid)

    for alias in ("kick", "kickout"):
        endpoint(f"{system}.{alias}", "POST", status=204)(kick)


def _not_general(conversation: Conversation) -> None:
    if conversation.general:
        raise forbidden("everybody is in this channel")
