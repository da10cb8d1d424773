from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from rtm_sdk.gate.functions import MAX_THREADS, Threads, load_functions


def test_callables_and_names() -> None:
    loaded = load_functions({"translate": "operator:add", "icheck": "os:path.join", "vcheck": len})
    assert loaded["translate"](1, 2) == 3
    assert loaded["icheck"].__name__ == "join"
    assert loaded["vcheck"] is len


@pytest.mark.parametrize(
    ("functions", "fault", "complaint"),
    [
        ({"tcheck": len}, ValueError, "there is none for 'tcheck'"),
        ({"icheck": "operator"}, ValueError, "'operator' for icheck is not 'module:function'"),
        ({"icheck": ":add"}, ValueError, "is not 'module:function'"),
        ({"icheck": "no_such_module:f"}, ValueError, "cannot import 'no_such_module:f' for icheck"),
        ({"icheck": "operator:nothing"}, ValueError, "cannot import 'operator:nothing' for icheck"),
        ({"icheck": 5}, TypeError, "what is given for icheck cannot be called"),
        ({"icheck": "sys:path"}, TypeError, "what is given for icheck cannot be called"),
    ],
)
def test_what_cannot_be(functions: Any, fault: type[Exception], complaint: str) -> None:
    with pytest.raises(fault, match=complaint):
        load_functions(functions)


def test_so_many_at_once() -> None:
    go_on, lock, running, most = threading.Event(), threading.Lock(), 0, 0
    full = threading.Barrier(MAX_THREADS + 1)

    def work() -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        if not go_on.is_set():
            full.wait(10)
        assert go_on.wait(10)
        with lock:
            running -= 1
        return 7

    async def main() -> list[int]:
        threads = Threads()
        tasks = [asyncio.ensure_future(threads.run(work)) for _ in range(2 * MAX_THREADS)]
        await asyncio.get_running_loop().run_in_executor(None, full.wait, 10)
        go_on.set()
        return await asyncio.gather(*tasks)

    assert asyncio.run(main()) == [7] * 2 * MAX_THREADS
    assert most <= MAX_THREADS
