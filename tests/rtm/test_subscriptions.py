from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from rtm_sdk.rtm.results import ListenStatusInfo
from rtm_sdk.rtm.subscriptions import NOTHING, Subscriptions

held: list[bool] = []


@pytest.fixture
def subscriptions() -> Iterator[Subscriptions]:
    held.clear()
    yield Subscriptions(held.append)


def all_p2p(status: ListenStatusInfo) -> ListenStatusInfo:
    return status._replace(all_p2p=True)


def groups(*gids: int) -> ListenStatusInfo:
    return NOTHING._replace(group_ids=frozenset(gids))


def test_nothing_is_restored_at_first(subscriptions: Subscriptions) -> None:
    assert not subscriptions.any
    assert subscriptions.link_is_up("first") == []


def test_what_was_a_success_is_restored_on_each_link(subscriptions: Subscriptions) -> None:
    moment = subscriptions.now()
    subscriptions.link_is_up("first")
    assert subscriptions.record(moment, all_p2p) is False
    assert subscriptions.any
    for link in range(10):
        (quest,) = subscriptions.link_is_up(link)
        assert (quest.method, quest.params) == ("setlisten", {"p2p": True, "group": False, "room": False, "ev": False})
        assert quest.repeatable


def test_lists_are_arrays_and_come_after_the_booleans(subscriptions: Subscriptions) -> None:
    status = ListenStatusInfo(
        False, True, False, True, frozenset({3, 1}), frozenset(), frozenset({7}), frozenset({"logout", "login"})
    )
    subscriptions.record(subscriptions.now(), lambda before: status)
    everything, lists = subscriptions.link_is_up("first")
    assert everything.params == {"p2p": False, "group": True, "room": False, "ev": True}
    assert lists.params == {"gids": [], "rids": [7], "uids": [1, 3], "events": ["login", "logout"]}


def test_the_connection_is_held_open_as_long_as_there_is_something(subscriptions: Subscriptions) -> None:
    for status in (groups(1), groups(1, 2), NOTHING):
        subscriptions.record(subscriptions.now(), lambda before, status=status: status)  # type: ignore[misc]
    assert held == [True, False]


class TestConnectionRenewedDuringACall:
    def test_the_answer_came_on_the_old_link(self, subscriptions: Subscriptions) -> None:
        subscriptions.link_is_up("old")
        moment = subscriptions.now()
        subscriptions.link_is_down("old")
        assert subscriptions.link_is_up("new") == []
        assert subscriptions.record(moment, all_p2p) is True, "the service knows it on the old link only"
        assert subscriptions.record(subscriptions.now(), all_p2p) is False

    def test_there_is_no_new_link_yet(self, subscriptions: Subscriptions) -> None:
        subscriptions.link_is_up("old")
        moment = subscriptions.now()
        subscriptions.link_is_down("old")
        assert subscriptions.record(moment, all_p2p) is False
        assert len(subscriptions.link_is_up("new")) == 1

    def test_the_old_link_is_heard_of_late(self, subscriptions: Subscriptions) -> None:
        subscriptions.link_is_up("old")
        subscriptions.link_is_up("new")
        subscriptions.link_is_down("old")
        assert subscriptions.record(subscriptions.now(), all_p2p) is False

    def test_the_link_came_with_the_call(self, subscriptions: Subscriptions) -> None:
        for link in range(3):
            moment = subscriptions.now()
            subscriptions.link_is_up(link)
            assert subscriptions.record(moment, all_p2p) is False
            subscriptions.link_is_down(link)


class TestForget:
    def test_everything_ends(self, subscriptions: Subscriptions) -> None:
        subscriptions.record(subscriptions.now(), all_p2p)
        subscriptions.forget()
        assert subscriptions.status == NOTHING
        assert subscriptions.link_is_up("new") == []

    def test_also_what_is_under_way(self, subscriptions: Subscriptions) -> None:
        moment = subscriptions.now()
        subscriptions.forget()
        assert subscriptions.record(moment, all_p2p) is False
        assert subscriptions.status == NOTHING
        assert held == []


def test_changes_of_many_threads_add_up(subscriptions: Subscriptions) -> None:
    def add(first: int) -> None:
        for gid in range(first, first + 200):
            subscriptions.record(
                subscriptions.now(),
                lambda status, gid=gid: status._replace(group_ids=status.group_ids | {gid}),  # type: ignore[misc]
            )

    threads = [threading.Thread(target=add, args=(1000 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(subscriptions.status.group_ids) == 800
