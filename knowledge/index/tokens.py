"""Words as the lexical index knows them: small letters, stems of the text's own language, exact terms kept whole."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock

import Stemmer

from knowledge.locales import LOCALES

WORD = re.compile(r"\w+(?:[-.'’]\w+)*(?:\+\+|#)?")
POSSESSIVE = re.compile(r"['’]s\b")
JOINT = re.compile(r"[-._]")
LONGEST = 64
"""A longer "word" is data, not language."""

_stemmers = {locale: Stemmer.Stemmer(language) for locale, language in LOCALES.items()}
_one_at_a_time = Lock()


def tokens(text: str, locale: str) -> list[str]:
    """The stems of a text. `FN-204518` gives `fn`, `204518` and `fn204518`; `2.0` gives `2`, `0` and `2.0`."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    found: list[str] = []
    for chunk in text.lower().split():
        found += _stems(chunk, locale)
    return found


@lru_cache(maxsize=100_000)
def _stems(chunk: str, locale: str) -> tuple[str, ...]:
    return tuple(_stem(form, locale) for word in WORD.findall(chunk) for form in _forms(word))


def _forms(word: str) -> list[str]:
    word = POSSESSIVE.sub("", word).replace("'", "").replace("’", "")
    parts = [part for part in JOINT.split(word) if part]
    if len(parts) > 1:
        parts.append(word.replace("-", "").replace("_", ""))
    return [part[:LONGEST] for part in parts]


def _stem(word: str, locale: str) -> str:
    if any(character.isdigit() for character in word):
        return word
    with _one_at_a_time:  # a stemmer keeps state between the steps of a word
        stem: str = _stemmers[locale].stemWord(word)
    return _without_accents(stem)


def _without_accents(stem: str) -> str:
    if stem.isascii():
        return stem
    return "".join(c for c in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(c))
