from __future__ import annotations

from .conftest import Chat, Person


def path_of(space: str, user: str = "users/me") -> str:
    return f"v1/{user}/{space}/spaceReadState"


def test_at_first_nothing_is_read(user: Chat, space: str) -> None:
    assert user.ok("GET", path_of(space)) == {"name": f"users/1/{space}/spaceReadState"}


def test_a_time_behind_the_newest_message_is_pulled_back_to_it(user: Chat, space: str) -> None:
    first, second = user.create(space), user.create(space)
    far = {"lastReadTime": "2100-01-01T00:00:00Z"}
    answer = user.ok("PATCH", path_of(space), far, updateMask="lastReadTime")
    assert answer == {"name": f"users/1/{space}/spaceReadState", "lastReadTime": second["createTime"]}
    assert user.ok("GET", path_of(space)) == answer
    early = {"last_read_time": first["createTime"]}
    answer = user.ok("PATCH", path_of(space), early, updateMask="last_read_time")
    assert answer["lastReadTime"] == first["createTime"]


def test_in_a_space_without_messages_everything_is_read_from_its_beginning(user: Chat, space: str) -> None:
    made = user.ok("GET", f"v1/{space}")["createTime"]
    answer = user.ok("PATCH", path_of(space), {"lastReadTime": "2100-01-01T00:00:00Z"}, updateMask="lastReadTime")
    assert answer["lastReadTime"] == made


def test_everybody_has_read_states_of_his_own(user: Chat, space: str, person: Person) -> None:
    ann = person(space, email="ann.read@example.com")
    user.create(space)
    body = {"lastReadTime": "2100-01-01T00:00:00Z"}
    user.ok("PATCH", path_of(space), body, updateMask="lastReadTime")
    assert "lastReadTime" not in ann.ok("GET", path_of(space))
    assert ann.ok("GET", path_of(space, user="users/ann.read@example.com"))["name"].startswith(ann.name)
    assert ann.ok("GET", path_of(space, user=ann.name))["name"].startswith(ann.name)
    assert ann.fails("GET", path_of(space, user="users/1"))[:2] == (403, "PERMISSION_DENIED")
    assert person().fails("GET", path_of(space))[:2] == (403, "PERMISSION_DENIED")


def test_what_is_no_read_time(user: Chat, space: str) -> None:
    path = path_of(space)
    for body in ({}, {"lastReadTime": "today"}, {"lastReadTime": 5}, {"lastReadTime": None}):
        assert user.fails("PATCH", path, body, updateMask="lastReadTime")[:2] == (400, "INVALID_ARGUMENT")
    for mask in ("", "name", "*"):
        body = {"lastReadTime": "2020-01-01T00:00:00Z"}
        assert user.fails("PATCH", path, body, updateMask=mask)[:2] == (400, "INVALID_ARGUMENT")


def test_a_thread_is_read_until_ones_own_newest_message(user: Chat, space: str, person: Person) -> None:
    ann = person(space)
    head = ann.create(space)
    thread = head["thread"]["name"]
    path = f"v1/users/me/{thread}/threadReadState"
    assert user.ok("GET", path) == {"name": f"users/1/{thread}/threadReadState"}
    reply = {"text": "a reply", "thread": {"name": thread}}
    mine = user.create(space, reply, messageReplyOption="REPLY_MESSAGE_OR_FAIL")
    ann.create(space, reply, messageReplyOption="REPLY_MESSAGE_OR_FAIL")
    assert user.ok("GET", path)["lastReadTime"] == mine["createTime"]
    unknown = f"v1/users/me/{space}/threads/unknown/threadReadState"
    assert user.fails("GET", unknown)[:2] == (404, "NOT_FOUND")
