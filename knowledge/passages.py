"""An article's text cut into passages: its title, its questions, its short answer and its body, piece by piece."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from knowledge.article_text import ArticleText
from knowledge.markdown import Block, blocks

WORDS = 50
"""A longer section is cut: the vector of a long text blurs. The whole search, nDCG@10 / P@1: on arduino-sections with
160 words .786 / .669, 80 .807 / .687, 50 .812 / .704, 30 .817 / .710 (and half as many passages again); on stackfaq
with 160 words .980 / .952, 50 .983 / .958."""
CHARACTERS = 375
"""The same limit for text whose words are long: addresses, code, a language without spaces."""
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class PassageText:
    ordinal: int
    kind: str
    """`title`, `question`, `short` or `body`."""
    heading_path: tuple[str, ...]
    text: str
    embedded: str
    content_hash: str
    """Of what is embedded."""


def passages_of(article: ArticleText) -> list[PassageText]:
    found: list[tuple[str, tuple[str, ...], str]] = [("title", (), article.title)]
    found += [("question", (), question) for question in article.questions]
    found.append(("short", (), article.short_answer))
    found += [("body", path, text) for path, text in cut(article.body)]
    return [_passage(ordinal, *passage) for ordinal, passage in enumerate(found)]


def _passage(ordinal: int, kind: str, path: tuple[str, ...], text: str) -> PassageText:
    embedded = embedded_text(path, text)
    return PassageText(ordinal, kind, path, text, embedded, hashlib.sha256(embedded.encode()).hexdigest())


def cut(markdown: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The sections of a body, long ones in several passages, each with the headings it stands under."""
    for path, section in _sections(markdown):
        for text in _pack(section):
            yield path, text


def embedded_text(path: Sequence[str], text: str) -> str:
    """What the encoder reads: a piece of a body under its headings.

    Not under the article's title too: that has a vector of its own, and made all passages of an article alike (nDCG@10
    of arduino-sections .617 with the title, .645 without, .608 without headings; all-MiniLM-L6-v2).
    """
    return "\n".join((*path, text))


def _sections(markdown: str) -> Iterator[tuple[tuple[str, ...], list[Block]]]:
    headings: list[Block] = []
    section: list[Block] = []
    for block in blocks(markdown):
        if not block.heading_level:
            section.append(block)
            continue
        yield _path(headings), section
        headings = [above for above in headings if above.heading_level < block.heading_level] + [block]
        section = []
    yield _path(headings), section


def _path(headings: list[Block]) -> tuple[str, ...]:
    return tuple(" ".join(heading.text.split()) for heading in headings)


def _pack(section: list[Block]) -> Iterator[str]:
    """Blocks put together into passages of about equal size; a block is cut only when it is too long by itself."""
    units = [unit for block in section for unit in _units(block)]
    total = sum(_size(text) for text, _ in units)
    target = total / max(1, ceil(total))
    passage, size = "", 0.0
    for text, joint in units:
        if passage and (size + _size(text) > 1 or size >= target):
            yield passage
            passage, size = "", 0.0
        passage = f"{passage}{joint}{text}" if passage else text
        size += _size(text)
    if passage:
        yield passage


def _units(block: Block) -> list[tuple[str, str]]:
    """What is not cut any more, each with the white space before it."""
    if _size(block.text) <= 1:
        return [(block.text, "\n\n")]
    units = [(unit, joint) for piece in block.pieces for unit, joint in _parts(piece)]
    return [(units[0][0], "\n\n"), *units[1:]]


def _parts(piece: str) -> list[tuple[str, str]]:
    if _size(piece) <= 1:
        return [(piece, "\n")]
    slices = [part for sentence in SENTENCE_END.split(piece.strip()) for part in _slices(sentence)]
    return [(slices[0], "\n"), *((part, " ") for part in slices[1:])]


def _slices(sentence: str) -> Iterator[str]:
    if _size(sentence) <= 1:
        yield sentence
        return
    words = [word[at : at + CHARACTERS] for word in sentence.split() for at in range(0, len(word), CHARACTERS)]
    part: list[str] = []
    for word in words:
        if part and _size(" ".join([*part, word])) > 1:
            yield " ".join(part)
            part = []
        part.append(word)
    yield " ".join(part)


def _size(text: str) -> float:
    """1: as much as a passage takes."""
    return max(len(text.split()) / WORDS, len(text) / CHARACTERS)
