from __future__ import annotations

import queue
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rtm_sdk import FPNN_ERROR, RTMServerClient, unwrap
from rtm_sdk.errors import OK
from rtm_sdk.gate import Gate
from rtm_sdk.gate.enduser.client import UserClient
from rtm_sdk.rtm.results import FileInfo, ListenStatusInfo, RTMMessage
from rtm_sdk.rtm.subscriptions import NOTHING

from ..peer import PATIENCE, Peer, Replies


class Ear:
    """A client that listens, and what its handlers are told: the name of each and what it gets."""

    def __init__(self, client: RTMServerClient) -> None:
        self.client = client
        self.told: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        for place in ("", "group_", "room_"):
            for kind in ("message", "chat", "cmd", "file"):
                name = place + kind
                client.on(name, lambda message, name=name: self.told.put((name, message)))
        client.on("event", lambda *what: self.told.put(("event", what)))

    def next(self) -> tuple[str, Any]:
        return self.told.get(timeout=PATIENCE)

    def bodies(self, number: int) -> list[tuple[str, Any]]:
        """The names and bodies of the next messages."""
        return [(name, message.message) for name, message in (self.next() for _ in range(number))]


def of(*members: Any) -> frozenset[Any]:
    return frozenset(members)


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture
def server(gate: Gate) -> Iterator[RTMServerClient]:
    with RTMServerClient(gate.pid, gate.secret, gate.endpoint) as client:
        yield client


@pytest.fixture
def ear(gate: Gate) -> Iterator[Ear]:
    with RTMServerClient(gate.pid, gate.secret, gate.endpoint) as client:
        yield Ear(client)


class TestStatus:
    """What was a success is remembered, in whatever order and style it was asked for."""

    @pytest.fixture
    def client(self) -> Iterator[RTMServerClient]:
        with Peer() as peer, RTMServerClient(1, "secret", peer.endpoint) as client:
            yield client

    def test_lists_add_up(self, client: RTMServerClient) -> None:
        unwrap(client.add_listen(gids=[1, 2], events=["login"]))
        unwrap(client.add_listen([2, 3], [4], [5], ["logout"]))
        lists = (of(5), of(1, 2, 3), of(4), of("login", "logout"))
        assert client.listen_status == ListenStatusInfo(False, False, False, False, *lists)
        unwrap(client.remove_listen(gids=[1, 9], events=["login"]))
        unwrap(client.remove_listen(rids=[4]))
        assert client.listen_status == NOTHING._replace(user_ids=of(5), group_ids=of(2, 3), events=of("logout"))

    def test_set_replaces_all_lists(self, client: RTMServerClient) -> None:
        unwrap(client.set_all_listen(room=True))
        unwrap(client.add_listen(gids=[1], rids=[2]))
        unwrap(client.set_listen(uids=[3]))
        assert client.listen_status == NOTHING._replace(all_rooms=True, user_ids=of(3))
        unwrap(client.add_listen(gids=[4]))
        assert client.listen_status.group_ids == of(4)
        unwrap(client.set_listen(gids=[]))
        assert client.listen_status == NOTHING._replace(all_rooms=True)

    def test_set_all_replaces_all_flags(self, client: RTMServerClient) -> None:
        unwrap(client.add_listen(gids=[1]))
        unwrap(client.set_all_listen(True, True, True, True))
        assert client.listen_status == ListenStatusInfo(True, True, True, True, of(), of(1), of(), of())
        unwrap(client.set_all_listen(group=True, room=False))
        assert client.listen_status == NOTHING._replace(all_groups=True, group_ids=of(1))

    @pytest.mark.parametrize("method", ["set_listen", "set_all_listen"])
    def test_without_arguments_everything_ends(self, client: RTMServerClient, method: str) -> None:
        unwrap(client.set_all_listen(p2p=True))
        unwrap(client.add_listen(gids=[1]))
        unwrap(getattr(client, method)())
        assert client.listen_status == NOTHING

    def test_any_iterable(self, client: RTMServerClient) -> None:
        unwrap(client.set_listen(gids={1}, rids=range(2), uids=iter([3]), events=("login",)))
        unwrap(client.add_listen(gids=(gid for gid in (5, 6))))
        assert client.listen_status[4:] == (of(3), of(1, 5, 6), of(0, 1), of("login"))

    def test_with_a_callback(self, client: RTMServerClient) -> None:
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        client.add_listen(gids=[1], callback=lambda *outcome: outcomes.put((*outcome, client.listen_status.group_ids)))
        assert outcomes.get(timeout=PATIENCE) == (None, OK, of(1))

    @pytest.mark.parametrize(
        ("arguments", "text"),
        [
            ({"gids": "12"}, "gids must be a list or another iterable of integers, not str"),
            ({"uids": [1, "2"]}, r"uids\[1\] must be an int, not str"),
            ({"events": "login"}, "events must be a list or another iterable of texts, not str"),
            ({"events": [5]}, r"events\[0\] must be a str, not int"),
        ],
    )
    def test_wrong_arguments(self, client: RTMServerClient, arguments: dict[str, Any], text: str) -> None:
        for method in (client.add_listen, client.remove_listen, client.set_listen):
            with pytest.raises(TypeError, match=f"^{text}"):
                method(**arguments)
        with pytest.raises(TypeError, match="^group must be True or False, not int"):
            client.set_all_listen(group=1)  # type: ignore[call-overload]

    def test_an_answer_that_never_came(self) -> None:
        with Peer(Replies("silence")) as peer, RTMServerClient(1, "secret", peer.endpoint) as client:
            assert client.add_listen(gids=[1], timeout=0.1)[1] == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
            assert client.listen_status == NOTHING


class TestLive:
    """Against the gate."""

    def test_everything(self, server: RTMServerClient, ear: Ear) -> None:
        unwrap(ear.client.set_all_listen(True, True, True, True))
        unwrap(server.add_group_members(5, [1, 2]))
        unwrap(server.add_room_member(6, 1))
        mid, mtime = unwrap(server.send_chat(1, 2, "hi", "about"))
        unwrap(server.send_group_cmd(1, 5, "go"))
        unwrap(server.send_room_message(51, 1, 6, b"\xff"))
        unwrap(server.send_group_file(1, 5, 50, b"content", filename="a.txt", attrs="mine"))
        assert ear.next() == ("chat", RTMMessage(1, 2, 30, mid, "hi", "about", mtime))
        assert ear.bodies(2) == [("group_cmd", "go"), ("room_message", b"\xff")]
        name, message = ear.next()
        assert (name, message.from_uid, message.to_id, message.attrs) == ("group_file", 1, 5, "mine")
        assert isinstance(message.file_info, FileInfo)
        assert message.file_info.size == 7

    def test_lists(self, server: RTMServerClient, ear: Ear) -> None:
        unwrap(ear.client.add_listen(gids=[15], uids=[11]))
        for uid, gid in ((11, 15), (12, 16)):
            unwrap(server.add_group_members(gid, [uid]))
            unwrap(server.send_chat(uid, 19, f"from {uid}"))
            unwrap(server.send_group_chat(uid, gid, f"to {gid}"))
        unwrap(ear.client.remove_listen(gids=[15]))
        unwrap(server.send_group_chat(11, 15, "not heard"))
        unwrap(server.send_chat(11, 19, "the last"))
        assert ear.bodies(3) == [("chat", "from 11"), ("group_chat", "to 15"), ("chat", "the last")]

    def test_restored(self, gate: Gate, server: RTMServerClient, ear: Ear) -> None:
        back: queue.SimpleQueue[Any] = queue.SimpleQueue()
        ear.client.on("connected", lambda number, endpoint, success, is_reconnect: back.put((success, is_reconnect)))
        unwrap(ear.client.set_all_listen(p2p=True))
        unwrap(ear.client.add_listen(gids=[25]))
        unwrap(server.add_group_members(25, [21]))
        assert back.get(timeout=PATIENCE) == (True, False)
        for number in range(3):
            gate.faults.add("getgroupcount", "cut")
            ear.client.get_group_count(25, timeout=1)
            while back.get(timeout=PATIENCE) != (True, True):
                pass
            unwrap(server.send_chat(21, 22, str(number)))
            unwrap(server.send_group_chat(21, 25, str(number)))
            assert ear.bodies(2) == [("chat", str(number)), ("group_chat", str(number))]

    def test_events(self, gate: Gate, server: RTMServerClient, ear: Ear) -> None:
        unwrap(ear.client.add_listen(events=["login", "logout"]))
        token = unwrap(server.get_token(31))
        with UserClient(gate.endpoint, gate.pid, 31) as user:
            assert user.login(token)
            name, (pid, event, uid, time, endpoint, data) = ear.next()
            assert (name, pid, event, uid, data) == ("event", gate.pid, "login", 31, "")
            assert time > 1_600_000_000
            assert endpoint
        assert ear.next()[1][1:3] == ("logout", 31)


class TestPage:
    """docs/listening.md"""

    TEXT = (Path(__file__).parents[2] / "docs" / "listening.md").read_text(encoding="utf-8")

    def test_examples(self, gate: Gate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        for name, value in (("PID", str(gate.pid)), ("SECRET", gate.secret), ("ENDPOINT", gate.endpoint)):
            monkeypatch.setenv(f"RTM_{name}", value)
        names: dict[str, Any] = {}
        events: queue.SimpleQueue[str] = queue.SimpleQueue()
        listen, talk = re.findall(r"^```python\n(.*?)^```$", self.TEXT, re.MULTILINE | re.DOTALL)
        exec(listen, names)
        try:
            names["client"].on("event", lambda *what: events.put(what[1]))
            exec(talk, names)
            assert [events.get(timeout=PATIENCE) for _ in range(2)] == ["login", "logout"]
        finally:
            names["client"].close()
        assert sorted(capsys.readouterr().out.splitlines()) == [
            "Somebody will be with you in a minute.",
            "login 2001",
            "logout 2001",
        ]

    def test_names_all_handlers(self, server: RTMServerClient) -> None:
        with pytest.raises(ValueError) as error:
            server.on("", print)
        for name in re.sub("group_|room_|,", "", str(error.value).split(" of ")[1].split(" not ")[0]).split():
            assert f"`{name}`" in self.TEXT
