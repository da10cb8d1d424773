"""The API reference leaves nothing out."""

from __future__ import annotations

import re

import pytest

import rtm_sdk
from rtm_sdk import BearyChatClient, BearyChatWebhook, GoogleChatClient, GoogleChatWebhook, RTMServerClient

from .pages import DOCS

PAGES = "".join(page.read_text(encoding="utf-8") for page in sorted((DOCS / "reference").glob("*.md")))
DESCRIBED = set(re.findall(r"^::: (\S+)$", PAGES, re.MULTILINE))
CODES = {"BEARYCHAT_ERROR", "Code", "FPNN_ERROR", "RTM_ERROR"}
"""In docs/errors.md."""


def is_described(place: str) -> bool:
    """Whether a class, or the module that it is in, is in the reference."""
    return place in DESCRIBED or place.rpartition(".")[0] in DESCRIBED


def own_names(part: type) -> list[str]:
    return [name for name in vars(part) if not name.startswith("_")]


@pytest.mark.parametrize(
    "client", [RTMServerClient, GoogleChatClient, BearyChatClient, GoogleChatWebhook, BearyChatWebhook]
)
def test_each_domain_of_a_client_is_described(client: type) -> None:
    parts = [part for part in client.__mro__ if part.__module__.startswith("rtm_sdk.") and own_names(part)]
    assert len(parts) >= 3
    assert [part for part in parts if not is_described(f"{part.__module__}.{part.__qualname__}")] == []


def test_each_public_name_is_described() -> None:
    names = [name for name in rtm_sdk.__all__ if not name.startswith("_") and name not in CODES]
    homes = {name: getattr(rtm_sdk, name).__module__ for name in names}
    assert [f"{home}.{name}" for name, home in homes.items() if not is_described(f"{home}.{name}")] == []
