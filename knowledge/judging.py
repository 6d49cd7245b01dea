"""What an import does with one article: what a source brings, beside what stands here and what it brought before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.article_files import render
from knowledge.article_text import ArticleError, ArticleText, text_of
from knowledge.articles import Revision, Translation
from knowledge.drafts import ArticleDraft, find_draft, says
from knowledge.publishing import live_of

Outcome = Literal["new", "changed", "unchanged", "kept", "refused"]
"""`kept`: somebody changed it here, and that stays what customers see."""
Deed = Literal["publish", "draft", "nothing"]


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    deed: Deed
    reason: ArticleError | None = None


@dataclass(frozen=True)
class Standing:
    """What stands here of an article in one language."""

    live: Revision | None
    draft: ArticleDraft | None
    imported: str | None
    was_live: bool
    is_archived: bool

    @property
    def is_written_on(self) -> bool:
        """Whether somebody began a draft; one that an import left may be replaced by the next."""
        return self.draft is not None and self.draft.saved_by is not None

    @property
    def is_edited(self) -> bool:
        """Whether a person published something else than the last import brought."""
        return self.live is not None and self.live.author_id is not None and mark(text_of(self.live)) != self.imported

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken from the customers' sight here, after an import or for good."""
        return self.live is None and (self.is_archived or (self.was_live and self.imported is not None))


UNCHANGED = Verdict("unchanged", "nothing")
LEFT = Verdict(
    "unchanged",
    "nothing",
    ArticleError(
        "It was changed here, and says the same as before where it comes from: it stays as it is here.",
        "Er wurde hier geändert, und wo er herkommt, steht dasselbe wie zuvor: Er bleibt, wie er hier ist.",
    ),
)
EDITED = Verdict(
    "kept",
    "draft",
    ArticleError(
        "It was changed here, too: what the import brings is a draft beside it.",
        "Er wurde auch hier geändert: Was der Import bringt, steht als Entwurf daneben.",
    ),
)
WITHDRAWN = Verdict(
    "kept",
    "draft",
    ArticleError(
        "It was withdrawn here: what the import brings is its draft, and customers don't see it.",
        "Er wurde hier zurückgezogen: Was der Import bringt, ist sein Entwurf und für Kunden nicht zu sehen.",
    ),
)
WRITTEN_ON = Verdict(
    "kept",
    "nothing",
    ArticleError(
        "Somebody is writing a draft of it; publish or discard that one, then import again.",
        "Jemand schreibt an einem Entwurf; veröffentlichen oder verwerfen Sie ihn und importieren Sie noch einmal.",
    ),
)


def refusal(problem: ArticleError | None) -> Verdict:
    return Verdict("refused", "nothing", problem)


def mark(text: ArticleText) -> str:
    """By which a text is known again."""
    return hashlib.sha256(render(text).encode()).hexdigest()


def standing_of(session: Session, article_id: str, locale: str) -> Standing:
    translation = session.get(Translation, (article_id, locale))
    published = select(Revision.id).where(Revision.article_id == article_id, Revision.locale == locale).limit(1)
    return Standing(
        live_of(session, article_id, locale),
        find_draft(session, article_id, locale),
        translation.imported if translation else None,
        session.scalar(published) is not None,
        bool(translation and translation.archived_at),
    )


def judge(
    text: ArticleText, there: Standing, *, as_draft: bool = False, overwrite: bool = False, brought: str = ""
) -> Verdict:
    """`as_draft`: customers shall not see it yet; `overwrite`: what the source says counts, whoever changed it here.

    `brought`: the mark of the text as its source has it, where that names a category by an old key.
    """
    if there.live is not None and text_of(there.live) == text:
        return UNCHANGED
    if as_draft and there.draft is not None and says(there.draft, text):
        return UNCHANGED
    if overwrite:
        return _brought(there, as_draft=as_draft)
    if there.imported == (brought or mark(text)) and there.was_live:
        return LEFT
    if there.is_edited or there.is_withdrawn:
        return _beside(text, there)
    if as_draft and there.is_written_on:
        return WRITTEN_ON
    return _brought(there, as_draft=as_draft)


def _beside(text: ArticleText, there: Standing) -> Verdict:
    if there.draft is not None and there.is_written_on and not says(there.draft, text):
        return WRITTEN_ON
    return EDITED if there.is_edited else WITHDRAWN


def _brought(there: Standing, *, as_draft: bool) -> Verdict:
    return Verdict("changed" if there.was_live or there.draft else "new", "draft" if as_draft else "publish")
