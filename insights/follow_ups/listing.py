"""The lists of follow-ups: which stand in each, in which order, how many call for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from handoff.desk.callings import Calling, callings
from handoff.desk.rows import names_of_staff
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.seeing import visible
from insights.surveys.survey import Survey
from staff.people import DESK, EVERY_TEAM, User
from staff.teams import Team

VIEWS = ("open", "mine", "closed")
PAGE = 50
MOST_PAGES = 1000
LONGEST = 160


@dataclass(frozen=True)
class Row:
    id: str
    calling: Calling
    kind: str
    score: int
    highest: int
    text: str
    """What made it hard, or else how the score was written; empty: a number, no more."""
    at: datetime
    """When it was opened, or closed."""
    due_at: datetime | None
    is_late: bool
    is_near: bool
    is_escalated: bool
    is_reached: bool
    is_closed: bool
    team: str
    agent: str
    """Who looks after it; empty: nobody."""
    is_own: bool


@dataclass(frozen=True)
class Page:
    rows: tuple[Row, ...]
    has_more: bool


@dataclass(frozen=True)
class Wanted:
    """Which list, and what narrows it down: as an address asks for it."""

    view: str = VIEWS[0]
    team: str = ""
    """Its id; empty: all of them."""
    due: str = ""
    """`late`: only what is overdue."""

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return urlencode({name: value for name, value in asdict(self).items() if value})


def page_of(session: Session, user: User, wanted: Wanted, now: datetime, number: int = 0) -> Page:
    """One page of a list, as this person sees it, counted from 0."""
    query = (
        select(FollowUp, Survey, Conversation.customer_id, Team.name)
        .join(Survey, Survey.id == FollowUp.survey_id)
        .join(Conversation, Conversation.id == FollowUp.conversation_id)
        .outerjoin(Team, Team.id == FollowUp.team_id)
        .where(visible(user), _belongs(wanted.view, user), *_narrowed(wanted, now))
        .order_by(*_order(wanted.view))
    )
    found = session.execute(query.offset(PAGE * min(number, MOST_PAGES)).limit(PAGE + 1)).all()
    called, names = callings(session, {one.customer_id for one in found}), names_of_staff(session)
    rows = (_row(one.FollowUp, one.Survey, called[one.customer_id], one.name, names, user, now) for one in found)
    return Page(tuple(rows)[:PAGE], len(found) > PAGE)


def counts_of(session: Session, user: User, now: datetime) -> dict[str, int]:
    """How many open ones there are for this person, how many of those call for them, and how many are overdue."""
    # What a colleague has is the colleague's, as long as they work at the desk, but for those who see to it that
    # nothing is left.
    sees_all = user.role in EVERY_TEAM
    works_here = select(User.id).where(User.id == FollowUp.user_id, User.is_active, User.role.in_(DESK)).exists()
    own = or_(FollowUp.user_id == user.id, ~works_here)
    calls = FollowUp.escalated_at.isnot(None)
    if not sees_all:
        calls = or_(calls, FollowUp.reminded_at.isnot(None))
    overdue: Any = case((FollowUp.due_at <= now, 1))
    counted = (func.count(FollowUp.id), func.count(case((calls, 1))), func.count(overdue))
    query = select(*counted).where(FollowUp.closed_at.is_(None))
    row = session.execute(query.where(visible(user), *(() if sees_all else (own,)))).one()
    return {"follow-ups": int(row[0]), "follow-ups_late": int(row[1]), "follow-ups_overdue": int(row[2])}


def of_conversation(session: Session, user: User, conversation_id: str) -> Sequence[tuple[FollowUp, Survey]]:
    """The open ones that this conversation is of, or in which the customer is reached."""
    about = or_(FollowUp.conversation_id == conversation_id, FollowUp.reached_in == conversation_id)
    query = select(FollowUp, Survey).join(Survey, Survey.id == FollowUp.survey_id)
    found = session.execute(
        query.where(about, FollowUp.closed_at.is_(None), visible(user)).order_by(FollowUp.opened_at)
    )
    return [(one.FollowUp, one.Survey) for one in found]


def _belongs(view: str, user: User) -> Any:
    if view == "closed":
        return FollowUp.closed_at.isnot(None)
    is_open = FollowUp.closed_at.is_(None)
    return and_(is_open, FollowUp.user_id == user.id) if view == "mine" else is_open


def _narrowed(wanted: Wanted, now: datetime) -> list[Any]:
    team = [FollowUp.team_id == wanted.team] if wanted.team else []
    return [*team, FollowUp.due_at <= now] if wanted.due else team


def _order(view: str) -> list[Any]:
    """What is due first stands first; what has no deadline comes after that."""
    if view == "closed":
        return [FollowUp.closed_at.desc(), FollowUp.id]
    return [case((FollowUp.due_at.is_(None), 1), else_=0), FollowUp.due_at, FollowUp.opened_at, FollowUp.id]


def _row(
    one: FollowUp, survey: Survey, calling: Calling, team: str | None, names: dict[str, str], user: User, now: datetime
) -> Row:
    return Row(
        id=one.id,
        calling=calling,
        kind=survey.kind,
        score=survey.score or 0,
        highest=survey.highest,
        text=_text(survey),
        at=one.closed_at or one.opened_at,
        due_at=one.due_at,
        is_late=one.closed_at is None and one.due_at is not None and one.due_at <= now,
        is_near=one.reminded_at is not None,
        is_escalated=one.escalated_at is not None,
        is_reached=one.reached_at is not None,
        is_closed=one.closed_at is not None,
        team=team or "",
        agent=names.get(one.user_id or "", ""),
        is_own=one.user_id == user.id,
    )


def _text(survey: Survey) -> str:
    said = "" if survey.said == str(survey.score) else survey.said
    return " ".join((survey.comment or said or "").split())[:LONGEST]
