"""The tables of docs/errors.md: number, name and meaning come from `rtm_sdk.errors`, what to do stands in the page.

After a change of `rtm_sdk/errors.py`, ``python -m tests.docs.errors_table`` writes the tables anew. What to do about a
code stays as the page has it; for a new code it is to be filled in.
"""

from __future__ import annotations

import re

from rtm_sdk.errors import BEARYCHAT_ERROR, FPNN_ERROR, RTM_ERROR, Code, ErrorCode

from .pages import DOCS, replaced

__all__ = ["PAGE", "advice", "tables", "written"]

PAGE = DOCS / "errors.md"

FAMILIES: tuple[type[FPNN_ERROR] | type[RTM_ERROR] | type[Code] | type[BEARYCHAT_ERROR], ...] = (
    FPNN_ERROR,
    RTM_ERROR,
    Code,
    BEARYCHAT_ERROR,
)
_HEAD = "| code | name | what it means | again? | what to do |\n|---|---|---|---|---|\n"
_ROW = re.compile(r"^\| \d+ \| `(\w+)` \|.*\| ([^|]*) \|$", re.MULTILINE)


def advice(page: str) -> dict[tuple[str, str], str]:
    """What to do, by family and name, as the page has it."""
    found = {}
    for family in FAMILIES:
        part = page.partition(f"<!-- begin {family.__name__} -->")[2].partition(f"<!-- end {family.__name__} -->")[0]
        found.update({(family.__name__, name): text.strip() for name, text in _ROW.findall(part)})
    return found


def tables(page: str) -> dict[str, str]:
    """The table of each family: what the code knows, and the page's advice."""
    known = advice(page)
    made = {}
    for family in FAMILIES:
        rows = []
        for member in family:
            named = family if family in (Code, BEARYCHAT_ERROR) else None
            again = "yes" if ErrorCode(member, family=named).retryable else ""
            text = known.get((family.__name__, member.name), "")
            if member:
                rows.append(f"| {member.value} | `{member.name}` | {member.meaning} | {again} | {text} |")
        made[family.__name__] = _HEAD + "\n".join(rows)
    return made


def written(page: str) -> str:
    """The page as it has to be."""
    for name, table in tables(page).items():
        page = replaced(page, name, f"{table}\n")
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
