from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rtm_sdk.googlechat import arguments
from rtm_sdk.googlechat.steps import quota_of

FORMS = [getattr(arguments, name) for name in arguments.__all__ if name.isupper()]


@given(st.sampled_from(FORMS), st.lists(st.text(max_size=5) | st.sampled_from(["..", ".", "%2e", "a/b", "a?b#c"])))
@example("spaces/{space}", ["..%2f.."])
@example("customEmojis/{emoji}", [":smile:"])
def test_a_name_arrives_as_it_is_or_is_refused(form: str, ids: list[str]) -> None:
    words = iter(ids)
    name = "/".join(next(words, "x") if part.startswith("{") else part for part in form.split("/"))
    try:
        path = arguments.name("name", name, form)
    except ValueError:
        return
    assert unquote(path) == name
    assert len(path.split("/")) == len(form.split("/"))
    assert not {"", ".", ".."} & set(path.split("/"))
    assert urlsplit(f"https://host/v1/{path}").path == f"/v1/{path}"


@pytest.mark.parametrize("name", ["media/a b", "a/b/c", "x", "spaces/A/attachments/x=="])
def test_names_of_content(name: str) -> None:
    assert unquote(arguments.media("resource_name", name)) == name


@pytest.mark.parametrize("name", ["", "/x", "x/", "a//b", "../x", "a/./b"])
def test_names_that_no_content_has(name: str) -> None:
    with pytest.raises(ValueError, match="^resource_name must be the resourceName of an attachmentDataRef"):
        arguments.media("resource_name", name)


def test_a_text_must_be_unicode() -> None:
    with pytest.raises(ValueError, match="^filter cannot be sent as UTF-8: .* at position 1"):
        arguments.query(filter="a\ud800")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"page_size": 0}, [("pageSize", "0")]),
        ({"page_size": -(1 << 31)}, [("pageSize", "-2147483648")]),
        ({"show_deleted": False, "force": True}, [("showDeleted", "false"), ("force", "true")]),
        ({"users": ("a", "b")}, [("users", "a"), ("users", "b")]),
        ({"users": []}, []),
        ({"update_mask": "*"}, [("updateMask", "*")]),
        ({"update_mask": iter(["a", "b"])}, [("updateMask", "a,b")]),
        ({"filter": None, "page_token": ""}, [("pageToken", "")]),
    ],
)
def test_query(given: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert list(arguments.query(**given)) == expected


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"page_size": True}, TypeError, "page_size must be an int, not bool"),
        ({"page_size": 1 << 31}, ValueError, "page_size must fit into 32 bits, not 2147483648"),
        ({"users": "users/1"}, TypeError, "users must be a list or another iterable of texts, not str"),
        ({"users": [1]}, TypeError, r"users\[0\] must be a str, not int"),
        ({"update_mask": {"a": 1}}, TypeError, "update_mask must be a list or another iterable of texts, not dict"),
        ({"request_id": ""}, ValueError, "request_id must not be empty"),
        ({"ttl": float("inf")}, ValueError, "ttl must be a positive, finite number of seconds, not inf"),
        ({"ttl": True}, TypeError, "ttl must be a number of seconds, not bool"),
        ({"expire_time": datetime(2026, 1, 1)}, ValueError, "expire_time must have a zone"),
        ({"memberships": [1]}, TypeError, r"memberships\[0\] must be a dict or another mapping, not int"),
    ],
)
def test_misuse(given: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^{text}"):
        arguments.body(**given)


@given(st.floats(1e-9, 1e9) | st.integers(1, 10**9))
def test_a_length_of_time_keeps_nine_digits(seconds: float) -> None:
    sent = arguments.body(ttl=seconds)["ttl"]
    assert sent.endswith("s")
    assert len(sent.partition(".")[2]) <= 10
    assert float(sent[:-1]) == pytest.approx(seconds, abs=1e-9)


@given(st.datetimes(timezones=st.just(timezone.utc)))
def test_a_time_is_rfc_3339(moment: datetime) -> None:
    sent = arguments.time("expire_time", moment)
    assert arguments.time("expire_time", sent) == sent
    assert datetime.fromisoformat(sent.replace("Z", "+00:00")) == moment


@pytest.mark.parametrize(
    ("path", "space"),
    [
        ("spaces/A/messages/B", "spaces/A"),
        ("spaces/A:completeImport", "spaces/A"),
        ("spaces/A", "spaces/A"),
        ("spaces", ""),
        ("spaces:search", ""),
        ("users/me/spaces/A/spaceReadState", ""),
    ],
)
def test_the_space_that_quotas_count_for(path: str, space: str) -> None:
    assert quota_of("GET", path) == (space and f"{space} reads")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert quota_of(method, path) == (space and f"{space} writes")
