"""Requests to the gate as other programs send them, and also as none should."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import urlencode

from requests.structures import CaseInsensitiveDict

from rtm_sdk.gate import Gate

__all__ = ["Raw", "Reply"]


class Reply(NamedTuple):
    """What came back; `data` is None for an empty body."""

    status: int
    headers: Mapping[str, str]
    data: Any

    @property
    def code(self) -> Any:
        """The error code in the body."""
        assert self.data.keys() == {"code", "error"}
        assert isinstance(self.data["error"], str)
        return self.data["code"]


class Raw:
    """A connection to the HTTP port of a gate.

    Args:
        gate: the gate; it runs.
    """

    def __init__(self, gate: Gate) -> None:
        self.token = gate.bearychat.token
        self._connection = http.client.HTTPConnection(gate.http_endpoint, timeout=5)

    def send(
        self,
        verb: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request as it is, to any path of the port."""
        if query:
            path += "?" + urlencode(query)
        self._connection.request(verb, path, body, dict(headers or {}))
        response = self._connection.getresponse()
        content = response.read()
        return Reply(
            response.status, CaseInsensitiveDict(response.getheaders()), json.loads(content) if content else None
        )

    def call(self, verb: str, path: str, params: Mapping[str, Any], *, token: str | None = "") -> Reply:
        """Call a path: parameters and token are in the query of a GET, otherwise in the body.

        Args:
            verb, path, params: the call.
            token: empty is the token of this connection, None is none.
        """
        token = self.token if token == "" else token
        given = {**params, **({} if token is None else {"token": token})}
        if verb == "GET":
            return self.send(verb, path, query=given)
        return self.send(verb, path, body=json.dumps(given).encode(), headers={"Content-Type": "application/json"})

    def get(self, name: str, /, **query: str) -> Reply:
        """Read something of the OpenAPI."""
        return self.call("GET", f"/bearychat/v1/{name}", query)

    def post(self, name: str, /, **params: Any) -> Reply:
        """Do something in the OpenAPI."""
        return self.call("POST", f"/bearychat/v1/{name}", params)

    def __enter__(self) -> Raw:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()
