from __future__ import annotations

from time import monotonic

from rtm_sdk.deadline import Deadline


def test_counts_down_from_its_budget() -> None:
    before = monotonic()
    deadline = Deadline(60)
    after = monotonic()
    assert before + 60 <= deadline.at <= after + 60
    assert 59 < deadline.remaining() <= 60
    assert deadline.remaining() >= deadline.remaining()
    assert not deadline.expired


def test_is_over_when_nothing_is_left() -> None:
    for seconds in (0, -1):
        deadline = Deadline(seconds)
        assert deadline.expired
        assert deadline.remaining() <= seconds


def test_says_what_is_left() -> None:
    assert repr(Deadline(2.5)).endswith("of 2.5 s left>")
