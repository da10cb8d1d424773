"""What the gate answers about custom emoji; their pictures are files that it serves."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from ...errors import Code
from ..files import safe_filename
from ..store import Store, StoredFile
from . import directory
from .bodies import InvalidField, content, ignored, record, text
from .filters import Call as Function
from .filters import FilterError, Not, parse
from .images import picture_size
from .methods import Call, Resource, method, refusal

__all__ = ["TABLES", "CustomEmoji", "created_by_caller", "find"]

TABLES = """
CREATE TABLE IF NOT EXISTS google_emoji (
    place INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, shown TEXT NOT NULL UNIQUE,
    creator TEXT NOT NULL, file TEXT NOT NULL);
"""

MAX_PICTURE = 256 * 1024
MIN_PIXELS, MAX_PIXELS = 64, 500

_NAME = re.compile(r":[a-z0-9]+(?:[-_][a-z0-9]+)*:")
_SUFFIXES = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg", ".gif": "gif"}
_EMOJI = {
    "emojiName": text,
    "name": ignored,
    "payload": record({"fileContent": content, "filename": text}),
    "temporaryImageUri": ignored,
    "uid": ignored,
}
_COLUMNS = "SELECT place, uid, shown, creator, file FROM google_emoji"


class CustomEmoji(NamedTuple):
    """A custom emoji.

    Attributes:
        place: its place in the order in which they were made.
        uid: its id.
        shown: its ``emojiName``, colons included.
        creator: the user who made it.
        file: the name of its picture among the files.
    """

    place: int
    uid: str
    shown: str
    creator: str
    file: str

    def resource(self) -> Resource:
        """As answers show it, without a picture."""
        return {"name": f"customEmojis/{self.uid}", "uid": self.uid, "emojiName": self.shown}


def find(store: Store, plain: str) -> CustomEmoji | None:
    """The custom emoji of an id or a ``:name:``."""
    row = store.execute(f"{_COLUMNS} WHERE uid = ? OR shown = ?", (plain, plain)).fetchone()
    return None if row is None else CustomEmoji(*row)


def _named(call: Call) -> CustomEmoji:
    emoji = find(call.store, call.path["name"].partition("/")[2])
    if emoji is None:
        raise refusal(Code.NOT_FOUND, f"there is no {call.path['name']}")
    return emoji


def _resource(call: Call, emoji: CustomEmoji) -> Resource:
    file = StoredFile(emoji.file, emoji.file)
    return {**emoji.resource(), "temporaryImageUri": call.inside.contents.url(file, call.http.reached)}


@method("customEmojis.create")
def create(call: Call) -> Resource:
    """The picture is a PNG, JPEG or GIF, square, 64 to 500 pixels, at most 256 KB."""
    body = call.body(_EMOJI)
    shown = body.get("emojiName", "")
    if _NAME.fullmatch(shown) is None:
        raise InvalidField("emojiName", "must be like :good-idea: with lower-case letters, digits, single - and _")
    payload = body.get("payload", {})
    picture, filename = payload.get("fileContent", b""), payload.get("filename", "")
    _check_picture(picture, filename)
    if find(call.store, shown) is not None:
        raise refusal(Code.ALREADY_EXISTS, f"there is a custom emoji {shown} already")
    contents = call.inside.contents
    file = contents.new(safe_filename(filename))
    contents.write(file, picture)
    call.store.add_file(file)
    emoji = CustomEmoji(0, directory.new_id(), shown, call.caller.name, file.name)
    call.store.execute("INSERT INTO google_emoji (uid, shown, creator, file) VALUES (?, ?, ?, ?)", emoji[1:])
    return emoji.resource()


def _check_picture(picture: bytes, filename: str) -> None:
    kind = _SUFFIXES.get(PurePosixPath(filename).suffix.lower())
    if kind is None:
        raise InvalidField("payload.filename", "must end in .png, .jpg or .gif")
    if not 0 < len(picture) <= MAX_PICTURE:
        raise InvalidField("payload.fileContent", f"is required, with at most {MAX_PICTURE} bytes")
    found = picture_size(picture)
    if found is None or found[0] != kind:
        raise InvalidField("payload.fileContent", f"is not what {filename[:64]!r} says")
    _, width, height = found
    if width != height or not MIN_PIXELS <= width <= MAX_PIXELS:
        raise InvalidField(
            "payload.fileContent",
            f"is {width} by {height} pixels; it must be square, {MIN_PIXELS} to {MAX_PIXELS} pixels wide",
        )


@method("customEmojis.get")
def get(call: Call) -> Resource:
    """By id or ``:name:``."""
    return _resource(call, _named(call))


def created_by_caller(filter_text: str) -> bool | None:
    """Whether a filter of ``customEmojis.list`` wants the caller's own, those of others, or all (None)."""
    node = parse(filter_text)
    if node is None:
        return None
    inner = node.node if isinstance(node, Not) else node
    if not isinstance(inner, Function) or inner[:2] != ("creator", "users/me"):
        raise FilterError('the filter must be creator("users/me") or NOT creator("users/me")', inner.place)
    return inner is node


@method("customEmojis.list")
def list_emoji(call: Call) -> Resource:
    """Oldest first."""
    limit = call.page_size(25, 200)
    filter_text = call.text("filter")
    own = created_by_caller(filter_text)
    which = "" if own is None else f" AND (creator = ?) = {own:d}"
    values = () if own is None else (call.caller.name,)
    sql = f"{_COLUMNS} WHERE place > ?{which} ORDER BY place LIMIT ?"
    rows = call.store.execute(sql, (call.position(filter_text) or 0, *values, limit + 1))
    found = [CustomEmoji(*row) for row in rows]
    return call.page(
        "customEmojis", found, limit, lambda emoji: _resource(call, emoji), lambda emoji: emoji.place, filter_text
    )


@method("customEmojis.delete")
def delete(call: Call) -> Resource:
    """Only one's own. Reactions with it stay."""
    emoji = _named(call)
    if emoji.creator != call.caller.name:
        raise refusal(Code.PERMISSION_DENIED, f"{emoji.shown} was made by somebody else")
    call.store.execute("DELETE FROM google_emoji WHERE uid = ?", (emoji.uid,))
    call.store.execute("DELETE FROM files WHERE name = ?", (emoji.file,))
    call.store.after_commit(lambda: call.inside.contents.remove([emoji.file]))
    return {}
