from __future__ import annotations

import pytest

from rtm_sdk.gate.googlechat.bodies import InvalidField
from rtm_sdk.gate.googlechat.masks import field_at, masked

KNOWN = ("text", "cardsV2", "settings.toggleHistory")


@pytest.mark.parametrize(
    ("mask", "paths"),
    [
        ("text", ["text"]),
        ("text,cardsV2", ["text", "cardsV2"]),
        (" cards_v2 , text ,", ["cardsV2", "text"]),
        ("text,text", ["text"]),
        ("settings.toggle_history", ["settings.toggleHistory"]),
        ("*", ["text"]),
    ],
)
def test_masks(mask: str, paths: list[str]) -> None:
    assert masked(mask, KNOWN, ("text",)) == paths


@pytest.mark.parametrize("mask", [None, "", " , ", "name", "text,name", "settings", "text cardsV2", "*,text", "text,*"])
def test_masks_that_are_refused(mask: str | None) -> None:
    with pytest.raises(InvalidField, match="updateMask"):
        masked(mask, KNOWN, ("text",))


def test_the_star_is_not_always_allowed() -> None:
    with pytest.raises(InvalidField, match=r"\* is not allowed"):
        masked("*", KNOWN)


def test_values_of_paths() -> None:
    body = {"settings": {"toggleHistory": 5}, "text": "x"}
    assert field_at(body, "settings.toggleHistory") == 5
    assert field_at(body, "text") == "x"
    assert field_at(body, "settings.other") is field_at(body, "other.deep") is field_at(body, "text.deep") is None
