"""The rules L1 to L34 of spaces.messages.list, each by its number."""

from __future__ import annotations

import base64
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm_sdk.gate import Gate
from rtm_sdk.gate.googlechat import stored
from rtm_sdk.gate.googlechat.messages import Wanted, _wanted
from rtm_sdk.gate.googlechat.methods import Call, find_method
from rtm_sdk.gate.googlechat.times import instant, rfc3339

from .conftest import Chat

REPLY = "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"


def fill(gate: Gate, space: str, number: int, *, deleted: bool = False) -> list[stored.Stored]:
    """Many messages at once, past the API."""

    def work() -> list[stored.Stored]:
        inside = gate.google.inside
        rows: list[stored.Stored] = []
        for each in range(number):
            row = stored.add(
                inside.store,
                space,
                "users/1",
                {"text": f"message {each}"},
                created=int(inside.clock.seconds() * 1_000_000),
            )
            if deleted:
                stored.delete(inside.store, inside.contents, row, "CREATOR", row.created)
            rows.append(row)
        return rows

    rows: list[stored.Stored] = gate._do(lambda: gate.google.inside.store.turn(work))
    return rows


class TestPageSize:
    def test_l1_absent_is_25(self, shared_gate: Gate, user: Chat, space: str) -> None:
        fill(shared_gate, space, 26)
        assert len(user.page(space)["messages"]) == 25
        assert len(user.page(space, pageSize=0)["messages"]) == 25

    def test_l2_at_most_that_many(self, shared_gate: Gate, user: Chat, space: str) -> None:
        fill(shared_gate, space, 5)
        assert [len(user.page(space, pageSize=size)["messages"]) for size in (1, 3, 5, 6)] == [1, 3, 5, 5]

    def test_l3_above_1000_is_1000(self, shared_gate: Gate, user: Chat, space: str) -> None:
        fill(shared_gate, space, 1001)
        page = user.page(space, pageSize=2_000_000_000)
        assert len(page["messages"]) == 1000 and page["nextPageToken"]

    def test_l4_negative(self, user: Chat, space: str) -> None:
        assert user.fails("GET", f"v1/{space}/messages", pageSize=-1)[:2] == (400, "INVALID_ARGUMENT")

    @pytest.mark.parametrize("size", ["x", "1.5", "2147483648", "-2147483649", "1e2", "٣", "1" * 30])
    def test_l5_no_int32(self, user: Chat, space: str, size: str) -> None:
        status, name, text = user.fails("GET", f"v1/{space}/messages", pageSize=size)
        assert (status, name) == (400, "INVALID_ARGUMENT") and "pageSize" in text


class TestPageTokens:
    def test_l6_l7_until_there_is_none(self, user: Chat, space: str) -> None:
        sent = [user.create(space, str(number))["name"] for number in range(5)]
        seen, token, pages = [], "", 0
        while True:
            page = user.page(space, pageSize=2, pageToken=token)
            seen += [message["name"] for message in page["messages"]]
            pages += 1
            token = page.get("nextPageToken", "")
            if not token:
                break
        assert (seen, pages) == (sent, 3)

    def test_l6_none_when_the_last_page_is_full(self, shared_gate: Gate, user: Chat, space: str) -> None:
        fill(shared_gate, space, 4)
        first = user.page(space, pageSize=2)
        assert set(user.page(space, pageSize=2, pageToken=first["nextPageToken"])) == {"messages"}

    def test_l7_opaque(self, shared_gate: Gate, user: Chat, space: str) -> None:
        fill(shared_gate, space, 2)
        token = user.page(space, pageSize=1)["nextPageToken"]
        assert "/" not in token and "=" not in token and space not in token

    @pytest.mark.parametrize(
        "other",
        [{"filter": 'createTime > "2020-01-01T00:00:00Z"'}, {"orderBy": "DESC"}, {"showDeleted": "true"}],
        ids=["filter", "orderBy", "showDeleted"],
    )
    def test_l8_other_parameters(self, shared_gate: Gate, user: Chat, space: str, other: dict[str, str]) -> None:
        fill(shared_gate, space, 2)
        token = user.page(space, pageSize=1)["nextPageToken"]
        failed = user.fails("GET", f"v1/{space}/messages", pageSize=1, pageToken=token, **other)
        assert failed[:2] == (400, "INVALID_ARGUMENT")

    def test_l8_another_parent(self, shared_gate: Gate, user: Chat, space: str) -> None:
        fill(shared_gate, space, 2)
        token = user.page(space, pageSize=1)["nextPageToken"]
        other = shared_gate.google.add_space()
        assert user.fails("GET", f"v1/{other}/messages", pageToken=token)[:2] == (400, "INVALID_ARGUMENT")

    def test_l8_page_size_and_markup_may_change(self, shared_gate: Gate, user: Chat, space: str) -> None:
        fill(shared_gate, space, 4)
        token = user.page(space, pageSize=1)["nextPageToken"]
        page = user.page(space, pageSize=3, pageToken=token, markupSyntax="MARKUP_SYNTAX_MARKDOWN")
        assert len(page["messages"]) == 3

    @pytest.mark.parametrize("token", ["x", "!", "AAAA", "é", "A" * 5000])
    def test_l9_unreadable(self, user: Chat, space: str, token: str) -> None:
        assert user.fails("GET", f"v1/{space}/messages", pageToken=token)[:2] == (400, "INVALID_ARGUMENT")

    def test_l9_every_changed_byte_is_noticed(self, shared_gate: Gate, user: Chat, space: str) -> None:
        fill(shared_gate, space, 2)
        token = user.page(space, pageSize=1)["nextPageToken"]
        data = base64.urlsafe_b64decode(token + "==")
        for place in (0, 15, 16, len(data) - 1):
            changed = bytearray(data)
            changed[place] ^= 1
            forged = base64.urlsafe_b64encode(bytes(changed)).decode().rstrip("=")
            assert user.fails("GET", f"v1/{space}/messages", pageToken=forged)[0] == 400

    def test_l9_empty_is_none(self, user: Chat, space: str) -> None:
        user.create(space)
        assert user.texts(space, pageToken="") == ["hello"]

    @pytest.mark.parametrize("order", ["ASC", "DESC"])
    def test_l10_a_position_not_an_offset(self, user: Chat, space: str, order: str) -> None:
        names = [user.create(space, str(number))["name"] for number in range(4)]
        if order == "DESC":
            names.reverse()
        token = user.page(space, pageSize=2, orderBy=order)["nextPageToken"]
        user.ok("DELETE", f"v1/{names[1]}")
        user.ok("DELETE", f"v1/{names[2]}")
        user.create(space, "new")
        texts = user.texts(space, pageSize=10, orderBy=order, pageToken=token)
        assert texts == (["3", "new"] if order == "ASC" else ["0"])


def threaded(user: Chat, space: str) -> tuple[list[str], list[str]]:
    """Two threads in turn: the names of the threads, and the times of four messages."""
    bodies: list[Any] = [{"text": f"{key}{number}", "thread": {"threadKey": key}} for number in "01" for key in "ab"]
    made = [user.create(space, body, messageReplyOption=REPLY) for body in bodies]
    return [message["thread"]["name"] for message in made[:2]], [message["createTime"] for message in made]


class TestFilter:
    def test_l11_l15_shapes(self, user: Chat, space: str) -> None:
        (first, second), times = threaded(user, space)
        for text, expected in [
            (f'createTime > "{times[1]}"', ["a1", "b1"]),
            (f'createTime < "{times[1]}"', ["a0"]),
            (f'createTime > "{times[0]}" AND createTime < "{times[3]}"', ["b0", "a1"]),
            (f"thread.name = {first}", ["a0", "a1"]),
            (f'createTime > "{times[0]}" AND thread.name = {first}', ["a1"]),
            (f'thread.name = {second} AND createTime < "{times[3]}"', ["b0"]),
            (f'createTime > "{times[0]}" AND createTime < "{times[3]}" AND thread.name = {second}', ["b0"]),
            (f'createTime>"{times[1]}"AND thread.name="{second}"', ["b1"]),
            (f'  createTime\t>\n"{times[1]}"\r\nAND\tthread.name={first}  ', ["a1"]),
        ]:
            assert user.texts(space, filter=text) == expected, text

    def test_l12_both_spellings(self, user: Chat, space: str) -> None:
        sent = user.create(space)
        for field in ("createTime", "create_time"):
            assert user.texts(space, filter=f'{field} > "2020-01-01T00:00:00Z"') == ["hello"]
            assert user.texts(space, filter=f'{field} > "{sent["createTime"]}"') == []

    def test_l13_bounds_are_exclusive_and_exact(self, user: Chat, space: str) -> None:
        us = instant(user.create(space)["createTime"]) // 1000
        for shift, after, before in [(-1, True, False), (0, False, False), (1, False, True)]:
            text = rfc3339(us + shift)
            assert (user.texts(space, filter=f'createTime > "{text}"') == ["hello"]) is after
            assert (user.texts(space, filter=f'createTime < "{text}"') == ["hello"]) is before

    def test_l13_nanoseconds(self) -> None:
        assert _wanted('createTime > "1970-01-01T00:00:01.000001999Z"').after == 1_000_001
        assert _wanted('createTime < "1970-01-01T00:00:01.000001001Z"').before == 1_000_002

    def test_l14_offsets(self) -> None:
        expected = _wanted('createTime > "2012-04-21T15:30:00Z"')
        for text in ("2012-04-21T11:30:00-04:00", "2012-04-21t15:30:00z", "2012-04-21T21:15:00.000+05:45"):
            assert _wanted(f'createTime > "{text}"') == expected

    def test_l17_bounds_are_intersected(self, user: Chat, space: str) -> None:
        user.create(space)
        wide, far = "2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"
        assert user.texts(space, filter=f'createTime > "{wide}" AND createTime > "{wide}"') == ["hello"]
        assert user.texts(space, filter=f'createTime > "{wide}" AND createTime > "{far}"') == []
        assert user.texts(space, filter=f'createTime < "{wide}" AND createTime < "{far}"') == []

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("createTime > 2012-04-21T11:30:00Z", 14),
            ("createTime > '2012-04-21T11:30:00Z'", 14),
            ('createTime > "yesterday"', 14),
            ('createTime > "2012-04-21T11:30:00"', 14),
            ('createTime > "2012-13-21T11:30:00Z"', 14),
            ('createTime > "2012-04-21 11:30:00Z"', 14),
            ('createTime > "2012-04-21T11:30:00.0123456789Z"', 14),
            ('createTime >= "2012-04-21T11:30:00Z"', 1),
            ('createTime <= "2012-04-21T11:30:00Z"', 1),
            ('createTime = "2012-04-21T11:30:00Z"', 1),
            ('createTime != "2012-04-21T11:30:00Z"', 1),
            ("thread.name > spaces/a/threads/b", 1),
            ("thread.name != spaces/a/threads/b", 1),
            ("thread.name : spaces/a/threads/b", 1),
            ("thread.name = spaces/a/threads/b OR thread.name = spaces/a/threads/c", 1),
            ("NOT thread.name = spaces/a/threads/b", 1),
            ("(thread.name = spaces/a/threads/b)", 2),
            ('(createTime > "2012-04-21T11:30:00Z" AND thread.name = spaces/a/threads/b)', 2),
            ('createTime > "2012-04-21T11:30:00Z" and thread.name = spaces/a/threads/b', 37),
            ('text = "x"', 1),
            ('sender.name = "users/1"', 1),
            ('createTime > "2012-04-21T11:30:00Z" thread.name = spaces/a/threads/b', 37),
            ('AND createTime > "2012-04-21T11:30:00Z"', 1),
            ('createTime > "2012-04-21T11:30:00Z" AND', 40),
            ("thread.name = spaces/a/threads/b AND thread.name = spaces/a/threads/b", 38),
            ("thread.name = spaces/a", 15),
            ("thread.name = threads/b", 15),
            ('thread.name = "spaces/a/threads/b/c"', 15),
            ("thread.name =", 14),
            ('createTime > "2012-04-21T11:30:00Z', 14),
            ('createTime > 2012-04-21T11:30:00Z"', 14),
            ("createTime", 11),
            ('thread.name("spaces/a/threads/b")', 1),
            ("*", 2),
        ],
    )
    def test_l16_l18_faults_are_pointed_at(self, user: Chat, space: str, text: str, place: int) -> None:
        status, name, message = user.fails("GET", f"v1/{space}/messages", filter=text)
        assert (status, name) == (400, "INVALID_ARGUMENT")
        assert ("at the end of" if place > len(text) else f"at character {place} of") in message, message

    def test_l18_the_answer_names_the_field(self, user: Chat, space: str) -> None:
        answer = user.send("GET", f"v1/{space}/messages", params={"filter": "text = 1"})
        (detail,) = answer.json()["error"]["details"]
        assert detail["@type"] == "type.googleapis.com/google.rpc.BadRequest"
        assert detail["fieldViolations"][0]["field"] == "filter"

    def test_l19_a_thread_of_nobody(self, user: Chat, space: str) -> None:
        (first, _), _ = threaded(user, space)
        for thread in (f"{space}/threads/none", "spaces/other/threads/x"):
            assert user.page(space, filter=f"thread.name = {thread}") == {}
        assert user.texts(space, filter=f"thread.name = {first}") == ["a0", "a1"]

    @pytest.mark.parametrize("text", ["", " ", "\t\r\n"])
    def test_l20_blank_is_none(self, user: Chat, space: str, text: str) -> None:
        user.create(space)
        assert user.texts(space, filter=text) == ["hello"]

    def test_l21_a_plus_in_the_address_is_a_space(self, user: Chat, space: str) -> None:
        user.create(space)
        path = f'v1/{space}/messages?filter=createTime > "2020-01-01T00:00:00{{}}00:00"'
        assert user.send("GET", path.format("%2B")).json()["messages"]
        assert user.send("GET", path.format("+")).status_code == 400

    @settings(deadline=None, max_examples=200)
    @given(st.text(alphabet="createTime_.<>=\"()ANDORNOT spaces/1-:Z\\'\n", max_size=60))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        try:
            assert isinstance(_wanted(text), Wanted)
        except ValueError as fault:
            assert 0 <= getattr(fault, "place", -1) <= len(text)

    @settings(deadline=None, max_examples=100)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from("<>"),
                st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)),
                st.integers(-1439, 1439),
            ),
            min_size=1,
            max_size=4,
        ),
        st.sampled_from([None, "spaces/A/threads/b"]),
    )
    def test_what_is_written_is_read(self, bounds: list[tuple[str, datetime, int]], thread: str | None) -> None:
        parts, after, before = [], Wanted().after, Wanted().before
        for sign, moment, offset in bounds:
            moment = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
            us = (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)
            after, before = (max(after, us), before) if sign == ">" else (after, min(before, us))
            parts.append(f'createTime {sign} "{moment.isoformat()}"')
        if thread:
            parts.insert(len(parts) // 2, f"thread.name = {thread}")
        assert _wanted(" AND ".join(parts)) == Wanted(after, before, thread)


class TestOrder:
    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            ("", "012"),
            ("ASC", "012"),
            ("asc", "012"),
            ("DESC", "210"),
            ("createTime", "012"),
            ("create_time", "012"),
            ("createTime ASC", "012"),
            ("create_time ASC", "012"),
            ("createTime DESC", "210"),
            ("createTime desc", "210"),
            ("create_time   Desc", "210"),
        ],
    )
    def test_l22_l23_l24(self, user: Chat, space: str, order: str, expected: str) -> None:
        for text in "012":
            user.create(space, text)
        assert "".join(user.texts(space, orderBy=order)) == expected

    @pytest.mark.parametrize(
        "order", ["name", "createTime,name", "createTime ASC, name", "createTimeASC", "ASC ASC", "-1"]
    )
    def test_l24_anything_else(self, user: Chat, space: str, order: str) -> None:
        status, name, text = user.fails("GET", f"v1/{space}/messages", orderBy=order)
        assert (status, name) == (400, "INVALID_ARGUMENT") and "orderBy" in text

    @pytest.mark.parametrize("order", ["ASC", "DESC"])
    def test_l25_equal_times_by_name(self, shared_gate: Gate, user: Chat, order: str) -> None:
        space = shared_gate.google.add_space(import_mode=True)
        for _ in range(5):
            user.create(space, {"text": "x", "createTime": "2020-01-01T00:00:00Z"})
        expected = sorted((m["name"] for m in user.page(space)["messages"]), reverse=order == "DESC")
        names, token = [], ""
        for _ in range(5):
            page = user.page(space, pageSize=1, orderBy=order, pageToken=token)
            names += [message["name"] for message in page["messages"]]
            token = page.get("nextPageToken", "")
        assert (names, token) == (expected, "")


class TestDeleted:
    def test_l26_they_use_no_room(self, user: Chat, space: str) -> None:
        names = [user.create(space, str(number))["name"] for number in range(5)]
        for name in names[1:4]:
            user.ok("DELETE", f"v1/{name}")
        page = user.page(space, pageSize=2)
        assert [m["text"] for m in page["messages"]] == ["0", "4"]
        assert "nextPageToken" not in page
        assert user.texts(space, showDeleted="false") == ["0", "4"]

    def test_l27_l28_tombstones(self, user: Chat, space: str) -> None:
        first = user.create(space, "first")
        body = {"text": "s3cret", "thread": {"name": first["thread"]["name"]}}
        reply = user.create(space, body, messageReplyOption=REPLY, messageId="client-x")
        user.ok("PATCH", f"v1/{reply['name']}", {"text": "edited"}, updateMask="text")
        user.ok("DELETE", f"v1/{reply['name']}")
        _, tombstone = user.page(space, showDeleted="true")["messages"]
        assert tombstone.pop("deleteTime") > reply["createTime"]
        assert tombstone == {
            "name": reply["name"],
            "sender": {"name": "users/1", "type": "HUMAN"},
            "createTime": reply["createTime"],
            "deletionMetadata": {"deletionType": "CREATOR_VIA_APP"},
            "thread": first["thread"],
            "space": {"name": space},
            "clientAssignedMessageId": "client-x",
            "threadReply": True,
        }

    @pytest.mark.parametrize(("value", "status"), [("TRUE", 200), ("False", 200), ("1", 400), ("yes", 400)])
    def test_l29_booleans(self, user: Chat, space: str, value: str, status: int) -> None:
        answer = user.send("GET", f"v1/{space}/messages", params={"showDeleted": value})
        assert answer.status_code == status


class TestAnswer:
    def test_l30_nothing_is_an_empty_object(self, user: Chat, space: str) -> None:
        answer = user.send("GET", f"v1/{space}/messages")
        assert (answer.status_code, answer.text) == (200, "{}")
        assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"

    def test_l31_system_messages_are_not_listed(self, shared_gate: Gate, user: Chat, space: str) -> None:
        shared_gate.google.add_user("users/31")
        user.ok("POST", f"v1/{space}/members", {"member": {"name": "users/31", "type": "HUMAN"}})
        assert user.page(space) == {}

    def test_l32_apps_see_no_private_messages(self, app: Chat, user: Chat, space: str) -> None:
        app.create(space, "public")
        app.create(space, {"text": "private", "privateMessageViewer": {"name": "users/1"}})
        assert app.texts(space) == ["public"]
        assert user.texts(space) == ["public", "private"]

    def test_l33_a_space_of_nobody_or_of_others(self, shared_gate: Gate, user: Chat) -> None:
        assert user.fails("GET", "v1/spaces/none/messages")[:2] == (404, "NOT_FOUND")
        other = shared_gate.google.add_space(members=["users/2"])
        assert user.fails("GET", f"v1/{other}/messages")[:2] == (403, "PERMISSION_DENIED")

    def test_l34_only_these_two(self, shared_gate: Gate, user: Chat, space: str) -> None:
        fill(shared_gate, space, 2)
        assert set(user.page(space, pageSize=1)) == {"messages", "nextPageToken"}


def test_the_last_page_of_100_000_costs_at_most_twice_the_first(shared_gate: Gate, user: Chat) -> None:
    """With a filter of times, and of times and a thread."""
    space = shared_gate.google.add_space()
    (first_row,) = fill(shared_gate, space, 1)
    add_copies(shared_gate, first_row, 100_000)
    begin, end = first_row.created, first_row.created + 100_001
    times = f'createTime > "{rfc3339(begin)}" AND createTime < "{rfc3339(end)}"'
    for text, behind in ((times, end - 26), (f"{times} AND thread.name = {space}/threads/t1", end - 52)):
        token = token_behind(shared_gate, space, text, behind)
        first = min(seconds(user, space, text, "") for _ in range(30))
        last = min(seconds(user, space, text, token) for _ in range(30))
        assert last <= 2 * first


def add_copies(gate: Gate, row: stored.Stored, number: int) -> None:
    """Copies of a message, a microsecond apart, in two threads by turns; `stored.add` would take seconds."""
    sql = """INSERT INTO google_messages
             WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
             SELECT id + 1000000000 + n, space, printf('%06d', n), space || '/threads/t' || (n % 2), created + n,
                    updated, deleted, deletion, client_id, sender, viewer, reply, content
             FROM google_messages, numbers WHERE id = ?"""
    store = gate.google.inside.store
    gate._do(lambda: store.turn(lambda: store.execute(sql, (number, row.id))))


def token_behind(gate: Gate, space: str, text: str, created: int) -> str:
    """The token for the page behind the copy of that time: to come there page by page would take minutes."""
    found = find_method("GET", f"v1/{space}/messages")
    assert found is not None
    nobody: Any = None
    call = Call(*found, {}, {}, nobody, gate.google.inside, nobody)
    position = [created, "999999"]
    token: str = gate._do(lambda: call.page_token(position, text, False, False))
    return token


def seconds(user: Chat, space: str, text: str, token: str) -> float:
    """How long a page of 25 takes, the first one or the last."""
    start = time.perf_counter()
    page = user.page(space, filter=text, pageSize=25, pageToken=token)
    duration = time.perf_counter() - start
    assert ("nextPageToken" in page) is (token == "") and len(page["messages"]) == 25
    return duration
