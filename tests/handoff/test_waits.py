"""How long somebody will wait, from what others waited before them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db import Database
from handoff.handoffs import Handoff
from handoff.waits import Past, Wait, as_spoken, expected_wait, foretold
from staff.teams import default_team
from tests.cast import MONDAY
from tests.handoff.people import comes, conversation, hire, waits

NIGHT = MONDAY.replace(hour=22)
"""The company's first calendar is Monday to Friday, 9 to 17 UTC."""


def alone(*waited: float) -> list[Past]:
    """Each came when nobody waited."""
    return [Past(100 * place, 100 * place + minutes) for place, minutes in enumerate(waited)]


def crowd(count: int, pace: float) -> list[Past]:
    """All came at once and were taken one after the other."""
    return [Past(0, pace * (place + 1)) for place in range(count)]


@pytest.mark.parametrize(
    ("history", "place", "waited", "minutes"),
    [
        ([], 1, 0, None),
        # Two say nothing.
        (alone(4, 6), 1, 0, None),
        (alone(4, 6, 5), 1, 0, 5),
        # One who was forgotten over the weekend changes nothing.
        (alone(4, 6, 5, 900), 1, 0, 5.5),
        # Who has waited is told what those waited who waited longer.
        (alone(4, 6, 5, 10, 12, 14), 1, 8, 4),
        # Nobody ever waited so long: nobody can say.
        (alone(4, 6, 5), 1, 30, None),
        # Where there is a queue, it is as long as it is: five minutes each.
        (crowd(5, 5), 1, 0, 15),
        (crowd(5, 5), 6, 0, 30),
    ],
)
def test_the_wait_is_foretold_from_what_others_waited(
    history: list[Past], place: int, waited: float, minutes: float | None
) -> None:
    assert minutes == foretold(history, place, waited)


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, 1), (0.2, 1), (1.1, 2), (5, 5), (5.5, 10), (11, 15), (62, 90), (470, 480), (500, 540)]
)
def test_it_is_said_as_one_says_it_and_never_too_short(minutes: float, said: int) -> None:
    assert said == as_spoken(minutes)


def past(database: Database, *waited: int) -> None:
    """Others were handed over last week, and taken after so many minutes."""
    hire(database, "Somebody")
    one = waits(database, now=MONDAY - timedelta(days=8))
    with database.transaction() as session:
        team = default_team(session).id
        for place, minutes in enumerate(waited):
            at = MONDAY - timedelta(days=4) + timedelta(hours=place)
            session.add(
                Handoff(
                    conversation_id=one, reason="asked", team_id=team, locale="en", channel="web", at=at,
                    claimed_at=at + timedelta(minutes=minutes), ended_at=at + timedelta(hours=1),
                )
            )  # fmt: skip


def wait(database: Database, now: object, one: str | None = None) -> Wait:
    with database.reading() as session:
        return expected_wait(session, default_team(session).id, now, one and conversation(database, one))  # type: ignore[arg-type]


def test_somebody_is_there_and_it_takes_as_long_as_it_does(database: Database) -> None:
    past(database, 4, 5, 6)
    comes(database, hire(database, "Mira Kern"))

    assert Wait(5, 2) == wait(database, MONDAY)


def test_at_night_nothing_is_promised_but_when_somebody_is_back(database: Database) -> None:
    past(database, 4, 5, 6)
    tuesday = MONDAY.replace(hour=9) + timedelta(days=1)

    assert (None, True, tuesday) == tuple(
        getattr(wait(database, NIGHT), name) for name in ("minutes", "is_closed", "opens_at")
    )


def test_who_works_late_is_there(database: Database) -> None:
    past(database, 4, 5, 6)
    comes(database, hire(database, "Mira Kern"), NIGHT)

    assert (5, False) == (wait(database, NIGHT).minutes, wait(database, NIGHT).is_closed)


def test_in_opening_hours_with_nobody_there_no_time_is_made_up(database: Database) -> None:
    past(database, 4, 5, 6)

    assert (None, False, False) == tuple(
        getattr(wait(database, MONDAY), name) for name in ("minutes", "is_closed", "is_staffed")
    )


def test_a_wait_over_night_counts_the_opening_hours_alone(database: Database) -> None:
    # Handed over an hour before the end of Thursday, taken half an hour after Friday's beginning.
    past(database, 17 * 60 + 30, 17 * 60 + 30, 17 * 60 + 30)
    comes(database, hire(database, "Mira Kern"))

    minutes = wait(database, MONDAY).minutes
    assert minutes is not None
    assert minutes <= 8 * 60


def test_the_place_in_the_queue_is_by_urgency_and_then_by_time(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    comes(database, mira)
    one = waits(database)

    assert 1 == wait(database, MONDAY, one).position
    assert 2 == wait(database, MONDAY).position
