"""Phone numbers, as people write them."""

from __future__ import annotations

import pytest

from channels.addresses import forms, hidden, phone_number, region_of, spaced


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("+49 151 12345678", None, "+4915112345678"),
        ("0151/123 456-78", "DE", "+4915112345678"),
        ("0049 151 12345678", "DE", "+4915112345678"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("0664 1234567", "AT", "+436641234567"),
        ("0151 12345678", None, None),
        ("+49 30 901820", None, None),
        ("+49 900 1234567", None, None),
        ("+1 900 555 0123", None, None),
        ("112", "DE", None),
        ("+49 151 12345678 ext. 9", None, None),
        ("my number", "DE", None),
        ("", "DE", None),
        ("+" * 1000, "DE", None),
    ],
)
def test_a_number_has_one_form_and_what_can_get_no_text_has_none(
    written: str, region: str | None, number: str | None
) -> None:
    assert number == phone_number(written, region)


def test_a_hidden_number_gives_nothing_away() -> None:
    assert "+49 ··· 78" == hidden("+4915112345678")
    assert "··· 03" == hidden("BR.1503")


def test_a_number_of_ours_is_shown_in_groups() -> None:
    assert "+49 1573 5980002" == spaced("+4915735980002")


def test_a_number_has_a_country() -> None:
    assert ("DE", "US", None) == (region_of("+4915112345678"), region_of("+12125550123"), region_of("BR.1503"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+525512345678", "+5215512345678"),
        ("+541123456789", "+5491123456789"),
        ("+54111523456789", "+5491123456789"),
        ("+553187654321", "+5531987654321"),
        ("+551196543210", "+5511996543210"),
    ],
)
def test_a_number_that_is_written_in_two_ways_is_one_number(one: str, other: str) -> None:
    assert forms(one) == forms(other)
    assert other in forms(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+551132345678", "+5511932345678"),  # a landline, and a mobile number that never had eight digits
        ("+4915112345678", "+4991512345678"),
        ("+525512345678", "+525512345679"),
        ("+12125550123", "+12125550124"),
        ("BR.1501", "BR.1502"),
    ],
)
def test_two_numbers_are_two_numbers(one: str, other: str) -> None:
    assert not set(forms(one)) & set(forms(other))
