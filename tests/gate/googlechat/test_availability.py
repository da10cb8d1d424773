from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from .conftest import Chat, Person

MINE = "v1/users/me/availability"
EMOJI = {"unicode": "\N{PALM TREE}"}


def in_seconds(seconds: float) -> str:
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).isoformat()


def test_at_first_a_user_is_away(person: Person) -> None:
    ann = person()
    assert ann.ok("GET", MINE) == {"name": f"{ann.name}/availability", "state": "AWAY"}
    assert ann.ok("GET", f"v1/{ann.name}/availability")["state"] == "AWAY"
    assert ann.fails("GET", "v1/users/1/availability")[:2] == (403, "PERMISSION_DENIED")


def test_states_last_until_their_end(person: Person) -> None:
    ann = person()
    assert ann.ok("POST", f"{MINE}:markAsActive", {})["state"] == "ACTIVE"
    busy = ann.ok("POST", f"{MINE}:markAsDoNotDisturb", {"ttl": "3600s"})
    assert busy["state"] == "DO_NOT_DISTURB" and set(busy["doNotDisturbMetadata"]) == {"expirationTime"}
    assert ann.ok("GET", MINE) == busy
    ann.gate.clock.offset = 3601
    try:
        assert ann.ok("GET", MINE) == {"name": f"{ann.name}/availability", "state": "AWAY"}
    finally:
        ann.gate.clock.offset = 0
    active = ann.ok("POST", f"{MINE}:markAsActive", {"expire_time": in_seconds(60)})
    assert active == {"name": f"{ann.name}/availability", "state": "ACTIVE"}
    assert ann.ok("POST", f"{MINE}:markAsAway", {})["state"] == "AWAY"
    assert ann.ok("POST", f"{MINE}:markAsDoNotDisturb", {})["state"] == "DO_NOT_DISTURB"


@pytest.mark.parametrize(
    "body",
    [
        {"ttl": "1h"},
        {"ttl": "-5s"},
        {"ttl": "0s"},
        {"ttl": 5},
        {"ttl": "999999999999s"},
        {"expireTime": "2020-01-01T00:00:00Z"},
        {"expireTime": "soon"},
        {"expireTime": "2100-01-01T00:00:00Z", "ttl": "5s"},
        {"until": "5s"},
    ],
)
def test_ends_that_are_refused(user: Chat, body: Any) -> None:
    for verb in ("markAsActive", "markAsDoNotDisturb"):
        assert user.fails("POST", f"{MINE}:{verb}", body)[:2] == (400, "INVALID_ARGUMENT")


def test_away_takes_no_end(user: Chat) -> None:
    assert user.fails("POST", f"{MINE}:markAsAway", {"ttl": "5s"})[:2] == (400, "INVALID_ARGUMENT")


def test_a_custom_status_comes_and_goes(person: Person) -> None:
    ann = person()
    body = {"customStatus": {"text": "on holiday", "emoji": EMOJI, "ttl": "60s"}}
    status = ann.ok("PATCH", MINE, body, updateMask="custom_status")["customStatus"]
    assert status["text"] == "on holiday" and status["emoji"] == EMOJI and "expireTime" in status
    ann.gate.clock.offset = 61
    try:
        assert "customStatus" not in ann.ok("GET", MINE)
    finally:
        ann.gate.clock.offset = 0
    forever = {"customStatus": {"text": "x" * 64, "emoji": EMOJI}}
    assert ann.ok("PATCH", MINE, forever, updateMask="customStatus")["customStatus"] == forever["customStatus"]
    assert "customStatus" not in ann.ok("PATCH", MINE, {}, updateMask="customStatus")


@pytest.mark.parametrize(
    ("mask", "status"),
    [
        ("", {"text": "x", "emoji": EMOJI}),
        ("state", {"text": "x", "emoji": EMOJI}),
        ("customStatus", {"text": "x"}),
        ("customStatus", {"emoji": EMOJI}),
        ("customStatus", {"text": "x" * 65, "emoji": EMOJI}),
        ("customStatus", {"text": "x", "emoji": {"unicode": "holiday"}}),
        ("customStatus", {"text": "x", "emoji": EMOJI, "ttl": "-1s"}),
        ("customStatus", {"text": "x", "emoji": EMOJI, "colour": "red"}),
    ],
)
def test_what_is_no_custom_status(user: Chat, mask: str, status: Any) -> None:
    answer = user.fails("PATCH", MINE, {"customStatus": status}, updateMask=mask)
    assert answer[:2] == (400, "INVALID_ARGUMENT")
