from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate.words import WordList


@pytest.mark.parametrize(
    ("words", "text", "starred"),
    [
        (["bad"], "a BaD day", "a *** day"),
        (["bad"], "bad, bad", "***, ***"),
        (["bad"], "badly", "badly"),
        (["bad"], "forbad", "forbad"),
        (["bad"], "bad1 b-bad_x", "bad1 b-***_x"),
        (["bad", "bad luck"], "Bad Luck!", "********!"),
        (["bad luck", "luck of"], "bad luck of", "******** of"),
        (["straße"], "STRASSE strasse", "******* *******"),
        (["strasse"], "eine Straße.", "eine ******."),
        (["s"], "ß s", "ß *"),
        (["café"], "CAFE\u0301 cafe", "**** cafe"),
        (["cafe\u0301"], "Café", "****"),
        (["bad"], "\uff42\uff41\uff44", "***"),
        (["bad"], "b\u200ba\u200dd x", "*** x"),
        (["坏蛋"], "你这个坏蛋吗", "你这个**吗"),
        (["злой"], "ЗЛОЙ злойный", "**** злойный"),
        (["ΟΔΟΣ"], "οδος", "****"),
        (["😈"], "a😈b", "a*b"),
        (["\uff22\uff21\uff24"], "bad", "***"),
        (["bad"], "", ""),
        ([], "bad", "bad"),
        (["i"], "İ i", "İ *"),
    ],
)
def test_stars(words: list[str], text: str, starred: str) -> None:
    found = WordList(words).search(text)
    assert found.text == starred
    assert bool(found.words) == ("*" in starred)


def test_what_was_found() -> None:
    words = WordList({"Bad": 300, "evil": 100, "vile": 300})
    assert words.search("EVIL bad evil, vile") == ("**** *** ****, ****", ["evil", "Bad", "vile"], [100, 300])
    assert words.search("good") == ("good", [], [])
    assert WordList(["bad"]).search("bad").categories == []


def test_a_long_text_and_a_long_list_take_no_time() -> None:
    words = WordList([f"word{number}" for number in range(20_000)])
    assert words.search("word no word77 " * 10_000).words == ["word77"]


@pytest.mark.parametrize(
    ("words", "fault"),
    [("bad", TypeError), (b"bad", TypeError), ([5], TypeError), ({"bad": "5"}, TypeError), (["\u200b "], ValueError)],
)
def test_what_is_no_list(words: Any, fault: type[Exception]) -> None:
    with pytest.raises(fault, match="words"):
        WordList(words)
