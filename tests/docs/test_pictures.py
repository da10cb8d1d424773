from __future__ import annotations

from xml.etree import ElementTree

from ..benchmarks.plots import draw as draw_figures
from ..benchmarks.plots import figures_of
from ..test_layers import FLOORS
from . import rooms
from .pages import DOCS

BENCHMARKS = DOCS / "pictures" / "benchmarks.svg"


def test_the_rooms_are_those_that_imports_are_checked_by() -> None:
    assert rooms.PICTURE.read_text(encoding="utf-8") == rooms.draw(), "draw it anew: python -m tests.docs.rooms"


def test_each_room_is_named_in_the_page() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    house = page.partition("## The house")[2].partition("\n## ")[0]
    assert [room for room in FLOORS if f"`{room}.py`" not in house and f"`{room}/`" not in house] == []


def test_plots_show_the_figures_of_the_page() -> None:
    figures = figures_of((DOCS / "performance.md").read_text(encoding="utf-8"))
    assert len(figures) >= 7
    assert BENCHMARKS.read_text(encoding="utf-8") == draw_figures(figures), "run: python -m tests.benchmarks --docs"


def test_pictures_are_well_formed() -> None:
    for picture in (BENCHMARKS, rooms.PICTURE):
        assert ElementTree.parse(picture).getroot().tag.endswith("svg")
