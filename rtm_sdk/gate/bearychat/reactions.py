"""What the gate answers about reactions."""

from __future__ import annotations

import re

from . import params as read
from .endpoints import Call, endpoint
from .people import Resource
from .query import position_of_key
from .records import Record
from .refusals import invalid, not_found

__all__: list[str] = []

_REACTION = re.compile(r":[^:\s]+:")


@endpoint("reaction.create", "POST")
def create_reaction(call: Call) -> Resource:
    """One that is there comes back."""
    message, reaction = _reaction(call)
    return call.records.react(message, call.uid, reaction)


@endpoint("reaction.delete", "POST")
def delete_reaction(call: Call) -> Resource:
    """One's own."""
    message, reaction = _reaction(call)
    if not call.records.take_back(message, call.uid, reaction):
        raise not_found("reaction")
    return {}


def _reaction(call: Call) -> tuple[Record, str]:
    conversation = call.joined(read.text(call.params, "vchannel_id"))
    key = read.text(call.params, "key", "message_key")
    reaction = read.text(call.params, "reaction")
    if not _REACTION.fullmatch(reaction):
        raise invalid("the parameter 'reaction' must be the name of an emoji between colons")
    return call.living_message(conversation.id, position_of_key("key", key)), reaction
