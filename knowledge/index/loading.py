"""Reading what is live from the database: articles, passages and their vectors, the latter into one array."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.articles import Embedding, IndexChange, IndexVersion, Passage, Revision, Translation
from knowledge.index.records import ArticleView, Key, Loaded, PassageRecord, Vectors
from knowledge.vectors import steps

IDS_PER_QUERY = 500
ARTICLE = select(
    Revision.id,
    Revision.article_id,
    Revision.locale,
    Revision.title,
    Revision.short_answer,
    Revision.body,
    Revision.category,
    Revision.tags,
    Revision.questions,
    Revision.aliases,
    Revision.created_at,
)
PASSAGE = select(
    Passage.revision_id, Passage.ordinal, Passage.kind, Passage.heading_path, Passage.text, Passage.content_hash
)


def version_of(session: Session) -> int:
    """How often what is live has changed; read on its own, it costs a tenth of a millisecond."""
    return session.scalars(select(IndexVersion.version)).one_or_none() or 0


def changed_since(session: Session, version: int) -> list[Key]:
    changes = select(IndexChange.article_id, IndexChange.locale).where(IndexChange.version > version)
    return [(article_id, locale) for article_id, locale in session.execute(changes)]


def load(
    session: Session, model: str, dimensions: int, keys: Collection[Key] | None = None, *, internal: bool = False
) -> Loaded:
    """The live articles, all or those of the keys; a key that is not live is left out.

    `internal`: those for staff alone, and no others; otherwise none of them.
    """
    articles = sorted(_articles(session, keys, internal), key=lambda article: (article.locale, article.id))
    passages, hashes = _passages(session, articles)
    vectors, found = _vectors(session, model, dimensions, hashes)
    if found.all():
        return Loaded(tuple(articles), tuple(passages), vectors)
    embedded = tuple(record for record, has_vector in zip(passages, found, strict=True) if has_vector)
    return Loaded(tuple(articles), embedded, vectors[found], incomplete=True)


def _articles(session: Session, keys: Collection[Key] | None, internal: bool) -> Iterator[ArticleView]:
    for ids in steps(_live_revisions(session, keys, internal), IDS_PER_QUERY):
        for row in session.execute(ARTICLE.where(Revision.id.in_(ids))):
            yield ArticleView(
                id=row.article_id,
                locale=row.locale,
                title=row.title,
                short_answer=row.short_answer,
                body=row.body,
                category=row.category,
                tags=tuple(row.tags),
                questions=tuple(row.questions),
                revision_id=row.id,
                aliases=tuple(row.aliases),
                updated=row.created_at,
            )


def _live_revisions(session: Session, keys: Collection[Key] | None, internal: bool) -> Iterator[int]:
    live = (
        select(Translation.article_id, Translation.locale, Translation.live_revision_id)
        .join(Revision, Revision.id == Translation.live_revision_id)
        .where(Revision.internal.is_(internal))
    )
    if keys is None:
        yield from (row.live_revision_id for row in session.execute(live).all())
        return
    for ids in steps({article_id for article_id, _ in keys}, IDS_PER_QUERY):
        for row in session.execute(live.where(Translation.article_id.in_(ids))).all():
            if (row.article_id, row.locale) in keys:
                yield row.live_revision_id


def _passages(session: Session, articles: Sequence[ArticleView]) -> tuple[list[PassageRecord], list[str]]:
    records: list[PassageRecord] = []
    hashes: list[str] = []
    for some in steps(articles, IDS_PER_QUERY):
        by_revision = defaultdict(list)
        of_some = Passage.revision_id.in_([article.revision_id for article in some])
        for revision_id, *passage in session.execute(PASSAGE.where(of_some).order_by(Passage.ordinal)):
            by_revision[revision_id].append(passage)
        for article in some:
            for ordinal, kind, path, text, content_hash in by_revision[article.revision_id]:
                records.append(PassageRecord(article.id, article.locale, kind, tuple(path), text, ordinal))
                hashes.append(content_hash)
    return records, hashes


def _vectors(
    session: Session, model: str, dimensions: int, hashes: Sequence[str]
) -> tuple[Vectors, npt.NDArray[np.bool_]]:
    vectors = np.empty((len(hashes), dimensions), dtype=np.float32)
    found = np.zeros(len(hashes), dtype=np.bool_)
    for rows in steps(range(len(hashes)), IDS_PER_QUERY):
        of_some = Embedding.content_hash.in_({hashes[row] for row in rows})
        query = select(Embedding.content_hash, Embedding.vector).where(Embedding.model == model, of_some)
        stored = {content_hash: vector for content_hash, vector in session.execute(query)}  # noqa: C416  mypy
        for row in rows:
            if (vector := stored.get(hashes[row])) is not None:
                vectors[row] = np.frombuffer(vector, dtype="<f4")
                found[row] = True
    return vectors, found
