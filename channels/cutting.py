"""Cuts a text to what a channel takes: at the end of a sentence or a word, or into several messages."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

Fits = Callable[[str], bool]

SHORTEST_TITLE = 16
"""Characters to which the title of an option is cut, if that makes all of them fit; less says nothing."""

# Not after "z. B." or "No. 5".
_SENTENCE_END = re.compile(r"(?<=\w{3}[.!?…])\s+")
_WORD_END = re.compile(r"(?<=\S)\s+")
_JOINERS = "\u200d\ufe0e\ufe0f"
_BREAKS = ("\n\n", "\n", ". ", " ")


def shortened(text: str, fits: Fits) -> str:
    """The text if it fits; otherwise its beginning with an ellipsis, which fits; empty if nothing does.

    It ends with a sentence where that keeps at least half of what fits, otherwise with a word.
    """
    if fits(text):
        return text
    words = _longest(text, _ends(_WORD_END, text), "…", fits) or _longest(text, _letter_ends(text), "…", fits)
    sentences = _longest(text, _ends(_SENTENCE_END, text), " …", fits)
    return sentences if len(sentences) >= len(words) / 2 else words


def to_length(text: str, length: int) -> str:
    return shortened(text, lambda cut: len(cut) <= length)


def in_parts(text: str, length: int) -> Iterator[str]:
    """The text in pieces of at most `length` characters, apart where paragraphs, lines, sentences or words end."""
    text = text.strip()
    while len(text) > length:
        end = _last_break(text[: length + 1]) or length
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def numbered(titles: Sequence[str], fits: Fits) -> str:
    """A line for each option, with its number; titles are cut as little as it takes until all lines fit.

    Where even short titles don't fit, the lines come with short titles: no option is left out.
    """
    widths = range(max(map(len, titles)), SHORTEST_TITLE - 1, -1) or range(SHORTEST_TITLE, SHORTEST_TITLE - 1, -1)
    at = bisect_left(widths, True, key=lambda width: fits(_lines(titles, width)))
    return _lines(titles, widths[min(at, len(widths) - 1)])


def _lines(titles: Sequence[str], width: int) -> str:
    return "\n".join(f"{number} {to_length(title, width)}" for number, title in enumerate(titles, 1))


def _ends(pattern: re.Pattern[str], text: str) -> list[int]:
    return [found.start() for found in pattern.finditer(text)]


def _letter_ends(text: str) -> list[int]:
    """Between what is seen as letters: an accent or half of a joined emoji is never left alone."""
    return [at for at in range(1, len(text)) if not _is_joined(text[at - 1], text[at])]


def _is_joined(before: str, after: str) -> bool:
    return unicodedata.combining(after) > 0 or after in _JOINERS or before == "\u200d"


def _longest(text: str, ends: list[int], ellipsis: str, fits: Fits) -> str:
    def cut(end: int) -> str:
        return text[:end].rstrip(" \n,;:–—-(") + ellipsis

    too_long = bisect_left(ends, True, key=lambda end: not fits(cut(end)))
    # A shorter text may need more room than a longer one, by its encoding: the last one that fits is looked for.
    return next((cut(end) for end in reversed(ends[:too_long]) if fits(cut(end))), "")


def _last_break(text: str) -> int:
    found = ((text.rfind(mark), len(mark.rstrip())) for mark in _BREAKS)
    return next((at + length for at, length in found if at > 0), 0)
