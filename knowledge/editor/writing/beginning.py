"""A new article, or one in another language, begun as a draft."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from knowledge.article_text import ArticleError, checked_id, checked_locale
from knowledge.articles import Translation
from knowledge.drafts import NEW, fields_now, save_draft
from knowledge.editor.writing.naming import free_id
from staff.audit import record

SHARED = ("category", "tags", "internal")
"""What a translation begins with from the other language."""


def begin_article(session: Session, title: str, locale: str, wanted: str, user_id: str, now: datetime) -> str:
    """Its id: the wanted one, or one made from the title. Raises ArticleError."""
    title = " ".join(title.split())
    if not title:
        raise ArticleError("The title is missing.", "Der Titel fehlt.")
    article_id = checked_id(wanted.strip()) if wanted.strip() else free_id(session, title)
    _check_free(session, article_id, checked_locale(locale))
    _begin(session, article_id, locale, {"title": title}, user_id, now)
    return article_id


def begin_translation(session: Session, article_id: str, locale: str, user_id: str, now: datetime) -> None:
    """With the other language's category and tags; raises ArticleError, and LookupError if there is no other."""
    _check_free(session, article_id, checked_locale(locale))
    original = session.query(Translation).filter_by(article_id=article_id).first()
    if original is None:
        raise LookupError(article_id)
    fields = fields_now(session, original)
    _begin(session, article_id, locale, {name: fields[name] for name in SHARED}, user_id, now)


def _begin(
    session: Session, article_id: str, locale: str, fields: dict[str, object], user_id: str, now: datetime
) -> None:
    save_draft(session, article_id, locale, fields, NEW, now=now, user_id=user_id)
    translation = session.get(Translation, (article_id, locale))
    if translation is not None:
        translation.owner_id = user_id
    record(session, "article_begun", now, user_id=user_id, subject=f"{locale}/{article_id}")


def _check_free(session: Session, article_id: str, locale: str) -> None:
    if session.get(Translation, (article_id, locale)) is not None:
        raise ArticleError(
            f"There is an article {article_id!r} in this language already.",
            f"Den Artikel „{article_id}“ gibt es in dieser Sprache schon.",
        )
