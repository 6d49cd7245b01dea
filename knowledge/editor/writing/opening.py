"""An article as its page shows it: what is written, what is live, and what is still wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.article_text import ArticleError
from knowledge.articles import Revision, Translation
from knowledge.drafts import ArticleDraft, Seen, fields_now, find_draft, seen_of, text_of_draft
from knowledge.editor.names import names_of
from knowledge.editor.states import Standing


@dataclass(frozen=True)
class Opened:
    id: str
    locale: str
    fields: Mapping[str, Any]
    seen: Seen
    standing: Standing
    live: Revision | None
    draft: ArticleDraft | None
    owner: str | None
    """Their name."""
    changed_by: str | None
    """The name of who saved the draft or published what is live."""
    changed_at: datetime | None
    locales: tuple[str, ...]
    """Those in which there is something of it."""
    problem: ArticleError | None = None
    """What keeps the draft from being published."""

    @property
    def title(self) -> str:
        return str(self.fields["title"])


def open_article(session: Session, article_id: str, locale: str) -> Opened:
    """Raises LookupError if there is nothing of it in this language."""
    translation = session.get(Translation, (article_id, locale))
    if translation is None:
        raise LookupError(article_id)
    draft = find_draft(session, article_id, locale)
    live = session.get(Revision, translation.live_revision_id) if translation.live_revision_id else None
    changer = draft.saved_by if draft else live.author_id if live else None
    names = names_of(session, [translation.owner_id, changer])
    return Opened(
        id=article_id,
        locale=locale,
        fields=fields_now(session, translation),
        seen=seen_of(session, article_id, locale),
        standing=_standing(session, translation, draft),
        live=live,
        draft=draft,
        owner=names.get(translation.owner_id or ""),
        changed_by=names.get(changer or ""),
        changed_at=draft.saved_at if draft else live.created_at if live else None,
        locales=locales_of(session, article_id),
        problem=problem_of(draft),
    )


def locales_of(session: Session, article_id: str) -> tuple[str, ...]:
    return tuple(session.scalars(select(Translation.locale).filter_by(article_id=article_id)))


def problem_of(draft: ArticleDraft | None) -> ArticleError | None:
    if draft is None:
        return None
    try:
        text_of_draft(draft)
    except ArticleError as problem:
        return problem
    return None


def _standing(session: Session, translation: Translation, draft: ArticleDraft | None) -> Standing:
    published = select(Revision.id).filter_by(article_id=translation.article_id, locale=translation.locale).limit(1)
    return Standing(
        is_live=translation.live_revision_id is not None,
        was_published=session.scalars(published).first() is not None,
        is_archived=translation.archived_at is not None,
        stage=draft.stage if draft else None,
        publish_at=draft.publish_at if draft else None,
    )
