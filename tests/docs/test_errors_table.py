from __future__ import annotations

from rtm_sdk.errors import Code

from .errors_table import FAMILIES, PAGE, advice, tables, written

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_says_what_the_code_says() -> None:
    assert written(TEXT) == TEXT, "write it anew: python -m tests.docs.errors_table"


def test_something_can_be_done_about_each_code() -> None:
    known = advice(TEXT)
    codes = [(family.__name__, member.name) for family in FAMILIES for member in family if member]
    assert len(codes) >= 80
    assert [code for code in codes if len(known.get(code, "")) < 10] == []


def test_what_to_do_stays_when_a_meaning_changes() -> None:
    before = TEXT.replace("what was asked for does not exist", "it has gone")
    assert before != TEXT
    assert tables(before) == tables(TEXT)
    assert "| 5 | `NOT_FOUND` | what was asked for does not exist |" in tables("")[Code.__name__]
