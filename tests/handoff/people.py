"""Who works here in the tests, and conversations that wait for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from channels.conversation import CUSTOMER, Conversation, agent
from channels.customer import Customer
from db import Database
from handoff.handoffs import Handoff
from handoff.opening import Calendar
from handoff.presence import Presence
from handoff.targets import SlaTarget
from handoff.transitions import move
from staff.people import User
from staff.teams import Team, TeamMember, default_team
from tests.cast import MONDAY

FROM_8_TO_18 = [[["08:00", "18:00"]]] * 5 + [[], []]


def works_in_leipzig(database: Database) -> None:
    """The company is there from Monday to Friday, 8 to 18 o'clock."""
    with database.transaction() as session:
        values = {"time_zone": "Europe/Berlin", "week": FROM_8_TO_18, "country": "DE", "subdivision": "SN"}
        session.execute(update(Calendar).values(**values))


def add_team(session: Session, name: str, **values: Any) -> Team:
    team = Team(name=name, **values)
    session.add(team)
    session.flush()
    return team


def add_agent(session: Session, name: str, *teams: Team, now: datetime = MONDAY, **values: Any) -> User:
    """Somebody who sits at the desk; in the default team unless others are named."""
    chosen = values.pop("chosen", "online")
    user = User(email=f"{name.lower()}@fennimor.example", name=name, role="agent", created_at=now, **values)
    session.add(user)
    session.flush()
    session.add_all(TeamMember(team_id=team.id, user_id=user.id) for team in teams or (default_team(session),))
    session.add(Presence(user_id=user.id, chosen=chosen, seen_at=now))
    session.flush()
    return user


def add_waiting(session: Session, at: datetime = MONDAY, team: Team | None = None, **values: Any) -> Conversation:
    """A customer's conversation that was just given to people."""
    customer = Customer(created_at=at)
    session.add(customer)
    session.flush()
    conversation = Conversation(customer.id, at)
    said = conversation.say(CUSTOMER, values.get("channel", "web"), "A person please", at)
    given = {name: values[name] for name in ("channel", "locale", "skill") if name in values}
    conversation.priority = values.get("priority", 1)
    conversation.team_id = (team or default_team(session)).id
    conversation.queued_at = conversation.owed_since = at
    move(conversation, "hand_off")
    session.add(conversation)
    session.flush()
    session.add_all([said, _handoff(conversation, at, given)])
    session.flush()
    return conversation


def _handoff(conversation: Conversation, at: datetime, given: dict[str, Any]) -> Handoff:
    values = {"channel": "web", "locale": "en", "reason": "asked", "at": at} | given
    return Handoff(conversation_id=conversation.id, team_id=conversation.team_id, **values)


def handoff_of(session: Session, conversation: Conversation) -> Handoff:
    query = select(Handoff).filter_by(conversation_id=conversation.id).order_by(Handoff.id.desc())
    return session.scalars(query.limit(1)).one()


def claim(session: Session, conversation: Conversation, user: User, now: datetime) -> None:
    move(conversation, "claim", user.id)
    conversation.agent_id, conversation.queued_at = user.id, None
    handoff = handoff_of(session, conversation)
    handoff.claimed_at, handoff.claimed_by = now, user.id


def replies(session: Session, conversation: Conversation, user: User, now: datetime) -> None:
    session.add(conversation.say(agent(user.id), "web", "I am looking.", now))
    handoff = handoff_of(session, conversation)
    handoff.replied_at = handoff.replied_at or now
    conversation.owed_since = None
    session.flush()


def asks(session: Session, conversation: Conversation, now: datetime) -> None:
    session.add(conversation.say(CUSTOMER, "web", "And now?", now))
    conversation.owed_since = conversation.owed_since or now
    session.flush()


def promise(session: Session, team: Team | None = None, priority: int = 1, **minutes: int) -> None:
    """Targets of a team, as `first_reply=30`."""
    named = {f"{name}_minutes".replace("resolution", "resolve"): value for name, value in minutes.items()}
    session.add(SlaTarget(team_id=(team or default_team(session)).id, priority=priority, **named))
    session.flush()
