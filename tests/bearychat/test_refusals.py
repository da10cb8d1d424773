"""Error answers of any shape become the right error code."""

from __future__ import annotations

import pickle
from email.utils import formatdate
from time import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm_sdk.bearychat import RateLimit
from rtm_sdk.bearychat.refusals import read_error, refusal_in
from rtm_sdk.errors import BEARYCHAT_ERROR, FPNN_ERROR

LIMITS = {"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "0"}


def test_the_code_of_the_service() -> None:
    error_code = read_error(404, {}, '{"code": 6, "error": "文件不存在"}'.encode())
    assert (error_code, error_code.family) == (6, BEARYCHAT_ERROR)
    assert (error_code.name, error_code.message, error_code.http_status) == ("FILE_NOT_FOUND", "文件不存在", 404)
    assert not error_code.retryable
    copy = pickle.loads(pickle.dumps(error_code))
    assert (copy.name, copy.http_status) == ("FILE_NOT_FOUND", 404)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><h1>502 Bad Gateway</h1></html>",
        b"",
        b'{"code": 6, "err',
        b"[6]",
        b"6",
        b'{"error": "without a code"}',
        b'{"code": "6", "error": "a text"}',
        b'{"code": true}',
        b'{"code": 0, "error": ""}',
        b'{"code": 99999999999}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_the_service_did_not_write(body: bytes) -> None:
    error_code = read_error(502, {}, body)
    assert error_code == FPNN_ERROR.FPNN_EC_CORE_HTTP_ERROR
    assert error_code.family is None
    assert error_code.http_status == 502
    assert error_code.message.startswith("HTTP 502")
    assert len(error_code.message) <= 300


def test_the_text_of_a_proxy_is_kept() -> None:
    assert read_error(503, {}, b"<p>down  for\n maintenance</p>").message == "HTTP 503: <p>down for maintenance</p>"


@given(st.integers(400, 599), st.binary(max_size=200))
def test_any_body(status: int, body: bytes) -> None:
    error_code = read_error(status, {}, body)
    assert error_code
    assert error_code.http_status == status


def test_the_rate_limit_says_when_to_come_again() -> None:
    limited = b'{"code": 13, "error": "too many"}'
    now = int(time())
    headers = {**LIMITS, "x-ratelimit-reset": str(now + 600)}
    assert read_error(429, headers, limited).retry_after == pytest.approx(600, abs=2)
    elsewhere = {**headers, "Date": formatdate(now + 300)}
    assert read_error(429, elsewhere, limited).retry_after == 300
    assert read_error(429, {**headers, "Retry-After": "7"}, limited).retry_after == 7
    assert read_error(400, headers, limited).retry_after == pytest.approx(600, abs=2)
    assert read_error(429, {**headers, "x-ratelimit-remaining": "5"}, limited).retry_after is None
    assert read_error(429, {**headers, "x-ratelimit-reset": str(now - 5)}, limited).retry_after == 0
    assert read_error(429, {}, limited).retry_after is None
    assert read_error(404, headers, b'{"code": 6, "error": ""}').retry_after is None


def test_a_code_in_a_successful_answer() -> None:
    found = refusal_in({"code": 5, "error": 7}, 200)
    assert found is not None
    assert (found, found.message, found.http_status) == (5, "", 200)
    without: list[Any] = [{"code": 0, "result": None}, {}, [], None, {"code": None}, {"code": 5.5}]
    for data in without:
        assert refusal_in(data, 200) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({**LIMITS, "x-ratelimit-reset": "1700000000"}, RateLimit(1000, 0, 1700000000)),
        (LIMITS, None),
        ({}, None),
        ({**LIMITS, "x-ratelimit-reset": "soon"}, None),
    ],
)
def test_rate_limit_headers(headers: dict[str, str], expected: RateLimit | None) -> None:
    assert RateLimit.of(headers) == expected
