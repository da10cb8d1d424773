from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm_sdk.gate.googlechat import bodies
from rtm_sdk.gate.googlechat.bodies import InvalidField, camel_case, read

SCHEMA = {
    "displayName": bodies.text,
    "on": bodies.boolean,
    "number": bodies.int32,
    "at": bodies.timestamp,
    "ttl": bodies.duration,
    "role": bodies.enum("UNSPECIFIED", "MEMBER", "MANAGER"),
    "content": bodies.content,
    "inner": bodies.record({"someText": bodies.text}),
    "several": bodies.many(bodies.record({"someText": bodies.text})),
    "state": bodies.ignored,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("given_body", "read_body"),
    [
        ({}, {}),
        ({"display_name": "x"}, {"displayName": "x"}),
        ({"displayName": None, "state": 5}, {}),
        ({"role": "MANAGER"}, {"role": "MANAGER"}),
        ({"role": 1}, {"role": "MEMBER"}),
        ({"role": 0}, {}),
        ({"number": "-5"}, {"number": -5}),
        ({"number": 5.0}, {"number": 5}),
        ({"at": "1970-01-01T00:00:01Z"}, {"at": 1_000_000}),
        ({"ttl": "1.5s"}, {"ttl": 1_500_000}),
        ({"content": "-_8"}, {"content": b"\xfb\xff"}),
        ({"content": "+/8="}, {"content": b"\xfb\xff"}),
        ({"inner": {"some_text": "x"}}, {"inner": {"someText": "x"}}),
        ({"several": [{"someText": "x"}, {}]}, {"several": [{"someText": "x"}, {}]}),
    ],
)
def test_what_is_read(given_body: Any, read_body: dict[str, Any]) -> None:
    assert read(SCHEMA, given_body) == read_body


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ([], "", "must be an object, not a list"),
        ({"colour": 1}, "colour", "there is no such field"),
        ({"displayName": "x", "display_name": "y"}, "displayName", "is given twice"),
        ({"displayName": 5}, "displayName", "must be a text, not a number"),
        ({"on": "true"}, "on", "must be true or false, not a text"),
        ({"number": True}, "number", "whole number"),
        ({"number": 1.5}, "number", "whole number"),
        ({"number": 2**31}, "number", "whole number"),
        ({"at": "today"}, "at", "RFC 3339"),
        ({"at": 5}, "at", "must be a text"),
        ({"ttl": "1h"}, "ttl", "duration"),
        ({"ttl": []}, "ttl", "must be a text, not a list"),
        ({"role": "BOSS"}, "role", "must be one of MEMBER, MANAGER"),
        ({"role": 3}, "role", "must be one of MEMBER, MANAGER"),
        ({"role": True}, "role", "must be one of MEMBER, MANAGER"),
        ({"content": "a"}, "content", "base64"),
        ({"content": "\N{GREEK SMALL LETTER PI}"}, "content", "base64"),
        ({"inner": "x"}, "inner", "must be an object, not a text"),
        ({"inner": {"some_text": {}}}, "inner.someText", "must be a text, not an object"),
        ({"inner": {"x": 1}}, "inner.x", "there is no such field"),
        ({"several": {}}, "several", "must be a list, not an object"),
        ({"several": [{}, None]}, "several[1]", "must not be null"),
        ({"several": [{}, {"someText": 1}]}, "several[1].someText", "must be a text"),
    ],
)
def test_what_is_wrong_is_named(body: Any, field: str, says: str) -> None:
    with pytest.raises(InvalidField) as refused:
        read(SCHEMA, body)
    assert refused.value.field == field and says in refused.value.text


@given(st.dictionaries(st.sampled_from([*SCHEMA, "display_name", "x"]), JSON, max_size=4))
def test_any_json_is_read_or_refused(body: dict[str, Any]) -> None:
    try:
        found = read(SCHEMA, body)
    except InvalidField as fault:
        assert fault.text
    else:
        assert set(found) <= set(SCHEMA) - {"state"}


@given(st.binary(max_size=50))
def test_base64_of_both_alphabets(content: bytes) -> None:
    for encoded in (base64.b64encode(content), base64.urlsafe_b64encode(content)):
        for text in (encoded.decode(), encoded.decode().rstrip("=")):
            assert read(SCHEMA, {"content": text}) == {"content": content}


def test_names() -> None:
    assert camel_case("space_history_state") == "spaceHistoryState" == camel_case("spaceHistoryState")
    assert camel_case("cards_v2") == "cardsV2"
