"""The pages for people, and the code blocks in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["DOCS", "ROOT", "Block", "blocks", "pages", "replaced"]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_BLOCK = re.compile(
    r"^(?:<!-- (?P<remark>[^\n]*) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_PROSE_BETWEEN = re.compile(r"\s*(?:prints:?)?\s*", re.IGNORECASE)
_NOT_RUN = "not run: "


class Block(NamedTuple):
    """A code block.

    Attributes:
        language: what stands behind the fence.
        text: the code.
        line: of the page, where the code begins.
        not_run: why it is not run; empty when it is.
        prints: what it prints: the text block right behind it; None when there is none.
    """

    language: str
    text: str
    line: int
    not_run: str = ""
    prints: str | None = None


def pages() -> list[Path]:
    """All pages: those in the folder of the documentation, and those beside it."""
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """The code blocks of a page, in order, without those that only show what the one before prints."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    end = 0
    for match in _BLOCK.finditer(text):
        remark = match["remark"] or ""
        line = text.count("\n", 0, match.start("text")) + 1
        if match["language"] == "text" and found and _PROSE_BETWEEN.fullmatch(text, end, match.start()):
            found[-1] = found[-1]._replace(prints=match["text"])
        else:
            not_run = remark.removeprefix(_NOT_RUN) if remark.startswith(_NOT_RUN) else ""
            found.append(Block(match["language"], match["text"], line, not_run))
        end = match.end()
    return found


def replaced(text: str, name: str, content: str) -> str:
    """A page with another content between ``<!-- begin name -->`` and ``<!-- end name -->``."""
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    head, _, rest = text.partition(begin)
    _, found, tail = rest.partition(end)
    if not found:
        raise ValueError(f"the page has no {begin.strip()} with an end")
    return f"{head}{begin}\n{content}\n{end}{tail}"
