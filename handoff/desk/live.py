"""Tells the desks that something is new in a conversation: at once, together with what else is, and never twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import Conversation, agent_id
from db import Database

NEWS = "news"
EVERYTHING = "everything"
DESK = "desk"
"""The room of all who have the desk open."""
PATIENCE = 0.03
"""So long what is told is gathered, in seconds: one turn writes several things."""
REMEMBERED = 20_000

Emit = Callable[[str, dict[str, Any], list[str]], None]
"""Sends an event to rooms."""

Beside = Callable[[Session, list[str]], Iterable[tuple[str, str]]]
"""Of these conversations, each with the rooms of those who look after something that is kept beside it."""

log = structlog.get_logger(__name__)


def team_room(team_id: str) -> str:
    return f"team:{team_id}"


def user_room(user_id: str) -> str:
    return f"user:{user_id}"


def is_by_right(room: str) -> bool:
    """Whether one is in this room because of one's teams or role."""
    return room == EVERYTHING or room.startswith(team_room(""))


def conversation_room(conversation_id: str) -> str:
    return f"conversation:{conversation_id}"


class News:
    """One per process; safe to be told by any thread. Nothing that was written goes along: pages fetch it with their
    own rights."""

    def __init__(self, database: Database, emit: Emit, beside: Beside = lambda _session, _ids: ()) -> None:
        self._database = database
        self._emit = emit
        self._beside = beside
        self._told: set[str] = set()
        self._teams: dict[str, str | None] = {}
        """Whose each conversation was when it was last told of."""
        self._lock = threading.Lock()
        self._call = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="news", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._call.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def tell(self, conversation_id: str) -> None:
        """Says that something has changed there, after that was committed. Returns at once."""
        with self._lock:
            self._told.add(conversation_id)
        self._call.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._call.wait()
            self._stopping.wait(PATIENCE)
            self._call.clear()
            with self._lock:
                told, self._told = self._told, set()
            try:
                self.send(told)
            except Exception:
                # The pages look for themselves now and then; a desk is not silenced by one thing that went wrong.
                log.exception("news_not_sent")

    def send(self, conversation_ids: Iterable[str]) -> None:
        by_room: dict[str, set[str]] = {}
        for conversation_id, room in self._rooms(list(conversation_ids)):
            by_room.setdefault(room, set()).add(conversation_id)
        for room, ids in by_room.items():
            self._emit(NEWS, {"ids": sorted(ids)}, [room])

    def _rooms(self, conversation_ids: list[str]) -> Iterator[tuple[str, str]]:
        """Each conversation with the rooms of those who may see it, or saw it until now."""
        query = select(Conversation.id, Conversation.team_id, Conversation.owner)
        if not conversation_ids:
            return
        with self._database.reading() as session:
            rows = session.execute(query.where(Conversation.id.in_(conversation_ids))).all()
            beside = list(self._beside(session, conversation_ids))
        yield from beside
        for conversation_id, team_id, owner in rows:
            if self._has_moved(conversation_id, team_id):
                # Those whose it was must take it off their lists; which they were, this process may not know.
                yield conversation_id, DESK
                continue
            yield conversation_id, EVERYTHING
            yield conversation_id, conversation_room(conversation_id)
            if team_id:
                yield conversation_id, team_room(team_id)
            if holder := agent_id(owner):
                yield conversation_id, user_room(holder)

    def _has_moved(self, conversation_id: str, team_id: str | None) -> bool:
        before = self._teams.pop(conversation_id, "unknown")
        self._teams[conversation_id] = team_id
        if len(self._teams) > REMEMBERED:
            self._teams.pop(next(iter(self._teams)))
        return before != team_id
