"""The arguments of `query_messages` that exclude or need each other; nothing of this is sent."""

from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest

from rtm_sdk.bearychat.queries import message_query

from .contract import start

K, T = "1485236262366.0193", 1485236262366


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({}, TypeError, "^latest, since or window must be given"),
        ({"latest": {}, "since": {"key": K}}, ValueError, "^latest and since exclude each other"),
        ({"latest": {}, "window": {}}, ValueError, "^latest and window exclude"),
        ({"latest": {}, "since": {}, "window": {}}, ValueError, "^latest and since and window exclude"),
        ({"latest": 5}, TypeError, "^latest must be a dict"),
        ({"since": K}, TypeError, "^since must be a dict"),
        ({"window": [K, K]}, TypeError, "^window must be a dict"),
        ({"latest": {"limit": "5"}}, TypeError, r"^latest\['limit'\] must be an int, not str"),
        ({"latest": {"limit": True}}, TypeError, r"^latest\['limit'\] must be an int, not bool"),
        ({"latest": {"limit": None}}, TypeError, r"^latest\['limit'\]"),
        ({"latest": {"limit": 101}}, ValueError, r"^latest\['limit'\] must be from 0 to 100, not 101"),
        ({"latest": {"limit": -1}}, ValueError, r"^latest\['limit'\]"),
        ({"latest": {"count": 5}}, ValueError, "^latest has no count; it takes limit"),
        ({"since": {}}, ValueError, "^since must have a 'key' or a 'ts'"),
        ({"since": {"forward": 5}}, ValueError, "^since must have"),
        ({"since": {"key": K, "ts": T}}, ValueError, "^since takes 'key' or 'ts', not both"),
        ({"since": {"key": T}}, TypeError, r"^since\['key'\] must be a str"),
        ({"since": {"key": "abc"}}, ValueError, r"^since\['key'\] must be a message key"),
        ({"since": {"key": f"{K}\n"}}, ValueError, r"^since\['key'\] must be a message key"),
        ({"since": {"ts": str(T)}}, TypeError, r"^since\['ts'\] must be an int"),
        ({"since": {"ts": 1 << 63}}, ValueError, r"^since\['ts'\]"),
        ({"since": {"ts": T, "forward": 101}}, ValueError, r"^since\['forward'\]"),
        ({"since": {"ts": T, "backward": 101}}, ValueError, r"^since\['backward'\]"),
        ({"window": {}}, ValueError, "^window must have 'from_key' and 'to_key', or"),
        ({"window": {"from_ts": T}}, ValueError, "^window must have"),
        ({"window": {"to_key": K}}, ValueError, "^window must have"),
        ({"window": {"from_key": K, "to_ts": T}}, ValueError, "^window takes keys or times, not both"),
        ({"window": {"from_key": K, "to_key": K, "from_ts": T}}, ValueError, "^window takes keys or times"),
        (
            {"window": {"from_ts": T, "to_ts": T, "forward": 1, "backward": 1}},
            ValueError,
            "^window takes 'forward' or 'backward', not both",
        ),
        ({"window": {"form_key": K, "to_key": K}}, ValueError, "^window has no form_key"),
    ],
)
def test_refuses(given: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        next(start("query_messages", "=bw52O", **given))


@pytest.mark.parametrize(
    "given",
    [
        {"latest": {}},
        {"latest": {"limit": 0}},
        {"since": {"key": K}},
        {"since": {"ts": 0, "forward": 100, "backward": 100}},
        {"since": {"ts": -1, "backward": 0}},
        {"window": {"from_key": K, "to_key": K}},
        {"window": {"from_ts": T, "to_ts": T - 1, "backward": 7}},
    ],
)
def test_passes_on(given: dict[str, Any]) -> None:
    assert next(start("query_messages", "=bw52O", **given)).body["query"] == given


@pytest.mark.parametrize("kind", [OrderedDict, MappingProxyType])
def test_takes_any_mapping(kind: Any) -> None:
    since = kind({"key": K, "forward": 5})
    query = message_query(None, since, None)
    assert query == {"since": {"key": K, "forward": 5}}
    assert type(query["since"]) is dict
