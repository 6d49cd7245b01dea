"""What can be found at one moment. A snapshot never changes, so readers need no locks; a change makes the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.index.dense import best
from knowledge.index.lexical import Lexicon, Part
from knowledge.index.records import ArticleView, Key, Loaded, PassageRecord, Rows, Scores, Vectors
from knowledge.index.segment import Segment, Shelf
from knowledge.index.spelling import SHORTEST, closest, spellings
from knowledge.index.tokens import WORD, tokens, words_of_question

Gone = Mapping[str, int]
"""In how many passages of an article that is gone each word occurs."""


class Snapshot:
    """A large segment, a small one of what changed since it was made, and what is gone from the large one.

    Passages are known by their row: first those of the large segment, then those of the small one. A row means
    something in its own snapshot only.
    """

    def __init__(self, version: int, large: Segment, recent: Mapping[Key, Loaded], gone: Mapping[Key, Gone]) -> None:
        self.version = version
        """The change counter: everything up to it is in here."""
        self.large = large
        self.recent = recent
        self.gone = gone
        self.small = Segment.of_entries(recent.values(), large.vectors.shape[1])
        self.dead = _dead_rows(large, self.gone)
        self.articles: Mapping[Key, ArticleView] = _articles(large, self.gone, self.small)
        self.passages: Sequence[PassageRecord] = Passages(large.passages, self.small.passages)
        self._first_small = len(large.passages)
        self._keys = [*large.rows, *self.small.rows]
        self._translations: dict[str, Rows] = {}
        self._owners = np.concatenate((large.owners, self.small.owners + len(large.rows)))
        self._lexicons = {locale: self._lexicon(locale) for locale in sorted({*large.shelves, *self.small.shelves})}

    @classmethod
    def of(cls, version: int, loaded: Loaded) -> Snapshot:
        return cls(version, Segment.of(loaded), {}, {})

    def changed(self, version: int, keys: Iterable[Key], loaded: Loaded) -> Snapshot:
        """The next snapshot, in which the articles of these keys are as loaded; one that was not loaded is gone."""
        keys = set(keys)
        recent = {key: entry for key, entry in self.recent.items() if key not in keys}
        recent |= {entry.articles[0].key: entry for entry in loaded.one_by_one()}
        newly = (keys & self.large.articles.keys()) - self.gone.keys()
        gone = dict(self.gone) | {key: self._words_in_passages(key) for key in newly}
        return Snapshot(version, self.large, recent, gone)

    def merged(self) -> Snapshot:
        """The same in one segment; takes seconds when there are many passages."""
        return Snapshot(self.version, self.large.extended(self.dead, self.small), {}, {})

    @property
    def unmerged(self) -> int:
        """Rows that slow the search down until they are merged."""
        return len(self.small.passages) + int(self.dead.sum())

    def rows_of(self, article_id: str, locale: str) -> range:
        """The rows of a live article; none if it isn't live."""
        key = article_id, locale
        if key in self.small.rows:
            rows = self.small.rows[key]
            return range(rows.start + self._first_small, rows.stop + self._first_small)
        return range(0) if key in self.gone else self.large.rows.get(key, range(0))

    def keys_of(self, places: Iterable[int]) -> list[Key]:
        """The articles that have these places."""
        return [self._keys[place] for place in places]

    def places_of(self, rows: Rows, locale: str) -> Rows:
        """Of each row the place of its article: a number by which the snapshot knows it. If the article is there in
        this language, that one's: two languages of one article aren't two candidates."""
        found: Rows = self._in_language(locale)[self._owners[rows]]
        return found

    def place(self, key: Key) -> int:
        """Of a live article."""
        return self._places[key]

    def layout(self, places: npt.ArrayLike) -> tuple[Rows, Rows, Rows]:
        """Of live articles the first row, how many there are, and how many of them are title and example questions."""
        starts, sizes, questions = self._layout[:, np.asarray(places, dtype=np.int64)]
        return starts, sizes, questions

    def languages(self, places: Rows) -> Rows:
        """Of articles their language, as its place among `locales`."""
        found: Rows = self._languages[places]
        return found

    @cached_property
    def locales(self) -> tuple[str, ...]:
        """Of all articles."""
        return tuple(sorted({locale for _, locale in self._keys}))

    @cached_property
    def _languages(self) -> Rows:
        return np.array([self.locales.index(locale) for _, locale in self._keys], dtype=np.int64)

    def _in_language(self, locale: str) -> Rows:
        found = self._translations.get(locale)
        if found is None:
            own = [self._places.get((id, locale), place) for place, (id, _) in enumerate(self._keys)]
            found = self._translations[locale] = np.array(own, dtype=np.int64)
        return found

    @cached_property
    def _places(self) -> dict[Key, int]:
        """Of each live article; one that is gone, or is a new one by now, is not asked for."""
        return {key: at for at, key in enumerate(self._keys) if key in self.small.rows or key not in self.gone}

    @cached_property
    def _layout(self) -> Rows:
        rows = [self.rows_of(*key) for key in self._keys]
        questions = [len(self.articles[key].questions) + 1 if key in self.articles else 0 for key in self._keys]
        return np.array([[each.start for each in rows], [len(each) for each in rows], questions], dtype=np.int64)

    def dense(self, vector: Vectors, k: int, locale: str | None = None) -> tuple[Rows, Scores]:
        """The k rows whose vectors have the largest inner product with a float32 vector, best first."""
        vector = np.ascontiguousarray(vector, dtype=np.float32)
        found = [self._large_nearest(shelf, vector, k) for shelf in _chosen(self.large, locale)]
        for shelf in _chosen(self.small, locale):
            rows, scores = shelf.nearest.search(vector, k)
            found.append((rows + shelf.rows.start + self._first_small, scores))
        return _together(found, k)

    def lexical(self, text: str, k: int, locale: str | None = None) -> tuple[Rows, Scores]:
        """The k rows of highest BM25, best first; the text is stemmed by each passage's own language."""
        locales = list(self._lexicons) if locale is None else [locale]
        found = [
            self._lexicons[locale].search(tokens(text, locale), k) for locale in locales if locale in self._lexicons
        ]
        return _together(found, k)

    def lexical_many(self, texts: Sequence[str], k: int, locale: str) -> list[tuple[Rows, Scores]]:
        """Of each text the k rows of a language that score best, and maybe more, and their BM25, in no order."""
        lexicon = self._lexicons.get(locale)
        if lexicon is None:
            return [_together((), 0) for _ in texts]
        return lexicon.search_many([words_of_question(text, locale) for text in texts], k)

    def weights(self, text: str, locale: str) -> dict[str, float]:
        """The words of a text as the index knows them, each with how rare it is among the passages of a language."""
        lexicon = self._lexicons.get(locale)
        return {word: lexicon.idf(word) if lexicon else 0.0 for word in dict.fromkeys(words_of_question(text, locale))}

    def said(self, words: Sequence[str], locale: str, asked: Rows, starts: Rows, stops: Rows) -> npt.NDArray[np.bool_]:
        """Whether words, as the index knows them, which are asked for by their number, stand in the rows from a start
        and before a stop; these are those of articles of this language.
        """
        lexicon = self._lexicons.get(locale)
        return np.zeros(len(asked), dtype=np.bool_) if lexicon is None else lexicon.said(words, asked, starts, stops)

    def spelled(self, text: str, locale: str, is_word: Callable[[str], bool] = lambda _: False) -> str:
        """A text with the words that no passage of a language has replaced by those that were probably meant.

        `is_word`: which of them are spelled right all the same: nobody who writes "bread" means "break".
        """
        return WORD.sub(lambda found: self._meant(found.group(), locale, is_word), text)

    def frequency(self, term: str, locale: str) -> int:
        """In how many passages of a language a term occurs; of several words, the rarest."""
        lexicon = self._lexicons.get(locale)
        return min((lexicon.frequency(word) for word in tokens(term, locale)), default=0) if lexicon else 0

    def vectors(self, rows: npt.ArrayLike) -> Vectors:
        """float32[n, dimensions], as stored."""
        rows = np.asarray(rows, dtype=np.int64)
        found = np.empty((len(rows), self.large.vectors.shape[1]), dtype=np.float32)
        in_large = rows < self._first_small
        found[in_large] = self.large.vectors[rows[in_large]]
        found[~in_large] = self.small.vectors[rows[~in_large] - self._first_small]
        return found

    def cosines(self, vector: Vectors, rows: npt.ArrayLike) -> Scores:
        """Exact inner products of a vector with those of the rows."""
        products: Scores = self.vectors(rows) @ np.asarray(vector, dtype=np.float32)
        return products

    def products(self, vectors: Vectors, columns: slice) -> Scores:
        """Inner products of many vectors with every row, gone ones too, of these columns: float32[vectors, rows]."""
        found = np.empty((len(vectors), len(self.passages)), dtype=np.float32)
        np.matmul(vectors[:, columns], self.large.vectors[:, columns].T, out=found[:, : self._first_small])
        np.matmul(vectors[:, columns], self.small.vectors[:, columns].T, out=found[:, self._first_small :])
        return found

    def _meant(self, written: str, locale: str, is_word: Callable[[str], bool]) -> str:
        lexicon = self._lexicons.get(locale)
        if lexicon is None or len(written) < SHORTEST or not written.isalpha():
            return written
        stems = tokens(written, locale)
        if any(map(lexicon.frequency, stems)):
            return written
        found = lexicon.meant(spellings(written.lower(), stems))
        if found is None or is_word(written):
            return written
        stem, rows = found
        words = {word for row in rows for word in WORD.findall(self.passages[row].text)}
        return closest(written, (word for word in words if tokens(word, locale) == [stem])) or stem

    def _words_in_passages(self, key: Key) -> Gone:
        rows = self.large.rows.get(key, range(0))
        return Counter(word for row in rows for word in set(self.large.passages[row].words()))

    def _large_nearest(self, shelf: Shelf, vector: Vectors, k: int) -> tuple[Rows, Scores]:
        dead = self.dead[shelf.rows.start : shelf.rows.stop]
        gone = int(np.count_nonzero(dead))
        # Few of the nearest are gone, as a rule; when many are, as many more are looked for.
        for more in sorted({min(gone, k), gone}):
            rows, scores = shelf.nearest.search(vector, k, more)
            alive = ~dead[rows]
            if np.count_nonzero(alive) >= k:
                break
        return rows[alive] + shelf.rows.start, scores[alive]

    def _lexicon(self, locale: str) -> Lexicon:
        parts = []
        if shelf := self.large.shelves.get(locale):
            dead = self.dead[shelf.rows.start : shelf.rows.stop]
            parts.append(Part(shelf.postings, shelf.rows.start, dead if dead.any() else None))
        if shelf := self.small.shelves.get(locale):
            parts.append(Part(shelf.postings, shelf.rows.start + self._first_small))
        return Lexicon(parts, _dead_words(self.gone, locale))


class Passages(Sequence[PassageRecord]):
    """The passages of two segments, by row."""

    def __init__(self, large: Sequence[PassageRecord], small: Sequence[PassageRecord]) -> None:
        self._large, self._small = large, small

    def __len__(self) -> int:
        return len(self._large) + len(self._small)

    def __getitem__(self, row: Any) -> Any:
        return self._large[row] if row < len(self._large) else self._small[row - len(self._large)]


def _dead_rows(large: Segment, gone: Iterable[Key]) -> npt.NDArray[np.bool_]:
    dead = np.zeros(len(large.passages), dtype=np.bool_)
    for key in gone:
        if rows := large.rows.get(key):
            dead[rows.start : rows.stop] = True
    return dead


def _dead_words(gone: Mapping[Key, Gone], locale: str) -> Mapping[str, int]:
    words: Counter[str] = Counter()
    for key, passages in gone.items():
        if key[1] == locale:
            words.update(passages)
    return words


def _articles(large: Segment, gone: Collection[Key], small: Segment) -> dict[Key, ArticleView]:
    articles = dict(large.articles)
    for key in gone:
        del articles[key]
    return articles | dict(small.articles)


def _chosen(segment: Segment, locale: str | None) -> list[Shelf]:
    if locale is None:
        return list(segment.shelves.values())
    shelf = segment.shelves.get(locale)
    return [shelf] if shelf else []


def _together(found: Sequence[tuple[Rows, Scores]], k: int) -> tuple[Rows, Scores]:
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    return best(np.concatenate([rows for rows, _ in found]), np.concatenate([scores for _, scores in found]), k)
