"""What the gate answers about discussion groups, the session channels."""

from __future__ import annotations

from . import params as read
from .conversations import CHANNEL, SESSION, Conversation
from .endpoints import Call, endpoint
from .formats import new_id
from .groups import free_name, offer_membership
from .people import Resource
from .refusals import forbidden, not_found

__all__: list[str] = []

offer_membership(SESSION, "session_channel")


@endpoint("session_channel.create", "POST", status=201)
def create_session_channel(call: Call) -> Resource:
    """Its maker is in it, named or not."""
    member_uids = read.identifiers(call.params, "member_uids")
    name = read.group_name(call.params, "name") if read.has(call.params, "name") else None
    for uid in member_uids:
        if call.people.user(uid) is None:
            raise not_found("user")
    group = Conversation.new(new_id(), SESSION, call.store.now(), name=name, uid=call.uid)
    call.conversations.add(group, list(dict.fromkeys([call.uid, *member_uids])))
    return call.shown(group)


@endpoint("session_channel.convert_to_channel", "POST", status=201)
def convert_session_channel(call: Call) -> Resource:
    """It keeps its id, its members and its messages."""
    found = call.joined(read.text(call.params, "session_channel_id"), SESSION)
    if not found.is_active:
        raise forbidden("this conversation is archived")
    private = read.flag(call.params, "private", True)
    call.conversations.update(found._replace(type=CHANNEL, name=free_name(call), private=private, uid=call.uid))
    return call.shown(found)
