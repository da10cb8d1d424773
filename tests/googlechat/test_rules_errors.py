"""The rules on errors (10) and on quotas and retries (11), through the client."""

from __future__ import annotations

import json
import threading
import time
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm_sdk.errors import FPNN_ERROR, CallFailed, Code, ErrorCode, unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.client import GoogleChatClient
from rtm_sdk.googlechat.refusals import read_error
from rtm_sdk.http import retries
from tests.http.peer import CUT, HTTPPeer, Reply

from .chat import Space, refused

NAME = "spaces/A/messages/B"
TOKEN = "token-of-a-user"


def error(status: int, code: str, **more: Any) -> Reply:
    return Reply(status, {"error": {"code": status, "status": code, "message": f"words about {code}", **more}})


def calls(client: GoogleChatClient) -> dict[str, Any]:
    """Calls that may be repeated, and those that may not."""
    return {
        "GET": lambda: client.get_message(NAME),
        "PUT": lambda: client.put_message(NAME, {}, "text"),
        "PATCH": lambda: client.update_message(NAME, {}, "text"),
        "DELETE": lambda: client.delete_message(NAME),
        "POST with requestId": lambda: client.create_message("spaces/A", {}),
        "POST": lambda: client.create_reaction(NAME, {}),
    }


REPEATABLE = ["GET", "PUT", "PATCH", "DELETE", "POST with requestId"]


def fails(reply: Any, call: str = "POST") -> tuple[ErrorCode, int]:
    """The error after this answer, whatever was asked, and the number of requests."""
    with HTTPPeer(always=reply) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="", timeout=0.5) as client:
        result, code = calls(client)[call]()
        assert result is None
        return code, len(peer.requests)


# --- 10 errors ---------------------------------------------------------------------------------------------------


def test_10_1_code_status_and_message(space: Space) -> None:
    result, code = space.client.get_message(f"{space}/messages/x.x")
    assert result is None
    assert code == Code.NOT_FOUND
    assert (code.name, code.http_status, code.family) == ("NOT_FOUND", 404, Code)
    assert f"{space}/messages/x.x" in code.message
    legacy = Reply(403, {"error": {"code": 403, "message": "m", "errors": [{"reason": "x"}], "details": None}})
    assert fails(legacy)[0] == Code.PERMISSION_DENIED


def test_10_2_the_status_decides() -> None:
    assert fails(error(400, "FAILED_PRECONDITION"))[0] == Code.FAILED_PRECONDITION
    assert fails(error(400, "OUT_OF_RANGE"))[0] == Code.OUT_OF_RANGE
    assert fails(error(409, "ALREADY_EXISTS"))[0] == Code.ALREADY_EXISTS
    assert fails(error(409, "ABORTED"))[0] == Code.ABORTED
    assert fails(error(409, "NEW_ONE"))[0] == Code.ABORTED
    assert fails(error(400, "OK"))[0] == Code.INVALID_ARGUMENT


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<html><title>Sorry</title>\n  busy </html>", "<html><title>Sorry</title> busy </html>"),
        (b"", ""),
        (b'{"error": {"code": 413, "mess', '{"error": {"code": 413, "mess'),
        (b"[]", "[]"),
        ([{"error": {"code": 413, "status": "INVALID_ARGUMENT", "message": "in a list"}}], "in a list"),
        ({"error": "invalid_request", "error_description": "of a token server"}, "invalid_request: of a token server"),
        ({"error": 5}, '{"error": 5}'),
        (b"\xff\xfe", "\ufffd\ufffd"),
        ("x" * 10_000, "x" * 500 + "..."),
    ],
)
def test_10_3_bodies_of_others(body: Any, text: str) -> None:
    code, requests = fails(Reply(413, body))
    assert code == Code.INVALID_ARGUMENT
    assert (code.http_status, requests) == (413, 1)
    assert code.message == text


def test_10_3_an_answer_that_breaks_off() -> None:
    head = {"Content-Length": "1000"}
    code, _ = fails(Reply(404, b'{"error": {"status": "ALREADY_EX', head, drop=True))
    assert code == Code.NOT_FOUND


def test_10_4_details() -> None:
    details = [
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "R", "domain": "d", "metadata": {"a": "b"}},
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"subject": "s"}]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3s"},
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "text"}]},
        {"@type": "type.googleapis.com/google.rpc.Help", "links": [{"url": "https://x"}]},
    ]
    code, _ = fails(error(429, "RESOURCE_EXHAUSTED", details=[*details, "no detail"]))
    assert code.details == tuple(details)
    assert code.retry_after == 3.0


@pytest.mark.parametrize("member", Code, ids=lambda member: member.name)
def test_10_the_17_codes(member: Code) -> None:
    numbers = {"OK": 200, "CANCELLED": 499, "UNKNOWN": 500, "INVALID_ARGUMENT": 400, "DEADLINE_EXCEEDED": 504,
               "NOT_FOUND": 404, "ALREADY_EXISTS": 409, "PERMISSION_DENIED": 403, "RESOURCE_EXHAUSTED": 429,
               "FAILED_PRECONDITION": 400, "ABORTED": 409, "OUT_OF_RANGE": 400, "UNIMPLEMENTED": 501, "INTERNAL": 500,
               "UNAVAILABLE": 503, "DATA_LOSS": 500, "UNAUTHENTICATED": 401}  # fmt: skip
    assert list(numbers).index(member.name) == member
    assert numbers[member.name] == member.http
    if member:
        code, _ = fails(error(member.http, member.name))
        assert code == member
        assert (code.name, code.http_status) == (member.name, member.http)
        assert code.message == f"words about {member.name}"
        retryable = ("UNKNOWN", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL", "UNAVAILABLE")
        assert code.retryable is (member.name in retryable)


@given(st.integers(400, 599), st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_error_body_is_read(status: int, body: bytes) -> None:
    code = read_error(status, {}, body)
    assert code.family is Code
    assert 0 < code <= 16
    assert code.http_status == status


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "status", "message", "details", "code"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.integers(400, 599), JSON)
def test_any_error_json_is_read(status: int, data: Any) -> None:
    code = read_error(status, {}, json.dumps(data).encode())
    assert 0 < code <= 16
    assert all(isinstance(detail, dict) for detail in code.details)


# --- 11 quotas and retries ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", REPEATABLE)
@pytest.mark.parametrize("trouble", [429, 500, 502, 503, 504, "cut"])
def test_11_1_repeated_when_that_is_safe(call: str, trouble: Any, soon: None) -> None:
    reply = CUT if trouble == "cut" else Reply(trouble, "busy")
    with HTTPPeer(reply, reply) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        assert calls(client)[call]()[1] == 0
        assert len(peer.requests) == 3
        assert len({(request.target, request.body) for request in peer.requests}) == 1


@pytest.mark.parametrize("trouble", [500, 502, 504, "cut"])
def test_11_1_other_posts_are_not_repeated(trouble: Any, soon: None) -> None:
    reply = CUT if trouble == "cut" else Reply(trouble, "busy")
    code, requests = fails(reply)
    assert requests == 1
    assert code.maybe_delivered
    assert code == (FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED if trouble == "cut" else Code.of_http(trouble))


def test_11_1_429_is_repeated_for_any_call(soon: None) -> None:
    with HTTPPeer(Reply(429, "busy")) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        assert calls(client)["POST"]()[1] == 0
        assert len(peer.requests) == 2


def test_11_1_404_after_a_repeated_delete(soon: None) -> None:
    gone = error(404, "NOT_FOUND")
    with HTTPPeer(CUT, gone, gone) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        assert client.delete_message(NAME) == (None, 0)
        assert refused(client.delete_message(NAME)) == "NOT_FOUND"
    with HTTPPeer(Reply(429, "busy"), gone) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        assert refused(client.delete_message(NAME)) == "NOT_FOUND"  # 429 says that nothing was done


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 501])
def test_11_1_what_would_fail_again_is_not_repeated(status: int, soon: None) -> None:
    for call in ("GET", "POST"):
        code, requests = fails(Reply(status, "no"), call)
        assert code == Code.of_http(status)
        assert requests == 1


def test_11_2_truncated_exponential_backoff() -> None:
    busy = ErrorCode(Code.UNAVAILABLE, family=Code, http_status=503)
    for failures in range(1, 12):
        pauses = [
            retries.pause_before_retry(busy, failures=failures, repeatable=True, remaining=1e6) for _ in range(20)
        ]
        low = min(2.0 ** (failures - 1), 32.0)
        assert all(pause is not None and low <= pause <= min(low + 1, 32.0) for pause in pauses)
    assert retries.pause_before_retry(busy, failures=1, repeatable=True, remaining=0.5) is None
    assert retries.pause_before_retry(busy, failures=1000, repeatable=True, remaining=1e9) is None


@pytest.mark.parametrize("told", ["header", "RetryInfo"])
def test_11_3_retry_after_is_obeyed(told: str, soon: None) -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.2s"}]
    reply = error(429, "RESOURCE_EXHAUSTED", details=details if told == "RetryInfo" else [])
    reply.headers = {"Retry-After": "0.2"} if told == "header" else {}
    with HTTPPeer(reply) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        begun = time.monotonic()
        assert calls(client)["POST"]()[1] == 0
        assert time.monotonic() - begun >= 0.2
        assert len(peer.requests) == 2


def test_11_3_retry_after_a_date() -> None:
    reply = error(429, "RESOURCE_EXHAUSTED")
    reply.headers = {"Retry-After": formatdate(time.time() + 60, usegmt=True)}
    code, requests = fails(reply)
    assert 50 < (code.retry_after or 0) <= 60
    assert requests == 1


def test_11_3_no_longer_than_the_deadline(gate: Gate, space: Space) -> None:
    gate.faults.add("spaces.get", "error", status=429, retry_after=60)
    begun = time.monotonic()
    result, code = space.client.get_space(space, timeout=5)
    assert time.monotonic() - begun < 4
    assert result is None
    assert code == Code.RESOURCE_EXHAUSTED
    assert code.retry_after == 60


def test_11_reads_and_writes_of_a_space_are_counted_apart(gate: Gate, space: Space) -> None:
    gate.faults.add("spaces.messages.create", "error", status=429, retry_after=60)
    for held_back in (False, True):
        code = space.client.create_message(space, {"text": "x"}, timeout=5)[1]
        assert code == Code.RESOURCE_EXHAUSTED
        assert ("held back" in code.message) is held_back
    assert unwrap(space.client.list_messages(space)) == {}


def test_11_a_storm_of_429(gate: Gate, user: GoogleChatClient, soon: None) -> None:
    space = Space(gate, user, gate.google.add_space())
    storm = [
        gate.faults.add("spaces.messages.create", "error", status=429, retry_after=0.05, count=20, skip=20 * turn)
        for turn in range(5)
    ]
    failed = []

    def send(sender: int) -> None:
        for number in range(10):
            error = user.create_message(space, {"text": f"{sender} {number}"})[1]
            if error:
                failed.append(error)

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [fault.hits for fault in storm] == [20] * 5
    texts = [message["text"] for message in user.iter_messages(space)]
    assert sorted(texts) == sorted(f"{sender} {number}" for sender in range(20) for number in range(10))


def test_11_nothing_is_doubled_when_replies_are_lost(gate: Gate, space: Space) -> None:
    lost = gate.faults.add("spaces.messages.create", "drop_reply", count=2)
    result, error = space.client.create_message(space, {"text": "once"}, request_id=f"once in {space}", timeout=0.2)
    assert result is None
    assert error == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
    assert error.maybe_delivered
    again = unwrap(space.client.create_message(space, {"text": "once"}, request_id=f"once in {space}"))
    assert lost.hits == 2
    assert [message["name"] for message in space.page()["messages"]] == [again["name"]]


def test_11_a_reply_that_is_lost_is_asked_for_again_within_the_deadline(gate: Gate, space: Space) -> None:
    lost = gate.faults.add("spaces.messages.create", "drop_reply")
    created = unwrap(space.client.create_message(space, {"text": "once"}, timeout=1.0))
    assert lost.hits == 1
    assert [message["name"] for message in space.page()["messages"]] == [created["name"]]


def test_call_failed_carries_the_code() -> None:
    assert str(CallFailed(read_error(404, {}, b""))).startswith("5 NOT_FOUND")
