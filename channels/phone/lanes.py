"""Work that is done in order within a lane, lanes side by side, on a bounded number of threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Condition, Thread
from time import monotonic

import structlog

log = structlog.get_logger(__name__)


@dataclass
class Task:
    run: Callable[[], None]
    held_for: float = 0.0
    """Seconds it lets the next one of its lane pass."""


class Lanes:
    """Its threads start when there is work: a process that forks its workers starts them there."""

    def __init__(self, threads: int) -> None:
        self._most = threads
        self._threads = 0
        self._idle = 0
        self._lanes: dict[Hashable, deque[Task]] = {}
        self._waiting: deque[Hashable] = deque()
        self._changed = Condition()
        self._stopped = False

    def put(self, lane: Hashable, run: Callable[[], None], held_for: float = 0.0) -> None:
        with self._changed:
            if self._stopped:
                return
            if lane in self._lanes:
                self._lanes[lane].append(Task(run, held_for))
            else:
                self._lanes[lane] = deque([Task(run, held_for)])
                self._waiting.append(lane)
                self._start_thread()
            self._changed.notify_all()

    def settle(self, timeout: float) -> bool:
        """Waits until there is nothing left to do."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._lanes, timeout)

    def stop(self) -> None:
        """What was not begun is not done."""
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            self._lanes.clear()
            self._changed.notify_all()

    def _start_thread(self) -> None:
        if self._idle < len(self._waiting) and self._threads < self._most:
            self._threads += 1
            Thread(target=self._work, name="phone", daemon=True).start()

    def _work(self) -> None:
        while (lane := self._take()) is not None:
            has_more = True
            while has_more and (task := self._next(lane)):
                _run(task)
                has_more = self._finish(lane)

    def _take(self) -> Hashable | None:
        with self._changed:
            self._idle += 1
            self._changed.wait_for(lambda: self._waiting or self._stopped)
            self._idle -= 1
            return None if self._stopped else self._waiting.popleft()

    def _next(self, lane: Hashable) -> Task | None:
        """The task that is next; it stays the first of its lane until it is done."""
        with self._changed:
            tasks = self._lanes.get(lane)
            if tasks and tasks[0].held_for:
                self._let_pass(tasks)
            return tasks[0] if tasks and not self._stopped else None

    def _let_pass(self, tasks: deque[Task]) -> None:
        until = monotonic() + tasks[0].held_for
        self._changed.wait_for(lambda: len(tasks) > 1 or self._stopped, until - monotonic())
        tasks[0].held_for = 0.0
        if len(tasks) > 1:
            tasks[0], tasks[1] = tasks[1], tasks[0]

    def _finish(self, lane: Hashable) -> bool:
        """Whether there is more to do. An empty lane is given up: who fills it again finds another thread."""
        with self._changed:
            tasks = self._lanes.get(lane)
            if tasks:
                tasks.popleft()
            if not tasks:
                self._lanes.pop(lane, None)
            self._changed.notify_all()
            return bool(tasks)


def _run(task: Task) -> None:
    try:
        task.run()
    except Exception:
        log.exception("phone_task_failed")
