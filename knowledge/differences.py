"""What differs between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

WORD = re.compile(r"\w+|\s+|[^\w\s]+")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORDS = 4_000
"""Of a passage that is compared word by word; a longer one has changed as a whole."""


@dataclass(frozen=True)
class Piece:
    """A run of text that stands in both, or in this one alone."""

    text: str
    is_changed: bool = False


def differences(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces."""
    # Lines first: words alone would make a comparison of two long articles take seconds.
    changes = _changes(LINE.findall(before), LINE.findall(after))
    sides = [_words(*change) for change in changes]
    return _joined(chain.from_iterable(left for left, _ in sides)), _joined(
        chain.from_iterable(right for _, right in sides)
    )


def _changes(before: Sequence[str], after: Sequence[str]) -> list[tuple[bool, Sequence[str], Sequence[str]]]:
    """Whether they are the same, what stood there, what stands there."""
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(tag == "equal", before[i:j], after[k:m]) for tag, i, j, k, m in codes]


def _words(is_same: bool, before: Sequence[str], after: Sequence[str]) -> tuple[list[Piece], list[Piece]]:
    left, right = "".join(before), "".join(after)
    if is_same:
        return [Piece(left)], [Piece(right)]
    left_words, right_words = WORD.findall(left), WORD.findall(right)
    if max(len(left_words), len(right_words)) > MOST_WORDS:
        return [Piece(left, True)], [Piece(right, True)]
    changes = _changes(left_words, right_words)
    return (
        [Piece("".join(gone), not same) for same, gone, _ in changes if gone],
        [Piece("".join(new), not same) for same, _, new in changes if new],
    )


def _joined(pieces: chain[Piece]) -> list[Piece]:
    """Neighbours of the same kind are one, and what is empty is none."""
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].is_changed == piece.is_changed:
            found[-1] = Piece(found[-1].text + piece.text, piece.is_changed)
        else:
            found.append(piece)
    return found
