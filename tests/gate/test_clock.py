from __future__ import annotations

import time

from rtm_sdk.gate.clock import Clock


def test_it_is_the_time_of_the_machine() -> None:
    clock = Clock()
    before = time.time()
    assert before <= clock.seconds() <= time.time()
    assert before * 1000 - 1 <= clock.ms() <= time.time() * 1000


def test_it_can_be_set_wrong() -> None:
    clock = Clock()
    clock.offset = -3600
    assert time.time() - 3601 < clock.seconds() < time.time() - 3599
    assert abs(clock.ms() - clock.seconds() * 1000) < 1000
