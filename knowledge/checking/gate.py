"""The gate before a publication: what would be broken, what is broken now, and what becomes of waivers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from knowledge.article_text import ArticleText
from knowledge.checking.checks import Checked, check, check_now
from knowledge.checking.expecting import Expectation, expected
from knowledge.checking.waiving import settle as settle_waivers
from knowledge.checking.waiving import waivers
from knowledge.drafts import ArticleDraft
from knowledge.index.records import Key
from knowledge.library import Knowledge
from knowledge.vectors import Progress


def gate(knowledge: Knowledge, texts: Sequence[ArticleText], gone: Collection[Key] = ()) -> list[Checked]:
    """The questions for which these texts can't be published: their own that are broken, and those of other articles
    that they would break. What is waived stops nothing, nor does what is broken whatever becomes of the texts: whoever
    mends one article is not held up by another that was broken before.

    `gone`: articles to be withdrawn or archived. Their own questions go with them; what is left is what nobody would
    answer any more. It is told, not forbidden: what is wrong must be able to go at once.
    """
    return [one for one in check(knowledge, texts, gone) if one.stops]


def broken_now(knowledge: Knowledge, progress: Progress | None = None) -> list[Checked]:
    """The questions that are broken among what is live, waived ones too; for a warning, and for the work list."""
    return [one for one in check(knowledge, progress=progress) if not one.holds]


def settle(knowledge: Knowledge, now: datetime) -> None:
    """After something went live: waivers of questions that hold again, or that nobody asks any more, are forgotten."""
    with knowledge.database.reading() as session:
        excused = waivers(session)
        if not excused:
            return
        live = expected(session, ())
        asked = {one.expectation for one in live} | set(_asked_by_drafts(session.scalars(select(ArticleDraft))))
    knowledge.refresh()
    checked = check_now(knowledge, [one for one in live if one.expectation in excused])
    with knowledge.database.transaction() as session:
        settle_waivers(session, {one.expectation: one.holds for one in checked}, asked, now)


class Settling:
    """Settles waivers whenever something went live or was withdrawn, by whichever door."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._settled_at = -1

    def look(self, now: datetime) -> None:
        version = self._knowledge.snapshot.version
        if version != self._settled_at:
            settle(self._knowledge, now)
            self._settled_at = version


def _asked_by_drafts(drafts: Iterable[ArticleDraft]) -> Iterator[Expectation]:
    for draft in drafts:
        for question in draft.must_answer:
            yield Expectation(draft.article_id, draft.locale, question, "answer")
        for question in draft.must_not_answer:
            yield Expectation(draft.article_id, draft.locale, question, "not_answer")
