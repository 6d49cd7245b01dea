"""Somebody at the desk asks how it went by a link, where the chat can't: under the same rules, and counted once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from handoff.finding import find_to_open, happened
from insights.surveys.deciding import CONVERSATION, Decision, decide
from insights.surveys.settings import survey_settings
from insights.surveys.survey import SCALES, Skipped, Survey
from insights.surveys.taking import LINK
from staff.people import User


class NotAsked(Exception):
    """Nobody may be asked there; `why` says what stands against it."""

    def __init__(self, why: Skipped) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Standing:
    """How it stands with asking about a conversation."""

    survey: Survey | None
    """What was asked; None: nothing yet, although it may be about to be."""
    decision: Decision
    """What would be asked by a link, or why nothing."""


def standing(session: Session, conversation: Conversation, now: datetime) -> Standing:
    row = _row(session, conversation.id)
    decision = decide(session, conversation, survey_settings(session), (), now, by_link=True)
    return Standing(row if row and _is_asked(row) else None, decision)


def ask_by_link(session: Session, user: User, conversation_id: str, now: datetime) -> Survey:
    """The survey whose link is sent: it is asked with this, unless it was before.

    It stands for the one at the end, which is asked no more. Raises NotYours, NotPossible, and NotAsked.
    """
    # Nothing else of this customer's is decided meanwhile.
    conversation = find_to_open(session, user, conversation_id)
    row = _row(session, conversation.id, is_locked=True)
    if row is not None and _is_asked(row):
        return row
    decision = decide(session, conversation, survey_settings(session), (), now, by_link=True)
    if decision.skipped:
        raise NotAsked(decision.skipped)
    survey = row or Survey(touchpoint=CONVERSATION, conversation_id=conversation.id)
    survey.kind, (survey.lowest, survey.highest) = decision.kind, SCALES[decision.kind]
    survey.state, survey.skipped, survey.channel = "asked", None, LINK
    survey.decided_at = survey.asked_at = now
    session.add(survey)
    session.flush()
    happened(session, conversation, "survey_linked", now, by=user.id, survey=survey.id)
    return survey


def _is_asked(survey: Survey) -> bool:
    """What is about to be asked in the chat is not yet: asked by a link, it is not there."""
    return survey.state not in ("due", "skipped")


def _row(session: Session, conversation_id: str, *, is_locked: bool = False) -> Survey | None:
    query = select(Survey).filter_by(conversation_id=conversation_id, touchpoint=CONVERSATION)
    if is_locked:
        query = query.with_for_update()
    found: Survey | None = session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    return found
