"""The picture of the rooms in docs/architecture.md, drawn from the floors that `tests/test_layers.py` checks.

``python -m tests.docs.rooms`` draws it anew.
"""

from __future__ import annotations

from html import escape

from ..test_layers import FLOORS, NEIGHBOURS
from .pages import DOCS

__all__ = ["PICTURE", "draw"]

PICTURE = DOCS / "pictures" / "rooms.svg"

FLOOR_NAMES = {
    5: "what people run",
    4: "around the clients",
    3: "the clients",
    2: "bytes, sockets, threads",
    1: "need no other room",
}
ABOUT = {
    "bearychat": ("BearyChat", "46 endpoints"),
    "calling": ("operations, drivers", "one definition, two styles"),
    "cli": ("the rtm command",),
    "client": ("what clients share",),
    "compat": ("the public SDK's names",),
    "content": ("files to be sent",),
    "deadline": ("time that is left",),
    "demo": ("rtm demo",),
    "django": ("settings, on commit,", "checks, log handler"),
    "endpoint": ("host:port",),
    "errors": ("codes as values",),
    "events": ("what a client tells",),
    "fpnn": ("frames, encryption,", "connection"),
    "gate": ("the local server: RTM,", "Google Chat, BearyChat"),
    "googlechat": ("Google Chat", "55 methods"),
    "http": ("sessions, retries,", "service accounts"),
    "pytest_plugin": ("fixtures",),
    "rtm": ("RTM", "112 methods"),
    "secret": ("does not show",),
    "sockets": ("open and wait",),
    "terminal": ("tables, progress",),
    "testing": ("the gate in tests",),
    "watching": ("events and the log",),
    "workers": ("threads for callbacks",),
}

_COLOURS = {5: "#e0f2f1", 4: "#e8eaf6", 3: "#fff3e0", 2: "#e3f2fd", 1: "#f1f8e9"}
_WIDTH, _LEFT, _GAP, _PER_ROW = 900, 170, 10, 4
_BOX_WIDTH = (_WIDTH - _LEFT - _GAP) // _PER_ROW - _GAP
_BOX_HEIGHT = 62
_STYLE = """\
  <style>
    text { font: 13px sans-serif; fill: #222 }
    .room { font-weight: bold }
    .about { font-size: 12px; fill: #555 }
    .box { fill: white; stroke: #78909c }
  </style>"""


def draw() -> str:
    """The picture, SVG."""
    lines, top = [], 40
    for floor in sorted(FLOOR_NAMES, reverse=True):
        rooms = sorted(room for room, its in FLOORS.items() if its == floor)
        rows = -(-len(rooms) // _PER_ROW)
        height = rows * (_BOX_HEIGHT + _GAP) + _GAP
        lines.append(f'  <rect x="0" y="{top}" width="{_WIDTH}" height="{height}" fill="{_COLOURS[floor]}"/>')
        lines.append(f'  <text class="room" x="12" y="{top + 28}">floor {floor}</text>')
        lines.append(f'  <text class="about" x="12" y="{top + 46}">{FLOOR_NAMES[floor]}</text>')
        for place, room in enumerate(rooms):
            row, column = divmod(place, _PER_ROW)
            x, y = _LEFT + column * (_BOX_WIDTH + _GAP), top + _GAP + row * (_BOX_HEIGHT + _GAP)
            lines.append(f'  <rect class="box" x="{x}" y="{y}" width="{_BOX_WIDTH}" height="{_BOX_HEIGHT}" rx="4"/>')
            lines.append(f'  <text class="room" x="{x + 10}" y="{y + 20}">{room}</text>')
            for number, text in enumerate(ABOUT.get(room, ())):
                lines.append(f'  <text class="about" x="{x + 10}" y="{y + 37 + 15 * number}">{escape(text)}</text>')
        top += height + 4
    neighbours = ", ".join(f"{one} → {other}" for one, other in sorted(NEIGHBOURS))
    notes = ["Imports point down. On the same floor only:", *_wrapped(neighbours, 125)]
    lines += [
        f'  <text class="about" x="12" y="{top + 18 + 17 * n}">{escape(text)}</text>' for n, text in enumerate(notes)
    ]
    height = top + 18 + 17 * len(notes)
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        'role="img">',
        _STYLE,
        f'  <rect width="{_WIDTH}" height="{height}" fill="white"/>',
        '  <text class="room" x="12" y="25">your program: services, Django views, cron jobs, tests</text>',
    ]
    return "\n".join([*head, *lines, "</svg>", ""])


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for part in text.split(", "):
        if len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += f"{', ' if lines[-1] else ''}{part}"
    return lines


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
