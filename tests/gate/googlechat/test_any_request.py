"""Whatever is sent, the answer is one of Google's, and the gate is not at fault."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm_sdk.gate import Gate
from rtm_sdk.gate.googlechat.api import API, ApiMethod

from .conftest import Chat

NAMES = re.findall(
    r"\w+",
    """accessSettings audience customEmoji customStatus displayName emoji emojiName expireTime fileContent filename
groupMember importMode lastReadTime member memberships message muteSetting name payload permissionSettings
relativePosition requestId role sortOrder space spaceDetails spaceType targetSection text ttl type uid unicode""",
)
VALUES = st.sampled_from(
    [
        *("SPACE", "DIRECT_MESSAGE", "users/me", "users/app", "groups/x", "ROLE_MANAGER", "CUSTOM_SECTION", "START"),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "999999999999s", "5s", ":a:", "a.png", "AAAA"),
        *(None, True, False, 0, 1, -1, 2**40, 1.5, "", "x" * 200, "\N{SLIGHTLY SMILING FACE}", "\ud83d"),
    ]
)
BODIES: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(NAMES),
    st.recursive(
        VALUES,
        lambda values: st.lists(values, max_size=2) | st.dictionaries(st.sampled_from(NAMES), values, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)
QUERY = st.sampled_from(
    [
        *("", "true", "5", "-1", "99999999999999999999", "*", "displayName", "role", "customStatus", "lastReadTime"),
        *('spaceType = "SPACE"', 'role = "ROLE_MEMBER"', 'creator("users/me")', "space = spaces/A", '"', "((", "\0"),
        'space_type = "SPACE" AND create_time > "9999-12-31T23:59:59-23:59"',
        'end_time="9999-12-31T23:59:59-23:59" AND event_types:"google.workspace.chat.space.v1.updated"',
        'start_time="2090-01-01T00:00:00+23:59" AND event_types:"google.workspace.chat.membership.v1.created"',
    ]
)
IDS = st.sampled_from(["A", "me", "1", "x", ":a:", "default-spaces", "-", "%00", "%F0%9F%98%80", "ann@example.com"])
LEFT_OUT = ("media.upload", "media.download", "spaces.delete", "spaces.members.delete")
METHODS = [method for method in API if method.id not in LEFT_OUT]


@st.composite
def paths(draw: st.DrawFn, method: ApiMethod) -> str:
    path = re.sub(r"\{\w+=([^}]+)\}", lambda match: match[1], method.path)
    path = path.replace("spaces/*", "spaces/A").replace("users/*", "users/me")
    while "*" in path:
        path = path.replace("*", draw(IDS), 1)
    return path


@pytest.fixture(scope="module")
def anyone(shared_gate: Gate) -> Any:
    shared_gate.google.open = True
    shared_gate.google.add_space("A")
    with Chat(shared_gate, "any") as chat:
        yield chat


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_every_request_gets_an_answer_of_the_service(anyone: Chat, data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(METHODS))
    query = data.draw(st.dictionaries(st.sampled_from(sorted(method.query)), QUERY)) if method.query else {}
    body = json.dumps(data.draw(BODIES)) if method.verb in ("POST", "PUT", "PATCH") else None
    answer = anyone.send(method.verb, data.draw(paths(method)), params=query, data=body)
    assert answer.status_code in (200, 400, 403, 404, 409), answer.text
    assert isinstance(answer.json(), dict)
    if answer.status_code != 200:
        error = answer.json()["error"]
        assert error["code"] == answer.status_code and error["status"] and error["message"]
