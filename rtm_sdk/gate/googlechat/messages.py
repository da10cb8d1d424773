"""Messages: what the gate answers to spaces.messages."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any, NamedTuple

from ...errors import Code
from . import attached, directory, events, stored
from .access import allowed, space_of
from .bodies import InvalidField, Schema, timestamp
from .directory import Space
from .filters import AllOf, Comparison, FilterError, Node, field_of, parse, terms, time_of
from .masks import masked
from .methods import Call, Resource, method, refusal
from .schemas import schema_of
from .stored import Stored
from .times import rfc3339

__all__ = ["message_of"]

MAX_MESSAGE = 32_000
"""The largest content of a message in bytes."""

MAX_CARDS = 32 * 1024
"""The largest cards of a message in bytes, as JSON."""

MAX_WIDGETS = 100
"""So many widgets may be in a card, over all its sections."""

MAX_THREAD_KEY = 4000
"""The longest key of a thread in characters."""

REPLY_OPTIONS = (
    "MESSAGE_REPLY_OPTION_UNSPECIFIED",
    "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD",
    "REPLY_MESSAGE_OR_FAIL",
)
NOTIFICATIONS = ("NOTIFICATION_TYPE_NONE", "NOTIFICATION_TYPE_FORCE_NOTIFY", "NOTIFICATION_TYPE_SILENT")
MARKUP = ("MARKUP_SYNTAX_UNSPECIFIED", "MARKUP_SYNTAX_CHAT", "MARKUP_SYNTAX_MARKDOWN")

_OF_THE_SERVER = (
    "annotations",
    "argumentText",
    "attachedGifs",
    "clientAssignedMessageId",
    "deleteTime",
    "deletionMetadata",
    "emojiReactionSummaries",
    "formattedText",
    "lastUpdateTime",
    "matchedUrl",
    "name",
    "sender",
    "silent",
    "slashCommand",
    "space",
    "threadReply",
)
_FIELDS = ("text", "fallbackText", "cards", "cardsV2", "accessoryWidgets", "attachment", "elements", "markupSyntax")
"""What a sender decides; with the quoted message and the private viewer, which are read on their own."""
_OF_APPS = ("cards", "cardsV2", "accessoryWidgets")
_OF_TEXT = ("annotations", "argumentText", "formattedText")
_CHANGEABLE = ("text", "attachment", "cards", "cardsV2", "accessoryWidgets", "quotedMessageMetadata")
_CARDS_GONE = stored.HIDDEN + "cardsGone"

_MESSAGE_ID = re.compile(r"client-[a-z0-9-]{1,56}")
_THREAD = re.compile(r"spaces/[^/]+/threads/[^/]+")
_ORDER = re.compile(r"\s*(?:(?:createTime|create_time)(?:\s+(asc|desc))?|(asc|desc))\s*", re.IGNORECASE)
_ORDER_FIELD = re.compile(r"\s*(?:createTime|create_time|asc|desc)\b", re.IGNORECASE)
_MENTION = re.compile(r"<(users/[^>\s]+)>")


def _schema() -> Schema:
    return schema_of("Message", server_sets=_OF_THE_SERVER)


# --- create ------------------------------------------------------------------------------------------------------


@method("spaces.messages.create")
def create_message(call: Call) -> Resource:
    """A new message, or the one that the ``requestId`` has made before."""
    space = call.path["parent"]
    if call.caller.webhook:
        row = _create(call, _existing(call, space), call.text("messageId"))
        sent = call.body(_schema())
        return {**sent, "name": row.name, "thread": {**sent.get("thread", {}), "name": row.thread}}
    found = space_of(call, space)
    _admit_post(call, found)
    return stored.resource(call, _create(call, found, call.text("messageId")))


def _existing(call: Call, name: str) -> Space:
    found = directory.find_space(call.store, name)
    if found is None:
        raise refusal(Code.NOT_FOUND, f"there is no {name}")
    return found


def _admit_post(call: Call, space: Space) -> None:
    if not (call.caller.app or allowed(call.store, space, call.caller.name, "postMessages")):
        raise refusal(Code.PERMISSION_DENIED, f"{call.caller.name} may not post in {space.name}")


def _create(call: Call, space: Space, client_id: str) -> Stored:
    request_id = call.text("requestId")
    if request_id:
        before = stored.requested(call.store, request_id)
        if before is not None:
            if before[0] != call.caller.credential:
                raise refusal(Code.INVALID_ARGUMENT, "requestId: another caller has used it")
            return stored.by_id(call.store, before[1])
    body = call.body(_schema())
    if client_id and _MESSAGE_ID.fullmatch(client_id) is None:
        raise InvalidField("messageId", "must be client- and 1 to 56 of a-z, 0-9 and -")
    content = _content(call, space, body)
    notification = call.enum("createMessageNotificationOptions.notificationType", NOTIFICATIONS)
    if notification != NOTIFICATIONS[0] and not call.caller.app:
        raise refusal(Code.INVALID_ARGUMENT, f"{notification} needs the credentials of an app")
    if notification == NOTIFICATIONS[2]:
        content["silent"] = True
    viewer = _viewer(call, body)
    imported = timestamp(body["createTime"], "createTime") if space.import_until_us and body.get("createTime") else None
    place = _thread(call, space, body)
    if client_id and stored.find(call.store, f"{space.name}/messages/{client_id}") is not None:
        raise refusal(Code.ALREADY_EXISTS, f"there is a message {client_id} in {space.name} already")
    row = stored.add(
        call.store,
        space.name,
        call.caller.name,
        content,
        created=call.now(),
        thread=place.thread,
        client_id=client_id or None,
        viewer=viewer,
        reply=place.reply,
        us=imported,
    )
    if place.key:
        stored.bind_key(call.store, space.name, call.caller.name, place.key, row.thread)
    stored.attach(call.store, row.id, _files(content))
    if request_id:
        stored.remember_request(call.store, request_id, call.caller.credential, row.id)
    events.record(call.store, space.name, "message.v1.created", row.name, row.created)
    return row


class _Place(NamedTuple):
    """Where a new message goes: the thread, None for a new one; whether it is a reply; the key to bind."""

    thread: str | None
    reply: bool = False
    key: str = ""


def _thread(call: Call, space: Space, body: Resource) -> _Place:
    given = body.get("thread", {})
    name, key = given.get("name", ""), given.get("threadKey") or call.text("threadKey")
    option = REPLY_OPTIONS.index(call.enum("messageReplyOption", REPLY_OPTIONS))
    if name and (_THREAD.fullmatch(name) is None or not name.startswith(f"{space.name}/")):
        raise InvalidField("thread.name", f"must be {space.name}/threads/ and an id")
    if len(key) > MAX_THREAD_KEY:
        raise InvalidField("thread.threadKey", f"must have at most {MAX_THREAD_KEY} characters")
    if option == 0 or not space.threaded:
        return _Place(None)
    if name:
        if stored.thread_exists(call.store, name):
            return _Place(name, True)
        if option == 2:
            raise refusal(Code.NOT_FOUND, f"there is no thread {name}")
        return _Place(None)
    if key:
        thread = stored.keyed_thread(call.store, space.name, call.caller.name, key)
        return _Place(None, key=key) if thread is None else _Place(thread, True)
    return _Place(None)


def _viewer(call: Call, body: Resource) -> str | None:
    name = body.get("privateMessageViewer", {}).get("name", "")
    if not name:
        return None
    if not call.caller.app:
        raise refusal(Code.INVALID_ARGUMENT, "privateMessageViewer needs the credentials of an app")
    if body.get("attachment"):
        raise InvalidField("privateMessageViewer", "cannot be used with attachments")
    user = directory.find_user(call.store, name)
    if user is None:
        raise InvalidField("privateMessageViewer.name", f"there is no {name[:100]}")
    return user.name


# --- what a message holds ----------------------------------------------------------------------------------------


def _content(call: Call, space: Space, body: Resource) -> Resource:
    """The content of a new message, checked."""
    content = {name: body[name] for name in _FIELDS if body.get(name)}
    _admit_fields(call, content)
    _check(content)
    if "attachment" in content:
        content["attachment"] = [
            _uploaded(call, space.name, each, f"attachment[{number}]")
            for number, each in enumerate(content["attachment"])
        ]
    quoted = body.get("quotedMessageMetadata")
    if quoted:
        content["quotedMessageMetadata"] = _quoted(call, space.name, quoted)
    return {**content, **_of_text(call, content.get("text", ""))}


def _admit_fields(call: Call, fields: Collection[str]) -> None:
    """Refuse fields that only apps may set."""
    for name in _OF_APPS:
        if name in fields and not call.caller.app:
            raise InvalidField(name, "needs the credentials of an app")


def _check(content: Resource) -> None:
    """Refuse content that is empty or too large."""
    if not any(content.get(name) for name in ("text", "cards", "cardsV2", "attachment", "accessoryWidgets")):
        raise refusal(Code.INVALID_ARGUMENT, "a message needs text, a card or an attachment")
    cards = [content[name] for name in ("cards", "cardsV2") if name in content]
    rest = [content[name] for name in ("accessoryWidgets", "elements") if name in content]
    card_bytes = sum(map(_size, cards))
    texts = "".join(content.get(name, "") for name in ("text", "fallbackText"))
    total = len(texts.encode()) + card_bytes + sum(map(_size, rest))
    if total > MAX_MESSAGE:
        raise refusal(Code.INVALID_ARGUMENT, f"the message has {total} bytes, the limit is {MAX_MESSAGE}")
    if card_bytes > MAX_CARDS:
        raise refusal(Code.INVALID_ARGUMENT, f"the cards have {card_bytes} bytes, the limit is {MAX_CARDS}")
    _check_cards(content.get("cardsV2", []))


def _check_cards(cards: list[Resource]) -> None:
    seen = set()
    for number, card in enumerate(cards):
        card_id = card.get("cardId", "")
        if len(cards) > 1:
            if not card_id:
                raise InvalidField(f"cardsV2[{number}].cardId", "is required when there are several cards")
            if card_id in seen:
                raise InvalidField(f"cardsV2[{number}].cardId", "is the id of another card, too")
            seen.add(card_id)
        widgets = sum(len(section.get("widgets", ())) for section in card.get("card", {}).get("sections", ()))
        if widgets > MAX_WIDGETS:
            raise InvalidField(f"cardsV2[{number}].card", f"has {widgets} widgets, the limit is {MAX_WIDGETS}")


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _uploaded(call: Call, space: str, given: Resource, field: str) -> Resource:
    reference = given.get("attachmentDataRef", {})
    token, name = reference.get("attachmentUploadToken", ""), reference.get("resourceName", "")
    if token:
        found = stored.upload_of(call.store, "token", token)
    else:
        found = stored.upload_of(call.store, "file", name.rpartition("/")[2]) if name else None
    if found is None or found[1] != space:
        raise InvalidField(f"{field}.attachmentDataRef", f"is no upload to {space}")
    file, _, content_type = found
    return {
        "contentName": file.filename,
        "contentType": content_type,
        "source": "UPLOADED_CONTENT",
        "attachmentDataRef": {"resourceName": f"{space}/attachments/{file.name}"},
    }


def _files(content: Resource) -> list[str]:
    attachments = content.get("attachment", [])
    return [each["attachmentDataRef"]["resourceName"].rpartition("/")[2] for each in attachments]


def _quoted(call: Call, space: str, given: Resource) -> Resource:
    quoted = stored.find(call.store, given.get("name", ""))
    if quoted is None or quoted.deleted is not None or not quoted.visible_to(call.caller.name):
        raise InvalidField("quotedMessageMetadata.name", "there is no such message")
    kind = given.get("quoteType", "REPLY")
    if kind == "REPLY" and quoted.space != space:
        raise InvalidField("quotedMessageMetadata.name", "is a message of another space")
    current = quoted.updated or quoted.created
    if timestamp(given.get("lastUpdateTime", ""), "quotedMessageMetadata.lastUpdateTime") != current:
        raise InvalidField("quotedMessageMetadata.lastUpdateTime", "is not that of the message as it is now")
    snapshot: Resource = {"sender": quoted.sender}
    for name in ("text", "formattedText", "annotations"):
        if name in quoted.content:
            snapshot[name] = quoted.content[name]
    shown: Resource = {
        "name": quoted.name,
        "lastUpdateTime": rfc3339(current),
        "quoteType": kind,
        "quotedMessageSnapshot": snapshot,
    }
    if kind == "FORWARD":
        shown["forwardedMetadata"] = {"space": quoted.space}
    return shown


def _of_text(call: Call, text: str) -> Resource:
    """What the server adds to a text: its mentions, the text for apps, and the text with markup."""
    if not text:
        return {}
    shown, argument, annotations, done = "", "", [], 0
    for match in _MENTION.finditer(text):
        user = directory.find_user(call.store, match[1])
        if user is None:
            continue
        before = text[done : match.start()]
        shown += before
        argument += before
        mention = f"@{user.display_name}"
        annotations.append(
            {
                "type": "USER_MENTION",
                "startIndex": len(shown),
                "length": len(mention),
                "userMention": {"user": directory.user_resource(call.store, user.name), "type": "MENTION"},
            }
        )
        shown += mention
        argument += "" if user.type == "BOT" else mention
        done = match.end()
    shown, argument = shown + text[done:], argument + text[done:]
    found: Resource = {"text": shown, "formattedText": text, "argumentText": argument}
    if annotations:
        found["annotations"] = annotations
    return found


# --- get, list ---------------------------------------------------------------------------------------------------


def message_of(call: Call, name: str) -> Stored:
    """A message of a space the caller is in, that the caller may see and that is not deleted; otherwise `Refused`."""
    space_of(call, name.partition("/messages/")[0])
    row = stored.find(call.store, name)
    if row is None or row.deleted is not None or not row.visible_to(call.caller.name):
        raise refusal(Code.NOT_FOUND, f"there is no {name}")
    return row


@method("spaces.messages.get")
def get_message(call: Call) -> Resource:
    """One message. With the scope chat.bot alone an app sees its own, those that mention it, and those of its DMs."""
    call.enum("markupSyntax", MARKUP)
    row = message_of(call, call.path["name"])
    caller = call.caller
    if not caller.user and "chat.app.messages.readonly" not in caller.scopes and row.sender != caller.name:
        space = directory.find_space(call.store, row.space)
        mentioned = any(
            each.get("userMention", {}).get("user", {}).get("name") == caller.name
            for each in row.content.get("annotations", ())
        )
        if not mentioned and row.viewer is None and not (space and space.type == "DIRECT_MESSAGE"):
            raise refusal(Code.PERMISSION_DENIED, f"{row.name} is not meant for the app {caller.name}")
    return stored.resource(call, row)


@method("spaces.messages.list")
def list_messages(call: Call) -> Resource:
    """A page of the messages of a space."""
    space = call.path["parent"]
    size = call.page_size(25, 1000)
    call.enum("markupSyntax", MARKUP)
    descending = _descending(call.text("orderBy"))
    deleted = call.flag("showDeleted")
    text = call.text("filter").strip()
    wanted = _wanted(text)
    space_of(call, space)
    bound = (text, descending, deleted)
    position = call.position(*bound)
    rows = stored.page(
        call.store,
        space,
        limit=size + 1,
        descending=descending,
        position=None if position is None else (position[0], position[1]),
        after=wanted.after,
        before=wanted.before,
        thread=wanted.thread,
        deleted=deleted,
        private=call.caller.name if call.caller.user else None,
    )
    show = stored.Showing(call)
    return call.page("messages", rows, size, show, lambda row: [row.created, row.message], *bound)


def _descending(text: str) -> bool:
    if not text.strip():
        return False
    match = _ORDER.fullmatch(text)
    if match is None:
        field = _ORDER_FIELD.match(text)
        place = field.end() if field else len(text) - len(text.lstrip())
        raise InvalidField(
            "orderBy", f"must be createTime or create_time, ASC or DESC, or both; wrong from character {place + 1}"
        )
    return (match[1] or match[2] or "ASC").upper() == "DESC"


class Wanted(NamedTuple):
    """What a filter of list lets through.

    Attributes:
        after, before: exclusive bounds of the time, microseconds.
        thread: the thread, None for all.
    """

    after: int = -(2**62)
    before: int = 2**62
    thread: str | None = None


_LIST_FIELDS = {"createTime": "time", "create_time": "time", "thread.name": "thread"}


def _wanted(text: str) -> Wanted:
    """Read a filter: times and at most one thread, joined with AND. FilterError with the place otherwise."""
    tree = parse(text)
    if isinstance(tree, AllOf) and tree.grouped:
        raise _not_in_list(tree)
    wanted = Wanted()
    for term in terms(tree):
        comparison = _plain(term)
        if field_of(comparison, _LIST_FIELDS, {"time": "< >"}) == "time":
            ns = time_of(comparison)
            if comparison.operator == ">":
                wanted = wanted._replace(after=max(wanted.after, ns // 1000))
            else:
                wanted = wanted._replace(before=min(wanted.before, -(-ns // 1000)))
            continue
        if wanted.thread is not None:
            where = f"at character {comparison.place + 1} of the filter"
            raise FilterError(f"a second thread.name {where}", comparison.place)
        if _THREAD.fullmatch(comparison.value) is None:
            raise FilterError(
                f"the thread at character {comparison.value_place + 1} of the filter must be spaces/.../threads/...",
                comparison.value_place,
            )
        wanted = wanted._replace(thread=comparison.value)
    return wanted


def _plain(term: Node) -> Comparison:
    if not isinstance(term, Comparison) or term.grouped:
        raise _not_in_list(term)
    return term


def _not_in_list(node: Node) -> FilterError:
    where = f"character {node.place + 1} of the filter"
    return FilterError(f"only comparisons joined with AND are allowed here, not what is at {where}", node.place)


# --- update ------------------------------------------------------------------------------------------------------


@method("spaces.messages.patch")
def patch_message(call: Call) -> Resource:
    """Change fields of a message."""
    name = call.path["name"]
    if call.flag("allowMissing"):
        space = space_of(call, name.partition("/messages/")[0])
        row = stored.find(call.store, name)
        if row is None or row.deleted is not None:
            client_id = name.rpartition("/")[2]
            if _MESSAGE_ID.fullmatch(client_id) is None:
                raise InvalidField("name", "must end with a client- id when allowMissing is set")
            _admit_post(call, space)
            return stored.resource(call, _create(call, space, client_id))
    body = call.body(_schema())
    fields = masked(call.text("updateMask"), _CHANGEABLE, _changeable(call))
    _admit_fields(call, fields)
    row = message_of(call, name)
    _own(call, row, "change")
    content = {field: value for field, value in row.content.items() if field not in fields}
    for field in fields:
        if body.get(field):
            content[field] = body[field]
    _change_quote(row, content, fields)
    if "text" in fields:
        for field in _OF_TEXT:
            content.pop(field, None)
        content.pop("markupSyntax", None)
        if "markupSyntax" in body:
            content["markupSyntax"] = body["markupSyntax"]
        content.update(_of_text(call, content.get("text", "")))
    _check(content)
    if "attachment" in fields and "attachment" in content:
        content["attachment"] = [
            _uploaded(call, row.space, each, f"attachment[{number}]")
            for number, each in enumerate(content["attachment"])
        ]
    return stored.resource(call, _change(call, row, content))


@method("spaces.messages.update")
def put_message(call: Call) -> Resource:
    """The same as patch."""
    return patch_message(call)


def _changeable(call: Call) -> list[str]:
    """What ``*`` stands for."""
    return [field for field in _CHANGEABLE if call.caller.app or field not in _OF_APPS]


def _change_quote(row: Stored, content: Resource, fields: list[str]) -> None:
    if "quotedMessageMetadata" in fields and "quotedMessageMetadata" in content:
        before = row.content.get("quotedMessageMetadata")
        if before is None or before["name"] != content["quotedMessageMetadata"].get("name"):
            raise InvalidField("quotedMessageMetadata", "can be removed, but not set")
        content["quotedMessageMetadata"] = before


def _change(call: Call, row: Stored, content: Resource) -> Stored:
    changed = stored.update(call.store, row, content, call.now())
    files = _files(content)
    stored.detach(call.store, call.inside.contents, row.id, files)
    stored.attach(call.store, row.id, files)
    assert changed.updated is not None
    events.record(call.store, row.space, "message.v1.updated", row.name, changed.updated)
    return changed


def _own(call: Call, row: Stored, what: str) -> None:
    if row.sender != call.caller.name:
        raise refusal(Code.PERMISSION_DENIED, f"{call.caller.name} may not {what} a message of {row.sender}")


@method("spaces.messages.replaceCards")
def replace_message_cards(call: Call) -> Resource:
    """Other cards for a message; none removes them for ever."""
    body = call.body(schema_of("ReplaceMessageCardsRequest"))
    row = message_of(call, call.path["name"])
    _own(call, row, "change")
    cards = body.get("cardsV2", [])
    if cards and row.content.get(_CARDS_GONE):
        raise refusal(Code.FAILED_PRECONDITION, "the cards of this message were removed and cannot be added again")
    content = {field: value for field, value in row.content.items() if field not in ("cards", "cardsV2")}
    if cards:
        content["cardsV2"] = cards
    else:
        content[_CARDS_GONE] = True
    _check(content)
    _change(call, row, content)
    return {}


# --- delete ------------------------------------------------------------------------------------------------------


def _manages(call: Call, space: str) -> bool:
    member = directory.find_member(call.store, space, call.caller.name)
    return member is not None and member.role in directory.MANAGER_ROLES


@method("spaces.messages.delete")
def delete_message(call: Call) -> Resource:
    """Delete a message; with its replies when ``force`` is set."""
    force = call.flag("force")
    row = message_of(call, call.path["name"])
    caller = call.caller
    if row.sender == caller.name:
        deletion = "CREATOR_VIA_APP" if caller.user else "CREATOR"
    elif caller.user and _manages(call, row.space):
        deletion = "SPACE_OWNER_VIA_APP"
    else:
        raise refusal(Code.PERMISSION_DENIED, f"{caller.name} may not delete a message of {row.sender}")
    rows = [row]
    if caller.user:
        replies = stored.replies(call.store, row)
        if replies and not force:
            raise refusal(
                Code.FAILED_PRECONDITION, f"the message has {len(replies)} replies; set force to delete them as well"
            )
        rows += replies
    now = max(call.now(), row.created + 1)
    for each in rows:
        stored.delete(call.store, call.inside.contents, each, deletion, now)
        events.record(call.store, each.space, "message.v1.deleted", each.name, now)
    attached.forget(call.store, [each.name for each in rows])
    return {}
