"""Every method of the service is there, sends what the documentation says and understands the documented answer."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from rtm_sdk.calling import Callback
from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, OK, RTM_ERROR, CallFailed, ErrorCode
from rtm_sdk.rtm import callbacks

from .contract import CALLS, CLIENT, DOMAINS, NOT_GIVEN, PID, Call, drive, mixin, start

SENDS = {"sendmsg", "sendmsgs", "sendgroupmsg", "sendroommsg", "broadcastmsg"}
NOT_REPEATABLE = {
    "kickout",
    "inviteUserIntoRTCRoom",
    "closeRTCRoom",
    "kickoutFromRTCRoom",
    "pullIntoRTCRoom",
    "adminCommand",
    "imserver_creategroup",
    "imserver_dismissgroup",
}
SLOW = {"tcheck", "icheck", "acheck", "vcheck", "profanity", "speech2text"}
DEFAULTS: dict[tuple[str, str], Any] = {
    ("tcheck", "text"): None,
    ("tcheck", "tags"): [],
    ("tcheck", "wlist"): [],
    ("icheck", "tags"): [],
    ("acheck", "tags"): [],
    ("vcheck", "tags"): [],
    ("profanity", "classification"): [],
    ("dataget", "val"): None,
    ("getRTCRoomMembers", "owner"): -1,
}
"""What stands in a result for a key that the answer does not have; the other keys must be there."""
OTHER_FORM = {"set_listen": {"p2p", "group", "room", "ev"}, "set_all_listen": {"gids", "rids", "uids", "events"}}
"""The parameters of `setlisten` that belong to its other form."""
STRUCTURES_OF_ONE = {"getRTCRoomList", "getRTCRoomMemberCount"}
SERVER_CALLS = [call for call in CALLS if call.gate == "server" and call.wire != "filetoken"]
FILE_CALLS = [call for call in CALLS if call.gate == "file"]

each_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
each_server_call = pytest.mark.parametrize("call", SERVER_CALLS, ids=lambda call: call.name)
each_file_call = pytest.mark.parametrize("call", FILE_CALLS, ids=lambda call: call.name)


def expected_params(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """The wire parameters for some arguments: theirs, the fixed ones, and the defaults that are not None."""
    expected = {}
    for argument, default in {**call.arguments, **dict.fromkeys(call.keywords)}.items():
        value = given.get(argument, default)
        if value is not None:
            expected[call.wire_name(argument)] = value
    return {**expected, **call.fixed}


def answered(call: Call) -> Any:
    """Drive a call to its documented answer."""
    samples = [call.sample(argument) for argument in call.arguments]
    return drive(start(call.name, *samples), call.sample_answer())[1]


@each_call
def test_exists(call: Call) -> None:
    assert callable(getattr(mixin(call.domain), call.name, None)), f"{call.name} ({call.wire}) is missing"
    assert getattr(mixin(call.domain), call.name).__doc__


@pytest.mark.parametrize("domain", DOMAINS)
def test_nothing_else_is_an_operation(domain: str) -> None:
    operations = {name for name, value in vars(mixin(domain)).items() if hasattr(value, "generator")}
    assert operations == {call.name for call in CALLS if call.domain == domain}


@each_call
def test_signature(call: Call) -> None:
    parameters = inspect.signature(getattr(CLIENT, call.name)).parameters.values()
    positional = {
        each.name: NOT_GIVEN if each.default is each.empty else each.default
        for each in parameters
        if each.kind is each.POSITIONAL_OR_KEYWORD
    }
    expected = {**call.arguments, "callback": None, "timeout": 0}
    assert positional == expected
    assert list(positional) == list(expected)


@each_server_call
def test_sends_all_that_is_given(call: Call) -> None:
    samples = {argument: call.sample(argument) for argument in call.arguments}
    quest = next(start(call.name, *samples.values()))
    assert quest.method == call.wire
    assert quest.params == expected_params(call, samples)
    assert quest == (call.wire, quest.params, call.wire not in NOT_REPEATABLE, True, "", None)
    by_name = next(start(call.name, **samples))
    assert by_name == quest


@each_server_call
def test_sends_what_comes_by_name_only(call: Call) -> None:
    parameters = inspect.signature(getattr(CLIENT, call.name)).parameters.values()
    assert {each.name: each.default for each in parameters if each.kind is each.KEYWORD_ONLY} == dict.fromkeys(
        call.keywords
    )
    samples = {argument: call.sample(argument) for argument in (*call.arguments, *call.keywords)}
    quest = next(start(call.name, **samples))
    assert quest.params == expected_params(call, samples)
    never_sent = {"version"} if call.wire == "gettoken" else OTHER_FORM.get(call.name, set())
    assert set(quest.params) == set(call.params) - never_sent


@each_server_call
def test_leaves_out_what_is_not_given(call: Call) -> None:
    samples = {name: call.sample(name) for name, default in call.arguments.items() if default is NOT_GIVEN}
    if call.wire.endswith("info") and call.wire.startswith("set"):
        with pytest.raises(ValueError, match="oinfo or pinfo"):
            next(start(call.name, **samples))
        samples["pinfo"] = ""
    params = dict(next(start(call.name, **samples)).params)
    assert {param.name for param in call.params.values() if param.required} <= set(params)
    expected = expected_params(call, samples)
    if call.wire in SENDS:
        assert 0 < params.pop("mid") < 1 << 63
        del expected["mid"]
    assert params == expected


@each_server_call
def test_understands_the_documented_answer(call: Call) -> None:
    result = answered(call)
    values = call.sample_result()
    if call.wire in SENDS:
        assert result == (call.sample("mid"), *values)
    elif not values:
        assert result is None
    elif len(values) == 1 and call.wire not in STRUCTURES_OF_ONE:
        assert (result, type(result)) == (values[0], type(values[0]))
    else:
        assert list(result[: len(values)]) == values


@pytest.mark.parametrize(
    ("call", "key"),
    [(call, param.name) for call in SERVER_CALLS for param in call.answer],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_tells_what_is_wrong_with_an_answer(call: Call, key: str) -> None:
    samples = [call.sample(argument) for argument in call.arguments]
    wrong: dict[str, Any] = {**call.sample_answer(), key: 1.5}
    with pytest.raises(CallFailed) as failure:
        drive(start(call.name, *samples), wrong)
    assert failure.value.error_code == FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT
    assert repr(key) in failure.value.error_code.message
    if call.wire in SENDS:
        return
    incomplete = call.sample_answer()
    del incomplete[key]
    if (call.wire, key) in DEFAULTS:
        result = drive(start(call.name, *samples), incomplete)[1]
        parts = list(result) if isinstance(result, tuple) else [result]
        assert parts == call.sample_result(**{key: DEFAULTS[call.wire, key]})
        return
    with pytest.raises(CallFailed) as failure:
        drive(start(call.name, *samples), incomplete)
    if (call.wire, key) == ("getmsg", "id"):
        assert failure.value.error_code == RTM_ERROR.RTM_EC_MESSAGE_NOT_FOUND
    else:
        assert failure.value.error_code == FPNN_ERROR.FPNN_EC_PROTO_KEY_NOT_FOUND
        assert repr(key) in failure.value.error_code.message


@each_server_call
def test_passes_an_error_on(call: Call) -> None:
    samples = [call.sample(argument) for argument in call.arguments]
    refused = CallFailed(ErrorCode(200021, "no"))
    with pytest.raises(CallFailed) as failure:
        drive(start(call.name, *samples), refused)
    assert failure.value is refused


@each_server_call
def test_names_a_wrong_argument(call: Call) -> None:
    for argument, default in {**call.arguments, **dict.fromkeys(call.keywords)}.items():
        samples = {name: call.sample(name) for name in call.arguments}
        samples[argument] = 1.5
        with pytest.raises(TypeError, match=rf"^{argument}\b"):
            next(start(call.name, **samples))
        if default is NOT_GIVEN:
            del samples[argument]
            with pytest.raises(TypeError, match=argument):
                next(start(call.name, **samples))


@each_server_call
def test_default_timeout(call: Call) -> None:
    class Waiting(mixin(call.domain)):  # type: ignore[misc]
        timeout = 30.0
        on_event = None
        subscriptions = CLIENT.subscriptions

        def _perform(self, quest: Any, deadline: Deadline) -> Any:
            raise CallFailed(ErrorCode(round(deadline.seconds)))

    samples = [call.sample(argument) for argument in call.arguments]
    seconds = getattr(Waiting(), call.name)(*samples)[1]
    assert seconds == (120 if call.wire in SLOW else 30)


@each_file_call
def test_sends_a_file_in_two_steps(call: Call) -> None:
    samples = {argument: call.sample(argument) for argument in call.arguments}
    token = {"token": "T", "endpoint": "[::1]:7"}
    (asked, sent), result = drive(start(call.name, **samples, mid=77, attrs="x"), token, {"mtime": 5})
    given = {call.wire_name(argument): value for argument, value in samples.items()}
    target = {name: value for name, value in given.items() if name not in ("from", "mtype", "file")}
    assert asked == ("filetoken", {"from": given["from"], "cmd": call.wire, **target}, True, True, "", None)
    assert {*sent.params, "file"} == set(call.params)
    attrs = sent.params.pop("attrs")
    assert isinstance(attrs, str)
    assert sent.params == {
        "pid": PID,
        "token": "T",
        "mtype": given["mtype"],
        "from": given["from"],
        **target,
        "mid": 77,
    }
    assert sent[2:5] == (False, False, "[::1]:7")
    assert sent.method == call.wire
    assert sent.content is not None
    assert sent.content.size == len(given["file"])
    assert result == (77, 5)


@pytest.mark.parametrize(
    ("cmd", "argument", "value", "params"),
    [
        ("sendfile", "to_uid", 5, {"to": 5}),
        ("sendfiles", "to_uids", [5, 6], {"tos": [5, 6]}),
        ("sendgroupfile", "gid", 5, {"gid": 5}),
        ("sendroomfile", "rid", 0, {"rid": 0}),
        ("broadcastfile", None, None, {}),
    ],
)
def test_asks_for_a_file_token(cmd: str, argument: str | None, value: Any, params: dict[str, Any]) -> None:
    given = {argument: value} if argument else {}
    quests, result = drive(start("file_token", 1, cmd, **given), {"token": "T", "endpoint": "h:1"})
    assert quests == [("filetoken", {"from": 1, "cmd": cmd, **params}, True, True, "", None)]
    assert result == ("T", "h:1")
    for name in {"to_uids", "to_uid", "rid", "gid"} - {argument}:
        with pytest.raises(ValueError, match=f"^{name} must not be given"):
            next(start("file_token", 1, cmd, **given, **{name: 1}))
    if argument:
        with pytest.raises(ValueError, match=f"^{argument} must be given"):
            next(start("file_token", 1, cmd))


@pytest.mark.parametrize("call", [call for call in CALLS if call.callback], ids=lambda call: call.name)
def test_callback_class(call: Call) -> None:
    assert call.callback is not None
    name, _, parts = call.callback.partition("(")
    kind = getattr(callbacks, name)
    assert name in callbacks.__all__
    *names, last = inspect.signature(kind.callback).parameters
    assert ["self", *parts.rstrip(")").split(", ")] == [*names, "error"]
    assert last == "error_code"

    received: list[Any] = []
    receiver = type("Receiver", (kind,), {"callback": lambda self, *parts: received.append(parts)})()
    result = (1, 2) if call.gate == "file" or call.wire == "filetoken" else answered(call)
    deliver = receiver.callback if isinstance(receiver, Callback) else receiver.deliver
    deliver(result, OK)
    deliver(None, ErrorCode(7))
    count = len(names) - 1
    spread = {0: (), 1: (result,)}.get(count, result)
    assert received == [(*spread, 0), (*[None] * count, 7)]
