"""The contents of files: kept on disk under random names, served over HTTP."""

from __future__ import annotations

import logging
import mimetypes
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

from .endpoint import Address
from .store import StoredFile

try:
    from aiohttp import web
except ImportError as fault:
    raise ImportError('the gate needs aiohttp: pip install "rtm-sdk[gate]"') from fault

__all__ = ["Contents", "FileServer", "safe_filename"]

log = logging.getLogger("rtm_sdk.gate")

_NAME = re.compile(r"[0-9a-f]{48}\Z")
_SHOWN_TYPES = ("image/", "audio/", "video/")
_MAX_FILENAME = 120


def safe_filename(name: str) -> str:
    """The last part of a name that came over the wire: no folders, no control characters, not too long, never empty."""
    last = re.split(r"[/\\]", name)[-1]
    printable = "".join(sign for sign in last if sign.isprintable()).strip(" .")
    stem, dot, ext = printable.rpartition(".")
    if dot and len(printable) > _MAX_FILENAME and len(ext) < 20:
        return stem[: _MAX_FILENAME - len(ext) - 1] + dot + ext
    return printable[:_MAX_FILENAME] or "file"


class Contents:
    """The folder of the contents.

    Beside a store file it is ``<store>.files`` and stays; for a store in memory it is a temporary folder that `close`
    removes. It is made with the first file. A content is written before the message that points to it is committed;
    what a crash left over is removed here.

    Args:
        store_path: the file of the store, None for memory.
        known: the names the store knows.
    """

    def __init__(self, store_path: Path | None, known: set[str]) -> None:
        self._folder = None if store_path is None else store_path.with_name(store_path.name + ".files")
        self._temporary = store_path is None
        self.http = Address("", 0)
        if self._folder is not None and self._folder.is_dir():
            self.remove(
                path.name for path in self._folder.iterdir() if _NAME.match(path.name) and path.name not in known
            )

    def new(self, filename: str) -> StoredFile:
        """A name for a content that nobody can guess. On the gate's thread.

        Args:
            filename: the name to show, from `safe_filename`.
        """
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="rtm-gate-"))
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return StoredFile(secrets.token_hex(24), filename)

    def path(self, file: StoredFile) -> Path:
        """Where a content is, or will be."""
        assert self._folder is not None
        return self._folder / file.name

    def write(self, file: StoredFile, content: bytes) -> None:
        """Put a content on disk. On any thread."""
        with open(self.path(file), "xb") as target:
            target.write(content)

    def remove(self, names: Iterable[str]) -> None:
        """Remove contents; those that do not exist are passed over, those that cannot be removed are logged."""
        if self._folder is not None:
            for name in names:
                try:
                    (self._folder / name).unlink(missing_ok=True)
                except OSError as fault:
                    log.warning("cannot remove the file content %s: %s", name, fault)

    def url(self, file: StoredFile, reached: Address) -> str:
        """The address to download a content from.

        Args:
            file: the file.
            reached: where its sender reached the gate; that host is used when the HTTP server listens on all of them.
        """
        host = reached.host if self.http.is_wildcard else self.http.host
        return f"http://{Address(host, self.http.port)}/files/{file.name}"

    def close(self) -> None:
        """Remove a temporary folder."""
        if self._temporary and self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


class FileServer:
    """What the HTTP server answers to ``GET`` and ``HEAD`` of ``/files/<name>``, ranges included.

    Args:
        contents: where they are.
        find: gives the record of a name, None if no message points to it.
    """

    def __init__(self, contents: Contents, find: Callable[[str], StoredFile | None]) -> None:
        self._contents = contents
        self._find = find

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a request whose path has the name."""
        file = self._find(request.match_info["name"])
        if file is None or not self._contents.path(file).is_file():
            raise web.HTTPNotFound(headers={"X-Content-Type-Options": "nosniff"})
        guessed, encoding = mimetypes.guess_type(file.filename)
        shown = guessed and not encoding and guessed.startswith(_SHOWN_TYPES) and "svg" not in guessed
        plain, full = re.sub(r"[^A-Za-z0-9._ -]", "_", file.filename), quote(file.filename, safe="")
        headers = {
            "Content-Type": guessed if guessed and shown else "application/octet-stream",
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(self._contents.path(file), headers=headers)
