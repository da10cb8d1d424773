"""What the commands of `rtm` print: tables and progress bars.

On a terminal with `rich` installed they are drawn by rich. Everywhere else (a pipe, a log, no rich) they are aligned
plain ASCII text, and progress bars are left out where nobody watches them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Column", "Row", "Terminal", "one_line", "per_second", "seconds", "size"]

_BAR = 28
_REDRAW = 0.1
_JOINERS = "\u200c\u200d"
"""Invisible, but part of emojis and of words in several scripts."""


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        heading: its heading.
        numeric: it holds numbers, which are set flush right.
        wraps: a long text may go on in the next line, on a terminal.
    """

    heading: str
    numeric: bool = True
    wraps: bool = False


class Row(NamedTuple):
    """A line of a table: one text for each column, and whether it tells of a success (None: of neither)."""

    cells: Sequence[str]
    good: bool | None = None


class Terminal:
    """Where a command prints.

    Args:
        out: the stream; the current `sys.stdout` when left out.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self._rich = _rich_console(self.out)

    def line(self, text: str = "") -> None:
        """Print one line of text as it stands; what the stream cannot encode stands as an escape."""
        encoding = getattr(self.out, "encoding", None) or "utf-8"
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=self.out, flush=True)

    def verdict(self, text: str, good: bool) -> None:
        """Print the line that sums up: green or red on a terminal."""
        if self._rich is None:
            self.line(text)
        else:
            self._rich.print(text, style="bold green" if good else "bold red", markup=False, highlight=False)

    def table(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Print a table. If some rows tell of success or failure, a mark stands before each, and failures stand out."""
        drawn = self._rich is not None and self._rich.encoding.startswith("utf")
        marks = (
            {None: "", True: "\N{CHECK MARK}", False: "\N{BALLOT X}"}
            if drawn
            else {None: "", True: "ok", False: "FAIL"}
        )
        if any(row.good is not None for row in rows):
            columns = (Column("", numeric=False), *columns)
            rows = [Row((marks[row.good], *row.cells), row.good) for row in rows]
        if self._rich is None:
            for text in _plain_table(columns, rows):
                self.line(text)
            return
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
        for column in columns:
            table.add_column(
                column.heading,
                justify="right" if column.numeric else "left",
                no_wrap=not column.wraps,
                overflow="fold",
                style="" if column.heading else "green",
            )
        for row in rows:
            table.add_row(*row.cells, style="bold red" if row.good is False else None)
        self._rich.print(table, markup=False, highlight=False)

    @contextmanager
    def progress(self, label: str, total: int, unit: Callable[[float], str] = str) -> Iterator[Callable[[int], None]]:
        """A progress bar for as long as the block runs.

        Args:
            label: what is going on.
            total: the number at which it is done.
            unit: turns a number into text, for example `size`.

        Yields:
            a function that takes the number done so far; it may be called from any thread.
        """
        if self._rich is not None:
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (
                TextColumn("{task.description}", markup=False),
                BarColumn(_BAR),
                TextColumn("{task.fields[shown]}"),
                TimeElapsedColumn(),
            )
            with Progress(*columns, console=self._rich, transient=True) as bar:
                task = bar.add_task(label, total=total, shown="")
                yield lambda done: bar.update(task, completed=done, shown=f"{unit(done)} of {unit(total)}")
        elif self.out.isatty():
            with _plain_bar(self.out, label, total, unit) as advance:
                yield advance
        else:
            yield lambda done: None


def _rich_console(out: TextIO) -> Console | None:
    if not out.isatty():
        return None
    try:
        from rich.console import Console
    except ModuleNotFoundError:
        return None
    console = Console(file=out, emoji=False)
    return None if console.is_dumb_terminal else console


def _plain_table(columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[str]:
    lines = [[column.heading for column in columns], *(row.cells for row in rows)]
    widths = [max(map(len, texts)) for texts in zip(*lines, strict=True)]

    def aligned(cells: Sequence[str]) -> str:
        texts = [
            cell.rjust(width) if column.numeric else cell.ljust(width)
            for cell, width, column in zip(cells, widths, columns, strict=True)
        ]
        return "  ".join(texts).rstrip()

    yield aligned(lines[0])
    yield "  ".join("-" * width for width in widths)
    yield from map(aligned, lines[1:])


@contextmanager
def _plain_bar(out: TextIO, label: str, total: int, unit: Callable[[float], str]) -> Iterator[Callable[[int], None]]:
    drawn_at = 0.0
    drawn = 0

    def advance(done: int) -> None:
        nonlocal drawn_at, drawn
        now = time.monotonic()
        if done < total and now - drawn_at < _REDRAW:
            return
        drawn_at = now
        filled = _BAR * done // max(total, 1)
        text = f"{label} [{'#' * filled}{'.' * (_BAR - filled)}] {unit(done)} of {unit(total)}"
        out.write("\r" + text.ljust(drawn))
        out.flush()
        drawn = len(text)

    try:
        yield advance
    finally:
        out.write("\r" + " " * drawn + "\r")
        out.flush()


def one_line(text: str) -> str:
    """A text that others wrote, fit for one line: signs that do not print stand as escapes such as `\\n`."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign in _JOINERS else sign.encode("unicode_escape").decode() for sign in text
    )


def size(count: float) -> str:
    """Bytes for people: `812 B`, `4.0 MiB`."""
    if count < 1024:
        return f"{count:.0f} B"
    for unit in ("KiB", "MiB"):
        count /= 1024
        if count < 1024:
            return f"{count:.1f} {unit}"
    return f"{count / 1024:.1f} GiB"


def seconds(duration: float) -> str:
    """A duration in seconds for people: `0.8 ms`, `35 ms`, `1.24 s`."""
    if duration < 0.01:
        return f"{duration * 1000:.1f} ms"
    if duration < 1:
        return f"{duration * 1000:.0f} ms"
    return f"{duration:.2f} s"


def per_second(count: float, duration: float, unit: Callable[[float], str] = "{:,.0f}".format) -> str:
    """How much in a second: `12,400/s`, `88.1 MiB/s`; empty when nothing can be said."""
    return f"{unit(count / duration)}/s" if count and duration > 0 else ""
