"""Operations on the content of attachments: upload and download.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

import mimetypes
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any, Union, overload

from ..calling import CallbackArgument, Operation, operation
from ..content import Content, FileArgument, Progress
from ..errors import ErrorCode
from ..http.request import Request
from . import arguments
from .resources import UploadAttachmentResponse
from .steps import body_of, quota_of

__all__ = ["Media", "Target"]

Target = Union["os.PathLike[str]", IO[bytes]]
"""Where a download goes: a path object, or a file object opened in binary mode."""

_TIMEOUT = 120
_MAX_SIZE = 200 * 1024 * 1024
_UNKNOWN_TYPE = "application/octet-stream"


class Media:
    """Upload files for messages, and download those of messages."""

    @operation(default_timeout=_TIMEOUT)
    def upload_attachment(
        self,
        parent: str,
        file: FileArgument,
        *,
        filename: str = "",
        content_type: str = "",
        on_progress: Progress | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[UploadAttachmentResponse]:
        """Upload a file, to be sent with a message: the answer is one element of the message's `attachment`.

        Args:
            parent: the space that the message will go to, spaces/{space}.
            file: `bytes` or a `str` is the content itself; a path object (`pathlib.Path`) or a binary file object is
                read, a file object from its current position. It must stay open until the call is over. At most
                200 MiB.
            filename: the name that readers see, with its extension; left out, the name of the file.
            content_type: the MIME type; left out, the one that belongs to the name.
            on_progress: is called with the bytes sent and the size: in the calling thread, with a callback on a worker.
            timeout: seconds for the whole; 0 means 120, or the client's default when that is longer.

        Returns:
            `attachmentDataRef`.

        Errors:
            INVALID_ARGUMENT for a kind of file that is refused, NOT_FOUND for an unknown space.

        Wire: media.upload, as multipart.
        """
        return _upload(parent, file, filename, content_type, on_progress)

    @overload
    def download_media(
        self,
        resource_name: str,
        target: None = None,
        *,
        on_progress: Progress | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> tuple[bytes | None, ErrorCode]: ...
    @overload
    def download_media(
        self,
        resource_name: str,
        target: Target,
        *,
        on_progress: Progress | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> tuple[int | None, ErrorCode]: ...
    @operation(default_timeout=_TIMEOUT)
    def download_media(
        self,
        resource_name: str,
        target: Target | None = None,
        *,
        on_progress: Progress | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Any]:
        """Download the content of an attachment.

        Args:
            resource_name: `attachmentDataRef.resourceName` of the attachment.
            target: a path object (`pathlib.Path`) or a binary file object to write to. A path appears when everything
                is there, in place of a file that was there before. Left out, the content is returned.
            on_progress: is called with the bytes received and the size, 0 when it is not known: in the calling thread,
                with a callback on a worker.
            timeout: seconds for the whole; 0 means 120, or the client's default when that is longer.

        Returns:
            The content; with a target, its size in bytes.

        Errors:
            NOT_FOUND when there is none, PERMISSION_DENIED for a file that the caller may not see.

        Wire: media.download.
        """
        return _download(resource_name, target, on_progress)


def _upload(
    parent: str, file: FileArgument, filename: str, content_type: str, on_progress: Progress | None
) -> Operation[UploadAttachmentResponse]:
    path = arguments.name("parent", parent, arguments.SPACE)
    arguments.text("filename", filename)
    if any(sign < " " for sign in arguments.text("content_type", content_type)) or not content_type.isascii():
        raise ValueError(f"content_type must be a MIME type, not {content_type!r}")
    _check_progress(on_progress)
    with Content.of(file) as content:
        name = filename or content.name
        if not name:
            raise ValueError("filename must be given: the file has no name of its own")
        if content.size > _MAX_SIZE:
            raise ValueError(f"file has {content.size} bytes; an attachment has at most {_MAX_SIZE}")
        response = yield Request(
            "POST",
            f"upload/v1/{path}/attachments:upload",
            (("uploadType", "multipart"),),
            {"filename": name},
            pace=quota_of("POST", path),
            content=content,
            content_type=content_type or mimetypes.guess_type(name)[0] or _UNKNOWN_TYPE,
            on_progress=on_progress,
        )
    return body_of(response.data)  # type: ignore[return-value]


def _download(resource_name: str, target: Target | None, on_progress: Progress | None) -> Operation[bytes | int]:
    path = arguments.media("resource_name", resource_name)
    _check_progress(on_progress)
    with _opened(target) as (file, finish):
        response = yield Request(
            "GET",
            f"v1/media/{path}",
            (("alt", "media"),),
            repeatable=True,
            target=file,
            on_progress=on_progress,
        )
        finish()
    size: int = response.data["bytes"]
    return file.getvalue() if target is None and isinstance(file, BytesIO) else size


def _check_progress(on_progress: Any) -> None:
    if on_progress is not None and not callable(on_progress):
        raise TypeError(f"on_progress must be a callable, not {type(on_progress).__name__}")


@contextmanager
def _opened(target: Any) -> Iterator[tuple[IO[bytes], Callable[[], None]]]:
    """The file to write to, and what to do when it is complete. What is not complete does not stay."""
    if target is None:
        yield BytesIO(), _nothing
    elif isinstance(target, os.PathLike):
        place = os.path.realpath(os.fsdecode(target))
        if os.path.exists(place) and not os.path.isfile(place):
            with open(place, "wb") as device:  # a pipe or a device stays what it is; a folder is refused here
                yield device, _nothing
            return
        part = f"{place}.{uuid.uuid4().hex[:8]}.part"
        try:
            with open(part, "xb") as file:

                def finish() -> None:
                    file.close()
                    os.replace(part, place)

                yield file, finish
        finally:
            if os.path.exists(part):
                os.remove(part)
    elif hasattr(target, "write") and not isinstance(target, str):
        if hasattr(target, "encoding"):
            raise TypeError("target was opened in text mode; open it in binary mode ('wb')")
        yield target, _nothing
    else:
        kinds = "a path object or a binary file object"
        raise TypeError(f"target must be {kinds}, not {type(target).__name__}")


def _nothing() -> None:
    pass
