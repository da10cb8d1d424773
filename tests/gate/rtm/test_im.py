from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate import Gate

from ..raw_client import RawClient


@pytest.mark.parametrize(("place", "name"), [("user", "uid"), ("group", "gid")])
class TestInfos:
    def test_what_is_not_named_stays(self, client: RawClient, place: str, name: str) -> None:
        assert client.call(f"imserver_set{place}infos", **{name: 1}, infos={"profile": "x", "customData": "{}"}) == {}
        client.call(f"imserver_set{place}infos", **{name: 1}, infos={"profile": "", "portraitUrl": "y"})
        client.call(f"imserver_set{place}infos", **{name: 1}, infos={})
        assert client.call(f"imserver_get{place}infos", **{f"{name}s": [1, 2]}) == {
            "infos": {"1": {"profile": "", "customData": "{}", "portraitUrl": "y"}, "2": {}}
        }

    def test_users_and_groups_are_apart(self, client: RawClient, place: str, name: str) -> None:
        client.call(f"imserver_set{place}infos", **{name: 1}, infos={"a": "x"})
        other, ids = {"user": ("group", "gids"), "group": ("user", "uids")}[place]
        assert client.call(f"imserver_get{other}infos", **{ids: [1]}) == {"infos": {"1": {}}}

    @pytest.mark.parametrize("infos", [5, [], {"a": 5}, {5: "a"}, {"a": None}])
    def test_only_texts(self, client: RawClient, place: str, name: str, infos: Any) -> None:
        assert client.code(f"imserver_set{place}infos", **{name: 1}, infos=infos) == 10010

    def test_limits(self, client: RawClient, place: str, name: str) -> None:
        infos = {str(number): "" for number in range(1001)}
        assert client.code(f"imserver_set{place}infos", **{name: 1}, infos=infos) == 200032
        assert client.code(f"imserver_get{place}infos", **{f"{name}s": list(range(1, 1002))}) == 200032


class TestGrants:
    @pytest.mark.parametrize("kind", [0, 1, 2])
    def test_who_may_join(self, client: RawClient, kind: int) -> None:
        where = {"type": kind, "xid": 5}
        assert client.call("imserver_getapplygrant", **where) == {"grant_type": 0}
        for grant in (1, 2, 3, 0):
            assert client.call("imserver_setapplygrant", **where, grant_type=grant, extra="pass") == {}
            assert client.call("imserver_getapplygrant", **where) == {"grant_type": grant}
        client.call("imserver_setapplygrant", **where, grant_type=2)
        assert client.call("imserver_getapplygrant", type=(kind + 1) % 3, xid=5) == {"grant_type": 0}

    def test_a_password_is_needed_and_not_kept(self, gate: Gate, client: RawClient) -> None:
        where = {"type": 1, "xid": 5}
        assert client.code("imserver_setapplygrant", **where, grant_type=3) == 200033
        assert client.code("imserver_setapplygrant", **where, grant_type=3, extra="") == 200033
        client.call("imserver_setapplygrant", **where, grant_type=3, extra="pass")
        store = gate._inside().store
        ((digest,),) = gate._do(lambda: store.execute("SELECT digest FROM im_apply_grants").fetchall())
        assert len(digest) == 32 and b"pass" not in digest

    @pytest.mark.parametrize("kind", [1, 2])
    def test_who_may_invite(self, client: RawClient, kind: int) -> None:
        where = {"type": kind, "xid": 5}
        assert client.call("imserver_getinvitegrant", **where) == {"invite_type": 0, "invite_manage_type": 0}
        assert client.call("imserver_setinvitegrant", **where, invite_type=1, invite_manage_type=0) == {}
        assert client.call("imserver_getinvitegrant", **where) == {"invite_type": 1, "invite_manage_type": 0}

    @pytest.mark.parametrize(
        ("method", "params", "code"),
        [
            ("imserver_setapplygrant", {"type": 3, "xid": 5, "grant_type": 0}, 200034),
            ("imserver_setapplygrant", {"type": 0, "xid": 0, "grant_type": 0}, 200001),
            ("imserver_setapplygrant", {"type": 1, "xid": 0, "grant_type": 0}, 200034),
            ("imserver_setapplygrant", {"type": 1, "xid": 5, "grant_type": 4}, 200034),
            ("imserver_setapplygrant", {"type": 1, "xid": 5, "grant_type": 3, "extra": 5}, 10010),
            ("imserver_setinvitegrant", {"type": 0, "xid": 5, "invite_type": 0, "invite_manage_type": 0}, 200034),
            ("imserver_setinvitegrant", {"type": 1, "xid": 5, "invite_type": 2, "invite_manage_type": 0}, 200034),
            ("imserver_setinvitegrant", {"type": 1, "xid": 5, "invite_type": 0, "invite_manage_type": 2}, 200034),
            ("imserver_getinvitegrant", {"type": 0, "xid": 5}, 0),
        ],
    )
    def test_values(self, client: RawClient, method: str, params: dict[str, Any], code: int) -> None:
        assert client.code(method, **params) == code


class TestGroups:
    def create(self, client: RawClient, **changes: Any) -> int:
        params = {"gid": 5, "owner_uid": 1, "infos": {"name": "us"}, "permissions": {"type": "1"}, **changes}
        return client.code("imserver_creategroup", **params)

    def test_they_come_and_go(self, client: RawClient) -> None:
        assert self.create(client) == 0
        assert client.call("imserver_addgroupmembers", gid=5, uids=[3, 2]) == {}
        assert client.call("getgroupmembers", gid=5) == {"uids": [1, 2, 3]}
        assert client.call("imserver_getgroupinfos", gids=[5]) == {"infos": {"5": {"name": "us"}}}
        assert client.call("imserver_getapplygrant", type=1, xid=5) == {"grant_type": 1}
        client.call("imserver_setinvitegrant", type=1, xid=5, invite_type=1, invite_manage_type=1)
        assert client.call("imserver_dismissgroup", gid=5) == {}
        assert client.call("imserver_dismissgroup", gid=5) == {}
        assert client.call("getgroupmembers", gid=5) == {"uids": []}
        assert client.call("imserver_getgroupinfos", gids=[5]) == {"infos": {"5": {}}}
        assert client.call("imserver_getapplygrant", type=1, xid=5) == {"grant_type": 0}
        assert client.call("imserver_getinvitegrant", type=1, xid=5)["invite_type"] == 0
        assert self.create(client, owner_uid=2) == 0

    def test_deleting_the_group_deletes_it_here_too(self, client: RawClient) -> None:
        self.create(client)
        client.call("delgroup", gid=5)
        assert client.call("imserver_getgroupinfos", gids=[5]) == {"infos": {"5": {}}}

    def test_creating_it_again(self, client: RawClient) -> None:
        self.create(client)
        assert self.create(client, infos={"name": "new"}, permissions={}) == 0
        assert client.call("imserver_getgroupinfos", gids=[5]) == {"infos": {"5": {"name": "new"}}}
        assert client.call("imserver_getapplygrant", type=1, xid=5) == {"grant_type": 1}
        assert self.create(client, owner_uid=2, infos={"name": "theirs"}) == 200021
        assert client.call("imserver_getgroupinfos", gids=[5]) == {"infos": {"5": {"name": "new"}}}

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"permissions": {"type": "4"}}, 200034),
            ({"permissions": {"type": 1}}, 10010),
            ({"permissions": {"type": "3"}}, 200033),
            ({"permissions": {"type": "3", "extra": "pass"}}, 0),
            ({"infos": {"name": 5}}, 10010),
            ({"gid": 0}, 200034),
            ({"owner_uid": 0}, 200001),
        ],
    )
    def test_values(self, client: RawClient, wrong: Any, code: int) -> None:
        assert self.create(client, **wrong) == code
        assert client.call("getgroupmembers", gid=5) == {"uids": [] if code else [1]}

    def test_members_per_call(self, client: RawClient) -> None:
        assert client.code("imserver_addgroupmembers", gid=5, uids=list(range(1, 102))) == 200032


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("imserver_setuserinfos", {"uid": 1, "infos": {}}),
        ("imserver_getuserinfos", {"uids": [1]}),
        ("imserver_setgroupinfos", {"gid": 1, "infos": {}}),
        ("imserver_getgroupinfos", {"gids": [1]}),
        ("imserver_setapplygrant", {"type": 1, "xid": 5, "grant_type": 0}),
        ("imserver_getapplygrant", {"type": 1, "xid": 5}),
        ("imserver_setinvitegrant", {"type": 1, "xid": 5, "invite_type": 0, "invite_manage_type": 0}),
        ("imserver_getinvitegrant", {"type": 1, "xid": 5}),
        ("imserver_creategroup", {"gid": 5, "owner_uid": 1, "infos": {}, "permissions": {}}),
        ("imserver_dismissgroup", {"gid": 5}),
        ("imserver_addgroupmembers", {"gid": 5, "uids": [1]}),
    ],
)
def test_parameters(client: RawClient, method: str, params: dict[str, Any]) -> None:
    assert client.code(method, **params) == 0
    for name in params:
        assert client.code(method, **{key: value for key, value in params.items() if key != name}) == 10009
        assert client.code(method, **{**params, name: "1"}) == 10010
