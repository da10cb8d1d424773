from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm_sdk.errors import BEARYCHAT_ERROR, FPNN_ERROR, OK, Code, ErrorCode
from rtm_sdk.http.retries import not_carried_out, pause_before_retry, retry_after


def google(code: Code, **options: Any) -> ErrorCode:
    return ErrorCode(code, family=Code, http_status=code.http, **options)


def pause(error: ErrorCode, **options: Any) -> float | None:
    return pause_before_retry(error, **{"failures": 1, "repeatable": True, "remaining": 1000.0, **options})


NEVER_WRITTEN = ErrorCode(FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION)
CUT_BEFORE_THE_END = ErrorCode(FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED)
LOST_ANSWER = ErrorCode(FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED, maybe_delivered=True)
TIMEOUT = ErrorCode(FPNN_ERROR.FPNN_EC_CORE_TIMEOUT, maybe_delivered=True)
RATE_LIMIT = ErrorCode(BEARYCHAT_ERROR.RATE_LIMIT, family=BEARYCHAT_ERROR, http_status=200)
HTML_502 = ErrorCode(FPNN_ERROR.FPNN_EC_CORE_HTTP_ERROR, http_status=502)


class TestWhatIsKnown:
    @pytest.mark.parametrize(
        ("error", "any_request", "repeatable_request"),
        [
            (NEVER_WRITTEN, True, True),
            (CUT_BEFORE_THE_END, True, True),
            (LOST_ANSWER, False, True),
            (TIMEOUT, False, True),
            (RATE_LIMIT, True, True),
            (HTML_502, False, True),
            (google(Code.RESOURCE_EXHAUSTED), True, True),
            (google(Code.UNAVAILABLE, retry_after=1.0), True, True),
            (google(Code.UNAVAILABLE), False, True),
            (google(Code.INTERNAL), False, True),
            (google(Code.UNKNOWN), False, True),
            (google(Code.DEADLINE_EXCEEDED), False, True),
            (google(Code.DATA_LOSS), False, False),
            (google(Code.ABORTED), False, False),
            (google(Code.CANCELLED), False, False),
            (google(Code.INVALID_ARGUMENT), False, False),
            (google(Code.NOT_FOUND), False, False),
            (google(Code.ALREADY_EXISTS), False, False),
            (google(Code.PERMISSION_DENIED), False, False),
            (google(Code.FAILED_PRECONDITION), False, False),
            (google(Code.OUT_OF_RANGE), False, False),
            (google(Code.UNIMPLEMENTED), False, False),
            (google(Code.UNAUTHENTICATED), False, False),
            (ErrorCode(FPNN_ERROR.FPNN_EC_CORE_HTTP_ERROR, http_status=302), False, False),
            (ErrorCode(BEARYCHAT_ERROR.NOT_FOUND, family=BEARYCHAT_ERROR, http_status=404), False, False),
            (ErrorCode(FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE, http_status=200, maybe_delivered=True), False, False),
            (OK, False, False),
        ],
        ids=str,
    )
    def test_decides(self, error: ErrorCode, any_request: bool, repeatable_request: bool) -> None:
        assert (pause(error, repeatable=False) is not None) is any_request
        assert (pause(error, repeatable=True) is not None) is repeatable_request

    @given(
        code=st.sampled_from(Code),
        http_status=st.sampled_from([None, 200, 400, 404, 429, 500, 502, 503, 504]),
        maybe_delivered=st.booleans(),
        retry_after=st.none() | st.floats(0, 100),
        failures=st.integers(1, 30),
        remaining=st.floats(-1, 100),
    )
    def test_what_may_have_been_carried_out_is_never_repeated(
        self,
        code: Code,
        http_status: int | None,
        maybe_delivered: bool,
        retry_after: float | None,
        failures: int,
        remaining: float,
    ) -> None:
        error = ErrorCode(
            code, family=Code, http_status=http_status, maybe_delivered=maybe_delivered, retry_after=retry_after
        )
        decided = pause_before_retry(error, failures=failures, repeatable=False, remaining=remaining)
        if decided is not None:
            assert not_carried_out(error)
            assert 0 <= decided < remaining


class TestPauses:
    def test_grow_to_a_bound(self) -> None:
        error = google(Code.UNAVAILABLE)
        for failures, shortest in enumerate([1, 2, 4, 8, 16, 32, 32, 32], 1):
            found = pause(error, failures=failures)
            assert found is not None
            assert shortest <= found <= min(shortest + 1, 32)

    def test_are_not_the_same_for_all(self) -> None:
        assert len({pause(google(Code.UNAVAILABLE)) for _ in range(20)}) > 10

    @pytest.mark.parametrize("error", [google(Code.UNAVAILABLE), LOST_ANSWER, NEVER_WRITTEN])
    def test_come_to_an_end(self, error: ErrorCode) -> None:
        assert pause(error, failures=100) is None

    def test_retry_after_counts(self) -> None:
        found = pause(google(Code.RESOURCE_EXHAUSTED, retry_after=7.0), failures=5)
        assert found is not None
        assert 7 <= found < 7.2

    def test_after_the_first_break_at_once(self) -> None:
        assert pause(LOST_ANSWER) == 0.0
        assert (pause(LOST_ANSWER, failures=2) or 0) > 0

    @pytest.mark.parametrize("error", [google(Code.UNAVAILABLE), google(Code.UNAVAILABLE, retry_after=5.0)])
    def test_beyond_the_deadline_there_is_none(self, error: ErrorCode) -> None:
        assert pause(error, remaining=0.5) is None

    def test_to_connect_are_short(self) -> None:
        assert (pause(NEVER_WRITTEN) or 9) < 0.3
        assert (pause(NEVER_WRITTEN, failures=15) or 9) <= 2


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("", None),
            ("5", 5.0),
            ("0", 0.0),
            ("0.5", 0.5),
            (" 7 ", 7.0),
            ("-1", None),
            ("nan", None),
            ("inf", None),
            ("1e12", None),
            ("soon", None),
            ("Sun, 22 Nov 2026 00:00:30 GMT", 30.0),
            ("Sunday, 22-Nov-26 00:00:30 GMT", 30.0),
            ("Sat, 21 Nov 2026 00:00:00 GMT", 0.0),
            ("Sun, 22 Nov 2026 00:00:30", 30.0),
        ],
    )
    def test_seconds_or_a_date_by_the_clock_of_the_service(self, value: str, seconds: float | None) -> None:
        assert retry_after({"Retry-After": value, "Date": "Sun, 22 Nov 2026 00:00:00 GMT"}) == seconds

    def test_date_without_a_clock_of_the_service(self) -> None:
        assert retry_after({"Retry-After": "Sat, 01 Jan 2000 00:00:00 GMT"}) == 0.0
        assert (retry_after({"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}) or 0) > 1e8

    @pytest.mark.parametrize(
        ("details", "seconds"),
        [
            ([{"retryDelay": "3s"}], 3.0),
            ([{"retryDelay": "3.5s"}, {"other": 1}, {"retryDelay": "1s"}], 3.5),
            ([{"retryDelay": 3}], None),
            ([{"retryDelay": "3"}], None),
            ([{"retryDelay": "-3s"}], None),
            ([{"retryDelay": "xs"}], None),
        ],
    )
    def test_retry_info(self, details: list[dict[str, Any]], seconds: float | None) -> None:
        assert retry_after({}, details) == seconds

    def test_the_longer_one_counts(self) -> None:
        assert retry_after({"Retry-After": "5"}, [{"retryDelay": "3s"}]) == 5.0
        assert retry_after({"Retry-After": "2"}, [{"retryDelay": "3s"}]) == 3.0

    @given(st.text())
    def test_whatever_comes(self, text: str) -> None:
        checks: list[Callable[[], float | None]] = [
            lambda: retry_after({"Retry-After": text}),
            lambda: retry_after({"Date": text, "Retry-After": "Sun, 22 Nov 2026 00:00:30 GMT"}),
            lambda: retry_after({}, [{"retryDelay": text}]),
        ]
        for check in checks:
            seconds = check()
            assert seconds is None or 0 <= seconds < 1e10
