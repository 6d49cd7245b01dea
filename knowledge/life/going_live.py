"""The one way by which what editors write reaches customers: tried first, then published as it was looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import publishing
from knowledge.article_text import ArticleText
from knowledge.articles import IndexVersion, Revision
from knowledge.checking import Checked, settle
from knowledge.drafts import ArticleDraft
from knowledge.library import Knowledge
from knowledge.life.comments import close_comments
from knowledge.life.opened import Shown, finished, note_of, noted, open_draft
from knowledge.life.refusals import Refused, Stopped
from knowledge.life.reviewing import is_approved, may_publish
from knowledge.publishing import By, Prepared
from staff.people import User

Gate = Callable[[Knowledge, Sequence[ArticleText]], Sequence[Checked]]
"""The questions, of all articles, for which texts can't go live: `knowledge.checking.gate`."""
Written = TypeVar("Written")
TRIES = 5
"""How often a text is tried again because something else went live meanwhile."""


@dataclass(frozen=True)
class Rules:
    """What an installation asks of a publication."""

    gate: Gate
    must_be_reviewed: bool = False
    """Whether editors may publish only what somebody else approved."""


class _MovedMeanwhile(Exception):
    """Something else went live since the text was tried."""


@dataclass(frozen=True)
class _Wanted:
    """Which draft is to go live, who says so, and what they saw."""

    article_id: str
    locale: str
    user: User
    shown: Shown
    rules: Rules
    due: datetime | None


def publish_draft(
    knowledge: Knowledge,
    article_id: str,
    locale: str,
    user: User,
    now: datetime,
    rules: Rules,
    *,
    note: str | None = None,
    shown: Shown | None = None,
    due: datetime | None = None,
) -> Revision:
    """Makes a draft live; it is found when this returns. Raises Refused, and Stopped if it would break a question.

    `note`: what changed and why; None: as the draft says. `shown`: what they decided upon; None: whatever stands
    there. `due`: only if it is still to go live by itself at this time.
    """
    said = None if note is None else note_of(note)
    with knowledge.database.reading() as session:
        draft = open_draft(session, article_id, locale, user, shown, lock=False)
        wanted = _Wanted(article_id, locale, user, shown or _shown(session, draft), rules, due)
        _check(draft, wanted)
        text = finished(draft)
    # Embedding takes a while, so it comes before the transaction; in it the draft must still be the one prepared.
    [prepared] = publishing.prepare(knowledge.database, knowledge.embedder, [text])
    return go_live(knowledge, [prepared], rules, now, lambda session: _publish(session, prepared, wanted, said, now))


def go_live(
    knowledge: Knowledge,
    prepared: Sequence[Prepared],
    rules: Rules,
    now: datetime,
    write: Callable[[Session], Written],
) -> Written:
    """Tries texts, then writes them in a transaction before which nothing else went live; found when this returns.

    Raises Stopped if they would break a question, and Refused if something else went live again and again.
    """
    for _ in range(TRIES):
        try:
            written = _try_and_write(knowledge, prepared, rules, write)
        except _MovedMeanwhile:
            continue
        settle(knowledge, now)
        knowledge.refresh()
        return written
    raise Refused("busy")


def _try_and_write(
    knowledge: Knowledge, prepared: Sequence[Prepared], rules: Rules, write: Callable[[Session], Written]
) -> Written:
    with knowledge.database.reading() as session:
        tried_at = session.scalar(select(IndexVersion.version)) or 0
    knowledge.refresh()
    texts = [one.text for one in prepared]
    if texts and (broken := rules.gate(knowledge, texts)):
        raise Stopped(broken)
    with knowledge.database.transaction() as session:
        # Before anything else is locked, as every publication does: two that lock in another order would wait for ever.
        if publishing.count_on(session) != tried_at + 1:
            raise _MovedMeanwhile
        return write(session)


def _publish(session: Session, prepared: Prepared, wanted: _Wanted, note: str | None, now: datetime) -> Revision:
    user = wanted.user
    draft = open_draft(session, wanted.article_id, wanted.locale, user, wanted.shown)
    _check(draft, wanted)
    by = By(user.id, draft.note if note is None else note, draft.approved_by if is_approved(draft) else None)
    [revision] = publishing.publish(session, prepared, now=now, by=by)
    close_comments(session, wanted.article_id, wanted.locale, revision)
    noted(session, "article_published", wanted.article_id, wanted.locale, user, now, number=revision.number)
    return revision


def _check(draft: ArticleDraft, wanted: _Wanted) -> None:
    if not may_publish(draft, wanted.user, must_be_reviewed=wanted.rules.must_be_reviewed):
        raise Refused("must_be_approved")
    if wanted.due is not None and draft.publish_at != wanted.due:
        raise Refused("changed_meanwhile")


def _shown(session: Session, draft: ArticleDraft) -> Shown:
    live = publishing.live_of(session, draft.article_id, draft.locale)
    return Shown(live.id if live else None, draft.version)
