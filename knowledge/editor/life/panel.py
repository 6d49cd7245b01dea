"""What the panel beside a text is given: where the article stands, what can be done next, what was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.articles import Revision, Translation
from knowledge.drafts import NOTE_LENGTH, ArticleDraft, find_draft
from knowledge.editor.life.words import DONE, REFUSED, STAGES, WORDS
from knowledge.editor.panels import Panel
from knowledge.life.comments import COMMENT_LENGTH, QUOTE_LENGTH, ReviewComment, comments_of
from knowledge.life.history import names_of
from knowledge.life.opened import Shown
from knowledge.life.refusals import sentence
from knowledge.life.reviewing import may_publish
from knowledge.translations import TranslationState, translation_state
from staff.people import EDITING, User

MONTHS = (1, 3, 6, 12, 24)
"""How often an article may be looked at again, as the form offers it."""
LENGTHS = {"note": NOTE_LENGTH, "comment": COMMENT_LENGTH, "quote": QUOTE_LENGTH}


@dataclass(frozen=True)
class Standing:
    """Where an article stands in its life, for whoever looks."""

    id: str
    locale: str
    draft: ArticleDraft | None
    live: Revision | None
    translation: Translation | None
    steps: frozenset[str]
    """What can be done next."""
    comments: list[tuple[ReviewComment, str]]
    names: Mapping[str | None, str]
    state: TranslationState

    @property
    def shown(self) -> Shown:
        return Shown(self.live.id if self.live else None, self.draft.version if self.draft else 0)

    @property
    def stage(self) -> str:
        """A key of `STAGES`."""
        if self.translation is not None and self.translation.archived_at is not None:
            return "archived"
        if self.draft is not None:
            return self.draft.stage
        return "unchanged" if self.live else "new"

    @property
    def is_base_live(self) -> bool:
        """Whether the draft was begun from what is live today."""
        return self.draft is None or self.live is None or self.draft.base_revision_id == self.live.id

    @property
    def title(self) -> str:
        return (self.draft.title if self.draft else "") or (self.live.title if self.live else "") or self.id


def standing(session: Session, user: User, article_id: str, locale: str, *, must_be_reviewed: bool) -> Standing:
    translation: Translation | None = session.get(Translation, (article_id, locale))
    draft = find_draft(session, article_id, locale)
    live = session.get(Revision, translation.live_revision_id or 0) if translation else None
    people = {draft.saved_by, draft.submitted_by, draft.approved_by, draft.publish_by} if draft else set()
    return Standing(
        article_id,
        locale,
        draft,
        live,
        translation,
        _steps(draft, translation, user, must_be_reviewed=must_be_reviewed),
        comments_of(session, article_id, locale),
        names_of(session, people),
        translation_state(session, article_id, locale),
    )


def review_panel(must_be_reviewed: bool, zone: Callable[[Session], str]) -> Panel:
    """For the page on which the text is written; `zone`: the time zone that is meant unless a browser says another."""

    def own(session: Session, user: User, article_id: str, locale: str) -> dict[str, Any]:
        facts = given(session, user, article_id, locale, must_be_reviewed=must_be_reviewed, zone=zone(session))
        return facts | {"back": "article"}

    names = {one: WORDS[one]["review"] for one in WORDS}
    return Panel(
        "review", names, "check-check", "editor/life/panel.html", "editor/life.js", "editor/life.css", given=own
    )


def given(
    session: Session, user: User, article_id: str, locale: str, *, must_be_reviewed: bool, zone: str
) -> dict[str, Any]:
    """What `editor/life/panel.html` calls `own`."""
    life = standing(session, user, article_id, locale, must_be_reviewed=must_be_reviewed)
    return {
        "life": life,
        "words": WORDS[user.locale],
        "stages": STAGES[user.locale],
        "stopped": _stopped(life.draft, user.locale),
        "owners": _owners(session),
        "months": MONTHS,
        "lengths": LENGTHS,
        "zone": zone,
        "done": DONE[user.locale],
    }


def _steps(
    draft: ArticleDraft | None, translation: Translation | None, user: User, *, must_be_reviewed: bool
) -> frozenset[str]:
    steps = _steps_of_draft(draft, user, must_be_reviewed=must_be_reviewed) if draft else set()
    if translation is None:
        return frozenset(steps)
    if translation.live_revision_id is not None:
        steps |= {"withdraw", "still_right"}
    steps |= {"unarchive"} if translation.archived_at else {"archive"}
    return frozenset(steps)


def _steps_of_draft(draft: ArticleDraft, user: User, *, must_be_reviewed: bool) -> set[str]:
    steps = {"discard"}
    if draft.stage == "writing":
        steps |= {"submit"}
    else:
        steps |= {"take_back", "ask_for_changes"}
    if draft.stage == "submitted":
        steps |= {"approve_own" if draft.saved_by == user.id else "approve"}
    if may_publish(draft, user, must_be_reviewed=must_be_reviewed):
        steps |= {"publish", "schedule"}
    if draft.publish_at is not None:
        steps |= {"cancel_time"}
    return steps


def _stopped(draft: ArticleDraft | None, locale: str) -> str:
    """Why it did not go live at its time, in a sentence; empty: nothing stopped it."""
    if draft is None or not draft.stopped:
        return ""
    return sentence(REFUSED, locale, draft.stopped["reason"], draft.stopped["values"])


def _owners(session: Session) -> list[User]:
    query = select(User).where(User.role.in_(EDITING), User.is_active.is_(True)).order_by(User.name)
    return list(session.scalars(query))
