"""Who gets what waits: whose matter it is, who of them is free, and what becomes of what somebody has left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import AGENT, QUEUE, Conversation, agent, agent_id
from db import Database, lock, one_by_one
from handoff.finding import happened
from handoff.foretelling import foretell
from handoff.handoffs import Handoff, open_handoff
from handoff.presence import Presence, state_of
from handoff.sla import set_due
from handoff.speaking import say_to_customer, words_of
from handoff.topics import TopicRule
from handoff.transitions import held_by, move
from knowledge.articles import Revision, Translation
from staff.people import DESK, User
from staff.teams import Team, TeamMember, default_team

CAPACITY = {"web": 4, "sms": 8, "whatsapp": 8}
"""How many conversations at once, by channel, whoever's own is not said: who chats waits for each answer."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=timezone.utc)
MOST = 200
"""Conversations given in one round."""

# Statements of the round are made once: it is gone every second.
_ASSIGNING = (
    select(Conversation.team_id)
    .join(Team, Team.id == Conversation.team_id)
    .where(Team.assigns.is_(True), Conversation.owner == QUEUE)
    .distinct()
)
_OWED = select(Conversation.id, Conversation.owner).where(
    Conversation.owner.startswith(AGENT, autoescape=True), Conversation.owed_since.isnot(None)
)


@dataclass(frozen=True)
class Need:
    """What a conversation asks of whoever takes it."""

    locale: str | None
    """None: any language will do."""
    channel: str
    skill: str | None = None
    agent_id: str | None = None
    """Who had this customer before."""


@dataclass(frozen=True)
class Candidate:
    """An agent of the team who is online."""

    user_id: str
    languages: frozenset[str] = frozenset()
    """Empty: all."""
    skills: frozenset[str] = frozenset()
    free: dict[str, int] = field(default_factory=dict)
    """By channel, how many conversations they have room for."""
    assigned_at: datetime = LONG_AGO
    """When they were last given one."""


def choose(candidates: Sequence[Candidate], need: Need) -> str | None:
    """Who gets it, by id: whoever had the customer before, if they fit, else whoever was given nothing for longest.

    Fits who speaks the language, has the skill and has room in the channel. None if nobody does.
    """
    fitting = [one for one in candidates if _fits(one, need)]
    if need.agent_id in {one.user_id for one in fitting}:
        return need.agent_id
    turn = sorted(fitting, key=lambda one: (one.assigned_at, -one.free.get(need.channel, 0), one.user_id))
    return turn[0].user_id if turn else None


def _fits(candidate: Candidate, need: Need) -> bool:
    speaks = need.locale is None or _speaks(candidate, need.locale)
    knows = need.skill is None or need.skill in candidate.skills
    return speaks and knows and candidate.free.get(need.channel, 0) > 0


def _speaks(one: Candidate | User, locale: str | None) -> bool:
    return not one.languages or locale in one.languages


def within_reach(need: Need, members: Sequence[User]) -> Need:
    """What can be asked of a team: what none of them has, there or not, would be waited for for ever.

    Where nobody has both the language and the skill, the language counts.
    """
    speaking = [one for one in members if _speaks(one, need.locale)]
    is_known = any(need.skill in one.skills for one in speaking or members)
    return replace(need, locale=need.locale if speaking else None, skill=need.skill if is_known else None)


def place(session: Session, articles: Sequence[str], locale: str) -> tuple[str | None, str, str | None]:
    """Topic, team and skill of a conversation that was about these articles, best first.

    The topic is the help category of the first one that is live.
    """
    topic = _topic(session, articles, locale)
    rule = session.get(TopicRule, topic) if topic else None
    team_id = rule.team_id if rule and rule.team_id else default_team(session).id
    return topic, team_id, rule.skill if rule else None


def _topic(session: Session, articles: Sequence[str], locale: str) -> str | None:
    live = (
        select(Translation.article_id, Revision.category)
        .join(Revision, Revision.id == Translation.live_revision_id)
        .where(Translation.article_id.in_(articles))
        .order_by(Translation.locale != locale)
    )
    categories: dict[str, str] = {}
    for article_id, category in session.execute(live):
        categories.setdefault(article_id, category)
    return next((categories[one] for one in articles if categories.get(one)), None)


def route_waiting(database: Database, now: datetime) -> list[str]:
    """Gives what waits in teams that assign to whoever has room, most urgent first. Returns what was given."""
    with database.reading() as session:
        # Most of the time nobody has room: a look costs no write lock.
        given = list(islice(_could_be_given(session, now), MOST))
    assigned = one_by_one("route_waiting", given, lambda one: _assign(database, *one, now), now)
    return [one for (one, _team_id), is_given in assigned if is_given]


def _could_be_given(session: Session, now: datetime) -> Iterator[tuple[str, str]]:
    """What waits and somebody could take now: however much waits for others, it holds nobody up."""
    teams = session.scalars(_ASSIGNING).all()
    candidates = {one: [each for each in candidates_of(session, one, now) if _has_room(each)] for one in teams}
    open_teams = [one for one in teams if candidates[one]]
    members = {one: members_of(session, one) for one in open_teams}
    queued = (
        select(Conversation.id, Conversation.team_id, Conversation.agent_id, Handoff)
        .join(Handoff, Handoff.conversation_id == Conversation.id)
        .where(Conversation.owner == QUEUE, Conversation.snoozed_until.is_(None), Handoff.ended_at.is_(None))
        .where(Conversation.team_id.in_(open_teams))
        .order_by(Conversation.priority.desc(), Conversation.queued_at)
    )
    for conversation_id, team_id, before, handoff in session.execute(queued) if open_teams else ():
        if choose(candidates[team_id], _need(handoff, before, members[team_id])) is not None:
            yield conversation_id, team_id


def _need(handoff: Handoff, agent_id: str | None, members: Sequence[User]) -> Need:
    return within_reach(Need(handoff.locale, handoff.channel, handoff.skill, agent_id), members)


def _has_room(candidate: Candidate) -> bool:
    return any(free > 0 for free in candidate.free.values())


def _assign(database: Database, conversation_id: str, team_id: str, now: datetime) -> bool:
    with database.transaction() as session:
        # One at a time in a team: two who give at once would both see the same free room.
        lock(session, f"route {team_id}")
        still_queued = select(Conversation).filter_by(id=conversation_id, owner=QUEUE, team_id=team_id)
        conversation = session.scalars(still_queued.with_for_update(skip_locked=True)).one_or_none()
        handoff = open_handoff(session, conversation_id)
        if conversation is None or handoff is None:
            return False
        need = _need(handoff, conversation.agent_id, members_of(session, team_id))
        chosen = choose(candidates_of(session, team_id, now), need)
        if chosen is None:
            return False
        _give(session, conversation, handoff, chosen, now)
        return True


def _give(session: Session, conversation: Conversation, handoff: Handoff, user_id: str, now: datetime) -> None:
    move(conversation, "assign", user_id)
    conversation.agent_id, conversation.queued_at = user_id, None
    if handoff.claimed_at is None:
        handoff.claimed_at, handoff.claimed_by = now, user_id
    presence = session.get(Presence, user_id)
    if presence is not None:
        presence.assigned_at = now
    happened(session, conversation, "assigned", now, by=None, to=user_id)
    set_due(session, conversation, now)


def members_of(session: Session, team_id: str) -> list[User]:
    """Who of a team may work at the desk, there or not."""
    members = select(User).join(TeamMember, TeamMember.user_id == User.id).where(TeamMember.team_id == team_id)
    return [user for user in session.scalars(members) if user.may(DESK)]


def candidates_of(session: Session, team_id: str, now: datetime) -> list[Candidate]:
    """The team's agents who are online, with the room they have."""
    members = (
        select(User, Presence)
        .join(TeamMember, TeamMember.user_id == User.id)
        .join(Presence, Presence.user_id == User.id)
        .where(TeamMember.team_id == team_id)
    )
    online = [row for row in session.execute(members) if row[0].may(DESK) and state_of(row[1], now) == "online"]
    load = _load(session, [user.id for user, _ in online])
    return [
        Candidate(
            user.id,
            frozenset(user.languages),
            frozenset(user.skills),
            {channel: most - load[user.id, channel] for channel, most in (CAPACITY | user.capacity).items()},
            presence.assigned_at or LONG_AGO,
        )
        for user, presence in online
    ]


def _load(session: Session, user_ids: Sequence[str]) -> Counter[tuple[str, str]]:
    """How many conversations each has in each channel; what is put aside takes no room."""
    held = (
        select(Conversation.owner, Handoff.channel)
        .join(Handoff, Handoff.conversation_id == Conversation.id)
        .where(Conversation.owner.in_([agent(user_id) for user_id in user_ids]))
        .where(Conversation.snoozed_until.is_(None), Handoff.ended_at.is_(None))
    )
    return Counter((str(agent_id(owner)), channel) for owner, channel in session.execute(held))


def release_left(database: Database, now: datetime) -> list[str]:
    """Puts back what customers wait for behind somebody who has left. Returns the conversations' ids."""
    with database.reading() as session:
        held = session.execute(_OWED).all()
        left = _who_left(session, {str(agent_id(owner)) for _, owner in held}, now) if held else set()
    behind = [(one, owner) for one, owner in held if agent_id(owner) in left]
    released = one_by_one("release_left", behind, lambda one: _release(database, *one, now), now)
    return [one for (one, _owner), is_released in released if is_released]


def _who_left(session: Session, user_ids: set[str], now: datetime) -> set[str]:
    """Those of them who are off, or work here no more."""
    known = select(User, Presence).outerjoin(Presence, Presence.user_id == User.id).where(User.id.in_(user_ids))
    there = {
        user.id for user, presence in session.execute(known) if user.may(DESK) and state_of(presence, now) != "off"
    }
    return user_ids - there


def _release(database: Database, conversation_id: str, owner: str, now: datetime) -> bool:
    with database.transaction() as session:
        query = select(Conversation).filter_by(id=conversation_id, owner=owner)
        conversation = session.scalars(query.where(Conversation.owed_since.isnot(None)).with_for_update()).one_or_none()
        if conversation is None:
            return False
        left = held_by(conversation)
        move(conversation, "release")
        conversation.queued_at, conversation.snoozed_until = conversation.owed_since or now, None
        happened(session, conversation, "released", now, by=None, why="left", left=left)
        _tell_who_waits_again(session, conversation, str(left), now)
        set_due(session, conversation, now)
        return True


def _tell_who_waits_again(session: Session, conversation: Conversation, left: str, now: datetime) -> None:
    """Whoever wrote to somebody who has left hears so, and what happens now."""
    handoff, gone = open_handoff(session, conversation.id), session.get(User, left)
    if handoff and gone:
        foretold = foretell(session, conversation, handoff, now)
        text = words_of(conversation)["left"].format(name=gone.name)
        say_to_customer(session, conversation, f"{text} {foretold.text}", now, foretold.buttons)
