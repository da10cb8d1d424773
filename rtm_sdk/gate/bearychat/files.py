"""What the gate answers when the place of a file is asked for."""

from __future__ import annotations

from ...errors import BEARYCHAT_ERROR
from ..http import Answer
from ..store import StoredFile
from . import params as read
from .endpoints import Call, endpoint
from .refusals import refusal

__all__: list[str] = []


@endpoint("file.location", "GET", status=302)
def get_file_location(call: Call) -> Answer:
    """A redirect to the content."""
    where = (read.text(call.params, "file_key"),)
    row = call.store.execute("SELECT name, filename FROM bearychat_files WHERE file_key = ?", where).fetchone()
    if row is None:
        raise refusal(BEARYCHAT_ERROR.FILE_NOT_FOUND, "there is no such file")
    return Answer(302, None, {"Location": call.inside.contents.url(StoredFile(*row), call.reached)})
