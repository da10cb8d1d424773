from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from rtm_sdk.gate import Gate, MessageKind
from rtm_sdk.gate.clock import Clock
from rtm_sdk.gate.store import Store, StoredFile, conversation

from .raw_client import RawClient
from .test_connection import sendmsg

PID = 1
P2P, GROUP = MessageKind.P2P, MessageKind.GROUP


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(None, Clock())) as store:
        yield store


def add(
    store: Store, mid: int, *, kind: int = GROUP, sender: int = 1, target: int = 5, mtype: int = 30, **more: Any
) -> bool:
    values = {"msg": f"message {mid}", "attrs": "", "mtime": store.stamp(), "kept": True, **more}
    return store.add(PID, kind, sender, target, mtype, mid, **values)


class TestMessages:
    def test_a_mid_is_taken_once_for_each_sender_and_conversation(self, store: Store) -> None:
        assert add(store, 7)
        assert not add(store, 7)
        assert add(store, 7, sender=2)
        assert add(store, 7, target=6)
        assert add(store, 7, kind=MessageKind.ROOM)
        assert add(store, 7, kind=P2P)
        assert add(store, 7, kind=P2P, sender=5, target=1)
        assert len(store.messages()) == 6

    @pytest.mark.parametrize("text", ["", "ü\0x", "\U0001f600", b"", b"\xff\x00", "a" * 100_000])
    def test_bodies_come_back_as_they_were(self, store: Store, text: str | bytes) -> None:
        add(store, 7, msg=text, attrs=text)
        found = store.find(PID, GROUP, 1, 5, 7)
        assert found is not None
        assert (found.message, type(found.message), found.attrs) == (text, type(text), text)

    def test_what_is_not_kept_leaves_its_mid_only(self, store: Store) -> None:
        assert add(store, 7, kept=False, mtime=1234)
        assert not add(store, 7)
        assert store.find(PID, GROUP, 1, 5, 7) is None
        assert store.mtime_of(PID, GROUP, 1, 5, 7) == 1234
        assert store.messages() == []

    def test_the_ids_of_other_systems_are_texts(self, store: Store) -> None:
        kind, space = MessageKind.GOOGLE_CHAT, "spaces/A"
        assert store.add(0, kind, "users/1", space, 0, 1, "text", "", store.stamp(), True)
        (message,) = store.messages(kind=kind, target=space)
        assert (message.from_uid, message.to_id, message.id) == ("users/1", space, store.last_id)
        assert store.hide_row(message.id) == []
        assert store.messages() == []

    def test_times_never_run_backwards(self, store: Store) -> None:
        first = store.stamp()
        store._clock.offset = -1000
        assert store.stamp() == first
        store._clock.offset = 1000
        assert store.stamp() > first

    def test_the_time_goes_on_where_it_was(self, tmp_path: Path) -> None:
        clock = Clock()
        clock.offset = 10_000
        with closing(Store(tmp_path / "a.db", clock)) as store:
            store.begin()
            add(store, 1)
            store.commit()
            last = store.stamp()
        with closing(Store(tmp_path / "a.db", Clock())) as store:
            assert last - 1000 < store.stamp() <= last


class TestPages:
    """Every combination of the arguments against the same thing done by hand."""

    def test_against_a_list(self, store: Store) -> None:
        draw = random.Random(7)
        clock = 1000
        for mid in range(1, 301):
            clock += draw.choice((0, 0, 1, 5))
            kind, target = draw.choice(((GROUP, 5), (GROUP, 6), (P2P, 5), (MessageKind.BROADCAST, 0)))
            add(
                store,
                mid,
                kind=kind,
                target=target,
                sender=draw.randint(1, 4),
                mtype=draw.choice((30, 32, 66)),
                mtime=clock,
            )
            if mid % 7 == 0:
                store.hide(PID, kind, 1, target, mid)
        everything = [m for m in store.messages() if (m.kind, m.to_id) == (GROUP, 5)]
        assert len(everything) > 40
        for _ in range(500):
            newest_first, limit = draw.random() < 0.5, draw.randint(1, 20)
            begin, end = draw.choice((0, 1000, 1200, clock)), draw.choice((0, 1100, 1300, clock))
            last_id = draw.choice((0, 1, 17, 150, 299, 300, 301, 2**63 - 1))
            mtypes = draw.choice(((), (30,), (30, 66), (1,)))
            wanted = [
                m
                for m in everything
                if begin <= m.mtime <= (end or clock)
                and (not last_id or (m.id < last_id if newest_first else m.id > last_id))
                and (not mtypes or m.mtype in mtypes)
            ]
            wanted.sort(key=lambda m: m.id, reverse=newest_first)
            found = store.page(
                PID,
                GROUP,
                5,
                0,
                newest_first=newest_first,
                limit=limit,
                begin=begin,
                end=end,
                last_id=last_id,
                mtypes=mtypes,
            )
            assert found == wanted[:limit]
            counted = [
                m for m in everything if begin <= m.mtime <= (end or clock) and (not mtypes or m.mtype in mtypes)
            ]
            senders = {m.from_uid for m in counted}
            assert store.count(PID, GROUP, 5, 0, begin, end, mtypes) == (len(counted), len(senders))

    def test_a_page_far_in_is_found_by_the_index(self, store: Store) -> None:
        for desc in ("DESC", "ASC"):
            plan = store.execute(
                "EXPLAIN QUERY PLAN SELECT id FROM messages"
                " WHERE pid = ? AND kind = ? AND low = ? AND high = ? AND state = 0 AND mtime BETWEEN ? AND ?"
                f" AND id BETWEEN ? AND ? ORDER BY mtime {desc}, id {desc} LIMIT ?",
                (1, 2, 3, 0, 0, 0, 0, 0, 20),
            ).fetchall()
            (step,) = (step for *_, step in plan)
            assert "USING INDEX message_by_conversation (pid=? AND kind=? AND low=? AND high=? AND mtime" in step

    def test_both_directions_of_p2p_are_one_conversation(self, store: Store) -> None:
        assert conversation(P2P, 9, 4) == conversation(P2P, 4, 9) == (4, 9)
        assert conversation(GROUP, 9, 4) == (4, 0)


class TestDeleting:
    def test_a_file_is_named_when_nothing_points_to_it_any_more(self, store: Store) -> None:
        store.add_file(StoredFile("abc", "cat.jpg"))
        for target in (2, 3):
            add(store, 7, kind=P2P, target=target, mtype=40, file="abc")
        assert store.hide(PID, P2P, 1, 2, 7) == []
        assert store.file("abc") == StoredFile("abc", "cat.jpg")
        assert store.hide(PID, P2P, 1, 3, 7) == ["abc"]
        assert store.file("abc") is None
        assert store.hide(PID, P2P, 1, 3, 7) == []

    def test_ranges(self, store: Store) -> None:
        for mid in range(1, 11):
            add(store, mid, sender=1 + mid % 2, mtime=mid * 100)
        store.hide_range(PID, GROUP, 5, 0, 300, 500, 0)
        assert [m.mid for m in store.messages()] == [1, 2, 6, 7, 8, 9, 10]
        store.hide_range(PID, GROUP, 5, 0, 600, 0, 1)
        assert [m.mid for m in store.messages()] == [1, 2, 7, 9]
        store.hide_sent(PID, GROUP, 2, 5)
        assert [m.mid for m in store.messages()] == [2]


class TestTurns:
    def test_an_attempt_that_raises_leaves_nothing(self, store: Store) -> None:
        done: list[str] = []

        def fail() -> None:
            add(store, 2)
            store.after_commit(lambda: done.append("failed"))
            raise ValueError

        store.begin()
        assert store.attempt(add, store, 1)
        store.after_commit(lambda: done.append("good"))
        with pytest.raises(ValueError):
            store.attempt(fail)
        assert (store.in_transaction, done) == (True, [])
        store.commit()
        assert (store.in_transaction, done) == (False, ["good"])
        assert [m.mid for m in store.messages()] == [1]

    def test_a_turn_of_its_own(self, store: Store) -> None:
        def fail() -> None:
            add(store, 9)
            raise RuntimeError("not this")

        assert store.turn(lambda: add(store, 1))
        with pytest.raises(RuntimeError):
            store.turn(fail)
        assert not store.in_transaction
        store.begin()
        with pytest.raises(RuntimeError):
            store.turn(fail)
        assert store.turn(lambda: add(store, 2))
        store.commit()
        assert [message.mid for message in store.messages()] == [1, 2]


def test_clearing_the_messages_of_a_user_is_found_by_the_index(store: Store) -> None:
    sql = "UPDATE messages SET state = 1 WHERE pid = ? AND kind IN (?, ?, ?, ?) AND sender = ?"
    ((*_, step), *_) = store.execute(f"EXPLAIN QUERY PLAN {sql}", (1, 1, 2, 3, 4, 5)).fetchall()
    assert "USING INDEX message_by_mid (pid=? AND kind=? AND sender=?)" in step


class TestFiles:
    def test_everything_but_rooms_is_there_again(self, tmp_path: Path) -> None:
        path = tmp_path / "gate.db"
        with Gate(store=path) as gate, RawClient(gate) as client:
            client.call("sendmsg", **sendmsg(7))
            client.call("addgroupmembers", gid=5, uids=[1, 2])
            client.call("setgroupinfo", gid=5, oinfo="open")
            client.call("addgroupban", gid=5, uid=3, btime=600)
            client.call("addroommember", rid=6, uid=1)
            client.call("setroominfo", rid=6, pinfo="private")
            client.call("addroomban", uid=3, btime=600)
            client.call("setuserinfo", uid=1, oinfo="me")
            client.call("addprojectban", uid=4, btime=600)
            client.call("addfriends", uid=1, friends=[2])
            client.call("addblacks", uid=1, blacks=[3])
            client.call("addoption", uid=1, type=0, xid=2)
            client.call("dataset", uid=1, key="a", val="b")
            client.call("imserver_creategroup", gid=7, owner_uid=1, infos={"name": "us"}, permissions={"type": "2"})
            client.call("pullIntoRTCRoom", rid=6, toUids=[1], type=1)
            token = client.call("gettoken", uid=1)["token"]
            messages = gate.messages()
        with Gate(store=path) as gate, RawClient(gate) as client:
            assert gate.messages() == messages
            assert client.code("sendmsg", **sendmsg(7)) == 200053
            assert client.call("getgroupmembers", gid=5) == {"uids": [1, 2]}
            assert client.call("getgroupinfo", gid=5) == {"oinfo": "open", "pinfo": ""}
            assert client.call("isbanofgroup", gid=5, uid=3) == {"ok": True}
            assert client.call("getroommembers", rid=6) == {"uids": []}
            assert client.call("getroominfo", rid=6) == {"oinfo": "", "pinfo": "private"}
            assert client.call("isbanofroom", rid=6, uid=3) == {"ok": True}
            assert client.call("getuserinfo", uid=1) == {"oinfo": "me", "pinfo": ""}
            assert client.call("isprojectban", uid=4) == {"ok": True}
            assert client.call("getfriends", uid=1) == {"uids": [2]}
            assert client.call("getblacks", uid=1) == {"uids": [3]}
            assert client.call("getoption", uid=1) == {"p2p": {"2": [0]}, "group": {}}
            assert client.call("dataget", uid=1, key="a") == {"val": "b"}
            assert client.call("imserver_getgroupinfos", gids=[7]) == {"infos": {"7": {"name": "us"}}}
            assert client.call("imserver_getapplygrant", type=1, xid=7) == {"grant_type": 2}
            assert client.call("getRTCRoomList") == {"rids": []}
            assert gate.token_is_valid(1, token)
        assert token.encode() not in path.read_bytes()

    def test_a_file_serves_one_gate_at_a_time(self, tmp_path: Path) -> None:
        path = tmp_path / "gate.db"
        with Gate(store=path) as gate:
            with pytest.raises(RuntimeError, match=f"the store {path} is open in another gate"):
                Gate(store=path).start()
            with RawClient(gate) as client:
                client.call("sendmsg", **sendmsg(7))
        with Gate(store=path) as gate:
            assert len(gate.messages()) == 1

    def test_a_file_of_somebody_else_is_left_alone(self, tmp_path: Path) -> None:
        text, other, newer = tmp_path / "text", tmp_path / "other.db", tmp_path / "newer.db"
        text.write_text("this is no database at all" * 100)
        with closing(sqlite3.connect(other)) as db:
            db.execute("CREATE TABLE theirs (id)")
        Store(newer, Clock()).close()
        with closing(sqlite3.connect(newer)) as db:
            db.execute("PRAGMA user_version = 99")
        before = other.read_bytes()
        for path, complaint in ((text, "is not a store"), (other, "is not a store"), (newer, "has version 99")):
            with pytest.raises(ValueError, match=complaint):
                Gate(store=path).start()
        assert other.read_bytes() == before


SERVE = """
import sys
from rtm_sdk.gate import Gate
gate = Gate(store=sys.argv[1])
gate.start()
print(gate.endpoint, flush=True)
gate.serve_forever()
"""


@pytest.mark.parametrize("after", [1, 2000, 9000])
def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path, after: int) -> None:
    path = tmp_path / "gate.db"
    acknowledged: list[set[int]] = [set(), set()]
    enough = threading.Event()
    connected = threading.Barrier(2)

    def load(number: int, endpoint: str, process: subprocess.Popen[str]) -> None:
        described = cast(Gate, SimpleNamespace(pid=11000001, secret="demo-secret", endpoint=endpoint))
        with RawClient(described) as client:
            connected.wait(20)  # the gate may be killed as soon as one of them has its first answer
            mid = number
            waiting: dict[int, int] = {}
            try:
                while True:
                    while len(waiting) < 200:
                        mid += 2
                        seq, wire = client.encode("sendmsg", client.signed("sendmsg", sendmsg(mid, to=2 + number)))
                        waiting[seq] = mid
                        client.socket.sendall(wire)
                    data = client.socket.recv(1 << 16)
                    if not data:
                        return
                    for event in client.session.receive(data):
                        assert event.status == 0  # type: ignore[union-attr]
                        acknowledged[number].add(waiting.pop(event.seq))  # type: ignore[union-attr, arg-type]
                    if sum(map(len, acknowledged)) >= after:
                        enough.set()
            except OSError:
                return

    with subprocess.Popen([sys.executable, "-c", SERVE, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        endpoint = process.stdout.readline().strip()
        loads = [threading.Thread(target=load, args=(number, endpoint, process)) for number in range(2)]
        for thread in loads:
            thread.start()
        assert enough.wait(20)
        process.send_signal(signal.SIGKILL)
        for thread in loads:
            thread.join(20)
        assert process.wait(10) == -signal.SIGKILL

    assert sum(map(len, acknowledged)) >= after
    with Gate(store=path) as gate:
        for number in range(2):
            stored = [message.mid for message in gate.messages(to_id=2 + number)]
            assert len(stored) == len(set(stored))
            assert acknowledged[number] <= set(stored)
        with RawClient(gate) as client:
            client.call("sendmsg", **sendmsg(1))
