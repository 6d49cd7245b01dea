"""What goes wrong on the way, when it is told to."""

from __future__ import annotations

from threading import Barrier

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.wrappers import Response

from channels.phone.faults import Faults
from channels.phone.phones import Phone
from channels.phone.simulator import TwilioSimulator
from tests.phone import ANNA, SMS_NUMBER, TWIML, Product, a_product, running_simulator, twilio_client
from tests.server import free_port
from tests.serving import serving


def test_dice_fall_the_same_way_in_every_run() -> None:
    def rolled(**others: float) -> list[bool]:
        faults = Faults(seed=4)
        faults.set(duplicate=0.3, **others)
        return [faults.strikes("duplicate") for _ in range(50)]

    assert rolled() == rolled(delay=0.5)
    assert 5 < sum(rolled()) < 25


def test_a_fault_that_is_none_is_refused() -> None:
    faults = Faults()
    for wrong in ({"unknown": 0.1}, {"delay": 1.1}, {"delay": -0.1}):
        with pytest.raises(ValueError, match="must be one of"):
            faults.set(**wrong)
    assert {0.0} == set(faults.shares.values())


def test_a_duplicate_comes_twice_with_the_same_sid(simulator: TwilioSimulator, product: Product, anna: Phone) -> None:
    simulator.faults.set(duplicate=1)
    for number in range(10):
        anna.send(SMS_NUMBER, str(number))
    assert simulator.settle()

    sids = [params["MessageSid"] for params in product.messages()]
    assert (20, 10) == (len(sids), len(set(sids)))


def test_two_duplicates_can_come_at_the_same_moment(
    simulator: TwilioSimulator, product: Product, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Barrier(2)

    def together() -> Response:
        both.wait(timeout=10)
        return Response(TWIML, mimetype="text/xml")

    product.respond = together
    simulator.faults.set(duplicate=1)
    # However the dice fall.
    monkeypatch.setattr(simulator.faults, "some_of", lambda _name, _seconds: 0.0)
    anna.send(SMS_NUMBER, "Hello")
    assert simulator.settle()
    assert (2, False) == (len(product.messages()), both.broken)


def test_a_reordered_message_lets_the_next_one_pass(simulator: TwilioSimulator, product: Product, anna: Phone) -> None:
    simulator.faults.reorder_seconds = 20
    simulator.faults.set(reorder=1)
    anna.send(SMS_NUMBER, "first")
    simulator.faults.set(reorder=0)
    anna.send(SMS_NUMBER, "second")
    assert simulator.settle()

    assert ["second", "first"] == [params["Body"] for params in product.messages()]


def test_a_reordered_message_comes_when_there_is_no_other(
    simulator: TwilioSimulator, product: Product, anna: Phone
) -> None:
    simulator.faults.reorder_seconds = 0.2
    simulator.faults.set(reorder=1)
    anna.send(SMS_NUMBER, "only")
    assert simulator.settle()
    assert ["only"] == [params["Body"] for params in product.messages()]


def test_too_many_requests_say_when_to_come_again(simulator: TwilioSimulator, client: Client, anna: Phone) -> None:
    simulator.faults.set(rate_limited=1)
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=ANNA, from_=SMS_NUMBER, body="Hi")
    account = simulator.account
    url = f"{simulator.api_url}/2010-04-01/Accounts/{account.sid}/Messages.json"
    raw = requests.post(url, data={"To": ANNA}, auth=(account.sid, account.token), timeout=30)

    assert (429, 20429) == (refused.value.status, refused.value.code)
    assert "1" == raw.headers["Retry-After"]
    assert [] == anna.messages


def test_a_server_error_sends_nothing(simulator: TwilioSimulator, client: Client, anna: Phone) -> None:
    simulator.faults.set(server_error=1)
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=ANNA, from_=SMS_NUMBER, body="Hi")
    assert simulator.settle()
    assert 500 == refused.value.status
    assert [] == simulator.messages


def test_an_answer_that_never_comes_leaves_a_message_that_was_sent(
    simulator: TwilioSimulator, client: Client, anna: Phone
) -> None:
    impatient = twilio_client(simulator, timeout=0.3)
    simulator.faults.set(timeout_after_accepting=1)
    simulator.faults.timeout_seconds = 1
    with pytest.raises(requests.exceptions.ReadTimeout):
        impatient.messages.create(to=ANNA, from_=SMS_NUMBER, body="Hi")
    with pytest.raises(requests.exceptions.ConnectionError):
        client.messages.create(to=ANNA, from_=SMS_NUMBER, body="Hi again")
    assert simulator.settle()

    assert ["Hi", "Hi again"] == [message.body for message in anna.messages]
    assert ["Hi again", "Hi"] == [message.body for message in client.messages.list(to=ANNA)]


def test_a_filtered_message_is_undelivered(
    simulator: TwilioSimulator, client: Client, product: Product, anna: Phone
) -> None:
    simulator.faults.set(carrier_filter=1)
    sent = client.messages.create(to=ANNA, from_=SMS_NUMBER, body="Hi", status_callback=f"{product.url}/status")
    assert simulator.settle()

    assert ["queued", "sent", "undelivered"] == product.statuses(sent.sid)
    assert "30007" == product.received[-1][1]["ErrorCode"]
    assert [] == anna.messages


def test_somebody_who_opted_out_elsewhere_is_refused(simulator: TwilioSimulator, client: Client) -> None:
    simulator.faults.set(opted_out=1)
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=ANNA, from_=SMS_NUMBER, body="Hi")
    assert 21610 == refused.value.code


def test_a_product_that_is_away_is_asked_again_a_few_times() -> None:
    with running_simulator(f"http://127.0.0.1:{free_port()}") as simulator:
        simulator.courier.pause = 0.01
        sent = simulator.phone(ANNA).send(SMS_NUMBER, "Hi")
        assert simulator.settle()

        assert [1, 2, 3, 4] == [webhook.attempt for webhook in simulator.webhooks]
        assert [None] == list({webhook.status for webhook in simulator.webhooks})
        assert "failed" == sent.status


def test_a_patient_simulator_waits_for_a_product_that_comes_back_and_keeps_the_order() -> None:
    port = free_port()
    product = Product(f"http://127.0.0.1:{port}")
    with running_simulator(product.url, patient=True) as simulator:
        simulator.courier.pause = 0.01
        for number in range(3):
            simulator.phone(ANNA).send(SMS_NUMBER, str(number))
        assert not simulator.settle(0.3)
        with serving(product.take, port):
            assert simulator.settle()

    assert ["0", "1", "2"] == [params["Body"] for params in product.messages()]


def test_an_error_of_the_product_is_not_asked_again_unless_it_is_patient() -> None:
    with a_product() as product, running_simulator(product.url) as simulator:
        simulator.courier.pause = 0.01
        answers = iter([500, 500, 200, 200])
        product.respond = lambda: Response(TWIML, status=next(answers), mimetype="text/xml")
        simulator.phone(ANNA).send(SMS_NUMBER, "lost")
        assert simulator.settle()
        simulator.courier.patient = True
        simulator.phone(ANNA).send(SMS_NUMBER, "kept")
        assert simulator.settle()

    assert ["lost", "kept", "kept"] == [params["Body"] for params in product.messages()]
