"""What STOP, START and a yes mean to the channel: what the carrier holds back, only its own words let go."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from channels.asides import OptWords
from channels.consent import Consent, record_consent
from channels.conversation import Message
from channels.customer import find_address
from channels.inbound import Inbound, Rules, receive
from channels.outbox import Delivery
from db import Database
from tests.cast import MONDAY

NUMBER = "+4915112345678"
RULES = Rules(heed=OptWords("Fennimor", "en").heed)
_ids = count()


def writes(database: Database, text: str, channel: str = "sms", **more: Any) -> bool:
    """Whether the bot is to answer it."""
    number = next(_ids)
    now = MONDAY + timedelta(seconds=number)
    received = receive(database, Inbound(channel, NUMBER, text, f"m{number}", sender="+4930", **more), now, RULES)
    with database.reading() as session:
        return not session.scalars(select(Message.is_silent).filter_by(id=received.message_id)).one()


def consents(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(one.state, one.said) for one in session.scalars(select(Consent).order_by(Consent.id))]


def said(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(Delivery.id)).all())


@pytest.mark.parametrize("word", ["ja", "Anmelden", "Start!"])
@pytest.mark.parametrize("stops", [["STOP"], ["Abmelden", "STOP"], ["STOP", "Abmelden"]])
def test_by_sms_a_word_the_carrier_does_not_know_cant_lift_what_it_holds(
    sqlite_database: Database, stops: list[str], word: str
) -> None:
    for stop in stops:
        writes(sqlite_database, stop)
    before = said(sqlite_database)

    assert not writes(sqlite_database, word)
    assert [("stopped", stop) for stop in stops] == consents(sqlite_database)
    assert before == said(sqlite_database)
    writes(sqlite_database, "START")
    assert ("started", "START") == consents(sqlite_database)[-1]


def test_by_sms_a_word_the_provider_understood_itself_is_held_by_it(sqlite_database: Database) -> None:
    writes(sqlite_database, "Abmelden", opted="stop")
    writes(sqlite_database, "ja")
    assert [("stopped", "Abmelden")] == consents(sqlite_database)

    writes(sqlite_database, "Anmelden", opted="start")
    assert ("started", "Anmelden") == consents(sqlite_database)[-1]
    assert 0 == said(sqlite_database)


def test_a_refusal_of_the_providers_is_lifted_by_its_own_words_by_sms_and_by_any_on_whatsapp(
    sqlite_database: Database,
) -> None:
    for channel in ("sms", "whatsapp"):
        writes(sqlite_database, "Hallo", channel)
        with sqlite_database.transaction() as session:
            address = find_address(session, channel, NUMBER)
            assert address is not None
            record_consent(session, address, "stopped", "provider", "21610", MONDAY)
        writes(sqlite_database, "ja", channel)

    assert [("stopped", "21610"), ("stopped", "21610"), ("started", "ja")] == consents(sqlite_database)


@pytest.mark.parametrize(("stop", "channel"), [("Abmelden", "sms"), ("STOP", "whatsapp"), ("Stop!", "sms")])
def test_what_the_carrier_does_not_hold_is_lifted_by_a_german_yes(
    sqlite_database: Database, stop: str, channel: str
) -> None:
    writes(sqlite_database, stop, channel)
    writes(sqlite_database, "Ja", channel)

    assert [("stopped", stop), ("started", "Ja")] == consents(sqlite_database)
    assert 2 == said(sqlite_database)


def test_what_the_carrier_held_before_the_last_start_counts_no_more(sqlite_database: Database) -> None:
    for word in ("STOP", "START", "Abmelden", "Ja"):
        writes(sqlite_database, word)

    assert ["stopped", "started"] * 2 == [state for state, _ in consents(sqlite_database)]


def test_a_yes_that_the_provider_takes_for_start_is_an_answer_unless_somebody_has_opted_out(
    sqlite_database: Database,
) -> None:
    assert writes(sqlite_database, "YES", opted="start")
    writes(sqlite_database, "STOP", opted="stop")
    assert not writes(sqlite_database, "YES", opted="start")

    assert [("stopped", "STOP"), ("started", "YES")] == consents(sqlite_database)
