"""Search over all spaces of a user.

    filter  = term *( [ "AND" ] term )          ; all must hold
    term    = word / phrase / field operator value / "has_link()" / "is_unread()"

A phrase and a value with spaces stand in double quotes. Words and phrases are found in the text, in any case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..store import Store
from . import directory, stored
from .bodies import InvalidField, enum
from .filters import FilterError, at
from .methods import Call, Resource, method
from .schemas import schema_of
from .stored import Stored
from .times import instant

__all__ = ["search_test"]

MAX_FILTER = 1000
"""The longest filter in characters."""

_TERM = re.compile(
    r"""\s*(?:(?P<call>has_link|is_unread)\(\)"""
    r"""|(?P<field>[a-z_]+(?:\.[a-z_]+)*)\s*(?P<operator><=|>=|!=|[<>=:])\s*(?P<value>"(?:[^"\\]|\\.)*"|[^\s"]+)"""
    r"""|(?P<phrase>"(?:[^"\\]|\\.)*")|(?P<word>[^\s"<>=:()]+)|(?P<end>\Z))""",
    re.DOTALL,
)
_LINK = re.compile(r"https?://\S", re.IGNORECASE)
_ORDER = re.compile(r"\s*(?:create_time|createTime)\s+desc\s*|\s*", re.IGNORECASE)
_TYPES = ("SPACE", "GROUP_CHAT", "DIRECT_MESSAGE")

Test = Callable[["_Found"], bool]
Search = tuple[list[Test], int, int]


class _Found(NamedTuple):
    """A message that may match: it, its space's display name and type, and whether the caller has read it."""

    row: Stored
    space_name: str
    space_type: str
    read: bool


@method("spaces.messages.search")
def search_messages(call: Call) -> Resource:
    """The newest messages first, without those of apps, private ones, muted spaces and direct messages with apps."""
    if call.path["parent"] != "spaces/-":
        raise InvalidField("parent", "must be spaces/-")
    body = call.body(schema_of("SearchMessagesRequest"))
    text = body.get("filter", "")
    if not text.strip():
        raise InvalidField("filter", "is required")
    if len(text) > MAX_FILTER:
        raise InvalidField("filter", f"must have at most {MAX_FILTER} characters")
    if _ORDER.fullmatch(body.get("orderBy", "")) is None:
        raise InvalidField("orderBy", "must be create_time desc")
    size = call.page_size(25, 100, body.get("pageSize", 0))
    tests, after, before = search_test(text)
    bound = (text, body.get("view", ""))
    position = call.position(*bound, value=body.get("pageToken", ""))
    found = _matching(call, tests, after, before, position, size + 1)
    show = stored.Showing(call)
    full = body.get("view") == "SEARCH_MESSAGES_VIEW_FULL"
    return call.page(
        "results",
        found,
        size,
        lambda each: _result(call, each, show(each.row), full),
        lambda each: [each.row.created, each.row.id],
        *bound,
    )


def _result(call: Call, found: _Found, message: Resource, full: bool) -> Resource:
    result: Resource = {"message": message}
    if full and found.read and call.caller.scopes & {"chat.users.readstate", "chat.users.readstate.readonly"}:
        result["read"] = True
    if full and "chat.users.spacesettings" in call.caller.scopes:
        result["spaceMuteSetting"] = "UNMUTED"
    return result


def _matching(
    call: Call, tests: list[Test], after: int, before: int, position: list[int] | None, limit: int
) -> list[_Found]:
    store, user = call.store, call.caller.name
    spaces = {space.name: space for space in _searched(store, user)}
    read_until = dict(store.execute("SELECT space, us FROM google_reads WHERE user = ?", (user,)).fetchall())
    if position is not None:
        before = min(before, position[0] + 1)
    found = []
    for row in stored.newest(store, list(spaces), after=after, before=before):
        if position is not None and [row.created, row.id] >= position:
            continue
        space = spaces[row.space]
        read = row.sender == user or row.created <= read_until.get(row.space, 0)
        each = _Found(row, space.display_name or "", space.type, read)
        if all(test(each) for test in tests):
            found.append(each)
            if len(found) == limit:
                break
    return found


def _searched(store: Store, user: str) -> list[directory.Space]:
    """The spaces that are searched."""
    sql = "SELECT space FROM google_notifications WHERE user = ? AND mute = 'MUTED'"
    muted = {space for (space,) in store.execute(sql, (user,))}
    found = []
    for space in directory.spaces_of(store, user, _TYPES, 0, -1):
        with_app = space.type == "DIRECT_MESSAGE" and any(
            member.type == "BOT" for member in directory.members(store, space.name)
        )
        if not with_app and space.name not in muted:
            found.append(space)
    return found


def search_test(text: str) -> Search:
    """Read a filter.

    Args:
        text: the filter.

    Returns:
        what a message must pass, and exclusive bounds of its time, microseconds.

    Raises:
        FilterError: it is no filter.
    """
    tests: list[Test] = []
    after, before, place = -(2**62), 2**62, 0
    while True:
        match = _TERM.match(text, place)
        if match is None:
            place += len(text[place:]) - len(text[place:].lstrip())
            raise FilterError(f"a word, a phrase or a field expected {at(text, place)}", place)
        start = match.end() - len(match[0].lstrip())
        place = match.end()
        if match["end"] is not None:
            return tests, after, before
        if match["field"] == "create_time":
            us, upper = _time(text, match)
            after, before = (after, min(before, us)) if upper else (max(after, us), before)
        elif match["field"]:
            tests.append(_field(text, match, start))
        elif match["call"]:
            tests.append(_has_link if match["call"] == "has_link" else _is_unread)
        elif match["word"] in ("OR", "NOT"):
            raise FilterError(f"{match['word']} is not known in this filter {at(text, start)}", start)
        elif match["word"] != "AND":
            tests.append(_contains(_unquoted(match["phrase"] or match["word"])))


def _time(text: str, match: re.Match[str]) -> tuple[int, bool]:
    """The exclusive bound of a time, microseconds, and whether it is the upper one."""
    if match["operator"] not in ("<", ">="):
        place = match.start("field")
        raise FilterError(f"create_time may be compared with < and >= only {at(text, place)}", place)
    try:
        ns = instant(_unquoted(match["value"]))
    except ValueError as fault:
        raise FilterError(f"{fault} {at(text, match.start('value'))}", match.start("value")) from None
    us = -(-ns // 1000)
    return (us, True) if match["operator"] == "<" else (us - 1, False)


def _field(text: str, match: re.Match[str], place: int) -> Test:
    name, operator, value = match["field"], match["operator"], _unquoted(match["value"])
    known = _FIELDS.get((name, operator))
    if known is None:
        raise FilterError(f"{name} {operator} is not known in this filter {at(text, place)}", place)
    try:
        return known(value)
    except InvalidField as fault:
        raise FilterError(f"{fault.text} {at(text, match.start('value'))}", match.start("value")) from None


def _sender(value: str) -> Test:
    return lambda found: found.row.sender == value


def _space(value: str) -> Test:
    return lambda found: found.row.space == value


def _display_name(value: str) -> Test:
    wanted = value.lower()
    return lambda found: wanted in found.space_name.lower()


def _space_type(value: str) -> Test:
    wanted = enum("SPACE_TYPE_UNSPECIFIED", *_TYPES)(value, "space.space_type")
    return lambda found: found.space_type == wanted


def _attachment(value: str) -> Test:
    if value != "*":
        raise InvalidField("attachment", "only * is known here")
    return lambda found: "attachment" in found.row.content


def _mentions(value: str) -> Test:
    return lambda found: any(
        each.get("userMention", {}).get("user", {}).get("name") == value
        for each in found.row.content.get("annotations", ())
    )


_FIELDS: dict[tuple[str, str], Callable[[str], Test]] = {
    ("sender.name", "="): _sender,
    ("space.name", "="): _space,
    ("space.display_name", ":"): _display_name,
    ("space.space_type", "="): _space_type,
    ("attachment", ":"): _attachment,
    ("annotations.user_mentions.user.name", ":"): _mentions,
}


def _contains(text: str) -> Test:
    wanted = text.lower()
    return lambda found: wanted in found.row.content.get("text", "").lower()


def _has_link(found: _Found) -> bool:
    return _LINK.search(found.row.content.get("text", "")) is not None


def _is_unread(found: _Found) -> bool:
    return not found.read


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if text.startswith('"') else text
