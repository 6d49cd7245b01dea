"""Phone numbers: read as people write them, kept in one form, and shown without giving them away."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

TEXTABLE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
"""In North America the two can't be told apart."""
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
