from __future__ import annotations

import pytest

from rtm_sdk.errors import FPNN_ERROR, RTM_ERROR, ErrorCode
from rtm_sdk.rtm.retries import pause_before_retry

CLOSED = FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
NOT_EXECUTED = [
    FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION,
    FPNN_ERROR.FPNN_EC_CORE_WORK_QUEUE_FULL,
    FPNN_ERROR.FPNN_EC_CORE_SERVER_STOPPING,
    RTM_ERROR.RTM_EC_SAME_SIGN,
]


def decide(
    code: int, *, failures: int = 1, repeatable: bool = False, remaining: float = 30.0, maybe: bool = False
) -> float | None:
    error = ErrorCode(code, maybe_delivered=maybe)
    return pause_before_retry(error, failures=failures, repeatable=repeatable, remaining=remaining)


class TestLostConnection:
    def test_what_may_be_delivered_is_repeated_only_when_that_does_no_harm(self) -> None:
        assert decide(CLOSED, maybe=True) is None
        assert decide(CLOSED, maybe=True, repeatable=True) == 0

    def test_what_was_not_sent_is_repeated(self) -> None:
        assert decide(CLOSED) == 0

    def test_a_quest_that_breaks_its_connection_again_and_again_is_given_up(self) -> None:
        assert decide(CLOSED, maybe=True, repeatable=True, failures=7) is not None
        assert decide(CLOSED, maybe=True, repeatable=True, failures=8) is None
        assert decide(CLOSED, failures=100) is not None, "what was not sent has not broken it"

    def test_at_once_only_the_first_time(self) -> None:
        pause = decide(CLOSED, failures=2, repeatable=True, maybe=True)
        assert pause is not None and 0.1 <= pause <= 0.2


class TestNotExecuted:
    @pytest.mark.parametrize("code", NOT_EXECUTED)
    @pytest.mark.parametrize("repeatable", [True, False])
    def test_is_repeated_after_a_pause(self, code: int, repeatable: bool) -> None:
        for _ in range(50):
            pause = decide(code, repeatable=repeatable)
            assert pause is not None and 0.05 <= pause <= 0.1


class TestAnswered:
    @pytest.mark.parametrize(
        "code", [each for each in (*FPNN_ERROR, *RTM_ERROR) if each and each not in (CLOSED, *NOT_EXECUTED)]
    )
    @pytest.mark.parametrize("maybe", [True, False])
    def test_any_other_error_is_final(self, code: int, maybe: bool) -> None:
        assert decide(code, repeatable=True, maybe=maybe) is None

    def test_so_is_one_nobody_knows(self) -> None:
        assert decide(4711, repeatable=True) is None


class TestTime:
    def test_the_pauses_grow_to_a_limit(self) -> None:
        for failures in range(1, 200):
            longest = min(2.0, 0.05 * 2**failures)
            pause = decide(NOT_EXECUTED[0], failures=failures)
            assert pause is not None and longest / 2 <= pause <= longest

    def test_no_retry_that_would_come_too_late(self) -> None:
        assert decide(CLOSED, remaining=0.0) is None
        assert decide(CLOSED, remaining=-1.0) is None
        assert decide(CLOSED, remaining=0.001) == 0
        for _ in range(50):
            assert decide(NOT_EXECUTED[0], remaining=0.1) is None
            assert decide(NOT_EXECUTED[0], remaining=0.21) is not None
