"""The figures of a run for docs/performance.md: a table, and a picture with two bars for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from .figures import Figure

__all__ = ["draw", "figures_of", "table"]

_HEAD = "| what | SDK | floor | ratio | wanted |\n|---|---:|---:|---:|---|\n"
_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([\d.]+) \| ([^|]+) \|$", re.MULTILINE)
_NUMBER = re.compile(r"[\d,.]+")

_LEFT, _BAR, _ROW_HEIGHT = 20, 460, 74
_STYLE = """\
  <style>
    text { font: 13px sans-serif; fill: #222 }
    .note { fill: #666 }
    .sdk { fill: #00897b }
    .floor { fill: #b0bec5 }
  </style>"""


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown."""
    rows = (f"| {each.name} | {each.ours} | {each.floor} | {each.ratio:.2f} | {each.wanted} |" for each in figures)
    return _HEAD + "\n".join(rows)


def figures_of(page: str) -> list[Figure]:
    """The figures in a page that holds their table."""
    return [
        Figure(name, ours, floor, float(ratio), wanted, True) for name, ours, floor, ratio, wanted in _ROW.findall(page)
    ]


def draw(figures: Sequence[Figure]) -> str:
    """The figures as a picture in SVG: the SDK's bar and the floor's, to the same scale for each figure."""
    height = _ROW_HEIGHT * len(figures) + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{height}" viewBox="0 0 640 {height}" role="img">',
        _STYLE,
        f'  <rect width="640" height="{height}" fill="white"/>',
    ]
    for place, figure in enumerate(figures):
        top = place * _ROW_HEIGHT + 20
        better = "longer is better" if figure.ours.endswith("/s") else "shorter is better"
        lines.append(
            f'  <text x="{_LEFT}" y="{top}">{escape(figure.name)} <tspan class="note">({better})</tspan></text>'
        )
        values = (("SDK", "sdk", figure.ours), ("floor", "floor", figure.floor))
        longest = max(_number(value) for _, _, value in values)
        for row, (name, style, value) in enumerate(values):
            y, width = top + 8 + 20 * row, max(1.0, _BAR * _number(value) / longest)
            lines.append(f'  <rect class="{style}" x="{_LEFT}" y="{y}" width="{width:.0f}" height="16"/>')
            lines.append(f'  <text x="{_LEFT + width + 6:.0f}" y="{y + 13}">{name} {escape(value)}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _number(text: str) -> float:
    found = _NUMBER.search(text)
    assert found is not None
    return float(found[0].replace(",", ""))
