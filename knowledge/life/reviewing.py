"""A draft is looked at by somebody else: submitted, taken back, approved, or given back with what to change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from knowledge.drafts import ArticleDraft, begin_again
from knowledge.life.comments import comment
from knowledge.life.opened import Shown, finished, note_of, noted, open_draft
from knowledge.life.refusals import Refused
from staff.people import EVERY_TEAM, User

UNDER_REVIEW = ("submitted", "approved")


def submit(session: Session, article_id: str, locale: str, user: User, now: datetime, note: str | None = None) -> None:
    """Asks for somebody to look at it. `note`: what changed and why; None: as it was said before."""
    draft = open_draft(session, article_id, locale, user)
    if draft.stage != "writing":
        raise Refused("submitted_already")
    finished(draft)
    draft.stage, draft.submitted_by = "submitted", user.id
    draft.note = draft.note if note is None else note_of(note)
    noted(session, "article_submitted", article_id, locale, user, now)


def take_back(session: Session, article_id: str, locale: str, user: User, now: datetime) -> None:
    draft = _under_review(session, article_id, locale, user)
    begin_again(draft)
    noted(session, "article_taken_back", article_id, locale, user, now)


def approve(
    session: Session, article_id: str, locale: str, user: User, now: datetime, shown: Shown | None = None
) -> None:
    """Says that just this text may go live; whoever wrote it last can't."""
    draft = open_draft(session, article_id, locale, user, shown)
    if draft.stage != "submitted":
        raise Refused("approved_already" if draft.stage == "approved" else "not_submitted")
    if draft.saved_by == user.id:
        raise Refused("own_text")
    finished(draft)
    draft.stage, draft.approved_by = "approved", user.id
    noted(session, "article_approved", article_id, locale, user, now)


def ask_for_changes(
    session: Session, article_id: str, locale: str, user: User, now: datetime, text: str, quote: str = ""
) -> None:
    """Gives it back, with what to change as a comment."""
    draft = _under_review(session, article_id, locale, user)
    comment(session, article_id, locale, user, now, text, quote)
    begin_again(draft)
    noted(session, "article_changes_asked", article_id, locale, user, now)


def may_publish(draft: ArticleDraft, user: User, *, must_be_reviewed: bool) -> bool:
    """Supervisors and admins always; others what somebody else approved, where that is a must."""
    return not must_be_reviewed or user.may(EVERY_TEAM) or is_approved(draft)


def is_approved(draft: ArticleDraft) -> bool:
    """By somebody other than its last writer."""
    return draft.stage == "approved" and draft.approved_by not in (None, draft.saved_by)


def _under_review(session: Session, article_id: str, locale: str, user: User) -> ArticleDraft:
    draft = open_draft(session, article_id, locale, user)
    if draft.stage not in UNDER_REVIEW:
        raise Refused("not_submitted")
    return draft
