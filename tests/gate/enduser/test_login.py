"""How end users come and go, and who learns of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from rtm_sdk.errors import RTMException
from rtm_sdk.fpnn.encryption import Encryption
from rtm_sdk.gate import Gate

from ..raw_client import RawClient, Refused
from ..users import LogIn, call, code, told


def token(client: RawClient, uid: int) -> str:
    text: str = client.call("gettoken", uid=uid)["token"]
    return text


def online(client: RawClient, *uids: int) -> list[int]:
    found: list[int] = client.call("getonlineusers", uids=list(uids))["uids"]
    return found


class TestAuth:
    def test_with_all_that_clients_send(self, client: RawClient, log_in: LogIn) -> None:
        user = log_in.connect(5)
        more = {"version": "Unity-2.7.26", "lang": "", "attrs": {"a": "b"}, "device": "x", "unread": True, "new": [1]}
        answer = call(user, "auth", pid=client.pid, uid=5, token=token(client, 5), **more)
        assert answer == {"ok": True}
        assert online(client, 4, 5) == [5]

    def test_a_wrong_token_is_no_error(self, client: RawClient, log_in: LogIn) -> None:
        user = log_in.connect(5)
        for wrong in ("", "x", token(client, 6), b"\xff"):
            assert call(user, "auth", pid=client.pid, uid=5, token=wrong) == {"ok": False}
        assert code(user, "getusergroups") == 200022
        removed, good = token(client, 5), token(client, 5)
        client.call("removetoken", uid=5)
        assert not user.login(removed)
        assert not user.login(good)
        assert user.login(token(client, 5))

    def test_a_token_stays_good(self, client: RawClient, log_in: LogIn) -> None:
        first, second = token(client, 5), token(client, 5)
        for each in (first, second, first):
            assert log_in.connect(5).login(each)

    @pytest.mark.parametrize(
        ("wrong", "expected"),
        [
            ({"pid": 99}, 200001),
            ({"pid": 2**40}, 10010),
            ({"uid": 0}, 200001),
            ({"uid": -5}, 200001),
            ({"uid": "5"}, 10010),
            ({"token": 5}, 10010),
        ],
    )
    def test_refusals(self, client: RawClient, log_in: LogIn, wrong: dict[str, Any], expected: int) -> None:
        user = log_in.connect(5)
        good: dict[str, Any] = {"pid": client.pid, "uid": 5, "token": token(client, 5)}
        assert code(user, "auth", **{**good, **wrong}) == expected
        for name in good:
            assert code(user, "auth", **{key: value for key, value in good.items() if key != name}) == 10009
        assert user.login(good["token"])

    def test_twice_on_one_connection(self, client: RawClient, log_in: LogIn) -> None:
        user = log_in(5)
        for uid in (5, 6):
            assert code(user, "auth", pid=client.pid, uid=uid, token=token(client, uid)) == 200023
        assert online(client, 5, 6) == [5]

    def test_the_blacklist_of_the_project(self, gate: Gate, client: RawClient, log_in: LogIn) -> None:
        client.call("addprojectblack", uid=5, btime=60)
        user = log_in.connect(5)
        with pytest.raises(RTMException) as refused:
            user.login(token(client, 5))
        assert refused.value.error_code == 200024
        assert not user.login("wrong")
        good = token(client, 5)
        gate.clock.offset = 61
        assert user.login(good)

    def test_a_ban_does_not_keep_out(self, client: RawClient, log_in: LogIn) -> None:
        client.call("addprojectban", uid=5, btime=60)
        assert code(log_in(5), "sendmsg", to=6, mtype=30, mid=1, msg="x", attrs="") == 200021

    def test_projects_are_apart(self) -> None:
        with Gate(projects={1: "same", 2: "same"}) as gate, RawClient(gate) as one, RawClient(gate) as two:
            two.pid = 2
            user = RawClient(gate)
            with user:
                assert user.raw("auth", {"pid": 2, "uid": 5, "token": token(one, 5)}) == {"ok": False}
                assert user.raw("auth", {"pid": 2, "uid": 5, "token": token(two, 5)}) == {"ok": True}
                assert online(one, 5) == []
                assert online(two, 5) == [5]

    def test_encrypted(self, gate: Gate, client: RawClient, log_in: LogIn) -> None:
        user = log_in(5, encryption=Encryption(gate.public_key))
        assert told(user, client) == []
        assert log_in(6).send_message(5, "hello").mtime
        assert user.pushed().params["msg"]["sourceText"] == "hello"


class TestBeforeTheLogin:
    @pytest.mark.parametrize("method", ["getusergroups", "sendmsg", "enterroom", "bye", "getunread"])
    def test_quests_are_refused(self, log_in: LogIn, method: str) -> None:
        assert code(log_in.connect(5), method) == 200022

    def test_what_nobody_knows_is_unknown(self, log_in: LogIn) -> None:
        assert code(log_in.connect(5), "nosuch") == 20004

    def test_servers_are_told_what_their_quest_lacks(self, client: RawClient) -> None:
        params = client.signed("getusergroups", {"uid": 1})
        del params["pid"]
        with pytest.raises(Refused) as refused:
            client.raw("getusergroups", params)
        assert refused.value.code == 10009

    def test_signs_of_life(self, client: RawClient, log_in: LogIn) -> None:
        for user in (log_in.connect(5), log_in(5)):
            assert call(user, "ping") == {}
            assert abs(call(user, "*ping")["ts"] / 1000 - time.time()) < 5

    def test_a_key_that_is_no_string(self, log_in: LogIn) -> None:
        with pytest.raises(RTMException) as refused:
            log_in(5).call("getusergroups", {1: 1})  # type: ignore[dict-item]
        assert refused.value.error_code == 10005


class TestAfterTheLogin:
    @pytest.mark.parametrize("method", ["addlisten", "gettoken", "kickout", "sendmsgs", "broadcastmsg", "nosuch"])
    def test_the_server_gate_is_closed(self, client: RawClient, log_in: LogIn, method: str) -> None:
        params = client.signed(method, {"uid": 6, "uids": [1]})
        assert code(log_in(5), method, **params) == 20004

    def test_a_listener_who_logs_in_listens_no_more(self, gate: Gate, client: RawClient) -> None:
        with RawClient(gate) as user:
            user.call("setlisten", p2p=True)
            assert user.raw("auth", {"pid": user.pid, "uid": 5, "token": token(client, 5)}) == {"ok": True}
            client.call("sendmsg", from_=1, to=2, mtype=30, mid=1, msg="x", attrs="")
            client.call("sendmsg", from_=1, to=5, mtype=30, mid=2, msg="x", attrs="")
            assert user.pushed().params["mid"] == 2


class TestEnds:
    def test_bye(self, client: RawClient, log_in: LogIn) -> None:
        user = log_in(5)
        assert call(user, "bye") == {}
        assert online(client, 5) == []
        assert code(user, "getusergroups") == 200022
        assert user.login(token(client, 5))
        user.bye()
        assert user.closed

    def test_a_new_login_ends_the_one_before(self, client: RawClient, log_in: LogIn) -> None:
        first = log_in(5)
        second = log_in(5)
        assert first.pushed().method == "kickout"
        assert first.wait_closed()
        assert online(client, 5) == [5]
        assert call(second, "getusergroups") == {"gids": []}

    def test_kickout(self, client: RawClient, log_in: LogIn) -> None:
        user, other = log_in(5), log_in(6)
        assert client.call("kickout", uid=5) == {}
        assert online(client, 5, 6) == [6]
        kickout = user.pushed()
        assert (kickout.method, kickout.params) == ("kickout", {})
        assert user.wait_closed()
        assert told(other, client) == []

    def test_kickout_is_a_oneway_quest_behind_all_else(self, gate: Gate, client: RawClient) -> None:
        with RawClient(gate) as user:
            user.raw("auth", {"pid": user.pid, "uid": 5, "token": token(client, 5)})
            message = {"from": 1, "to": 5, "mtype": 30, "mid": 1, "msg": "x", "attrs": ""}
            _, send = client.encode("sendmsg", client.signed("sendmsg", message))
            _, kick = client.encode("kickout", client.signed("kickout", {"uid": 5}))
            client.socket.sendall(send + kick)
            assert user.pushed().method == "pushmsg"
            kickout = user.pushed()
            assert (kickout.method, kickout.params, kickout.seq) == ("kickout", {}, None)
            assert user.closed()

    def test_who_comes_on_the_blacklist_is_kicked_out(self, client: RawClient, log_in: LogIn) -> None:
        user = log_in(5)
        client.call("addprojectblack", uid=5, btime=60)
        assert user.pushed().method == "kickout"
        assert user.wait_closed()

    def test_removing_the_tokens_leaves_the_login(self, client: RawClient, log_in: LogIn) -> None:
        user = log_in(5)
        client.call("removetoken", uid=5)
        assert call(user, "getusergroups") == {"gids": []}

    def test_several_logins(self) -> None:
        with Gate(multi_login=True) as gate, RawClient(gate) as client, RawClient(gate) as one, RawClient(gate) as two:
            for user in (one, two):
                user.raw("auth", {"pid": user.pid, "uid": 5, "token": token(client, 5)})
            one.raw("enterroom", {"rid": 7})
            one.raw("sendmsg", {"to": 6, "mtype": 30, "mid": 1, "msg": "x", "attrs": ""})
            assert two.pushed().params["mid"] == 1
            client.call("sendmsg", from_=6, to=5, mtype=30, mid=2, msg="x", attrs="")
            assert one.pushed().params["mid"] == two.pushed().params["mid"] == 2
            one.raw("bye", {})
            assert online(client, 5) == [5]
            assert two.raw("getuserrooms", {}) == {"rooms": [7]}
            client.call("kickout", uid=5)
            assert two.pushed().method == "kickout"
            assert online(client, 5) == []


class TestSignsOfLife:
    def test_users_are_pinged(self) -> None:
        with Gate(ping_interval=0.02) as gate, RawClient(gate) as client, RawClient(gate) as user:
            user.raw("auth", {"pid": user.pid, "uid": 5, "token": token(client, 5)})
            for _ in range(3):
                assert user.pushed().method == "ping"

    def test_who_does_not_answer_is_logged_out(self) -> None:
        with Gate(ping_interval=0.02, answer_timeout=0.08) as gate, RawClient(gate) as client:
            client.call("setlisten", ev=True)
            with RawClient(gate) as user:
                user.answering = False
                user.raw("auth", {"pid": user.pid, "uid": 5, "token": token(client, 5)})
                events: list[str] = []
                while len(events) < 2:
                    push = client.pushed()
                    if push.method == "pushevent":
                        events.append(push.params["event"])
                assert events == ["login", "logout"]
                assert online(client, 5) == []


class TestEvents:
    def test_with_all_keys(self, client: RawClient, gate: Gate) -> None:
        client.call("addlisten", events=["login", "logout"])
        with RawClient(gate) as user:
            before = int(time.time())
            user.raw("auth", {"pid": user.pid, "uid": 5, "token": token(client, 5)})
            login = client.pushed()
            assert login.method == "pushevent"
            moment = login.params.pop("time")
            assert before <= moment <= time.time()
            endpoint = f"127.0.0.1:{user.socket.getsockname()[1]}"
            assert login.params == {"pid": gate.pid, "event": "login", "uid": 5, "endpoint": endpoint}
        logout = client.pushed()
        assert logout.params == {
            "pid": gate.pid,
            "event": "logout",
            "uid": 5,
            "endpoint": endpoint,
            "time": logout.params["time"],
        }

    def test_one_pair_for_each_connection(self, client: RawClient, log_in: LogIn) -> None:
        client.call("setlisten", ev=True)
        first = log_in(5)
        log_in(5)
        assert first.wait_closed()
        third = log_in(5)
        call(third, "bye")
        third.close()
        log_in(6)
        client.call("kickout", uid=6)
        log_in.connect(7).login("wrong")
        log_in(8)
        events: list[tuple[str, int]] = []
        while ("login", 8) not in events:
            push = client.pushed().params
            events.append((push["event"], push["uid"]))
        assert events == [
            ("login", 5),
            ("logout", 5),
            ("login", 5),
            ("logout", 5),
            ("login", 5),
            ("logout", 5),
            ("login", 6),
            ("logout", 6),
            ("login", 8),
        ]

    def test_only_those_that_are_wanted(self, client: RawClient, log_in: LogIn) -> None:
        client.call("addlisten", events=["logout", "never"])
        call(log_in(5), "bye")
        assert client.pushed().params["event"] == "logout"
        client.call("removelisten", events=["logout"])
        client.call("addlisten", events=["login"])
        call(log_in(6), "bye")
        log_in(7)
        assert [(client.pushed().params["uid"]) for _ in range(2)] == [6, 7]


def test_a_gate_that_stops_logs_everybody_out(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    with Gate(store=store) as gate, RawClient(gate) as client, RawClient(gate) as user:
        user.raw("auth", {"pid": user.pid, "uid": 5, "token": token(client, 5)})
        user.raw("enterroom", {"rid": 7})
        gate.stop()
    with Gate(store=store) as gate, RawClient(gate) as client:
        assert online(client, 5) == []
        client.call("sendmsg", from_=1, to=5, mtype=30, mid=1, msg="x", attrs="")
        with RawClient(gate) as user:
            user.raw("auth", {"pid": user.pid, "uid": 5, "token": token(client, 5)})
            answer = user.raw("getunread", {"clear": False, "gettime": True})
            assert answer["p2p"] == [1]
            assert abs(answer["logouttime"] / 1000 - time.time()) < 10
            assert user.raw("getuserrooms", {}) == {"rooms": []}


def test_resetting_the_gate_leaves_logins(gate: Gate, client: RawClient, log_in: LogIn) -> None:
    user = log_in(5)
    gate.reset()
    assert online(client, 5) == [5]
    assert call(user, "getunread", clear=False, gettime=True) == {"p2p": [], "group": [], "logouttime": 0}
    call(user, "bye")
    assert user.login(token(client, 5))
    assert call(user, "getunread", clear=False, gettime=True)["logouttime"] > 0
