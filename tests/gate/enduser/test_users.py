from __future__ import annotations

from ..users import LogIn, call, code


def test_who_is_online(log_in: LogIn) -> None:
    user = log_in(1)
    other = log_in(2)
    assert call(user, "getonlineusers", uids=[3, 2, 1, 2]) == {"uids": [2, 1]}
    call(other, "bye")
    assert call(user, "getonlineusers", uids=[3, 2, 1]) == {"uids": [1]}


def test_parameters(log_in: LogIn) -> None:
    user = log_in(1)
    assert code(user, "getonlineusers") == 10009
    assert code(user, "getonlineusers", uids=[]) == 200033
    assert code(user, "getonlineusers", uids=list(range(1, 202))) == 200032
