"""Answers only after what they promise is durable."""

from __future__ import annotations

import pytest

from rtm_sdk.gate import Gate
from rtm_sdk.gate.rtm.methods import METHODS, Answer, Call, Method

from .raw_client import RawClient, Refused
from .test_connection import sendmsg


def burst(client: RawClient, *quests: tuple[str, dict[str, object]]) -> list[int]:
    """All quests in one segment, so in one turn of the gate; the codes of their answers."""
    wires = [client.encode(method, client.signed(method, params)) for method, params in quests]
    client.socket.sendall(b"".join(wire for _, wire in wires))
    codes = []
    for seq, _ in wires:
        try:
            client.receive(seq)
            codes.append(0)
        except Refused as refused:
            codes.append(refused.code)
    return codes


def test_one_commit_for_all_quests_of_a_turn(gate: Gate, client: RawClient) -> None:
    commits: list[str] = []
    store = gate._inside().store
    gate._do(lambda: store._db.set_trace_callback(commits.append))
    assert burst(client, *[("sendmsg", sendmsg(mid)) for mid in range(1, 101)]) == [0] * 100
    gate._do(lambda: store._db.set_trace_callback(None))
    assert commits.count("COMMIT") == commits.count("BEGIN") == 1
    assert sum(statement.startswith("INSERT INTO messages") for statement in commits) == 100


def test_a_turn_that_cannot_be_committed_acknowledges_nothing(
    gate: Gate, client: RawClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def spoil(call: Call) -> Answer:
        call.store.execute("INSERT INTO spoilt VALUES (999)")
        return {}

    monkeypatch.setitem(METHODS, "spoil", Method(spoil, True))
    store = gate._inside().store
    gate._do(lambda: store.execute("PRAGMA foreign_keys = ON"))
    gate._do(
        lambda: store.execute("CREATE TABLE spoilt (id INTEGER REFERENCES messages DEFERRABLE INITIALLY DEFERRED)")
    )
    assert burst(client, ("sendmsg", sendmsg(1)), ("spoil", {}), ("sendmsg", sendmsg(2))) == [20001] * 3
    assert gate.messages() == []
    assert "the store failed: nothing of this turn is kept" in caplog.text
    assert burst(client, ("sendmsg", sendmsg(1)), ("sendmsg", sendmsg(2))) == [0, 0]


def test_a_full_disk_acknowledges_nothing(gate: Gate, client: RawClient, caplog: pytest.LogCaptureFixture) -> None:
    store = gate._inside().store
    (pages,) = gate._do(lambda: store.execute("PRAGMA page_count").fetchone())
    gate._do(lambda: store.execute(f"PRAGMA max_page_count = {pages}"))
    codes = burst(client, *[("sendmsg", sendmsg(mid, msg="x" * 1000)) for mid in range(1, 21)])
    assert set(codes) <= {0, 20001}
    assert 20001 in codes
    assert [message.mid for message in gate.messages()] == [mid for mid, code in enumerate(codes, 1) if code == 0]
    assert "full" in caplog.text

    gate._do(lambda: store.execute("PRAGMA max_page_count = 100000"))
    again = burst(client, *[("sendmsg", sendmsg(mid, msg="x" * 1000)) for mid in range(1, 21)])
    assert again == [0 if code else 200053 for code in codes]
    assert sorted(message.mid for message in gate.messages()) == list(range(1, 21))
