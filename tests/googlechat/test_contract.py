"""Every method of the service is there, sends what the documentation says and understands the documented answer."""

from __future__ import annotations

import inspect
from typing import Any
from urllib.parse import quote

import pytest

from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, CallFailed, Code, ErrorCode
from rtm_sdk.googlechat.client import GoogleChatClient
from rtm_sdk.http.request import Request, Response

from .contract import CALLS, MODULES, Call, client_of, drive, mixin, start

NOTHING_TO_SAY = {"Empty", "ReplaceMessageCardsResponse"}
SLOW = {"upload_attachment", "download_media"}
EXCLUDED_BY = {"relative_position": "sort_order", "ttl": "expire_time"}
"""What is not given together with which other argument."""
READS = {"spaces.messages.search"}
"""Reads that are no GET."""

each_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
with_name = pytest.mark.parametrize(
    ("call", "argument"),
    [
        (call, argument)
        for call in CALLS
        for argument, param in call.params.items()
        if param.get("pattern", "^.*$") != "^.*$"
    ],
    ids=lambda value: value if isinstance(value, str) else value.id,
)
with_pages = pytest.mark.parametrize("call", [call for call in CALLS if call.paging], ids=lambda call: call.id)


def test_there_are_55_methods() -> None:
    assert len(CALLS) == len({call.id for call in CALLS}) == len({call.name for call in CALLS}) == 55


@each_call
def test_exists(call: Call) -> None:
    found = getattr(mixin(call.domain), call.name, None)
    assert callable(found), f"{call.name} ({call.id}) is missing"
    assert f"Wire: {call.id}" in (found.__doc__ or "")
    assert getattr(GoogleChatClient, call.name) is found


@pytest.mark.parametrize("domain", sorted(MODULES))
def test_nothing_else_is_an_operation(domain: str) -> None:
    operations = {name for name, value in vars(mixin(domain)).items() if hasattr(value, "generator")}
    assert operations == {call.name for call in CALLS if call.domain == domain}


@each_call
def test_signature(call: Call) -> None:
    parameters = list(inspect.signature(getattr(GoogleChatClient, call.name)).parameters.values())[1:]
    positional = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    keywords = {each.name: each.default for each in parameters if each.kind is each.KEYWORD_ONLY}
    assert positional == call.positional
    assert set(keywords) == {*call.keywords, "callback", "timeout"}
    assert [each.name for each in parameters if each.default is each.empty] == call.needed
    assert all(not default for default in keywords.values())


@each_call
def test_sends_all_that_is_given(call: Call) -> None:
    samples = call.samples(everything=True)
    request = next(start(call.name, **samples))
    assert request.method == call.http
    assert request.path == call.sent_path()
    assert sorted(request.query) == sorted(call.sent_query(samples))
    assert request.body == call.sent_body(samples)
    assert request.repeatable is (call.http != "POST" or call.request_id or call.id in READS)
    assert request.gone_is_done is (call.http == "DELETE")
    assert request.authorized
    space = call.sent_path().removeprefix("upload/").removeprefix("v1/").split("/")
    quota = "reads" if call.http == "GET" else "writes"
    in_space = space[0] == "spaces" and space[1:]
    assert request.pace == (f"spaces/{space[1].partition(':')[0]} {quota}" if in_space else "")
    positional = [samples.pop(argument) for argument in call.positional]
    again = next(start(call.name, *positional, **samples))
    changing = ("content", "target")
    assert again._replace(**dict.fromkeys(changing)) == request._replace(**dict.fromkeys(changing))


@each_call
def test_leaves_out_what_is_not_given(call: Call) -> None:
    samples = call.samples(everything=False)
    request = next(start(call.name, **samples))
    query, body = dict(request.query), request.body
    if call.request_id:
        place = body if call.request == "SetUpSpaceRequest" else query
        minted = place.pop("requestId")
        assert len(minted) == 36
        second = next(start(call.name, **samples))
        assert minted not in (dict(second.query).get("requestId"), second.body.get("requestId"))
    expected = call.sent_body(samples)
    if call.request == "SetUpSpaceRequest":
        expected["memberships"] = []
    assert sorted(query.items()) == sorted(call.sent_query(samples))
    assert body == expected


@each_call
def test_understands_the_documented_answer(call: Call) -> None:
    samples = call.samples(everything=False)
    if call.id == "media.download":
        assert drive(start(call.name, **samples), b"\0bytes")[1] == b"\0bytes"
        return
    answer = call.sample_answer()
    result = drive(start(call.name, **samples), answer)[1]
    assert result == (None if call.response in NOTHING_TO_SAY else answer)
    assert drive(start(call.name, **samples), {})[1] == (None if call.response in NOTHING_TO_SAY else {})


@each_call
def test_tells_that_an_answer_is_no_object(call: Call) -> None:
    if call.id == "media.download":
        return
    with pytest.raises(CallFailed) as failure:
        drive(start(call.name, **call.samples(everything=False)), ["x"])
    assert failure.value.error_code == FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE
    assert failure.value.error_code.maybe_delivered


@each_call
def test_passes_an_error_on(call: Call) -> None:
    refused = CallFailed(ErrorCode(Code.NOT_FOUND, "no", family=Code))
    with pytest.raises(CallFailed) as failure:
        drive(start(call.name, **call.samples(everything=False)), refused)
    assert failure.value is refused


@with_name
def test_a_name_of_another_shape_is_not_sent(call: Call, argument: str) -> None:
    good = call.sample(argument)
    parts = good.split("/")
    bad = [
        "",
        "x",
        f"/{good}",
        f"{good}/",
        f"{good}/x",
        "/".join(parts[:-1]),
        "/".join([parts[0].upper(), *parts[1:]]),
        f"https://chat.googleapis.com/v1/{good}",
        "/".join([parts[0], "", *parts[2:]]),
        "/".join([parts[0], "..", *parts[2:]]),
        "/".join([parts[0], ".", *parts[2:]]),
    ]
    for name in bad:
        with pytest.raises(ValueError, match=rf"^{argument} must look like {parts[0]}/"):
            next(start(call.name, **{**call.samples(everything=False), argument: name}))


@with_name
def test_a_name_is_encoded_but_for_its_slashes(call: Call, argument: str) -> None:
    parts = call.sample(argument).split("/")
    parts[1] = "a b?c#d%2Fe:f+é@g&h"
    given = {**call.samples(everything=False), argument: "/".join(parts)}
    request = next(start(call.name, **given))
    encoded = quote(parts[1], safe="")
    assert f"{parts[0]}/{encoded}" in request.path
    assert request.path.count("/") == call.sent_path().count("/")
    if parts[0] == "spaces":
        assert request.pace.rpartition(" ")[0] == f"spaces/{encoded}"


@each_call
def test_names_a_wrong_argument(call: Call) -> None:
    for argument in (*call.positional, *call.keywords):
        samples = call.samples(everything=False)
        if argument in EXCLUDED_BY:
            samples.pop(EXCLUDED_BY[argument], None)
        samples[argument] = 1.5 if argument != "ttl" else "1.5"
        with pytest.raises(TypeError, match=rf"^{argument}\b"):
            next(start(call.name, **samples))
    for argument in call.needed:
        samples = call.samples(everything=False)
        del samples[argument]
        with pytest.raises(TypeError, match=argument):
            next(start(call.name, **samples))
        samples[argument] = None
        with pytest.raises(TypeError, match=rf"^{argument}\b"):
            next(start(call.name, **samples))


@pytest.mark.parametrize(
    ("name", "given", "text"),
    [
        ("position_section", {"sort_order": 1, "relative_position": "END"}, "^sort_order must not be given together"),
        ("mark_as_active", {"ttl": 1, "expire_time": "2026-01-01T00:00:00Z"}, "^expire_time must not be given"),
        ("mark_as_do_not_disturb", {"ttl": 0}, "^ttl must be a positive, finite number of seconds"),
        ("mark_as_active", {"expire_time": "2026-01-01T00:00:00"}, "^expire_time must be RFC 3339 with an offset"),
    ],
)
def test_arguments_that_do_not_go_together(name: str, given: dict[str, Any], text: str) -> None:
    place = "users/me/sections/S" if name == "position_section" else "users/me/availability"
    with pytest.raises(ValueError, match=text):
        next(start(name, place, **given))


def test_a_section_needs_a_place() -> None:
    with pytest.raises(TypeError, match="^sort_order or relative_position must be given"):
        next(start("position_section", "users/me/sections/S"))


@each_call
def test_default_timeout(call: Call) -> None:
    def fail(request: Request, deadline: Deadline) -> Response:
        raise CallFailed(ErrorCode(round(deadline.seconds)))

    seconds = getattr(client_of(call.domain, fail), call.name)(**call.samples(everything=False))[1]
    assert seconds == (120 if call.name in SLOW else 30)


@with_pages
def test_each_method_with_pages_has_an_iterator(call: Call) -> None:
    found = getattr(mixin(call.domain), call.iterator)
    parameters = list(inspect.signature(found).parameters.values())[1:]
    assert [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD] == call.positional
    keywords = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
    assert keywords == {*call.keywords, "timeout"} - {"page_token"}


@with_pages
def test_an_iterator_asks_until_there_is_no_token(call: Call) -> None:
    field = call.paging["items"]
    pages: list[dict[str, Any]] = [
        {field: [{"name": "1"}, {"name": "2"}], "nextPageToken": "A"},
        {"nextPageToken": "B"},
        {field: [], "nextPageToken": "C"},
        {field: [{"name": "3"}], "nextPageToken": ""},
        {field: [{"name": "never"}]},
    ]
    asked = []

    def answer(request: Request, deadline: Deadline) -> Response:
        found = dict(request.query) if call.paging["in"] == "query" else request.body
        asked.append(found.get("pageToken"))
        without = tuple(pair for pair in request.query if pair[0] != "pageToken")
        body = {**(request.body or {}), "pageToken": None}
        others.add(str((request.path, without, sorted(body.items(), key=str))))
        return Response(200, {}, pages[len(asked) - 1])

    others: set[str] = set()
    given = call.samples(everything=True)
    del given["page_token"]
    found = getattr(client_of(call.domain, answer), call.iterator)(**given)
    assert asked == []
    assert [each["name"] for each in found] == ["1", "2", "3"]
    assert asked == [None, "A", "B", "C"]
    assert len(others) == 1


@with_pages
def test_an_iterator_checks_at_once(call: Call) -> None:
    given = {**call.samples(everything=False), "page_size": "7"}
    with pytest.raises(TypeError, match="^page_size must be an int"):
        getattr(mixin(call.domain)(), call.iterator)(**given)
