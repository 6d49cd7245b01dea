"""How follow-ups stand in the agents' desk: as a list beside its own, and at the head of their conversations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from handoff.desk.house import Annex, Mark
from handoff.desk.live import team_room, user_room
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.listing import counts_of, of_conversation
from insights.follow_ups.pages.words import ANNEX
from insights.follow_ups.seeing import is_shown
from staff.guard import Call
from staff.people import DESK, User

NAME = "follow-ups"
PATH = f"/desk/{NAME}"
ICON = "life-buoy"


def _counts(session: Session, user: User, now: datetime) -> dict[str, int]:
    return counts_of(session, user, now)


def calls_for(session: Session, user: User, now: datetime) -> Sequence[Call]:
    """What stands in the bar of every page of staff, for those who look after low scores: how many, how many late."""
    if not user.may(DESK):
        return ()
    counts = counts_of(session, user, now)
    number, late, overdue = (counts[f"{NAME}{which}"] for which in ("", "_late", "_overdue"))
    if not number:
        return ()
    words = ANNEX[user.locale]
    text = words["one" if number == 1 else "many"].format(count=number)
    how = words["overdue"].format(count=overdue) if overdue else words["soon"].format(count=late) if late else ""
    return (Call(PATH, ICON, f"{text}, {how}" if how else text, how or str(number), late=overdue or late),)


def _marks(session: Session, user: User, conversation_id: str, now: datetime) -> Sequence[Mark]:
    form = ANNEX[user.locale]["mark"]
    return [
        Mark(
            form.format(score=survey.score, highest=survey.highest),
            f"{PATH}/{one.id}",
            ICON,
            is_late=one.due_at is not None and one.due_at <= now,
        )
        for one, survey in of_conversation(session, user, conversation_id)
    ]


def rooms_of(session: Session, conversation_ids: list[str]) -> Iterator[tuple[str, str]]:
    """Who hears that something is new there because of a follow-up: its team, and whoever looks after it.

    The conversation itself may be no team's, if the bot had it alone.
    """
    about = or_(FollowUp.conversation_id.in_(conversation_ids), FollowUp.reached_in.in_(conversation_ids))
    for one in session.scalars(select(FollowUp).where(about)):
        for conversation_id in {one.conversation_id, one.goes_on_in}.intersection(conversation_ids):
            if one.team_id:
                yield conversation_id, team_room(one.team_id)
            if one.user_id:
                yield conversation_id, user_room(one.user_id)


FOLLOW_UPS = Annex(NAME, ICON, "f", ANNEX, _counts, _marks, is_shown)
