"""Messages but for list: each numbered rule of create, get, update and delete."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rtm_sdk.gate import Gate, MessageKind

from .conftest import Chat, Person, app_token_of

FALLBACK = "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
OR_FAIL = "REPLY_MESSAGE_OR_FAIL"
CARD = {"cardId": "a", "card": {"header": {"title": "Card"}}}


def refused(outcome: tuple[int, str, str], status: int, name: str, text: str = "") -> None:
    assert outcome[:2] == (status, name), outcome
    assert text in outcome[2], outcome


def invalid(outcome: tuple[int, str, str], text: str = "") -> None:
    refused(outcome, 400, "INVALID_ARGUMENT", text)


class TestContent:
    def test_4_1_1_at_most_32_000_bytes(self, user: Chat, app: Chat, space: str) -> None:
        assert user.create(space, "x" * 32_000)["text"] == "x" * 32_000
        assert user.create(space, "é" * 16_000)
        invalid(user.fails("POST", f"v1/{space}/messages", {"text": "x" * 32_001}), "32001 bytes, the limit is 32000")
        invalid(user.fails("POST", f"v1/{space}/messages", {"text": "é" * 16_001}), "32002 bytes")
        large = {"text": "x" * 16_000, "cardsV2": [{"card": {"header": {"title": "y" * 16_000}}}]}
        invalid(app.fails("POST", f"v1/{space}/messages", large), "the limit is 32000")

    @pytest.mark.parametrize("field", ["cards", "cardsV2", "cards_v2", "accessoryWidgets"])
    def test_4_1_2_cards_need_an_app(self, user: Chat, space: str, field: str) -> None:
        invalid(
            user.fails("POST", f"v1/{space}/messages", {"text": "x", field: [{}]}), "needs the credentials of an app"
        )

    def test_4_1_2_private_messages(self, user: Chat, app: Chat, space: str) -> None:
        body = {"text": "x", "privateMessageViewer": {"name": "users/1"}}
        invalid(user.fails("POST", f"v1/{space}/messages", body), "needs the credentials of an app")
        sent = app.create(space, body)
        assert sent["privateMessageViewer"] == {"name": "users/1", "displayName": "Demo User", "type": "HUMAN"}
        assert user.ok("GET", f"v1/{sent['name']}")["text"] == "x"
        body["privateMessageViewer"] = {"name": "users/nobody"}
        invalid(app.fails("POST", f"v1/{space}/messages", body), "users/nobody")

    def test_4_1_2_private_messages_are_hidden_from_others(self, app: Chat, space: str, person: Person) -> None:
        other = person(space)
        sent = app.create(space, {"text": "x", "privateMessageViewer": {"name": "users/1"}})
        refused(other.fails("GET", f"v1/{sent['name']}"), 404, "NOT_FOUND")
        assert other.page(space) == {}

    def test_4_1_3_cards(self, app: Chat, space: str) -> None:
        assert app.create(space, {"cardsV2": [{"card": CARD["card"]}]})["cardsV2"] == [{"card": CARD["card"]}]
        cards = [CARD, {**CARD, "cardId": "b"}]
        assert app.create(space, {"cardsV2": cards})["cardsV2"] == cards
        path = f"v1/{space}/messages"
        invalid(app.fails("POST", path, {"cardsV2": [CARD, {"card": {}}]}), "cardsV2[1].cardId: is required")
        invalid(app.fails("POST", path, {"cardsV2": [CARD, CARD]}), "cardsV2[1].cardId: is the id of another")
        widgets: list[Any] = [{"divider": {}}] * 51
        sections = [{"widgets": widgets}, {"widgets": widgets}]
        invalid(app.fails("POST", path, {"cardsV2": [{"card": {"sections": sections}}]}), "has 102 widgets")

    @pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": None}, {"cardsV2": []}, {"fallbackText": "x"}])
    def test_4_1_4_nothing(self, user: Chat, space: str, body: Any) -> None:
        invalid(user.fails("POST", f"v1/{space}/messages", body), "needs text")

    def test_4_1_5_what_the_server_sets_is_ignored(self, user: Chat, space: str) -> None:
        body = {
            "text": "x",
            "name": "spaces/other/messages/other",
            "createTime": "2020-01-01T00:00:00Z",
            "sender": {"name": "users/9"},
            "lastUpdateTime": "nonsense",
            "clientAssignedMessageId": "client-x",
            "threadReply": True,
            "silent": True,
        }
        sent = user.create(space, body)
        assert sent["sender"]["name"] == "users/1" and sent["name"].startswith(f"{space}/messages/")
        assert sent["createTime"] > "2026"
        assert not sent.keys() & {"lastUpdateTime", "clientAssignedMessageId", "threadReply", "silent"}

    def test_4_1_5_create_time_of_imports(self, shared_gate: Gate, user: Chat) -> None:
        space = shared_gate.google.add_space(import_mode=True)
        sent = user.create(space, {"text": "x", "createTime": "2020-01-01T01:00:00.123456789+01:00"})
        assert sent["createTime"] == "2020-01-01T00:00:00.123456Z"
        invalid(user.fails("POST", f"v1/{space}/messages", {"text": "x", "createTime": "then"}), "createTime")

    def test_4_1_6_the_whole_message_is_answered(self, user: Chat, app: Chat, space: str) -> None:
        for chat, sender, place in [
            (user, {"name": "users/1", "type": "HUMAN"}, {"name": space}),
            (
                app,
                {"name": "users/1000", "displayName": "Demo App", "type": "BOT"},
                {"name": space, "spaceType": "SPACE", "displayName": space.partition("/")[2]},
            ),
        ]:
            sent = chat.create(space, "hello")
            assert sent == chat.ok("GET", f"v1/{sent['name']}")
            thread, message = sent["name"].rpartition("/")[2].split(".")
            assert thread == message
            assert sent.pop("createTime") and sent.pop("name")
            assert sent == {
                "sender": sender,
                "text": "hello",
                "formattedText": "hello",
                "argumentText": "hello",
                "thread": {"name": f"{space}/threads/{thread}"},
                "space": place,
            }

    def test_mentions(self, user: Chat, space: str) -> None:
        sent = user.create(space, "hi <users/1000> and <users/user@example.com> <users/none>!")
        assert sent["text"] == "hi @Demo App and @Demo User <users/none>!"
        assert sent["formattedText"] == "hi <users/1000> and <users/user@example.com> <users/none>!"
        assert sent["argumentText"] == "hi  and @Demo User <users/none>!"
        spans = [(each["startIndex"], each["length"]) for each in sent["annotations"]]
        assert [sent["text"][start : start + length] for start, length in spans] == ["@Demo App", "@Demo User"]
        assert sent["annotations"][0]["userMention"] == {
            "user": {"name": "users/1000", "displayName": "Demo App", "type": "BOT"},
            "type": "MENTION",
        }

    def test_quotes(self, user: Chat, space: str) -> None:
        quoted = user.create(space, "original")
        meta = {"name": quoted["name"], "lastUpdateTime": quoted["createTime"]}
        sent = user.create(space, {"text": "indeed", "quotedMessageMetadata": meta})
        assert sent["quotedMessageMetadata"]["quotedMessageSnapshot"]["text"] == "original"
        user.ok("PATCH", f"v1/{quoted['name']}", {"text": "other"}, updateMask="text")
        body = {"text": "indeed", "quotedMessageMetadata": meta}
        invalid(user.fails("POST", f"v1/{space}/messages", body), "quotedMessageMetadata.lastUpdateTime")
        updated = user.ok("PATCH", f"v1/{sent['name']}", {}, updateMask="quoted_message_metadata")
        assert "quotedMessageMetadata" not in updated and updated["text"] == "indeed"
        invalid(user.fails("PATCH", f"v1/{sent['name']}", body, updateMask="quotedMessageMetadata"), "not set")


class TestJSON:
    """Section 1: how bodies and queries may look."""

    def test_1_4_snake_case_and_null(self, app: Chat, space: str) -> None:
        body = {
            "fallback_text": "x",
            "cards_v2": [{"card_id": "a", "card": {"sections": [{"uncollapsible_widgets_count": 1}]}}],
            "thread": None,
        }
        sent = app.create(space, body)
        assert sent["fallbackText"] == "x"
        assert sent["cardsV2"] == [{"cardId": "a", "card": {"sections": [{"uncollapsibleWidgetsCount": 1}]}}]

    def test_1_4_enums_as_numbers_and_int64(self, app: Chat, space: str) -> None:
        picker = {"name": "t", "type": 1, "valueMsEpoch": 1700000000000}
        section = {"widgets": [{"dateTimePicker": picker, "horizontalAlignment": 2}]}
        sent = app.create(space, {"cardsV2": [{"card": {"sections": [section]}}]})
        (widget,) = sent["cardsV2"][0]["card"]["sections"][0]["widgets"]
        assert widget["dateTimePicker"] == {"name": "t", "type": "DATE_ONLY", "valueMsEpoch": "1700000000000"}
        assert widget["horizontalAlignment"] == "CENTER"

    def test_1_5_snake_case_query(self, user: Chat, space: str) -> None:
        assert user.create(space, "x", message_id="client-snake")["clientAssignedMessageId"] == "client-snake"
        assert user.ok("GET", f"v1/{space}/messages", page_size=1, **{"$alt": "json;enum-encoding=int"})
        first = user.create(space, {"text": "x", "thread": {"threadKey": "k"}}, message_reply_option=1)
        again = user.create(space, {"text": "x", "thread": {"threadKey": "k"}}, messageReplyOption="1")
        assert again["thread"] == first["thread"]

    @pytest.mark.parametrize("query", [{"nonsense": "1"}, {"filter": "x"}, {"requestid": "x"}])
    def test_1_6_unknown_names_of_the_query(self, user: Chat, space: str, query: dict[str, str]) -> None:
        invalid(user.fails("POST", f"v1/{space}/messages", {"text": "x"}, **query), next(iter(query)))

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ({"text": "x", "nonsense": 1}, "nonsense"),
            ({"text": "x", "thread": {"key": "x"}}, "thread.key"),
            ({"text": 1}, "text"),
            ({"text": ["x"]}, "text"),
            ({"text": "x", "cardsV2": {}}, "cardsV2"),
            ({"text": "x", "cardsV2": [{"card": {"header": "x"}}]}, "cardsV2[0].card.header"),
            ({"text": "x", "markupSyntax": "HTML"}, "markupSyntax"),
            ({"text": "x", "markupSyntax": 99}, "markupSyntax"),
            ({"text": "x", "thread": {"threadKey": "a", "thread_key": "b"}}, "thread.threadKey"),
        ],
    )
    def test_1_6_bodies(self, app: Chat, space: str, body: Any, place: str) -> None:
        answer = app.send("POST", f"v1/{space}/messages", json=body)
        error = answer.json()["error"]
        assert (answer.status_code, error["status"]) == (400, "INVALID_ARGUMENT")
        assert error["details"][0]["fieldViolations"][0]["field"] == place

    @pytest.mark.parametrize(
        "body", [b"{", b"[]", b'"x"', b"\xff", b'{"text": NaN}', b'{"text": "\\ud800"}', b"[" * 100_000, b"{'a': 1}"]
    )
    def test_1_6_no_json(self, user: Chat, space: str, body: bytes) -> None:
        answer = user.send("POST", f"v1/{space}/messages", data=body)
        assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")

    def test_1_6_common_names(self, user: Chat, space: str) -> None:
        names = ("alt", "$alt", "prettyPrint", "quotaUser", "uploadType", "upload_protocol", "$.xgafv")
        assert user.page(space, **dict.fromkeys(names, "1")) == {}

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ("text", {"text": "x"}),
            ("text, thread/name,nothing", {"text": "x", "thread": {"name": "T"}}),
            ("thread_reply,sender(name,type)", {"sender": {"name": "users/1", "type": "HUMAN"}}),
            ("*/name", {"sender": {"name": "users/1"}, "thread": {"name": "T"}, "space": {"name": "S"}}),
        ],
    )
    def test_1_6_fields(self, user: Chat, space: str, fields: str, expected: Any) -> None:
        sent = user.create(space, "x")
        names = {sent["thread"]["name"]: "T", space: "S"}
        found = user.ok("GET", f"v1/{sent['name']}", fields=fields)
        for name, part in found.items():
            if isinstance(part, dict) and part.get("name") in names:
                found[name] = {**part, "name": names[part["name"]]}
        scalars = {name for name, part in found.items() if not isinstance(part, dict)}
        assert {name: found[name] for name in found if fields != "*/name" or name not in scalars} == expected
        assert user.ok("GET", f"v1/{sent['name']}", fields="*") == sent
        page = user.page(space, fields="messages(text),nextPageToken")
        assert page == {"messages": [{"text": "x"}]}

    @pytest.mark.parametrize(
        ("fields", "place"), [(",", 1), ("a,", 3), ("a(b", 4), ("a)", 2), ("a b", 3), ("a/", 3), ("a-b", 2)]
    )
    def test_1_6_malformed_fields(self, user: Chat, space: str, fields: str, place: int) -> None:
        invalid(user.fails("GET", f"v1/{space}/messages", fields=fields), f"fields: wrong from character {place}")

    def test_1_8_a_delete_with_a_length(self, user: Chat, space: str) -> None:
        name = user.create(space)["name"]
        answer = user.send("DELETE", f"v1/{name}", headers={"Content-Length": "0"})
        assert (answer.status_code, answer.json()) == (200, {})

    def test_3_percent_encoded_names(self, user: Chat, space: str) -> None:
        name = user.create(space)["name"]
        space_id, message_id = name.split("/")[1::2]
        encoded = "".join(f"%{ord(sign):02X}" for sign in message_id)
        assert user.ok("GET", f"v1/spaces/{space_id}/messages/{encoded}")["name"] == name

    @pytest.mark.parametrize(
        ("verb", "path"),
        [
            ("GET", "v1/{space}/messages/"),
            ("GET", "v1/messages/x"),
            ("PUT", "v1/{space}/messages"),
            ("POST", "v1/{space}/messages:nonsense"),
        ],
    )
    def test_3_no_route(self, user: Chat, space: str, verb: str, path: str) -> None:
        refused(user.fails(verb, path.format(space=space)), 404, "NOT_FOUND")


class TestThreads:
    def test_4_2_absent_option_ignores_the_thread(self, user: Chat, space: str) -> None:
        first = user.create(space)
        for option in ("", "MESSAGE_REPLY_OPTION_UNSPECIFIED", "0"):
            sent = user.create(space, {"text": "x", "thread": first["thread"]}, messageReplyOption=option)
            assert sent["thread"] != first["thread"] and "threadReply" not in sent

    def test_4_2_absent_option_does_not_bind_the_key(self, user: Chat, space: str) -> None:
        body = {"text": "x", "thread": {"threadKey": "k"}}
        first = user.create(space, body)
        assert "threadKey" not in first["thread"]
        assert user.create(space, body, messageReplyOption=FALLBACK)["thread"]["name"] != first["thread"]["name"]

    @pytest.mark.parametrize("option", [FALLBACK, OR_FAIL])
    def test_4_2_a_thread_that_exists(self, user: Chat, space: str, option: str) -> None:
        first = user.create(space)
        sent = user.create(space, {"text": "x", "thread": first["thread"]}, messageReplyOption=option)
        assert sent["thread"] == first["thread"] and sent["threadReply"] is True
        assert sent["name"].rpartition("/")[2].startswith(first["thread"]["name"].rpartition("/")[2] + ".")

    def test_4_2_an_unknown_thread(self, user: Chat, space: str) -> None:
        body = {"text": "x", "thread": {"name": f"{space}/threads/unknown"}}
        sent = user.create(space, body, messageReplyOption=FALLBACK)
        assert sent["thread"]["name"] != f"{space}/threads/unknown" and "threadReply" not in sent
        refused(user.fails("POST", f"v1/{space}/messages", body, messageReplyOption=OR_FAIL), 404, "NOT_FOUND")

    @pytest.mark.parametrize("option", [FALLBACK, OR_FAIL])
    @pytest.mark.parametrize("where", ["body", "query"])
    def test_4_2_a_key(self, user: Chat, space: str, option: str, where: str) -> None:
        def send() -> Any:
            if where == "query":
                return user.create(space, "x", messageReplyOption=option, threadKey="k")
            return user.create(space, {"text": "x", "thread": {"threadKey": "k"}}, messageReplyOption=option)

        first, second = send(), send()
        assert first["thread"]["threadKey"] == "k" and "threadReply" not in first
        assert second["thread"] == first["thread"] and second["threadReply"] is True

    @pytest.mark.parametrize("option", [FALLBACK, OR_FAIL])
    def test_4_2_no_thread(self, user: Chat, space: str, option: str) -> None:
        assert "threadReply" not in user.create(space, "x", messageReplyOption=option)

    def test_4_2_keys_are_private(self, user: Chat, app: Chat, space: str) -> None:
        body = {"text": "x", "thread": {"threadKey": "k"}}
        mine = user.create(space, body, messageReplyOption=FALLBACK)
        others = app.create(space, body, messageReplyOption=FALLBACK)
        assert mine["thread"]["name"] != others["thread"]["name"]
        seen = {message["name"]: message["thread"] for message in user.page(space)["messages"]}
        assert "threadKey" in seen[mine["name"]] and "threadKey" not in seen[others["name"]]

    def test_4_2_1_only_spaces_have_threads(self, shared_gate: Gate, user: Chat) -> None:
        chat = shared_gate.google.add_space(space_type="GROUP_CHAT")
        first = user.create(chat)
        sent = user.create(chat, {"text": "x", "thread": first["thread"]}, messageReplyOption=OR_FAIL)
        assert "threadReply" not in sent

    @pytest.mark.parametrize(
        "name", ["x", "threads/x", "spaces/other/threads/x", "{space}/threads/", "{space}/threads/a/b"]
    )
    @pytest.mark.parametrize("option", ["", FALLBACK])
    def test_4_2_2_a_malformed_thread(self, user: Chat, space: str, name: str, option: str) -> None:
        body = {"text": "x", "thread": {"name": name.format(space=space)}}
        invalid(user.fails("POST", f"v1/{space}/messages", body, messageReplyOption=option), "thread.name")

    def test_4_2_3_the_name_wins(self, user: Chat, space: str) -> None:
        first = user.create(space)
        keyed = user.create(space, {"text": "x", "thread": {"threadKey": "k"}}, messageReplyOption=FALLBACK)
        body = {"text": "x", "thread": {"name": first["thread"]["name"], "threadKey": "k"}}
        sent = user.create(space, body, messageReplyOption=FALLBACK)
        assert sent["thread"]["name"] == first["thread"]["name"] != keyed["thread"]["name"]

    def test_the_longest_key(self, user: Chat, space: str) -> None:
        assert user.create(space, {"text": "x", "thread": {"threadKey": "k" * 4000}}, messageReplyOption=FALLBACK)
        invalid(user.fails("POST", f"v1/{space}/messages", {"text": "x", "thread": {"threadKey": "k" * 4001}}), "4000")

    def test_an_unknown_option(self, user: Chat, space: str) -> None:
        invalid(user.fails("POST", f"v1/{space}/messages", {"text": "x"}, messageReplyOption="3"), "messageReplyOption")


class TestRequestId:
    def test_4_3_1_a_repeat_changes_nothing(self, user: Chat, space: str) -> None:
        first = user.create(space, "first", requestId="r1-" + space)
        assert user.create(space, "second", requestId="r1-" + space) == first
        assert user.texts(space) == ["first"]
        assert user.create(space, "second", requestId="r2-" + space)["text"] == "second"

    def test_4_3_2_a_repeat_answers_what_is_stored(self, user: Chat, space: str) -> None:
        first = user.create(space, "first", requestId="r-" + space)
        changed = user.ok("PATCH", f"v1/{first['name']}", {"text": "changed"}, updateMask="text")
        assert user.create(space, "first", requestId="r-" + space) == changed

    def test_4_3_3_another_caller(self, user: Chat, app: Chat, space: str) -> None:
        user.create(space, "first", requestId="r-" + space)
        invalid(app.fails("POST", f"v1/{space}/messages", {"text": "x"}, requestId="r-" + space), "requestId")

    def test_a_refused_call_uses_up_nothing(self, user: Chat, space: str) -> None:
        invalid(user.fails("POST", f"v1/{space}/messages", {}, requestId="r-" + space))
        assert user.create(space, "x", requestId="r-" + space)["text"] == "x"


class TestMessageId:
    @pytest.mark.parametrize("message_id", ["client-a", "client-" + "a" * 56, "client--", "client-0-9"])
    def test_4_4_1_form(self, user: Chat, space: str, message_id: str) -> None:
        assert user.create(space, "x", messageId=message_id)["clientAssignedMessageId"] == message_id

    @pytest.mark.parametrize("message_id", ["client-", "client-" + "a" * 57, "client-A", "client-_", "a", "client-a\n"])
    def test_4_4_1_another_form(self, user: Chat, space: str, message_id: str) -> None:
        invalid(user.fails("POST", f"v1/{space}/messages", {"text": "x"}, messageId=message_id), "messageId")

    def test_4_4_2_unique_in_the_space(self, shared_gate: Gate, user: Chat, space: str) -> None:
        name = user.create(space, "x", messageId="client-x")["name"]
        path, other = f"v1/{space}/messages", shared_gate.google.add_space()
        refused(user.fails("POST", path, {"text": "y"}, messageId="client-x"), 409, "ALREADY_EXISTS")
        assert user.create(other, "x", messageId="client-x")
        user.ok("DELETE", f"v1/{name}")
        refused(user.fails("POST", path, {"text": "y"}, messageId="client-x"), 409, "ALREADY_EXISTS")

    def test_4_4_3_4_both_names(self, user: Chat, space: str) -> None:
        sent = user.create(space, "x", messageId="client-x")
        alias = f"v1/{space}/messages/client-x"
        assert not sent["name"].endswith("client-x")
        assert user.ok("GET", alias) == sent
        assert user.ok("PATCH", alias, {"text": "y"}, updateMask="text")["name"] == sent["name"]
        assert user.ok("PUT", alias, {"text": "z"}, updateMask="text")["text"] == "z"
        assert user.page(space)["messages"][0]["name"] == sent["name"]
        assert user.ok("DELETE", alias) == {}
        refused(user.fails("GET", alias), 404, "NOT_FOUND")


class TestOther:
    def test_4_5_notifications(self, user: Chat, app: Chat, space: str) -> None:
        name = "createMessageNotificationOptions.notificationType"
        assert app.create(space, "x", **{name: "NOTIFICATION_TYPE_SILENT"})["silent"] is True
        for query in ({name: "NOTIFICATION_TYPE_FORCE_NOTIFY"}, {name: "NOTIFICATION_TYPE_NONE"}, {name: "1"}):
            assert "silent" not in app.create(space, "x", **query)
        invalid(user.fails("POST", f"v1/{space}/messages", {"text": "x"}, **{name: "NOTIFICATION_TYPE_SILENT"}))
        assert user.create(space, "x", **{name: "NOTIFICATION_TYPE_NONE"})

    def test_4_5_spaces(self, shared_gate: Gate, user: Chat) -> None:
        refused(user.fails("POST", "v1/spaces/none/messages", {"text": "x"}), 404, "NOT_FOUND")
        other = shared_gate.google.add_space(members=["users/2"])
        refused(user.fails("POST", f"v1/{other}/messages", {"text": "x"}), 403, "PERMISSION_DENIED")

    def test_17_2_times_increase_strictly(self, shared_gate: Gate, user: Chat, space: str) -> None:
        times = [user.create(space)["createTime"] for _ in range(3)]
        shared_gate.clock.offset = -10
        try:
            times += [user.create(space)["createTime"] for _ in range(3)]
        finally:
            shared_gate.clock.offset = 0
        assert times == sorted(set(times))


class TestGet:
    def test_5_unknown_and_deleted(self, user: Chat, space: str) -> None:
        name = user.create(space)["name"]
        user.ok("DELETE", f"v1/{name}")
        for path in (f"v1/{name}", f"v1/{space}/messages/none", f"v1/{space}/messages/client-none"):
            refused(user.fails("GET", path), 404, "NOT_FOUND")

    def test_5_markup(self, user: Chat, space: str) -> None:
        name = user.create(space)["name"]
        assert user.ok("GET", f"v1/{name}", markupSyntax="MARKUP_SYNTAX_MARKDOWN")["text"] == "hello"
        invalid(user.fails("GET", f"v1/{name}", markupSyntax="HTML"), "markupSyntax")

    def test_5_what_an_app_sees_with_chat_bot_alone(self, shared_gate: Gate, user: Chat, space: str) -> None:
        direct = shared_gate.google.add_space(space_type="DIRECT_MESSAGE")
        with Chat(shared_gate, app_token_of(shared_gate, frozenset(["chat.bot"]))) as bot:
            for name in (
                bot.create(space)["name"],
                user.create(space, "hi <users/1000>")["name"],
                user.create(direct)["name"],
            ):
                assert bot.ok("GET", f"v1/{name}")["name"] == name
            refused(bot.fails("GET", f"v1/{user.create(space)['name']}"), 403, "PERMISSION_DENIED", "not meant for")


class TestUpdate:
    @pytest.mark.parametrize("verb", ["PATCH", "PUT"])
    def test_7_both_verbs(self, user: Chat, space: str, verb: str) -> None:
        sent = user.create(space)
        changed = user.ok(verb, f"v1/{sent['name']}", {"text": "new"}, updateMask="text")
        assert changed.pop("lastUpdateTime") > sent["createTime"]
        texts = dict.fromkeys(("text", "formattedText", "argumentText"), "new")
        assert changed == {**sent, **texts}
        assert user.ok("GET", f"v1/{sent['name']}")["text"] == "new"

    @pytest.mark.parametrize("mask", ["cardsV2", "cards_v2", "text,cards_v2", "text, cardsV2", "*"])
    def test_7_1_7_2_spellings(self, app: Chat, space: str, mask: str) -> None:
        sent = app.create(space, {"text": "old", "cardsV2": [CARD]})
        card = {"card": {"header": {"title": "New"}}}
        changed = app.ok("PATCH", f"v1/{sent['name']}", {"text": "new", "cardsV2": [card]}, updateMask=mask)
        assert changed["cardsV2"] == [card]
        assert changed["text"] == ("old" if mask in ("cardsV2", "cards_v2") else "new")

    def test_7_1_both_spellings_of_the_parameter(self, user: Chat, space: str) -> None:
        name = user.create(space)["name"]
        assert user.ok("PATCH", f"v1/{name}", {"text": "new"}, update_mask="text")["text"] == "new"

    def test_7_3_absent_is_cleared_and_the_rest_ignored(self, app: Chat, space: str) -> None:
        sent = app.create(space, {"text": "old", "cardsV2": [CARD], "accessoryWidgets": [{"buttonList": {}}]})
        changed = app.ok("PATCH", f"v1/{sent['name']}", {"text": "ignored"}, updateMask="cardsV2")
        assert changed["text"] == "old" and "cardsV2" not in changed and "accessoryWidgets" in changed

    def test_7_4_text_alone_leaves_the_cards(self, app: Chat, space: str) -> None:
        name = app.create(space, {"text": "old", "cardsV2": [CARD]})["name"]
        assert app.ok("PATCH", f"v1/{name}", {"text": "new"}, updateMask="text")["cardsV2"] == [CARD]
        assert "cardsV2" not in app.ok("PATCH", f"v1/{name}", {"text": "new"}, updateMask="text,cards_v2")

    @pytest.mark.parametrize("query", [{}, {"updateMask": ""}, {"updateMask": "name"}, {"updateMask": "text,sender"}])
    def test_7_5_masks(self, user: Chat, space: str, query: dict[str, str]) -> None:
        name = user.create(space)["name"]
        invalid(user.fails("PATCH", f"v1/{name}", {"text": "x"}, **query), "updateMask")

    def test_7_5_cards_need_an_app(self, user: Chat, space: str) -> None:
        name = user.create(space)["name"]
        invalid(user.fails("PATCH", f"v1/{name}", {"cardsV2": [CARD]}, updateMask="cardsV2"), "an app")

    def test_7_nothing_left(self, user: Chat, space: str) -> None:
        name = user.create(space)["name"]
        invalid(user.fails("PATCH", f"v1/{name}", {}, updateMask="text"), "needs text")
        invalid(user.fails("PATCH", f"v1/{name}", {"text": "x" * 32_001}, updateMask="text"), "32000")

    def test_7_7_allow_missing(self, user: Chat, space: str) -> None:
        path = f"v1/{space}/messages/client-new"
        made = user.ok("PATCH", path, {"text": "new"}, allowMissing="true", updateMask="nonsense")
        assert made["clientAssignedMessageId"] == "client-new"
        changed = user.ok("PATCH", path, {"text": "again"}, allowMissing="true", updateMask="text")
        assert changed["name"] == made["name"] and changed["text"] == "again"
        invalid(user.fails("PATCH", f"v1/{space}/messages/none", {"text": "x"}, allowMissing="true"), "client-")

    def test_7_8_others(self, user: Chat, app: Chat, space: str) -> None:
        mine, apps = user.create(space)["name"], app.create(space)["name"]
        path = f"v1/{space}/messages/none"
        refused(user.fails("PATCH", path, {"text": "x"}, updateMask="text"), 404, "NOT_FOUND")
        for chat, name in ((app, mine), (user, apps)):
            outcome = chat.fails("PATCH", f"v1/{name}", {"text": "x"}, updateMask="text")
            refused(outcome, 403, "PERMISSION_DENIED")

    def test_7_9_markup(self, user: Chat, space: str) -> None:
        name = user.create(space)["name"]
        body = {"text": "**x**", "markupSyntax": "MARKUP_SYNTAX_MARKDOWN"}
        assert user.ok("PATCH", f"v1/{name}", body, updateMask="text")["markupSyntax"] == "MARKUP_SYNTAX_MARKDOWN"
        invalid(user.fails("PATCH", f"v1/{name}", body, updateMask="markupSyntax"), "updateMask")

    def test_7_10_replace_cards(self, user: Chat, app: Chat, space: str) -> None:
        sent = app.create(space, {"text": "x", "cardsV2": [CARD]})
        path = f"v1/{sent['name']}"
        other = [{"card": {"header": {"title": "Other"}}}]
        assert app.ok("POST", f"{path}:replaceCards", {"cardsV2": other}) == {}
        assert app.ok("GET", path)["cardsV2"] == other
        assert app.ok("POST", f"{path}:replaceCards", {}) == {}
        assert "cardsV2" not in app.ok("GET", path)
        assert not any(name.startswith("_") for name in app.ok("GET", path))
        refused(app.fails("POST", f"{path}:replaceCards", {"cardsV2": other}), 400, "FAILED_PRECONDITION")
        refused(user.fails("POST", f"{path}:replaceCards", {"cardsV2": other}), 403, "PERMISSION_DENIED")


class TestDelete:
    def test_8_1(self, shared_gate: Gate, user: Chat, space: str) -> None:
        name = user.create(space)["name"]
        assert user.ok("DELETE", f"v1/{name}") == {}
        assert shared_gate.messages(kind=MessageKind.GOOGLE_CHAT, to_id=space) == []
        (gone,) = shared_gate.messages(to_id=space, deleted=True)
        assert (gone.deleted, gone.message) == (True, "")

    def test_8_2_replies(self, user: Chat, space: str) -> None:
        first = user.create(space)
        body = {"text": "reply", "thread": first["thread"]}
        reply = user.create(space, body, messageReplyOption=FALLBACK)
        outcome = user.fails("DELETE", f"v1/{first['name']}")
        refused(outcome, 400, "FAILED_PRECONDITION", "1 replies")
        assert user.texts(space) == ["hello", "reply"]
        user.ok("DELETE", f"v1/{first['name']}", force="true")
        assert user.page(space) == {}
        kinds = [message["deletionMetadata"] for message in user.page(space, showDeleted="true")["messages"]]
        assert kinds == [{"deletionType": "CREATOR_VIA_APP"}] * 2
        refused(user.fails("DELETE", f"v1/{reply['name']}"), 404, "NOT_FOUND")

    def test_8_2_a_reply_goes_alone(self, user: Chat, space: str) -> None:
        first = user.create(space)
        replies = [
            user.create(space, {"text": text, "thread": first["thread"]}, messageReplyOption=FALLBACK) for text in "ab"
        ]
        user.ok("DELETE", f"v1/{replies[0]['name']}")
        assert user.texts(space) == ["hello", "b"]

    def test_8_2_force_is_nothing_to_apps(self, user: Chat, app: Chat, space: str) -> None:
        first = app.create(space)
        user.create(space, {"text": "reply", "thread": first["thread"]}, messageReplyOption=FALLBACK)
        app.ok("DELETE", f"v1/{first['name']}", force="true")
        assert user.texts(space) == ["reply"]

    def test_8_3_8_5_who_deletes(self, user: Chat, app: Chat, space: str, person: Person) -> None:
        other = person(space)
        mine, others, apps = user.create(space), other.create(space), app.create(space)
        for chat, message in ((app, mine), (other, mine), (other, apps)):
            refused(chat.fails("DELETE", f"v1/{message['name']}"), 403, "PERMISSION_DENIED")
        app.ok("DELETE", f"v1/{apps['name']}")
        user.ok("DELETE", f"v1/{mine['name']}")
        user.ok("DELETE", f"v1/{others['name']}")
        kinds = [m["deletionMetadata"]["deletionType"] for m in user.page(space, showDeleted="true")["messages"]]
        assert kinds == ["CREATOR_VIA_APP", "SPACE_OWNER_VIA_APP", "CREATOR"]

    def test_8_4_twice(self, user: Chat, space: str) -> None:
        name = user.create(space)["name"]
        user.ok("DELETE", f"v1/{name}")
        refused(user.fails("DELETE", f"v1/{name}"), 404, "NOT_FOUND")


def test_text_is_kept_as_it_is(user: Chat, space: str) -> None:
    text = "üñí\U0001f600\x00\u2028\\\"' <b> \r\n end"
    sent = user.create(space, text)
    assert sent["text"] == text
    assert json.loads(user.send("GET", f"v1/{sent['name']}").content)["text"] == text
