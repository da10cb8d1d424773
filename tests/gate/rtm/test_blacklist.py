from __future__ import annotations

from rtm_sdk.gate import Gate

from ..raw_client import RawClient, file_attrs
from .test_messages import quest


def test_they_come_and_go(client: RawClient) -> None:
    assert client.call("getblacks", uid=1) == {"uids": []}
    assert client.call("addblacks", uid=1, blacks=[4, 2, 3]) == {}
    assert client.call("addblacks", uid=1, blacks=[2]) == {}
    assert client.call("getblacks", uid=1) == {"uids": [2, 3, 4]}
    assert client.call("delblacks", uid=1, blacks=[2, 9]) == {}
    assert client.call("getblacks", uid=1) == {"uids": [3, 4]}


def test_the_question_is_whether_the_other_has_blocked(client: RawClient) -> None:
    client.call("addblacks", uid=2, blacks=[1])
    client.call("addblacks", uid=3, blacks=[1])
    assert client.call("isblack", uid=1, buid=2) == {"ok": True}
    assert client.call("isblack", uid=2, buid=1) == {"ok": False}
    assert client.call("isblacks", uid=1, buids=[4, 3, 2]) == {"buids": [3, 2]}
    assert client.call("isblacks", uid=2, buids=[1]) == {"buids": []}


class TestSending:
    def test_only_from_who_is_blocked(self, gate: Gate, client: RawClient) -> None:
        client.call("addblacks", uid=2, blacks=[1])
        assert client.code("sendmsg", **quest("sendmsg")) == 200049
        assert gate.messages() == []
        assert client.code("sendmsg", **quest("sendmsg", **{"from": 2, "to": 1})) == 0
        assert client.code("sendmsg", **quest("sendmsg", **{"from": 3})) == 0
        assert client.code("sendgroupmsg", **quest("sendgroupmsg")) == 0
        client.call("delblacks", uid=2, blacks=[1])
        assert client.code("sendmsg", **quest("sendmsg")) == 0

    def test_of_several_receivers_the_others_get_it(self, gate: Gate, client: RawClient) -> None:
        client.call("addblacks", uid=3, blacks=[1])
        assert set(client.call("sendmsgs", **quest("sendmsgs"))) == {"mtime"}
        assert [message.to_id for message in gate.messages()] == [2, 4]
        for uid in (2, 4):
            client.call("addblacks", uid=uid, blacks=[1])
        assert client.code("sendmsgs", **quest("sendmsgs", mid=78)) == 200049

    def test_files(self, gate: Gate, client: RawClient) -> None:
        client.call("addblacks", uid=2, blacks=[1])
        for cmd, target, code in (("sendfile", {"to": 2}, 200049), ("sendfiles", {"tos": [2, 3]}, 0)):
            token = client.call("filetoken", from_=1, cmd=cmd, **target)["token"]
            params = {"token": token, "mtype": 50, "from": 1, "mid": 7, "file": b"x", **target}
            assert client.code(cmd, **params, attrs=file_attrs(b"x", token)) == code
        assert [message.to_id for message in gate.messages()] == [3]

    def test_where_it_is_not_enforced(self) -> None:
        with Gate(enforce_blacklist=False) as gate, RawClient(gate) as client:
            client.call("addblacks", uid=2, blacks=[1])
            assert client.code("sendmsg", **quest("sendmsg")) == 0
            assert client.call("isblack", uid=1, buid=2) == {"ok": True}
