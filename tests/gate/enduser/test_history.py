from __future__ import annotations

from typing import Any

import pytest

from ..raw_client import RawClient
from ..users import LogIn, call, code


def fill(client: RawClient, method: str, number: int = 25, **params: Any) -> None:
    for mid in range(1, number + 1):
        sender = 1 + mid % 2
        more = {"to": 3 - sender} if method == "sendmsg" else params
        client.call(method, from_=sender, mtype=30, mid=mid, msg=f"text {mid}", attrs="a", **more)


@pytest.mark.parametrize(
    ("read", "send", "target"),
    [
        ("getp2pmsg", "sendmsg", {"ouid": 2}),
        ("getgroupmsg", "sendgroupmsg", {"gid": 5}),
        ("getroommsg", "sendroommsg", {"rid": 6}),
        ("getbroadcastmsg", "broadcastmsg", {}),
    ],
)
class TestPages:
    def test_all_of_it(self, client: RawClient, log_in: LogIn, read: str, send: str, target: dict[str, int]) -> None:
        fill(client, send, **target)
        client.call("addgroupmembers", gid=5, uids=[1])
        user = log_in(1)
        call(user, "enterroom", rid=6)
        found: list[list[Any]] = []
        page = {"lastid": 0, "begin": 0, "end": 0}
        while True:
            answer = call(user, read, **target, desc=True, num=10, **page)
            assert set(answer) == {"num", "lastid", "begin", "end", "msgs"}
            assert answer["num"] == len(answer["msgs"])
            found += answer["msgs"]
            page = {name: answer[name] for name in page}
            if answer["num"] < 10:
                break
        assert [row[3] for row in found] == list(range(25, 0, -1))
        for row in found:
            assert len(row) == 8
            sender = 1 + row[3] % 2
            assert row[1] == (sender if read != "getp2pmsg" else 1 if sender == 1 else 2)
            assert [row[2], *row[4:7]] == [30, False, f"text {row[3]}", "a"]

    def test_without_what_is_optional(
        self, client: RawClient, log_in: LogIn, read: str, send: str, target: dict[str, int]
    ) -> None:
        fill(client, send, 3, **target)
        client.call("addgroupmembers", gid=5, uids=[1])
        user = log_in(1)
        call(user, "enterroom", rid=6)
        assert [row[3] for row in call(user, read, **target, desc=False, num=10)["msgs"]] == [1, 2, 3]
        assert call(user, read, **target, desc=False, num=10, mtypes=[32])["num"] == 0
        for name in (*target, "desc", "num"):
            params = {**target, "desc": True, "num": 10}
            del params[name]
            assert code(user, read, **params) == 10009


def test_the_other_side_of_a_conversation(client: RawClient, log_in: LogIn) -> None:
    fill(client, "sendmsg", 4)
    rows = call(log_in(2), "getp2pmsg", ouid=1, uid=1, desc=False, num=10)["msgs"]
    assert [(row[3], row[1]) for row in rows] == [(1, 1), (2, 2), (3, 1), (4, 2)]


def test_only_who_belongs_there_reads(client: RawClient, log_in: LogIn) -> None:
    user = log_in(1)
    assert code(user, "getgroupmsg", gid=5, desc=True, num=10) == 200041
    assert code(user, "getroommsg", rid=6, desc=True, num=10) == 200040
    client.call("addgroupmembers", gid=5, uids=[1])
    client.call("addroommember", rid=6, uid=1)
    assert code(user, "getgroupmsg", gid=5, desc=True, num=10) == 0
    assert code(user, "getroommsg", rid=6, desc=True, num=10) == 0
