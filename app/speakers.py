"""Tells the chat pages of customers who speaks next, whenever that changes, and that somebody is writing to them."""

from __future__ import annotations

from flask_socketio import SocketIO

from channels.webchat.views import tell_owner, tell_writing
from db import Database
from handoff.owners import speaker_of, visitors_of
from staff.views import session_user


class Speakers:
    """Safe to be told by any thread."""

    def __init__(self, database: Database, socketio: SocketIO) -> None:
        self._database = database
        self._socketio = socketio

    def tell(self, conversation_id: str) -> None:
        """Says that somebody else may have it now."""
        with self._database.reading() as session:
            speaker = speaker_of(session, conversation_id)
            visitors = visitors_of(session, conversation_id)
        if speaker is None:
            return
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
