"""A morning at the desk: two agents, a supervisor, and customers in several channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reply import Button, Reply, Said, TurnContext
from channels.attachments import STORED, Attachment
from channels.conversation import Conversation, Message
from channels.customer import Customer
from channels.inbound import Inbound, receive
from channels.outbox import Delivery
from db import Database, utc_now
from handoff.presence import Presence
from handoff.turn import is_answered, take_turn
from knowledge.answers import Answer, Hit, Source
from staff.people import Role, User
from staff.teams import Team, TeamMember, default_team
from tests.waiting import until


@dataclass
class Scene:
    """`mira` and `ben` work in Support, `carla` in Returns, `sam` sees all."""

    database: Database
    now: datetime
    mira: User
    ben: User
    carla: User
    sam: User


def open_scene(database: Database, now: datetime) -> Scene:
    return Scene(
        database,
        now,
        mira=hire(database, "Mira Vogt"),
        ben=hire(database, "Ben Okafor"),
        carla=hire(database, "Carla Ruiz", team="Returns"),
        sam=hire(database, "Sam Lindqvist", "supervisor", team=None),
    )


def hire(database: Database, name: str, role: Role = "agent", team: str | None = "Support") -> User:
    """Somebody who works here, in a team of this name; it is made if it isn't there."""
    with database.transaction() as session:
        email = f"{name.split(maxsplit=1)[0].lower()}@fennimor.example"
        user = User(email=email, name=name, role=role, password_hash="chosen", created_at=utc_now())
        session.add(user)
        session.flush()
        if team:
            session.add(TeamMember(team_id=_team(session, team).id, user_id=user.id))
        # They sit at their desks: what is theirs stays with them.
        session.add(Presence(user_id=user.id, chosen="online", seen_at=utc_now()))
    return user


def _team(session: Session, name: str) -> Team:
    if name == "Support":
        return default_team(session)
    team = session.scalars(select(Team).filter_by(name=name)).one_or_none() or Team(name=name)
    session.add(team)
    session.flush()
    return team


def helpful(state: str | None, text: str, context: TurnContext) -> Reply:
    """A bot that answers from an article, and hands over whoever asks for a person."""
    if "person" in text.lower() or "menschen" in text.lower():
        return Reply(
            (Said("A colleague takes over."),), "{}", context.locale or "en", "wants_person", 0.97, wants_person="asked"
        )
    title = "How long you can return an item"
    source = Source("return-window", "en", title, "30 days.", "/help/en/articles/return-window")
    hits = (Hit("return-window", "en", title, (title,), "30 days to return an item.", 0.82, 0.8, 12.0),)
    answer = Answer("answer", "You have **30 days** to return an item.", (source,), 0.82, hits, text, "en")
    said = Said(answer.text, buttons=(Button("This helped", "/helped"),), sources=(source,))
    return Reply((said,), "{}", context.locale or "en", "question", 0.93, answer=answer)


def says(
    database: Database,
    who: str,
    text: str,
    now: datetime,
    *,
    channel: str = "web",
    name: str | None = None,
    locale: str = "en",
    bot: Any = helpful,
    **facts: Any,
) -> str:
    """A customer writes, and whoever's turn it is answers; the id of the conversation."""
    sender = "+4915735980001" if channel != "web" else None
    inbound = Inbound(
        channel, who, text, f"{who}-{now.timestamp()}-{text[:8]}", locale=locale, name=name, facts=facts, sender=sender
    )
    received = receive(database, inbound, now)
    take_turn(database, bot, received.conversation_id, now + timedelta(seconds=2))
    # Where the product runs, its own workers may have been quicker.
    until(lambda: is_answered(database, received) or take_turn(database, bot, received.conversation_id, utc_now()))
    return received.conversation_id


def named(database: Database, conversation_id: str, name: str) -> None:
    with database.transaction() as session:
        found = session.get(Conversation, conversation_id)
        session.get(Customer, found.customer_id).name = name  # type: ignore[union-attr]


def deliver_all(database: Database, now: datetime, status: str | None = "delivered") -> None:
    with database.transaction() as session:
        for one in session.scalars(select(Delivery).filter_by(state="pending")):
            one.state, one.sent_at, one.status = "sent", now, status if one.channel != "web" else None


def in_team(scene: Scene, conversation_id: str, team: str) -> str:
    """Makes a conversation another team's."""
    with scene.database.transaction() as session:
        session.get(Conversation, conversation_id).team_id = _team(session, team).id  # type: ignore[union-attr]
    return conversation_id


def attached(scene: Scene, conversation_id: str, content: bytes, content_type: str) -> str:
    """The id of a file that came with the first message of a conversation."""
    with scene.database.transaction() as session:
        message = session.scalars(select(Message.id).filter_by(conversation_id=conversation_id)).first()
        one = Attachment(
            message_id=message,
            position=0,
            url="",
            content_type=content_type,
            state=STORED,
            due_at=scene.now,
            size=len(content),
            content=content,
        )
        session.add(one)
        session.flush()
        return one.id
