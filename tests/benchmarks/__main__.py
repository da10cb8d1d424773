"""Run the benchmarks and print each figure beside its floor. Exit code 1 when a figure missed what is wanted."""

from __future__ import annotations

import platform
import sys

from .figures import FIGURES, Figure
from .responder import pin, responder


def main() -> int:
    print(f"Python {platform.python_version()} on {platform.machine()}; every ratio is of two figures of this run")
    row = "{:<62} {:>14} {:>14} {:>7}   {}"
    print(row.format("figure", "SDK", "floor", "ratio", "wanted"))
    reached = True
    with responder() as port:
        pin(0)  # after the responder, which takes another processor, was started
        for measure in FIGURES:
            figure: Figure = measure(port)
            verdict = figure.wanted if figure.reached else f"{figure.wanted}  MISSED"
            print(row.format(figure.name, figure.ours, figure.floor, f"{figure.ratio:.2f}", verdict), flush=True)
            reached = reached and figure.reached
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
