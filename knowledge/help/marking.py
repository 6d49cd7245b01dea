"""The sentence of a text that fits a question best, and the words in it that the question shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from knowledge.index import Snapshot
from knowledge.index.tokens import WORD, tokens
from knowledge.passages import SENTENCE_END

LONGEST = 220
"""Characters of a sentence that are shown."""
RARE = 0.4
"""A shared word is marked if it is at least this much as rare as the rarest of the question: `the` says nothing."""
FEW = 2
LONG = 4
"""In a query of more than a few words, those with fewer letters are the ones that link the others."""
SHORT_SENTENCE = 25
"""Characters; it says little by itself."""
LIST_MARK = re.compile(r"^\s*(?:-|\d+[.)])\s+")


@dataclass(frozen=True)
class Piece:
    text: str
    is_marked: bool = False


def telling_words(snapshot: Snapshot, question: str, locale: str) -> frozenset[str]:
    """The words of a question that say what it is about, as the index knows them."""
    weights = snapshot.weights(question, locale)
    if len(weights) > FEW:
        weights = {word: weight for word, weight in weights.items() if len(word) >= LONG or not word.isalpha()}
    rarest = max(weights.values(), default=0.0)
    return frozenset(word for word, weight in weights.items() if weight >= RARE * rarest and len(word) > 1)


def best_sentence(text: str, words: Set[str], locale: str) -> str:
    """The sentence with most of the words; of those that are as good, the first that tells and does not ask."""
    sentences = [
        one for line in text.splitlines() for one in SENTENCE_END.split(LIST_MARK.sub("", line)) if one.strip()
    ]
    if not sentences:
        return ""

    def worth(sentence: str) -> tuple[bool, int]:
        tells = not sentence.rstrip().endswith("?") and len(sentence) >= SHORT_SENTENCE
        return tells, len(words & set(tokens(sentence, locale)))

    return shortened(max(sentences, key=worth).strip())


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"


def marked(text: str, words: Set[str], locale: str) -> list[Piece]:
    """A text in pieces, those apart that are the words."""
    return list(_pieces(text, words, locale))


def _pieces(text: str, words: Set[str], locale: str) -> Iterator[Piece]:
    done = 0
    for found in WORD.finditer(text):
        if words and not words.isdisjoint(tokens(found.group(), locale)):
            if found.start() > done:
                yield Piece(text[done : found.start()])
            yield Piece(found.group(), is_marked=True)
            done = found.end()
    if done < len(text):
        yield Piece(text[done:])
