"""Filters for the listing methods, made of values: nothing that is passed can change what a filter means.

Each function returns the text for `filter=` of the method with the same ending, for example::

    filters.messages(created_after=datetime(2026, 4, 21, tzinfo=timezone.utc), thread="spaces/AAA/threads/T")

Times are a `datetime` with a zone, or RFC 3339 with an offset, such as the `createTime` of a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from . import arguments
from .arguments import Time

__all__ = ["custom_emojis", "memberships", "messages", "reactions", "section_items", "space_events", "spaces"]

_UNFIT = re.compile(r'["\\\x00-\x1f\x7f]')
_UNFIT_BARE = re.compile(r"[\s\"'()<>=!:,\\\x00-\x1f\x7f]")
"""What would end a value, in quotes and without. How the service reads escapes is not published, so none is written."""


def messages(
    *, created_after: Time | None = None, created_before: Time | None = None, thread: str | None = None
) -> str:
    """The filter of `list_messages`: all that is given must hold; an empty text if nothing is.

    Args:
        created_after: only messages that were created later than this.
        created_before: only messages that were created earlier than this.
        thread: only messages of this thread, spaces/{space}/threads/{thread}.
    """
    terms = []
    if created_after is not None:
        terms.append(f'createTime > "{arguments.time("created_after", created_after)}"')
    if created_before is not None:
        terms.append(f'createTime < "{arguments.time("created_before", created_before)}"')
    if thread is not None:
        terms.append(f"thread.name = {_bare('thread', thread, arguments.THREAD)}")
    return " AND ".join(terms)


def reactions(*, unicode: Iterable[str] = (), custom_emojis: Iterable[str] = (), users: Iterable[str] = ()) -> str:
    """The filter of `list_reactions`: with one of the emojis, if any is given, and by one of the users, if any is.

    Args:
        unicode: standard emojis.
        custom_emojis: the `uid` of custom emojis.
        users: who reacted, users/{user}.
    """
    emojis = [
        *_terms("emoji.unicode =", "unicode", unicode),
        *_terms("emoji.custom_emoji.uid =", "custom_emojis", custom_emojis),
    ]
    return _both(emojis, _terms("user.name =", "users", users, arguments.USER))


def memberships(
    *,
    roles: Iterable[Literal["ROLE_MEMBER", "ROLE_MANAGER", "ROLE_ASSISTANT_MANAGER"]] = (),
    types: Iterable[Literal["HUMAN", "BOT"]] = (),
) -> str:
    """The filter of `list_memberships`: with one of the roles, if any is given, and of one of the types, if any is."""
    return _both(_terms("role =", "roles", roles), _terms("member.type =", "types", types))


def spaces(*types: Literal["SPACE", "GROUP_CHAT", "DIRECT_MESSAGE"]) -> str:
    """The filter of `list_spaces`: of one of these types."""
    return " OR ".join(_terms("spaceType =", "types", types))


def space_events(types: Iterable[str], *, after: Time | None = None, until: Time | None = None) -> str:
    """The filter of `list_space_events`.

    Args:
        types: types of events, such as `google.workspace.chat.message.v1.created`; at least one.
        after: only events later than this.
        until: only events up to this, inclusive.
    """
    wanted = _terms("event_types:", "types", types)
    if not wanted:
        raise ValueError("types must name at least one type of events")
    times = []
    if after is not None:
        times.append(f'start_time="{arguments.time("after", after)}"')
    if until is not None:
        times.append(f'end_time="{arguments.time("until", until)}"')
    return " AND ".join([*times, _group(wanted, alone=not times)])


def custom_emojis(*, mine: bool) -> str:
    """The filter of `list_custom_emojis`: those that the caller made, or those of others.

    Args:
        mine: True for the caller's own.
    """
    if not isinstance(mine, bool):
        raise TypeError(f"mine must be True or False, not {type(mine).__name__}")
    return 'creator("users/me")' if mine else 'NOT creator("users/me")'


def section_items(space: str) -> str:
    """The filter of `list_section_items`: this space, spaces/{space}."""
    return f"space = {_bare('space', space, arguments.SPACE)}"


def _both(one: list[str], other: list[str]) -> str:
    """AND of two groups of alternatives; a group of several needs parentheses as soon as there are two groups."""
    return " AND ".join(_group(terms, alone=not (one and other)) for terms in (one, other) if terms)


def _group(terms: list[str], *, alone: bool) -> str:
    joined = " OR ".join(terms)
    return joined if alone or len(terms) == 1 else f"({joined})"


def _terms(head: str, argument: str, values: Any, form: str = "") -> list[str]:
    space = "" if head.endswith(":") else " "
    return [
        f"{head}{space}{_quoted(f'{argument}[{index}]', value, form)}"
        for index, value in enumerate(arguments.listed(argument, values, "texts"))
    ]


def _quoted(argument: str, value: Any, form: str) -> str:
    if not arguments.text(argument, value) or _UNFIT.search(value):
        raise ValueError(f"{argument} cannot stand in a filter: {value!r}")
    if form:
        arguments.name(argument, value, form)
    return f'"{value}"'


def _bare(argument: str, value: Any, form: str) -> str:
    arguments.name(argument, value, form)
    if _UNFIT_BARE.search(value):
        raise ValueError(f"{argument} cannot stand in a filter: {value!r}")
    return value  # type: ignore[no-any-return]
