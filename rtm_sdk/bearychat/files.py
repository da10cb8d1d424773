"""Operations on files.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .answers import unusable
from .requests import get

__all__ = ["Files"]


class Files:
    """Files that were uploaded to the team."""

    @operation
    def get_file_location(self, file_key: str, callback: CallbackArgument = None, timeout: float = 0) -> Operation[str]:
        """Ask where a file can be downloaded from. The redirect is not followed: the token is for the service only.

        Args:
            file_key: the key of the file.

        Returns:
            The address.

        Errors:
            6 when there is no such file.

        API: file.location.
        """
        query = {"file_key": arguments.filled("file_key", file_key)}
        response = yield get("file.location", query)._replace(redirect_is_answer=True)
        location = response.headers.get("Location")
        if not location:
            raise unusable("the header 'Location'", location, "the address")
        return str(location)
