from __future__ import annotations

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from rtm_sdk.gate import Gate, MessageKind
from rtm_sdk.gate.files import Contents
from rtm_sdk.gate.rtm import files

from ..raw_client import RawClient, Refused, file_attrs
from ..test_files import fetch

TARGETS: dict[str, dict[str, Any]] = {
    "sendfile": {"to": 2},
    "sendfiles": {"tos": [2, 3]},
    "sendgroupfile": {"gid": 5},
    "sendroomfile": {"rid": 6},
    "broadcastfile": {},
}
CONTENT = b"\x89PNG content"


def token_for(client: RawClient, cmd: str = "sendfile", **changes: Any) -> str:
    return str(client.call("filetoken", **{"from": 1, "cmd": cmd, **TARGETS.get(cmd, {}), **changes})["token"])


def quest(client: RawClient, token: str, cmd: str = "sendfile", **changes: Any) -> dict[str, Any]:
    common = {"pid": client.pid, "token": token, "mtype": 40, "from": 1, "mid": 77, "file": CONTENT}
    return {**common, "attrs": file_attrs(CONTENT, token), **TARGETS[cmd], **changes}


def send(client: RawClient, cmd: str = "sendfile", **changes: Any) -> int:
    """A fresh token and a send with it; the error code."""
    return code(client, cmd, quest(client, token_for(client, cmd), cmd, **changes))


def code(client: RawClient, method: str, params: dict[str, Any]) -> int:
    try:
        client.raw(method, params)
    except Refused as refused:
        return refused.code
    return 0


@pytest.mark.parametrize("cmd", TARGETS)
class TestSending:
    def test_from_token_to_download(self, gate: Gate, client: RawClient, cmd: str) -> None:
        answer = client.call("filetoken", **{"from": 1, "cmd": cmd, **TARGETS[cmd]})
        assert set(answer) == {"token", "endpoint"}
        assert answer["endpoint"] == gate.endpoint
        token = answer["token"]
        attrs = file_attrs(CONTENT, token, {"a": [1]}, ext="png", filename="cat")
        with RawClient(gate) as file_gate:
            sent = file_gate.raw(cmd, quest(client, token, cmd, attrs=attrs))
        assert set(sent) == {"mtime"}
        assert abs(sent["mtime"] / 1000 - time.time()) < 5
        messages = gate.messages()
        assert [m.to_id for m in messages] == {"sendfiles": [2, 3], "broadcastfile": [0]}.get(
            cmd, list(TARGETS[cmd].values())
        )
        for message in messages:
            assert (message.mtype, message.mid, message.from_uid, message.mtime) == (40, 77, 1, sent["mtime"])
            body = json.loads(message.message)
            assert set(body) == {"url", "size"}
            assert body["size"] == len(CONTENT)
            assert fetch(body["url"])[2] == CONTENT
            assert json.loads(message.attrs) == {"rtm": {"ext": "png", "filename": "cat"}, "custom": {"a": [1]}}
        kind = messages[0].kind
        got = client.call("getmsg", mid=77, **{"from": 1}, xid=messages[0].to_id, type=kind)
        assert (got["mtype"], got["msg"], got["attrs"]) == (40, messages[0].message, messages[0].attrs)

    def test_other_targets_are_ignored(self, gate: Gate, client: RawClient, cmd: str) -> None:
        surplus = {"to": 9, "tos": [9], "gid": 9, "rid": 9, **TARGETS[cmd]}
        token = token_for(client, cmd, **surplus)
        assert code(client, cmd, quest(client, token, cmd, **surplus)) == 0
        assert 9 not in {m.to_id for m in gate.messages()}

    def test_the_same_mid_again(self, gate: Gate, client: RawClient, cmd: str) -> None:
        assert send(client, cmd) == 0
        before = gate.messages()
        assert send(client, cmd) == 200053
        assert gate.messages() == before
        assert contents(gate) == 1

    def test_the_same_mid_again_as_a_success(self, cmd: str) -> None:
        with Gate(duplicate_mid="success") as gate, RawClient(gate) as client:
            first = client.raw(cmd, quest(client, token_for(client, cmd), cmd))
            assert client.raw(cmd, quest(client, token_for(client, cmd), cmd)) == first
            assert contents(gate) == 1

    def test_missing_parameters(self, client: RawClient, cmd: str) -> None:
        token = token_for(client, cmd)
        good = quest(client, token, cmd)
        for name in good:
            assert code(client, cmd, {key: value for key, value in good.items() if key != name}) == 10009
        assert code(client, cmd, good) == 0

    def test_a_token_for_something_else(self, gate: Gate, client: RawClient, cmd: str) -> None:
        token = token_for(client, cmd)
        for other in TARGETS:
            if other != cmd:
                assert code(client, other, quest(client, token, other)) == 200003
        assert code(client, cmd, quest(client, token, cmd, **{"from": 9})) == 200003
        for name, value in {"to": 9, "tos": [2], "gid": 9, "rid": 9}.items():
            if name in TARGETS[cmd]:
                assert code(client, cmd, quest(client, token, cmd, **{name: value})) == 200003
        assert gate.messages() == []
        assert code(client, cmd, quest(client, token, cmd)) == 0


def contents(gate: Gate) -> int:
    folder = gate._inside().contents._folder
    return 0 if folder is None else len(list(folder.iterdir()))


class TestFileToken:
    @pytest.mark.parametrize("cmd", ["GroupFile", "BroadcastFile", "", "sendmsg", b"\xff"])
    def test_an_unknown_cmd(self, client: RawClient, cmd: str) -> None:
        assert client.code("filetoken", **{"from": 1}, cmd=cmd, to=2, gid=5) == 200034

    @pytest.mark.parametrize(
        ("cmd", "target", "expected"),
        [
            ("sendfile", {"gid": 5}, 10009),
            ("sendfile", {"to": 1}, 200052),
            ("sendfile", {"to": 0}, 200001),
            ("sendfiles", {"to": 2}, 10009),
            ("sendfiles", {"tos": []}, 200033),
            ("sendfiles", {"tos": [2, 1]}, 200052),
            ("sendgroupfile", {"to": 2}, 10009),
            ("sendgroupfile", {"gid": 0}, 200034),
            ("sendroomfile", {"gid": 5}, 10009),
        ],
    )
    def test_the_target_of_its_cmd(self, client: RawClient, cmd: str, target: Any, expected: int) -> None:
        assert client.code("filetoken", **{"from": 1}, cmd=cmd, **target) == expected

    def test_parameters(self, client: RawClient) -> None:
        assert client.code("filetoken", cmd="sendfile", to=2) == 10009
        assert client.code("filetoken", **{"from": 1}, to=2) == 10009
        assert client.code("filetoken", **{"from": 0}, cmd="sendfile", to=2) == 200001


class TestTokens:
    @pytest.mark.parametrize("token", ["", "guess", b"\xff", "ü"])
    def test_unknown(self, client: RawClient, token: Any) -> None:
        assert code(client, "sendfile", {**quest(client, "x"), "token": token}) == 200003

    def test_of_another_project(self) -> None:
        with Gate(projects={1: "one", 2: "two"}) as gate, RawClient(gate) as client:
            token = token_for(client)
            assert code(client, "sendfile", quest(client, token, pid=2)) == 200003
            assert code(client, "sendfile", quest(client, token, pid=3)) == 200001
            assert code(client, "sendfile", quest(client, token, pid=1)) == 0

    def test_expired(self, gate: Gate, client: RawClient) -> None:
        token = token_for(client)
        gate.clock.offset = 601
        assert code(client, "sendfile", quest(client, token)) == 200003
        gate.clock.offset = 590
        assert code(client, "sendfile", quest(client, token)) == 0

    def test_it_works_once(self, gate: Gate, client: RawClient) -> None:
        token = token_for(client)
        assert code(client, "sendfile", quest(client, token)) == 0
        assert code(client, "sendfile", quest(client, token, mid=78)) == 200003
        assert len(gate.messages()) == 1

    def test_the_same_send_again_meets_its_own_mid(self, client: RawClient) -> None:
        token = token_for(client)
        assert code(client, "sendfile", quest(client, token)) == 0
        assert code(client, "sendfile", quest(client, token)) == 200053

    def test_it_works_again_by_option(self) -> None:
        with Gate(file_token_reuse=True) as gate, RawClient(gate) as client:
            token = token_for(client)
            assert [code(client, "sendfile", quest(client, token, mid=mid)) for mid in (1, 2)] == [0, 0]
            assert len(gate.messages()) == 2

    def test_a_send_that_failed_leaves_it_good(self, gate: Gate, client: RawClient) -> None:
        token = token_for(client)
        assert code(client, "sendfile", quest(client, token, file=b"other")) == 200003
        assert contents(gate) == 0
        assert code(client, "sendfile", quest(client, token)) == 0

    def test_two_sends_at_once_with_one_token(self, gate: Gate) -> None:
        with RawClient(gate) as first, RawClient(gate) as second, ThreadPoolExecutor(2) as pool:
            token = token_for(first)
            large = b"x" * 2_000_000
            attrs = file_attrs(large, token)
            results = pool.map(
                lambda pair: code(pair[0], "sendfile", quest(first, token, mid=pair[1], file=large, attrs=attrs)),
                ((first, 1), (second, 2)),
            )
            assert sorted(results) == [0, 200003]
        assert len(gate.messages()) == 1
        assert contents(gate) == 1

    def test_two_sends_at_once_with_one_mid(self, gate: Gate) -> None:
        with RawClient(gate) as first, RawClient(gate) as second, ThreadPoolExecutor(2) as pool:
            large = b"x" * 2_000_000
            quests = []
            for client in (first, second):
                token = token_for(client)
                quests.append((client, quest(client, token, file=large, attrs=file_attrs(large, token))))
            assert sorted(pool.map(lambda pair: code(pair[0], "sendfile", pair[1]), quests)) == [0, 200053]
        assert len(gate.messages()) == 1
        assert contents(gate) == 1

    def test_their_number_is_bounded(self, gate: Gate, client: RawClient, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MAX_TOKENS", 3)
        tokens = [token_for(client) for _ in range(4)]
        assert [code(client, "sendfile", quest(client, token, mid=mid)) for mid, token in enumerate(tokens, 1)] == [
            200003,
            0,
            0,
            0,
        ]

    def test_expired_ones_are_forgotten(self, gate: Gate, client: RawClient) -> None:
        for _ in range(5):
            token_for(client)
        gate.clock.offset = 601
        client.raw(
            "filetoken", client.signed("filetoken", {"from": 1, "cmd": "broadcastfile"}, ts=int(time.time()) + 601)
        )
        assert len(gate._inside().service._file_tokens._tokens) == 1


class TestContentAndSign:
    def test_the_worked_example(self) -> None:
        inner = hashlib.md5(b"hello").hexdigest()
        assert hashlib.md5(f"{inner}:T".encode()).hexdigest() == "d8a1cba9d949fdb202ed8ccc5d888d04"
        assert json.loads(file_attrs(b"hello", "T"))["rtm"]["sign"] == "d8a1cba9d949fdb202ed8ccc5d888d04"

    def test_a_sign_that_does_not_fit(self, gate: Gate, client: RawClient) -> None:
        token = token_for(client)
        attrs = file_attrs(CONTENT, token)
        sign = json.loads(attrs)["rtm"]["sign"]
        for wrong in (attrs.replace(sign, sign.upper()), attrs.replace(sign, "x"), file_attrs(CONTENT, "other")):
            assert code(client, "sendfile", quest(client, token, attrs=wrong)) == 200003
        assert code(client, "sendfile", quest(client, token, file=CONTENT + b"x")) == 200003
        assert (gate.messages(), contents(gate)) == ([], 0)

    @pytest.mark.parametrize(
        "attrs",
        ["", "no json", "[]", "5", "null", "{}", '{"rtm":{}}', '{"rtm":{"sign":""}}', '{"rtm":{"sign":5}}', '{"rtm":5}',
         "[" * 60000, b"\xff"],
    )  # fmt: skip
    def test_attrs_without_a_sign(self, client: RawClient, attrs: Any) -> None:
        assert send(client, attrs=attrs) == 200004

    def test_attrs_without_an_ext_by_option(self, client: RawClient) -> None:
        assert send(client) == 0
        with Gate(require_file_ext=True) as gate, RawClient(gate) as strict:
            assert send(strict) == 200004
            token = token_for(strict)
            attrs = file_attrs(CONTENT, token, ext="")
            assert code(strict, "sendfile", quest(strict, token, attrs=attrs)) == 0

    def test_content_as_text(self, gate: Gate, client: RawClient) -> None:
        token = token_for(client)
        text = "C++ sends grüße as str"
        attrs = file_attrs(text.encode(), token)
        assert code(client, "sendfile", quest(client, token, file=text, attrs=attrs)) == 0
        body = json.loads(gate.messages()[0].message)
        assert body["size"] == len(text.encode())
        assert fetch(body["url"])[2] == text.encode()

    @pytest.mark.parametrize(
        ("flat", "kept"),
        [
            ({"ext": "png"}, {"rtm": {"ext": "png"}, "custom": ""}),
            ({"fileExtension": "png"}, {"rtm": {"ext": "png"}, "custom": ""}),
            ({"filename": "cat", "more": 1}, {"rtm": {"filename": "cat"}, "more": 1, "custom": ""}),
        ],
    )
    def test_old_layouts(self, gate: Gate, client: RawClient, flat: dict[str, Any], kept: dict[str, Any]) -> None:
        token = token_for(client)
        sign = json.loads(file_attrs(CONTENT, token))["rtm"]["sign"]
        attrs = json.dumps({"sign": sign, **flat})
        assert code(client, "sendfile", quest(client, token, attrs=attrs)) == 0
        assert json.loads(gate.messages()[0].attrs) == kept

    def test_audio_attributes_stay(self, gate: Gate, client: RawClient) -> None:
        token = token_for(client)
        audio = {"type": "audiomsg", "codec": "AMR_WB", "srate": 16000, "lang": "en", "duration": 1500}
        attrs = file_attrs(CONTENT, token, "caf\u00e9 \U0001f600", **audio)
        assert code(client, "sendfile", quest(client, token, mtype=41, attrs=attrs)) == 0
        assert json.loads(gate.messages()[0].attrs) == {"rtm": audio, "custom": "caf\u00e9 \U0001f600"}

    @pytest.mark.parametrize(
        ("about", "shown"),
        [
            ({"filename": "cat", "ext": "jpg"}, "cat.jpg"),
            ({"filename": "cat.JPG", "ext": "jpg"}, "cat.JPG"),
            ({"ext": "jpg"}, "file.jpg"),
            ({"filename": "cat.jpg"}, "cat.jpg"),
            ({"filename": 5, "ext": None}, "file"),
            ({}, "file"),
        ],
    )
    def test_the_name_to_show(self, gate: Gate, client: RawClient, about: dict[str, Any], shown: str) -> None:
        token = token_for(client)
        attrs = file_attrs(CONTENT, token, **about)
        assert code(client, "sendfile", quest(client, token, attrs=attrs)) == 0
        headers = fetch(json.loads(gate.messages()[0].message)["url"])[1]
        assert headers["Content-Disposition"].endswith(f"filename*=UTF-8''{shown}")


class TestRules:
    @pytest.mark.parametrize("mtype", [0, 30, 39, 51, 127, -1])
    def test_types_that_are_no_files(self, client: RawClient, mtype: int) -> None:
        assert send(client, mtype=mtype) == 200007

    @pytest.mark.parametrize("mtype", [40, 41, 42, 45, 50])
    def test_the_type_is_kept(self, gate: Gate, client: RawClient, mtype: int) -> None:
        assert send(client, mtype=mtype) == 0
        assert gate.messages()[0].mtype == mtype

    def test_sizes(self) -> None:
        with Gate(max_file=10, max_attrs=200) as gate, RawClient(gate) as client:
            for size, expected in ((10, 0), (11, 200031)):
                token = token_for(client)
                content = b"x" * size
                attrs = file_attrs(content, token)
                assert code(client, "sendfile", quest(client, token, mid=size, file=content, attrs=attrs)) == expected
            token = token_for(client)
            attrs = file_attrs(b"x", token, "y" * 200)
            assert code(client, "sendfile", quest(client, token, mid=3, file=b"x", attrs=attrs)) == 200031

    @pytest.mark.parametrize(
        ("wrong", "expected"),
        [
            ({"pid": "x"}, 10010),
            ({"mid": 0}, 200034),
            ({"from": 0}, 200001),
            ({"to": 1}, 200052),
            ({"to": 0}, 200001),
            ({"file": 5}, 10010),
            ({"attrs": {}}, 10010),
            ({"token": 5}, 10010),
            ({"mtype": "40"}, 10010),
        ],
    )
    def test_wrong_parameters(self, client: RawClient, wrong: Any, expected: int) -> None:
        assert code(client, "sendfile", {**quest(client, token_for(client)), **wrong}) == expected

    @pytest.mark.parametrize(
        ("cmd", "ban", "expected"), [("sendgroupfile", "addgroupban", 200044), ("sendroomfile", "addroomban", 200045)]
    )
    def test_bans(self, gate: Gate, client: RawClient, cmd: str, ban: str, expected: int) -> None:
        token = token_for(client, cmd)
        client.call(ban, uid=1, btime=60)
        assert code(client, cmd, quest(client, token, cmd)) == expected
        assert (gate.messages(), contents(gate)) == ([], 0)

    def test_types_that_are_not_kept(self) -> None:
        with Gate(stored_mtypes=(30,)) as gate, RawClient(gate) as client:
            assert send(client) == 0
            assert gate.messages(kind=MessageKind.P2P) == []
            assert send(client) == 200053


class TestAroundTheWriting:
    def test_other_quests_of_the_connection_wait_others_do_not(
        self, gate: Gate, client: RawClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        writing, go_on = Event(), Event()
        original = Contents.write

        def slow_write(self: Contents, *args: Any) -> None:
            writing.set()
            assert go_on.wait(10)
            original(self, *args)

        monkeypatch.setattr(Contents, "write", slow_write)
        token = token_for(client)
        sent = client.send("sendfile", quest(client, token))
        ping = client.send("*ping", {})
        assert writing.wait(10)
        with RawClient(gate) as other:
            other.raw("*ping", {})
        assert gate.messages() == []
        go_on.set()
        assert client.receive(ping)["ts"]
        assert sent in client.answers
        assert len(gate.messages()) == 1

    def test_a_disk_that_fails(
        self, gate: Gate, client: RawClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def full(self: Contents, *args: Any) -> None:
            raise OSError("disk full")

        with monkeypatch.context() as patched:
            patched.setattr(Contents, "write", full)
            token = token_for(client)
            assert code(client, "sendfile", quest(client, token)) == 20001
        assert "disk full" in caplog.text
        assert gate.messages() == []
        assert code(client, "sendfile", quest(client, token)) == 0

    def test_a_client_that_leaves(self, gate: Gate, client: RawClient, monkeypatch: pytest.MonkeyPatch) -> None:
        writing, go_on = Event(), Event()
        original = Contents.write

        def slow_write(self: Contents, *args: Any) -> None:
            writing.set()
            assert go_on.wait(10)
            original(self, *args)

        monkeypatch.setattr(Contents, "write", slow_write)
        with RawClient(gate) as leaving:
            leaving.send("sendfile", quest(client, token_for(leaving)))
            assert writing.wait(10)
        go_on.set()
        gate.stop()
        assert not gate.running

    @pytest.mark.parametrize("action", ["drop_reply", "cut_after", "error", "cut"])
    def test_faults(self, gate: Gate, action: Any) -> None:
        fault = gate.faults.add("sendfile", action, code=200999 if action == "error" else 0)
        with RawClient(gate) as client:
            client.send("sendfile", quest(client, token_for(client)))
            assert fault.wait()
            if action.startswith("cut"):
                assert client.closed()
            else:
                client.send("*ping", {})
                assert client.socket.recv(1)
        assert len(gate.messages()) == (1 if action in ("drop_reply", "cut_after") else 0)
