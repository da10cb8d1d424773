"""What the tests of HTTP share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from rtm_sdk.errors import Code, ErrorCode
from rtm_sdk.http.connection import HTTPConnection

_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment says nothing about proxies and certificates."""
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def read_error(status: int, headers: Mapping[str, str], body: bytes) -> ErrorCode:
    """As the clients have them: the code by the status, the text as it came."""
    try:
        details = json.loads(body)["details"]
    except (ValueError, KeyError, TypeError):
        details = ()
    return ErrorCode(Code.of_http(status), body.decode("utf-8", "replace"), family=Code, details=details)


@pytest.fixture
def connect() -> Iterator[Callable[..., HTTPConnection]]:
    """Makes connections, and closes them in the end."""
    opened: list[HTTPConnection] = []

    def make(url: str, **options: Any) -> HTTPConnection:
        options = {"credentials": None, "read_error": read_error, **options}
        opened.append(HTTPConnection(url, **options))
        return opened[-1]

    yield make
    for connection in opened:
        connection.close(10.0)
