"""Reaching the customer about their low score, by the desk's own ways: a conversation of theirs, held by the agent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import AGENT, Conversation, Message, lock_customers, open_conversation_of
from handoff import acting
from handoff.finding import Taken, happened
from handoff.seeing import visible
from insights.follow_ups.assigning import belongs_to
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.refused import NotDone
from insights.follow_ups.seeing import find_open, look_at
from staff.people import User
from staff.teams import Team


def reach_out(session: Session, user: User, follow_up_id: str, now: datetime, *, take_over: bool = False) -> str:
    """The id of the conversation in which this person can write to the customer now; it is theirs from now on.

    That is the customer's open one, if there is any: nobody is talked with twice at once. Else the one of the score is
    opened again. Raises NotYours; Taken, if a colleague looks after it; NotPossible; and NotDone
    if a colleague or another team is talking with the customer.
    """
    conversation_id = look_at(session, user, follow_up_id).conversation_id
    customer_id = session.execute(select(Conversation.customer_id).filter_by(id=conversation_id)).scalar_one()
    lock_customers(session, customer_id)
    open_one = open_conversation_of(session, customer_id)
    # Before the follow-up: `db.locking` says in which order.
    conversation = open_one or _locked(session, conversation_id)
    follow_up = find_open(session, user, follow_up_id)
    belongs_to(session, follow_up, user, now, take_over=take_over)
    if open_one is not None:
        _join(session, user, open_one, now, take_over=take_over)
    else:
        _open_again(session, user, conversation, follow_up, now)
    follow_up.reached_in = conversation.id
    happened(session, conversation, "follow_up_reaches", now, by=user.id, follow_up_id=follow_up.id)
    return conversation.id


def mark_reached(session: Session, follow_up: FollowUp) -> bool:
    """Keeps when somebody first wrote to the customer since it was opened; whether that is news. Its row is locked."""
    if follow_up.reached_at is not None:
        return False
    wrote = first_written(session, follow_up)
    if wrote is not None:
        follow_up.reached_at, follow_up.reached_in = wrote.created_at, wrote.conversation_id
    return wrote is not None


def first_written(session: Session, follow_up: FollowUp) -> Message | None:
    """What a person first said to the customer since, in the conversation of the score or where they were reached."""
    where = {follow_up.conversation_id, follow_up.goes_on_in}
    query = select(Message).where(Message.conversation_id.in_(where), Message.author.startswith(AGENT))
    since = query.where(Message.created_at > follow_up.opened_at).order_by(Message.created_at).limit(1)
    found: Message | None = session.scalars(since).first()
    return found


def _locked(session: Session, conversation_id: str) -> Conversation:
    query = select(Conversation).filter_by(id=conversation_id).with_for_update()
    found: Conversation = session.scalars(query, execution_options={"populate_existing": True}).one()
    return found


def _join(session: Session, user: User, conversation: Conversation, now: datetime, *, take_over: bool) -> None:
    """Takes the customer's open conversation, unless it is another team's."""
    if conversation.team_id is not None and not _may_see(session, user, conversation):
        team = session.get(Team, conversation.team_id)
        raise NotDone("elsewhere", team=team.name if team else "")
    try:
        acting.take(session, user, conversation, now, take_over=take_over)
    except Taken as taken:
        raise NotDone("talking", name=taken.name) from None


def _open_again(session: Session, user: User, conversation: Conversation, follow_up: FollowUp, now: datetime) -> None:
    if conversation.team_id is None or not _may_see(session, user, conversation):
        # It is people's matter from now on, and that of the team which looks after the score.
        conversation.team_id = follow_up.team_id
        session.flush()
    acting.reopen(session, user, conversation.id, now)
    acting.claim(session, user, conversation.id, now, take_over=True)


def _may_see(session: Session, user: User, conversation: Conversation) -> bool:
    query = select(Conversation.id).where(Conversation.id == conversation.id, visible(user))
    return session.scalars(query).first() is not None
