"""The cast at the desk, and a customer who waits for them, all by the verbs that the product has."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.reply import Reply, Said, TurnContext
from channels.conversation import Conversation, Event, Message
from db import Database
from handoff.handoffs import Handoff
from handoff.presence import choose_presence
from handoff.replying import Writing, reply
from handoff.turn import take_turn
from staff.people import Role, User
from staff.teams import Team, TeamMember, default_team
from tests.cast import MONDAY, anna, says


def hire(database: Database, name: str, role: Role = "agent", team: str | None = "Support") -> User:
    """Somebody who works here, in a team of this name; it is made if it isn't there."""
    with database.transaction() as session:
        email = f"{name.lower().replace(' ', '.')}@shop.example"
        user = User(email=email, name=name, role=role, password_hash="chosen", created_at=MONDAY)
        session.add(user)
        session.flush()
        if team:
            session.add(TeamMember(team_id=_team(session, team).id, user_id=user.id))
    return user


def _team(session: Session, name: str) -> Team:
    if name == "Support":
        return default_team(session)
    found = session.scalars(select(Team).filter_by(name=name)).one_or_none()
    if found is None:
        found = Team(name=name)
        session.add(found)
        session.flush()
    return found


def person_wanted(state: str | None, text: str, context: TurnContext) -> Reply:
    """A bot that hands everything over."""
    return Reply((Said("A colleague takes over."),), "{}", "en", "wants_person", 1.0, wants_person="asked")


def waits(database: Database, text: str = "A person, please", now: datetime = MONDAY) -> str:
    """Anna waits for a person; the id of her conversation. Somebody must work here."""
    received = says(database, anna(text), now)
    take_turn(database, person_wanted, received.conversation_id, now)
    return received.conversation_id


def comes(database: Database, user: User, now: datetime = MONDAY) -> None:
    """Sits down before the desk."""
    with database.transaction() as session:
        choose_presence(session, user.id, "online", now)


def answers(database: Database, user: User, conversation_id: str, now: datetime, text: str = "Hello.") -> None:
    seen = conversation(database, conversation_id).last_seq
    with database.transaction() as session:
        reply(session, user, conversation_id, Writing(text, "web", seen_seq=seen), now)


def past(database: Database, *waited: int) -> None:
    """Others were handed over some days ago, one an hour, and taken after so many minutes."""
    hire(database, "Somebody")
    one = waits(database, now=MONDAY - timedelta(days=8))
    with database.transaction() as session:
        team = default_team(session).id
        session.execute(update(Handoff).values(ended_at=MONDAY - timedelta(days=8)))
        session.execute(update(Conversation).values(queued_at=None))
        for place, minutes in enumerate(waited):
            at = MONDAY - timedelta(days=4) + timedelta(hours=place)
            values = {"reason": "asked", "team_id": team, "locale": "en", "channel": "web", "at": at}
            taken = {"claimed_at": at + timedelta(minutes=minutes), "ended_at": at + timedelta(hours=1)}
            session.add(Handoff(conversation_id=one, **values, **taken))


def conversation(database: Database, conversation_id: str) -> Conversation:
    with database.reading() as session:
        return session.scalars(select(Conversation).filter_by(id=conversation_id)).one()


def thread(database: Database, conversation_id: str) -> list[tuple[str, str]]:
    """Who said what."""
    with database.reading() as session:
        query = select(Message.author, Message.text).filter_by(conversation_id=conversation_id).order_by(Message.seq)
        return [(str(author).partition(":")[0], str(text)) for author, text in session.execute(query)]


def events(database: Database, conversation_id: str) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Event.kind).filter_by(conversation_id=conversation_id).order_by(Event.id)))
