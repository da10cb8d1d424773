"""Incoming webhooks: whoever knows the address posts as a robot."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from ..http import Answer, HTTPCall, Inside
from . import params as read
from .conversations import Conversation, Conversations
from .p2p import open_p2p
from .people import People, digest_of
from .records import Records, Tell
from .refusals import invalid, not_found

__all__ = ["BEARYBOT", "Webhook", "add_webhook", "post_by_webhook"]

BEARYBOT = "bearybot"
"""The handle of the assistant that posts to single users."""

MAX_IMAGES = 3


class Webhook(NamedTuple):
    """A webhook.

    Attributes:
        robot_id: as whom it posts.
        uid: who made it; it sees what that user sees.
        vchannel_id: where it posts unless told otherwise.
    """

    robot_id: str
    uid: str
    vchannel_id: str


def add_webhook(inside: Inside, secret: str, webhook: Webhook) -> None:
    """Store a webhook."""
    where = (digest_of(secret), *webhook)
    inside.store.execute("INSERT OR IGNORE INTO bearychat_webhooks VALUES (?, ?, ?, ?)", where)


def post_by_webhook(inside: Inside, tell: Tell, call: HTTPCall, team_id: str, secret: str) -> Answer:
    """Post what a request says.

    Args:
        inside: what the gate has.
        tell: is told of the message.
        call: the request; JSON, or a form with JSON in `payload`.
        team_id, secret: from its path.
    """
    row = inside.store.execute(
        "SELECT robot_id, uid, vchannel_id FROM bearychat_webhooks WHERE digest = ?", (digest_of(secret),)
    ).fetchone()
    if row is None or team_id != People(inside.store).team()["id"]:
        raise not_found("webhook")
    webhook = Webhook(*row)
    params = _params(call)
    text = read.text(params, "text")
    if not text:
        raise invalid("the parameter 'text' must not be empty")
    attachments = read.attachments(params)
    if sum(len(each.get("images") or []) for each in attachments) > MAX_IMAGES:
        raise invalid(f"there are more than {MAX_IMAGES} images")
    further: dict[str, Any] = {"fallback": read.optional_text(params, "notification")}
    if not read.flag(params, "markdown", True):
        further["disable_markdown"] = True
    target = _target(inside, webhook, params)
    Records(inside.store, tell).add(
        target, team_id, text, uid=None, robot_id=webhook.robot_id, attachments=attachments, **further
    )
    return Answer(200, {"code": 0, "result": None})


def _params(call: HTTPCall) -> dict[str, Any]:
    if not call.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        return read.json_object(call.body)
    payload = dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True)).get("payload")
    if payload is None:
        raise invalid("the form has no field 'payload'")
    return read.json_object(payload.encode("utf-8", "replace"))


def _target(inside: Inside, webhook: Webhook, params: dict[str, Any]) -> Conversation:
    """A channel by name, else a member by handle, email or mobile number, else where the webhook belongs."""
    conversations, people = Conversations(inside.store), People(inside.store)
    name, member = read.optional_text(params, "channel"), read.optional_text(params, "user")
    found: Conversation | None
    if name:
        found = conversations.named(name)
        if found is not None and found.private and not conversations.is_member(found.id, webhook.uid):
            found = None
    elif member:
        bot = people.user_named(BEARYBOT)
        user = next((each for each in people.users() if member in (each["name"], each["email"], each["mobile"])), None)
        if user is None or bot is None or user["id"] == bot["id"]:
            raise not_found("user")
        found = open_p2p(conversations, bot["id"], user["id"], inside.store.now())
    else:
        found = conversations.get(webhook.vchannel_id)
    if found is None or not found.is_active:
        raise not_found("conversation")
    return found
