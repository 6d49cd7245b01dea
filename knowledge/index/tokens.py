"""Words as the lexical index knows them: small letters, stems of the text's own language, exact terms kept whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from threading import Lock
from typing import Any

import Stemmer

from knowledge.locales import LOCALES

WORD = re.compile(r"\w+(?:[-.'’]\w+)*(?:\+\+|#)?")
POSSESSIVE = re.compile(r"['’]s\b")
JOINT = re.compile(r"[-._]")
LONGEST = 64
"""A longer "word" is data, not language."""

REMEMBERED = 100_000
"""Pieces of text between spaces whose stems are remembered, per language: a large help centre has fewer."""

_one_at_a_time = Lock()


def tokens(text: str, locale: str) -> list[str]:
    """The stems of a text. `FN-204518` gives `fn`, `204518` and `fn204518`; `2.0` gives `2`, `0` and `2.0`."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return list(chain.from_iterable(map(_stems[locale], text.lower().split())))


@lru_cache(4_096)
def words_of_question(question: str, locale: str) -> tuple[str, ...]:
    """The same, remembered: a question is looked at from several sides."""
    return tuple(tokens(question, locale))


def _forms(word: str) -> list[str]:
    word = POSSESSIVE.sub("", word).replace("'", "").replace("’", "")
    parts = [part for part in JOINT.split(word) if part]
    if len(parts) > 1:
        parts.append(word.replace("-", "").replace("_", ""))
    return [part[:LONGEST] for part in parts]


def _stem(word: str, stemmer: Any) -> str:
    if any(character.isdigit() for character in word):
        return word
    with _one_at_a_time:  # a stemmer keeps state between the steps of a word
        stem: str = stemmer.stemWord(word)
    return _without_accents(stem)


def _without_accents(stem: str) -> str:
    if stem.isascii():
        return stem
    return "".join(c for c in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(c))


def _stems_of(stemmer: Any) -> Callable[[str], tuple[str, ...]]:
    @lru_cache(REMEMBERED)
    def stems(piece: str) -> tuple[str, ...]:
        return tuple(_stem(form, stemmer) for word in WORD.findall(piece) for form in _forms(word))

    return stems


_stems = {locale: _stems_of(Stemmer.Stemmer(language)) for locale, language in LOCALES.items()}
