from __future__ import annotations

from rtm_sdk.gate import Gate

from .programs import run

SHOP, BUYER, STAFF = 1000, 2001, 500


def test_with_the_gate_of_the_environment() -> None:
    with Gate() as gate:
        done = run(gate, "old_program_with_compat")
        assert (done.returncode, done.stderr) == (0, "")
        assert [(each.mtype, each.to_id) for each in gate.messages(from_uid=SHOP)] == [
            (30, BUYER),
            (30, STAFF),
            (50, BUYER),
            (30, BUYER),
        ]
    for word in ("sent, mid", "sent in the background, mid", "file sent at", "history: Your parcel"):
        assert word in done.stdout


def test_its_one_line_runs() -> None:
    done = run(None, "old_program_with_compat", "--gate")
    assert (done.returncode, done.stderr) == (0, "")
    assert "heard in 500: A-17 was shipped." in done.stdout
