"""Contents of attachments: upload in one piece or in several, download, and what is known of them."""

from __future__ import annotations

import re
import secrets
import shutil
from email.message import Message
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote

from ...errors import Code
from ..files import safe_filename
from ..http import Answer, HTTPCall, Inside, Later
from ..store import Store, StoredFile
from . import stored
from .access import space_of
from .bodies import InvalidField, read
from .messages import message_of
from .methods import Call, Resource, method, read_json, refusal
from .schemas import schema_of

__all__ = ["MAX_REQUEST", "MAX_UPLOAD", "QUERY", "TABLES", "resume"]

MAX_UPLOAD = 200 * 1024 * 1024
"""The largest content in bytes."""

MAX_REQUEST = MAX_UPLOAD + 1024 * 1024
"""The largest body of an upload in bytes, with what stands around the content."""

QUERY = frozenset(("upload_id",))

TABLES = """
CREATE TABLE IF NOT EXISTS google_upload_sessions (
    id TEXT PRIMARY KEY, space TEXT NOT NULL, file TEXT NOT NULL, filename TEXT NOT NULL, content_type TEXT NOT NULL,
    received INTEGER NOT NULL, total INTEGER, token TEXT, started INTEGER NOT NULL) WITHOUT ROWID;
"""

_MAX_HEAD = 1024 * 1024
_TAIL = 1024
_CHUNK = 256 * 1024
_COPY_BYTES = 1024 * 1024
_SESSION_US = 7 * 86_400 * 1_000_000
_DEFAULT_TYPE = "application/octet-stream"
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:\s*;[\x20-\x7e]*)?", re.ASCII)
_RANGE = re.compile(r"bytes (?:(?P<first>\d{1,18})-(?P<last>\d{1,18})|\*)/(?P<total>\d{1,18}|\*)")


# --- upload in one piece -----------------------------------------------------------------------------------------


@method("media.upload")
def upload_attachment(call: Call) -> Answer | Later:
    """Keep a content, or begin a session in which it comes in pieces."""
    space = call.path["parent"]
    space_of(call, space)
    source = call.http.file
    if source is None:
        raise refusal(Code.INVALID_ARGUMENT, f"a content goes to /upload/{call.http.path.lstrip('/')}")
    kind = call.text("uploadType") or call.text("upload_protocol") or "multipart"
    if kind == "resumable":
        return _begin(call, space, source)
    if kind != "multipart":
        raise InvalidField("uploadType", "must be multipart or resumable; media has no place for the filename")
    part = _parts(source, call.http.headers.get("Content-Type", ""))
    inside = call.inside
    file = inside.contents.new(safe_filename(_filename(part.metadata)))

    def work() -> None:
        with open(inside.contents.path(file), "xb") as target:
            _copy(source, part.start, part.end, target)

    def finish() -> Answer:
        return Answer(200, _keep(inside.store, space, file, part.content_type))

    return Later(work, finish, lambda: inside.contents.remove([file.name]))


def _filename(metadata: bytes) -> str:
    name: str = read(schema_of("UploadAttachmentRequest"), read_json(metadata)).get("filename", "")
    if not name:
        raise InvalidField("filename", "is required")
    return name


def _keep(store: Store, space: str, file: StoredFile, content_type: str) -> Resource:
    token = secrets.token_urlsafe(32)
    store.add_file(file)
    store.execute("INSERT INTO google_uploads VALUES (?, ?, ?, ?)", (file.name, space, token, content_type))
    return _reference(space, file.name, token)


def _reference(space: str, file: str, token: str) -> Resource:
    return {"attachmentDataRef": {"resourceName": f"{space}/attachments/{file}", "attachmentUploadToken": token}}


def _copy(source: IO[bytes], start: int, end: int, target: IO[bytes]) -> None:
    source.seek(start)
    left = end - start
    while left:
        data = source.read(min(left, _COPY_BYTES))
        if not data:
            raise OSError("the spooled body is shorter than it was")
        target.write(data)
        left -= len(data)


class _Part(NamedTuple):
    """The two parts of a multipart body: the metadata, and where the content is in the file."""

    metadata: bytes
    content_type: str
    start: int
    end: int


def _parts(source: IO[bytes], content_type: str) -> _Part:
    """Find the parts of a body whose lines end with CRLF or LF. Only its two ends are read.

    `Refused` when it is malformed.
    """
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/related" or not boundary:
        raise _malformed("Content-Type must be multipart/related with a boundary")
    try:
        mark = b"--" + boundary.encode("ascii")
    except UnicodeEncodeError:
        raise _malformed("the boundary must be ASCII") from None
    source.seek(0)
    head = source.read(_MAX_HEAD)
    first = re.match(rb"(?:\r?\n)*" + re.escape(mark) + rb"[ \t]*(\r?\n)", head)
    if first is None:
        raise _malformed("the body does not begin with its boundary")
    line = first[1]
    _, at = _headers(head, first.end())
    between = head.find(line + mark, at)
    second = re.compile(re.escape(line + mark) + rb"[ \t]*\r?\n").match(head, between) if between >= 0 else None
    if second is None:
        raise _malformed("there is no second part")
    headers, start = _headers(head, second.end())
    if headers.get("Content-Transfer-Encoding", "binary").lower() not in ("binary", "8bit", "7bit"):
        raise _malformed("Content-Transfer-Encoding must be binary")
    size = source.seek(0, 2)
    # The line end before the last boundary may belong to the headers when the content is empty.
    tail_at = max(start - len(line), size - _TAIL - len(mark))
    source.seek(tail_at)
    tail = source.read()
    last = tail.rfind(line + mark + b"--")
    if last < 0:
        raise _malformed("the body does not end with its boundary")
    end = max(tail_at + last, start)
    if end - start > MAX_UPLOAD:
        raise refusal(Code.INVALID_ARGUMENT, f"the content has {end - start} bytes, the limit is {MAX_UPLOAD}")
    return _Part(head[at:between], _content_type(headers.get("Content-Type")), start, end)


def _headers(head: bytes, at: int) -> tuple[Message, int]:
    """The headers of a part, and where its body begins."""
    blank = re.compile(rb"\r?\n(?:\r?\n)|(?<=\n)\r?\n").search(head, at - 1)
    if blank is None:
        raise _malformed("the headers of a part do not end")
    headers: Message = Message()
    for text in head[at : max(blank.start(), at)].decode("latin-1").splitlines():
        name, colon, value = text.partition(":")
        if colon:
            headers[name.strip()] = value.strip()
    return headers, blank.end()


def _malformed(text: str) -> Exception:
    return refusal(Code.INVALID_ARGUMENT, f"the multipart body: {text}")


def _content_type(given: str | None) -> str:
    return given if given and _TYPE.fullmatch(given) else _DEFAULT_TYPE


# --- upload in pieces --------------------------------------------------------------------------------------------


class _Session(NamedTuple):
    id: str
    space: str
    file: str
    filename: str
    content_type: str
    received: int
    total: int | None
    token: str | None
    started: int


def _begin(call: Call, space: str, source: IO[bytes]) -> Answer:
    filename = safe_filename(_filename(source.read()))
    total = call.http.headers.get("X-Upload-Content-Length", "")
    if total and not re.fullmatch(r"\d{1,18}", total):
        raise InvalidField("X-Upload-Content-Length", "must be a number")
    if total and int(total) > MAX_UPLOAD:
        raise refusal(Code.INVALID_ARGUMENT, f"the content has {total} bytes, the limit is {MAX_UPLOAD}")
    inside, now = call.inside, call.now()
    _forget_old(inside, now - _SESSION_US)
    file = inside.contents.new(filename)
    content_type = _content_type(call.http.headers.get("X-Upload-Content-Type"))
    session = _Session(
        secrets.token_urlsafe(32),
        space,
        file.name,
        filename,
        content_type,
        0,
        int(total) if total else None,
        None,
        now,
    )
    inside.store.execute("INSERT INTO google_upload_sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", session)
    host = call.http.headers.get("Host") or str(call.http.reached)
    place = f"http://{host}{call.http.path}?uploadType=resumable&upload_id={session.id}"
    return Answer(200, None, {"Location": place, "X-GUploader-UploadID": session.id})


def _forget_old(inside: Inside, before: int) -> None:
    old = "SELECT file FROM google_upload_sessions WHERE started < ? AND token IS NULL"
    files = [file for (file,) in inside.store.execute(old, (before,))]
    inside.store.execute("DELETE FROM google_upload_sessions WHERE started < ?", (before,))
    inside.store.after_commit(lambda: inside.contents.remove(files))


def resume(http: HTTPCall, inside: Inside) -> Answer | Later:
    """Take a piece of a content into its session, whose address is secret."""
    session_id = next((value for name, value in http.query if name == "upload_id"), "")
    row = inside.store.execute("SELECT * FROM google_upload_sessions WHERE id = ?", (session_id,)).fetchone()
    if row is None:
        raise refusal(Code.NOT_FOUND, "there is no such upload session")
    session = _Session(*row)
    if session.token is not None:
        return Answer(200, _reference(session.space, session.file, session.token))
    file = StoredFile(session.file, session.filename)
    if session.received and not _is_there(inside.contents.path(file), session.received):
        raise refusal(Code.NOT_FOUND, "the upload session has ended with the gate it began with")
    source = http.file
    assert source is not None
    size = source.seek(0, 2)
    first, total = _piece(http.headers.get("Content-Range"), size, session)
    if first is None:
        return _so_far(session.received)
    received = first + size
    whole = total is not None and received == total
    if received > MAX_UPLOAD or (total is not None and received > total):
        raise refusal(Code.INVALID_ARGUMENT, "the content is larger than it may be")
    if not whole and size % _CHUNK:
        raise refusal(Code.INVALID_ARGUMENT, f"all pieces but the last must be multiples of {_CHUNK} bytes")

    def work() -> None:
        path = inside.contents.path(file)
        with open(path, "r+b" if path.exists() else "xb") as target:
            target.seek(first)
            target.truncate()
            source.seek(0)
            shutil.copyfileobj(source, target, _COPY_BYTES)

    def finish() -> Answer:
        store = inside.store
        store.execute(
            "UPDATE google_upload_sessions SET received = ?, total = ? WHERE id = ?", (received, total, session.id)
        )
        if not whole:
            return _so_far(received)
        kept = _keep(store, session.space, file, session.content_type)
        token = kept["attachmentDataRef"]["attachmentUploadToken"]
        store.execute("UPDATE google_upload_sessions SET token = ? WHERE id = ?", (token, session.id))
        return Answer(200, kept)

    return Later(work, finish, lambda: None)


def _piece(content_range: str | None, size: int, session: _Session) -> tuple[int | None, int | None]:
    """Where a piece begins, None when only the state is asked for; and how large all is, None when not known yet."""
    if content_range is None:
        return 0, size
    match = _RANGE.fullmatch(content_range.strip())
    if match is None:
        raise InvalidField("Content-Range", "must be bytes FIRST-LAST/TOTAL or bytes */TOTAL")
    total = session.total if match["total"] == "*" else int(match["total"])
    if session.total is not None and total != session.total:
        raise InvalidField("Content-Range", f"the content was to have {session.total} bytes")
    if match["first"] is None:
        # A content without bytes is complete with its first request.
        return (0, 0) if total == 0 and not size else (None, total)
    first, last = int(match["first"]), int(match["last"])
    if last - first + 1 != size:
        raise InvalidField("Content-Range", f"the body has {size} bytes")
    if first > session.received:
        raise InvalidField("Content-Range", f"bytes from {session.received} on are missing")
    return first, total


def _is_there(path: Path, received: int) -> bool:
    return path.is_file() and path.stat().st_size >= received


def _so_far(received: int) -> Answer:
    return Answer(308, None, {"Range": f"bytes=0-{received - 1}"} if received else {})


# --- download ----------------------------------------------------------------------------------------------------


@method("media.download")
def download_media(call: Call) -> Answer | Resource:
    """The bytes of a content with ``alt=media``, otherwise its name."""
    name = call.path["resourceName"]
    found = stored.upload_of(call.store, "file", name.rpartition("/")[2])
    if found is None or name != f"{found[1]}/attachments/{found[0].name}":
        raise refusal(Code.NOT_FOUND, f"there is no {name[:200]}")
    file, space, content_type = found
    space_of(call, space)
    if call.text("alt") != "media":
        return {"resourceName": name}
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", file.filename)
    shown = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.filename, safe='')}"
    headers = {"Content-Type": content_type, "Content-Disposition": shown}
    return Answer(200, None, headers, call.inside.contents.path(file))


@method("spaces.messages.attachments.get")
def get_attachment(call: Call) -> Resource:
    """What is known of an attachment."""
    name = call.path["name"]
    row = message_of(call, name.partition("/attachments/")[0])
    show = stored.Showing(call)
    for attachment in row.content.get("attachment", ()):
        shown = show.attachment(row, attachment)
        if shown["name"].rpartition("/")[2] == name.rpartition("/")[2]:
            return shown
    raise refusal(Code.NOT_FOUND, f"there is no {name[:200]}")
