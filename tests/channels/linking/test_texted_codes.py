"""A code texted to a phone and typed in the chat: what it joins, and all that it must not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier

import pytest
from limits import parse
from limits.storage import MemoryStorage
from sqlalchemy import func, select

from channels.consent import record_consent
from channels.customer import Address
from channels.linking.codes import LinkCode
from channels.linking.merging import Merge
from channels.linking.texting import TRIES, CodeRules, Texted, Texting, Typed
from db import Database
from tests.cast import MONDAY
from tests.channels.linking.people import ANNA, MALLORY, Who, address, are_one, later, says, sees, sends

NUMBER = "+4915112345678"
PHONE = ("sms", NUMBER)
RULES = CodeRules(
    key="k" * 32,
    company="Fennimor",
    region="DE",
    countries=(),
    per_number=parse("3/hour"),
    per_visitor=parse("5/hour"),
    per_network_address=parse("10/hour"),
    in_all=parse("100/hour"),
)


@pytest.fixture
def texting() -> Iterator[Texting]:
    return Texting(RULES, MemoryStorage())


def asks_for(
    database: Database,
    texting: Texting,
    number: object,
    who: Who = ANNA,
    now: datetime = MONDAY,
    host: str | None = None,
) -> Texted:
    with database.transaction() as session:
        return texting.send(session, address(session, who), number, "192.0.2.1", now, "en", host)


def types(database: Database, texting: Texting, digits: object, who: Who = ANNA, minutes: float = 1) -> Typed:
    with database.transaction() as session:
        return texting.check(session, address(session, who), digits, later(minutes), "en")


def digits_of(texted: Texted) -> str:
    assert texted.refusal is None, texted
    return texted.sentence[:6]


def wrong(digits: str, by: int = 1) -> str:
    return f"{(int(digits) + by) % 1_000_000:06}"


def test_the_digits_that_were_texted_connect_the_phone(database: Database, texting: Texting) -> None:
    texted = asks_for(database, texting, "0151 12345678", host="shop.example")
    digits = digits_of(texted)

    assert (
        f"{digits} is your code for the chat with Fennimor. Do not give it to anybody.\n\n@shop.example #{digits}"
        == texted.sentence
    )
    assert texted.phone is not None
    assert (*PHONE, False) == (texted.phone.channel, texted.phone.value, texted.phone.verified)
    typed = types(database, texting, f" {digits[:3]} {digits[3:]}")
    assert typed.mistake is None
    assert "NOT ME" in typed.sentence
    assert typed.phone is not None
    assert typed.phone.verified
    assert are_one(database, ANNA, PHONE)


def test_a_long_name_leaves_out_the_line_for_phones(database: Database) -> None:
    texting = Texting(replace(RULES, company="F" * 90), MemoryStorage())

    assert "#" not in asks_for(database, texting, NUMBER, host="shop.example").sentence


def test_sms_and_whatsapp_of_one_number_are_connected_together(database: Database, texting: Texting) -> None:
    with database.transaction() as session:
        says(session, ("whatsapp", NUMBER), "hello", MONDAY)
    types(database, texting, digits_of(asks_for(database, texting, NUMBER)))

    assert are_one(database, ANNA, PHONE, ("whatsapp", NUMBER))


def test_the_phone_can_say_that_it_was_not_them(database: Database, texting: Texting) -> None:
    types(database, texting, digits_of(asks_for(database, texting, NUMBER, MALLORY)), MALLORY)

    assert "undone" == getattr(sends(database, PHONE, "Not me", later(2)), "outcome", None)
    assert not are_one(database, MALLORY, PHONE)


def test_what_was_said_on_the_phone_before_cant_be_read_in_the_chat(database: Database, texting: Texting) -> None:
    with database.transaction() as session:
        says(session, PHONE, "my secret", MONDAY)
    types(database, texting, digits_of(asks_for(database, texting, NUMBER, MALLORY)), MALLORY)

    assert are_one(database, MALLORY, PHONE)
    assert [] == sees(database, MALLORY)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "x",
        "123",
        "030 901820",
        "0800 3301000",
        "+49 151",
        None,
        5,
        ["+4915112345678"],
        "9" * 10_000,
        "+4915112345678 ext. 5",
    ],
)
def test_what_is_no_mobile_number_is_refused_in_words(database: Database, texting: Texting, number: object) -> None:
    texted = asks_for(database, texting, number)

    assert ("no_number", None) == (texted.refusal, texted.phone)
    assert "country code" in texted.sentence


def test_numbers_of_other_countries_than_allowed_get_nothing(database: Database) -> None:
    texting = Texting(replace(RULES, countries=("AT",)), MemoryStorage())

    assert "no_country" == asks_for(database, texting, NUMBER).refusal
    assert asks_for(database, texting, "+43 664 1234567").refusal is None


def test_a_phone_that_has_opted_out_cant_be_texted(database: Database, texting: Texting) -> None:
    with database.transaction() as session:
        record_consent(session, address(session, PHONE), "stopped", "keyword", "STOP", MONDAY)

    assert "stopped" == asks_for(database, texting, NUMBER).refusal


def test_one_number_cant_be_flooded_by_many_visitors(database: Database, texting: Texting) -> None:
    refusals = [asks_for(database, texting, NUMBER, ("web", f"visitor {number}")).refusal for number in range(5)]

    assert [None, None, None, "too_many_codes", "too_many_codes"] == refusals


def test_one_visitor_cant_have_many_numbers_texted(database: Database, texting: Texting) -> None:
    refusals = [asks_for(database, texting, f"+49151123456{number}0").refusal for number in range(7)]

    assert [None] * 5 + ["too_many_codes"] * 2 == refusals


def test_one_network_address_cant_buy_more_with_new_sessions(database: Database, texting: Texting) -> None:
    refusals = [
        asks_for(database, texting, f"+491511234{number}00", ("web", str(number))).refusal for number in range(10, 22)
    ]

    assert [None] * 10 + ["too_many_codes"] * 2 == refusals


def test_all_together_cant_cost_more_than_the_operator_allows(database: Database) -> None:
    texting = Texting(replace(RULES, in_all=parse("2/hour")), MemoryStorage())
    refusals = [
        asks_for(database, texting, f"+491511234{number}00", ("web", str(number))).refusal for number in range(10, 13)
    ]

    assert [None, None, "too_many_codes"] == refusals


def test_the_digits_cant_be_guessed(database: Database, texting: Texting) -> None:
    digits = digits_of(asks_for(database, texting, NUMBER))
    mistakes = [types(database, texting, wrong(digits, by)).mistake for by in range(1, TRIES + 2)]

    assert ["wrong"] * (TRIES - 1) + ["too_many_tries"] * 2 == mistakes
    assert "too_many_tries" == types(database, texting, digits).mistake
    assert not are_one(database, ANNA, PHONE)


def test_the_digits_cant_be_guessed_by_many_at_one_moment(database: Database, texting: Texting) -> None:
    digits = digits_of(asks_for(database, texting, NUMBER))
    start = Barrier(8)

    def guess(by: int) -> str | None:
        start.wait()
        return types(database, texting, wrong(digits, by)).mistake

    with ThreadPoolExecutor(8) as pool:
        mistakes = list(pool.map(guess, range(1, 9)))

    assert TRIES - 1 == mistakes.count("wrong")
    assert "too_many_tries" == types(database, texting, digits).mistake


def test_the_digits_cant_be_used_twice(database: Database, texting: Texting) -> None:
    digits = digits_of(asks_for(database, texting, NUMBER))
    types(database, texting, digits)

    assert "no_code" == types(database, texting, digits).mistake


def test_the_digits_typed_twice_at_one_moment_connect_once(database: Database, texting: Texting) -> None:
    digits = digits_of(asks_for(database, texting, NUMBER))
    start = Barrier(4)

    def race(_: int) -> str | None:
        start.wait()
        return types(database, texting, digits).mistake

    with ThreadPoolExecutor(4) as pool:
        mistakes = list(pool.map(race, range(4)))

    assert 1 == mistakes.count(None)
    with database.reading() as session:
        assert 1 == session.scalar(select(func.count()).select_from(Merge))


def test_the_digits_cant_be_used_after_their_time(database: Database, texting: Texting) -> None:
    digits = digits_of(asks_for(database, texting, NUMBER))

    assert "expired" == types(database, texting, digits, minutes=10).mistake


def test_the_digits_cant_be_used_by_another_visitor(database: Database, texting: Texting) -> None:
    digits = digits_of(asks_for(database, texting, NUMBER))
    asks_for(database, texting, "+4915187654321", MALLORY)

    assert types(database, texting, digits, MALLORY).mistake in {"wrong", None}
    assert not are_one(database, MALLORY, PHONE)
    assert "no_code" == types(database, texting, digits, ("web", "nobody")).mistake


def test_the_digits_cant_be_used_after_the_next_ones_were_sent(database: Database, texting: Texting) -> None:
    first = digits_of(asks_for(database, texting, NUMBER))
    second = digits_of(asks_for(database, texting, "+4915187654321", now=later(1)))

    if first != second:
        assert "wrong" == types(database, texting, first, minutes=2).mistake
    assert not are_one(database, ANNA, PHONE)
    assert types(database, texting, second, minutes=2).mistake is None


@pytest.mark.parametrize("typed", ["", None, 5, ["1"], "1" * 100_000, "１２３４５６", "\x00"])
def test_what_are_no_digits_are_wrong(database: Database, texting: Texting, typed: object) -> None:
    asks_for(database, texting, NUMBER)

    assert "wrong" == types(database, texting, typed).mistake


def test_the_digits_cant_be_read_from_a_copied_database(database: Database, texting: Texting) -> None:
    from hashlib import sha256

    digits = digits_of(asks_for(database, texting, NUMBER))
    with database.reading() as session:
        [row] = session.scalars(select(LinkCode)).all()
    assert digits not in str(vars(row))
    assert row.digest != sha256(digits.encode()).hexdigest()


def test_two_people_whom_the_site_knows_are_never_made_one(database: Database, texting: Texting) -> None:
    with database.transaction() as session:
        for who, name in ((ANNA, "anna@shop"), (PHONE, "ben@shop")):
            customer_id = address(session, who).customer_id
            session.add(Address(customer_id=customer_id, channel="site", value=name, verified=True))
    digits = digits_of(asks_for(database, texting, NUMBER))

    assert "refused" == types(database, texting, digits).mistake
    assert not are_one(database, ANNA, PHONE)
    assert "no_code" == types(database, texting, digits).mistake
