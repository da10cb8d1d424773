"""What came of the demo, step by step."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import FPNN_ERROR, ErrorCode
from ..terminal import Column, Row, Terminal, per_second, seconds

__all__ = ["Report", "Step", "Unreachable"]

_NO_ANSWER = (
    FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED,
    FPNN_ERROR.FPNN_EC_CORE_TIMEOUT,
    FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION,
)


class Unreachable(Exception):
    """The service does not answer: what comes after would only wait in vain."""


class Step:
    """One line of the report: what was tried, what came of it, how long it took."""

    def __init__(self, name: str, unit: Callable[[float], str] = "{:,.0f}".format) -> None:
        self.name = name
        self.unit = unit
        self.sent = 0
        self.arrived = 0
        self.duration = 0.0
        self.problems: Counter[str] = Counter()

    @contextmanager
    def timed(self) -> Iterator[None]:
        start = time.monotonic()
        try:
            yield
        finally:
            self.duration += time.monotonic() - start

    def failed(self, error_code: ErrorCode) -> None:
        """Count an error; raise `Unreachable` when it says that nobody answers."""
        self.count(error_code)
        if error_code in _NO_ANSWER:
            raise Unreachable

    def count(self, error_code: ErrorCode) -> None:
        self.problems[f"{error_code.name} ({int(error_code)}): {error_code.message}"] += 1

    @property
    def good(self) -> bool:
        return self.arrived == self.sent and not self.problems

    def row(self) -> Row:
        cells = (
            self.name,
            self.unit(self.sent),
            self.unit(self.arrived),
            str(self.problems.total()),
            seconds(self.duration),
            per_second(self.arrived, self.duration, self.unit),
        )
        return Row(cells, self.good)


class Report:
    """The outcome of a run.

    Attributes:
        terminal: where the run is shown.
        messages: how many messages were acknowledged.
        files: how many files were.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.messages = 0
        self.files = 0
        self._steps: list[Step] = []
        self._start = time.monotonic()

    def step(self, name: str, unit: Callable[[float], str] = "{:,.0f}".format) -> Step:
        """Begin a step.

        Args:
            name: what is tried.
            unit: writes a number of what is sent.
        """
        step = Step(name, unit)
        self._steps.append(step)
        return step

    def show(self) -> bool:
        """Print it.

        Returns:
            whether everything arrived, exactly once.
        """
        columns = (Column("step", numeric=False), *map(Column, ("sent", "arrived", "errors", "time", "rate")))
        self.terminal.table(columns, [step.row() for step in self._steps])
        for step in self._steps:
            for problem, count in step.problems.items():
                self.terminal.line(f"{step.name}: {count:,} x {problem}")
        good = all(step.good for step in self._steps)
        if good:
            files = "1 file" if self.files == 1 else f"{self.files} files"
            duration = seconds(time.monotonic() - self._start)
            text = f"All arrived, exactly once: {self.messages:,} messages and {files}, in {duration}."
        else:
            text = "NOT all arrived: see the errors above."
        self.terminal.line()
        self.terminal.verdict(text, good)
        return good
