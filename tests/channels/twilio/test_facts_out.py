"""What goes to Twilio: one test or more for each fact of a correct integration, by its number."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.reply import Said
from channels.delivering import CLAIM
from channels.outbox import Delivery
from channels.pacing import Pace
from channels.phone.phones import Phone
from channels.sms.gsm import segments
from channels.twilio.errors import SENTENCES
from channels.twilio.status import Report, take_report
from db import Database, utc_now
from knowledge.answers import Source
from knowledge.articles import Article, Revision, Translation
from tests.channels.twilio.conftest import RETURNS, House, a_house, in_a_hurry
from tests.channels.twilio.facing import an_sms, post, sms_of, whatsapp_of
from tests.phone import ANNA, SMS_NUMBER, WHATSAPP_NUMBER
from tests.waiting import until

# 5. Status moves only forward.


def test_fact_05_a_delivered_message_says_so(house: House, anna: Phone) -> None:
    anna.send(WHATSAPP_NUMBER, "Hello", "whatsapp")
    whatsapp_of(anna)
    until(lambda: house.deliveries()[0].status == "delivered")
    anna.read("whatsapp", WHATSAPP_NUMBER)

    until(lambda: house.deliveries()[0].status == "read")
    assert "sent" == house.deliveries()[0].state


@pytest.mark.parametrize(
    ("reports", "status", "state"),
    [
        (["queued", "sent", "delivered"], "delivered", "sent"),
        (["delivered", "sent", "queued"], "delivered", "sent"),
        (["delivered", "delivered", "sending"], "delivered", "sent"),
        (["read", "delivered"], "read", "sent"),
        (["undelivered", "sent"], "undelivered", "failed"),
        (["undelivered", "delivered"], "undelivered", "failed"),
        (["delivered", "failed"], "delivered", "sent"),
        (["sent", "unheard-of"], "sent", "sent"),
    ],
)
def test_fact_05_reports_in_any_order_and_twice_only_move_it_forward(
    house: House, anna: Phone, reports: list[str], status: str, state: str
) -> None:
    anna.send(SMS_NUMBER, "Hello")
    sms_of(anna)
    until(lambda: house.deliveries()[0].status == "delivered")
    with house.database.transaction() as session:
        session.execute(update(Delivery).values(status=None, state="sent"))
    sid = str(house.deliveries()[0].provider_id)
    for report in reports:
        take_report(house.database, Report(sid, report), utc_now())

    assert (status, state) == (house.deliveries()[0].status, house.deliveries()[0].state)


# 6. Unknown outcomes.


def test_fact_06_a_message_whose_answer_was_lost_is_found_and_not_sent_again(house: House, anna: Phone) -> None:
    house.simulator.faults.timeout_seconds = 2
    house.simulator.faults.set(timeout_after_accepting=1)
    anna.send(SMS_NUMBER, "Hello")

    until(lambda: house.deliveries() and house.deliveries()[0].state == "sent")
    house.simulator.faults.set(timeout_after_accepting=0)
    house.hurry()
    house.simulator.settle()
    assert ["I heard: Hello"] == sms_of(anna)
    assert 1 == len((house.deliveries()[0].provider_id and [1]) or [])


def test_fact_06_without_a_report_twilio_is_asked_before_anything_is_sent_again(
    sqlite_database: Database, tmp_path: Path
) -> None:
    nowhere = "http://127.0.0.1:9"  # No report of the simulator's reaches us.
    with a_house(sqlite_database, tmp_path, {"retries": 0}, public_url=nowhere) as house:
        house.simulator.faults.timeout_seconds = 2
        house.simulator.faults.set(timeout_after_accepting=1)
        post(f"{house.url}/webhooks/twilio/sms", an_sms(), signed_url=f"{nowhere}/webhooks/twilio/sms")
        # On a busy machine it may have been asked before this is looked at.
        until(lambda: any(one.unknown_since or one.state == "sent" for one in house.deliveries()))
        house.simulator.faults.set(timeout_after_accepting=0)
        in_a_hurry(house, lambda: house.deliveries()[0].state == "sent")

        assert ["I heard: Hello"] == [one.body for one in house.phone().messages if not one.is_inbound]


def test_fact_06_what_a_killed_process_had_sent_is_not_sent_again(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "Hello")
    sms_of(anna)
    until(lambda: house.deliveries()[0].status == "delivered")
    killed_before_it_knew = {
        "state": "pending", "provider_id": None, "status": None, "claimed_by": "the dead", "due_at": utc_now() - CLAIM,
    }  # fmt: skip
    with house.database.transaction() as session:
        session.execute(update(Delivery).values(killed_before_it_knew))
    house.served.workers.deliver()

    until(lambda: house.deliveries()[0].state == "sent")
    assert ["I heard: Hello"] == sms_of(anna)


# 7. What is tried again and what is not.


@pytest.mark.parametrize("code", [21610, 21211, 21614, 21617, 30003, 30004, 30005, 30006, 30007, 63016])
def test_fact_07_every_final_code_has_a_sentence_in_both_languages(code: int) -> None:
    english, german = SENTENCES[code]
    assert english.endswith(".")
    assert german.endswith(".")
    assert english != german


def test_fact_07_a_final_refusal_stops_at_once_and_says_why(house: House, anna: Phone) -> None:
    house.simulator.faults.set(opted_out=1)
    anna.send(SMS_NUMBER, "Hello")

    until(lambda: house.deliveries() and house.deliveries()[0].state == "failed")
    [delivery] = house.deliveries()
    assert (1, 21610, SENTENCES[21610][0]) == (delivery.attempts, delivery.error_code, delivery.error)


def test_fact_07_what_the_carrier_filtered_is_failed_with_its_reason_and_not_sent_again(
    house: House, anna: Phone
) -> None:
    house.simulator.faults.set(carrier_filter=1)
    anna.send(SMS_NUMBER, "Hello")

    until(lambda: house.deliveries() and house.deliveries()[0].state == "failed")
    assert (30007, SENTENCES[30007][0]) == (house.deliveries()[0].error_code, house.deliveries()[0].error)
    house.hurry()
    assert 1 == house.deliveries()[0].attempts


def test_fact_07_a_429_is_tried_again_after_the_time_it_names(house: House, anna: Phone) -> None:
    house.simulator.faults.retry_after = 600
    house.simulator.faults.set(rate_limited=1)
    anna.send(SMS_NUMBER, "Hello")
    until(lambda: house.deliveries() and house.deliveries()[0].error)

    [delivery] = house.deliveries()
    assert ("pending", 20429) == (delivery.state, delivery.error_code)
    assert delivery.due_at - utc_now() > timedelta(seconds=300)
    house.simulator.faults.set(rate_limited=0)
    house.hurry()
    assert ["I heard: Hello"] == sms_of(anna)


def test_fact_07_a_500_is_tried_again(house: House, anna: Phone) -> None:
    house.simulator.faults.set(server_error=1)
    anna.send(SMS_NUMBER, "Hello")
    until(lambda: house.deliveries() and house.deliveries()[0].error)
    house.simulator.faults.set(server_error=0)
    house.hurry()

    assert ["I heard: Hello"] == sms_of(anna)


def test_fact_07_no_connection_is_tried_again(sqlite_database: Database, tmp_path: Path) -> None:
    with a_house(sqlite_database, tmp_path, {}, twilio_api_url="http://127.0.0.1:9") as house:
        post(f"{house.url}/webhooks/twilio/sms", an_sms())
        until(lambda: house.deliveries() and house.deliveries()[0].error)

        [delivery] = house.deliveries()
        assert ("pending", "Twilio can't be reached.", None) == (delivery.state, delivery.error, delivery.unknown_since)


# 8. SMS are short.


def test_fact_08_an_answer_is_two_segments_of_gsm_7_with_a_short_link(house: House, anna: Phone) -> None:
    is_live(house.database, RETURNS)
    long = "“Sie haben 30 Tage” – so steht es da … " * 30
    house.bot.says["How long?"] = Said(long, sources=(RETURNS,))
    anna.send(SMS_NUMBER, "How long?")

    [body] = sms_of(anna)
    assert ("GSM-7", True) == (segments(body).encoding, segments(body).count <= 2)
    assert body.startswith("You have 30 days.")
    link = body.rsplit("\n", 1)[1]
    assert len(link) - len(house.url) <= 6
    assert "/help/en/articles/r" == leads_to(link)
    until(lambda: house.deliveries()[0].segments == segments(body).count)


def is_live(database: Database, source: Source) -> None:
    """Only to an article that customers can read is there a link."""
    article = Article(id="r")
    text = Revision(
        article_id="r", locale="en", number=1, title=source.title, short_answer=source.short_answer, body="",
        questions=[], category_then="returns", tags=[],
    )  # fmt: skip
    with database.transaction() as session:
        session.add_all([article, text])
        session.flush()
        session.add(Translation(article_id="r", locale="en", live_revision_id=text.id))


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Nowhere: where it leads is what is looked at."""


def leads_to(link: str) -> str:
    with pytest.raises(urllib.error.HTTPError) as redirected:
        urllib.request.build_opener(Stay).open(link, timeout=30)
    with redirected.value:
        return str(redirected.value.headers["Location"])


def test_fact_08_short_addresses_lead_nowhere_else(house: House) -> None:
    for path in ("zzzzzzzz", "1", "..%2f", "2" * 40, "%00"):
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"{house.url}/a/{path}", timeout=30)
        with missing.value:
            assert 404 == missing.value.code


# 10. Pace and loops.


def test_fact_10_a_number_keeps_its_pace(sqlite_database: Database, tmp_path: Path) -> None:
    with a_house(sqlite_database, tmp_path, {}, segments_per_second=0.001) as house:
        for number in (ANNA, "+4915187654321"):
            house.phone(number).send(SMS_NUMBER, "Hello")
        until(lambda: len(house.deliveries()) == 2)
        until(lambda: [one.state for one in house.deliveries()].count("sent") == 1)
        until(lambda: any(one.due_at > utc_now() + timedelta(seconds=300) for one in house.deliveries()))

        with house.database.reading() as session:
            assert session.get(Pace, SMS_NUMBER) is not None
        assert ["pending", "sent"] == sorted(one.state for one in house.deliveries())


def test_fact_10_two_machines_that_answer_each_other_are_slowed_before_the_line_is_closed(
    house: House, anna: Phone
) -> None:
    for number in range(26):
        anna.send(SMS_NUMBER, f"Automatic reply {number}")
        until(lambda number=number: len(house.messages("customer")) == number + 1)
        until(lambda number=number: len(house.messages("bot")) > number)

    def sent() -> int:
        return [one.state for one in house.deliveries()].count("sent")

    until(lambda: sent() >= 20)
    time.sleep(0.5)
    assert (20, 26) == (sent(), len(house.deliveries()))


# Several numbers, and a Messaging Service.


def test_each_customer_is_answered_from_the_number_they_wrote_to(sqlite_database: Database, tmp_path: Path) -> None:
    numbers = (SMS_NUMBER, "+4915735980009")
    with a_house(sqlite_database, tmp_path, {"sms": numbers}, sms_numbers=numbers) as house:
        for number in (*numbers, SMS_NUMBER):
            before = len(house.phone().messages)
            house.phone().send(number, f"Hello {number} {before}")
            until(lambda before=before: len(house.phone().messages) == before + 2)

        said = [one for one in house.phone().messages if not one.is_inbound]
        assert [*numbers, SMS_NUMBER] == [one.from_ for one in said]
        assert 1 == len(house.conversations())


def test_a_messaging_service_answers_and_its_segments_are_counted(sqlite_database: Database, tmp_path: Path) -> None:
    service = "MG" + "3" * 32
    simulated = {"service_sid": service, "service": (SMS_NUMBER,)}
    with a_house(sqlite_database, tmp_path, simulated, messaging_service_sid=service, sms_numbers=()) as house:
        house.phone().send(SMS_NUMBER, "Hello")
        assert ["I heard: Hello"] == sms_of(house.phone())

        until(lambda: house.deliveries()[0].status == "delivered")
        until(lambda: house.deliveries()[0].segments == 1)
        assert SMS_NUMBER == house.deliveries()[0].sender
