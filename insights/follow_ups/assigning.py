"""Whose a follow-up is: taken by somebody, given to a colleague or to a team. All in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handoff.finding import Refused, Taken
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.seeing import find_open
from insights.follow_ups.telling import tell
from staff.people import DESK, User
from staff.teams import Team, teams_of


def take(session: Session, user: User, follow_up_id: str, now: datetime, *, take_over: bool = False) -> FollowUp:
    """It is this person's from now on; taking it again changes nothing. Raises NotYours, Taken, NotDone."""
    follow_up = find_open(session, user, follow_up_id)
    belongs_to(session, follow_up, user, now, take_over=take_over)
    return follow_up


def give(
    session: Session,
    user: User,
    follow_up_id: str,
    now: datetime,
    *,
    to_user: str | None = None,
    to_team: str | None = None,
) -> FollowUp:
    """Gives it to a colleague, or to a team in which somebody will take it. Raises NotYours, NotDone, Refused."""
    follow_up = find_open(session, user, follow_up_id)
    if to_user is not None:
        _give_to_user(session, follow_up, to_user)
        tell(session, follow_up, "given", now, by=user.id, to=to_user)
    else:
        _give_to_team(session, follow_up, to_team)
        tell(session, follow_up, "given", now, by=user.id, team_id=to_team)
    return follow_up


def belongs_to(session: Session, follow_up: FollowUp, user: User, now: datetime, *, take_over: bool) -> None:
    """As `take`, of a follow-up whose row is locked. Raises Taken."""
    if follow_up.user_id == user.id:
        return
    holder = session.get(User, follow_up.user_id) if follow_up.user_id else None
    # Who does not work at the desk any more keeps nobody from it.
    if holder is not None and holder.may(DESK) and not take_over:
        raise Taken(holder.id, holder.name)
    follow_up.user_id = user.id
    tell(session, follow_up, "taken", now, by=user.id)


def _give_to_user(session: Session, follow_up: FollowUp, to_user: str) -> None:
    colleague = session.get(User, to_user)
    if colleague is None or not colleague.may(DESK):
        raise Refused("no_such_colleague")
    teams = teams_of(session, colleague)
    if teams and follow_up.team_id not in teams:
        follow_up.team_id = teams[0]
    follow_up.user_id = colleague.id


def _give_to_team(session: Session, follow_up: FollowUp, to_team: str | None) -> None:
    if to_team is None or session.get(Team, to_team) is None:
        raise Refused("no_such_team")
    follow_up.team_id, follow_up.user_id = to_team, None
