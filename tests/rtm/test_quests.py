from __future__ import annotations

from rtm_sdk.rtm.quests import Quest


def test_nothing_secret_in_the_repr() -> None:
    quest = Quest("sendfile", {"token": "a secret", "msg": "hello"})
    assert repr(quest) == "<Quest sendfile(token, msg)>"


def test_defaults() -> None:
    assert tuple(Quest("m", {})) == ("m", {}, False, True, "", None)
