"""The step that operations over HTTP yield, and the answer they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ..content import Content, Progress

__all__ = ["Request", "Response"]


class Request(NamedTuple):
    """One step of an operation: a request to the service.

    Attributes:
        method: `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
        path: below the base URL, percent-encoded, without a leading slash. An absolute http or https URL is taken as
            a secret: no log, error text or `repr` shows more of it than its host.
        query: names and values of the query, not yet encoded; a name may come more than once.
        body: sent as JSON; None sends no body.
        repeatable: a second copy does no harm (GET, PUT, PATCH, DELETE, whatever carries a request id), so it is
            repeated when its fate is unknown.
        pace: what an answer 429 slows down, such as `spaces/AAA writes`; empty slows down nothing else.
        gone_is_done: 404 in answer to a repeated request means that an earlier copy did it: success, with `{}`.
        authorized: the credentials are added.
        content: streamed as the second part of a multipart/related body; `body` is the first.
        content_type: of that second part.
        target: the body of the answer is written to it, as it comes; the answer's data is then `{"bytes": <count>}`.
        on_progress: called with the bytes done so far and in all (0 when the service does not say), up or down.
        redirect_is_answer: an answer 3xx is a success, whose headers tell the `Location`; otherwise it is an error.
            No redirect is ever followed.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    repeatable: bool = False
    pace: str = ""
    gone_is_done: bool = False
    authorized: bool = True
    content: Content | None = None
    content_type: str = "application/octet-stream"
    target: IO[bytes] | None = None
    on_progress: Progress | None = None
    redirect_is_answer: bool = False

    @property
    def absolute(self) -> bool:
        """True when `path` is a whole URL."""
        return self.path.startswith(("https://", "http://"))

    @property
    def shown_path(self) -> str:
        """What may be shown of the path: no query, and of a whole URL only scheme and host."""
        if not self.absolute:
            return self.path
        scheme, _, rest = self.path.partition("://")
        host = rest.replace("?", "/").replace("#", "/").partition("/")[0].rpartition("@")[2]
        return f"{scheme}://{host}/..."

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.shown_path}>"


class Response(NamedTuple):
    """The answer to a request.

    Attributes:
        status: the HTTP status, from 200 to 299; or 3xx where the request takes it.
        headers: its headers; names are found in upper and lower case.
        data: the parsed JSON; `{}` for an empty body.
    """

    status: int
    headers: Mapping[str, str]
    data: Any
