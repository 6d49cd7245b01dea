"""A code shown in the chat and sent from a phone: what it joins, and all that it must not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from channels.consent import record_consent
from channels.conversation import Conversation
from channels.customer import Address
from channels.linking.codes import GUESSES, LETTERS, LinkCode, find_texts, forget_codes
from channels.linking.merging import Merge
from channels.linking.words import PREFILLED, SENTENCES, prefilled
from db import Database
from tests.channels.linking.people import (
    ANNA,
    MALLORY,
    OTHER_PHONE,
    PHONE,
    address,
    are_one,
    later,
    says,
    sees,
    sends,
    sends_code,
    shown_code,
)


def merges(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Merge)))


def talks(database: Database, who: tuple[str, str], text: str, minutes: float) -> Conversation:
    with database.transaction() as session:
        return says(session, who, text, later(minutes))


def test_a_code_sent_from_a_new_phone_connects_it_and_the_chat_goes_on(database: Database) -> None:
    talks(database, ANNA, "How long do I have to return something?", 0)
    redeemed = sends_code(database, PHONE, shown_code(database))

    assert redeemed is not None
    assert ("linked", "", "anna") == (redeemed.outcome, redeemed.rest, redeemed.visitor)
    assert "NOT ME" in redeemed.sentence
    assert are_one(database, ANNA, PHONE)
    talks(database, PHONE, "and how long does it take?", 2)
    assert [
        "How long do I have to return something?",
        "So it is.",
        "and how long does it take?",
        "So it is.",
    ] == sees(database, ANNA)


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize(
    ("form", "rest"),
    [
        ("{prefilled}", ""),
        ("{prefilled} And how long does it take?", "And how long does it take?"),
        ("{code}", ""),
        ("  {CODE}  ", ""),
        ("{spaced}", ""),
        ("My parcel is late. {CODE}", "My parcel is late"),
        ("Code: {code}!", ""),
        ("mein Code ist {CODE}", ""),
    ],
)
def test_a_code_is_found_however_it_is_written(database: Database, locale: str, form: str, rest: str) -> None:
    code = shown_code(database)
    spaced = " ".join(code.replace("-", ""))
    text = form.format(prefilled=prefilled(code, locale), code=code, CODE=code.upper(), spaced=spaced)
    redeemed = sends(database, PHONE, text)

    assert redeemed is not None
    assert ("linked", rest) == (redeemed.outcome, redeemed.rest)


@pytest.mark.parametrize(
    "text",
    [
        "Where is my parcel?",
        "4915112345678",
        "Unfortunately characteristically Straßenbahnhaltestelle",
        "A" * 5000,
        "2" * 5000,
        "2 " * 5000,
        "",
        "🦊" * 50,
    ],
)
def test_an_ordinary_message_is_none_of_linking(database: Database, text: str) -> None:
    assert sends(database, PHONE, text) is None


def test_words_are_no_codes() -> None:
    assert [] == find_texts(" ".join(PREFILLED.values()))
    assert not set("aeiou01ly") & set(LETTERS)


def test_a_code_cant_be_used_twice(database: Database) -> None:
    code = shown_code(database)
    sends_code(database, PHONE, code)
    again = sends_code(database, OTHER_PHONE, code)

    assert again is not None
    assert "stale" == again.outcome
    assert not are_one(database, ANNA, OTHER_PHONE)


def test_a_code_cant_be_used_after_its_time(database: Database) -> None:
    redeemed = sends_code(database, PHONE, shown_code(database), later(10))

    assert redeemed is not None
    assert "stale" == redeemed.outcome
    assert not are_one(database, ANNA, PHONE)


def test_a_code_cant_be_used_after_the_next_one_was_shown(database: Database) -> None:
    first, second = shown_code(database), shown_code(database)

    assert "stale" == getattr(sends_code(database, PHONE, first), "outcome", None)
    assert "linked" == getattr(sends_code(database, PHONE, second), "outcome", None)


def test_codes_cant_be_guessed(database: Database) -> None:
    for number in range(GUESSES):
        assert sends(database, PHONE, f"22222-2222{LETTERS[number]}") is None
    right = shown_code(database)

    assert sends_code(database, PHONE, right) is None  # by chance it is right, and too late
    assert sends_code(database, PHONE, right, later(62)) is not None


def test_codes_cant_be_read_from_a_copied_database(database: Database) -> None:
    code = shown_code(database)
    with database.reading() as session:
        [row] = session.scalars(select(LinkCode)).all()
        assert code.replace("-", "") not in str(vars(row))


def test_one_code_cant_be_raced_by_two_phones(database: Database) -> None:
    code = shown_code(database)
    phones = [("sms", f"+491511234560{number}") for number in range(4)]
    with database.transaction() as session:
        for phone in phones:
            address(session, phone)
    start = Barrier(len(phones))

    def race(phone: tuple[str, str]) -> str | None:
        start.wait()
        return getattr(sends_code(database, phone, code), "outcome", None)

    with ThreadPoolExecutor(len(phones)) as pool:
        outcomes = sorted(str(one) for one in pool.map(race, phones))

    assert ["linked", "stale", "stale", "stale"] == outcomes
    assert 1 == merges(database)


def test_a_phone_with_a_history_is_asked_first_and_told_what_will_be_seen(database: Database) -> None:
    talks(database, PHONE, "my secret", -30)
    asked = sends_code(database, PHONE, shown_code(database))

    assert asked is not None
    assert ("confirm", None) == (asked.outcome, asked.visitor)
    assert "shown in that web chat" in asked.sentence
    assert not are_one(database, ANNA, PHONE)
    assert "linked" == getattr(sends(database, PHONE, "Yes!", later(2)), "outcome", None)
    assert are_one(database, ANNA, PHONE)


@pytest.mark.parametrize("answer", ["Who is this?", "no", "yes, but who are you?"])
def test_anything_but_a_plain_yes_connects_nothing_and_ends_the_question(database: Database, answer: str) -> None:
    talks(database, PHONE, "hello", -30)
    sends_code(database, PHONE, shown_code(database))
    said = sends(database, PHONE, answer, later(2))

    assert said is None or said.outcome == "declined"
    assert sends(database, PHONE, "yes", later(3)) is None
    assert not are_one(database, ANNA, PHONE)


def test_a_yes_cant_come_from_another_phone_or_too_late(database: Database) -> None:
    talks(database, PHONE, "hello", -30)
    sends_code(database, PHONE, shown_code(database))

    assert sends(database, OTHER_PHONE, "yes", later(2)) is None
    assert sends(database, PHONE, "yes", later(12)) is None
    assert not are_one(database, ANNA, PHONE)


def test_a_code_that_waits_for_a_yes_cant_be_used_by_others(database: Database) -> None:
    talks(database, PHONE, "hello", -30)
    code = shown_code(database)
    sends_code(database, PHONE, code)

    assert "stale" == getattr(sends_code(database, OTHER_PHONE, code), "outcome", None)


def test_a_stopped_phones_yes_cant_be_taken_for_an_answer(database: Database) -> None:
    talks(database, PHONE, "hello", -30)
    sends_code(database, PHONE, shown_code(database))
    with database.transaction() as session:
        record_consent(session, address(session, PHONE), "stopped", "keyword", "STOP", later(2))

    assert sends(database, PHONE, "YES", later(3)) is None


def test_a_phisher_cant_read_what_was_said_on_the_phone_before(database: Database) -> None:
    talks(database, MALLORY, "hello", -20)
    talks(database, PHONE, "my secret", -10)
    sends_code(database, PHONE, shown_code(database, MALLORY))
    sends(database, PHONE, "yes", later(2))

    assert are_one(database, MALLORY, PHONE)
    assert ["hello", "So it is."] == sees(database, MALLORY)
    talks(database, MALLORY, "what did I say?", 3)
    assert "my secret" not in sees(database, MALLORY)
    assert "my secret" not in sees(database, ANNA)


def test_a_phisher_who_said_nothing_yet_cant_read_it_either(database: Database) -> None:
    talks(database, PHONE, "my secret", -10)
    sends_code(database, PHONE, shown_code(database, MALLORY))
    sends(database, PHONE, "yes", later(2))

    assert [] == sees(database, MALLORY)
    talks(database, MALLORY, "what did I say?", 3)
    assert ["what did I say?", "So it is."] == sees(database, MALLORY)


def test_not_me_takes_back_what_was_written_since(database: Database) -> None:
    talks(database, MALLORY, "hello", 0)
    sends_code(database, PHONE, shown_code(database, MALLORY))
    talks(database, PHONE, "my secret", 2)
    assert "my secret" in sees(database, MALLORY)
    undone = sends(database, PHONE, "Not me!", later(3))

    assert undone is not None
    assert ("undone", "mallory") == (undone.outcome, undone.visitor)
    assert ["hello", "So it is."] == sees(database, MALLORY)
    assert ["my secret", "So it is."] == sees(database, PHONE)
    assert sends(database, PHONE, "not me", later(4)) is None


def test_not_me_can_be_said_after_every_link_and_the_last_is_undone_first(database: Database) -> None:
    sends_code(database, PHONE, shown_code(database, MALLORY))
    sends_code(database, PHONE, shown_code(database, ANNA, later(2)), later(3))
    sends(database, PHONE, "yes", later(4))
    assert are_one(database, ANNA, MALLORY, PHONE)

    sends(database, PHONE, "nicht ich", later(5))
    assert are_one(database, MALLORY, PHONE)
    sends(database, PHONE, "NICHT ICH", later(6))
    assert not are_one(database, MALLORY, PHONE)


def test_two_people_whom_the_site_knows_are_never_made_one(database: Database) -> None:
    with database.transaction() as session:
        for who, name in ((ANNA, "anna@shop"), (PHONE, "ben@shop")):
            known = Address(customer_id=address(session, who).customer_id, channel="site", value=name, verified=True)
            session.add(known)
    asked = sends_code(database, PHONE, shown_code(database))
    refused = sends(database, PHONE, "yes", later(2))

    assert "confirm" == getattr(asked, "outcome", None)
    assert "refused" == getattr(refused, "outcome", None)
    assert (0, False) == (merges(database), are_one(database, ANNA, PHONE))


def test_a_code_of_the_same_customer_says_so_and_changes_nothing(database: Database) -> None:
    sends_code(database, PHONE, shown_code(database))
    again = sends_code(database, PHONE, shown_code(database, now=later(2)), later(3))

    assert again is not None
    assert "already" in again.sentence
    assert 1 == merges(database)


def test_old_codes_are_forgotten(database: Database) -> None:
    shown_code(database)
    with database.transaction() as session:
        forget_codes(session, later(60))
        assert 1 == len(session.scalars(select(LinkCode)).all())
        forget_codes(session, later(60 * 30))
        assert [] == session.scalars(select(LinkCode)).all()


def test_both_languages_say_the_same() -> None:
    assert set(SENTENCES["en"]) == set(SENTENCES["de"])
    assert set(PREFILLED) == set(SENTENCES)
