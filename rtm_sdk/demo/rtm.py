"""The part of the demo that goes through `RTMServerClient`.

A group and a room are made; one message of each kind goes out synchronously, a burst with callbacks, and a file. Then
all of it is read back from history page by page, and the file is downloaded and compared. Nothing here knows more than
a user of the SDK: all of it goes through the client and, for the download, HTTP.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import ErrorCode
from ..terminal import size
from .report import Report, Step

if TYPE_CHECKING:
    from ..rtm.client import RTMServerClient
    from ..rtm.results import HistoryMessage

__all__ = ["CUSTOM", "RTMDemo"]

CUSTOM = 101
"""The type of the custom messages."""

_ANY_FILE = 50
_PAGE = 20
_CHUNK = 64 * 1024
_FLUSH = 15.0
_CLOCK_STEP = 60_000
"""History is read from so many ms before the first message: the service's clock may have been set meanwhile."""


class Sent(NamedTuple):
    """A message that the service acknowledged, and where a reader must find it."""

    step: Step
    mid: int
    text: str
    conversations: tuple[str, ...]
    kept: bool
    """Whether the service is known to keep this type in its history."""


class RTMDemo:
    """One run.

    Args:
        client: the client that does everything.
        own_gate: the service is the demo's own gate: it keeps custom messages, and no proxy stands before it.
        burst: how many messages the burst has.
        file_size: the size of the file, bytes.
    """

    def __init__(
        self,
        client: RTMServerClient,
        *,
        own_gate: bool,
        burst: int = 1000,
        file_size: int = 4 * 1024 * 1024,
    ) -> None:
        self.client = client
        self.own_gate = own_gate
        self.burst_size = burst
        self.file_size = file_size
        self._sent: list[Sent] = []
        self._since = 0
        self._messages: dict[str, list[HistoryMessage]] = {}

        self.anna = 1_000_000 + secrets.randbelow(2**40)
        self.ben, self.cleo = self.anna + 1, self.anna + 2
        self.gid = self.rid = self.anna
        read_p2p, read_group = client.get_p2p_message, client.get_group_message
        read_room, read_broadcast = client.get_room_message, client.get_broadcast_message
        self._readers: dict[str, Callable[..., Any]] = {
            "ben": partial(read_p2p, self.ben, self.anna),
            "cleo": partial(read_p2p, self.cleo, self.anna),
            "group": partial(read_group, self.ben, self.gid),
            "room": partial(read_room, self.ben, self.rid),
            "everybody": partial(read_broadcast, self.ben),
        }

    def run(self, report: Report) -> None:
        """Do everything. `Unreachable` when nobody answers.

        Args:
            report: where the outcome goes.
        """
        self.report = report
        if self._make_group_and_room():
            self._send_each_kind()
            self._send_burst()
            with tempfile.TemporaryDirectory(prefix="rtm-demo-") as folder:
                digest, file_mid = self._send_file(Path(folder, "holiday.bin"))
            self._read_back()
            self._download(digest, file_mid)

    def _make_group_and_room(self) -> bool:
        step = self.report.step("make a group and a room")
        calls: tuple[Callable[[], Any], ...] = (
            partial(self.client.add_group_members, self.gid, [self.anna, self.ben, self.cleo]),
            partial(self.client.add_room_member, self.rid, self.anna),
            partial(self.client.add_room_member, self.rid, self.ben),
        )
        for call in calls:
            step.sent += 1
            with step.timed():
                _, error_code = call()
            if error_code:
                step.failed(error_code)
                return False
            step.arrived += 1
        return True

    def _send_each_kind(self) -> None:
        client, anna, ben, several = self.client, self.anna, self.ben, [self.ben, self.cleo]
        gid, rid = self.gid, self.rid
        kinds: tuple[tuple[str, tuple[str, ...], tuple[Callable[..., Any], ...]], ...] = (
            (
                "to one person",
                ("ben",),
                (
                    partial(client.send_chat, anna, ben),
                    partial(client.send_cmd, anna, ben),
                    partial(client.send_message, CUSTOM, anna, ben),
                ),
            ),
            (
                "to several people",
                ("ben", "cleo"),
                (
                    partial(client.send_chats, anna, several),
                    partial(client.send_cmds, anna, several),
                    partial(client.send_messages, CUSTOM, anna, several),
                ),
            ),
            (
                "to a group",
                ("group",),
                (
                    partial(client.send_group_chat, anna, gid),
                    partial(client.send_group_cmd, anna, gid),
                    partial(client.send_group_message, CUSTOM, anna, gid),
                ),
            ),
            (
                "to a room",
                ("room",),
                (
                    partial(client.send_room_chat, anna, rid),
                    partial(client.send_room_cmd, anna, rid),
                    partial(client.send_room_message, CUSTOM, anna, rid),
                ),
            ),
            (
                "to everybody",
                ("everybody",),
                (
                    partial(client.broadcast_chat, anna),
                    partial(client.broadcast_cmd, anna),
                    partial(client.broadcast_message, CUSTOM, anna),
                ),
            ),
        )
        for name, conversations, sends in kinds:
            step = self.report.step(f"send {name}")
            for what, send in zip(("chat", "cmd", "custom"), sends, strict=True):
                text = f"{what} {name}"
                with step.timed():
                    result, error_code = send(text)
                self._account(step, text, conversations, what != "custom" or self.own_gate, result, error_code)

    def _account(
        self, step: Step, text: str, conversations: tuple[str, ...], kept: bool, result: Any, error_code: ErrorCode
    ) -> None:
        step.sent += 1
        if error_code:
            step.failed(error_code)
            return
        if result.mtime:  # 0: the service confirmed a repeated send without telling when it came
            self._since = min(self._since or result.mtime, result.mtime)
        self._sent.append(Sent(step, result.mid, text, conversations, kept))
        self.report.messages += 1

    def _send_burst(self) -> None:
        step = self.report.step("burst to the group")
        outcomes: list[tuple[str, Any, ErrorCode]] = []
        with self.report.terminal.progress("sending the burst", self.burst_size, "{:,.0f}".format) as advance:

            def arrived(text: str, result: Any, error_code: ErrorCode) -> None:
                outcomes.append((text, result, error_code))
                advance(len(outcomes))

            with step.timed():
                for number in range(self.burst_size):
                    text = f"burst {number}"
                    self.client.send_group_chat(self.anna, self.gid, text, callback=partial(arrived, text))
                self.client.flush(_FLUSH)
        for text, result, error_code in list(outcomes):
            if error_code:
                step.count(error_code)
            else:
                self._account(step, text, ("group",), True, result, error_code)
        fired = Counter(text for text, _, _ in outcomes)
        step.problems["callback has not run"] += self.burst_size - len(fired)
        step.problems["callback ran more than once"] += sum(count > 1 for count in fired.values())
        step.problems = +step.problems
        step.sent = self.burst_size

    def _send_file(self, path: Path) -> tuple[str, int]:
        content = os.urandom(self.file_size)
        path.write_bytes(content)
        step = self.report.step("send a file", size)
        step.sent = self.file_size
        with self.report.terminal.progress("sending the file", self.file_size, size) as advance, step.timed():
            result, error_code = self.client.send_file(
                self.anna, self.ben, _ANY_FILE, path, on_progress=lambda sent, total: advance(sent)
            )
        if error_code or result is None:
            step.failed(error_code)
            return "", 0
        step.arrived = self.file_size
        self.report.files += 1
        return hashlib.sha256(content).hexdigest(), result.mid

    def _read_back(self) -> None:
        step = self.report.step("read back from history")
        step.sent = sum(len(sent.conversations) for sent in self._sent if sent.kept)
        expected = step.sent
        with self.report.terminal.progress("reading history", expected, "{:,.0f}".format) as advance, step.timed():
            for name, reader in self._readers.items():
                self._messages[name] = []
                for page in self._pages(step, reader):
                    self._messages[name].extend(page)
                    advance(min(expected, sum(map(len, self._messages.values()))))
        self._compare(step)

    def _pages(self, step: Step, reader: Callable[..., Any]) -> Iterator[list[HistoryMessage]]:
        begin, end, lastid = max(self._since - _CLOCK_STEP, 0), 0, 0
        while True:
            page, error_code = reader(False, _PAGE, begin, end, lastid)
            if error_code:
                step.failed(error_code)
                return
            yield page.messages
            if page.count < _PAGE:
                return
            begin, end, lastid = page.begin_msec, page.end_msec, page.last_cursor_id

    def _compare(self, reading: Step) -> None:
        found = {name: Counter(message.message_id for message in messages) for name, messages in self._messages.items()}
        texts = {(name, m.message_id): m.message for name, messages in self._messages.items() for m in messages}
        for step, mid, text, conversations, kept in self._sent:
            counts = [found[name][mid] for name in conversations]
            right = all(texts.get((name, mid), text) == text for name in conversations)
            if all(count == 1 for count in counts) and right:
                step.arrived += 1
                reading.arrived += len(counts) if kept else 0
            elif not kept and not any(counts):
                step.arrived += 1
            else:
                if not right:
                    step.problems["arrived with another text"] += 1
                step.problems["not in the history"] += counts.count(0)
                step.problems["arrived more than once"] += sum(count > 1 for count in counts)
                step.problems = +step.problems

    def _download(self, digest: str, file_mid: int) -> None:
        import requests

        step = self.report.step("download the file", size)
        step.sent = self.file_size
        infos = [m.file_info for m in self._messages.get("ben", ()) if m.message_id == file_mid and m.file_info]
        if len(infos) != 1 or not infos[0].url:
            step.problems[f"the history of the conversation has {len(infos)} such files with an address"] += 1
            return
        received = hashlib.sha256()
        count = 0
        try:
            with (
                self.report.terminal.progress("downloading the file", self.file_size, size) as advance,
                step.timed(),
                requests.Session() as session,
            ):
                session.trust_env = not self.own_gate
                with session.get(infos[0].url, stream=True, timeout=10) as response:
                    response.raise_for_status()
                    for chunk in response.iter_content(_CHUNK):
                        received.update(chunk)
                        count += len(chunk)
                        advance(count)
        except requests.RequestException as error:
            step.problems[f"download: {error}"] += 1
            return
        if received.hexdigest() == digest:
            step.arrived = count
        else:
            step.problems[f"another content: {size(count)} with SHA-256 {received.hexdigest()[:16]}..."] += 1
