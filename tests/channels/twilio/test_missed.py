"""What came while nobody was there is taken afterwards, once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import update

from app.settings import Settings
from app.wiring import wire_web
from channels.customer import Address
from channels.inbound import Inbound, receive
from channels.twilio.api import Twilio
from channels.twilio.missed import receive_missed
from db import Database, utc_now
from tests.channels.twilio.conftest import Script
from tests.phone import ACCOUNT_SID, ANNA, AUTH_TOKEN, SMS_NUMBER, WHATSAPP_NUMBER, running_simulator
from tests.waiting import until

NUMBERS = (SMS_NUMBER, f"whatsapp:{WHATSAPP_NUMBER}")


def test_what_came_while_nobody_answered_is_taken_once_and_in_order(sqlite_database: Database, tmp_path: Path) -> None:
    database = sqlite_database
    receive(database, Inbound("sms", ANNA, "I have written before", "SM" + "0" * 32), utc_now())
    with running_simulator("http://127.0.0.1:9", retries=0) as simulator:
        anna = simulator.phone(ANNA)
        anna.send(SMS_NUMBER, "first")
        anna.send(WHATSAPP_NUMBER, "second", "whatsapp", media=[("image/png", b"\x89PNG")])
        simulator.settle()
        twilio = Twilio(ACCOUNT_SID, AUTH_TOKEN, simulator.api_url)
        taken: list[Inbound] = []

        def take(inbound: Inbound, now: object) -> object:
            taken.append(inbound)
            return receive(database, inbound, utc_now())

        missed = partial(receive_missed, database, twilio, NUMBERS, take)
        assert [2, 0] == [len(missed(utc_now())), len(missed(utc_now()))]

    first, second = taken[:2]
    assert (("sms", "first"), ("whatsapp", "second")) == ((first.channel, first.text), (second.channel, second.text))
    assert second.attached[0].url.startswith(f"{simulator.api_url}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/")


def test_a_house_that_begins_fetches_what_came_before_and_answers_it(sqlite_database: Database) -> None:
    receive(sqlite_database, Inbound("sms", ANNA, "I have written before", "SM" + "0" * 32), utc_now())
    with running_simulator("http://127.0.0.1:9", retries=0) as simulator:
        anna = simulator.phone(ANNA)
        anna.send(SMS_NUMBER, "is anybody there?")
        simulator.settle()
        account = {"twilio_account_sid": ACCOUNT_SID, "twilio_auth_token": AUTH_TOKEN}
        settings = Settings(**account, twilio_api_url=simulator.api_url, sms_numbers=(SMS_NUMBER,))
        served = wire_web(settings, sqlite_database, Script().reply)
        try:
            until(lambda: any("is anybody there?" in said.body for said in anna.messages if not said.is_inbound))
        finally:
            served.stop()


def test_an_installation_that_nobody_has_written_to_answers_no_old_messages(sqlite_database: Database) -> None:
    with running_simulator("http://127.0.0.1:9", retries=0) as simulator:
        simulator.phone(ANNA).send(SMS_NUMBER, "for somebody else")
        twilio = Twilio(ACCOUNT_SID, AUTH_TOKEN, simulator.api_url)

        assert [] == receive_missed(sqlite_database, twilio, NUMBERS, partial(receive, sqlite_database), utc_now())


def test_what_is_older_than_a_day_is_left(sqlite_database: Database) -> None:
    database = sqlite_database
    receive(database, Inbound("sms", ANNA, "I have written before", "SM" + "0" * 32), utc_now())
    with database.transaction() as session:
        session.execute(update(Address).values(heard_at=utc_now() - timedelta(days=9)))
    with running_simulator("http://127.0.0.1:9", retries=0) as simulator:
        simulator.phone(ANNA).send(SMS_NUMBER, "too long ago")
        twilio = Twilio(ACCOUNT_SID, AUTH_TOKEN, simulator.api_url)
        in_two_days = utc_now() + timedelta(days=2)

        assert [] == receive_missed(database, twilio, NUMBERS, partial(receive, database), in_two_days)
