"""What the gate answers about channels."""

from __future__ import annotations

from . import params as read
from .conversations import CHANNEL, Conversation
from .endpoints import Call, endpoint
from .formats import new_id
from .groups import free_name, offer_membership
from .people import Resource

__all__: list[str] = []

offer_membership(CHANNEL, "channel")


@endpoint("channel.create", "POST", status=201)
def create_channel(call: Call) -> Resource:
    """Its maker is in it."""
    channel = Conversation.new(
        new_id(),
        CHANNEL,
        call.store.now(),
        name=free_name(call),
        topic=read.optional_text(call.params, "topic"),
        uid=call.uid,
        private=read.flag(call.params, "private", False),
    )
    call.conversations.add(channel, [call.uid])
    return call.shown(channel)


@endpoint("channel.unarchive", "POST")
def unarchive_channel(call: Call) -> Resource:
    """Whoever is in it may."""
    found = call.joined(read.text(call.params, "channel_id"), CHANNEL)
    call.conversations.update(found._replace(is_active=True))
    return call.shown(found)


@endpoint("channel.join", "POST")
def join_channel(call: Call) -> Resource:
    """A private one cannot be seen by those who are not in it."""
    found = call.visible(read.text(call.params, "channel_id"), CHANNEL)
    call.conversations.join(found.id, call.uid)
    return call.shown(found)
