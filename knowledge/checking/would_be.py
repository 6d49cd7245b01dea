"""What would be found if given texts were live: an overlay on what is, in memory alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.article_text import ArticleText
from knowledge.index import Snapshot
from knowledge.index.records import ArticleView, Key, Loaded, PassageRecord
from knowledge.library import Knowledge
from knowledge.passages import PassageText, passages_of

NOT_PUBLISHED = 0
"""The revision of a text that has none yet."""


@dataclass(frozen=True)
class WouldBe:
    """What customers would find, and what staff alone would."""

    customers: Snapshot
    staff: Snapshot

    def of(self, *, staff: bool) -> Snapshot:
        return self.staff if staff else self.customers


def would_be(knowledge: Knowledge, texts: Sequence[ArticleText], gone: Collection[Key] = ()) -> WouldBe:
    """With these texts live and these articles withdrawn. Nothing is written; what is new is embedded.

    An internal text is found by staff alone, and takes away what customers found of its article.
    """
    keys = {*gone, *(key_of(text) for text in texts)}
    loaded = {
        internal: _loaded(knowledge, [text for text in texts if text.internal == internal])
        for internal in (False, True)
    }
    return WouldBe(
        _changed(knowledge.snapshot, keys, loaded[False]),
        _changed(knowledge.internal, keys, loaded[True]),
    )


def key_of(text: ArticleText) -> Key:
    return text.id, text.locale


def _changed(snapshot: Snapshot, keys: Collection[Key], loaded: Loaded) -> Snapshot:
    if not loaded.articles and not any(key in snapshot.articles for key in keys):
        return snapshot
    return snapshot.changed(snapshot.version, keys, loaded)


def _loaded(knowledge: Knowledge, texts: Sequence[ArticleText]) -> Loaded:
    ordered = sorted(texts, key=lambda text: (text.locale, text.id))
    passages = [(text, passage) for text in ordered for passage in passages_of(text)]
    vectors = knowledge.tried.passages({passage.content_hash: passage.embedded for _, passage in passages})
    found = [vectors[passage.content_hash] for _, passage in passages]
    return Loaded(
        tuple(map(_view, ordered)),
        tuple(_record(text, passage) for text, passage in passages),
        np.stack(found) if found else np.empty((0, knowledge.embedder.dimensions), dtype=np.float32),
    )


def _view(text: ArticleText) -> ArticleView:
    return ArticleView(
        id=text.id,
        locale=text.locale,
        title=text.title,
        short_answer=text.short_answer,
        body=text.body,
        category=text.category,
        tags=text.tags,
        questions=text.questions,
        revision_id=NOT_PUBLISHED,
        aliases=text.aliases,
    )


def _record(text: ArticleText, passage: PassageText) -> PassageRecord:
    return PassageRecord(text.id, text.locale, passage.kind, passage.heading_path, passage.text, passage.ordinal)
