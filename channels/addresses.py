"""Phone numbers: read as people write them, kept in one form, and shown without giving them away."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

TEXTABLE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
"""In North America the two can't be told apart."""
WITH_AND_WITHOUT = {
    # Mexico: the 1 before mobile numbers was given up in 2019.
    r"(\+52)1?([2-9]\d{9})": "1",
    # Argentina: the 9 says that a number is a mobile one.
    r"(\+54)9?([1-3]\d{9})": "9",
    # Brazil: mobile numbers of eight digits, which began with 6 to 9, got a 9 in front until 2016.
    r"(\+55[1-9]\d)9?([6-9]\d{7})": "9",
}
"""Numbers with a digit that WhatsApp writes and SMS does not, or the other way round, by when the account was made:
https://support.whapi.cloud/help-desk/faq/specifics-of-sending-messages-to-numbers-of-different-countries,
https://waha.devlike.pro/docs/apps/phone-numbers-mexico/"""
LONGEST = 40
"""Characters somebody may need to write one down."""


def phone_number(text: str, region: str | None) -> str | None:
    """The number as E.164; None if it is none, or none that can get a text.

    `region` (`DE`, `US` …) is where numbers without a country code are from.
    """
    parsed = _parsed(text, region) if len(text) <= LONGEST else None
    if parsed is None or parsed.extension or not phonenumbers.is_valid_number(parsed):
        return None
    if phonenumbers.number_type(parsed) not in TEXTABLE:
        return None
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def forms(number: str) -> tuple[str, ...]:
    """All forms in which the channels write this number, the same ones for each; the first is its key."""
    parsed = _parsed(number, None)
    written = phonenumbers.format_number(parsed, PhoneNumberFormat.E164) if parsed else number
    for pattern, digit in WITH_AND_WITHOUT.items():
        if found := re.fullmatch(pattern, written):
            country, rest = found.groups()
            return f"{country}{rest}", f"{country}{digit}{rest}"
    return (written,)


def region_of(number: str) -> str | None:
    """The country of an E.164 number, such as `DE`."""
    parsed = _parsed(number, None)
    return phonenumbers.region_code_for_number(parsed) if parsed else None


def spaced(number: str) -> str:
    """A number in groups, as people write it down: `+49 1573 5980002`."""
    parsed = _parsed(number, None)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL) if parsed else number


def hidden(number: str) -> str:
    """As it may stand on a screen: `+49 ··· 78`."""
    parsed = _parsed(number, None)
    country = f"+{parsed.country_code} " if parsed else ""
    return f"{country}··· {number[-2:]}"


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
