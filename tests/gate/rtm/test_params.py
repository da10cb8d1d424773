from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate.refusal import Refusal
from rtm_sdk.gate.rtm import params as read
from rtm_sdk.gate.store import MessageKind


def code(reader: Any, value: Any, *args: Any) -> int:
    with pytest.raises(Refusal) as refused:
        reader({"x": value}, "x", *args)
    assert "'x'" in refused.value.text
    return refused.value.code


@pytest.mark.parametrize(
    "reader", [read.int64, read.int32, read.int16, read.int8, read.uid, read.positive, read.duration, read.boolean,
               read.text, read.body, read.ids, read.uids]
)  # fmt: skip
class TestEveryReader:
    def test_a_missing_parameter(self, reader: Any) -> None:
        with pytest.raises(Refusal, match="the parameter 'x' is missing") as refused:
            reader({}, "x")
        assert refused.value.code == 10009

    @pytest.mark.parametrize("value", [None, 1.5, {"a": None}])
    def test_a_wrong_type(self, reader: Any, value: Any) -> None:
        assert code(reader, value) == 10010


class TestIntegers:
    @pytest.mark.parametrize(("reader", "bits"), [(read.int64, 64), (read.int32, 32), (read.int16, 16), (read.int8, 8)])
    def test_ranges(self, reader: Any, bits: int) -> None:
        least, most = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
        assert reader({"x": least}, "x") == least
        assert reader({"x": most}, "x") == most
        for value in (least - 1, most + 1, True, 1.0, "1", b"1", [1]):
            assert code(reader, value) == 10010

    def test_optional(self) -> None:
        assert read.int64({}, "x", 5) == 5
        assert read.int64({"x": 6}, "x", 5) == 6
        assert code(read.int64, "6", 5) == 10010
        assert code(read.int64, None, 5) == 10010

    @pytest.mark.parametrize(
        ("reader", "expected"), [(read.uid, 200001), (read.positive, 200034), (read.duration, 200034)]
    )
    def test_positive(self, reader: Any, expected: int) -> None:
        assert reader({"x": 1}, "x") == 1
        for value in (0, -1):
            assert code(reader, value) == expected

    def test_counts(self) -> None:
        assert read.count_of({"x": 7}, "x", 20) == 7
        assert read.count_of({"x": 32767}, "x", 20) == 20
        assert code(read.count_of, 0, 20) == code(read.count_of, -1, 20) == 200034
        assert code(read.count_of, 32768, 20) == 10010


class TestTexts:
    def test_text(self) -> None:
        assert read.text({"x": "a"}, "x") == read.text({"x": b"a"}, "x") == "a"
        assert read.text({"x": b"\xff"}, "x") == b"\xff"

    def test_body(self) -> None:
        assert read.body({"x": "a"}, "x") == "a"
        assert read.body({"x": b"a"}, "x") == b"a"

    def test_size(self) -> None:
        assert [read.size(value) for value in ("", "abc", "äö", "\U0001f600", b"\xff")] == [0, 3, 4, 4, 1]

    def test_boolean(self) -> None:
        assert read.boolean({"x": True}, "x") is True
        assert code(read.boolean, 1) == 10010


class TestLists:
    def test_each_once_in_order(self) -> None:
        assert read.ids({"x": [3, 1, 3]}, "x") == read.uids({"x": [3, 1, 3]}, "x") == [3, 1]

    def test_a_map_is_the_list_of_its_keys(self) -> None:
        assert read.uids({"x": {3: {}, "1": {}}}, "x") == [3, 1]
        assert code(read.uids, {"one": {}}) == 10010

    def test_what_they_may_hold(self) -> None:
        assert code(read.ids, []) == code(read.uids, {}) == 200033
        assert code(read.ids, [1, 0]) == 200034
        assert code(read.uids, [1, -5]) == 200001
        assert code(read.uids, [2**63]) == 200001
        assert (
            code(read.uids, ["1"]) == code(read.uids, [True]) == code(read.ids, [1.0]) == code(read.ids, "12") == 10010
        )
        assert code(read.uids, [1, 2, 3], 2) == 200032
        assert read.uids({"x": [1, 2]}, "x", 2) == [1, 2]

    def test_mtypes(self) -> None:
        assert read.mtypes({}) == read.mtypes({"mtypes": []}) == ()
        assert read.mtypes({"mtypes": [30, 32, 30]}) == (30, 32)
        for value in ([128], ["30"], 30):
            with pytest.raises(Refusal) as refused:
                read.mtypes({"mtypes": value})
            assert refused.value.code == 10010


class TestTogether:
    def test_span(self) -> None:
        assert read.span({}) == (0, 0)
        assert read.span({"begin": 5, "end": 9}) == (5, 9)
        with pytest.raises(Refusal) as refused:
            read.span({"begin": -1})
        assert refused.value.code == 200034
        with pytest.raises(Refusal) as refused:
            read.span({"begin": 1}, None)
        assert refused.value.code == 10009

    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({"type": 1, "xid": 5}, (MessageKind.P2P, 5)),
            ({"type": 2, "xid": 5}, (MessageKind.GROUP, 5)),
            ({"type": 3, "xid": 5}, (MessageKind.ROOM, 5)),
            ({"type": 4, "xid": 0}, (MessageKind.BROADCAST, 0)),
            ({"type": 1, "xid": 0}, 200001),
            ({"type": 2, "xid": 0}, 200034),
            ({"type": 3, "xid": -1}, 200034),
            ({"type": 4, "xid": 1}, 200034),
            ({"type": 0, "xid": 1}, 200034),
            ({"type": 5, "xid": 1}, 200034),
            ({"type": 11, "xid": 1}, 200034),
            ({"type": 128, "xid": 1}, 10010),
            ({"type": "1", "xid": 1}, 10010),
            ({"type": 1}, 10009),
            ({"xid": 1}, 10009),
        ],
    )
    def test_kind_and_xid(self, params: dict[str, Any], expected: Any) -> None:
        try:
            assert read.kind_and_xid(params) == expected
        except Refusal as refused:
            assert refused.code == expected
