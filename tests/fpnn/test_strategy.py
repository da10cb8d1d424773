from __future__ import annotations

import pytest

from rtm_sdk.fpnn.strategy import KeepAlive, RegressiveStrategy


class TestRegressiveStrategy:
    def test_published_sequence(self) -> None:
        strategy = RegressiveStrategy()
        assert [strategy.pause(failures) for failures in range(6)] == [0] * 6
        pauses = [strategy.pause(failures) for failures in range(6, 14)]
        assert pauses == pytest.approx([2, 25.6, 49.2, 72.8, 96.4, 120, 120, 120])

    def test_parameters_of_ones_own(self) -> None:
        strategy = RegressiveStrategy(
            start_connect_failed_count=1, first_interval_seconds=1, max_interval_seconds=4, linear_regressive_count=3
        )
        assert [strategy.pause(failures) for failures in range(7)] == [0, 0, 1, 2, 3, 4, 4]

    def test_no_steps(self) -> None:
        strategy = RegressiveStrategy(start_connect_failed_count=0, linear_regressive_count=0)
        assert [strategy.pause(failures) for failures in (1, 2, 3)] == [2, 120, 120]

    def test_never_above_the_longest_pause(self) -> None:
        assert RegressiveStrategy(first_interval_seconds=9, max_interval_seconds=3).pause(6) == 3
        assert RegressiveStrategy().pause(10**9) == 120

    def test_jitter(self) -> None:
        strategy = RegressiveStrategy()
        assert strategy.jittered_pause(0) == 0
        at_once = [strategy.jittered_pause(5) for _ in range(200)]
        assert all(0 <= pause <= 0.1 for pause in at_once)
        later = [strategy.jittered_pause(7) for _ in range(200)]
        assert all(0.75 * 25.6 <= pause <= 25.6 for pause in later)
        assert len(set(at_once)) > 100 < len(set(later))


class TestKeepAlive:
    def test_when_a_peer_is_lost(self) -> None:
        assert KeepAlive().lost_after == 30
        assert KeepAlive(interval=1, retries=3, timeout=0.5).lost_after == 2.5
        assert KeepAlive(retries=0).lost_after == 20
