"""Who wants no messages: one test or more for each fact of a correct integration, by its number."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from channels.consent import Consent
from channels.phone.phones import Phone
from tests.channels.twilio.conftest import House
from tests.channels.twilio.facing import sms_of, whatsapp_of
from tests.phone import SMS_NUMBER, WHATSAPP_NUMBER
from tests.waiting import until

# 9. STOP, START, HELP.


def consents(house: House) -> list[tuple[str, str, str]]:
    with house.database.reading() as session:
        return [(one.state, one.source, one.said) for one in session.scalars(select(Consent).order_by(Consent.id))]


@pytest.mark.parametrize("word", ["STOP", "stopall", "Unsubscribe", "CANCEL", "end", "QUIT", "revoke", "OPTOUT"])
def test_fact_09_after_stop_the_bot_is_silent_and_nothing_is_sent(house: House, anna: Phone, word: str) -> None:
    anna.send(SMS_NUMBER, "Hello")
    sms_of(anna)
    anna.send(SMS_NUMBER, word)
    until(lambda: consents(house))
    anna.send(SMS_NUMBER, "Where is my parcel?")
    until(lambda: len(house.messages("customer")) == 3)
    house.simulator.settle()

    assert [("stopped", "keyword", word)] == consents(house)
    assert ["Hello"] == [text for text, _ in house.bot.heard]
    assert ["business", "carrier"] == [one.author for one in anna.messages if not one.is_inbound]


def test_fact_09_start_lets_us_answer_again(house: House, anna: Phone) -> None:
    for text in ("STOP", "START", "Hello"):
        anna.send(SMS_NUMBER, text)
        until(lambda text=text: text in [message.text for message in house.messages("customer")])
    sms_of(anna, 3)

    assert ["stopped", "started"] == [state for state, *_ in consents(house)]
    assert ["Hello"] == [text for text, _ in house.bot.heard]


def test_fact_09_yes_is_an_answer_unless_somebody_has_opted_out(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "YES")
    assert ["I heard: YES"] == sms_of(anna)
    anna.send(SMS_NUMBER, "STOP")
    until(lambda: consents(house))
    anna.send(SMS_NUMBER, "YES")
    until(lambda: len(consents(house)) == 2)

    assert ["YES"] == [text for text, _ in house.bot.heard]


def test_fact_09_help_by_sms_is_the_carriers_to_answer(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "HELP")
    until(lambda: house.messages("customer"))
    house.simulator.settle()

    assert ["carrier"] == [one.author for one in anna.messages if not one.is_inbound]
    assert [] == house.bot.heard


def test_fact_09_german_words_that_the_carrier_does_not_know_are_confirmed_once(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "Abmelden")
    [confirmation] = sms_of(anna)
    anna.send(SMS_NUMBER, "Hello")
    until(lambda: len(house.messages("customer")) == 2)
    house.simulator.settle()

    assert "Fennimor" in confirmation
    assert [confirmation] == sms_of(anna)


def test_fact_09_stop_in_a_sentence_is_a_question(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "stop sending me the wrong size")

    assert ["I heard: stop sending me the wrong size"] == sms_of(anna)
    assert [] == consents(house)


def test_fact_09_what_waited_to_be_sent_is_called_back_by_stop(house: House, anna: Phone) -> None:
    house.simulator.faults.set(server_error=1)
    anna.send(SMS_NUMBER, "Hello")
    until(lambda: house.deliveries() and house.deliveries()[0].error)
    anna.send(SMS_NUMBER, "STOP")
    until(lambda: consents(house))
    house.simulator.faults.set(server_error=0)
    house.hurry()
    until(lambda: ["failed"] == [one.state for one in house.deliveries()])
    house.simulator.settle()

    assert ["carrier"] == [one.author for one in anna.messages if not one.is_inbound]


def test_fact_09_an_opt_out_that_only_twilio_knows_of_is_kept_when_it_tells(house: House, anna: Phone) -> None:
    house.simulator.faults.set(opted_out=1)
    anna.send(SMS_NUMBER, "Hello")

    assert [("stopped", "provider", "21610")] == until(lambda: consents(house))


# 15. STOP on WhatsApp is ours.


@pytest.mark.parametrize("word", ["STOP", "Stopp!", "abmelden", "unsubscribe"])
def test_fact_15_stop_on_whatsapp_is_confirmed_once_and_kept(house: House, anna: Phone, word: str) -> None:
    anna.send(WHATSAPP_NUMBER, word, "whatsapp")
    [confirmation] = whatsapp_of(anna)
    anna.send(WHATSAPP_NUMBER, "Hello?", "whatsapp")
    until(lambda: len(house.messages("customer")) == 2)
    house.simulator.settle()

    assert "START" in confirmation
    assert [confirmation] == whatsapp_of(anna)
    assert [] == house.bot.heard
    assert [("stopped", "keyword", word)] == consents(house)


def test_fact_15_start_on_whatsapp_is_confirmed_and_help_is_answered(house: House, anna: Phone) -> None:
    for count, word in enumerate(("STOP", "START", "HELP", "Hello"), start=1):
        anna.send(WHATSAPP_NUMBER, word, "whatsapp")
        said = whatsapp_of(anna, count)

    assert "STOP" in said[1]
    assert "STOP" in said[2]
    assert "I heard: Hello" == said[3]
