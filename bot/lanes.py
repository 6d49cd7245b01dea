"""A few threads that run coroutines, each on an event loop of its own, so that a slow turn holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

Result = TypeVar("Result")
Work = Callable[[], Coroutine[Any, Any, Any]]


class Lanes:
    """Daemon threads: one that hangs keeps neither its caller (who waits with a time-out) nor the process."""

    def __init__(self, count: int, name: str) -> None:
        self._waiting: SimpleQueue[tuple[Future[Any], Work] | None] = SimpleQueue()
        self._threads = [Thread(target=self._run, name=f"{name}-{number}", daemon=True) for number in range(count)]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Future[Result]:
        """Work whose future is cancelled before a thread took it up is not begun."""
        future: Future[Result] = Future()
        self._waiting.put((future, work))
        return future

    def close(self) -> None:
        """Ends the threads that are idle; the others end after their work, or with the process."""
        for _ in self._threads:
            self._waiting.put(None)

    def _run(self) -> None:
        loop = asyncio.new_event_loop()
        try:
            while (next_ := self._waiting.get()) is not None:
                future, work = next_
                if future.set_running_or_notify_cancel():
                    _settle(future, loop, work)
        finally:
            loop.close()


def _settle(future: Future[Any], loop: asyncio.AbstractEventLoop, work: Work) -> None:
    try:
        result = loop.run_until_complete(work())
    except Exception as failure:
        future.set_exception(failure)
    else:
        future.set_result(result)
