"""What the gate answers about reactions."""

from __future__ import annotations

from typing import NamedTuple

from ...errors import Code
from ..store import Store
from . import custom_emoji, directory, events, stored
from .bodies import InvalidField, ignored, record, text
from .filters import AllOf, Comparison, FilterError, alternatives, field_of, parse, terms, wrong_value
from .messages import message_of
from .methods import Call, Resource, method, refusal
from .showing import user_resource
from .stored import Stored

__all__ = ["EMOJI", "Wanted", "emoji_of", "emoji_resource", "wanted"]

MAX_EMOJI = 50
"""How many code points an emoji may have; the longest sequences of Unicode have about a dozen."""

EMOJI = {
    "customEmoji": record(
        {
            "emojiName": ignored,
            "name": ignored,
            "payload": ignored,
            "temporaryImageUri": ignored,
            "uid": text,
        }
    ),
    "unicode": text,
}
"""The schema of an Emoji in requests."""

_REACTION = {"emoji": record(EMOJI), "name": ignored, "user": ignored}
_COLUMNS = "SELECT place, message, id, user, unicode, custom FROM google_reactions"
_FIELDS = {
    "emoji.unicode": "unicode",
    "emoji.custom_emoji.uid": "custom",
    "emoji.customEmoji.uid": "custom",
    "user.name": "user",
}


class _Reaction(NamedTuple):
    place: int
    message: str
    id: str
    user: str
    unicode: str
    custom: str

    @property
    def name(self) -> str:
        return f"{self.message}/reactions/{self.id}"


def emoji_of(call: Call, body: Resource, path: str) -> tuple[str, str]:
    """What an Emoji in a request is: the emoji itself, and the uid of a custom one; one of the two is empty.

    Args:
        call: the call.
        body: the Emoji, read with `EMOJI`.
        path: where it stands in the body of the request.
    """
    if ("unicode" in body) == ("customEmoji" in body):
        raise InvalidField(path, "exactly one of unicode and customEmoji is required")
    if "unicode" in body:
        unicode: str = body["unicode"]
        if unicode.isascii() or len(unicode) > MAX_EMOJI or any(sign.isspace() for sign in unicode):
            raise InvalidField(f"{path}.unicode", "must be one emoji")
        return unicode, ""
    uid: str = body["customEmoji"].get("uid", "")
    if custom_emoji.find(call.store, uid) is None:
        raise InvalidField(f"{path}.customEmoji.uid", "there is no such custom emoji")
    return "", uid


def emoji_resource(store: Store, unicode: str, custom: str) -> Resource:
    """An Emoji as answers show it."""
    if unicode:
        return {"unicode": unicode}
    emoji = custom_emoji.find(store, custom)
    return {"customEmoji": {"uid": custom} if emoji is None else emoji.resource()}


def _resource(call: Call, reaction: _Reaction) -> Resource:
    return {
        "name": reaction.name,
        "user": user_resource(call, reaction.user),
        "emoji": emoji_resource(call.store, reaction.unicode, reaction.custom),
    }


def _summarize(store: Store, row: Stored) -> None:
    """Have the counts of reactions on the message, in the order of the first ones."""
    counts = store.execute(
        "SELECT unicode, custom, count(*) FROM google_reactions WHERE message = ? GROUP BY unicode, custom"
        " ORDER BY min(place)",
        (row.name,),
    ).fetchall()
    stored.set_reactions(
        store,
        row,
        [
            {"emoji": emoji_resource(store, unicode, custom), "reactionCount": count}
            for unicode, custom, count in counts
        ],
    )


# --- the methods -------------------------------------------------------------------------------------------------


@method("spaces.messages.reactions.create")
def create(call: Call) -> Resource:
    """The same emoji twice by one user is 409."""
    row = message_of(call, call.path["parent"])
    body = call.body(_REACTION)
    if "emoji" not in body:
        raise InvalidField("emoji", "is required")
    unicode, custom = emoji_of(call, body["emoji"], "emoji")
    reaction = _Reaction(0, row.name, directory.new_id(), call.caller.name, unicode, custom)
    added = call.store.execute(
        "INSERT OR IGNORE INTO google_reactions (space, message, id, user, unicode, custom) VALUES (?, ?, ?, ?, ?, ?)",
        (row.space, *reaction[1:]),
    )
    if added.rowcount == 0:
        raise refusal(Code.ALREADY_EXISTS, f"{call.caller.name} has reacted to {row.name} with it already")
    _summarize(call.store, row)
    resource = _resource(call, reaction)
    events.record(call.store, row.space, "reaction.v1.created", reaction.name, call.now(), resource)
    return resource


class Wanted(NamedTuple):
    """What a filter of ``spaces.messages.reactions.list`` asks for; an empty group is no condition.

    Attributes:
        emoji: pairs of ``unicode`` or ``custom`` and the value; one of them must fit.
        users: names as they were written; one of them must fit.
    """

    emoji: tuple[tuple[str, str], ...]
    users: tuple[str, ...]


def wanted(filter_text: str) -> Wanted:
    """Read a filter. `FilterError` when it is invalid."""
    node = parse(filter_text)
    groups: dict[str, tuple[tuple[str, str], ...]] = {}
    for factor in terms(node):
        either = alternatives(factor)
        where = f"at character {factor.place + 1} of the filter"
        if len(either) > 1 and isinstance(node, AllOf) and not factor.grouped:
            raise FilterError(f"parentheses are required round OR beside AND, {where}", factor.place)
        found = tuple(_term(term) for term in either)
        kinds = {"user" if field == "user" else "emoji" for field, _ in found}
        if len(kinds) > 1:
            raise FilterError(f"OR joins emoji with emoji and users with users, {where}", factor.place)
        (kind,) = kinds
        if kind in groups:
            raise FilterError(f"AND joins emoji with users only, {where}", factor.place)
        groups[kind] = found
    return Wanted(groups.get("emoji", ()), tuple(name for _, name in groups.get("user", ())))


def _term(term: Comparison) -> tuple[str, str]:
    field = field_of(term, _FIELDS)
    if not term.quoted or not term.value:
        raise wrong_value(term, "must be in double quotes")
    if field == "user" and (not term.value.startswith("users/") or term.value.count("/") != 1):
        raise wrong_value(term, "must be of the form users/{user}")
    return field, term.value


@method("spaces.messages.reactions.list")
def list_reactions(call: Call) -> Resource:
    """Oldest first."""
    row = message_of(call, call.path["parent"])
    limit = call.page_size(25, 200)
    filter_text = call.text("filter")
    asked = wanted(filter_text)
    where, values = "", [row.name, call.position(filter_text) or 0]
    if asked.emoji:
        where += " AND (" + " OR ".join(f"{field} = ?" for field, _ in asked.emoji) + ")"
        values += [value for _, value in asked.emoji]
    if asked.users:
        names = [_user_name(call, name) for name in asked.users]
        where += f" AND user IN ({','.join('?' * len(names))})"
        values += names
    sql = f"{_COLUMNS} WHERE message = ? AND place > ?{where} ORDER BY place LIMIT ?"
    found = [_Reaction(*each) for each in call.store.execute(sql, (*values, limit + 1))]
    return call.page(
        "reactions", found, limit, lambda each: _resource(call, each), lambda each: each.place, filter_text
    )


def _user_name(call: Call, name: str) -> str:
    if name == "users/me":
        return call.caller.name
    user = directory.find_user(call.store, name)
    return name if user is None else user.name


@method("spaces.messages.reactions.delete")
def delete(call: Call) -> Resource:
    """Only one's own."""
    message, _, plain = call.path["name"].partition("/reactions/")
    row = message_of(call, message)
    found = call.store.execute(f"{_COLUMNS} WHERE message = ? AND id = ?", (row.name, plain)).fetchone()
    if found is None:
        raise refusal(Code.NOT_FOUND, f"there is no {call.path['name']}")
    reaction = _Reaction(*found)
    if reaction.user != call.caller.name:
        raise refusal(Code.PERMISSION_DENIED, f"the reaction is {reaction.user}'s")
    resource = _resource(call, reaction)
    call.store.execute("DELETE FROM google_reactions WHERE place = ?", (reaction.place,))
    _summarize(call.store, row)
    events.record(call.store, row.space, "reaction.v1.deleted", reaction.name, call.now(), resource)
    return {}
