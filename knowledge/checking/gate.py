"""The gate before a publication: what would be broken, what is broken now, and what becomes of waivers.

All articles are asked all their questions. One that is broken and not waived stops:

- whoever publishes a draft, who sees there what it is, whose it is and whether it was broken before, and can waive it,
  one or all that were broken before, with a reason;
- a publication at a set time, which stays a draft with the reason; its time has to be set again;
- another category or other tags for many articles at once, of which then none is changed.

A question may be broken by what no gate can stop, and then stops the next publication: an import, which takes over what
is reviewed elsewhere and says at its end what is broken (`handrail check` asks a folder before); and withdrawing or
archiving, because what is wrong must be able to go at once, which says before what nobody will answer any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Leaving:
    """What becomes of the questions that articles answered, once they are gone."""

    unanswered: Sequence[Checked]
    """Those that they must answer and nobody would answer any more."""
    answered: Sequence[Checked]
    """Those that they must answer and something else would."""
    broken: Sequence[Checked]
    """Those of other articles that would be broken by it."""


def gate(knowledge: Knowledge, texts: Sequence[ArticleText], gone: Collection[Key] = ()) -> list[Checked]:
    """The questions for which these texts can't be published: all that would be broken, by them or before already,
    and are not waived. What they mend stops nothing.

    `gone`: articles to be withdrawn or archived; their own questions go with them.
    """
    return [one for one in check(knowledge, texts, gone) if one.stops]


def leaving(knowledge: Knowledge, gone: Collection[Key]) -> Leaving:
    """What would be missed if these articles were withdrawn or archived."""
    knowledge.refresh()
    with knowledge.database.reading() as session:
        own = [one for one in expected(session) if one.expectation.key in gone and one.expectation.must == "answer"]
    asked = check_now(knowledge, own, gone)
    return Leaving(
        unanswered=[one for one in asked if one.answered.kind != "answer"],
        answered=[one for one in asked if one.answered.kind == "answer"],
        broken=[one for one in check(knowledge, gone=gone) if one.stops and not one.was_broken],
    )


def broken_now(knowledge: Knowledge, progress: Progress | None = None) -> list[Checked]:
    """The questions that are broken among what is live, waived ones too; for a warning, and for the work list."""
    return [one for one in check(knowledge, progress=progress) if not one.holds]


def settle(knowledge: Knowledge, now: datetime) -> None:
    """After something went live: waivers of questions that hold again, or that nobody asks any more, are forgotten."""
    with knowledge.database.reading() as session:
        excused = waivers(session)
        if not excused:
            return
        live = expected(session)
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
