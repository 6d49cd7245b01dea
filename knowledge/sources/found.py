"""What a source is, and what is found in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.article_text import ArticleError, ArticleText
from knowledge.categories import Category
from knowledge.pictures import PictureFile

NO_CATEGORY = "general"
"""Where articles go that name no category."""


@dataclass(frozen=True)
class Found:
    """An article of a source, or why it can't be taken."""

    where: str
    text: ArticleText | None
    problem: ArticleError | None = None
    pictures: tuple[PictureFile, ...] = ()
    notes: tuple[ArticleError, ...] = ()
    """What was left out of it, and why."""
    is_draft: bool = False
    """Whether it is one where it comes from."""


@dataclass(frozen=True)
class Source:
    """Opened: it is known how much there is; each article is read when its turn comes."""

    total: int
    read: Callable[[int], Iterator[Found]]
    """From the given number on: 0 is the first. A source that didn't change gives the same in the same order."""
    categories: Sequence[Category] = ()
    """Those it names, with their names."""
    is_ordered: bool = False
    """Whether it says which categories there are, in their order; otherwise those that are missing are made."""
    problems: Sequence[Found] = field(default=())
    """What is wrong beside its articles."""


def refused(where: str, error: ArticleError) -> Found:
    return Found(where, None, error)
