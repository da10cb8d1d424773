"""The requests of the API: parameters of reads are in the query, all others in one JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..http.request import Request

__all__ = ["delete", "get", "patch", "post"]


def get(name: str, query: Mapping[str, str] | None = None, *, authorized: bool = True) -> Request:
    """Read something.

    Args:
        name: of the endpoint.
        query: the parameters.
        authorized: whether the token goes with it.
    """
    return Request("GET", name, query=tuple((query or {}).items()), repeatable=True, authorized=authorized)


def post(name: str, body: dict[str, Any], *, repeatable: bool = False) -> Request:
    """Do something.

    Args:
        name: of the endpoint.
        body: the parameters.
        repeatable: a second copy does no harm.
    """
    return Request("POST", name, body=body, repeatable=repeatable)


def patch(name: str, body: dict[str, Any]) -> Request:
    """Set something."""
    return Request("PATCH", name, body=body, repeatable=True)


def delete(name: str, body: dict[str, Any]) -> Request:
    """Delete something. When a repeated copy does not find it any more it is done."""
    return Request("POST", name, body=body, repeatable=True, gone_is_done=True)
