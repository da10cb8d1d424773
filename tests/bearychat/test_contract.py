"""Every endpoint is there, sends what the documentation says and understands the documented answer."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from rtm_sdk.bearychat import BearyChatClient, resources
from rtm_sdk.errors import BEARYCHAT_ERROR, FPNN_ERROR, CallFailed, ErrorCode
from rtm_sdk.http.request import Response

from .contract import CLASSES, CLIENT, ENDPOINTS, NOT_GIVEN, Endpoint, drive, mixin, start

SENT_ONCE = {
    "channel.create",
    "channel.leave",
    "channel.invite",
    "channel.kick",
    "channel.kickout",
    "session_channel.create",
    "session_channel.convert_to_channel",
    "session_channel.leave",
    "session_channel.invite",
    "session_channel.kick",
    "session_channel.kickout",
    "message.create",
    "message.forward",
    "message_pin.create",
    "reaction.create",
    "rtm_http.message",
}
"""What may do harm when it arrives twice, or what is not documented for that case."""

DELETIONS = {"message.delete", "message_pin.delete", "reaction.delete"}

WITH_JSON = [endpoint for endpoint in ENDPOINTS if endpoint.status != 302]
WITH_RESULT = [endpoint for endpoint in WITH_JSON if endpoint.response != {} and endpoint.name != "rtm_http.message"]
WITH_IDS = [endpoint for endpoint in ENDPOINTS if any(param.type == "id" for param in endpoint.params)]
WITH_ARGUMENTS = [endpoint for endpoint in ENDPOINTS if endpoint.arguments]


def each_of(endpoints: list[Endpoint]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("endpoint", endpoints, ids=lambda endpoint: endpoint.name)


each_endpoint = each_of(ENDPOINTS)


def answered(endpoint: Endpoint) -> Response:
    headers = {"Location": "https://files.example.com/x"} if endpoint.status == 302 else {}
    return Response(endpoint.status, headers, endpoint.answer())


def test_how_many() -> None:
    assert len({endpoint.name for endpoint in ENDPOINTS}) == 46
    assert len({endpoint.python for endpoint in ENDPOINTS}) == 46


@each_endpoint
def test_exists(endpoint: Endpoint) -> None:
    method = getattr(mixin(endpoint.domain), endpoint.python, None)
    assert callable(method), f"{endpoint.python} ({endpoint.name}) is missing"
    assert method.__doc__
    assert getattr(BearyChatClient, endpoint.python) is method


@pytest.mark.parametrize("domain", CLASSES)
def test_nothing_else_is_an_operation(domain: str) -> None:
    operations = {name for name, value in vars(mixin(domain)).items() if hasattr(value, "generator")}
    assert operations == {endpoint.python for endpoint in ENDPOINTS if endpoint.domain == domain}


@each_endpoint
def test_signature(endpoint: Endpoint) -> None:
    parameters = inspect.signature(getattr(CLIENT, endpoint.python)).parameters.values()
    positional = {each.name: NOT_GIVEN if each.default is each.empty else each.default for each in parameters}
    expected = {**endpoint.arguments, "callback": None, "timeout": 0}
    assert positional == expected
    assert list(positional) == list(expected)
    assert {each.kind for each in parameters} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}


@each_endpoint
def test_sends_all_that_is_given(endpoint: Endpoint) -> None:
    request = next(start(endpoint.python, **endpoint.samples))
    assert (request.method, request.path) == (endpoint.http, endpoint.request_path)
    if endpoint.http == "GET":
        assert dict(request.query) == endpoint.sent
        assert request.body is None
    else:
        assert request.query == ()
        assert request.body == endpoint.sent
    assert {param.place for param in endpoint.params} <= {"query" if endpoint.http == "GET" else "body"}
    assert request.authorized is endpoint.auth
    assert request.repeatable is (endpoint.name not in SENT_ONCE)
    assert request.gone_is_done is (endpoint.name in DELETIONS)
    assert request.redirect_is_answer is (endpoint.status == 302)


@each_endpoint
def test_leaves_out_what_is_not_given(endpoint: Endpoint) -> None:
    required = {name: endpoint.samples[name] for name, default in endpoint.arguments.items() if default is NOT_GIVEN}
    if endpoint.name == "message.query":
        required["latest"] = {}
    request = next(start(endpoint.python, **required))
    sent = dict(request.query) if endpoint.http == "GET" else request.body
    assert sent.keys() == {param.name for param in endpoint.params if param.required}
    by_place = next(start(endpoint.python, *(required[name] for name in endpoint.arguments if name in required)))
    assert by_place == request


@each_endpoint
def test_reads_the_documented_answer(endpoint: Endpoint) -> None:
    response = answered(endpoint)
    result = drive(start(endpoint.python, **endpoint.samples), response)[1]
    if endpoint.name == "file.location":
        assert result == "https://files.example.com/x"
    elif endpoint.name == "message.query":
        assert result == response.data["messages"]
    elif endpoint.name == "rtm_http.start":
        assert result == response.data["result"]
    elif endpoint.response == {} or endpoint.name == "rtm_http.message":
        assert result is None
    else:
        assert result == response.data


@each_of([endpoint for endpoint in WITH_RESULT if endpoint.response.keys() >= {"id"}])
def test_keeps_further_members(endpoint: Endpoint) -> None:
    response = answered(endpoint)
    response.data["colour"] = "green"
    assert drive(start(endpoint.python, **endpoint.samples), response)[1]["colour"] == "green"


@each_of(WITH_RESULT)
def test_refuses_another_answer(endpoint: Endpoint) -> None:
    answers: list[Any] = ["text", 5, None, True, [1], [[]], {} if endpoint.is_list else []]
    for data in answers:
        with pytest.raises(CallFailed) as failure:
            drive(start(endpoint.python, **endpoint.samples), Response(200, {}, data))
        assert failure.value.error_code == FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE
        assert failure.value.error_code.maybe_delivered


@pytest.mark.parametrize("headers", [{}, {"Location": ""}], ids=["missing", "empty"])
def test_a_location_must_be_there(headers: dict[str, str]) -> None:
    with pytest.raises(CallFailed) as failure:
        drive(start("get_file_location", "f"), Response(302, headers, {}))
    assert failure.value.error_code == FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE


@each_of(WITH_JSON)
def test_a_code_in_the_body_is_a_failure(endpoint: Endpoint) -> None:
    body = {"code": 6, "error": "no such file"}
    with pytest.raises(CallFailed) as failure:
        drive(start(endpoint.python, **endpoint.samples), Response(200, {}, body))
    error_code = failure.value.error_code
    assert (error_code, error_code.family) == (6, BEARYCHAT_ERROR)
    assert error_code.name == "FILE_NOT_FOUND"
    assert error_code.message == "no such file"
    assert error_code.http_status == 200


@each_endpoint
def test_passes_an_error_on(endpoint: Endpoint) -> None:
    refused = CallFailed(ErrorCode(13, "no", family=BEARYCHAT_ERROR))
    with pytest.raises(CallFailed) as failure:
        drive(start(endpoint.python, **endpoint.samples), refused)
    assert failure.value is refused


@each_of(WITH_ARGUMENTS)
def test_names_a_wrong_argument(endpoint: Endpoint) -> None:
    for argument, default in endpoint.arguments.items():
        samples = {**endpoint.samples, argument: 1.5}
        if argument in ("latest", "window"):
            del samples["since"]
        with pytest.raises(TypeError, match=rf"^{argument}\b"):
            next(start(endpoint.python, **samples))
        if default is NOT_GIVEN:
            del samples[argument]
            with pytest.raises(TypeError, match=argument):
                next(start(endpoint.python, **samples))


@each_of(WITH_IDS)
def test_refuses_empty_ids(endpoint: Endpoint) -> None:
    for param in endpoint.params:
        if param.type == "id":
            with pytest.raises(ValueError, match=rf"^{param.name} must not be empty"):
                next(start(endpoint.python, **{**endpoint.samples, param.name: ""}))


def test_the_rtm_service_must_be_known() -> None:
    with BearyChatClient("T", base_url="http://127.0.0.1:9/v1") as client:
        for method in (client.rtm_start, lambda: client.rtm_send_message("=bw52O", "hi")):
            with pytest.raises(ValueError, match="^rtm_base_url must be given"):
                method()


def test_the_resources_have_all_members() -> None:
    def check(shape: Any, kind: Any) -> None:
        missing = shape.keys() - kind.__annotations__.keys()
        assert not missing, f"{kind.__name__} has no {', '.join(missing)}"

    shapes = {endpoint.name: endpoint.response for endpoint in ENDPOINTS}
    user = shapes["user.me"]
    check(shapes["meta"], resources.MetaInfo)
    check(shapes["team.info"], resources.Team)
    check(user, resources.User)
    check(user["avatars"], resources.Avatars)
    check(user["profile"], resources.Profile)
    for shape, kind in zip(
        shapes["vchannel.info"]["oneOf"],
        (resources.Channel, resources.SessionChannel, resources.P2P),
        strict=True,
    ):
        check(shape, kind)
    check(shapes["message.info"], resources.Message)
    check(shapes["message.forward"], resources.Message)
    check(shapes["message.forward"]["repost"], resources.Repost)
    check(shapes["message_pin.list"]["[]"], resources.Pin)
    check(shapes["reaction.create"], resources.Reaction)
    check(shapes["emoji.list"]["[]"], resources.Emoji)
    check(shapes["sticker.list"]["[]"], resources.StickerPack)
    check(shapes["sticker.list"]["[]"]["stickers"][0], resources.Sticker)
    check(shapes["rtm.start"], resources.RTMStart)
