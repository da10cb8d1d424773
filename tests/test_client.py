from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.client import Client, checked_seconds


@pytest.mark.parametrize("value", [1, 0.001, 30.0, 10**8])
def test_seconds(value: float) -> None:
    found = checked_seconds("timeout", value)
    assert found == value
    assert type(found) is float


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0, ValueError),
        (-1, ValueError),
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (10**9, ValueError),
        (True, TypeError),
        ("5", TypeError),
        (None, TypeError),
    ],
)
def test_no_seconds(value: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="^my_option must be a .*number of seconds"):
        checked_seconds("my_option", value)


def test_a_client_says_how_it_closes() -> None:
    class Incomplete(Client): ...

    with pytest.raises(TypeError, match="close"):
        Incomplete(timeout=1, max_outstanding=1, workers=None, on_callback_error=None)  # type: ignore[abstract]
