"""Figures and conversations as CSV, for whoever counts on in a table of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone

import numpy as np

from insights.facts.columns import COLUMNS, COUNTS, NAMED, Facts
from insights.numbers.all import NUMBERS
from insights.numbers.effort import CES
from insights.numbers.number import measure
from insights.pages.called import Names
from insights.pages.comments import columns_of
from insights.pages.figures import View
from insights.pages.known import Search, Used

FIGURES = (
    "figure", "name", "cases", "value", "low", "high", "median", "p10", "p90", "value_before", "cases_before", "unit",
    "definition",
)  # fmt: skip
MOMENTS = (
    "opened_at", "closed_at", "said_at", "resolved_at", "next_at", "follow_up_at", "follow_up_due",
    "follow_up_reached", "follow_up_closed",
)  # fmt: skip
CALLED = {
    "team": ("team_id", "team"),
    "agent": ("agent_id", "agent"),
    "topic_name": ("topic", "topic"),
    "article": ("article_id", "article"),
    "reason_name": ("reason", "reason"),
    "cause_name": ("cause", "cause"),
}
"""By what a column of names is called, whose keys it names, and as which filter of an address (`called.Names`)."""
ARTICLES = ("article_id", "locale", "title", "said", "read", "helped", "votes", "share", "ces", "ces_cases")
SEARCHES = ("words", "locale", "times")
COMMENTS = ("comment", "comment_again")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take a text for that begins with it."""


def figures_csv(seen: View) -> str:
    """Every figure of what is chosen; shares from 0 to 1, times in seconds."""
    rows = []
    for number in NUMBERS:
        now, before = measure(number, seen.facts, seen.now), measure(number, seen.before, seen.now)
        values = (now.value, now.low, now.high, now.median, now.p10, now.p90, before.value)
        told = ["" if value is None else _plain(value) for value in values]
        names = (number.names[seen.locale], number.definition[seen.locale])
        rows.append([number.key, names[0], now.n, *told, before.n, number.unit, names[1]])
    return _written(FIGURES, rows)


def conversations_csv(facts: Facts, called: Names, said: Mapping[str, Mapping[str, str]]) -> str:
    """A row of facts for each conversation, what its ids are called, and the comments to its scores.

    Nothing else of what was said, and of nobody but staff. `said`: as `insights.pages.comments.comments_of` gives it.
    """
    columns = [_told(facts, column) for column in COLUMNS]
    names = [_called(facts, called, column, what) for column, what in CALLED.values()]
    paths = [f"/desk/all/{one}" for one in facts.ids]
    head = ("conversation_id", "path", *COLUMNS, *CALLED, *COMMENTS)
    return _written(head, zip(facts.ids, paths, *columns, *names, *columns_of(said, facts.ids), strict=True))


def articles_csv(found: Iterable[Used], seen: View) -> str:
    """Every article that was used, with what it is good for and the effort after it."""
    after = {article: some.by("locale") for article, some in seen.facts.by("article_id").items()}
    rows = []
    for one in found:
        facts = after.get(one.article_id, {}).get(one.locale)
        effort = measure(CES, facts, seen.now) if facts else None
        told = ["" if value is None else _plain(value) for value in (one.share, effort.value if effort else None)]
        counts = (one.said, one.read, one.helped, one.votes)
        rows.append([one.article_id, one.locale, one.title, *counts, *told, effort.n if effort else 0])
    return _written(ARTICLES, rows)


def searches_csv(found: Iterable[Search]) -> str:
    return _written(SEARCHES, found)


def _called(facts: Facts, called: Names, column: str, what: str) -> list[str]:
    """The names of what stands in a column; empty where nothing does."""
    names = ["", *(called.of(what, key) for key in facts.names[column])]
    return [names[code + 1] for code in facts[column]]


def _told(facts: Facts, column: str) -> list[str]:
    values = facts[column]
    if column in NAMED:
        names = facts.names[column]
        return ["" if code < 0 else names[code] for code in values]
    if column in COUNTS:
        return [str(value) for value in values]
    as_text = _moment if column in MOMENTS else _plain
    return ["" if np.isnan(value) else as_text(value) for value in values]


def _plain(value: float) -> str:
    """Of twelve digits, and never as a power of ten."""
    return np.format_float_positional(value, precision=12, unique=False, fractional=False, trim="-")


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")


def _written(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return text.getvalue()


def _harmless(value: object) -> object:
    is_number = not isinstance(value, str) or value.lstrip("-").replace(".", "", 1).isdigit()
    return value if is_number or not str(value).startswith(FORMULA) else f"'{value}"
