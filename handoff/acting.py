"""Who has a conversation: what members of staff do about it, one function for each verb, in the caller's transaction.

Each takes the conversation's row first, if this person may see it, and leaves an event that says who did what.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.state import after_person
from channels.conversation import BOT, CUSTOMER, Conversation, Message, customer_messages_after
from handoff.finding import Meanwhile, Refused, Taken, find, find_to_open, happened, newest_of_customer
from handoff.handing_over import begin, end, place_of, wait_again
from handoff.handoffs import BY_STAFF, REOPENED, Handoff, open_handoff
from handoff.presence import acts, is_online
from handoff.sla import set_due
from handoff.speaking import say_to_customer, words_of
from handoff.transitions import NotPossible, held_by, kind_of, move
from handoff.words import RESOLUTIONS
from staff.people import DESK, User
from staff.teams import Team, teams_of


def claim(
    session: Session, user: User, conversation_id: str, now: datetime, *, take_over: bool = False
) -> Conversation:
    """Takes it; taking it again changes nothing. Raises NotYours, Taken, NotPossible."""
    conversation = find(session, user, conversation_id)
    take(session, user, conversation, now, take_over=take_over)
    return conversation


def transfer(
    session: Session,
    user: User,
    conversation_id: str,
    now: datetime,
    *,
    to_user: str | None = None,
    to_team: str | None = None,
) -> Conversation:
    """Gives it to a colleague or to a team's queue. Raises NotYours, NotPossible, Refused."""
    conversation = find(session, user, conversation_id)
    if to_user is not None:
        _transfer_to_user(session, user, conversation, to_user, now)
    else:
        _transfer_to_team(session, user, conversation, to_team, now)
    set_due(session, conversation, now)
    return conversation


def release(session: Session, user: User, conversation_id: str, now: datetime) -> Conversation:
    """Puts it back into its team's queue. Raises NotYours, NotPossible."""
    conversation = find(session, user, conversation_id)
    if kind_of(conversation.owner) != "agent":
        raise NotPossible("release", conversation.owner)
    _queue(session, conversation, now)
    happened(session, conversation, "released", now, by=user.id, why="by_hand")
    set_due(session, conversation, now)
    return conversation


def give_back(session: Session, user: User, conversation_id: str, now: datetime) -> Conversation:
    """Lets the bot speak again; it answers what the customer is still owed. Raises NotYours, NotPossible."""
    conversation = find(session, user, conversation_id)
    move(conversation, "give_back")
    handoff = end(session, conversation, "to_bot", now)
    happened(session, conversation, "given_back", now, by=user.id)
    conversation.bot_state = after_person(conversation.bot_state)
    owed = _owed(session, conversation, handoff)
    conversation.owed_since = None
    if owed:
        conversation.answered_seq = owed[0].seq - 1
        conversation.waiting_since = owed[0].created_at
    else:
        say_to_customer(session, conversation, words_of(conversation)["bot_again"], now)
    set_due(session, conversation, now)
    return conversation


def resolve(
    session: Session, user: User, conversation_id: str, reason: str, now: datetime, *, seen_seq: int | None = None
) -> Conversation:
    """Closes it. Raises NotYours, NotPossible, Refused, and Meanwhile if the customer wrote after `seen_seq`."""
    if reason not in RESOLUTIONS:
        raise Refused("no_such_reason")
    conversation = find(session, user, conversation_id)
    newest = newest_of_customer(session, conversation)
    if seen_seq is not None and newest > seen_seq:
        raise Meanwhile(newest)
    move(conversation, "resolve")
    conversation.close(reason, now)
    conversation.agent_id = conversation.agent_id or user.id
    conversation.answered_seq, conversation.waiting_since = conversation.last_seq, None
    # What was said with people is over; the next conversation begins with what it was about.
    conversation.bot_state = after_person(conversation.bot_state)
    end(session, conversation, "resolved", now)
    set_due(session, conversation, now)
    happened(session, conversation, "resolved", now, by=user.id, reason=reason)
    return conversation


def reopen(session: Session, user: User, conversation_id: str, now: datetime) -> Conversation:
    """Opens it again: for the agent who had it, if they are there, else for the queue.

    Raises NotYours, NotPossible, and Refused if the customer has begun another conversation.
    """
    conversation = find_to_open(session, user, conversation_id)
    others = select(Conversation.id).filter_by(customer_id=conversation.customer_id, closed_at=None)
    if kind_of(conversation.owner) == "closed" and session.scalars(others.limit(1)).first():
        raise Refused("newer_open")
    move(conversation, "reopen")
    conversation.closed_at = conversation.close_reason = None
    # What joining may have left behind goes on in the new one.
    end(session, conversation, "closed", now)
    begin(session, conversation, REOPENED, now, place_of(session, conversation, user))
    happened(session, conversation, "reopened", now, by=user.id)
    conversation.owed_since = _unanswered_since(session, conversation)
    before = conversation.agent_id
    if before and is_online(session, before, now):
        move(conversation, "assign", before)
        _has_it(session, conversation, before, now)
        happened(session, conversation, "assigned", now, by=user.id, to=before)
    set_due(session, conversation, now)
    return conversation


def take(session: Session, user: User, conversation: Conversation, now: datetime, *, take_over: bool) -> None:
    """As `claim`, of a conversation whose row is locked. Raises Taken, NotPossible."""
    before = held_by(conversation)
    if before == user.id:
        return
    if before is not None and not take_over:
        raise Taken(before, _name_of(session, before))
    came_from = conversation.owner
    move(conversation, "claim", user.id)
    acts(session, user.id, now)
    if came_from == BOT:
        begin(session, conversation, "agent", now, place_of(session, conversation, user))
        # What the bot was about to answer is this person's to answer now.
        owed = customer_messages_after(session, conversation.id, conversation.answered_seq)
        conversation.owed_since = owed[0].created_at if owed else None
    _has_it(session, conversation, user.id, now)
    happened(session, conversation, "claimed", now, by=user.id, **{"from": came_from})
    set_due(session, conversation, now)


def _has_it(session: Session, conversation: Conversation, user_id: str, now: datetime) -> None:
    conversation.agent_id = user_id
    conversation.queued_at = conversation.snoozed_until = None
    handoff = open_handoff(session, conversation.id)
    if handoff and handoff.claimed_at is None:
        handoff.claimed_at, handoff.claimed_by = now, user_id


def _unanswered_since(session: Session, conversation: Conversation) -> datetime | None:
    """When the oldest message came after which nobody has said anything."""
    spoke = select(Message.seq).where(Message.conversation_id == conversation.id, Message.author != CUSTOMER)
    last = session.scalars(spoke.order_by(Message.seq.desc()).limit(1)).first() or 0
    unanswered = customer_messages_after(session, conversation.id, last)
    return unanswered[0].created_at if unanswered else None


def _queue(session: Session, conversation: Conversation, now: datetime) -> None:
    move(conversation, "release")
    wait_again(session, conversation, now)


def _transfer_to_user(session: Session, user: User, conversation: Conversation, to_user: str, now: datetime) -> None:
    colleague = session.get(User, to_user)
    if colleague is None or not colleague.may(DESK):
        raise Refused("no_such_colleague")
    if held_by(conversation) == colleague.id:
        return
    move(conversation, "assign", colleague.id)
    teams = teams_of(session, colleague)
    if teams and conversation.team_id not in teams:
        _change_team(session, conversation, teams[0])
    _has_it(session, conversation, colleague.id, now)
    happened(session, conversation, "transferred", now, by=user.id, to=colleague.id)


def _transfer_to_team(
    session: Session, user: User, conversation: Conversation, to_team: str | None, now: datetime
) -> None:
    if to_team is None or session.get(Team, to_team) is None:
        raise Refused("no_such_team")
    _queue(session, conversation, now)
    _change_team(session, conversation, to_team)
    # It is that team's from now on, whoever had it before.
    conversation.agent_id = None
    happened(session, conversation, "transferred", now, by=user.id, team_id=to_team)


def _change_team(session: Session, conversation: Conversation, team_id: str) -> None:
    conversation.team_id = team_id
    handoff = open_handoff(session, conversation.id)
    if handoff:
        handoff.team_id, handoff.skill = team_id, None


def _owed(session: Session, conversation: Conversation, handoff: Handoff | None) -> list[Message]:
    """What the customer said since they were handed over, if a person still owes an answer to it.

    What led to the hand-off is not asked of the bot again.
    """
    since = conversation.owed_since or conversation.waiting_since
    if since is None:
        return []
    said = select(Message).where(
        Message.conversation_id == conversation.id, Message.author == CUSTOMER, Message.is_silent.is_(False)
    )
    if handoff and handoff.reason not in BY_STAFF:
        said = said.where(Message.created_at > handoff.at)
    return list(session.scalars(said.where(Message.created_at >= since).order_by(Message.seq)))


def _name_of(session: Session, user_id: str) -> str:
    return session.scalars(select(User.name).filter_by(id=user_id)).first() or ""
