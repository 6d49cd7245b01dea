"""What customers see: a text is published, an article is withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from db import Database, utc_now
from knowledge.addresses import article_at
from knowledge.article_text import ArticleError, ArticleText, text_of
from knowledge.articles import IndexChange, IndexVersion, Passage, Revision, Translation
from knowledge.drafts import fields_of, find_draft, save_draft, says, translation_of
from knowledge.embedding import Embedder
from knowledge.index.records import Key
from knowledge.linking import named_links, unnamed_links
from knowledge.passages import PassageText, passages_of
from knowledge.redirects import key_today
from knowledge.rows import insert_new, upsert, upsert_selected
from knowledge.translations import catch_up
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


@dataclass(frozen=True)
class By:
    """Who publishes, and what they say of it to colleagues."""

    author_id: str | None = None
    note: str = ""
    approved_by: str | None = None


NOBODY = By()
"""An import, or the command line."""


def prepare(database: Database, embedder: Embedder, texts: Sequence[ArticleText]) -> list[Prepared]:
    """Cuts texts into passages and embeds what is new in them, in one call."""
    titles = _titles(database, texts)
    passages = [tuple(passages_of(_read_aloud(text, titles))) for text in texts]
    embedded = {passage.content_hash: passage.embedded for group in passages for passage in group}
    new = embed_new(database, embedder, embedded)
    return [Prepared.of(text, group, embedder.name, new) for text, group in zip(texts, passages, strict=True)]


def _read_aloud(text: ArticleText, titles: Mapping[Key, str]) -> ArticleText:
    """With the titles of the articles that it links to by nothing else: a passage is said without its links."""
    wanted = {name: titles.get((name, text.locale), "") for name in unnamed_links(text.body)}
    return replace(text, body=named_links(text.body, wanted)) if wanted else text


def _titles(database: Database, texts: Sequence[ArticleText]) -> dict[Key, str]:
    """Of the live articles that texts link to by their titles, and of the texts themselves."""
    ids = {name for text in texts for name in unnamed_links(text.body)}
    if not ids:
        return {}
    query = select(Revision.article_id, Revision.locale, Revision.title).join(
        Translation, Translation.live_revision_id == Revision.id
    )
    with database.reading() as session:
        rows = session.execute(query.where(Revision.article_id.in_(ids), Revision.internal.is_(False))).all()
    return {(row.article_id, row.locale): row.title for row in rows} | {
        (one.id, one.locale): one.title for one in texts
    }


def is_open(database: Database, path: str) -> bool:
    """Whether customers can open a path of the help centre: one of an article only while it is live for them."""
    article_id = article_at(path)
    if article_id is None:
        return True
    live = select(Revision.id).join(Translation, Translation.live_revision_id == Revision.id)
    with database.reading() as session:
        read = live.where(Revision.article_id == article_id, Revision.internal.is_(False)).limit(1)
        return session.scalar(read) is not None


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


def publish(session: Session, *prepared: Prepared, now: datetime | None = None, by: By = NOBODY) -> list[Revision]:
    """Makes texts the live ones; a draft that says the same is none any more.

    A text that is live already stays as it is, without a new revision.
    """
    version = count_on(session)
    for each in prepared:
        store(session, each.model, each.vectors)
    return [_publish(session, each, version, now or utc_now(), by) for each in prepared]


def withdraw(session: Session, article_id: str, locale: str, *, now: datetime | None = None) -> None:
    """Takes an article from the customers' sight in one language; its text stays as the draft, unless there is one."""
    version = count_on(session)
    translation = session.get(Translation, (article_id, locale))
    live = live_of(session, article_id, locale)
    if translation is None or live is None:
        raise ArticleError(
            f"The article {article_id!r} is not published in {locale!r}.",
            f"Der Artikel „{article_id}“ ist in „{locale}“ nicht veröffentlicht.",
        )
    _forget_passages(session, translation)
    if find_draft(session, article_id, locale) is None:
        save_draft(session, article_id, locale, fields_of(live), now=now, user_id=live.author_id)
    translation.live_revision_id = None
    _tell(session, article_id, locale, version)


def text_today(session: Session, text: ArticleText) -> ArticleText:
    """A text in its category by the key of today; it may have been written when it had another one."""
    return replace(text, category=key_today(session, text.category))


def _publish(session: Session, prepared: Prepared, version: int, now: datetime, by: By) -> Revision:
    text = text_today(session, prepared.text)
    translation = translation_of(session, text.id, text.locale)
    _forget_draft(session, text)
    live = live_of(session, text.id, text.locale)
    if live is not None and text_of(live) == text:
        return live
    revision = _write(session, text, now, by)
    _forget_passages(session, translation)
    session.execute(insert(Passage), [_row(revision, passage) for passage in prepared.passages])
    translation.live_revision_id = revision.id
    translation.archived_at = None
    catch_up(session, translation)
    if translation.review_months:
        translation.review_on = now.date() + relativedelta(months=translation.review_months)
    _tell(session, text.id, text.locale, version)
    return revision


def _forget_draft(session: Session, text: ArticleText) -> None:
    draft = find_draft(session, text.id, text.locale, lock=True)
    if draft is not None and says(draft, text):
        session.delete(draft)


def _write(session: Session, text: ArticleText, now: datetime, by: By) -> Revision:
    same_article = (Revision.article_id == text.id, Revision.locale == text.locale)
    last = session.scalar(select(func.max(Revision.number)).where(*same_article)) or 0
    revision = Revision(
        article_id=text.id,
        locale=text.locale,
        number=last + 1,
        category_then=text.category,
        **fields_of(text),
        created_at=now,
        author_id=by.author_id,
        approved_by=by.approved_by,
        note=by.note,
    )
    session.add(revision)
    session.flush()
    return revision


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


def tell_category(session: Session, key: str) -> None:
    """Says that every live article of a category is to be read anew; what they say has not changed."""
    version = count_on(session)
    moved = select(Translation.article_id, Translation.locale, literal(version).label("version"))
    live = moved.join(Revision, Revision.id == Translation.live_revision_id).where(Revision.category == key)
    upsert_selected(session, IndexChange, live, {"version": version})


def _tell(session: Session, article_id: str, locale: str, version: int) -> None:
    upsert(session, IndexChange, {"article_id": article_id, "locale": locale}, {"version": version})
