"""Figures: golden cases of each definition, and intervals as the books have them."""

from __future__ import annotations

from statistics import fmean, quantiles
from typing import Any

import numpy as np
import pytest

from insights.facts.columns import facts_of
from insights.numbers.all import BY_KEY, NUMBERS
from insights.numbers.answers import HANDOFF_BY_REASON
from insights.numbers.intervals import student, wilson
from insights.numbers.number import behind, measure, measure_part

HOUR, DAY = 3600.0, 86400.0
NOW = 100 * DAY


def one(**values: Any) -> dict[str, Any]:
    """A conversation that the bot answered in a minute, long ago, and that nobody followed up."""
    usual = {"said": 1, "questions": 1, "answered": 1, "opened_at": DAY, "said_at": DAY + 60, "channels": "web"}
    return usual | {"closed_at": 2 * DAY, "close_reason": "silence", "resolved_at": DAY + 60} | values


OPEN = {"closed_at": None, "close_reason": None, "resolved_at": None}
NOTHING = {"questions": 0, "answered": 0}
"""The customer said something, and asked nothing."""
HANDED = {"handoffs": 1, "queued": 1, "ended": 1, "people_said": 1, "reply_seconds": 600.0, "reply_open_seconds": 60.0}
CASES: list[tuple[str, list[dict[str, Any]], int, float | None]] = [
    # key, conversations, cases, value
    (
        "conversations",
        [one(), one(said=0), one(by_us=1), one(close_reason="spam"), one(close_reason="merged"), one(**OPEN)],
        2,
        2,
    ),
    ("ces", [], 0, None),
    ("ces", [one(ces=7.0), one(ces=2.0), one()], 2, 4.5),
    ("ease", [one(ces=5.0), one(ces=4.0), one(ces=7.0), one()], 3, 2 / 3),
    ("csat", [one(csat=5.0), one(csat=2.0)], 2, 3.5),
    ("satisfied", [one(csat=4.0), one(csat=3.0)], 2, 0.5),
    ("nps", [one(nps=9.0), one(nps=10.0), one(nps=8.0), one(nps=7.0), one(nps=6.0)], 5, 20.0),
    ("nps", [one(nps=0.0), one(nps=6.0)], 2, -100.0),
    ("response", [one(survey="answered"), one(survey="asked"), one(survey="expired"), one(survey="skipped")], 3, 1 / 3),
    # Bot only, or with people; reopened; still open; nothing asked.
    ("resolved", [one(), one(resolved_at=None), one(**OPEN), one(questions=0, answered=0)], 2, 0.5),
    ("resolution_time", [one(), one(resolved_at=DAY + 180), one(resolved_at=None), one(**NOTHING)], 2, 120.0),
    ("resolution_time", [one(resolved_at=DAY + 2 * DAY, reopens=1)], 1, 2 * DAY),
    ("first_contact", [one(), one(next_at=5 * DAY), one(next_at=DAY + 60 + 7 * DAY + 1)], 3, 2 / 3),
    ("first_contact", [one(reopens=1), one(), one(**NOTHING)], 2, 0.5),
    ("first_contact", [one(resolved_at=NOW - 6 * DAY), one(resolved_at=None)], 0, None),
    # Customers who turn out to be one: another conversation ran beside it.
    ("first_contact", [one(next_at=DAY + 30)], 1, 0.0),
    ("switched", [one(switches=1, channels="web,sms"), one(), one(switches=3)], 3, 2 / 3),
    ("reopened", [one(reopens=1), one(), one(reopens=1, **OPEN), one(reopens=1, **NOTHING)], 2, 0.5),
    ("self_service", [one(), one(**HANDED), one(people_said=1), one(answered=0, unknown=1)], 4, 0.25),
    ("self_service", [one(next_at=DAY + 60 + 71 * HOUR), one(next_at=DAY + 60 + 73 * HOUR)], 2, 0.5),
    ("self_service", [one(said_at=NOW - 71 * HOUR), one(questions=0, answered=0)], 0, None),
    ("answer_rate", [one(questions=4, answered=3, unknown=1), one()], 5, 0.8),
    ("unknown", [one(questions=4, answered=2, unknown=1), one()], 5, 0.2),
    ("wrong_answer", [one(answered=3, not_helped=1), one(answered=1, not_helped=2), one(answered=0)], 4, 0.5),
    ("handoff_rate", [one(), one(**HANDED), one(questions=0, answered=0)], 2, 0.5),
    # At night, the two differ; a hand-off without reply is in neither.
    ("first_reply", [one(**HANDED), one(**HANDED | {"reply_seconds": None, "reply_open_seconds": None})], 1, 60.0),
    ("first_reply_clock", [one(**HANDED), one()], 1, 600.0),
    ("queue_time", [one(**HANDED, claim_seconds=30.0), one(**HANDED, claim_seconds=90.0), one(**HANDED)], 2, 60.0),
    ("left_queue", [one(handoffs=2, queued=2, left_queue=1), one(**HANDED), one(handoffs=1)], 3, 1 / 3),
    ("unreplied", [one(handoffs=1, ended=1, unreplied=1), one(**HANDED), one(handoffs=1)], 2, 0.5),
    ("missed_targets", [one(**HANDED, missed=2), one(**HANDED), one(missed=1)], 2, 0.5),
    ("follow_ups", [one(follow_up_at=DAY), one()], 1, 1),
    ("follow_up_in_time", [one(follow_up_at=1.0, follow_up_due=9.0, follow_up_closed=8.0)], 1, 1.0),
    ("follow_up_in_time", [one(follow_up_at=1.0, follow_up_due=9.0, follow_up_closed=10.0)], 1, 0.0),
    (
        "follow_up_in_time",
        [one(follow_up_at=1.0, follow_up_due=9.0), one(follow_up_at=1.0, follow_up_due=NOW + 1)],
        1,
        0.0,
    ),
    ("follow_up_in_time", [one(follow_up_at=1.0, follow_up_closed=10.0)], 1, 1.0),
    ("follow_up_reached", [one(follow_up_at=DAY, follow_up_reached=DAY + 90)], 1, 90.0),
    ("ces_again", [one(again=6.0), one()], 1, 6.0),
]


@pytest.mark.parametrize(
    ("key", "rows", "n", "value"), CASES, ids=[f"{key}-{at}" for at, (key, *_) in enumerate(CASES)]
)
def test_a_figure_is_counted_as_it_is_defined(
    key: str, rows: list[dict[str, Any]], n: int, value: float | None
) -> None:
    measured = measure(BY_KEY[key], facts_of(rows), NOW)

    assert (n, value) == (measured.n, pytest.approx(value) if value is not None else measured.value)


def test_every_figure_has_a_golden_case_and_a_definition_in_both_languages() -> None:
    assert set(BY_KEY) == {key for key, *_ in CASES}
    for number in NUMBERS:
        assert {"en", "de"} == set(number.names) == set(number.definition)
        assert all(len(text) > 40 for text in number.definition.values())
        has_interval = number.unit != "count"
        assert has_interval is ("Interval: " in number.definition["en"]) is ("Intervall: " in number.definition["de"])


def test_hand_offs_by_reason_are_shares_of_all_that_asked_and_add_up() -> None:
    handed = [one(**HANDED, reason=reason) for reason in ("asked", "asked", "anger")]
    facts = facts_of([*handed, *(one() for _ in range(5)), one(**NOTHING), one(**HANDED, reason="asked", by_us=1)])

    by_reason = {
        str(reason): measure_part(HANDOFF_BY_REASON, some, facts, NOW) for reason, some in facts.by("reason").items()
    }

    assert {"asked": (8, 0.25), "anger": (8, 0.125), "None": (8, 0)} == {
        reason: (each.n, each.value) for reason, each in by_reason.items()
    }
    assert wilson(2, 8) == (by_reason["asked"].low, by_reason["asked"].high)
    assert sum(each.total for each in by_reason.values()) == measure(BY_KEY["handoff_rate"], facts, NOW).total
    assert HANDOFF_BY_REASON.key == "handoff_rate"


def test_resolved_are_the_same_conversations_in_every_figure() -> None:
    rows = [one(), one(reopens=1), one(**NOTHING), one(by_us=1), one(resolved_at=None), one(close_reason="spam")]
    facts = facts_of([row | {"conversation_id": str(at)} for at, row in enumerate(rows)])

    assert ["0", "1"] == list(behind(BY_KEY["resolved"], facts, NOW, "met").ids)
    for key in ("resolution_time", "first_contact", "reopened"):
        assert ["0", "1"] == list(behind(BY_KEY[key], facts, NOW).ids), key


def test_no_conversations_are_no_mistake() -> None:
    for number in NUMBERS:
        assert not measure(number, facts_of([]), NOW).n


def test_beside_every_mean_stand_median_and_p90_and_an_interval() -> None:
    values = [60.0, 120.0, 30.0, 3000.0, 45.0]
    rows = [one(**HANDED | {"reply_open_seconds": value}) for value in values]

    measured = measure(BY_KEY["first_reply"], facts_of(rows), NOW)

    tenths = quantiles(values, n=10, method="inclusive")
    assert (fmean(values), 60.0, tenths[-1]) == (measured.value, measured.median, pytest.approx(measured.p90))
    assert measured.low == 0  # Nobody replies before they are asked.
    assert measured.high
    assert measured.high > fmean(values)


def test_of_a_score_that_is_good_when_it_is_high_the_tenth_percentile_says_how_bad_it_gets() -> None:
    values = [1.0, 2.0, 6.0, 7.0, 7.0, 7.0]

    measured = measure(BY_KEY["ces"], facts_of([one(ces=value) for value in values]), NOW)

    assert quantiles(values, n=10, method="inclusive")[0] == pytest.approx(measured.p10)
    assert 1.5 == measured.p10
    assert 7 == measured.p90


def test_wilson_is_the_interval_of_a_share() -> None:
    # Newcombe: Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998, table I.
    for met, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert (low, high) == pytest.approx(wilson(met, n), abs=5e-5)
    assert wilson(0, 0) is None


def test_student_is_the_interval_of_a_mean() -> None:
    # Of 1 to 5: mean 3, standard deviation 1.5811, t(4) = 2.7764.
    assert (1.0368, 4.9632) == pytest.approx(student(np.array([1.0, 2, 3, 4, 5])), abs=1e-4)
    assert student(np.array([3.0])) is None


def test_behind_a_figure_stand_its_conversations() -> None:
    rows = [one(conversation_id="a", ces=7.0), one(conversation_id="b", ces=3.0), one(conversation_id="c")]
    facts = facts_of(rows)

    assert ["a", "b"] == list(behind(BY_KEY["ces"], facts, NOW).ids)
    assert ["a"] == list(behind(BY_KEY["ease"], facts, NOW, "met").ids)
    assert ["b"] == list(behind(BY_KEY["ease"], facts, NOW, "missed").ids)


def test_conversations_are_grouped_by_what_they_have_in_common() -> None:
    facts = facts_of([one(topic="returns"), one(topic="delivery"), one(), one(topic="returns")])

    assert {"returns": 2, None: 1, "delivery": 1} == {name: len(some) for name, some in facts.by("topic").items()}
    assert "returns" == next(iter(facts.by("topic")))
    assert {} == facts_of([]).by("topic")


def test_a_conversation_that_moved_is_in_each_of_its_channels() -> None:
    facts = facts_of([one(channels="web,sms"), one(channels="sms"), one(channels="")])

    assert [[True, False, False], [True, True, False]] == [list(facts.in_channel(name)) for name in ("web", "sms")]
