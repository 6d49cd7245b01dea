"""What the index knows of articles and passages: frozen, shared by every snapshot that holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property

import numpy as np
import numpy.typing as npt

from knowledge.addresses import article_path
from knowledge.index.tokens import tokens

Key = tuple[str, str]
"""An article's id and locale."""
Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
LONG_AGO = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class ArticleView:
    """The live revision of an article in one language."""

    id: str
    locale: str
    title: str
    short_answer: str
    body: str
    category: str
    tags: tuple[str, ...]
    questions: tuple[str, ...]
    revision_id: int
    aliases: tuple[str, ...] = ()
    updated: datetime = LONG_AGO
    """When this revision was written."""

    @property
    def key(self) -> Key:
        return self.id, self.locale

    @property
    def url(self) -> str:
        return article_path(self.locale, self.id)


@dataclass(frozen=True, slots=True)
class PassageRecord:
    article_id: str
    locale: str
    kind: str
    """`title`, `question`, `short` or `body`."""
    heading_path: tuple[str, ...]
    text: str
    ordinal: int

    @property
    def key(self) -> Key:
        return self.article_id, self.locale

    def words(self) -> list[str]:
        """What the lexical index knows it by."""
        return tokens("\n".join((*self.heading_path, self.text)), self.locale)


@dataclass(frozen=True)
class Loaded:
    """Articles with their passages and vectors, as read from the database."""

    articles: tuple[ArticleView, ...]
    passages: tuple[PassageRecord, ...]
    """Ordered by locale, article and ordinal."""
    vectors: Vectors
    """A row per passage."""
    incomplete: bool = False
    """Passages were left out, because they have no vector of the model."""

    def one_by_one(self) -> Iterator[Loaded]:
        """Each article by itself."""
        rows = defaultdict(list)
        for row, passage in enumerate(self.passages):
            rows[passage.key].append(row)
        for article in self.articles:
            own = rows[article.key]
            yield Loaded((article,), tuple(self.passages[row] for row in own), self.vectors[own])

    @cached_property
    def words(self) -> list[list[str]]:
        return [passage.words() for passage in self.passages]
