"""The threads that work while nobody waits for them: turns, deliveries, and a look for what was left behind."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

import structlog

from app.courtesy import Courtesy
from app.jobs import JOBS, Job
from channels.delivering import deliver_due
from channels.inbound import Received
from channels.outbox import Transport
from db import Database, utc_now
from handoff.turn import CLAIM, NO_SURVEYS, BotReply, Surveys, Taken, is_answered, take_turn, waiting_conversations

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

LOOK_SECONDS = 1.0
"""How often a process looks for turns and deliveries that another one left behind."""


class Line:
    """One kind of work that waits in the database, and the threads that do it."""

    def __init__(self, name: str, step: Callable[[], int], threads: int = 1) -> None:
        """`step` does a piece of what is due and returns how much that was."""
        self.name = name
        self.step = step
        self.calls = [threading.Event() for _ in range(threads)]
        """One for each thread: set when there may be something to do."""

    def wake(self) -> None:
        for call in self.calls:
            call.set()


class Workers:
    """Takes turns and delivers replies in threads of this process. Start after a fork."""

    def __init__(
        self,
        database: Database,
        reply: BotReply,
        transports: dict[str, Transport],
        turn_threads: int = 2,
        claim_for: timedelta = CLAIM,
        lines: Sequence[Line] = (),
        courtesy: Courtesy | None = None,
        jobs: Sequence[Job] = (),
        told: Callable[[str], None] = lambda _conversation: None,
        region: str | None = None,
        surveys: Surveys = NO_SURVEYS,
    ) -> None:
        """`transports`: of what is sent at once; `lines`: of what costs time, each in threads of its own.

        `told` is told of each conversation in which a turn was taken; `region` and `surveys` are those of `take_turn`.
        """
        self._database = database
        self._reply = reply
        self._transports = transports
        self._claim_for = claim_for
        self._courtesy = courtesy or Courtesy()
        self._told = told
        self._region = region
        self._surveys = surveys
        self._waiting: SimpleQueue[str | None] = SimpleQueue()
        self._queued: set[str] = set()
        self._stopping = threading.Event()
        names = [f"turn-{number}" for number in range(1, turn_threads + 1)]
        self._threads = [threading.Thread(target=self._take_turns, name=name, daemon=True) for name in names]
        self._lines = [Line("deliver", partial(self._deliver_web)), *lines]
        for line in self._lines:
            self._threads += [
                threading.Thread(target=self._run, args=(line, call), name=f"{line.name}-{number}", daemon=True)
                for number, call in enumerate(line.calls, start=1)
            ]
        self._threads.append(threading.Thread(target=self._look, name="look", daemon=True))
        self._jobs = {job: -math.inf if job.at_start else time.monotonic() for job in (*JOBS, *jobs)}
        """When each was done last."""
        self._threads.append(threading.Thread(target=self._do_jobs, name="jobs", daemon=True))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends after the turns that are being taken; what is left is found at the next start."""
        self._stopping.set()
        for line in self._lines:
            line.wake()
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(timeout=5)

    def wake(self, conversation_id: str) -> None:
        """Says that a conversation waits for its turn."""
        if conversation_id not in self._queued:
            self._queued.add(conversation_id)
            self._waiting.put(conversation_id)

    def deliver(self) -> None:
        """Says that replies wait to be sent."""
        for line in self._lines:
            line.wake()

    def answer(self, received: Received, timeout_seconds: float = 15) -> None:
        """Returns when a message that was received has had its turn, or after the time-out; at once if it gets none.

        The turn is taken in the caller's thread, who calls `deliver` once there is nothing more to do: a delivery
        takes its share of the interpreter.
        """
        if received.is_silent:
            return
        deadline = time.monotonic() + timeout_seconds
        while not self._take_turn(received.conversation_id):
            if is_answered(self._database, received) or time.monotonic() > deadline:
                return
            # Another thread is taking this turn.
            time.sleep(0.005)

    def _take_turns(self) -> None:
        while not self._stopping.is_set():
            conversation_id = self._waiting.get()
            if conversation_id is None:
                return
            # Before the turn: a message that arrives during it wakes the conversation once more.
            self._queued.discard(conversation_id)
            self._courtesy.let_pass()
            if self._survive("turn", partial(self._take_turn, conversation_id)):
                self.deliver()

    def _take_turn(self, conversation_id: str) -> bool:
        """Whether a turn was taken; False, at once, if nobody waits for it or another thread is taking it."""
        turn = partial(
            take_turn,
            self._database,
            self._reply,
            conversation_id,
            claim_for=self._claim_for,
            region=self._region,
            surveys=self._surveys,
        )
        first = taken = turn(now=utc_now())
        while taken is Taken.MORE:
            taken = turn(now=utc_now())
        if first:
            self._told(conversation_id)
        return bool(first)

    def _run(self, line: Line, call: threading.Event) -> None:
        while not self._stopping.is_set():
            call.wait(LOOK_SECONDS)
            call.clear()
            done: int | None = 1
            while done and not self._stopping.is_set():
                self._courtesy.let_pass()
                done = self._survive(line.name, line.step)

    def _deliver_web(self) -> int:
        return deliver_due(self._database, self._transports, utc_now())

    def _look(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            self._survive("look", self._wake_waiting)

    def _do_jobs(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            for job, done_at in self._jobs.items():
                if time.monotonic() - done_at >= job.every_seconds:
                    self._jobs[job] = time.monotonic()
                    self._survive(job.name, partial(job.do, self._database, utc_now()))

    def _wake_waiting(self) -> None:
        for conversation_id in waiting_conversations(self._database, utc_now()):
            self.wake(conversation_id)

    def _survive(self, work: str, step: Callable[[], Result]) -> Result | None:
        """A worker outlives what goes wrong in one step: the work is still in the database and is tried again."""
        try:
            return step()
        except Exception:
            log.exception("worker_step_failed", work=work)
            time.sleep(LOOK_SECONDS)
            return None
