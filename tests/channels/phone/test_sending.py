"""What the product sends through Twilio's own SDK, and what the simulator makes of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from channels.phone.phones import Phone
from channels.phone.simulator import TwilioSimulator
from tests.phone import (
    ACCOUNT_SID,
    ANNA,
    AUTH_TOKEN,
    BEN,
    SMS_NUMBER,
    WHATSAPP_NUMBER,
    Product,
    running_simulator,
    twilio_client,
)

SENDER = f"whatsapp:{WHATSAPP_NUMBER}"
RECIPIENT = f"whatsapp:{ANNA}"


def refusal(client: Client, **message: str) -> int:
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(**message)
    code: int = refused.value.code
    return code


def make_content(simulator: TwilioSimulator, types: dict[str, object], **more: object) -> requests.Response:
    asked = {"friendly_name": "a test", "language": "en", "variables": {}, "types": types, **more}
    auth = (ACCOUNT_SID, AUTH_TOKEN)
    return requests.post(f"{simulator.api_url}/v1/Content", json=asked, auth=auth, timeout=30)


def actions(count: int, title: str = "Button {}") -> list[dict[str, str]]:
    return [{"type": "QUICK_REPLY", "title": title.format(number), "id": f"/{number}"} for number in range(count)]


def items(count: int, **more: str) -> list[dict[str, str]]:
    return [{"item": f"Item {number}", "id": f"/{number}"} | more for number in range(count)]


def test_an_sms_arrives_and_its_way_is_told(
    client: Client, simulator: TwilioSimulator, product: Product, anna: Phone
) -> None:
    callback = f"{product.url}/status?delivery=7&x=a%20b"
    sent = client.messages.create(to=ANNA, from_=SMS_NUMBER, body="Hello €", status_callback=callback)
    assert simulator.settle()

    assert ("queued", "1", "outbound-api", None) == (sent.status, sent.num_segments, sent.direction, sent.error_code)
    assert ["Hello €"] == [message.body for message in anna.thread("sms", SMS_NUMBER)]
    assert ["queued", "sent", "delivered"] == product.statuses(sent.sid)
    assert [] == product.forged
    assert "/status?delivery=7&x=a%20b" == product.received[0][0]
    assert "delivered" == client.messages(sent.sid).fetch().status


def test_a_whatsapp_message_is_read_when_the_phone_shows_it(
    client: Client, simulator: TwilioSimulator, product: Product, anna: Phone
) -> None:
    anna.send(WHATSAPP_NUMBER, "Hi", "whatsapp")
    sent = client.messages.create(to=RECIPIENT, from_=SENDER, body="Hello", status_callback=f"{product.url}/status")
    assert simulator.settle()
    anna.read("whatsapp", WHATSAPP_NUMBER)
    assert simulator.settle()

    assert ["queued", "sent", "delivered", "read"] == product.statuses(sent.sid)


def test_a_wrong_token_cant_send(simulator: TwilioSimulator) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio_client(simulator, token="guessed").messages.create(to=ANNA, from_=SMS_NUMBER, body="Hi")
    assert (401, 20003) == (refused.value.status, refused.value.code)


def test_another_account_cant_be_read(simulator: TwilioSimulator) -> None:
    url = f"{simulator.api_url}/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"
    answer = requests.get(url, auth=(ACCOUNT_SID, AUTH_TOKEN), timeout=30)
    assert (404, 20404) == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (21604, {"to": "", "from_": SMS_NUMBER, "body": "Hi"}),
        (21211, {"to": "01511234", "from_": SMS_NUMBER, "body": "Hi"}),
        (21211, {"to": "whatsapp:Anna", "from_": SENDER, "body": "Hi"}),
        (21603, {"to": ANNA, "body": "Hi"}),
        (21212, {"to": ANNA, "from_": "Fennimor!", "body": "Hi"}),
        (21659, {"to": ANNA, "from_": "+4915735989999", "body": "Hi"}),
        (21606, {"to": ANNA, "from_": WHATSAPP_NUMBER, "body": "Hi"}),
        (63007, {"to": RECIPIENT, "from_": f"whatsapp:{SMS_NUMBER}", "body": "Hi"}),
        (21910, {"to": RECIPIENT, "from_": SMS_NUMBER, "body": "Hi"}),
        (21266, {"to": SMS_NUMBER, "from_": SMS_NUMBER, "body": "Hi"}),
        (21266, {"to": f"whatsapp:{SMS_NUMBER}", "from_": SENDER, "body": "Hi"}),
        (21602, {"to": ANNA, "from_": SMS_NUMBER, "body": ""}),
        (21617, {"to": ANNA, "from_": SMS_NUMBER, "body": "x" * 1601}),
        (21655, {"to": RECIPIENT, "from_": SENDER, "content_sid": "HX" + "0" * 32}),
        (21701, {"to": ANNA, "messaging_service_sid": "MG" + "0" * 32, "body": "Hi"}),
    ],
)
def test_what_cant_be_sent_is_refused_with_twilios_code(client: Client, code: int, message: dict[str, str]) -> None:
    assert code == refusal(client, **message)
    assert [] == client.messages.list()


def test_1600_characters_may_be_sent(client: Client, simulator: TwilioSimulator, anna: Phone) -> None:
    sent = client.messages.create(to=ANNA, from_=SMS_NUMBER, body="x" * 1600)
    assert "11" == sent.num_segments


def test_a_messaging_service_answers_from_the_number_that_was_written_to(product: Product) -> None:
    service, numbers = "MG" + "1" * 32, (SMS_NUMBER, "+4915735980003")
    with running_simulator(product.url, sms=numbers, service_sid=service) as simulator:
        client = twilio_client(simulator)
        simulator.phone(ANNA).send(numbers[1], "Hi")
        simulator.phone(BEN)
        for_anna = client.messages.create(to=ANNA, messaging_service_sid=service, body="Hello")
        for_ben = client.messages.create(to=BEN, messaging_service_sid=service, body="Hello")
        assert simulator.settle()

        assert ("accepted", None, "0") == (for_anna.status, for_anna.from_, for_anna.num_segments)
        assert numbers[1] == client.messages(for_anna.sid).fetch().from_
        assert numbers[0] == client.messages(for_ben.sid).fetch().from_
        assert service == product.messages()[0]["MessagingServiceSid"]


# The list, by which a product finds out what became of a message.


def test_messages_are_listed_newest_first_page_by_page(client: Client, simulator: TwilioSimulator, anna: Phone) -> None:
    simulator.standing.loop_guard = 100
    for number in range(7):
        client.messages.create(to=ANNA, from_=SMS_NUMBER, body=str(number))
    assert simulator.settle()

    assert ["6", "5", "4", "3", "2", "1", "0"] == [message.body for message in client.messages.list(page_size=3)]
    assert ["6", "5"] == [message.body for message in client.messages.list(limit=2)]


def test_a_list_can_be_narrowed_to_sender_recipient_and_date(
    client: Client, simulator: TwilioSimulator, anna: Phone
) -> None:
    began = simulator.clock.now()
    client.messages.create(to=ANNA, from_=SMS_NUMBER, body="first")
    assert simulator.settle()
    simulator.forward(timedelta(hours=1))
    later = simulator.clock.now()
    client.messages.create(to=ANNA, from_=SMS_NUMBER, body="second")
    client.messages.create(to=BEN, from_=SMS_NUMBER, body="for Ben")
    assert simulator.settle()

    def bodies(**narrowed: object) -> list[str]:
        return [message.body for message in client.messages.list(**narrowed)]

    assert ["second", "first"] == bodies(to=ANNA, from_=SMS_NUMBER, date_sent_after=began)
    assert ["second"] == bodies(to=ANNA, date_sent_after=later)
    assert ["first"] == bodies(to=ANNA, date_sent_before=later - timedelta(minutes=1))
    assert 3 == len(bodies(date_sent_after=began.date())) or later.date() != began.date()
    assert [] == bodies(from_=ANNA)


# WhatsApp's 24 hours.


def test_free_text_outside_24_hours_fails_with_63016(
    client: Client, simulator: TwilioSimulator, product: Product, anna: Phone
) -> None:
    anna.send(WHATSAPP_NUMBER, "Hi", "whatsapp")
    client.messages.create(to=RECIPIENT, from_=SENDER, body="in time")
    simulator.forward(timedelta(hours=24))
    late = client.messages.create(to=RECIPIENT, from_=SENDER, body="late", status_callback=f"{product.url}/status")
    assert simulator.settle()

    assert "queued" == late.status
    assert ["queued", "failed"] == product.statuses(late.sid)
    assert "63016" == product.received[-1][1]["ErrorCode"]
    assert (63016, "failed") == (client.messages(late.sid).fetch().error_code, client.messages(late.sid).fetch().status)
    assert ["Hi", "in time"] == [message.body for message in anna.messages]


def test_an_approved_template_goes_at_any_time(client: Client, simulator: TwilioSimulator, anna: Phone) -> None:
    content = make_content(simulator, {"twilio/text": {"body": "Hello {{1}}, we have news."}}).json()
    template = {"to": RECIPIENT, "from_": SENDER, "content_sid": content["sid"]}
    variables = json.dumps({"1": "Anna"})
    too_early = client.messages.create(**template, content_variables=variables)
    simulator.approve(content["sid"])
    client.messages.create(**template, content_variables=variables)
    broken = client.messages.create(**template, content_variables=json.dumps({"1": "An\nna"}))
    assert simulator.settle()

    assert ["Hello Anna, we have news."] == [message.body for message in anna.messages]
    assert 63016 == client.messages(too_early.sid).fetch().error_code
    assert 63021 == client.messages(broken.sid).fetch().error_code


# Buttons and lists.


def test_quick_replies_arrive_as_buttons(client: Client, simulator: TwilioSimulator, anna: Phone) -> None:
    anna.send(WHATSAPP_NUMBER, "Hi", "whatsapp")
    made = make_content(simulator, {"twilio/quick-reply": {"body": "{{1}}", "actions": actions(3)}})
    sid = made.json()["sid"]
    client.messages.create(to=RECIPIENT, from_=SENDER, content_sid=sid, content_variables=json.dumps({"1": "Which?"}))
    assert simulator.settle()

    shown = anna.messages[-1]
    assert (201, "HX") == (made.status_code, sid[:2])
    assert ("Which?", ["Button 0", "Button 1", "Button 2"]) == (shown.body, [one.title for one in shown.buttons])
    assert [sid] == [content.sid for content in client.content.v1.contents.list()]
    assert "a test" == client.content.v1.contents(sid).fetch().friendly_name


def test_a_list_arrives_as_a_list(client: Client, simulator: TwilioSimulator, anna: Phone) -> None:
    anna.send(WHATSAPP_NUMBER, "Hi", "whatsapp")
    picker = {"body": "How easy was it?", "button": "Choose", "items": items(7, description="{{1}}")}
    sid = make_content(simulator, {"twilio/list-picker": picker}).json()["sid"]
    client.messages.create(to=RECIPIENT, from_=SENDER, content_sid=sid, content_variables=json.dumps({"1": "points"}))
    assert simulator.settle()

    shown = anna.messages[-1]
    assert ("Choose", 7, "points") == (shown.list_button, len(shown.items), shown.items[0].description)


@pytest.mark.parametrize(
    "types",
    [
        {},
        {"twilio/unknown": {"body": "x"}},
        {"twilio/text": {"body": ""}},
        {"twilio/quick-reply": {"body": "x", "actions": []}},
        {"twilio/quick-reply": {"body": "x", "actions": actions(11)}},
        {"twilio/quick-reply": {"body": "x", "actions": actions(1, "x" * 21)}},
        {"twilio/list-picker": {"body": "x", "button": "x" * 21, "items": items(1)}},
        {"twilio/list-picker": {"body": "x", "button": "x", "items": items(11)}},
        {"twilio/list-picker": {"body": "x", "button": "x", "items": items(1, item="x" * 25)}},
        {"twilio/list-picker": {"body": "x", "button": "x", "items": items(1, id="x" * 201)}},
    ],
)
def test_a_content_that_could_never_be_sent_is_not_made(simulator: TwilioSimulator, types: dict[str, object]) -> None:
    refused = make_content(simulator, types)
    assert (400, 20001) == (refused.status_code, refused.json()["code"])


@pytest.mark.parametrize(
    "types",
    [
        {"twilio/quick-reply": {"body": "x", "actions": actions(4)}},
        {"twilio/quick-reply": {"body": "{{1}}" * 60, "actions": actions(1)}},
        {"twilio/quick-reply": {"body": "x", "actions": actions(1, "{{{{1}}}}")}},
        {"twilio/list-picker": {"body": "x", "button": "x", "items": items(1, item="{{1}}{{1}}")}},
        {"twilio/list-picker": {"body": "x", "button": "x", "items": items(1, description="{{1}}" * 4)}},
        {"twilio/list-picker": {"body": "x", "button": "x", "items": items(2, id="the same")}},
    ],
)
def test_what_is_too_long_with_its_variables_fails(
    client: Client, simulator: TwilioSimulator, anna: Phone, types: dict[str, object]
) -> None:
    anna.send(WHATSAPP_NUMBER, "Hi", "whatsapp")
    sid = make_content(simulator, types).json()["sid"]
    given = json.dumps({"1": "x" * 21})
    sent = client.messages.create(to=RECIPIENT, from_=SENDER, content_sid=sid, content_variables=given)
    assert simulator.settle()

    assert 63005 == client.messages(sent.sid).fetch().error_code
    assert 1 == len(anna.messages)


@pytest.mark.parametrize("variables", ["no JSON", "[]", '{"1": 1}', '{"1": ""}', "{}"])
def test_variables_that_are_none_are_refused(client: Client, simulator: TwilioSimulator, variables: str) -> None:
    sid = make_content(simulator, {"twilio/text": {"body": "Hello {{1}}"}}).json()["sid"]
    assert 21656 == refusal(client, to=RECIPIENT, from_=SENDER, content_sid=sid, content_variables=variables)


def test_a_content_without_a_text_has_no_form_as_sms(client: Client, simulator: TwilioSimulator) -> None:
    sid = make_content(simulator, {"twilio/quick-reply": {"body": "x", "actions": actions(1)}}).json()["sid"]
    assert 21655 == refusal(client, to=ANNA, from_=SMS_NUMBER, content_sid=sid)


# Limits.


def test_more_than_30_messages_in_30_seconds_are_a_loop(
    client: Client, simulator: TwilioSimulator, anna: Phone
) -> None:
    sent = [client.messages.create(to=ANNA, from_=SMS_NUMBER, body=str(number)) for number in range(31)]
    simulator.forward(timedelta(seconds=31))
    client.messages.create(to=ANNA, from_=SMS_NUMBER, body="later")
    assert simulator.settle()

    assert 14107 == client.messages(sent[-1].sid).fetch().error_code
    assert 31 == len(anna.messages)
    assert "later" == anna.messages[-1].body


def test_a_message_to_a_number_nobody_has_makes_a_phone(client: Client, simulator: TwilioSimulator) -> None:
    client.messages.create(to=BEN, from_=SMS_NUMBER, body="123456 is your code.")
    assert simulator.settle()

    assert [(BEN, "123456 is your code.")] == [(phone.address, phone.messages[0].body) for phone in simulator.phones]
