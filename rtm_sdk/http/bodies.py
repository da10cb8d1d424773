"""Bodies that are not held in memory: the content of a file that goes out, and an answer that goes to a file."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..content import Content, Progress

__all__ = ["Download", "Multipart"]

_CHUNK = 1 << 18


class Multipart:
    """A body of two parts: JSON, and the content of a file, which is read while it is sent.

    Attributes:
        boundary: what separates the parts.
        size: in bytes.
        failure: why the file could not be read.
    """

    def __init__(self, content: Content, content_type: str, body: bytes, on_progress: Progress) -> None:
        self.boundary = secrets.token_hex(16)
        self.failure: OSError | None = None
        self._content = content
        self._on_progress = on_progress
        self._head = (
            f"--{self.boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n".encode()
            + body
            + f"\r\n--{self.boundary}\r\nContent-Type: {content_type}\r\n".encode()
            + b"Content-Transfer-Encoding: binary\r\n\r\n"
        )
        self._tail = f"\r\n--{self.boundary}--\r\n".encode()
        self.size = len(self._head) + content.size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        chunks = self._content.chunks(_CHUNK, self._on_progress)
        while True:
            try:
                chunk = next(chunks, b"")
            except OSError as error:
                self.failure = error
                raise
            if not chunk:
                break
            yield chunk
        yield self._tail


class Download:
    """Writes the body of an answer to a file, from the same place again when the request is repeated.

    Attributes:
        size: bytes that were written of the last answer.
        failure: why the file could not be written.
    """

    def __init__(self, target: IO[bytes], report: Progress) -> None:
        self.size = 0
        self.failure: Exception | None = None
        self._target = target
        self._report = report
        self._start = target.tell() if target.seekable() else None

    @property
    def can_repeat(self) -> bool:
        """True when nothing was written that cannot be taken back."""
        return self._start is not None or not self.size

    def take(self, pieces: Iterable[bytes], length: int | None) -> None:
        """Write the pieces.

        Args:
            pieces: of the body.
            length: how many bytes there must be; None when the service did not say.

        Raises:
            OSError: the file cannot be written, and `failure` is set; or the answer broke off.
        """
        if self.size and self._start is not None:
            self._on_target(self._take_back, self._start)
        for piece in pieces:
            self._on_target(self._target.write, piece)
            self.size += len(piece)
            self._report(self.size, length or 0)
        if length is not None and self.size < length:
            raise ConnectionResetError(f"the answer broke off after {self.size} of {length} bytes")

    def _take_back(self, start: int) -> None:
        self._target.seek(start)
        self._target.truncate()
        self.size = 0

    def _on_target(self, call: Callable[[Any], object], argument: Any) -> None:
        try:
            call(argument)
        except Exception as error:  # ValueError, too: the file was closed
            self.failure = error
            raise OSError("the file cannot be written") from error
