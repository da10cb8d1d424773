from __future__ import annotations

import time

from rtm_sdk.rtm.duplicates import Duplicates


def test_a_key_is_new_once() -> None:
    duplicates = Duplicates()
    assert [duplicates.is_new(key, 0.0) for key in (1, 2, 1, (1, 2), 2, (1, 2))] == [
        True,
        True,
        False,
        True,
        False,
        False,
    ]


def test_and_new_again_after_the_window() -> None:
    duplicates = Duplicates(window=300)
    assert duplicates.is_new("a", 0.0)
    assert not duplicates.is_new("a", 300.0)
    assert duplicates.is_new("a", 600.1), "although nothing else came that could have pushed it out"


def test_each_sight_renews_the_age() -> None:
    duplicates = Duplicates(window=300)
    assert duplicates.is_new("a", 0.0)
    for now in range(200, 2000, 200):
        assert not duplicates.is_new("a", float(now))
        assert duplicates.is_new(now, float(now))


def test_what_is_old_is_forgotten() -> None:
    duplicates = Duplicates(window=10)
    for now in range(100):
        duplicates.is_new(now, float(now))
    assert len(duplicates) == 11


def test_there_is_a_bound() -> None:
    duplicates = Duplicates(most=100)
    for key in range(1000):
        assert duplicates.is_new(key, 0.0)
    assert len(duplicates) == 100
    assert not duplicates.is_new(999, 0.0)
    assert duplicates.is_new(0, 0.0)


def test_a_look_costs_the_same_however_many_are_remembered() -> None:
    def cost(remembered: int) -> float:
        duplicates = Duplicates(most=remembered)
        for key in range(remembered):
            duplicates.is_new(key, 0.0)
        start = time.perf_counter()
        for key in range(remembered, remembered + 2000):
            duplicates.is_new(key, 0.0)
        return time.perf_counter() - start

    few = min(cost(10) for _ in range(5))
    many = min(cost(50_000) for _ in range(2))
    assert many < 20 * few, "a scan of the table would cost a thousand times as much"
