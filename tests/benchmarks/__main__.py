"""Run the benchmarks and print each figure beside its floor. Exit code 1 when a figure missed what is wanted.

``--docs`` also writes the figures into docs/performance.md, with their picture.
"""

from __future__ import annotations

import os
import platform
import sys

from ..docs.pages import DOCS, replaced
from .figures import FIGURES, Figure
from .plots import draw, table
from .responder import pin, responder


def main(arguments: list[str]) -> int:
    machine = f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} processors"
    print(f"{machine}; every ratio is of two figures of this run")
    row = "{:<62} {:>14} {:>14} {:>7}   {}"
    print(row.format("figure", "SDK", "floor", "ratio", "wanted"))
    figures: list[Figure] = []
    with responder() as port:
        pin(0)  # after the responder, which takes another processor, was started
        for measure in FIGURES:
            figure: Figure = measure(port)
            verdict = figure.wanted if figure.reached else f"{figure.wanted}  MISSED"
            print(row.format(figure.name, figure.ours, figure.floor, f"{figure.ratio:.2f}", verdict), flush=True)
            figures.append(figure)
    if "--docs" in arguments:
        page = DOCS / "performance.md"
        text = replaced(page.read_text(encoding="utf-8"), "figures", f"{machine}:\n\n{table(figures)}\n")
        page.write_text(text, encoding="utf-8")
        (DOCS / "pictures" / "benchmarks.svg").write_text(draw(figures), encoding="utf-8")
    return 0 if all(figure.reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
