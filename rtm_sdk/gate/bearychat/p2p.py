"""What the gate answers about conversations of two."""

from __future__ import annotations

from . import params as read
from .conversations import P2P, Conversation, Conversations
from .endpoints import Call, endpoint
from .formats import known_id
from .people import Resource
from .refusals import invalid, not_found

__all__ = ["open_p2p"]


@endpoint("p2p.info", "GET")
def get_p2p(call: Call) -> Resource:
    """Only the two see it."""
    return call.shown(call.visible(read.text(call.params, "p2p_channel_id"), P2P))


@endpoint("p2p.list", "GET")
def list_p2ps(call: Call) -> list[Resource]:
    """Those of the token's user."""
    return [call.shown(each) for each in call.conversations.visible(P2P, call.uid)]


@endpoint("p2p.create", "POST", status=201)
def create_p2p(call: Call) -> Resource:
    """One that is there comes back."""
    other = read.text(call.params, "user_id")
    if other == call.uid:
        raise invalid("the parameter 'user_id' is the user of the token")
    if call.people.user(other) is None:
        raise not_found("user")
    return call.shown(open_p2p(call.conversations, call.uid, other, call.store.now()))


def open_p2p(conversations: Conversations, uid: str, other: str, now: int, vchannel_id: str = "") -> Conversation:
    """The conversation of two users, made if there is none yet.

    Args:
        conversations: all of them.
        uid, other: the users.
        now: ms UTC.
        vchannel_id: the id of a new one; left out, one that is made of their ids.
    """
    found = conversations.of_two(uid, other)
    if found is None:
        found = Conversation.new(vchannel_id or known_id("p2p", *sorted((uid, other))), P2P, now)
        conversations.add(found, [uid, other])
    return found
