from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rtm_sdk.gate.googlechat.filters import AllOf, AnyOf, Comparison, parse
from rtm_sdk.gate.googlechat.times import instant
from rtm_sdk.googlechat import filters


def wrong(value: Any) -> Any:
    """A value that type checkers let pass."""
    return value


NOON = datetime(2026, 4, 21, 12, 0, 0, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (filters.messages(), ""),
        (filters.messages(created_after=NOON), 'createTime > "2026-04-21T12:00:00.000005Z"'),
        (
            filters.messages(created_before=NOON.replace(microsecond=0), thread="spaces/A/threads/T"),
            'createTime < "2026-04-21T12:00:00Z" AND thread.name = spaces/A/threads/T',
        ),
        (
            filters.messages(created_after=NOON.astimezone(timezone(timedelta(hours=-4)))),
            'createTime > "2026-04-21T12:00:00.000005Z"',
        ),
        (
            filters.messages(created_after="2026-04-21T12:00:00.123456789+05:30"),
            'createTime > "2026-04-21T12:00:00.123456789+05:30"',
        ),
        (filters.reactions(), ""),
        (filters.reactions(unicode=["a"]), 'emoji.unicode = "a"'),
        (filters.reactions(unicode=["a"], custom_emojis=["u"]), 'emoji.unicode = "a" OR emoji.custom_emoji.uid = "u"'),
        (filters.reactions(unicode=["a"], users=["users/1"]), 'emoji.unicode = "a" AND user.name = "users/1"'),
        (
            filters.reactions(unicode=["a", "b"], users=["users/1"]),
            '(emoji.unicode = "a" OR emoji.unicode = "b") AND user.name = "users/1"',
        ),
        (filters.memberships(), ""),
        (filters.memberships(roles=["ROLE_MEMBER"]), 'role = "ROLE_MEMBER"'),
        (
            filters.memberships(roles=["ROLE_MEMBER", "ROLE_MANAGER"], types=["BOT"]),
            '(role = "ROLE_MEMBER" OR role = "ROLE_MANAGER") AND member.type = "BOT"',
        ),
        (filters.spaces(), ""),
        (filters.spaces("SPACE", "GROUP_CHAT"), 'spaceType = "SPACE" OR spaceType = "GROUP_CHAT"'),
        (filters.space_events(["e.one"]), 'event_types:"e.one"'),
        (filters.space_events(["e.one", "e.two"]), 'event_types:"e.one" OR event_types:"e.two"'),
        (
            filters.space_events(["e.one", "e.two"], after="2026-04-21T12:00:00Z", until=NOON),
            'start_time="2026-04-21T12:00:00Z" AND end_time="2026-04-21T12:00:00.000005Z"'
            ' AND (event_types:"e.one" OR event_types:"e.two")',
        ),
        (filters.custom_emojis(mine=True), 'creator("users/me")'),
        (filters.custom_emojis(mine=False), 'NOT creator("users/me")'),
        (filters.section_items("spaces/A"), "space = spaces/A"),
    ],
)
def test_filters(found: str, expected: str) -> None:
    assert found == expected


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (
            lambda: filters.messages(created_after=NOON.replace(tzinfo=None)),
            ValueError,
            "created_after must have a zone",
        ),
        (lambda: filters.messages(created_before=wrong(5)), TypeError, "created_before must be a datetime or a str"),
        (lambda: filters.messages(created_before="2026-04-21T12:00:00"), ValueError, "created_before must be RFC 3339"),
        (lambda: filters.messages(created_after='2026-04-21T12:00:00Z" OR "'), ValueError, "created_after must be RFC"),
        (
            lambda: filters.messages(created_after=datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))),
            ValueError,
            "created_after is outside the years",
        ),
        (lambda: filters.messages(thread="spaces/A"), ValueError, "thread must look like spaces/"),
        (lambda: filters.messages(thread='spaces/A/threads/T" OR'), ValueError, "thread cannot stand in a filter"),
        (lambda: filters.messages(thread=wrong(5)), TypeError, "thread must be a str"),
        (lambda: filters.reactions(unicode="ab"), TypeError, "unicode must be a list or another iterable of texts"),
        (lambda: filters.reactions(unicode=wrong(5)), TypeError, "unicode must be a list or another iterable of texts"),
        (lambda: filters.reactions(unicode=['a"']), ValueError, r"unicode\[0\] cannot stand in a filter"),
        (lambda: filters.reactions(unicode=["a", ""]), ValueError, r"unicode\[1\] cannot stand in a filter"),
        (lambda: filters.reactions(users=["1"]), ValueError, r"users\[0\] must look like users/"),
        (lambda: filters.space_events([]), ValueError, "types must name at least one"),
        (lambda: filters.custom_emojis(mine=wrong("yes")), TypeError, "mine must be True or False"),
        (lambda: filters.section_items("A"), ValueError, "space must look like spaces/"),
    ],
)
def test_misuse(make: Callable[[], Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^{text}"):
        make()


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(names, names)
def test_a_thread_means_itself_or_is_refused(space: str, thread: str) -> None:
    name = f"spaces/{space}/threads/{thread}"
    try:
        text = filters.messages(created_after=NOON, thread=name)
    except ValueError:
        return
    tree = parse(text)
    assert isinstance(tree, AllOf)
    _, found = tree.nodes
    assert isinstance(found, Comparison)
    assert (found.field, found.operator, found.value) == ("thread.name", "=", name)


@given(st.lists(names, min_size=1, max_size=3), st.lists(names.map("users/{}".format), min_size=1, max_size=3))
def test_values_mean_themselves_or_are_refused(emojis: list[str], users: list[str]) -> None:
    try:
        text = filters.reactions(unicode=emojis, users=users)
    except ValueError:
        assume(False)
    tree = parse(text)
    assert isinstance(tree, AllOf)
    assert [values(node) for node in tree.nodes] == [emojis, users]


def values(node: Any) -> list[str]:
    alternatives: Any = node.nodes if isinstance(node, AnyOf) else [node]
    return [each.value for each in alternatives]


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_means_the_same_instant(moment: datetime) -> None:
    try:
        text = filters.messages(created_after=moment)
    except ValueError:
        return
    found = parse(text)
    assert isinstance(found, Comparison)
    delta = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    assert instant(found.value) == ((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds) * 1000
