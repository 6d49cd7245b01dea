"""The conversations behind a figure, newest first, each with what it was counted as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import CUSTOMER, Message
from insights.facts.columns import Facts
from insights.numbers.all import BY_KEY
from insights.numbers.number import Number, behind
from insights.pages import saying
from insights.pages.called import Names
from insights.pages.figures import View
from insights.pages.words import ENDS, WORDS

PAGE = 50
LONGEST = 100
"""Characters of what was said in a row."""
AMONG = 10
"""So many messages are looked through for the first one of the customer."""
PARTS = ("met", "missed")


@dataclass(frozen=True)
class Row:
    id: str
    began: str
    channels: str
    locale: str
    team: str
    topic: str
    outcome: str
    score: str
    value: str
    """What it brings to the figure, where that is a mean."""


@dataclass(frozen=True)
class Listed:
    number: Number | None
    part: str
    rows: Sequence[Row]
    count: int
    at: int
    """The place of the first row, from 1."""
    page: int
    pages: int


def listed(seen: View, names: Names, key: str, part: str, page: int) -> Listed:
    """`key` and `part` as in an address: nothing is said of a figure that is not known."""
    number, part, facts = chosen(seen, key, part)
    newest = facts.at((-facts["opened_at"]).argsort(kind="stable"))
    pages = max(1, -(-len(newest) // PAGE))
    page = min(max(page, 1), pages)
    start = (page - 1) * PAGE
    shown = newest.at(np.arange(start, min(start + PAGE, len(newest))))
    return Listed(number, part, rows_of(seen, names, shown, number), len(newest), start + 1, page, pages)


def chosen(seen: View, key: str, part: str) -> tuple[Number | None, str, Facts]:
    """The figure and the part that an address names, and the conversations behind them."""
    number = BY_KEY.get(key)
    part = part if number and number.met and part in PARTS else ""
    return number, part, behind(number, seen.facts, seen.now, part) if number else seen.facts


def first_words(session: Session, listed: Listed) -> dict[str, str]:
    """By conversation of these rows, what the customer first said in it, or the beginning of that."""
    found: dict[str, str] = {}
    said = select(Message.conversation_id, Message.text).where(
        Message.conversation_id.in_([row.id for row in listed.rows]),
        Message.author == CUSTOMER,
        Message.is_silent.is_(False),
        Message.seq <= AMONG,
    )
    for conversation_id, text in session.execute(said.order_by(Message.conversation_id, Message.seq)):
        words = " ".join(text.split())
        if words:
            found.setdefault(conversation_id, words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()} …")
    return found


def rows_of(seen: View, names: Names, facts: Facts, number: Number | None) -> list[Row]:
    values = number.value(facts, seen.now) if number and number.value else None
    zone, locale = seen.asked.period.zone, seen.locale

    def name(column: str, what: str, at: int) -> str:
        code = facts[column][at]
        return names.of(what, facts.names[column][code] if code >= 0 else None)

    return [
        Row(
            str(facts.ids[at]),
            saying.moment(facts["opened_at"][at], zone, locale),
            ", ".join(names.of("channel", one) for one in _name(facts, "channels", at).split(",") if one),
            name("locale", "locale", at),
            name("team_id", "team", at),
            name("topic", "topic", at),
            _outcome(facts, at, locale),
            "" if isnan(facts["ces"][at]) else f"{facts['ces'][at]:.0f}",
            "" if values is None or number is None else saying.said(float(values[at]), number.unit, locale),
        )
        for at in range(len(facts))
    ]


def _outcome(facts: Facts, at: int, locale: str) -> str:
    if isnan(facts["closed_at"][at]):
        return WORDS[locale]["still_open"]
    how = _name(facts, "resolved_by", at)
    return ENDS[locale].get(how, WORDS[locale]["not_resolved"])


def _name(facts: Facts, column: str, at: int) -> str:
    code = facts[column][at]
    return facts.names[column][code] if code >= 0 else ""
