"""A help centre that is kept in files: what is wrong with each, and which questions would be broken if it were live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.article_text import ArticleError, ArticleText
from knowledge.checking.checks import Checked, check
from knowledge.checking.expecting import of_text
from knowledge.checking.would_be import key_of
from knowledge.importing import Seen, once, opened
from knowledge.index.records import Key
from knowledge.library import Knowledge
from knowledge.passages import passages_of
from knowledge.vectors import TEXTS_PER_STEP, Progress, embed_new, remembered_questions, steps, store


@dataclass(frozen=True)
class Bad:
    """What an import would not take."""

    where: str
    reason: str


@dataclass(frozen=True)
class Report:
    texts: Sequence[ArticleText]
    places: Mapping[Key, str]
    """Where each article stands."""
    bad: Sequence[Bad]
    questions: int
    broken: Sequence[Checked]

    @property
    def is_well(self) -> bool:
        return not (self.bad or self.broken)


@dataclass
class _Taken:
    texts: list[ArticleText] = field(default_factory=list)
    places: dict[Key, str] = field(default_factory=dict)
    bad: list[Bad] = field(default_factory=list)


def check_folder(knowledge: Knowledge, folder: Path, progress: Progress | None = None) -> Report:
    """Asks all articles of a folder their questions. Raises ArticleError if there is no such folder, or no article.

    `knowledge`: of a database without an article, in which vectors are kept for the next time.
    """
    taken = _taken(folder)
    if not taken.texts and not taken.bad:
        raise ArticleError(f"{folder} has no articles.")
    _embed(knowledge, taken.texts, progress)
    checked = check(knowledge, taken.texts, progress=progress)
    broken = [one for one in checked if not one.holds]
    return Report(taken.texts, taken.places, taken.bad, len(checked), broken)


def _taken(folder: Path) -> _Taken:
    taken, seen = _Taken(), Seen()
    with opened(folder) as source:
        for found in (*source.problems, *(once(one, seen) for one in source.read(0))):
            if found.text is None:
                taken.bad.append(Bad(found.where, str(found.problem)))
            elif not found.is_draft:
                taken.texts.append(found.text)
                taken.places[key_of(found.text)] = found.where
    return taken


def _embed(knowledge: Knowledge, texts: Sequence[ArticleText], progress: Progress | None) -> None:
    """What has no vector yet."""
    embedded = {one.content_hash: one.embedded for text in texts for one in passages_of(text)}
    done = 0
    for step in steps(embedded.items(), TEXTS_PER_STEP):
        vectors = embed_new(knowledge.database, knowledge.embedder, dict(step))
        with knowledge.database.transaction() as session:
            store(session, knowledge.embedder.name, vectors)
        done += len(step)
        if progress:
            progress(done, len(embedded))
    questions = dict.fromkeys(one.expectation.question for text in texts for one in of_text(text))
    remembered_questions(knowledge.database, knowledge.embedder, list(questions), progress)
