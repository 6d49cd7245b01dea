"""Whom an invented history writes to, and when they write."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import phonenumbers
import pytest

from insights.simulating.people import ZONE, moments, nobodys_number, people
from tests.cast import MONDAY

FREE = ("+447700900", "+442079460", "+493023125", "+496990009")


@pytest.mark.parametrize("locale", ["en", "de"])
def test_every_number_is_one_that_is_nobodys(locale: str) -> None:
    numbers = [nobodys_number(locale, number) for number in range(2000)]

    assert all(number.startswith(FREE) for number in numbers)
    assert 2000 == len(set(numbers))
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(number)) for number in numbers)


def test_the_same_seed_makes_the_same_people() -> None:
    assert people(Random(7), 50, "a") == people(Random(7), 50, "a")
    assert people(Random(7), 50, "a") != people(Random(8), 50, "a")


def test_people_write_within_their_days_and_sleep_at_night() -> None:
    found = moments(Random(7), 2000, MONDAY, 14)

    assert sorted(found) == found
    assert all(MONDAY - timedelta(days=1) <= at <= MONDAY + timedelta(days=14) for at in found)
    by_hour = [at.astimezone(ZONE).hour for at in found]
    assert 0 == by_hour.count(3)
    assert by_hour.count(10) > by_hour.count(21) > by_hour.count(0)
