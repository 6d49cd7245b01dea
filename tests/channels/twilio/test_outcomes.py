"""What is sent arrives once and whole, whatever is refused, lost, late or said twice on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.reply import Said
from channels.outbox import Delivery
from channels.phone.courier import Letter
from channels.phone.faults import Faults
from channels.phone.messages import Message
from channels.phone.phones import Phone
from channels.sms.gsm import segments
from channels.twilio.errors import SENTENCES
from db import Database
from tests.channels.twilio.conftest import House, a_house
from tests.channels.twilio.facing import late, post, whatsapp_of
from tests.phone import ACCOUNT_SID, SMS_NUMBER, WHATSAPP_NUMBER
from tests.waiting import until

TEMPLATE = "Your answer: {{1}}"
LONG = Said("\n\n".join(f"Paragraph {number}. " + "word " * 60 for number in range(8)))
"""Two of WhatsApp's bodies."""
A_DAY = timedelta(hours=25)
THE_OLD = (("sent", None), ("failed", 63016), ("queued", None), ("undelivered", 63016))
"""What may still be reported of a message that came too late: late, again and in any order."""


class Planned(Faults):
    """Faults that strike when they are meant to: at the first request, the second, …"""

    def __init__(self, **strikes: Collection[int]) -> None:
        super().__init__()
        self.timeout_seconds = 2.0
        self._strikes = strikes
        self._rolled: dict[str, int] = {}

    def strikes(self, name: str) -> bool:
        self._rolled[name] = self._rolled.get(name, 0) + 1
        return self._rolled[name] in self._strikes.get(name, ())


class Overtaken(Faults):
    """The answer to each request comes after all reports of it."""

    def __init__(self, settle: Callable[[float], bool]) -> None:
        super().__init__()
        self._settle = settle

    def strikes(self, name: str) -> bool:
        # The last that is asked before the answer.
        if name == "timeout_after_accepting":
            self._settle(20)
        return super().strikes(name)


def without_reports(house: House) -> None:
    """From now on no report reaches the product."""
    post_on = house.simulator.courier.post

    def post_messages(lane: tuple[str, ...], letter: Letter) -> None:
        if letter.kind == "message":
            post_on(lane, letter)

    house.simulator.courier.post = post_messages  # type: ignore[assignment,method-assign]


def go_out(house: House) -> None:
    """What waits is tried again and again, until nothing waits; then all has time to arrive twice."""

    def nothing_waits() -> bool:
        house.hurry()
        return bool(house.deliveries()) and all(one.state == "sent" for one in house.deliveries())

    until(nothing_waits, 60)
    house.hurry()
    house.simulator.settle()


def arrived(phone: Phone) -> list[Message]:
    return [one for one in phone.messages if not one.is_inbound]


def report(house: House, sid: str, status: str, code: int | None = None) -> None:
    params = {"AccountSid": ACCOUNT_SID, "MessageSid": sid, "MessageStatus": status}
    params |= {"ErrorCode": str(code)} if code else {}
    assert 204 == post(f"{house.url}/webhooks/twilio/status?delivery={house.deliveries()[-1].id}", params)[0]


def known(delivery: Delivery) -> tuple[object, ...]:
    return delivery.state, delivery.status, delivery.provider_id, delivery.sender, delivery.error, delivery.error_code


# A long answer, in parts.


@pytest.mark.parametrize("reported", [True, False], ids=["reported", "not reported"])
@pytest.mark.parametrize(
    "strikes",
    [
        {"rate_limited": [2]},
        {"server_error": [2]},
        {"timeout_after_accepting": [1]},
        {"timeout_after_accepting": [2]},
        # The second part is refused, and when it is taken, nobody hears of it.
        {"rate_limited": [2], "timeout_after_accepting": [2]},
        {"rate_limited": [1, 3], "timeout_after_accepting": [1, 2]},
    ],
    ids=str,
)
def test_the_parts_of_a_long_answer_arrive_once_and_in_order(
    house: House, anna: Phone, strikes: dict[str, list[int]], reported: bool
) -> None:
    house.simulator.faults = Planned(**strikes)
    if not reported:
        without_reports(house)
    house.bot.says["Tell me all"] = LONG
    anna.send(WHATSAPP_NUMBER, "Tell me all", "whatsapp")
    until(house.deliveries)
    until(lambda: arrived(anna))
    house.simulator.settle()
    go_out(house)

    parts = [message.body for message in arrived(anna)]
    assert 2 == len(parts)
    assert list("01234567") == re.findall(r"Paragraph (\d)", "\n".join(parts))


def test_a_long_answer_is_not_sent_before_its_last_part_is(house: House, anna: Phone) -> None:
    house.simulator.faults = Planned(rate_limited=range(2, 100))
    house.bot.says["Tell me all"] = LONG
    anna.send(WHATSAPP_NUMBER, "Tell me all", "whatsapp")
    until(lambda: house.deliveries() and house.deliveries()[0].error_code)
    until(lambda: arrived(anna))
    house.simulator.settle()  # The first part was delivered, and we were told.

    assert "pending" == house.deliveries()[-1].state


def test_what_is_said_after_a_long_answer_arrives_after_it(house: House, anna: Phone) -> None:
    house.simulator.faults = Planned(rate_limited=[2, 3])
    house.bot.says["Tell me all"] = LONG
    anna.send(WHATSAPP_NUMBER, "Tell me all", "whatsapp")
    until(lambda: house.deliveries() and house.deliveries()[0].error_code)
    house.simulator.settle()
    anna.send(WHATSAPP_NUMBER, "And now?", "whatsapp")
    until(lambda: len(house.deliveries()) > 1)
    go_out(house)

    first, second, after = [message.body for message in arrived(anna)]
    assert "Paragraph 0" in first
    assert "Paragraph 7" in second
    assert "I heard: And now?" == after


def test_the_same_long_answer_to_the_same_question_arrives_each_time(house: House, anna: Phone) -> None:
    house.bot.says["Tell me all"] = LONG
    for count in (2, 4):
        anna.send(WHATSAPP_NUMBER, "Tell me all", "whatsapp")
        whatsapp_of(anna, count)
        go_out(house)

    parts = [message.body for message in arrived(anna)]
    assert list("01234567") * 2 == re.findall(r"Paragraph (\d)", "\n".join(parts))


# A template, after the 24 hours.


@pytest.mark.parametrize("reported", [True, False], ids=["reported", "not reported"])
def test_a_template_whose_answer_was_lost_is_found_and_not_sent_again(
    sqlite_database: Database, tmp_path: Path, reported: bool
) -> None:
    with a_house(sqlite_database, tmp_path, {}, template=TEMPLATE) as house:
        if not reported:
            without_reports(house)
        house.simulator.faults.timeout_seconds = 2
        house.simulator.faults.set(timeout_after_accepting=1)
        late(house, house.phone())
        until(lambda: arrived(house.phone()))
        until(lambda: house.deliveries()[0].claimed_by is None)
        house.simulator.faults.set(timeout_after_accepting=0)
        go_out(house)

        [message] = arrived(house.phone())
        assert "Your answer: I heard: Hello" == message.body
        assert message.sid == house.deliveries()[0].provider_id


# A window that closes on the way.


def closes_on_the_way(house: House) -> Phone:
    """Anna's answer is accepted and fails with 63016: their clock is a day ahead of ours."""
    anna = house.phone()
    house.bot.may_answer.clear()
    anna.send(WHATSAPP_NUMBER, "Hello", "whatsapp")
    until(lambda: [one for one in house.messages("customer") if one.channel == "whatsapp"])
    house.simulator.forward(A_DAY)
    house.bot.may_answer.set()
    return anna


def the_old(house: House) -> Message:
    """The message that came too late."""
    return until(lambda: [one for one in house.simulator.messages if one.error_code == 63016])[0]


def test_late_reports_of_the_old_message_leave_the_template_as_it_is(sqlite_database: Database, tmp_path: Path) -> None:
    with a_house(sqlite_database, tmp_path, {}, template=TEMPLATE) as house:
        anna = closes_on_the_way(house)
        until(lambda: house.deliveries() and house.deliveries()[0].status == "delivered")
        before = known(house.deliveries()[0])
        for status, code in THE_OLD:
            report(house, the_old(house).sid, status, code)
        go_out(house)

        [message] = arrived(anna)
        assert "Your answer: I heard: Hello" == message.body
        assert before == known(house.deliveries()[0])
        assert ("sent", "delivered", message.sid, WHATSAPP_NUMBER, None, None) == before


@pytest.mark.parametrize("status, code", THE_OLD)  # noqa: PT006
def test_a_late_report_of_the_old_message_does_not_keep_the_template_back(
    sqlite_database: Database, tmp_path: Path, status: str, code: int | None
) -> None:
    with a_house(sqlite_database, tmp_path, {}, template=TEMPLATE) as house:
        house.simulator.faults = Planned(rate_limited=range(2, 100))
        anna = closes_on_the_way(house)
        until(lambda: house.deliveries() and house.deliveries()[0].error_code == 20429)
        report(house, the_old(house).sid, status, code)
        house.simulator.faults = Faults()
        go_out(house)
        until(lambda: house.deliveries()[0].status == "delivered")

        [message] = arrived(anna)
        assert "Your answer: I heard: Hello" == message.body
        assert ("sent", "delivered", message.sid, WHATSAPP_NUMBER, None, None) == known(house.deliveries()[0])


def test_late_reports_of_the_old_message_leave_the_sms_as_it_is(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "First by SMS")
    anna.wait_for(1, "sms", SMS_NUMBER)
    closes_on_the_way(house)
    until(lambda: len(arrived(anna)) == 2)
    until(lambda: house.deliveries()[-1].status == "delivered")
    for status, code in THE_OLD:
        report(house, the_old(house).sid, status, code)
    go_out(house)

    assert ["I heard: First by SMS", "I heard: Hello"] == [message.body for message in arrived(anna)]
    assert ("sent", "delivered", arrived(anna)[-1].sid, SMS_NUMBER, None, None) == known(house.deliveries()[-1])


# Reports that overtake the answer to the request.


@pytest.fixture
def patient(sqlite_database: Database, tmp_path: Path) -> Iterator[House]:
    """A product that waits longer for the answer than all reports need, however busy the machine is."""
    with a_house(sqlite_database, tmp_path, {}, twilio_seconds=30) as house:
        house.simulator.faults = Overtaken(house.simulator.settle)
        yield house


@pytest.mark.parametrize(("channel", "number"), [("sms", SMS_NUMBER), ("whatsapp", WHATSAPP_NUMBER)])
def test_a_report_that_overtakes_the_answer_takes_nothing_away(patient: House, channel: str, number: str) -> None:
    house, anna = patient, patient.phone()
    house.bot.says["Hello"] = Said("word " * 50)
    anna.send(number, "Hello", channel)  # type: ignore[arg-type]
    until(lambda: house.deliveries() and house.deliveries()[0].status == "delivered")
    until(lambda: house.deliveries()[0].segments)

    [message], [delivery] = arrived(anna), house.deliveries()
    assert ("sent", "delivered", message.sid, number, None, None) == known(delivery)
    assert (segments(message.body).count if channel == "sms" else 1) == delivery.segments
    assert (None, None) == (delivery.claimed_by, delivery.unknown_since)
    assert delivery.sent_at is not None


def test_a_failure_that_overtakes_the_answer_stays_one(patient: House) -> None:
    house, anna = patient, patient.phone()
    house.simulator.faults.set(carrier_filter=1)
    anna.send(SMS_NUMBER, "Hello")
    until(lambda: house.deliveries() and house.deliveries()[0].segments)

    [message] = [one for one in house.simulator.messages if not one.is_inbound]
    expected = ("failed", "undelivered", message.sid, SMS_NUMBER, SENTENCES[30007][0], 30007)
    assert expected == known(house.deliveries()[0])
