"""A link to a gate that is cut at random."""

from __future__ import annotations

import asyncio
import random
import threading
from types import TracebackType
from typing import NamedTuple

from rtm_sdk.endpoint import parse_endpoint


class Cut(NamedTuple):
    """What becomes of a connection.

    Attributes:
        up, down: how many bytes pass before it is cut; None is any number.
        silent: whether it stays open instead and nothing passes any more.
    """

    up: int | None = None
    down: int | None = None
    silent: bool = False


class Cutter:
    """Passes on what comes, and cuts connections as it is told.

    Attributes:
        endpoint: where it listens.
        bad: how likely a connection is one that is cut, 0 to 1.
    """

    def __init__(self, target: str, chance: random.Random) -> None:
        self.target = target
        self.bad = 0.0
        self.endpoint = ""
        self._chance = chance
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Cutter:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.endpoint = "{}:{}".format(*self._server.sockets[0].getsockname())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _end(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _fate(self) -> Cut:
        """Bytes for the head of a frame, for parts of a quest and an answer, or for all of one and nothing more."""
        if self._chance.random() >= self.bad:
            return Cut()
        silent = self._chance.random() < 0.3
        if self._chance.random() < 0.5:
            return Cut(up=self._chance.choice((0, 12, self._chance.randrange(400))), silent=silent)
        return Cut(down=self._chance.choice((0, 0, 12, self._chance.randrange(60))), silent=silent)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        ends = [writer]
        try:
            above = await asyncio.open_connection(*parse_endpoint(self.target))
            ends.append(above[1])
            fate = self._fate()
            both = [
                asyncio.ensure_future(_pass_on(reader, above[1], fate.up, fate.silent)),
                asyncio.ensure_future(_pass_on(above[0], writer, fate.down, fate.silent)),
            ]
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in both:
                    each.cancel()
                await asyncio.gather(*both, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for end in ends:
                end.transport.abort()
            self._tasks.discard(task)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int | None, silent: bool) -> None:
    """Ends when the reader is at its end, or when the connection is to be cut."""
    passed = 0
    while data := await reader.read(1 << 16):
        if most is not None and passed + len(data) > most:
            writer.write(data[: max(0, most - passed)])
            await writer.drain()
            while silent and await reader.read(1 << 16):
                passed = most
            return
        passed += len(data)
        writer.write(data)
        await writer.drain()
