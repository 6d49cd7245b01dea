"""Finding articles by half-typed words: those that begin a word of a title, a tag or an example question."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from knowledge.index import ArticleView
from knowledge.index.tokens import WORD

OF_TITLE, OF_TAG, OF_QUESTION = 3.0, 2.0, 1.0
"""What a word is worth where it stands."""
WHOLE, BEGUN, INSIDE = 1.5, 1.0, 0.5
"""And how it is met."""
SHORTEST_INSIDE = 4
"""Letters from which a word may be met inside another: `frist` in `Rückgabefrist`."""
SHORTEST = 2
LINKING = 3
"""Words of at most so many letters, but for the last, may stand nowhere: `of`, `the`, `wie`."""

Scores = dict[int, float]
"""By article."""


class Titles:
    """The words by which the articles of one language are named."""

    def __init__(self, articles: Sequence[ArticleView]) -> None:
        self._articles = sorted(articles, key=lambda article: (article.title.casefold(), article.id))
        self._words: defaultdict[str, Scores] = defaultdict(dict)
        for at, article in enumerate(self._articles):
            self._add(at, [article.title], OF_TITLE)
            self._add(at, article.tags, OF_TAG)
            self._add(at, article.questions, OF_QUESTION)

    def matching(self, typed: str, limit: int) -> list[ArticleView]:
        """Articles in which every word typed is met, at least one of them in the title or a tag; best first."""
        words = plain_words(typed)
        if not words or len(words[-1]) < SHORTEST:
            return []
        wanted = [self._met(word) for word in words]
        found = self._in_all(words, wanted)
        named = [(score, -at) for at, score in found.items() if any(one.get(at, 0) > OF_QUESTION for one in wanted)]
        return [self._articles[-at] for _, at in sorted(named, reverse=True)[:limit]]

    def completed(self, typed: str) -> str:
        """A text whose last word, if it stands nowhere but begins one that does, is that one: the most used."""
        words = plain_words(typed)
        if not words or words[-1] in self._words or len(words[-1]) <= SHORTEST:
            return typed
        begun = [word for word in self._words if word.startswith(words[-1])]
        if not begun or not typed.lower().endswith(words[-1]):
            return typed
        most_used = max(begun, key=lambda word: (sum(self._words[word].values()), -len(word)))
        return typed[: len(typed) - len(words[-1])] + most_used

    def _add(self, at: int, texts: Iterable[str], worth: float) -> None:
        for text in texts:
            for word in plain_words(text):
                scores = self._words[word]
                scores[at] = max(worth, scores.get(at, 0.0))

    def _met(self, typed: str) -> Scores:
        found: Scores = {}
        for word, scores in self._words.items():
            if typed in word and (how := _how(typed, word)):
                for at, worth in scores.items():
                    found[at] = max(how * worth, found.get(at, 0.0))
        return found

    def _in_all(self, words: Sequence[str], wanted: Sequence[Scores]) -> Scores:
        needed = [met for word, met in zip(words, wanted, strict=True) if len(word) > LINKING] or wanted[-1:]
        everywhere = set(needed[0]).intersection(*needed[1:])
        return {at: sum(met.get(at, 0.0) for met in wanted) for at in everywhere}


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return WORD.findall("".join(c for c in decomposed if not unicodedata.combining(c)))


def _how(typed: str, word: str) -> float:
    if typed == word:
        return WHOLE
    if word.startswith(typed):
        return BEGUN
    return INSIDE if len(typed) >= SHORTEST_INSIDE else 0.0
