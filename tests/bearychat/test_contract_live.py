"""Every method against the gate, which answers all of them for real, in both styles."""

from __future__ import annotations

import re
from queue import SimpleQueue
from typing import Any

import pytest

from rtm_sdk.bearychat import BearyChatClient
from rtm_sdk.errors import BEARYCHAT_ERROR
from rtm_sdk.gate import Gate

from .contract import ENDPOINTS, Endpoint
from .scenario import parameters

MADE_ANEW = re.compile(r"=[A-Za-z0-9]{9}\b|[0-9a-f]{32,48}|\d{13}(\.\d{4})?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000")
"""Ids, keys and times, which differ from call to call."""

each_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


def arguments(endpoint: Endpoint, client: BearyChatClient) -> dict[str, Any]:
    given = dict(parameters(endpoint.name, client))
    query = given.pop("query", {})
    return {**given, **query}


@each_endpoint
def test_both_styles(gate: Gate, client: BearyChatClient, endpoint: Endpoint) -> None:
    method = getattr(client, endpoint.python)
    result, error_code = method(**arguments(endpoint, client))
    assert not error_code
    without = (endpoint.response == {} and endpoint.status != 302) or endpoint.name == "rtm_http.message"
    assert (result is None) == without
    gate.reset()
    outcomes: SimpleQueue[Any] = SimpleQueue()
    assert method(**arguments(endpoint, client), callback=lambda *outcome: outcomes.put(outcome)) is None
    again, error_code = outcomes.get(timeout=5)
    assert not error_code
    assert MADE_ANEW.sub("*", repr(again)) == MADE_ANEW.sub("*", repr(result))


@each_endpoint
def test_refused_in_both_styles(gate: Gate, client: BearyChatClient, endpoint: Endpoint) -> None:
    gate.faults.add(endpoint.name, code=BEARYCHAT_ERROR.FORBIDDEN, count=2)
    method, given = getattr(client, endpoint.python), arguments(endpoint, client)
    result, error_code = method(**given)
    assert (result, error_code) == (None, BEARYCHAT_ERROR.FORBIDDEN)
    assert (error_code.http_status, error_code.name) == (403, "FORBIDDEN")
    outcomes: SimpleQueue[Any] = SimpleQueue()
    method(**given, callback=lambda *outcome: outcomes.put(outcome))
    assert outcomes.get(timeout=5) == (None, BEARYCHAT_ERROR.FORBIDDEN)
