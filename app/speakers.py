"""Tells the chat pages of customers who speaks next, whenever that changes, and that somebody is writing to them."""

from __future__ import annotations

from threading import Lock

from flask_socketio import SocketIO

from channels.webchat.views import tell_owner, tell_writing
from db import Database
from handoff.owners import Speaker, speaker_of, visitors_of
from staff.views import session_user

REMEMBERED = 20_000
"""Conversations of which it is remembered what their pages were told."""


class Speakers:
    """One per process; safe to be told by any thread."""

    def __init__(self, database: Database, socketio: SocketIO) -> None:
        self._database = database
        self._socketio = socketio
        self._told: dict[str, Speaker] = {}
        self._lock = Lock()

    def tell(self, conversation_id: str) -> None:
        """Says that somebody else may have it now."""
        with self._database.reading() as session:
            speaker = speaker_of(session, conversation_id)
            if speaker is None or not self._is_news(conversation_id, speaker):
                return
            visitors = visitors_of(session, conversation_id)
        for visitor in visitors:
            tell_owner(self._socketio, visitor, speaker.kind, speaker.name)

    def writing(self, conversation_id: str) -> None:
        """Says that whoever sends the current request is writing there."""
        user = session_user()
        if user is None:
            return
        with self._database.reading() as session:
            visitors = visitors_of(session, conversation_id)
        for visitor in visitors:
            tell_writing(self._socketio, visitor, user.name)

    def _is_news(self, conversation_id: str, speaker: Speaker) -> bool:
        with self._lock:
            before = self._told.pop(conversation_id, None)
            self._told[conversation_id] = speaker
            if len(self._told) > REMEMBERED:
                self._told.pop(next(iter(self._told)))
        return before != speaker
