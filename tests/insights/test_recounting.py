"""Every figure of the pages equals what is counted anew, by other means, from the rows that were kept."""

from __future__ import annotations

import csv
import io
import random
from datetime import datetime, timedelta, timezone

from insights.facts.refreshing import refresh
from staff.people import User
from tests.handoff.at_work import hire
from tests.insights.recounting.comparing import csv_differences
from tests.insights.recounting.figures import figures
from tests.insights.simulating.lived import open_pages
from tests.insights.told import Told

CUSTOMERS = 24
DAYS = 20
NOW = datetime(2026, 11, 18, 14, 30, tzinfo=timezone.utc)


def test_every_figure_equals_its_recount_from_the_rows(told: Told) -> None:
    mira, sam = hire(told.database, "Mira"), hire(told.database, "Sam", "supervisor", team=None)
    _live(told, mira, sam)
    refresh(told.database, NOW)
    lived = open_pages(told.database, NOW)

    for query in ("days=28", "days=7", "days=28&channel=sms", "days=28&locale=de"):
        page = lived.client.get(f"/insights/figures.csv?{query}").text.lstrip("\ufeff")
        shown = {row["figure"]: row for row in csv.DictReader(io.StringIO(page))}
        days, *chosen = (part.split("=") for part in query.split("&"))
        period = lived.chosen(int(days[1]), **dict(chosen))
        counted, before = (figures(each.of(lived.told), NOW) for each in (period, period.before))

        assert [] == list(csv_differences(shown, counted, before)), query
        if query == "days=28":
            assert all(one.n for key, one in counted.items() if key != "missed_targets")


def _live(told: Told, mira: User, sam: User) -> None:
    """Some weeks with what happens in a house: questions, calls for people, nights, mergers, scores."""
    chance = random.Random(11)
    start = NOW - timedelta(days=DAYS + 6)
    happens = sorted(
        (start + timedelta(days=chance.uniform(0, DAYS)), number % CUSTOMERS) for number in range(3 * CUSTOMERS)
    )
    for at, number in happens:
        _one(told, chance, at, number, mira, sam)
    told.joins("visitor0", "+49151000001", NOW - timedelta(days=5))
    told.joins("visitor2", "+49151000003", NOW - timedelta(days=5))


def _one(told: Told, chance: random.Random, at: datetime, number: int, mira: User, sam: User) -> None:
    by_phone = number % 2 == 1
    who = f"+49151{number:06}" if by_phone else f"visitor{number}"
    channel, locale = ("sms" if by_phone else "web"), chance.choice(("en", "de"))
    text = chance.choice(("Can I return it?", "Where is my parcel?", "Bicycles?", "Can I return it?"))
    one = told.says(who, text, at, channel, locale)
    if chance.random() < 0.3:
        told.says(who, chance.choice(("/helped", "/did_not_help")), at + timedelta(minutes=1), channel, locale)
    at += timedelta(minutes=5)
    if told.is_closed(one):
        return
    if chance.random() < 0.4:
        told.says(who, "A person, please", at, channel, locale)
        if chance.random() < 0.25:
            told.says(who, "Back to the assistant" if locale == "en" else "Zurück zum Assistenten", at, channel, locale)
        else:
            told.replies(mira, one, at + timedelta(minutes=chance.randrange(1, 900)))
            at += timedelta(minutes=900)
            told.resolves(sam, one, at, chance.choice(("solved", "answered", "no_reply", "spam")))
            if chance.random() < 0.3:
                told.reopens(sam, one, at + timedelta(hours=1))
                told.resolves(sam, one, at + timedelta(hours=2), "solved")
                at += timedelta(hours=2)
    elif chance.random() < 0.7:
        told.ends(one, chance.choice(("done", "silence", "silence")), at)
    if told.is_closed(one):
        _score(told, chance, one, at)


def _score(told: Told, chance: random.Random, one: str, at: datetime) -> None:
    if told.was_scored(one):
        return
    kind = chance.choice(("ces", "ces", "csat", "nps"))
    lowest, highest = {"ces": (1, 7), "csat": (1, 5), "nps": (0, 10)}[kind]
    score = chance.choice((None, *range(lowest, highest + 1)))
    survey = told.scores(one, score, at, kind=kind)
    if score is not None and score <= lowest + 2:
        closed = {"closed_at": at + timedelta(days=chance.choice((1, 3)))} if chance.random() < 0.8 else {}
        reached = at + timedelta(hours=2)
        told.looks_after(survey, one, at, due_at=at + timedelta(days=2), reached_at=reached, **closed)
        told.scores(one, chance.randrange(3, 8), at + timedelta(days=4), touchpoint="follow_up")
