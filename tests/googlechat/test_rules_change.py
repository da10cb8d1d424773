"""The rules of messages.get (5), patch and update (7), delete (8), search (9), through the client against the gate."""

from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.errors import unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.client import GoogleChatClient

from .chat import Raw, Space, refused, status_of

INVALID = "INVALID_ARGUMENT"
FALLBACK = "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
CARDS = [{"cardId": "c", "card": {"header": {"title": "t"}}}]


def with_app(space: Space) -> Space:
    """The direct message of the user and the app, of whom there is one for all tests."""
    there, _ = space.client.find_direct_message("users/1000")
    return Space(
        space.gate, space.client, there["name"] if there else space.gate.google.add_space(space_type="DIRECT_MESSAGE")
    )


# --- 5 get -------------------------------------------------------------------------------------------------------


def test_5_get(space: Space) -> None:
    message = space.post("**bold**")
    assert unwrap(space.client.get_message(message["name"])) == message
    marked = unwrap(space.client.get_message(message["name"], markup_syntax="MARKUP_SYNTAX_MARKDOWN"))
    assert {**marked, "formattedText": ""} == {**message, "formattedText": ""}
    assert refused(space.client.get_message(f"{space}/messages/x.x")) == "NOT_FOUND"
    assert refused(space.client.get_message(f"{space}/messages/client-x")) == "NOT_FOUND"


def test_5_get_of_a_deleted_message(space: Space) -> None:
    name = space.post()["name"]
    unwrap(space.client.delete_message(name))
    assert refused(space.client.get_message(name)) == "NOT_FOUND"


def test_5_what_chat_bot_sees(space: Space, gate: Gate) -> None:
    info = gate.google.service_account_info()
    with GoogleChatClient.from_service_account_info(info, base_url=gate.google.base_url) as bot:
        own = space.post(by=bot)
        mention = space.post(f"<{gate.google.app}> hello")
        theirs = space.post()
        assert unwrap(bot.get_message(own["name"]))
        assert unwrap(bot.get_message(mention["name"]))["argumentText"].strip() == "hello"
        assert refused(bot.get_message(theirs["name"])) == "PERMISSION_DENIED"
        direct = with_app(space)
        assert unwrap(bot.get_message(direct.post()["name"]))


# --- 7 patch and update ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["update_message", "put_message"])
def test_7_patch_and_put(space: Space, method: str) -> None:
    name = space.post("old")["name"]
    changed = unwrap(getattr(space.client, method)(name, {"text": "new"}, "text"))
    assert changed["text"] == "new"
    assert unwrap(space.client.get_message(name)) == changed


def test_7_1_the_mask(space: Space, app: GoogleChatClient) -> None:
    message = space.post(by=app, cardsV2=CARDS)
    name = message["name"]
    assert unwrap(app.update_message(name, {"text": "1", "cardsV2": []}, ["text"]))["cardsV2"] == CARDS
    everything = unwrap(app.update_message(name, {"text": "2"}, "*"))
    assert (everything["text"], "cardsV2" in everything) == ("2", False)
    for path in ("cards", "cards_v2", "accessory_widgets"):
        mine = space.post()["name"]
        assert refused(space.client.update_message(mine, {"text": "x"}, path)) == INVALID
    uploaded = unwrap(space.client.upload_attachment(space, b"x", filename="a.txt"))
    mine = space.post()["name"]
    assert unwrap(space.client.update_message(mine, {"attachment": [uploaded]}, "attachment"))["attachment"]


def test_7_1_a_quote_can_only_be_removed(space: Space) -> None:
    quoted = space.post("quoted")
    quote = {"name": quoted["name"], "lastUpdateTime": quoted["createTime"]}
    message = space.post(quotedMessageMetadata=quote)
    assert message["quotedMessageMetadata"]["name"] == quoted["name"]
    changed = unwrap(space.client.update_message(message["name"], {}, "quoted_message_metadata"))
    assert "quotedMessageMetadata" not in changed
    again = space.client.update_message(message["name"], {"quotedMessageMetadata": quote}, "quoted_message_metadata")
    assert refused(again) == INVALID


@pytest.mark.parametrize("path", ["cardsV2", "cards_v2"])
def test_7_2_both_spellings(space: Space, app: GoogleChatClient, path: str) -> None:
    name = space.post(by=app)["name"]
    assert unwrap(app.update_message(name, {"cardsV2": CARDS}, path))["cardsV2"] == CARDS


def test_7_3_what_the_mask_means(space: Space, app: GoogleChatClient) -> None:
    name = space.post("text", by=app, cardsV2=CARDS)["name"]
    changed = unwrap(app.update_message(name, {"text": "ignored"}, "cards_v2"))
    assert "cardsV2" not in changed
    assert changed["text"] == "text"


def test_7_4_text_alone_leaves_the_cards(space: Space, app: GoogleChatClient) -> None:
    name = space.post(by=app, cardsV2=CARDS)["name"]
    assert unwrap(app.update_message(name, {"text": "1"}, "text"))["cardsV2"] == CARDS
    assert "cardsV2" not in unwrap(app.update_message(name, {"text": "2"}, "text,cards_v2"))


def test_7_5_no_mask_and_an_unknown_path(space: Space, raw: Raw) -> None:
    name = space.post()["name"]
    for mask in ("nothing", "text,nothing", "create_time", "text,,cards_v2"):
        assert refused(space.client.update_message(name, {"text": "x"}, mask)) == INVALID
    assert status_of(raw("PATCH", f"v1/{name}", json={"text": "x"})) == (400, INVALID)
    empty: tuple[Any, ...] = ("", [])
    for nothing in empty:
        with pytest.raises(ValueError, match="^update_mask must not be empty"):
            space.client.update_message(name, {"text": "x"}, nothing)


def test_7_6_times(space: Space) -> None:
    message = space.post()
    assert "lastUpdateTime" not in message
    changed = unwrap(space.client.update_message(message["name"], {"text": "new"}, "text"))
    assert changed["lastUpdateTime"] > message["createTime"]
    assert (changed["createTime"], changed["name"]) == (message["createTime"], message["name"])


def test_7_7_allow_missing(space: Space) -> None:
    client, name = space.client, f"{space}/messages/client-a"
    made = unwrap(client.update_message(name, {"text": "made"}, "cards_v2", allow_missing=True))
    assert (made["text"], made["clientAssignedMessageId"]) == ("made", "client-a")
    changed = unwrap(client.update_message(name, {"text": "changed"}, "text", allow_missing=True))
    assert (changed["text"], changed["name"]) == ("changed", made["name"])
    other = f"{space}/messages/x.x"
    assert refused(client.update_message(other, {"text": "x"}, "text", allow_missing=True)) == INVALID


def test_7_8_not_found_and_another_one_s(space: Space, app: GoogleChatClient) -> None:
    missing = f"{space}/messages/client-a"
    assert refused(space.client.update_message(missing, {"text": "x"}, "text")) == "NOT_FOUND"
    theirs = space.post()["name"]
    assert refused(app.update_message(theirs, {"text": "x"}, "text")) == "PERMISSION_DENIED"


def test_7_9_markup_syntax_in_the_body(space: Space) -> None:
    name = space.post()["name"]
    body = {"text": "**b**", "markupSyntax": "MARKUP_SYNTAX_MARKDOWN"}
    assert unwrap(space.client.update_message(name, body, "text"))["text"] == "**b**"
    assert refused(space.client.update_message(name, body, "text,markup_syntax")) == INVALID


def test_7_10_replace_cards(space: Space, app: GoogleChatClient) -> None:
    name = space.post(by=app, cardsV2=CARDS)["name"]
    other = [{"cardId": "d", "card": {"header": {"title": "u"}}}]
    assert app.replace_message_cards(name, other) == (None, 0)
    assert unwrap(app.get_message(name))["cardsV2"] == other
    assert app.replace_message_cards(name, []) == (None, 0)
    assert "cardsV2" not in unwrap(app.get_message(name))
    assert refused(app.replace_message_cards(name, other)) == "FAILED_PRECONDITION"
    assert refused(space.client.replace_message_cards(space.post()["name"], other)) == "PERMISSION_DENIED"


# --- 8 delete ----------------------------------------------------------------------------------------------------


def test_8_1_the_answer_is_empty(space: Space, raw: Raw) -> None:
    assert space.client.delete_message(space.post()["name"]) == (None, 0)
    assert raw("DELETE", f"v1/{space.post()['name']}").json() == {}


def test_8_2_force(space: Space, app: GoogleChatClient) -> None:
    def thread(by: GoogleChatClient) -> tuple[Any, Any]:
        head = space.post(by=by)
        reply = space.post(thread={"name": head["thread"]["name"]}, message_reply_option=FALLBACK)
        return head["name"], reply["name"]

    head, reply = thread(space.client)
    assert refused(space.client.delete_message(head)) == "FAILED_PRECONDITION"
    assert refused(space.client.delete_message(head, force=False)) == "FAILED_PRECONDITION"
    assert unwrap(space.client.get_message(head))
    assert space.client.delete_message(head, force=True) == (None, 0)
    assert refused(space.client.get_message(reply)) == "NOT_FOUND"
    for force in (None, True):
        head, reply = thread(app)
        assert app.delete_message(head, force=force) == (None, 0)
        assert unwrap(space.client.get_message(reply))


def test_8_3_apps_delete_their_own(space: Space, app: GoogleChatClient) -> None:
    assert refused(app.delete_message(space.post()["name"])) == "PERMISSION_DENIED"
    assert app.delete_message(space.post(by=app)["name"]) == (None, 0)


def test_8_4_unknown_or_deleted(space: Space) -> None:
    name = space.post()["name"]
    unwrap(space.client.delete_message(name))
    assert refused(space.client.delete_message(name)) == "NOT_FOUND"
    assert refused(space.client.delete_message(f"{space}/messages/x.x")) == "NOT_FOUND"


def test_8_4_but_a_repeated_delete_is_done(space: Space, gate: Gate) -> None:
    name = space.post()["name"]
    lost = gate.faults.add("spaces.messages.delete", "cut_after")
    assert space.client.delete_message(name) == (None, 0)
    assert lost.hits == 1
    assert space.page() == {}


def test_8_5_deletion_types(space: Space, app: GoogleChatClient, other: GoogleChatClient) -> None:
    for author, by in ((app, app), (space.client, space.client), (other, space.client)):
        unwrap(by.delete_message(space.post(by=author)["name"]))
    types = [message["deletionMetadata"]["deletionType"] for message in space.page(show_deleted=True)["messages"]]
    assert types == ["CREATOR", "CREATOR_VIA_APP", "SPACE_OWNER_VIA_APP"]
    assert refused(other.delete_message(space.post()["name"])) == "PERMISSION_DENIED"


# --- 9 search ----------------------------------------------------------------------------------------------------


def found(client: GoogleChatClient, filter: str, **query: Any) -> list[str]:
    page = unwrap(client.search_messages("spaces/-", filter, **query))
    return [result["message"]["text"] for result in page.get("results", [])]


def test_9_search(space: Space, app: GoogleChatClient) -> None:
    for text in ("green tea", "black tea", "coffee"):
        space.post(text)
    here = f'space.name = "{space}"'
    assert found(space.client, f"tea AND {here}") == ["black tea", "green tea"]
    assert found(space.client, f"coffee AND {here}", view="SEARCH_MESSAGES_VIEW_FULL") == ["coffee"]
    assert refused(space.client.search_messages(space, "tea")) == INVALID
    assert refused(app.search_messages("spaces/-", "tea")) == "PERMISSION_DENIED"
    assert refused(space.client.search_messages("spaces/-", "")) == INVALID
    assert refused(space.client.search_messages("spaces/-", "x" * 1001)) == INVALID


def test_9_search_pages(space: Space) -> None:
    space.fill(120)
    here = f'space.name = "{space}"'
    assert len(found(space.client, here)) == 25
    assert len(found(space.client, here, page_size=500)) == 100
    results = list(space.client.iter_search_messages("spaces/-", here, page_size=50))
    assert [result["message"]["text"] for result in results] == [str(number) for number in reversed(range(120))]


def test_9_search_times(space: Space) -> None:
    times = [space.post(str(number))["createTime"] for number in range(3)]
    here = f'space.name = "{space}"'
    assert found(space.client, f'create_time >= "{times[1]}" AND {here}') == ["2", "1"]
    assert found(space.client, f'create_time < "{times[1]}" AND {here}') == ["0"]
    for operator in (">", "<="):
        outcome = space.client.search_messages("spaces/-", f'create_time {operator} "{times[1]}" AND {here}')
        assert refused(outcome) == INVALID


def test_9_what_search_leaves_out(space: Space, app: GoogleChatClient) -> None:
    space.post("of the app", by=app)
    space.post("private", by=app, privateMessageViewer={"name": "users/1"})
    with_app(space).post("to the app")
    space.post("of mine")
    assert found(space.client, f'space.name = "{space}"') == ["of mine"]
    assert found(space.client, '"to the app"') == []
