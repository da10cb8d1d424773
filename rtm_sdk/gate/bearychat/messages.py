"""What the gate answers when messages are sent, read, changed, forwarded and deleted."""

from __future__ import annotations

from typing import Any

from . import params as read
from .endpoints import Call, endpoint
from .people import Resource
from .query import parse_query, position_of_key
from .records import Record
from .refusals import forbidden, invalid, missing

__all__ = ["post_message"]

_FORWARDED = {"zh-CN": "转发了一条消息", "en": "forwarded a message"}


@endpoint("message.query", "POST")
def query_messages(call: Call) -> Resource:
    """In the order of the keys, whatever the algorithm."""
    vchannel_id = read.text(call.params, "vchannel_id")
    if "query" not in call.params:
        raise missing("query")
    parts = parse_query(call.params["query"])
    found = call.records.select(call.visible(vchannel_id).id, parts, call.tombstones)
    return {"messages": [call.records.shown(each) for each in found]}


@endpoint("message.info", "GET")
def get_message(call: Call) -> Resource:
    """One that was deleted is not found."""
    return call.records.shown(_message(call))


@endpoint("message.create", "POST", status=201)
def create_message(call: Call) -> Resource:
    """Only for those who are in the conversation."""
    return call.records.shown(post_message(call, read.text(call.params, "vchannel_id")))


@endpoint("message.delete", "POST", status=204)
def delete_message(call: Call) -> None:
    """One's own; owners and administrators of the team any."""
    found = _message(call)
    if found.resource["uid"] != call.uid and call.user["role"] not in ("owner", "admin"):
        raise forbidden("this is the message of another user")
    if not found.deleted:
        call.records.delete(found)


@endpoint("message.update_text", "PATCH", "POST")
def update_message_text(call: Call) -> Resource:
    """One's own. The key stays; attachments cannot be changed."""
    found = _message(call)
    text = read.text(call.params, "text")
    if found.resource["uid"] != call.uid or found.deleted:
        raise forbidden("this is not a message of the token's user")
    if not text and not found.resource["attachments"]:
        raise invalid("the parameter 'text' must not be empty")
    return call.records.shown(call.records.set_text(found, text))


@endpoint("message.forward", "POST")
def forward_message(call: Call) -> Resource:
    """A new message that holds the original in `repost`, and neither attachments nor fallback."""
    found = _message(call)
    if found.deleted:
        raise forbidden("this message was deleted")
    target = call.open_for(read.text(call.params, "to_vchannel_id"))
    original = found.resource
    names = ("uid", "vchannel_id", "robot_id", "created_ts", "id", "team_id", "subtype", "text")
    repost = {**{name: original[name] for name in names}, "message_key": original["key"]}
    added = call.records.add(
        target,
        call.team_id,
        _FORWARDED["en"],
        uid=call.uid,
        subtype="forwarded",
        text_i18n=_FORWARDED,
        thread_key=None,
        repost=repost,
    )
    assert added is not None
    shown = call.records.shown(added)
    return {name: value for name, value in shown.items() if name not in ("attachments", "fallback")}


def post_message(call: Call, vchannel_id: str, **further: Any) -> Record:
    """Send what the parameters `text` and `attachments` say to a conversation, with further members."""
    text = read.text(call.params, "text")
    attachments = read.attachments(call.params)
    if not text and not attachments:
        raise invalid("the parameter 'text' must not be empty when there are no attachments")
    conversation = call.open_for(vchannel_id)
    added = call.records.add(conversation, call.team_id, text, uid=call.uid, attachments=attachments, **further)
    assert added is not None
    return added


def _message(call: Call) -> Record:
    """The message that is named by its key; both names of the parameter are in use."""
    vchannel_id = read.text(call.params, "vchannel_id")
    key = read.text(call.params, "message_key", "key")
    return call.message(vchannel_id, position_of_key("message_key", key))
