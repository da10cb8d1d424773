"""What the demos of the chat systems share: messages go out, one is edited and one deleted, and all is read back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ClassVar

from ..errors import ErrorCode, RTMException
from .report import Report, Step

__all__ = ["ChatDemo"]

_FLUSH = 15.0


class ChatDemo(ABC):
    """One run in one conversation.

    Args:
        client: the client that does everything.
        messages: how many messages are sent synchronously.
        burst: how many are sent with callbacks.
    """

    system: ClassVar[str]
    key: ClassVar[str]
    """The member of a message that names it."""

    def __init__(self, client: Any, *, messages: int, burst: int) -> None:
        self.client = client
        self._messages = messages
        self._burst = burst
        self._sent: dict[str, str] = {}

    def run(self, report: Report) -> None:
        """Do everything. `Unreachable` when nobody answers.

        Args:
            report: where the outcome goes.
        """
        self.report = report
        if self._prepare():
            self._send()
            self._send_burst()
            self._change()
            self._read_back()

    def _prepare(self) -> bool:
        """Do what comes before the first message; whether it was done."""
        return True

    @abstractmethod
    def _post(self, text: str, callback: Callable[[Any, ErrorCode], None] | None = None) -> Any:
        """Send a message."""

    @abstractmethod
    def _edit(self, key: str, text: str) -> tuple[Any, ErrorCode]:
        """Change the text of a message."""

    @abstractmethod
    def _delete(self, key: str) -> tuple[Any, ErrorCode]:
        """Delete a message."""

    @abstractmethod
    def _history(self) -> Iterator[Any]:
        """All messages of the conversation."""

    def _step(self, name: str, unit: Callable[[float], str] = "{:,.0f}".format) -> Step:
        return self.report.step(f"{self.system}: {name}", unit)

    def _send(self) -> None:
        step = self._step("send")
        for number in range(self._messages):
            step.sent += 1
            with step.timed():
                sent, error_code = self._post(f"message {number}")
            if error_code:
                step.failed(error_code)
            else:
                self._account(step, sent)

    def _send_burst(self) -> None:
        step = self._step("burst")
        outcomes: list[tuple[Any, ErrorCode]] = []
        with self.report.terminal.progress("sending the burst", self._burst, "{:,.0f}".format) as advance:

            def arrived(sent: Any, error_code: ErrorCode) -> None:
                outcomes.append((sent, error_code))
                advance(len(outcomes))

            with step.timed():
                for number in range(self._burst):
                    self._post(f"burst {number}", arrived)
                self.client.flush(_FLUSH)
        for sent, error_code in list(outcomes):
            if error_code:
                step.count(error_code)
            else:
                self._account(step, sent)
        step.problems["callbacks that have not run"] += self._burst - len(outcomes)
        step.problems = +step.problems
        step.sent = self._burst

    def _account(self, step: Step, sent: Any) -> None:
        step.arrived += 1
        self._sent[sent[self.key]] = sent["text"]
        self.report.messages += 1

    def _change(self) -> None:
        if len(self._sent) < 2:
            return
        step = self._step("edit, delete")
        edited, deleted = list(self._sent)[-2:]
        for call in (partial(self._edit, edited, "edited"), partial(self._delete, deleted)):
            step.sent += 1
            with step.timed():
                _, error_code = call()
            if error_code:
                step.failed(error_code)
                return
            step.arrived += 1
        self._sent[edited] = "edited"
        del self._sent[deleted]

    def _read_back(self) -> None:
        step = self._step("read back")
        step.sent = len(self._sent)
        found: Counter[str] = Counter()
        texts = {}
        try:
            with step.timed():
                for message in self._history():
                    found[message[self.key]] += 1
                    texts[message[self.key]] = message.get("text", "")
        except RTMException as failure:
            step.failed(failure.error_code)
            return
        for key, text in self._sent.items():
            if found[key] == 1 and texts[key] == text:
                step.arrived += 1
            else:
                step.problems["arrived with another text" if found[key] == 1 else f"arrived {found[key]} times"] += 1
