# ruff: noqa: F403, F405, UP004, UP024, UP031
# mypy: ignore-errors
"""A program as people wrote it for the public SDK. It knows nothing of rtm_sdk.

Arguments: pid, secret, endpoint, an endpoint where nobody listens, the gate's public key (a file), a user on line.
"""

import sys
import tempfile
import threading

import fpnn
import rtm
from fpnn import *
from fpnn.client_engine import ClientEngine as EngineOfModule
from rtm import *
from rtm.rtm_server_client import RTMServerClient as ClientOfModule

PID, SECRET, ENDPOINT, NOWHERE, KEY, ON_LINE = sys.argv[1:]
PID, ON_LINE = int(PID), int(ON_LINE)
ANNA, BEN, CLEO, GROUP, ROOM, RTC_ROOM = 1001, 1002, 1003, 7, 8, 9
OWN = 51


class Outcome(object):
    def __init__(self):
        self.arrived = threading.Event()
        self.outcome = None

    def wait(self):
        if not self.arrived.wait(10):
            raise Exception("%s was not called" % type(self).__name__)
        if self.outcome[-1] != FPNN_ERROR.FPNN_EC_OK:
            raise Exception("%s got %s" % (type(self).__name__, self.outcome[-1]))
        if len(self.outcome) == 2:
            return self.outcome[0]
        return self.outcome[:-1]


class OnSendMessage(Outcome, SendMessageCallback):
    def callback(self, mid, mtime, error):
        self.outcome = (
            mid,
            mtime,
            error,
        )
        self.arrived.set()


class OnBasic(Outcome, BasicCallback):
    def callback(self, error):
        self.outcome = (error,)
        self.arrived.set()


class OnGetMessageInfo(Outcome, GetMessageInfoCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnGetGroupMessage(Outcome, GetGroupMessageCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnGetRoomMessage(Outcome, GetRoomMessageCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnGetBroadcastMessage(Outcome, GetBroadcastMessageCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnGetP2PMessage(Outcome, GetP2PMessageCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnGetMessageNum(Outcome, GetMessageNumCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnTranslate(Outcome, TranslateCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnSpeechToText(Outcome, SpeechToTextCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnTextCheck(Outcome, TextCheckCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnCheck(Outcome, CheckCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnFileToken(Outcome, FileTokenCallback):
    def callback(self, token, endpoint, error):
        self.outcome = (
            token,
            endpoint,
            error,
        )
        self.arrived.set()


class OnSendFile(Outcome, SendFileCallback):
    def callback(self, mtime, error):
        self.outcome = (
            mtime,
            error,
        )
        self.arrived.set()


class OnGetToken(Outcome, GetTokenCallback):
    def callback(self, token, error):
        self.outcome = (
            token,
            error,
        )
        self.arrived.set()


class OnGetOnlineUsers(Outcome, GetOnlineUsersCallback):
    def callback(self, uids, error):
        self.outcome = (
            uids,
            error,
        )
        self.arrived.set()


class OnGetUserInfo(Outcome, GetUserInfoCallback):
    def callback(self, oinfo, pinfo, error):
        self.outcome = (
            oinfo,
            pinfo,
            error,
        )
        self.arrived.set()


class OnGetUserOpenInfo(Outcome, GetUserOpenInfoCallback):
    def callback(self, info, error):
        self.outcome = (
            info,
            error,
        )
        self.arrived.set()


class OnIsProjectBlack(Outcome, IsProjectBlackCallback):
    def callback(self, ok, error):
        self.outcome = (
            ok,
            error,
        )
        self.arrived.set()


class OnGetFriends(Outcome, GetFriendsCallback):
    def callback(self, uids, error):
        self.outcome = (
            uids,
            error,
        )
        self.arrived.set()


class OnIsFriend(Outcome, IsFriendCallback):
    def callback(self, ok, error):
        self.outcome = (
            ok,
            error,
        )
        self.arrived.set()


class OnIsFriends(Outcome, IsFriendsCallback):
    def callback(self, fuids, error):
        self.outcome = (
            fuids,
            error,
        )
        self.arrived.set()


class OnGetBlacks(Outcome, GetBlacksCallback):
    def callback(self, uids, error):
        self.outcome = (
            uids,
            error,
        )
        self.arrived.set()


class OnIsBlack(Outcome, IsBlackCallback):
    def callback(self, ok, error):
        self.outcome = (
            ok,
            error,
        )
        self.arrived.set()


class OnIsBlacks(Outcome, IsBlacksCallback):
    def callback(self, buids, error):
        self.outcome = (
            buids,
            error,
        )
        self.arrived.set()


class OnGetGroupMembers(Outcome, GetGroupMembersCallback):
    def callback(self, uids, error):
        self.outcome = (
            uids,
            error,
        )
        self.arrived.set()


class OnIsGroupMember(Outcome, IsGroupMemberCallback):
    def callback(self, ok, error):
        self.outcome = (
            ok,
            error,
        )
        self.arrived.set()


class OnGetUserGroups(Outcome, GetUserGroupsCallback):
    def callback(self, gids, error):
        self.outcome = (
            gids,
            error,
        )
        self.arrived.set()


class OnIsBanOfGroup(Outcome, IsBanOfGroupCallback):
    def callback(self, ok, error):
        self.outcome = (
            ok,
            error,
        )
        self.arrived.set()


class OnGetGroupInfo(Outcome, GetGroupInfoCallback):
    def callback(self, oinfo, pinfo, error):
        self.outcome = (
            oinfo,
            pinfo,
            error,
        )
        self.arrived.set()


class OnGetRoomMembers(Outcome, GetRoomMembersCallback):
    def callback(self, uids, error):
        self.outcome = (
            uids,
            error,
        )
        self.arrived.set()


class OnGetRoomCount(Outcome, GetRoomCountCallback):
    def callback(self, count, error):
        self.outcome = (
            count,
            error,
        )
        self.arrived.set()


class OnIsBanOfRoom(Outcome, IsBanOfRoomCallback):
    def callback(self, ok, error):
        self.outcome = (
            ok,
            error,
        )
        self.arrived.set()


class OnGetRoomInfo(Outcome, GetRoomInfoCallback):
    def callback(self, oinfo, pinfo, error):
        self.outcome = (
            oinfo,
            pinfo,
            error,
        )
        self.arrived.set()


class OnGetDevicePushOption(Outcome, GetDevicePushOptionCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnDataGet(Outcome, DataGetCallback):
    def callback(self, value, error):
        self.outcome = (
            value,
            error,
        )
        self.arrived.set()


class OnGetRTCRoomList(Outcome, GetRTCRoomListCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnGetRTCRoomMembers(Outcome, GetRTCRoomMembersCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class OnGetRTCRoomMemberCount(Outcome, GetRTCRoomMemberCountCallback):
    def callback(self, result, error):
        self.outcome = (
            result,
            error,
        )
        self.arrived.set()


class Told(object):
    def __init__(self):
        self.all = {}
        self.changed = threading.Condition()

    def tell(self, name, what):
        with self.changed:
            self.all.setdefault(name, []).append(what)
            self.changed.notify_all()

    def wait(self, name, times=1):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.all.get(name, ())) >= times, 10):
                raise Exception("%s was not told, but %s" % (name, sorted(self.all)))
            return self.all[name]


told = Told()


class Monitor(RTMServerPushMonitor):
    def ping(self):
        told.tell("ping", ())

    def push_message(self, message):
        told.tell("message", message)

    def push_group_message(self, message):
        told.tell("group message", message)

    def push_room_message(self, message):
        told.tell("room message", message)

    def push_chat(self, message):
        told.tell("chat", message)

    def push_group_chat(self, message):
        told.tell("group chat", message)

    def push_room_chat(self, message):
        told.tell("room chat", message)

    def push_cmd(self, message):
        told.tell("cmd", message)

    def push_group_cmd(self, message):
        told.tell("group cmd", message)

    def push_room_cmd(self, message):
        told.tell("room cmd", message)

    def push_file(self, message):
        told.tell("file", message)

    def push_group_file(self, message):
        told.tell("group file", message)

    def push_room_file(self, message):
        told.tell("room file", message)

    def push_event(self, pid, event, uid, time, endpoint, data):
        told.tell("event", (pid, event, uid, time, endpoint, data))


class Connection(RTMConnectionCallback):
    def connected(self, connection_id, endpoint, success, is_reconnect):
        told.tell("connected", (connection_id, endpoint, success, is_reconnect))

    def closed(self, connection_id, endpoint, caused_by_error, is_reconnect):
        told.tell("closed", (connection_id, endpoint, caused_by_error, is_reconnect))


class Recorder(object):
    def record_error(self, text):
        told.tell("error", text)


def fine(outcome):
    """The result, or the results, of a call that must have worked."""
    if not isinstance(outcome, tuple):
        outcome = (outcome,)
    error = outcome[-1]
    if error != FPNN_ERROR.FPNN_EC_OK or error is not FPNN_ERROR.FPNN_EC_OK or not isinstance(error, FPNN_ERROR):
        raise Exception("error %d, message %r" % (error, getattr(error, "message", "")))
    assert error == 0
    return outcome[0] if len(outcome) == 2 else outcome[:-1]


def prepare():
    print(RTM_SDK_VERSION, RTM_INTERFACE_VERSION)
    assert ClientOfModule is RTMServerClient is rtm.RTMServerClient
    assert EngineOfModule is ClientEngine is fpnn.ClientEngine
    RTMServerConfigCenter.init()
    conf = RTMServerConfig()
    assert (conf.global_connect_timeout, conf.global_quest_timeout, conf.file_client_holding_seconds) == (30, 30, 150)
    conf.global_quest_timeout = 10
    conf.error_recorder = Recorder()
    RTMServerConfigCenter.init(conf)

    strategy = RegressiveStrategy()
    assert strategy.connect_failed_max_interval_milliseconds == 1500
    strategy.start_connect_failed_count = 2
    strategy.first_interval_seconds = 1
    strategy.max_interval_seconds = 10
    strategy.linear_regressive_count = 4

    client = RTMServerClient(PID, SECRET, ENDPOINT)
    client.set_auto_connect(True)
    client.set_regressive_strategy(strategy)
    client.set_quest_timeout(10)
    client.set_connect_timeout(5)
    client.set_connection_callback(Connection())
    client.set_quest_processor(Monitor())
    client.set_error_recorder(Recorder())
    client.enable_encryptor_by_pem_file(KEY, curve_name="secp256k1", strength=128)
    return client


def listen(client):
    assert told.all == {}
    fine(client.set_listen([GROUP], [ROOM], [ANNA], ["login"]))
    fine(client.add_listen(gids=[GROUP + 1], events=["logout"]))
    fine(client.remove_listen(gids=[GROUP + 1], callback=None, timeout=5))
    fine(client.set_all_listen(True, True, True, True))
    ((connection_id, *what),) = told.wait("connected")
    assert connection_id > 0 and what == [ENDPOINT, True, False]


def people(client):
    token = fine(client.get_token(ANNA))
    client.get_token(ANNA, on := OnGetToken())
    assert isinstance(on.wait(), str) and isinstance(token, str)
    fine(client.remove_token(ANNA))

    assert fine(client.get_online_users([ANNA, ON_LINE])) == [ON_LINE]
    client.get_online_users([ANNA, ON_LINE], callback=(on := OnGetOnlineUsers()))
    assert on.wait() == [ON_LINE]
    fine(client.kickout(ON_LINE))
    pid, event, uid, time, endpoint, data = told.wait("event")[0]
    assert (pid, event, uid, data) == (PID, "logout", ON_LINE, "")
    assert time > 0 and ":" in endpoint

    fine(client.set_user_info(ANNA, "public", pinfo="private"))
    oinfo, pinfo, error = client.get_user_info(ANNA)
    assert (oinfo, pinfo, error) == ("public", "private", FPNN_ERROR.FPNN_EC_OK)
    client.get_user_info(ANNA, on := OnGetUserInfo())
    assert on.wait() == ("public", "private")
    assert fine(client.get_user_open_info([ANNA])) == {ANNA: "public"}
    client.get_user_open_info([ANNA], on := OnGetUserOpenInfo())
    assert on.wait() == {ANNA: "public"}

    fine(client.add_project_black(CLEO, 60))
    assert fine(client.is_project_black(CLEO)) is True
    client.is_project_black(CLEO, on := OnIsProjectBlack())
    assert on.wait() is True
    fine(client.remove_project_black(CLEO))

    fine(client.add_friends(ANNA, [BEN, CLEO]))
    fine(client.delete_friends(ANNA, [CLEO]))
    assert fine(client.get_friends(ANNA)) == [BEN]
    assert fine(client.is_friend(ANNA, BEN)) is True
    assert fine(client.is_friends(ANNA, [BEN, CLEO])) == [BEN]
    client.get_friends(ANNA, first := OnGetFriends())
    client.is_friend(ANNA, CLEO, second := OnIsFriend())
    client.is_friends(ANNA, [BEN, CLEO], third := OnIsFriends())
    assert (first.wait(), second.wait(), third.wait()) == ([BEN], False, [BEN])

    fine(client.add_blacks(CLEO, [ANNA, BEN]))
    fine(client.delete_blacks(CLEO, [BEN]))
    assert fine(client.get_blacks(CLEO)) == [ANNA]
    assert fine(client.is_black(ANNA, CLEO)) is True
    assert fine(client.is_blacks(ANNA, [BEN, CLEO])) == [CLEO]
    client.get_blacks(CLEO, first := OnGetBlacks())
    client.is_black(BEN, CLEO, second := OnIsBlack())
    client.is_blacks(ANNA, [BEN, CLEO], third := OnIsBlacks())
    assert (first.wait(), second.wait(), third.wait()) == ([ANNA], False, [CLEO])
    mid, mtime, error = client.send_chat(ANNA, CLEO, "hi", "")
    assert (mid, mtime, error) == (None, None, RTM_ERROR.RTM_EC_BLOCKED_USER)
    assert error == 200049 and error != FPNN_ERROR.FPNN_EC_OK and isinstance(error, int)
    fine(client.delete_blacks(CLEO, [ANNA]))

    fine(client.add_device(ANNA, "apns", "device token"))
    fine(client.remove_device(ANNA, "device token"))
    fine(client.add_device_push_option(ANNA, 1, GROUP, [30]))
    option = fine(client.get_device_push_option(ANNA))
    assert isinstance(option, GetDevicePushOptionResult) and option.p2p == {} and option.group == {GROUP: [30]}
    client.get_device_push_option(ANNA, on := OnGetDevicePushOption())
    assert on.wait().group == {GROUP: [30]}
    fine(client.remove_device_push_option(ANNA, 1, GROUP, [30]))

    fine(client.data_set(ANNA, "color", "red"))
    assert fine(client.data_get(ANNA, "color")) == "red"
    client.data_get(ANNA, "color", on := OnDataGet())
    assert on.wait() == "red"
    fine(client.data_delete(ANNA, "color"))
    assert client.data_get(ANNA, "color") == (None, FPNN_ERROR.FPNN_EC_OK)
    fine(client.clear_user_message(CLEO))


def groups_and_rooms(client):
    client.add_group_members(GROUP, [ANNA, BEN, CLEO], on := OnBasic())
    assert on.wait() == ()
    fine(client.delete_group_members(GROUP, [CLEO]))
    assert sorted(fine(client.get_group_members(GROUP))) == [ANNA, BEN]
    assert fine(client.is_group_member(GROUP, ANNA)) is True
    assert fine(client.get_user_groups(ANNA)) == [GROUP]
    fine(client.add_group_ban(GROUP, CLEO, 60))
    assert fine(client.is_ban_of_group(GROUP, CLEO)) is True
    client.get_group_members(GROUP, first := OnGetGroupMembers())
    client.is_group_member(GROUP, CLEO, second := OnIsGroupMember())
    client.get_user_groups(ANNA, third := OnGetUserGroups())
    client.is_ban_of_group(GROUP, ANNA, fourth := OnIsBanOfGroup())
    assert sorted(first.wait()) == [ANNA, BEN]
    assert (second.wait(), third.wait(), fourth.wait()) == (False, [GROUP], False)
    fine(client.remove_group_ban(GROUP, CLEO))
    fine(client.set_group_info(GROUP, oinfo="cats"))
    assert fine(client.get_group_info(GROUP)) == ("cats", "")
    client.get_group_info(GROUP, on := OnGetGroupInfo())
    assert on.wait() == ("cats", "")

    fine(client.add_room_member(ROOM, ANNA))
    fine(client.add_room_member(ROOM, BEN))
    fine(client.delete_room_member(ROOM, BEN))
    assert fine(client.get_room_members(ROOM)) == [ANNA]
    assert fine(client.get_room_count([ROOM])) == {ROOM: 1}
    fine(client.add_room_ban(ROOM, CLEO, 60))
    assert fine(client.is_ban_of_room(ROOM, CLEO)) is True
    client.get_room_members(ROOM, first := OnGetRoomMembers())
    client.get_room_count([ROOM], second := OnGetRoomCount())
    client.is_ban_of_room(ROOM, ANNA, third := OnIsBanOfRoom())
    assert (first.wait(), second.wait(), third.wait()) == ([ANNA], {ROOM: 1}, False)
    fine(client.remove_room_ban(ROOM, CLEO))
    fine(client.set_room_info(ROOM, "dogs", "big"))
    assert fine(client.get_room_info(ROOM)) == ("dogs", "big")
    client.get_room_info(ROOM, on := OnGetRoomInfo())
    assert on.wait() == ("dogs", "big")


def messages(client):
    mid, mtime, error = client.send_message(OWN, ANNA, BEN, "hello", "attrs", 4711)
    assert (mid, error) == (4711, FPNN_ERROR.FPNN_EC_OK) and mtime > 0
    sent = {
        "to_many": fine(client.send_messages(OWN, ANNA, [BEN, CLEO], b"\xff\x00", "")),
        "group": fine(client.send_group_message(OWN, ANNA, GROUP, "hello", "")),
        "room": fine(client.send_room_message(OWN, ANNA, ROOM, "hello", "")),
        "all": fine(client.broadcast_message(OWN, ANNA, "hello", "")),
        "chat": fine(client.send_chat(ANNA, BEN, "hello", "")),
        "chats": fine(client.send_chats(ANNA, [BEN, CLEO], "hello", "")),
        "group_chat": fine(client.send_group_chat(ANNA, GROUP, "hello", "")),
        "room_chat": fine(client.send_room_chat(ANNA, ROOM, "hello", "")),
        "all_chat": fine(client.broadcast_chat(ANNA, "hello", "")),
    }
    fine(client.send_cmd(ANNA, BEN, "jump", ""))
    fine(client.send_cmds(ANNA, [BEN, CLEO], "jump", ""))
    fine(client.send_group_cmd(ANNA, GROUP, "jump", ""))
    fine(client.send_room_cmd(ANNA, ROOM, "jump", "", mid=0, callback=None, timeout=5))
    client.broadcast_cmd(ANNA, "jump", "", 0, on := OnSendMessage())
    assert len(on.wait()) == 2
    assert len({mid for mid, mtime in sent.values()}) == len(sent)

    for name, mtype in (("message", OWN), ("chat", ChatMessageType.TEXT), ("cmd", ChatMessageType.CMD)):
        for place, target in (("", BEN), ("group ", GROUP), ("room ", ROOM)):
            message = told.wait(place + name)[0]
            assert isinstance(message, RTMMessage)
            assert (message.from_uid, message.to_id, message.message_type) == (ANNA, target, mtype)
            assert message.message_id > 0 and message.modified_time > 0 and message.file_info is None
    assert told.wait("message")[0].message == "hello" and told.wait("message")[0].attrs == "attrs"

    info, error = client.get_message_info(4711, ANNA, BEN, MessageType.P2P_MESSAGE)
    assert isinstance(info, RetrievedMessage) and info.cursor_id > 0
    assert (info.message_type, info.message, info.attrs, info.modified_time) == (OWN, "hello", "attrs", mtime)
    fine(client.get_p2p_message_info(4711, ANNA, BEN))
    fine(client.get_group_message_info(sent["group"][0], ANNA, GROUP))
    fine(client.get_room_message_info(sent["room"][0], ANNA, ROOM))
    fine(client.get_broadcast_message_info(sent["all"][0], ANNA))
    fine(client.get_p2p_chat_info(sent["chat"][0], ANNA, BEN))
    fine(client.get_group_chat_info(sent["group_chat"][0], ANNA, GROUP))
    fine(client.get_room_chat_info(sent["room_chat"][0], ANNA, ROOM))
    client.get_broadcast_chat_info(sent["all_chat"][0], ANNA, on := OnGetMessageInfo())
    assert on.wait().message == "hello"

    history(client)

    fine(client.delete_message(4711, ANNA, BEN, MessageType.P2P_MESSAGE))
    info, error = client.get_p2p_message_info(4711, ANNA, BEN)
    assert (info, error) == (None, RTM_ERROR.RTM_EC_MESSAGE_NOT_FOUND)
    fine(client.delete_p2p_message(sent["to_many"][0], ANNA, CLEO))
    fine(client.delete_group_message(sent["group"][0], ANNA, GROUP))
    fine(client.delete_room_message(sent["room"][0], ANNA, ROOM))
    fine(client.delete_broadcast_message(sent["all"][0], ANNA))
    fine(client.delete_p2p_chat(sent["chat"][0], ANNA, BEN))
    fine(client.delete_group_chat(sent["group_chat"][0], ANNA, GROUP))
    fine(client.delete_room_chat(sent["room_chat"][0], ANNA, ROOM))
    fine(client.delete_broadcast_chat(sent["all_chat"][0], ANNA))


def history(client):
    page = fine(client.get_group_message(ANNA, GROUP, True, 10))
    assert isinstance(page, HistoryMessageResult)
    assert page.count == len(page.messages) > 0 and page.last_cursor_id > 0 and page.begin_msec <= page.end_msec
    message = page.messages[0]
    assert isinstance(message, HistoryMessage) and message.cursor_id > 0 and message.from_uid == ANNA
    fine(client.get_group_chat(ANNA, GROUP, True, 10))
    fine(client.get_room_message(ANNA, ROOM, False, 10, page.begin_msec, page.end_msec, page.last_cursor_id, [OWN]))
    fine(client.get_room_chat(ANNA, ROOM, True, 10, begin=1))
    fine(client.get_broadcast_message(ANNA, True, 10, mtypes=[OWN]))
    fine(client.get_broadcast_chat(ANNA, True, 10))
    fine(client.get_p2p_message(ANNA, BEN, True, 10))
    assert fine(client.get_p2p_chat(ANNA, BEN, True, 10)).messages[-1].message == "hello"
    client.get_group_message(ANNA, GROUP, True, 10, callback=(first := OnGetGroupMessage()))
    client.get_room_message(ANNA, ROOM, True, 10, callback=(second := OnGetRoomMessage()))
    client.get_broadcast_message(ANNA, True, 10, callback=(third := OnGetBroadcastMessage()))
    client.get_p2p_message(ANNA, BEN, True, 10, callback=(fourth := OnGetP2PMessage()))
    assert [on.wait().count > 0 for on in (first, second, third, fourth)] == [True] * 4
    number = fine(client.get_message_num(MessageType.GROUP_MESSAGE, GROUP))
    assert isinstance(number, GetMessageNumResult) and number.sender == 1 and number.num > 0
    client.get_message_num(MessageType.GROUP_MESSAGE, GROUP, callback=(on := OnGetMessageNum()))
    assert on.wait() == number


def files(client):
    token, endpoint, error = client.file_token(ANNA, "sendfile", to_uid=BEN)
    assert error == FPNN_ERROR.FPNN_EC_OK and isinstance(token, str) and ":" in endpoint
    client.file_token(ANNA, "sendgroupfile", None, None, None, GROUP, on := OnFileToken())
    assert len(on.wait()) == 2

    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write(b"content")
        file.flush()
        mtime, error = client.send_file(ANNA, BEN, 50, file.name)
        assert error == FPNN_ERROR.FPNN_EC_OK and mtime > 0
        fine(client.send_files(ANNA, [BEN, CLEO], 50, file_path=file.name, timeout=10))
        fine(client.send_group_file(ANNA, GROUP, 50, file.name))
        fine(client.send_room_file(ANNA, ROOM, 50, file.name))
        client.broadcast_file(ANNA, 50, file.name, first := OnSendFile())
        client.send_file(ANNA, BEN, 50, file.name, callback=(second := OnSendMessage()))
        assert first.wait() > 0 and len(second.wait()) == 2
        try:
            client.send_file(ANNA, BEN, 50, file.name + ".not")
        except IOError:
            pass
        else:
            raise Exception("a file that is not there was sent")
    for place in ("", "group ", "room "):
        info = told.wait(place + "file")[0].file_info
        assert isinstance(info, FileInfo)
        assert info.url.startswith("http") and info.size == 7 and not info.is_rtm_audio


def checks(client):
    result = fine(client.text_check("a bad day"))
    assert isinstance(result, TextCheckResult)
    assert (result.result, result.tags, result.text, result.wlist) == (2, [300], "a *** day", ["bad"])
    client.text_check("a bad day", None, on := OnTextCheck())
    assert on.wait() == result
    result = fine(client.image_check("http://localhost/cat.jpg", 1))
    assert isinstance(result, CheckResult) and (result.result, result.tags) == (0, [])
    fine(client.audio_check(b"bad", 2, "en"))
    client.video_check(b"bad", 2, "cat.mp4", callback=(on := OnCheck()))
    assert on.wait().result == 2
    fine(client.video_check(b"good", 2, "cat.mp4"))
    result = fine(client.translate("hello", "fr", src="en", ttype="chat", profanity="off"))
    assert isinstance(result, TranslateResult)
    assert (result.source, result.target, result.source_text, result.target_text) == ("en", "fr", "hello", "fr: hello")
    client.translate("hello", "fr", callback=(on := OnTranslate()))
    assert on.wait().target == "fr"
    result = fine(client.speech_to_text(b"hm", 2, "en"))
    assert isinstance(result, SpeechToTextResult) and result.lang == "en" and result.text
    client.speech_to_text(b"hm", 2, "en", callback=(on := OnSpeechToText()))
    assert on.wait() == result


def calls(client):
    fine(client.pull_into_rtc_room(RTC_ROOM, [ANNA, BEN, CLEO], 1))
    fine(client.invite_user_into_rtc_room(RTC_ROOM, [BEN], ANNA))
    fine(client.set_rtc_room_mic_status(RTC_ROOM, True))
    fine(client.admin_command(RTC_ROOM, [BEN], AdministratorCommand.AppointAdministrator))
    fine(client.kick_out_from_rtc_room(CLEO, RTC_ROOM, ANNA))
    rooms = fine(client.get_rtc_room_list())
    assert isinstance(rooms, GetRTCRoomListResult) and rooms.room_ids == [RTC_ROOM]
    members = fine(client.get_rtc_room_members(RTC_ROOM))
    assert isinstance(members, GetRTCRoomMembersResult)
    assert (members.uids, members.administrators, members.owner) == ([ANNA, BEN], [BEN], ANNA)
    count = fine(client.get_rtc_room_member_count(RTC_ROOM))
    assert isinstance(count, GetRTCRoomMemberCountResult) and count.count == 2
    client.get_rtc_room_list(first := OnGetRTCRoomList())
    client.get_rtc_room_members(RTC_ROOM, second := OnGetRTCRoomMembers())
    client.get_rtc_room_member_count(RTC_ROOM, third := OnGetRTCRoomMemberCount())
    assert (first.wait(), second.wait(), third.wait()) == (rooms, members, count)
    fine(client.close_rtc_room(RTC_ROOM))


def connections(client):
    told.wait("ping")
    client.reconnect()
    before, after = told.wait("connected", times=2)
    assert after[1:] == (ENDPOINT, True, True) and after[0] > before[0]
    assert told.wait("closed") == [(before[0], ENDPOINT, False, False)]
    fine(client.get_token(ANNA))
    fine(client.delete_group(GROUP))

    lonely = RTMServerClient(PID, SECRET, NOWHERE)
    token, error = lonely.get_token(ANNA, timeout=1)
    assert token is None and error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
    assert NOWHERE in told.wait("error")[0]
    lonely.close()
    lonely.destory()


def main():
    client = prepare()
    listen(client)
    groups_and_rooms(client)
    people(client)
    messages(client)
    files(client)
    checks(client)
    calls(client)
    connections(client)
    status = ListenStatusInfo
    assert "all_p2p" in status.__doc__
    client.get_token(ANNA, on := OnGetToken())
    client.destory()
    assert isinstance(on.outcome[0], str)
    client.get_token(ANNA, on := OnGetToken())
    ClientEngine.destory()
    assert isinstance(on.outcome[0], str)
    print("done")


if __name__ == "__main__":
    main()
