"""What has changed between two texts: lines first, then the words within the lines that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from rapidfuzz.distance import LCSseq

Kind = Literal["same", "gone", "new"]
WORD = re.compile(r"\w+|\s+|[^\w\s]")
LINES = 20_000
"""Longer texts are compared as a whole: a table of what is common to both grows with the square."""
WORDS_EACH = 5_000
"""The same for the words of one change."""
AROUND = 3
"""Lines shown before and after a change."""


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """Lines that differ, word by word."""

    pieces: tuple[Piece, ...]

    @property
    def before(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind != "new"]

    @property
    def after(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind != "gone"]


@dataclass(frozen=True)
class Unchanged:
    """Lines that are the same: those next to a change, and how many, which can be unfolded, are further away."""

    first: str = ""
    hidden: str = ""
    count: int = 0
    last: str = ""


@dataclass(frozen=True)
class Items:
    """A list of short texts, such as questions."""

    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """Pieces that, without those that are new, are `before`, and without those that are gone, `after`."""
    one, other = WORD.findall(before), WORD.findall(after)
    pieces = _joined(_pieces(one, other, WORDS_EACH, ""))
    return tuple(_joined(list(_without_islands(pieces))))


def compare_lines(before: str, after: str) -> list[Change | Unchanged]:
    one, other = before.split("\n"), after.split("\n")
    runs = list(_runs(_pieces(one, other, LINES, "\n")))
    return [_shown(run, is_first=at == 0, is_last=at == len(runs) - 1) for at, run in enumerate(runs)]


def side_by_side(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts whole, in pieces: the one with what is gone, the other with what is new."""
    pieces = [piece for part in compare_lines(before, after) for piece in _pieces_of(part)]
    left, right = ([piece for piece in pieces if piece.kind != other] for other in ("new", "gone"))
    return _without_last_break(left), _without_last_break(right)


def _pieces_of(part: Change | Unchanged) -> Sequence[Piece]:
    return part.pieces if isinstance(part, Change) else (Piece("same", part.first + part.hidden + part.last),)


def _without_last_break(pieces: list[Piece]) -> list[Piece]:
    """Lines are compared with a break behind each; the text ends without one."""
    *others, last = pieces
    text = last.text.removesuffix("\n")
    return [*others, Piece(last.kind, text)] if text else others


def compare_items(before: Sequence[str], after: Sequence[str]) -> Items:
    return Items(
        [one for one in after if one in before],
        [one for one in before if one not in after],
        [one for one in after if one not in before],
    )


def _pieces(one: Sequence[str], other: Sequence[str], most: int, end: str) -> list[Piece]:
    """One for each token, in the order in which they are read; the longest common part is `same`."""
    start, stop = _common_ends(one, other)
    middle, others = one[start : len(one) - stop], other[start : len(other) - stop]
    same: list[Piece] = [Piece("same", token + end) for token in one[:start]]
    return same + _between(middle, others, most, end) + [Piece("same", token + end) for token in one[len(one) - stop :]]


def _between(one: Sequence[str], other: Sequence[str], most: int, end: str) -> list[Piece]:
    if max(len(one), len(other)) > most:
        return [Piece("gone", _put_together(one, end)), Piece("new", _put_together(other, end))]
    found: list[Piece] = []
    for step in LCSseq.opcodes(one, other):
        if step.tag == "equal":
            found += _all("same", one[step.src_start : step.src_end], end)
        else:
            found += _all("gone", one[step.src_start : step.src_end], end)
            found += _all("new", other[step.dest_start : step.dest_end], end)
    return found


def _all(kind: Kind, tokens: Sequence[str], end: str) -> list[Piece]:
    return [Piece(kind, token + end) for token in tokens]


def _put_together(tokens: Sequence[str], end: str) -> str:
    return "".join(token + end for token in tokens)


def _common_ends(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """How many tokens are the same at the start, and of the rest, at the end."""
    shorter = min(len(one), len(other))
    start = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    rest = shorter - start
    stop = next((at for at in range(rest) if one[-1 - at] != other[-1 - at]), rest)
    return start, stop


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of a kind as one, what is gone before what is new."""
    ordered: list[Piece] = []
    for is_same, group in groupby(pieces, key=lambda piece: piece.kind == "same"):
        run = list(group)
        ordered += run if is_same else sorted(run, key=lambda piece: piece.kind == "new")
    return [Piece(kind, "".join(one.text for one in group)) for kind, group in groupby(ordered, key=_kind)]


def _kind(piece: Piece) -> Kind:
    return piece.kind


def _without_islands(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """A space or a comma that happens to be common to two changes is no sign that anything stayed."""
    for at, piece in enumerate(pieces):
        is_between = 0 < at < len(pieces) - 1
        if piece.kind == "same" and is_between and not re.search(r"\w", piece.text) and "\n" not in piece.text:
            yield Piece("gone", piece.text)
            yield Piece("new", piece.text)
        else:
            yield piece


def _runs(pieces: Sequence[Piece]) -> Iterator[tuple[bool, list[Piece]]]:
    """Lines that are the same, and lines that differ, in turn."""
    for is_same, group in groupby(pieces, key=lambda piece: piece.kind == "same"):
        yield is_same, list(group)


def _shown(run: tuple[bool, list[Piece]], *, is_first: bool, is_last: bool) -> Change | Unchanged:
    is_same, lines = run
    if is_same:
        return _folded([line.text for line in lines], 0 if is_first else AROUND, 0 if is_last else AROUND)
    before, after = ("".join(line.text for line in lines if line.kind == kind) for kind in ("gone", "new"))
    return Change(compare_words(before, after))


def _folded(lines: list[str], first: int, last: int) -> Unchanged:
    if len(lines) <= first + last + 1:
        return Unchanged(first="".join(lines))
    end = len(lines) - last
    return Unchanged("".join(lines[:first]), "".join(lines[first:end]), end - first, "".join(lines[end:]))


LISTS = ("questions", "tags", "aliases", "must_answer", "must_not_answer")
LINE_BY_LINE = ("body",)


@dataclass(frozen=True)
class Difference:
    """What has changed in one field; one of the three is there."""

    name: str
    words: tuple[Piece, ...] = ()
    lines: tuple[Change | Unchanged, ...] = ()
    items: Items | None = None


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Field by field, as `knowledge.drafts.fields_of` has them; those that are the same are left out."""
    return [_difference(name, before[name], after[name]) for name in after if before[name] != after[name]]


def _difference(name: str, before: Any, after: Any) -> Difference:
    if name in LISTS:
        return Difference(name, items=compare_items(before, after))
    if name in LINE_BY_LINE:
        return Difference(name, lines=tuple(compare_lines(before, after)))
    return Difference(name, words=compare_words(str(before), str(after)))
