"""Every endpoint answers with the documented status and the documented members."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rtm_sdk.bearychat import BearyChatClient
from rtm_sdk.bearychat.client import RTM_BASE_URL
from rtm_sdk.errors import BEARYCHAT_ERROR
from rtm_sdk.gate import Gate

from ...bearychat.contract import ENDPOINTS, Endpoint
from ...bearychat.scenario import parameters
from .raw import Raw, Reply

FORMS = {
    "id": r"=[A-Za-z0-9]+",
    "datetime string": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000",
    "string (message key)": r"\d{13}\.\d{4}",
}

each_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)


def send(raw: Raw, endpoint: Endpoint, params: dict[str, Any], **further: Any) -> Reply:
    prefix = "/bearychat/rtm" if endpoint.base_url == RTM_BASE_URL else "/bearychat/v1"
    return raw.call(endpoint.http, prefix + endpoint.path, params, **further)


def check(shape: Any, value: Any, place: str) -> None:
    """Compare a value with its documented shape."""
    if isinstance(shape, dict) and "oneOf" in shape:
        shape = next(each for each in shape["oneOf"] if each["type"].endswith(value["type"]))
    if isinstance(shape, dict) and "[]" in shape:
        assert isinstance(value, list), place
        assert value, f"{place} is empty, which shows nothing"
        for each in value:
            check(shape["[]"], each, f"{place}[]")
    elif isinstance(shape, list):
        assert value
        for each in value:
            check(shape[0], each, f"{place}[]")
    elif isinstance(shape, dict):
        assert shape.keys() <= value.keys(), place
        for name, inner in shape.items():
            check(inner, value[name], f"{place}.{name}")
    else:
        check_value(shape, value, place)


def check_value(shape: str, value: Any, place: str) -> None:
    if value is None:
        assert "null" in shape, place
        return
    kind = shape.partition(":")[0].partition("|")[0]
    kinds = {"id[]": list, "int": int, "int64 ms": int, "bool": bool, "array": list}
    kinds |= {"Attachment[]": list, "Message": dict}
    expected = next((each for name, each in kinds.items() if kind == name or kind.startswith(f"{name} ")), str)
    if kind.startswith("int"):
        assert type(value) is int, place
    else:
        assert isinstance(value, expected), place
    form = FORMS.get(kind)
    assert form is None or re.fullmatch(form, value), f"{place}: {value}"


@each_endpoint
def test_answers_as_documented(gate: Gate, client: BearyChatClient, raw: Raw, endpoint: Endpoint) -> None:
    reply = send(raw, endpoint, parameters(endpoint.name, client))
    assert reply.status == endpoint.status
    if endpoint.response == {}:
        assert reply.data in (None, {})
    else:
        check(endpoint.response, reply.data, endpoint.name)
        if endpoint.base_url != RTM_BASE_URL:
            assert "code" not in reply.data  # which some clients take for a failure


@each_endpoint
def test_needs_a_token(gate: Gate, raw: Raw, endpoint: Endpoint) -> None:
    for token in (None, "wrong"):
        reply = send(raw, endpoint, {}, token=token)
        if endpoint.auth:
            assert (reply.status, reply.code) == (401, BEARYCHAT_ERROR.UNAUTHORIZED)
        else:
            assert reply.status == 200


@pytest.mark.parametrize(
    ("endpoint", "missing"),
    [
        pytest.param(endpoint, param.name, id=f"{endpoint.name}-{param.name}")
        for endpoint in ENDPOINTS
        for param in endpoint.params
        if param.required and param.type != "Attachment[]"
    ],
)
def test_needs_its_parameters(gate: Gate, client: BearyChatClient, raw: Raw, endpoint: Endpoint, missing: str) -> None:
    params = {name: value for name, value in parameters(endpoint.name, client).items() if name != missing}
    reply = send(raw, endpoint, params)
    assert (reply.status, reply.code) == (400, BEARYCHAT_ERROR.INVALID_PARAMETER)
    assert missing in reply.data["error"]


@each_endpoint
def test_takes_no_other_verb(gate: Gate, raw: Raw, endpoint: Endpoint) -> None:
    reply = raw.call("DELETE", f"/bearychat/v1/{endpoint.name}", {})
    if endpoint.base_url == RTM_BASE_URL:
        assert (reply.status, reply.code) == (404, BEARYCHAT_ERROR.NOT_FOUND)
    else:
        assert (reply.status, reply.code) == (405, BEARYCHAT_ERROR.METHOD_NOT_ALLOWED)
        assert endpoint.http in reply.headers["Allow"]
