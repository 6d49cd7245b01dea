"""Finds the word a customer meant: one that the articles use, a slip or two away from one that they don't."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

SHORTEST = 4
"""Letters; nearly every shorter word is a slip away from another."""
LONG = 8
"""Letters from which a second slip is likelier than another word."""
LOOKED_AT = 8
ENDINGS = (2, 3)


def spellings(word: str, stems: Sequence[str]) -> list[str]:
    """What of a typed word may be like a stem: `mony` itself is a slip away from `money`, its stem `moni` isn't; of
    `subscrption`, whose ending no stemmer knows, it is the beginning that is like `subscript`.
    """
    return list(dict.fromkeys([word, *stems, *(word[:-cut] for cut in ENDINGS if len(word) - cut >= LONG)]))


def nearest(written: Sequence[str], vocabulary: Sequence[str]) -> list[str]:
    """The words of a vocabulary that differ from one of these spellings in the fewest slips, if those are few enough.

    A slip is a letter too many, too few, wrong, or two that changed places (optimal string alignment).
    """
    found: dict[str, int] = {}
    for word in written:
        slips = 1 if len(word) < LONG else 2
        for known, distance, _ in extract(word, vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=LOOKED_AT):
            found[known] = min(distance, found.get(known, slips))
    fewest = min(found.values(), default=0)
    return [known for known, distance in found.items() if distance == fewest]


def closest(word: str, forms: Iterable[str]) -> str | None:
    """The form of a word that is most like what was typed."""
    return min(sorted(forms), key=lambda form: OSA.distance(word.lower(), form.lower()), default=None)
