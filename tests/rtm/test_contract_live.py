"""Every method of the service works against the gate, in both styles, and so do its failures."""

from __future__ import annotations

import itertools
import json
import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rtm_sdk.errors import RTM_ERROR, ErrorCode, unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.rtm import callbacks
from rtm_sdk.rtm.client import RTMServerClient
from rtm_sdk.rtm.ids import next_id
from rtm_sdk.rtm.results import AdministratorCommand, ClearType, FileInfo, MediaType, OptionType, RTMAudioInfo

from .contract import CALLS, NOT_GIVEN, Call

OWN = 51
GROUP = 2
PATIENCE = 10.0

each_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    functions: dict[str, Callable[..., Any]] = {
        "translate": lambda text, source, target: (source or "en", f"{target}: {text}"),
        "speech2text": lambda audio, lang, codec, rate: (lang, f"{len(audio)} bytes of {codec}, {rate} Hz"),
        **dict.fromkeys(("icheck", "acheck", "vcheck"), lambda content, *more: [300] if b"bad" in content else []),
    }
    words = {"bad": 300, "evil": 100}
    with Gate(stored_mtypes=[30, 32, 40, 41, 50, OWN], words=words, functions=functions) as gate:
        yield gate


@pytest.fixture(scope="module")
def client(gate: Gate) -> Iterator[RTMServerClient]:
    with RTMServerClient(gate.pid, gate.secret, gate.endpoint, timeout=PATIENCE) as client:
        yield client


@pytest.fixture(scope="module")
def stranger(gate: Gate) -> Iterator[RTMServerClient]:
    """A client that does not know the secret."""
    with RTMServerClient(gate.pid, "wrong", gate.endpoint, timeout=PATIENCE) as client:
        yield client


class World:
    """Users, a group and a room of their own for one test, and a message with the same mid in every conversation."""

    _numbers = itertools.count(1000, 100)

    def __init__(self, client: RTMServerClient) -> None:
        number = next(self._numbers)
        self.anna, self.ben, self.cleo, self.gid, self.rid, self.rtc_room, self.im_gid = range(number, number + 7)
        self.client = client
        self.mid = next_id()
        unwrap(client.add_group_members(self.gid, [self.anna, self.ben]))
        unwrap(client.add_room_member(self.rid, self.anna))
        for mtype in (OWN, 30):
            mid = self.mid if mtype == OWN else 0
            unwrap(client.send_message(mtype, self.anna, self.ben, "hi", mid=mid))
            unwrap(client.send_group_message(mtype, self.anna, self.gid, "hi", mid=mid))
            unwrap(client.send_room_message(mtype, self.anna, self.rid, "hi", mid=mid))
            unwrap(client.broadcast_message(mtype, self.anna, "hi", mid=mid))

    def arguments(self, call: Call) -> dict[str, Any]:
        """Arguments with which a call succeeds: all it needs, and the optional ones that make sense together."""
        self._prepare(call)
        known = {
            **dict.fromkeys(("from_uid", "uid"), self.anna),
            **dict.fromkeys(("to_uid", "to", "ouid"), self.ben),
            "to_uids": [self.ben, self.cleo],
            "uids": [self.ben, self.cleo],
            "gid": self.gid,
            "rid": self.rid,
            "rids": [self.rid],
            "xid": self.gid,
            "message_type": GROUP,
            "mid": self.mid,
            "message": "hello",
            "attrs": "about",
            "time_limit": 0,
            "desc": True,
            "num": 10,
            "begin": 1,
            "end": 1 << 50,
            "btime": 60,
            "oinfo": "public",
            "pinfo": "",
            "file": b"content",
            "cmd": "sendfile",
            "clear_type": ClearType.P2P,
            **dict.fromkeys(("fuid", "buid"), self.ben),
            **dict.fromkeys(("friends", "fuids", "blacks", "buids"), (self.ben, self.cleo)),
            "app_type": "apns",
            "device_token": "token",
            "option_type": OptionType.GROUP,
            "key": "color",
            "value": "red",
            "room_id": self.rtc_room,
            "type": 1,
            "status": True,
            "command": AdministratorCommand.ForbidSendingAudio,
            "gids": [self.im_gid],
            "infos": {"nick": "Anna"} if call.wire == "imserver_setuserinfos" else {"name": "cats"},
            "permissions": {"type": "0"},
            "owner_uid": self.anna,
            "target_type": 1,
            "grant_type": 2,
            "invite_type": 1,
            "invite_manage_type": 0,
            "text": "hello",
            **dict.fromkeys(("image", "audio", "video"), b"content"),
            **dict.fromkeys(("image_type", "audio_type", "video_type"), MediaType.CONTENT),
            "video_name": "cat.mp4",
            "lang": "en",
            "dst": "fr",
        }
        if call.domain == "im":
            known["gid"] = known["xid"] = self.im_gid
        if call.wire == "kickoutFromRTCRoom":
            known["uid"] = self.ben
        known["mtype"] = (
            50 if call.gate == "file" else OWN if "msg" in call.params and "xid" not in call.params else GROUP
        )
        wanted = {name for name, default in call.arguments.items() if default is NOT_GIVEN}
        wanted |= set(call.arguments) & {"begin", "end", "oinfo", "pinfo", "attrs"}
        if call.wire == "filetoken":
            wanted.add("to_uid")
        return {name: known[name] for name in call.arguments if name in wanted}

    def _prepare(self, call: Call) -> None:
        """Make what must be there before a call of some domains."""
        if call.domain == "data":
            unwrap(self.client.data_set(self.anna, "color", "blue"))
        elif call.domain == "rtc":
            unwrap(self.client.pull_into_rtc_room(self.rtc_room, [self.anna, self.ben, self.cleo], 1))
        elif call.domain == "im" and call.wire != "imserver_creategroup":
            unwrap(self.client.imserver_create_group(self.im_gid, self.anna, {"name": "cats"}, {"type": "0"}))


def await_callback(client: RTMServerClient, name: str, arguments: dict[str, Any]) -> tuple[Any, ErrorCode]:
    """Make a call with a callback and wait for it; it must come once."""
    outcomes: queue.Queue[tuple[Any, ErrorCode]] = queue.Queue()
    returned = getattr(client, name)(**arguments, callback=lambda *outcome: outcomes.put(outcome))
    assert returned is None
    outcome = outcomes.get(timeout=PATIENCE)
    assert client.flush(PATIENCE) == 0
    assert outcomes.empty()
    return outcome


def await_named_callback(client: RTMServerClient, call: Call, arguments: dict[str, Any]) -> list[Any]:
    """Make a call with an object of its named callback class, and return what `callback` was called with."""
    assert call.callback is not None
    outcomes: queue.Queue[list[Any]] = queue.Queue()
    kind = getattr(callbacks, call.callback.partition("(")[0])
    receiver = type("Receiver", (kind,), {"callback": lambda self, *parts: outcomes.put(list(parts))})()
    getattr(client, call.name)(**arguments, callback=receiver)
    return outcomes.get(timeout=PATIENCE)


def failure(outcome: tuple[Any, ErrorCode]) -> ErrorCode:
    """The error code of a call that must have failed."""
    result, error_code = outcome
    assert result is None
    return error_code


@each_call
def test_works_in_both_styles(client: RTMServerClient, call: Call) -> None:
    result, error_code = getattr(client, call.name)(**World(client).arguments(call))
    assert error_code == 0, error_code
    assert (result is None) == (not call.answer)

    world = World(client)
    arguments = world.arguments(call)
    with_callback, error_code = await_callback(client, call.name, arguments)
    assert error_code == 0, error_code
    assert type(with_callback) is type(result)
    if call.wire.startswith(("is", "get")) and call.wire != "gettoken":
        assert with_callback == unwrap(getattr(client, call.name)(**arguments))

    if call.callback is not None:
        *parts, error_code = await_named_callback(client, call, World(client).arguments(call))
        assert error_code == 0, error_code
        assert None not in parts


@each_call
def test_fails_in_both_styles(client: RTMServerClient, stranger: RTMServerClient, call: Call) -> None:
    arguments = World(client).arguments(call)
    outcomes = [getattr(stranger, call.name)(**arguments), await_callback(stranger, call.name, arguments)]
    for result, error_code in outcomes:
        assert result is None
        assert error_code == RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN
        assert error_code.message
    if call.callback is not None:
        *parts, error_code = await_named_callback(stranger, call, arguments)
        assert error_code == RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN
        assert set(parts) <= {None}


class TestMeaning:
    """What was sent is what is read; what was set is what is asked for."""

    def test_text_and_binary_messages_come_back_as_they_were(self, client: RTMServerClient) -> None:
        world = World(client)
        for body in ("grüß 🐱", b"\xff\x00", ""):
            mid, mtime = unwrap(client.send_message(OWN, world.anna, world.ben, body, "a"))
            stored = unwrap(client.get_p2p_message_info(mid, world.anna, world.ben))
            assert stored[1:] == (OWN, body, "a", mtime, None)

    def test_used_mid_of_the_caller_is_an_error(self, client: RTMServerClient) -> None:
        world = World(client)
        assert (
            failure(client.send_message(OWN, world.anna, world.ben, "again", mid=world.mid))
            == RTM_ERROR.RTM_EC_DUPLICATED_MID
        )

    @pytest.mark.parametrize("action", ["cut", "cut_after"])
    def test_lost_answer_does_not_double_a_message(self, gate: Gate, client: RTMServerClient, action: Any) -> None:
        world = World(client)
        gate.faults.add("sendmsg", action)
        mid, mtime = unwrap(client.send_chat(world.anna, world.ben, "once"))
        (message,) = gate.messages(mid=mid)
        assert (message.message, message.mtime) == ("once", mtime)

    def test_edit_delete_and_not_found(self, client: RTMServerClient) -> None:
        world = World(client)
        group_message = (world.mid, world.anna, world.gid)
        unwrap(client.edit_message(*group_message, GROUP, "new", "newer", 0))
        assert unwrap(client.get_group_message_info(*group_message))[2:4] == ("new", "newer")
        unwrap(client.delete_group_message(*group_message))
        assert failure(client.get_group_message_info(*group_message)) == RTM_ERROR.RTM_EC_MESSAGE_NOT_FOUND

    @pytest.mark.parametrize("desc", [False, True])
    def test_whole_history_in_both_directions(self, client: RTMServerClient, desc: bool) -> None:
        world = World(client)
        for number in range(45):
            sender, receiver = (world.anna, world.cleo) if number % 2 else (world.cleo, world.anna)
            unwrap(client.send_message(OWN, sender, receiver, str(number)))
        found = list(client.iter_p2p_messages(world.anna, world.cleo, desc))
        expected = [str(number) for number in range(45)]
        assert [message.message for message in found] == (expected[::-1] if desc else expected)
        assert {(message.from_uid, message.to_id) for message in found if int(message.message) % 2} == {
            (world.anna, world.cleo)
        }

    def test_history_of_chats_only(self, client: RTMServerClient) -> None:
        world = World(client)
        page = unwrap(client.get_group_chat(world.anna, world.gid, False, 20))
        assert [message.message_type for message in page.messages] == [30]
        both = unwrap(client.get_group_message(world.anna, world.gid, False, 20))
        assert [message.message_type for message in both.messages] == [OWN, 30]
        assert unwrap(client.get_message_num(GROUP, world.gid)) == (1, 2)

    def test_groups(self, client: RTMServerClient) -> None:
        world = World(client)
        assert sorted(unwrap(client.get_group_members(world.gid))) == [world.anna, world.ben]
        assert unwrap(client.get_group_count(world.gid)) == 2
        assert unwrap(client.is_group_member(world.gid, world.anna)) is True
        assert unwrap(client.is_group_member(world.gid, world.cleo)) is False
        assert unwrap(client.get_user_groups(world.ben)) == [world.gid]
        unwrap(client.add_group_ban(None, world.anna, 60))
        assert unwrap(client.is_ban_of_group(world.gid, world.anna)) is True
        assert failure(client.send_group_chat(world.anna, world.gid, "hi")) == RTM_ERROR.RTM_EC_BANNED_IN_GROUP
        unwrap(client.remove_group_ban(None, world.anna))
        unwrap(client.send_group_chat(world.anna, world.gid, "hi"))

    def test_rooms(self, client: RTMServerClient) -> None:
        world = World(client)
        assert sorted(unwrap(client.add_room_members(world.rid, (world.ben, world.cleo)))) == [world.ben, world.cleo]
        assert unwrap(client.get_room_count([world.rid, world.rid + 50]))[world.rid] == 3
        assert len(unwrap(client.get_room_members(world.rid))) == 3

    def test_infos_keep_what_is_left_out(self, client: RTMServerClient) -> None:
        world = World(client)
        unwrap(client.set_group_info(world.gid, "public", "private"))
        unwrap(client.set_group_info(world.gid, pinfo=""))
        assert unwrap(client.get_group_info(world.gid)) == ("public", "")

    def test_tokens(self, gate: Gate, client: RTMServerClient) -> None:
        world = World(client)
        token = unwrap(client.get_token(world.anna))
        assert gate.token_is_valid(world.anna, token)
        unwrap(client.remove_token(world.anna))
        assert not gate.token_is_valid(world.anna, token)

    def test_who_is_blocked_cannot_send(self, client: RTMServerClient) -> None:
        world = World(client)
        unwrap(client.add_blacks(world.ben, [world.anna]))
        assert unwrap(client.is_black(world.anna, world.ben)) is True
        assert unwrap(client.is_blacks(world.anna, [world.ben, world.cleo])) == [world.ben]
        assert failure(client.send_chat(world.anna, world.ben, "hi")) == RTM_ERROR.RTM_EC_BLOCKED_USER
        unwrap(client.add_project_black(world.anna, 60))
        assert failure(client.send_chat(world.anna, world.cleo, "hi")) == RTM_ERROR.RTM_EC_PERMISSION_DENIED

    def test_push_options(self, client: RTMServerClient) -> None:
        world = World(client)
        unwrap(client.add_device_push_option(world.anna, OptionType.P2P, world.ben))
        unwrap(client.add_device_push_option(world.anna, OptionType.P2P, world.ben, [30]))
        unwrap(client.remove_device_push_option(world.anna, OptionType.P2P, world.ben))
        assert unwrap(client.get_device_push_option(world.anna)) == ({world.ben: [30]}, {})

    def test_data(self, client: RTMServerClient) -> None:
        world = World(client)
        assert unwrap(client.data_get(world.anna, "color")) is None
        unwrap(client.data_set(world.anna, "color", "red"))
        assert unwrap(client.data_get(world.anna, "color")) == "red"

    def test_rtc_rooms(self, client: RTMServerClient) -> None:
        world = World(client)
        unwrap(client.pull_into_rtc_room(world.rtc_room, [world.ben, world.anna], 1, voice_range=7))
        unwrap(client.admin_command(world.rtc_room, [world.anna], AdministratorCommand.AppointAdministrator))
        members = unwrap(client.get_rtc_room_members(world.rtc_room))
        assert members == ([world.ben, world.anna], [world.anna], world.ben)
        unwrap(client.kick_out_from_rtc_room(world.ben, world.rtc_room, world.anna))
        assert unwrap(client.get_rtc_room_member_count(world.rtc_room)).count == 1

    def test_sensitive_words(self, client: RTMServerClient) -> None:
        assert unwrap(client.text_check("a BAD day")) == (2, [300], "a *** day", ["bad"])
        assert unwrap(client.text_check("a day")) == (0, [], None, [])
        assert unwrap(client.profanity("evil", True)) == ("****", ["100"])
        assert unwrap(client.translate("a bad day", "fr", profanity="censor"))[2:] == ("a *** day", "fr: a *** day")
        assert failure(client.translate("bad", "fr", profanity="stop")) == RTM_ERROR.RTM_EC_PROFANITY_STOP
        assert unwrap(client.image_check(b"bad", MediaType.CONTENT)) == (2, [300])
        assert unwrap(client.speech_to_text(b"hm", MediaType.CONTENT, "en"))[0] == "2 bytes of AMR_WB, 16000 Hz"


class TestFiles:
    def received(self, client: RTMServerClient, world: World, mid: int) -> tuple[FileInfo, str]:
        stored = unwrap(client.get_p2p_message_info(mid, world.anna, world.ben))
        assert stored.file_info is not None
        return stored.file_info, stored.attrs

    @pytest.mark.parametrize("size", [0, 1, 255, 256, 65535, 65536, 3_000_000])
    def test_path_arrives_whole(self, client: RTMServerClient, tmp_path: Path, size: int) -> None:
        import requests

        world = World(client)
        path = tmp_path / "cat.jpg"
        path.write_bytes(bytes(range(256)) * (size // 256) + bytes(size % 256))
        told: list[tuple[int, int]] = []
        mid, mtime = unwrap(
            client.send_file(world.anna, world.ben, 50, path, on_progress=lambda *progress: told.append(progress))
        )
        info, attrs = self.received(client, world, mid)
        assert (info.size, attrs) == (size, "")
        assert mtime > 0
        assert told[-1:] == ([(size, size)] if size else [])
        with requests.Session() as session:
            session.trust_env = False
            assert session.get(info.url, timeout=PATIENCE).content == path.read_bytes()

    def test_attributes_and_audio(self, client: RTMServerClient) -> None:
        world = World(client)
        attrs = json.dumps({"a": 'quote"'})
        audio = RTMAudioInfo("en", 1500)
        mid, _ = unwrap(
            client.send_file(world.anna, world.ben, 41, b"sound", attrs=attrs, audio=audio, filename="a.amr")
        )
        info, found = self.received(client, world, mid)
        assert json.loads(found) == json.loads(attrs)
        assert info[3:] == (True, "en", 1500, "AMR_WB", 16000)

    @pytest.mark.parametrize("style", ["wait", "callback"])
    @pytest.mark.parametrize("action", ["cut", "cut_after", "truncate"])
    def test_lost_send_arrives_once(self, gate: Gate, client: RTMServerClient, action: Any, style: str) -> None:
        world = World(client)
        gate.faults.add("sendfile", action)
        mid = next_id()
        arguments: dict[str, Any] = {
            "from_uid": world.anna,
            "to_uid": world.ben,
            "mtype": 50,
            "file": b"once",
            "mid": mid,
        }
        if style == "wait":
            result, error_code = client.send_file(**arguments)
        else:
            result, error_code = await_callback(client, "send_file", arguments)
        assert error_code == 0, error_code
        (message,) = gate.messages(mid=mid)
        assert result == (mid, message.mtime)

    def test_refused_token_is_an_error_code(self, client: RTMServerClient) -> None:
        assert failure(client.send_file(1, 1, 50, b"to myself")) == RTM_ERROR.RTM_EC_SEND_TO_SELF
