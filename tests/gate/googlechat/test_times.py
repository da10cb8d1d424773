from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm_sdk.gate.googlechat.times import duration, instant, rfc3339

SECOND = 10**9
MICROSECONDS = st.integers(min_value=0, max_value=4 * 10**15)


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:01z", SECOND),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T00:00:00.5Z", SECOND // 2),
        ("2012-04-21T11:30:00-04:00", 1335022200 * SECOND),
        ("2012-04-21T15:30:00+00:00", 1335022200 * SECOND),
        ("1969-12-31T23:59:59Z", -SECOND),
        ("2016-12-31T23:59:60Z", 1483228800 * SECOND),
        ("9999-12-31T23:59:59-23:59", 253402387139 * SECOND),
        ("0001-01-01T00:00:00+23:59", -62135683140 * SECOND),
    ],
)
def test_instants(text: str, nanoseconds: int) -> None:
    assert instant(text) == nanoseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2012-04-21",
        "2012-04-21T11:30:00",
        "2012-04-21 11:30:00Z",
        "2012-04-21T11:30Z",
        "2012-13-01T00:00:00Z",
        "2012-02-30T00:00:00Z",
        "2012-04-21T24:00:00Z",
        "2012-04-21T11:30:61Z",
        "0000-01-01T00:00:00Z",
        "2012-04-21T11:30:00.Z",
        "2012-04-21T11:30:00.1234567890Z",
        "2012-04-21T11:30:00+24:00",
        "2012-04-21T11:30:00+01:60",
        "2012-04-21T11:30:00 00:00",
        "2012-04-21T11:30:00+0000",
        "\u0662\u066012-04-21T11:30:00Z",
        "2012-04-21T11:30:00Z\n",
    ],
)
def test_no_instants(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        instant(text)


@given(MICROSECONDS)
def test_what_is_written_reads_back(us: int) -> None:
    assert instant(rfc3339(us)) == us * 1000


def test_no_digits_that_say_nothing() -> None:
    assert rfc3339(0) == "1970-01-01T00:00:00Z"
    assert rfc3339(1_500_000) == "1970-01-01T00:00:01.500Z"
    assert rfc3339(1_500_001) == "1970-01-01T00:00:01.500001Z"


def test_durations() -> None:
    assert duration("3600s") == 3_600_000_000
    assert duration("1.5s") == 1_500_000
    assert duration("-0.000001s") == -1
    for text in ("", "s", "3600", "1h", "1.s", " 1s", "1e3s"):
        with pytest.raises(ValueError, match="duration"):
            duration(text)
