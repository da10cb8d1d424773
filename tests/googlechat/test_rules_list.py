"""The rules of spaces.messages.list, L1 to L34, each as one test, through the client against the gate."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from rtm_sdk.errors import unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat import filters
from rtm_sdk.googlechat.client import GoogleChatClient

from .chat import Raw, Space, refused, status_of

INVALID = "INVALID_ARGUMENT"


def instant(message: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(message["createTime"].replace("Z", "+00:00"))


# --- page size ---------------------------------------------------------------------------------------------------


def test_L1_no_page_size_is_25(space: Space) -> None:
    space.fill(30)
    assert space.texts() == [str(number) for number in range(25)]
    assert space.texts(page_size=0) == [str(number) for number in range(25)]


@pytest.mark.parametrize("size", [1, 3, 29, 30, 1000])
def test_L2_at_most_page_size(space: Space, size: int) -> None:
    space.fill(30)
    assert space.texts(page_size=size) == [str(number) for number in range(min(size, 30))]


def test_L3_above_1000_is_1000(space: Space) -> None:
    space.fill(1001)
    page = space.page(page_size=5000)
    assert len(page["messages"]) == 1000
    assert space.texts(page_size=5000, page_token=page["nextPageToken"]) == ["1000"]


def test_L4_negative_is_invalid(space: Space) -> None:
    assert space.fails(page_size=-1)[0] == INVALID


@pytest.mark.parametrize("size", ["x", "1.5", "", "2147483648", "-2147483649", "1e2"])
def test_L5_no_int32_is_invalid(space: Space, raw: Raw, size: str) -> None:
    answer = raw("GET", f"v1/{space}/messages", params={"pageSize": size})
    if size == "":
        assert answer.status_code == 200
    else:
        assert status_of(answer) == (400, INVALID)
        with pytest.raises((TypeError, ValueError), match="^page_size must"):
            space.client.list_messages(space, page_size=size)  # type: ignore[call-overload]


# --- page tokens -------------------------------------------------------------------------------------------------


def test_L6_a_token_while_more_follow(space: Space) -> None:
    space.fill(4)
    first = space.page(page_size=3)
    assert first["nextPageToken"]
    last = space.page(page_size=3, page_token=first["nextPageToken"])
    assert [message["text"] for message in last["messages"]] == ["3"]
    assert "nextPageToken" not in last
    assert "nextPageToken" not in space.page(page_size=4)


def test_L7_the_token_goes_on(space: Space) -> None:
    space.fill(10)
    found: list[str] = []
    token = None
    while token != "":
        page = space.page(page_size=3, page_token=token)
        found += [message["text"] for message in page["messages"]]
        token = page.get("nextPageToken", "")
        assert re.search("[0-9]{8}|spaces|Z", token) is None or len(token) > 20  # says nothing to people
    assert found == [str(number) for number in range(10)]
    assert [message["text"] for message in space.client.iter_messages(space, page_size=3)] == found


@pytest.mark.parametrize(
    "other",
    [
        {"filter": 'createTime > "2020-01-01T00:00:00Z"'},
        {"order_by": "DESC"},
        {"show_deleted": True},
    ],
)
def test_L8_other_parameters_must_stay(space: Space, other: dict[str, Any]) -> None:
    space.fill(4)
    token = space.page(page_size=2)["nextPageToken"]
    assert space.fails(page_size=2, page_token=token, **other)[0] == INVALID
    assert space.texts(page_size=1, markup_syntax="MARKUP_SYNTAX_MARKDOWN", page_token=token) == ["2"]


def test_L8_another_space_is_another_parameter(space: Space, gate: Gate) -> None:
    space.fill(4)
    token = space.page(page_size=2)["nextPageToken"]
    elsewhere = Space(gate, space.client, gate.google.add_space())
    assert elsewhere.fails(page_token=token)[0] == INVALID


def test_L9_a_token_that_cannot_be_read(space: Space) -> None:
    space.fill(4)
    token = space.page(page_size=2)["nextPageToken"]
    for bad in ("x", token[:-2], f"{token}A", token.swapcase(), "ä", " "):
        assert space.fails(page_size=2, page_token=bad)[0] == INVALID
    assert space.texts(page_size=2, page_token="") == ["0", "1"]


def test_L10_a_token_is_a_position(space: Space) -> None:
    names = [space.post(str(number))["name"] for number in range(6)]
    token = space.page(page_size=3)["nextPageToken"]
    newest = space.page(page_size=3, order_by="DESC")["nextPageToken"]
    for gone in (names[0], names[2], names[4]):
        unwrap(space.client.delete_message(gone))
    space.post("6")
    assert space.texts(page_size=3, page_token=token) == ["3", "5", "6"]
    assert space.texts(page_size=3, page_token=newest, order_by="DESC") == ["1"]


# --- filter ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filter",
    [
        'createTime > "2012-04-21T11:30:00-04:00"',
        'create_time>"2012-04-21T11:30:00-04:00"AND create_time<"2099-01-01T00:00:00Z"',
        'createTime\t>\n"2012-04-21T11:30:00Z"\r\nAND\n\n  thread.name = THREAD',
        "thread.name=THREAD",
        'thread.name = "THREAD"',
        '  thread.name = THREAD AND createTime < "2099-01-01T00:00:00Z"  ',
    ],
)
def test_L11_grammar(space: Space, filter: str) -> None:
    thread = space.post("there")["thread"]["name"]
    if '"AND' in filter:
        filter = filter.replace('"AND', '" AND')
    assert space.texts(filter=filter.replace("THREAD", thread)) == ["there"]


@pytest.mark.parametrize("field", ["createTime", "create_time"])
def test_L12_both_spellings(space: Space, field: str) -> None:
    first, second = space.post("1"), space.post("2")
    assert space.texts(filter=f'{field} > "{first["createTime"]}"') == ["2"]
    assert space.texts(filter=f'{field} < "{second["createTime"]}"') == ["1"]


def test_L13_bounds_are_strict(space: Space) -> None:
    messages = [space.post(str(number)) for number in range(3)]
    middle = messages[1]["createTime"]
    assert space.texts(filter=f'createTime > "{middle}"') == ["2"]
    assert space.texts(filter=f'createTime < "{middle}"') == ["0"]
    moment = instant(messages[1])
    closest = [moment - timedelta(microseconds=1), moment + timedelta(microseconds=1)]
    assert space.texts(filter=filters.messages(created_after=closest[0], created_before=closest[1])) == ["1"]
    nanosecond_before = f"{middle[:-1]}".ljust(26, "0")
    tick = datetime.fromisoformat(nanosecond_before + "+00:00") - timedelta(microseconds=1)
    assert space.texts(filter=f'createTime > "{tick.strftime("%Y-%m-%dT%H:%M:%S.%f")}999Z"') == ["1", "2"]


def test_L14_instants_with_an_offset(space: Space) -> None:
    first, _ = space.post("1"), space.post("2")
    moment = instant(first)
    for hours in (-4, 0, 5.5):
        there = moment.astimezone(timezone(timedelta(hours=hours))).isoformat()
        assert space.texts(filter=f'createTime > "{there}"') == ["2"]
    assert space.texts(filter=f'createTime > "{first["createTime"].lower()}"') == ["2"]
    nine = moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "000z"
    assert space.texts(filter=f'createTime > "{nine}"') == ["2"]
    assert space.fails(filter=f'createTime > "{nine[:-1]}"')[0] == INVALID
    assert space.fails(filter=f'createTime > "{nine[:-1]}0Z"')[0] == INVALID


def test_L15_valid_shapes(space: Space) -> None:
    messages = [space.post(str(number)) for number in range(4)]
    first, third = messages[0]["createTime"], messages[3]["createTime"]
    thread = messages[1]["thread"]["name"]
    after, before, there = f'createTime > "{first}"', f'createTime < "{third}"', f"thread.name = {thread}"
    assert space.texts(filter=after) == ["1", "2", "3"]
    assert space.texts(filter=f"{after} AND {there}") == ["1"]
    assert space.texts(filter=f"{after} AND {before} AND {there}") == ["1"]
    assert space.texts(filter=there) == ["1"]
    assert space.texts(filter=f"{after} AND {before}") == ["1", "2"]
    assert space.texts(filter=f"{there} AND {before} AND {after}") == ["1"]


def test_L16_one_thread_only(space: Space) -> None:
    thread = space.post()["thread"]["name"]
    code, text = space.fails(filter=f"thread.name = {thread} AND thread.name = {thread}")
    assert code == INVALID
    assert str(len(f"thread.name = {thread} AND ") + 1) in text


def test_L17_several_bounds_are_intersected(space: Space) -> None:
    times = [space.post(str(number))["createTime"] for number in range(4)]
    after = [f'createTime > "{time}"' for time in times]
    before = [f'createTime < "{time}"' for time in times]
    assert space.texts(filter=f"{after[0]} AND {after[1]}") == ["2", "3"]
    assert space.texts(filter=f"{before[3]} AND {before[2]}") == ["0", "1"]
    assert space.page(filter=f"{after[2]} AND {before[1]}") == {}


@pytest.mark.parametrize(
    "filter",
    [
        "createTime > 2012-04-21T11:30:00Z",
        "createTime > '2012-04-21T11:30:00Z'",
        'createTime > "yesterday"',
        'createTime > "2012-04-31T11:30:00Z"',
        'createTime > "2012-04-21T11:30:00"',
        'createTime >= "2012-04-21T11:30:00Z"',
        'createTime <= "2012-04-21T11:30:00Z"',
        'createTime = "2012-04-21T11:30:00Z"',
        'createTime != "2012-04-21T11:30:00Z"',
        "thread.name != spaces/A/threads/T",
        "thread.name > spaces/A/threads/T",
        "thread.name : spaces/A/threads/T",
        'createTime > "2012-04-21T11:30:00Z" OR createTime < "2012-04-21T11:30:00Z"',
        'NOT createTime > "2012-04-21T11:30:00Z"',
        '(createTime > "2012-04-21T11:30:00Z")',
        'createTime > "2012-04-21T11:30:00Z" and createTime < "2013-01-01T00:00:00Z"',
        'text = "x"',
        'sender.name = "users/1"',
        'createTime > "2012-04-21T11:30:00Z" createTime < "2013-01-01T00:00:00Z"',
        'AND createTime > "2012-04-21T11:30:00Z"',
        'createTime > "2012-04-21T11:30:00Z" AND',
        "thread.name = T",
        "thread.name = spaces/A/messages/T",
        "thread.name = spaces/A/threads/T/x",
        'createTime > "2012-04-21T11:30:00Z',
        'thread.name = spaces/A/threads/T"',
    ],
)
def test_L18_invalid_filters(space: Space, filter: str) -> None:
    space.post()
    code, text = space.fails(filter=filter)
    assert code == INVALID
    assert re.search("at character [0-9]+ of the filter|at the end of the filter", text), text


@pytest.mark.parametrize("thread", ["spaces/nowhere/threads/x", "{space}/threads/none", "of another space"])
def test_L19_a_thread_that_is_not_there(space: Space, gate: Gate, thread: str) -> None:
    space.post()
    elsewhere = Space(gate, space.client, gate.google.add_space())
    if thread == "of another space":
        thread = elsewhere.post()["thread"]["name"]
    assert space.page(filter=filters.messages(thread=thread.format(space=space))) == {}


@pytest.mark.parametrize("filter", ["", " ", "\t\n "])
def test_L20_a_blank_filter_is_none(space: Space, filter: str) -> None:
    space.fill(2)
    assert space.texts(filter=filter) == ["0", "1"]


def test_L21_a_plus_survives_the_way(space: Space) -> None:
    first, _ = space.post("1"), space.post("2")
    time = first["createTime"].replace("Z", "+00:00")
    assert space.texts(filter=f'createTime > "{time}"') == ["2"]
    assert space.texts(filter=filters.messages(created_after=time)) == ["2"]


# --- order -------------------------------------------------------------------------------------------------------


def test_L22_oldest_first(space: Space) -> None:
    for number in range(3):
        space.post(str(number))
    assert space.texts() == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("order", "newest_first"),
    [
        ("ASC", False),
        ("DESC", True),
        ("createTime ASC", False),
        ("create_time ASC", False),
        ("createTime DESC", True),
        ("createTime desc", True),
    ],
)
def test_L23_documented_orders(space: Space, raw: Raw, order: str, newest_first: bool) -> None:
    space.fill(3)
    expected = ["2", "1", "0"] if newest_first else ["0", "1", "2"]
    assert space.texts(order_by=order) == expected
    found = raw("GET", f"v1/{space}/messages", params={"orderBy": order}).json()["messages"]
    assert [message["text"] for message in found] == expected


def test_L24_tolerated_and_refused_orders(space: Space) -> None:
    space.fill(3)
    for order in ("asc", "createTime", "create_time", "create_time   Asc", "createTime\tASC"):
        assert space.texts(order_by=order) == ["0", "1", "2"]
    for order in ("desc", "Desc", "create_time   dEsC"):
        assert space.texts(order_by=order) == ["2", "1", "0"]
    for order in ("name", "up", "createTime up", "DESC createTime", "createTime, name", "createTimeDESC", "ASC DESC"):
        assert space.fails(order_by=order)[0] == INVALID
    sent = next(GoogleChatClient.list_messages.generator(None, space, order_by="desc"))  # type: ignore[attr-defined]
    assert sent.query == (("orderBy", "createTime DESC"),)


def test_L25_equal_times_go_by_name(gate: Gate, user: GoogleChatClient) -> None:
    space = Space(gate, user, gate.google.add_space(import_mode=True))
    for number in range(5):
        space.post(str(number), createTime="2020-01-01T00:00:00Z")
    page = space.page()["messages"]
    assert len({message["createTime"] for message in page}) == 1
    names = [message["name"] for message in page]
    assert names == sorted(names)
    assert [message["name"] for message in space.page(order_by="DESC")["messages"]] == names[::-1]
    assert [message["name"] for message in user.iter_messages(space, page_size=2)] == names


# --- deleted messages --------------------------------------------------------------------------------------------


def test_L26_deleted_messages_are_left_out(space: Space) -> None:
    names = [space.post(str(number))["name"] for number in range(5)]
    for name in names[:2]:
        unwrap(space.client.delete_message(name))
    assert space.texts(page_size=2) == ["2", "3"]
    assert space.texts(page_size=2, show_deleted=False) == ["2", "3"]


def test_L27_deleted_messages_at_their_place(space: Space) -> None:
    names = [space.post(str(number))["name"] for number in range(3)]
    unwrap(space.client.delete_message(names[1]))
    page = space.page(show_deleted=True)["messages"]
    assert [message["name"] for message in page] == names
    assert [message.get("text") for message in page] == ["0", None, "2"]
    assert page[1]["deletionMetadata"] == {"deletionType": "CREATOR_VIA_APP"}
    assert page[1]["deleteTime"] > page[1]["createTime"]


def test_L28_what_a_tombstone_holds(space: Space, app: GoogleChatClient) -> None:
    head = space.post(by=app)
    reply = space.post(
        "reply <users/1>",
        by=app,
        thread={"name": head["thread"]["name"]},
        message_reply_option="REPLY_MESSAGE_OR_FAIL",
        message_id="client-x",
        cardsV2=[{"cardId": "c", "card": {"header": {"title": "t"}}}],
        fallbackText="fallback",
        accessoryWidgets=[{"buttonList": {"buttons": [{"text": "b"}]}}],
    )
    unwrap(app.update_message(reply["name"], {"text": "changed"}, "text"))
    unwrap(app.delete_message(reply["name"]))
    tombstone = space.page(show_deleted=True)["messages"][1]
    assert set(tombstone) == {
        "name",
        "sender",
        "createTime",
        "deleteTime",
        "deletionMetadata",
        "thread",
        "space",
        "clientAssignedMessageId",
        "threadReply",
    }
    assert tombstone["name"] == reply["name"]
    assert tombstone["threadReply"] is True


@pytest.mark.parametrize("value", ["1", "yes", "t", "truee"])
def test_L29_other_booleans_are_invalid(space: Space, raw: Raw, value: str) -> None:
    assert status_of(raw("GET", f"v1/{space}/messages", params={"showDeleted": value})) == (400, INVALID)
    with pytest.raises(TypeError, match="^show_deleted must be True or False"):
        space.client.list_messages(space, show_deleted=value)  # type: ignore[call-overload]
    for good in ("true", "TRUE", "False"):
        assert raw("GET", f"v1/{space}/messages", params={"showDeleted": good}).status_code == 200


# --- answer ------------------------------------------------------------------------------------------------------


def test_L30_nothing_is_an_empty_object(space: Space, raw: Raw) -> None:
    answer = raw("GET", f"v1/{space}/messages")
    assert (answer.status_code, answer.text) == (200, "{}")
    assert space.page() == {}
    assert list(space.client.iter_messages(space)) == []


def test_L31_system_messages_are_not_listed(space: Space) -> None:
    space.post()
    unwrap(space.client.create_membership(space, {"member": {"name": space.gate.google.add_user(), "type": "HUMAN"}}))
    unwrap(space.client.update_space(space, {"displayName": f"x {space}"}, "display_name"))
    assert space.texts(show_deleted=True) == ["hello"]


def test_L32_apps_see_public_messages_only(space: Space, app: GoogleChatClient, other: GoogleChatClient) -> None:
    space.post("for all", by=app)
    space.post("for one", by=app, privateMessageViewer={"name": "users/1"})
    assert [message["text"] for message in unwrap(app.list_messages(space))["messages"]] == ["for all"]
    assert space.texts() == ["for all", "for one"]
    assert [message["text"] for message in other.iter_messages(space)] == ["for all"]


def test_L33_unknown_space_and_no_member(space: Space, gate: Gate) -> None:
    assert refused(space.client.list_messages("spaces/nowhere")) == "NOT_FOUND"
    closed = gate.google.add_space(members=["users/2"])
    assert refused(space.client.list_messages(closed)) == "PERMISSION_DENIED"


def test_L34_only_messages_and_token(space: Space) -> None:
    space.fill(3)
    assert set(space.page()) == {"messages"}
    assert set(space.page(page_size=2)) == {"messages", "nextPageToken"}
