"""Searching the help centre: by meaning, by a confidence that is calibrated, and by words that are half typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from knowledge.answering import Reading, decide, read, understand
from knowledge.embedding import Embedder
from knowledge.help.catalogue import Catalogue
from knowledge.help.marking import Piece, best_sentence, marked, shortened, telling_words
from knowledge.index import ArticleView, Snapshot
from knowledge.index.records import Key
from knowledge.search import Found, Question

QUERY_LENGTH = 500
"""Characters; a longer text is no search."""
RESULTS = 8
SUGGESTIONS = 6
NEAR = 3
BY_TITLE_FIRST = 3
"""Suggestions by half-typed words that stand before those by meaning."""
AS_GOOD = 0.12
"""Points of score that a result may lie behind the first, whatever its words."""
SHARES_WORDS = 0.25
"""And one in which most of the telling words stand."""
MOST_WORDS = 0.6
NEARER = 0.06
"""How much nearer to the query than the short answer a passage must be to be shown instead."""
SHORTEST_WORD = 3
"""Letters of half a word that is searched for; suggestions begin earlier."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd\ud800-\udfff]")

Kind = Literal["found", "nothing", "empty", "too_long"]


@dataclass(frozen=True)
class Result:
    article: ArticleView
    sentence: str
    """What of the article fits the query best."""
    words: Set[str]
    """Those of the query that are worth marking, as the index knows them."""

    @property
    def title_pieces(self) -> list[Piece]:
        return marked(self.article.title, self.words, self.article.locale)

    @property
    def answer_pieces(self) -> list[Piece]:
        return marked(self.article.short_answer, self.words, self.article.locale)

    @property
    def sentence_pieces(self) -> list[Piece]:
        return marked(self.sentence, self.words, self.article.locale)


@dataclass(frozen=True)
class Results:
    kind: Kind
    query: str
    """As it was searched for."""
    read_as: str = ""
    """What was searched for instead, if words of the query were read as other ones."""
    results: tuple[Result, ...] = ()
    is_answered: bool = False
    """Whether the first result is sure to be meant."""
    near: tuple[ArticleView, ...] = ()
    """Where nothing was found: articles that at least say some of the words, nearest first."""


def cleaned(query: str) -> str:
    """A query in one line, without characters that nobody types."""
    return " ".join(CONTROL.sub(" ", query).split())


def search(catalogue: Catalogue, embedder: Embedder, query: str, locale: str, answered_from: float) -> Results:
    """What a reader sees for a query, of any length and with anything in it."""
    query = cleaned(query)
    if not query:
        return Results("empty", "")
    if len(query) > QUERY_LENGTH:
        return Results("too_long", query[:QUERY_LENGTH])
    reading, found = _by_meaning(catalogue.snapshot, embedder, query, locale, answered_from)
    by_title = [] if len(query) < SHORTEST_WORD else catalogue.titles(locale).matching(query, RESULTS)
    results = _results(catalogue.snapshot, reading, locale, found, [] if found else by_title)
    kind, _ = decide(reading, answered_from) if reading else ("unknown", ())
    read_as = reading.question.text if reading and found and reading.question.text != query else ""
    if not results:
        return Results("nothing", query, near=_near(catalogue.snapshot, reading, locale))
    return Results("found", query, read_as, tuple(results[:RESULTS]), kind == "answer")


def suggest(catalogue: Catalogue, embedder: Embedder, typed: str, locale: str, answered_from: float) -> list[Result]:
    """What somebody may be typing: articles named so, and articles that mean what is there already."""
    typed = cleaned(typed)
    if not typed or len(typed) > QUERY_LENGTH:
        return []
    titles = catalogue.titles(locale)
    by_title = titles.matching(typed, SUGGESTIONS)
    meant = titles.completed(typed)
    reading, found = _by_meaning(catalogue.snapshot, embedder, meant, locale, answered_from)
    first, later = by_title[:BY_TITLE_FIRST], by_title[BY_TITLE_FIRST:]
    named = _results(catalogue.snapshot, reading, locale, (), first)
    rest = _results(catalogue.snapshot, reading, locale, found, later)
    by_key: dict[Key, Result] = {}
    for result in chain(named, rest):
        by_key.setdefault(result.article.key, result)
    return list(by_key.values())[:SUGGESTIONS]


def nearest(catalogue: Catalogue, embedder: Embedder, text: str, locale: str, limit: int) -> list[ArticleView]:
    """The articles that are most about something, however much that is."""
    asked = Question(text, locale, embedder.embed_question(text), embedder.parts)
    return [catalogue.snapshot.articles[one.key] for one in read(catalogue.snapshot, asked).found[:limit]]


def _by_meaning(
    snapshot: Snapshot, embedder: Embedder, query: str, locale: str, answered_from: float
) -> tuple[Reading | None, Sequence[Found]]:
    if not snapshot.articles or not any(character.isalnum() for character in query):
        return None, ()
    asked = Question(query, locale, embedder.embed_question(query), embedder.parts)
    reading = understand(snapshot, embedder, asked, answered_from)
    kind, shown = decide(reading, answered_from)
    if kind == "unknown":
        return reading, ()
    keys = {one.key for one in shown}
    first = reading.found[0]
    return reading, [one for one in reading.found if one.key in keys or _is_worth_showing(first, one)]


def _near(snapshot: Snapshot, reading: Reading | None, locale: str) -> tuple[ArticleView, ...]:
    own = [one for one in reading.found if one.covered > 0 and one.key[1] == locale] if reading else []
    return tuple(snapshot.articles[one.key] for one in own[:NEAR])


def _is_worth_showing(first: Found, one: Found) -> bool:
    behind = first.score - one.score
    return behind <= AS_GOOD or (behind <= SHARES_WORDS and one.covered >= MOST_WORDS)


def _results(
    snapshot: Snapshot,
    reading: Reading | None,
    locale: str,
    found: Sequence[Found],
    by_title: Sequence[ArticleView],
) -> list[Result]:
    text = reading.question.text if reading else ""
    text = snapshot.spelled(text, locale)
    words = {one: telling_words(snapshot, text, one) for one in {locale, *(each.key[1] for each in found)}}
    results = list(_of_found(snapshot, reading, found, words)) if reading else []
    shown = {result.article.key for result in results}
    for article in by_title:
        if article.key not in shown:
            sentence = best_sentence(article.short_answer, words[locale], locale)
            results.append(Result(article, sentence, words[locale]))
    return results


def _of_found(
    snapshot: Snapshot, reading: Reading, found: Sequence[Found], words: dict[str, frozenset[str]]
) -> Iterator[Result]:
    for one in found:
        article, own = snapshot.articles[one.key], words[one.key[1]]
        sentence = best_sentence(_nearest_text(snapshot, reading.question, one), own, article.locale)
        yield Result(article, sentence or shortened(article.short_answer), own)


def _nearest_text(snapshot: Snapshot, question: Question, found: Found) -> str:
    """Of an article's short answer and body the passage nearest to a question: a title is shown anyway."""
    rows = [row for row in snapshot.rows_of(*found.key) if snapshot.passages[row].kind in ("short", "body")]
    if not rows:
        return ""
    passages = [snapshot.passages[row] for row in rows]
    likeness = snapshot.cosines(question.vector, rows)
    likeness += [NEARER if passage.kind == "short" else 0.0 for passage in passages]
    return passages[int(likeness.argmax())].text
