"""Writing articles: a draft is saved, a text is published, an article is withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from db import Database, utc_now
from knowledge.article_text import ArticleError, ArticleText, text_of
from knowledge.articles import Article, IndexChange, IndexVersion, Passage, Revision, Translation
from knowledge.embedding import Embedder
from knowledge.passages import PassageText, passages_of
from knowledge.rows import insert_new, upsert
from knowledge.vectors import embed_new, store


@dataclass(frozen=True)
class Prepared:
    """A text with what its publication writes; made before the transaction opens, for embedding takes a while."""

    text: ArticleText
    passages: tuple[PassageText, ...]
    model: str
    vectors: Mapping[str, bytes]
    """By content hash: those that were not stored yet."""

    @classmethod
    def of(cls, text: ArticleText, passages: tuple[PassageText, ...], model: str, new: Mapping[str, bytes]) -> Prepared:
        hashes = [passage.content_hash for passage in passages]
        return cls(text, passages, model, {key: new[key] for key in hashes if key in new})


def prepare(database: Database, embedder: Embedder, texts: Sequence[ArticleText]) -> list[Prepared]:
    """Cuts texts into passages and embeds what is new in them, in one call."""
    passages = [tuple(passages_of(text)) for text in texts]
    embedded = {passage.content_hash: passage.embedded for group in passages for passage in group}
    new = embed_new(database, embedder, embedded)
    return [Prepared.of(text, group, embedder.name, new) for text, group in zip(texts, passages, strict=True)]


def save_draft(session: Session, text: ArticleText, *, now: datetime | None = None) -> Revision:
    """Keeps a text beside the live one. The index does not hear of it."""
    translation = _translation(session, text)
    if translation.draft_revision_id is not None:
        draft = session.get(Revision, translation.draft_revision_id)
        if draft is not None and text_of(draft) == text:
            return draft
    revision = _write(session, text, now)
    translation.draft_revision_id = revision.id
    return revision


def draft_of(session: Session, article_id: str, locale: str) -> Revision:
    """The draft; raises ArticleError if there is none."""
    translation = session.get(Translation, (article_id, locale))
    draft = translation and translation.draft_revision_id and session.get(Revision, translation.draft_revision_id)
    if not draft:
        raise ArticleError(f"The article {article_id!r} has no draft in {locale!r}.")
    return draft


def live_of(session: Session, article_id: str, locale: str) -> Revision | None:
    translation = session.get(Translation, (article_id, locale))
    if translation is None or translation.live_revision_id is None:
        return None
    return session.get(Revision, translation.live_revision_id)


def live_texts(session: Session, texts: Sequence[ArticleText]) -> set[ArticleText]:
    """What is live of the articles of these texts, in whatever language."""
    query = select(Revision).join(Translation, Translation.live_revision_id == Revision.id)
    ids = {text.id for text in texts}
    return {text_of(revision) for revision in session.scalars(query.where(Revision.article_id.in_(ids)))}


def publish(session: Session, *prepared: Prepared, now: datetime | None = None) -> list[Revision]:
    """Makes texts the live ones; of a draft that says the same, the draft's revision goes live.

    A text that is live already stays as it is, without a new revision.
    """
    version = count_on(session)
    for each in prepared:
        store(session, each.model, each.vectors)
    return [_publish(session, each, version, now) for each in prepared]


def withdraw(session: Session, article_id: str, locale: str) -> None:
    """Takes an article from the customers' sight in one language; its text stays as the draft, unless there is one."""
    version = count_on(session)
    translation = session.get(Translation, (article_id, locale))
    if translation is None or translation.live_revision_id is None:
        raise ArticleError(f"The article {article_id!r} is not published in {locale!r}.")
    _forget_passages(session, translation)
    if translation.draft_revision_id is None:
        translation.draft_revision_id = translation.live_revision_id
    translation.live_revision_id = None
    _tell(session, article_id, locale, version)


def _publish(session: Session, prepared: Prepared, version: int, now: datetime | None) -> Revision:
    text = prepared.text
    translation = _translation(session, text)
    live = live_of(session, text.id, text.locale)
    if live is not None and text_of(live) == text:
        return live
    revision = _drafted(session, translation, text) or _write(session, text, now)
    _forget_passages(session, translation)
    session.execute(insert(Passage), [_row(revision, passage) for passage in prepared.passages])
    translation.live_revision_id = revision.id
    _tell(session, text.id, text.locale, version)
    return revision


def _translation(session: Session, text: ArticleText) -> Translation:
    if session.get(Article, text.id) is None:
        session.add(Article(id=text.id))
        session.flush()
    translation = session.get(Translation, (text.id, text.locale))
    if translation is None:
        translation = Translation(article_id=text.id, locale=text.locale)
        session.add(translation)
    return translation


def _write(session: Session, text: ArticleText, now: datetime | None) -> Revision:
    same_article = (Revision.article_id == text.id, Revision.locale == text.locale)
    last = session.scalar(select(func.max(Revision.number)).where(*same_article)) or 0
    revision = Revision(
        article_id=text.id,
        locale=text.locale,
        number=last + 1,
        title=text.title,
        short_answer=text.short_answer,
        body=text.body,
        questions=list(text.questions),
        category=text.category,
        tags=list(text.tags),
        aliases=list(text.aliases),
        created_at=now or utc_now(),
    )
    session.add(revision)
    session.flush()
    return revision


def _drafted(session: Session, translation: Translation, text: ArticleText) -> Revision | None:
    """The draft, which is none any more, if it says what is published."""
    if translation.draft_revision_id is None:
        return None
    draft = session.get(Revision, translation.draft_revision_id)
    if draft is None or text_of(draft) != text:
        return None
    translation.draft_revision_id = None
    return draft


def _forget_passages(session: Session, translation: Translation) -> None:
    if translation.live_revision_id is not None:
        session.execute(delete(Passage).where(Passage.revision_id == translation.live_revision_id))


def _row(revision: Revision, passage: PassageText) -> dict[str, object]:
    return {
        "revision_id": revision.id,
        "ordinal": passage.ordinal,
        "kind": passage.kind,
        "heading_path": list(passage.heading_path),
        "text": passage.text,
        "content_hash": passage.content_hash,
    }


def count_on(session: Session) -> int:
    """Counts one on. The first thing a change does: whoever changes next waits here until this one is committed."""
    insert_new(session, IndexVersion, [{"id": 1, "version": 0}])
    one_more = update(IndexVersion).values(version=IndexVersion.version + 1)
    session.execute(one_more.execution_options(synchronize_session=False))
    return session.scalars(select(IndexVersion.version)).one()


def _tell(session: Session, article_id: str, locale: str, version: int) -> None:
    upsert(session, IndexChange, {"article_id": article_id, "locale": locale}, {"version": version})
