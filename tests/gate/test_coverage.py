from __future__ import annotations

import pytest

from rtm_sdk.gate.coverage import coverage
from rtm_sdk.gate.googlechat.api import API
from rtm_sdk.gate.googlechat.methods import METHODS


def test_each_system_is_counted() -> None:
    systems = {each.system: each for each in coverage()}
    assert {name: len(each.answered) >= 29 for name, each in systems.items()} == {
        "RTM for business servers": True,
        "RTM for end users": True,
        "Google Chat": True,
        "BearyChat": True,
    }
    assert set(systems["RTM for business servers"].configured) <= set(systems["RTM for business servers"].answered)


def test_a_method_without_a_handler_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(METHODS, "spaces.search")
    (google,) = (each for each in coverage() if each.system == "Google Chat")
    assert google.missing == ("spaces.search",)
    assert len(google.answered) == len(API) - 1
