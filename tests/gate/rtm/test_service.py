from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm_sdk.fpnn.frames import encode_quest, pack, unpack
from rtm_sdk.gate import Gate
from rtm_sdk.gate.rtm.methods import METHODS, method

from ..raw_client import RawClient, Refused
from ..test_connection import read_frames

DOMAINS = {
    "messages": "sendmsg sendmsgs sendgroupmsg sendroommsg broadcastmsg delmsg getmsg editmsg cleanmsg "
    "delconversationmsgs",
    "history": "getgroupmsg getroommsg getbroadcastmsg getp2pmsg getmsgnum",
    "files": "filetoken sendfile sendfiles sendgroupfile sendroomfile broadcastfile",
    "tokens": "gettoken removetoken",
    "groups": "addgroupmembers delgroupmembers delgroup getgroupmembers getgroupcount isgroupmember getusergroups "
    "addgroupban removegroupban isbanofgroup setgroupinfo getgroupinfo",
    "rooms": "addroommember delroommember addroommembers delroommembers adduserrooms deleteuserrooms getroommembers "
    "getroomcount addroomban removeroomban isbanofroom setroominfo getroominfo",
    "users": "kickout getonlineusers setuserinfo getuserinfo getuseropeninfo clearusermsg addsessions removesessions",
    "project": "addprojectblack removeprojectblack isprojectblack addprojectban removeprojectban isprojectban "
    "clearprojectmsg clearprojectgroup",
    "friends": "addfriends delfriends getfriends isfriend isfriends",
    "blacklist": "addblacks delblacks getblacks isblack isblacks",
    "devices": "adddevice removedevice addoption removeoption getoption",
    "data": "dataset dataget datadel",
    "rtc": "inviteUserIntoRTCRoom closeRTCRoom kickoutFromRTCRoom getRTCRoomList getRTCRoomMembers "
    "getRTCRoomMemberCount setRTCRoomMicStatus pullIntoRTCRoom adminCommand",
    "im": "imserver_setuserinfos imserver_getuserinfos imserver_setgroupinfos imserver_getgroupinfos "
    "imserver_setapplygrant imserver_getapplygrant imserver_setinvitegrant imserver_getinvitegrant "
    "imserver_creategroup imserver_dismissgroup imserver_addgroupmembers",
    "moderation": "tcheck icheck acheck vcheck profanity",
    "chat": "translate speech2text",
    "listening": "addlisten removelisten setlisten",
}


@pytest.mark.parametrize("domain", DOMAINS)
def test_each_domain_is_in_the_file_of_its_name(domain: str) -> None:
    names = [name for name, entry in METHODS.items() if entry.handler.__module__ == f"rtm_sdk.gate.rtm.{domain}"]
    assert sorted(names) == sorted(DOMAINS[domain].split())


def test_only_the_file_gate_is_unsigned() -> None:
    unsigned = {name for name, entry in METHODS.items() if not entry.signed}
    assert unsigned == set(DOMAINS["files"].split()) - {"filetoken"}


def test_a_method_has_one_handler() -> None:
    with pytest.raises(ValueError, match="two handlers for sendmsg"):
        method("sendmsg")(lambda call: {})


def test_ping_needs_no_signature(gate: Gate, client: RawClient) -> None:
    gate.clock.offset = 1000
    assert client.raw("*ping", {})["ts"] == pytest.approx(gate.clock.ms(), abs=5000)


@pytest.mark.parametrize("key", [1, b"\xff", -5])
def test_a_root_key_that_is_no_string(client: RawClient, key: Any) -> None:
    assert failure(client, "getusergroups", {**client.signed("getusergroups", {"uid": 1}), key: 1}) == 10005


def test_what_is_not_known_is_ignored(client: RawClient) -> None:
    params = {"uid": 1, "ce": "x", "version": "PYTHON-2.2.6", "more": {"a": [1, None, 2.5]}}
    assert client.call("getusergroups", **params) == {"gids": []}


def test_any_width_of_integer(gate: Gate, client: RawClient) -> None:
    wide = bytearray(pack(client.signed("getusergroups", {})))
    wide[0] += 1
    for number in (b"\xd3" + (7).to_bytes(8, "big"), b"\xcf" + (7).to_bytes(8, "big"), b"\xd1\x00\x07", b"\x07"):
        params = bytearray(pack(client.signed("getusergroups", {})))
        params[0] += 1
        client.socket.sendall(encode_quest("getusergroups", bytes(params) + b"\xa3uid" + number, 1))
        (frame,) = read_frames(client.socket, 1)
        assert unpack(frame.payload) == {"gids": []}


def test_text_as_bin(gate: Gate, client: RawClient) -> None:
    quest = client.signed("setgroupinfo", {"gid": 1, "oinfo": b"caf\xc3\xa9", "pinfo": b"\xff"})
    quest["sign"] = quest["sign"].encode()
    client.raw("setgroupinfo", quest)
    assert client.call("getgroupinfo", gid=1) == {"oinfo": "café", "pinfo": b"\xff"}


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers(-(2**63), 2**64 - 1)
    | st.sampled_from((0, 1, 2, 3, 4, 5, 30, 40, 50, 127, 2**31, 2**63 - 1))
    | st.text(max_size=8)
    | st.binary(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4) | st.integers(0, 9), inner, max_size=4)
    ),
    max_leaves=6,
)
_NAMES = (
    *("mtype", "from", "to", "tos", "gid", "rid", "rids", "uid", "uids", "ouid", "mid", "msg", "attrs", "xid", "type"),
    *(
        "timeLimit",
        "begin",
        "end",
        "lastid",
        "desc",
        "num",
        "mtypes",
        "cmd",
        "token",
        "file",
        "btime",
        "oinfo",
        "pinfo",
    ),
    *("friends", "fuid", "fuids", "blacks", "buid", "buids", "apptype", "devicetoken", "key", "val", "toUids"),
    *("fromUid", "status", "command", "infos", "gids", "grant_type", "extra", "invite_type", "invite_manage_type"),
    *("owner_uid", "permissions", "text", "dst", "src", "profanity", "image", "audio", "video", "lang", "videoName"),
    *("events", "p2p", "group", "room", "ev"),
)


@given(st.sampled_from(sorted(METHODS)), st.dictionaries(st.sampled_from(_NAMES), _VALUES))
@settings(max_examples=200, deadline=None, database=None, derandomize=True)
def test_no_parameters_break_it(shared: RawClient, name: str, params: dict[str, Any]) -> None:
    good = {
        **dict.fromkeys(("xid", "gid", "rid", "from", "uid", "mid"), 1),
        **{name: [1] for name in ("friends", "toUids", "uids")},
        **{name: {} for name in ("infos", "permissions")},
        **dict.fromkeys(("msg", "attrs", "text", "key", "image", "audio", "video", "videoName"), "x"),
        **dict.fromkeys(("lang", "dst"), "en"),
        "type": 2,
        "mtype": 30,
    }
    for quest in (params, {**good, **params}):
        try:
            shared.call(name, **quest)
        except Refused as refused:
            assert refused.code != 20001


@pytest.fixture(scope="module")
def shared() -> Iterator[RawClient]:
    functions: dict[str, Callable[..., Any]] = {
        **dict.fromkeys(("translate", "speech2text"), lambda *args: "x"),
        **dict.fromkeys(("icheck", "acheck", "vcheck"), lambda *args: []),
    }
    with Gate(words=["bad"], functions=functions) as gate, RawClient(gate) as client:
        yield client


def failure(client: RawClient, name: str, params: dict[str, Any]) -> int:
    with pytest.raises(Refused) as refused:
        client.raw(name, params)
    return refused.value.code
