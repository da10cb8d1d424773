from __future__ import annotations

import time
from typing import Any

import pytest

from rtm_sdk.gate import Gate
from rtm_sdk.gate.clock import Clock
from rtm_sdk.gate.refusal import Refusal
from rtm_sdk.gate.rtm.signature import Signatures

from ..raw_client import RawClient, Refused


def refusal(client: RawClient, params: dict[str, Any]) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        client.raw("getusergroups", params)
    return refused.value.code, refused.value.text


def signed(client: RawClient, **options: int) -> dict[str, Any]:
    return client.signed("getusergroups", {"uid": 1}, **options)


class TestSign:
    def test_the_worked_example(self) -> None:
        clock = Clock()
        clock.offset = 1700000000 - time.time()
        signatures = Signatures({11000001: "s3cret"}, clock, 60)
        params = {"sign": "5800445187310B3F5CFDBC9E2D4A41E5", "salt": 1234567890123, "ts": 1700000000}
        signatures.check(11000001, "sendmsg", params)

    @pytest.mark.parametrize("change", [str.lower, lambda sign: sign[:-1], lambda sign: "ü" + sign[1:], lambda _: ""])
    def test_a_wrong_one(self, client: RawClient, change: Any) -> None:
        params = signed(client)
        code, text = refusal(client, {**params, "sign": change(params["sign"])})
        assert code == 200002
        assert client.secret not in text and params["sign"] not in text

    def test_the_wrong_secret(self, gate: Gate) -> None:
        with RawClient(gate, secret="wrong") as client:
            assert refusal(client, signed(client))[0] == 200002

    @pytest.mark.parametrize("change", [{"salt": 5}, {"ts": 5}])
    def test_it_holds_for_its_own_quest_only(self, client: RawClient, change: dict[str, int]) -> None:
        assert refusal(client, {**signed(client), **change})[0] == 200002

    def test_it_holds_for_its_own_method_only(self, client: RawClient) -> None:
        with pytest.raises(Refused) as refused:
            client.raw("removetoken", signed(client))
        assert refused.value.code == 200002

    def test_negative_salts(self, client: RawClient) -> None:
        assert client.raw("getusergroups", signed(client, salt=-(2**63))) == {"gids": []}

    @pytest.mark.parametrize("name", ["pid", "sign", "salt", "ts"])
    def test_a_missing_part(self, client: RawClient, name: str) -> None:
        params = signed(client)
        del params[name]
        assert refusal(client, params) == (10009, f"the parameter '{name}' is missing")

    @pytest.mark.parametrize(
        "wrong",
        [{"pid": "11000001"}, {"pid": True}, {"pid": 2**31}, {"sign": 5}, {"salt": 1.0}, {"salt": 2**63}, {"ts": None}],
    )
    def test_a_part_of_the_wrong_type(self, client: RawClient, wrong: dict[str, Any]) -> None:
        assert refusal(client, {**signed(client), **wrong})[0] == 10010


class TestProject:
    @pytest.mark.parametrize("pid", [0, -1, 11000002])
    def test_unknown(self, client: RawClient, pid: int) -> None:
        assert refusal(client, signed(client, pid=pid)) == (200001, f"there is no project {pid} at this gate")


class TestClock:
    @pytest.mark.parametrize("off", [-295, 0, 5, 295])
    def test_inside_the_window(self, client: RawClient, off: int) -> None:
        client.raw("getusergroups", signed(client, ts=int(time.time()) + off))

    @pytest.mark.parametrize(("off", "side"), [(-310, "behind"), (310, "ahead of"), (-(10**9), "behind")])
    def test_outside_of_it(self, client: RawClient, off: int, side: str) -> None:
        code, text = refusal(client, signed(client, ts=int(time.time()) + off))
        assert code == 200008
        assert f"s {side} the clock of the gate, 300 s are allowed" in text

    def test_a_gate_with_another_window(self) -> None:
        with Gate(clock_window=2) as gate, RawClient(gate) as client:
            client.raw("getusergroups", signed(client))
            assert refusal(client, signed(client, ts=int(time.time()) - 10))[0] == 200008

    def test_a_gate_whose_clock_is_wrong(self, gate: Gate, client: RawClient) -> None:
        gate.clock.offset = 1000
        assert refusal(client, signed(client))[0] == 200008
        client.raw("getusergroups", signed(client, ts=int(time.time()) + 1000))


class TestReplay:
    def test_the_same_quest_again(self, gate: Gate, client: RawClient) -> None:
        params = signed(client)
        client.raw("getusergroups", params)
        assert refusal(client, params)[0] == 200006
        with RawClient(gate) as other:
            assert refusal(other, params)[0] == 200006

    def test_other_parameters_do_not_make_it_new(self, client: RawClient) -> None:
        params = signed(client)
        client.raw("getusergroups", params)
        assert refusal(client, {**params, "uid": 2})[0] == 200006

    def test_another_method_does(self, client: RawClient) -> None:
        client.raw("getusergroups", signed(client, salt=5))
        client.raw("removetoken", client.signed("removetoken", {"uid": 1}, salt=5))

    def test_a_refused_sign_is_not_used_up(self, client: RawClient) -> None:
        params = signed(client)
        assert refusal(client, {**params, "sign": "x"})[0] == 200002
        client.raw("getusergroups", params)

    def test_a_quest_that_fails_later_uses_it_up(self, client: RawClient) -> None:
        params = {**signed(client), "uid": 0}
        assert refusal(client, params)[0] == 200001
        assert refusal(client, {**params, "uid": 1})[0] == 200006


class TestMemory:
    """What is remembered stays bounded, and is never forgotten while it would be accepted."""

    def make(self, window: float = 10) -> tuple[Signatures, Clock, RawSigner]:
        clock = Clock()
        return Signatures({1: "x"}, clock, window), clock, RawSigner()

    def test_old_signs_are_forgotten(self) -> None:
        signatures, clock, signer = self.make()
        for second in range(100):
            now = int(clock.seconds())
            for ts in (now - 9, now, now + 9):
                signatures.check(1, "m", signer.params(ts))
            clock.offset = second
        assert len(signatures._seen) <= 22
        assert signatures._number == sum(map(len, signatures._seen.values())) <= 66

    def test_over_the_bound_the_oldest_are_refused_by_the_clock(self) -> None:
        signatures, clock, signer = self.make()
        signatures._max_seen = 10
        now = int(clock.seconds())
        old = [signer.params(now - 3) for _ in range(5)]
        for params in (*old, *(signer.params(now) for _ in range(5))):
            signatures.check(1, "m", params)
        signatures.check(1, "m", signer.params(now))
        assert signatures._number == 6
        for params in (*old, signer.params(now - 3), signer.params(now - 4)):
            with pytest.raises(Refusal) as refused:
                signatures.check(1, "m", params)
            assert refused.value.code == 200008
        signatures.check(1, "m", signer.params(now - 2))


class RawSigner:
    def __init__(self) -> None:
        self.salt = 0

    def params(self, ts: int) -> dict[str, Any]:
        from hashlib import md5

        self.salt += 1
        sign = md5(f"1:x:{self.salt}:m:{ts}".encode(), usedforsecurity=False).hexdigest().upper()
        return {"sign": sign, "salt": self.salt, "ts": ts}
