"""The desk's live wire: which rooms a page hears, who else looks at a conversation, and who is writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask_socketio import SocketIO, disconnect, emit, join_room, leave_room

from db import Database
from handoff.desk.live import DESK as EVERYBODY
from handoff.desk.live import EVERYTHING, Emit, conversation_room, is_by_right, team_room, user_room
from handoff.desk.opened import find_visible
from handoff.finding import NotYours
from staff.people import DESK, EVERY_TEAM, User
from staff.teams import teams_of
from staff.views import session_user

NAMESPACE = "/desk"

Seen = Callable[[str], None]
"""Told the id of a member of staff who sits before their desk now."""
Writing = Callable[[str], None]
"""Told the id of a conversation in which an agent is writing to the customer."""


def emit_through(socketio: SocketIO) -> Emit:
    def send(event: str, body: dict[str, Any], rooms: list[str]) -> None:
        socketio.emit(event, body, to=rooms, namespace=NAMESPACE)

    return send


def register_desk(
    socketio: SocketIO,
    database: Database,
    seen: Seen = lambda _user_id: None,
    writing: Writing = lambda _conversation_id: None,
) -> None:
    """In: `look`, `leave`, `present`, `here`. Out: `news`, `present`, `who`, `over`.

    `present` goes from page to page: somebody looks at a conversation, or writes there. No process remembers it.
    """

    @socketio.on("connect", namespace=NAMESPACE)
    def connect(_auth: Any = None) -> bool:
        user = _staff()
        if user is None:
            return False
        for room in _own_rooms(user):
            join_room(room)
        return True

    @socketio.on("look", namespace=NAMESPACE)
    def look(data: Any = None, *_: Any) -> dict[str, bool]:
        """Opens a conversation; those who look at it already say so."""
        conversation_id, user = _id(data), _still_signed_in()
        if user is None or not _may_see(user, conversation_id):
            return {"ok": False}
        join_room(conversation_room(conversation_id))
        emit("who", {"id": conversation_id}, to=conversation_room(conversation_id), include_self=False)
        return {"ok": True}

    @socketio.on("leave", namespace=NAMESPACE)
    def leave(data: Any = None, *_: Any) -> None:
        conversation_id, user = _id(data), _staff()
        leave_room(conversation_room(conversation_id))
        if user:
            _tell(user, conversation_id, "gone")

    @socketio.on("present", namespace=NAMESPACE)
    def present(data: Any = None, *_: Any) -> None:
        conversation_id, user = _id(data), _still_signed_in()
        doing = str(data.get("doing", "")) if isinstance(data, dict) else ""
        # Whoever may not see it never came into its room.
        if user is None or conversation_room(conversation_id) not in _rooms(socketio):
            return
        # It may be another team's by now. Each page says every few seconds that it is there, to its own process.
        if not _may_see(user, conversation_id):
            _tell(user, conversation_id, "gone")
            leave_room(conversation_room(conversation_id))
            return
        _tell(user, conversation_id, doing if doing in ("looking", "reply", "note") else "looking")
        if doing == "reply":
            writing(conversation_id)

    @socketio.on("here", namespace=NAMESPACE)
    def here(*_: Any) -> None:
        user = _still_signed_in()
        if user:
            seen(user.id)
            _move(user)

    def _own_rooms(user: User) -> set[str]:
        """Where they hear of what is theirs to see."""
        with database.reading() as session:
            teams = teams_of(session, user)
        everything = {EVERYTHING} if user.role in EVERY_TEAM else set()
        return {EVERYBODY, user_room(user.id), *map(team_room, teams), *everything}

    def _move(user: User) -> None:
        """Out of the rooms of teams they have left, and into those of teams they have come to."""
        own, now = _own_rooms(user), {room for room in _rooms(socketio) if is_by_right(room)}
        for room in now - own:
            leave_room(room)
        for room in own - now:
            join_room(room)

    def _may_see(user: User, conversation_id: str) -> bool:
        with database.reading() as session:
            try:
                find_visible(session, user, conversation_id)
            except NotYours:
                return False
        return True


def _staff() -> User | None:
    user = session_user()
    return user if user and user.may(DESK) else None


def _still_signed_in() -> User | None:
    """Whoever signed out, or was let go, hears nothing more."""
    user = _staff()
    if user is None:
        emit("over")
        disconnect()
    return user


def _rooms(socketio: SocketIO) -> list[str]:
    return list(socketio.server.manager.get_rooms(request.sid, NAMESPACE))  # type: ignore[attr-defined]


def _tell(user: User, conversation_id: str, doing: str) -> None:
    body = {"id": conversation_id, "user": user.id, "name": user.name, "doing": doing}
    emit("present", body, to=conversation_room(conversation_id), include_self=False)


def _id(data: Any) -> str:
    value = data.get("id") if isinstance(data, dict) else None
    return value if isinstance(value, str) and len(value) <= 36 else ""
