from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate import Gate


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"projects": {}}, "at least one project"),
        ({"projects": {0: "x"}}, "not in 1"),
        ({"projects": {2**31: "x"}}, "not in 1"),
        ({"projects": {1: ""}}, "the secret of 1 is empty"),
        ({"max_frame": 0}, "max_frame must be positive"),
        ({"max_message": -1}, "max_message must be positive"),
        ({"max_attrs": 0}, "max_attrs must be positive"),
        ({"max_file": 0}, "max_file must be positive"),
        ({"file_token_seconds": 0}, "file_token_seconds must be positive"),
        ({"clock_window": -1}, "clock_window must not be negative"),
        ({"idle_timeout": float("nan")}, "idle_timeout must not be negative"),
        ({"ping_interval": -1}, "ping_interval must not be negative"),
        ({"answer_timeout": -1}, "answer_timeout must not be negative"),
        ({"push_buffer": 0}, "push_buffer must be positive"),
        ({"rooms_per_user": 0}, "rooms_per_user must be positive"),
        ({"words": [""]}, "words: '' is empty"),
        ({"functions": {"tcheck": "operator:add"}}, "functions: there is none for 'tcheck'"),
        ({"duplicate_mid": "ignore"}, "duplicate_mid must be"),
        ({"stored_mtypes": (30, 128)}, "128 is not in 0..127"),
        ({"listen": "127.0.0.1"}, "the port is missing"),
        ({"http_listen": "127.0.0.1:x"}, "is not a number"),
    ],
)
def test_what_cannot_be(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Gate(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"projects": {"1": "x"}},
        {"projects": {1: b"x"}},
        {"stored_mtypes": "text"},
        {"words": "text"},
        {"functions": {"icheck": 5}},
    ],
)
def test_wrong_types(options: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Gate(**options)


def test_a_secret_is_never_shown() -> None:
    gate = Gate(projects={7: "very-secret"})
    assert gate.secret == "very-secret"
    assert "very-secret" not in f"{gate!r} {gate._settings!r} {gate}"
