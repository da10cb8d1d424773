"""The Chinese README says the same: its code is that of README.md, which is run by tests/test_readme.py."""

from __future__ import annotations

from .pages import DOCS, ROOT, blocks

CHINESE, ENGLISH = DOCS / "README.zh.md", ROOT / "README.md"


def test_its_code_is_that_of_the_english_page() -> None:
    assert [block[:2] for block in blocks(CHINESE)] == [block[:2] for block in blocks(ENGLISH)]


def test_it_has_the_same_sections() -> None:
    chinese, english = (
        [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
        for page in (CHINESE, ENGLISH)
    )
    assert len(chinese) == len(english)


def test_it_is_chinese() -> None:
    text = CHINESE.read_text(encoding="utf-8")
    assert sum("\u4e00" <= character <= "\u9fff" for character in text) > 800
