"""What the gate answers about pins."""

from __future__ import annotations

from . import params as read
from .endpoints import Call, endpoint
from .people import Resource
from .query import position_of_key
from .refusals import not_found

__all__: list[str] = []


@endpoint("message_pin.list", "GET")
def list_pins(call: Call) -> list[Resource]:
    """Of one conversation, with the messages."""
    return call.records.pins(call.visible(read.text(call.params, "vchannel_id")).id)


@endpoint("message_pin.create", "POST")
def create_pin(call: Call) -> Resource:
    """Of a message that is pinned its pin comes back."""
    conversation = call.joined(read.text(call.params, "vchannel_id"))
    key = read.text(call.params, "message_key", "key")
    found = call.living_message(conversation.id, position_of_key("message_key", key))
    return call.records.pin(found, call.uid)


@endpoint("message_pin.delete", "POST")
def delete_pin(call: Call) -> Resource:
    """Whoever is in the conversation may."""
    conversation = call.joined(read.text(call.params, "vchannel_id"))
    if not call.records.unpin(conversation.id, read.text(call.params, "pin_id")):
        raise not_found("pin")
    return {}
