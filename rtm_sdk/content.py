"""The content of a file that is sent: what may be given for it, and how it is read."""

from __future__ import annotations

import hashlib
import inspect
import io
import logging
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Union

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Content", "FileArgument", "FileChanged", "Progress"]

log = logging.getLogger("rtm_sdk.content")

FileArgument = Union[bytes, bytearray, memoryview, str, "os.PathLike[Any]", IO[bytes]]
"""What `file=` takes: the content itself (a `str` is a text), or a path object or binary file object to read."""

Progress = Callable[[int, int], object]
"""What `on_progress=` takes: a function of the bytes sent and the size of the file, both in bytes."""

_BLOCK = 1 << 20
_MAX_SIZE = 0xFFFFFFFF - _BLOCK
"""What one frame can hold, less room for the other parameters."""

_MAX_PATH = 255


class FileChanged(OSError):
    """A file has another size than when its send began, or cannot be read any more."""


class Content:
    """The content of a file, ready to be sent: its size is known and it can be read more than once.

    A path and a file object are read block by block, never as a whole. A file object must stay open until the call is
    over; what cannot be rewound (a pipe, a response) is copied first, above 1 MiB into a temporary file on disk.

    Attributes:
        size: in bytes.
        name: the file's own name without folders; empty if it has none.
        on_progress: what the caller gave to be told of the progress; whoever sends passes it to `chunks`.
    """

    def __init__(
        self, file: IO[bytes], *, name: str = "", owned: bool = True, on_progress: Progress | None = None
    ) -> None:
        self.name = name
        self.on_progress = on_progress
        self._file = file
        self._owned = owned
        self._digest = ""
        try:
            if not _can_rewind(file):
                self._file = _spooled(file)
                self._owned = True
                if owned:
                    file.close()
            self._start = self._file.tell()
            self.size = self._end() - self._start
            if self.size > _MAX_SIZE:
                raise ValueError(f"file has {self.size} bytes; one send holds less than 4 GiB")
        except BaseException:
            self.close()
            raise

    @classmethod
    def of(cls, file: FileArgument, on_progress: Progress | None = None) -> Self:
        """Take the `file` argument of an operation, by its type.

        Args:
            file: the content, a path object or a binary file object, which is read from its current position.
            on_progress: for the sender to call with the bytes sent so far and the size.

        Raises:
            OSError: the path cannot be read.
            TypeError: it is none of these, or a file opened in text mode.
        """
        if isinstance(file, str):
            _warn_of_path(file)
            try:
                return cls(BytesIO(file.encode()), on_progress=on_progress)
            except UnicodeEncodeError as error:
                raise ValueError(f"file cannot be sent as UTF-8: {error.reason} at position {error.start}") from None
        if isinstance(file, (bytes, bytearray, memoryview)):
            return cls(BytesIO(bytes(file)), on_progress=on_progress)
        if isinstance(file, os.PathLike):
            return cls(open(file, "rb"), name=_base_name(os.fspath(file)), on_progress=on_progress)
        if not hasattr(file, "read"):
            kinds = "bytes, a str (the content itself), a path object or a binary file object"
            raise TypeError(f"file must be {kinds}, not {type(file).__name__}")
        if isinstance(file.read(0), str):
            raise TypeError("file was opened in text mode; open it in binary mode ('rb')")
        return cls(file, name=_base_name(getattr(file, "name", "")), owned=False, on_progress=on_progress)

    def md5(self) -> str:
        """The MD5 of the content, 32 lower-case hexadecimal digits. Reads the file the first time."""
        if not self._digest:
            digest = hashlib.md5(usedforsecurity=False)
            for block in self._blocks(_BLOCK):
                digest.update(block)
            self._digest = digest.hexdigest()
        return self._digest

    def chunks(self, size: int, on_progress: Progress | None = None) -> Iterator[bytes]:
        """Read the content from its beginning, each time anew.

        Args:
            size: of each chunk but the last, in bytes.
            on_progress: is called when a chunk was taken and the next one is asked for, with the bytes taken and the
                size. Its exceptions are logged, once.

        Raises:
            OSError: it cannot be read; a `FileChanged` when it is not as long as it was, or closed.
        """
        sent = 0
        blocks = self._blocks(size)
        while True:
            try:
                block = next(blocks, b"")
            except OSError:
                raise
            except Exception as error:
                raise FileChanged(f"file {self.name!r} can no longer be read: {error}") from error
            if not block:
                return
            yield block
            sent += len(block)
            if on_progress is not None:
                try:
                    on_progress(sent, self.size)
                except Exception:
                    log.exception("on_progress raised; it is not called again for this file")
                    on_progress = None

    def close(self) -> None:
        """Close what was opened here. A file object of the caller stays open."""
        if self._owned:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Content {self.name!r} of {self.size} bytes>"

    def _blocks(self, size: int) -> Iterator[bytes]:
        found = self._end() - self._start
        done = 0
        while found == self.size and done < self.size:
            self._file.seek(self._start + done)
            block = self._file.read(min(size, self.size - done))
            if block:
                yield block
                done += len(block)
            else:
                found = done
        if found != self.size:
            raise FileChanged(f"file {self.name!r} had {self.size} bytes when its send began, now {found}")

    def _end(self) -> int:
        self._file.seek(0, os.SEEK_END)
        return self._file.tell()


_warned = False


def _warn_of_path(content: str) -> None:
    """Say it once when a text names a file. `//host` is not looked up: on Windows that would contact the host."""
    global _warned
    if _warned or not 0 < len(content) <= _MAX_PATH or "\0" in content or content.startswith(("\\\\", "//")):
        return
    if os.path.isfile(content):
        _warned = True
        message = f"file={content!r} is sent as the content itself; to send that file pass pathlib.Path({content!r})"
        warnings.warn(message, UserWarning, stacklevel=_level_of_caller())


def _level_of_caller() -> int:
    """How many frames lie between `warnings.warn` in the function that asks and the code that uses the SDK."""
    package = __name__.partition(".")[0] + "."
    level, frame = 0, inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__", "").startswith(package):
        level, frame = level + 1, frame.f_back
    return level


def _base_name(name: Any) -> str:
    return os.path.basename(os.fsdecode(name)) if isinstance(name, (str, bytes)) else ""


_REAL_FILES = (io.BytesIO, io.BufferedReader, io.BufferedRandom, io.FileIO, tempfile.SpooledTemporaryFile)


def _can_rewind(file: IO[bytes]) -> bool:
    """True for files of the system and of memory. Others are copied: their `read` may take long, at a bad moment."""
    if not isinstance(getattr(file, "file", file), _REAL_FILES):
        return False
    try:
        return file.seekable()
    except AttributeError:
        return hasattr(file, "seek") and hasattr(file, "tell")


def _spooled(file: IO[bytes]) -> IO[bytes]:
    copy = tempfile.SpooledTemporaryFile(max_size=_BLOCK)  # noqa: SIM115 (lives as long as the content)
    try:
        while block := file.read(_BLOCK):
            copy.write(block)
        copy.seek(0)
    except BaseException:
        copy.close()
        raise
    return copy
