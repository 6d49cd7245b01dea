"""Open conversations get their due times anew where targets or opening hours have changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from channels.conversation import Conversation
from db import Database
from handoff.handoffs import Handoff
from handoff.sla import set_due

CHUNK = 50
"""Conversations whose rows are locked at once: agents go on working meanwhile."""


def renew_due(database: Database, team_ids: Iterable[str], now: datetime) -> None:
    with database.reading() as session:
        given = select(Handoff.conversation_id).where(Handoff.ended_at.is_(None))
        of_teams = Conversation.team_id.in_(list(team_ids))
        query = select(Conversation.id).where(of_teams, Conversation.id.in_(given)).order_by(Conversation.id)
        ids = list(session.scalars(query))
    for start in range(0, len(ids), CHUNK):
        _renew(database, ids[start : start + CHUNK], now)


def _renew(database: Database, ids: list[str], now: datetime) -> None:
    query = select(Conversation).where(Conversation.id.in_(ids)).order_by(Conversation.id).with_for_update()
    with database.transaction() as session:
        for conversation in session.scalars(query).all():
            set_due(session, conversation, now)
