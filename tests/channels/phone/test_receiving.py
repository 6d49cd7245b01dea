"""What customers send from their phones, and how it comes to the product."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.wrappers import Response

from channels.phone.messages import Location
from channels.phone.phones import Phone
from channels.phone.simulator import TwilioSimulator
from tests.channels.phone.test_sending import actions, items, make_content
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

PICTURE = ("image/png", b"\x89PNG\r\n\x1a\n and the rest")
AUTH = (ACCOUNT_SID, AUTH_TOKEN)


def test_an_sms_comes_with_all_that_twilio_says(simulator: TwilioSimulator, product: Product, anna: Phone) -> None:
    sent = anna.send(SMS_NUMBER, "  Grüße & Küsse = ❤  ")
    assert simulator.settle()

    assert [
        (
            "/webhooks/twilio/sms",
            {
                "MessageSid": sent.sid,
                "SmsSid": sent.sid,
                "SmsMessageSid": sent.sid,
                "AccountSid": ACCOUNT_SID,
                "ApiVersion": "2010-04-01",
                "From": ANNA,
                "To": SMS_NUMBER,
                "Body": "  Grüße & Küsse = ❤  ",
                "SmsStatus": "received",
                "NumMedia": "0",
                "NumSegments": "1",
                "FromCountry": "DE",
                "FromState": "",
                "FromCity": "",
                "FromZip": "",
                "ToCountry": "DE",
                "ToState": "",
                "ToCity": "",
                "ToZip": "",
            },
        )
    ] == product.received
    assert "delivered" == sent.status


def test_a_whatsapp_message_says_who_writes(simulator: TwilioSimulator, product: Product, anna: Phone) -> None:
    anna.send(WHATSAPP_NUMBER, "Hi", "whatsapp")
    assert simulator.settle()

    path, params = product.received[0]
    assert "/webhooks/twilio/whatsapp" == path
    assert (f"whatsapp:{ANNA}", "Anna", "4915112345678") == (params["From"], params["ProfileName"], params["WaId"])


def test_a_person_may_hide_the_number(simulator: TwilioSimulator, client: Client, product: Product) -> None:
    hidden = simulator.phone("whatsapp:BR.1503998877665544", name="Carla")
    hidden.send(WHATSAPP_NUMBER, "Hi", "whatsapp")
    client.messages.create(to=hidden.address_in("whatsapp"), from_=f"whatsapp:{WHATSAPP_NUMBER}", body="Hello")
    assert simulator.settle()

    assert "whatsapp:BR.1503998877665544" == product.messages()[0]["From"]
    assert "WaId" not in product.messages()[0]
    assert ["Hi", "Hello"] == [message.body for message in hidden.messages]
    with pytest.raises(ValueError, match="only WhatsApp"):
        hidden.send(SMS_NUMBER, "Hi")


def test_a_pressed_button_says_which(simulator: TwilioSimulator, client: Client, product: Product, anna: Phone) -> None:
    anna.send(WHATSAPP_NUMBER, "Hi", "whatsapp")
    sid = make_content(simulator, {"twilio/quick-reply": {"body": "Which?", "actions": actions(2)}}).json()["sid"]
    asked = client.messages.create(to=f"whatsapp:{ANNA}", from_=f"whatsapp:{WHATSAPP_NUMBER}", content_sid=sid)
    assert simulator.settle()
    anna.press(anna.messages[-1], 1)
    assert simulator.settle()

    params = product.messages()[-1]
    assert ("Button 1", "/1", "Button 1") == (params["Body"], params["ButtonPayload"], params["ButtonText"])
    assert asked.sid == params["OriginalRepliedMessageSid"]


def test_a_choice_from_a_list_says_which(
    simulator: TwilioSimulator, client: Client, product: Product, anna: Phone
) -> None:
    anna.send(WHATSAPP_NUMBER, "Hi", "whatsapp")
    picker = {"body": "Which?", "button": "Choose", "items": items(7)}
    sid = make_content(simulator, {"twilio/list-picker": picker}).json()["sid"]
    client.messages.create(to=f"whatsapp:{ANNA}", from_=f"whatsapp:{WHATSAPP_NUMBER}", content_sid=sid)
    assert simulator.settle()
    anna.choose(anna.messages[-1], 6)
    assert simulator.settle()

    params = product.messages()[-1]
    assert ("Item 6", "/6", "Item 6") == (params["Body"], params["ListId"], params["ListTitle"])
    with pytest.raises(ValueError, match="no such item"):
        anna.choose(anna.messages[-1], 7)


def test_a_place_is_sent_with_its_coordinates(simulator: TwilioSimulator, product: Product, anna: Phone) -> None:
    anna.send(WHATSAPP_NUMBER, channel="whatsapp", location=Location(52.52, 13.405, "Office", "Berlin"))
    assert simulator.settle()

    params = product.messages()[0]
    assert ("52.52", "13.405", "Office", "Berlin", "") == tuple(
        params[name] for name in ("Latitude", "Longitude", "Label", "Address", "Body")
    )


# Media.


def test_media_are_fetched_with_credentials_and_from_the_cdn_without(
    simulator: TwilioSimulator, product: Product, anna: Phone
) -> None:
    anna.send(WHATSAPP_NUMBER, "", "whatsapp", media=[PICTURE, ("audio/ogg", b"OggS")])
    assert simulator.settle()
    params = product.messages()[0]
    url = params["MediaUrl0"]
    redirect = requests.get(url, auth=AUTH, allow_redirects=False, timeout=30)
    cdn = redirect.headers["Location"]

    assert ("2", "image/png", "audio/ogg") == tuple(
        params[name] for name in ("NumMedia", "MediaContentType0", "MediaContentType1")
    )
    assert params["MessageSid"].startswith("MM")
    assert 401 == requests.get(url, timeout=30).status_code
    assert 307 == redirect.status_code
    assert PICTURE[1] == requests.get(cdn, timeout=30).content
    assert 400 == requests.get(cdn, auth=AUTH, timeout=30).status_code


def test_media_may_not_be_there_at_once(product: Product) -> None:
    with running_simulator(product.url, media_ready_after=3600) as simulator:
        simulator.phone(ANNA).send(SMS_NUMBER, "Look", media=[PICTURE])
        assert simulator.settle()
        url = product.messages()[0]["MediaUrl0"]

        assert 404 == requests.get(url, auth=AUTH, timeout=30).status_code
        simulator.media_ready_after = 0
        assert (
            200
            == requests.get(
                requests.get(url, auth=AUTH, allow_redirects=False, timeout=30).headers["Location"], timeout=5
            ).status_code
        )


def test_media_can_be_deleted_at_twilio(
    simulator: TwilioSimulator, client: Client, product: Product, anna: Phone
) -> None:
    sent = anna.send(SMS_NUMBER, "Look", media=[PICTURE])
    assert simulator.settle()
    url = product.messages()[0]["MediaUrl0"]
    cdn = requests.get(url, auth=AUTH, allow_redirects=False, timeout=30).headers["Location"]
    (listed,) = client.messages(sent.sid).media.list()

    assert "image/png" == listed.content_type
    assert client.messages(sent.sid).media(listed.sid).delete()
    assert 404 == requests.get(url, auth=AUTH, timeout=30).status_code
    assert 404 == requests.get(cdn, timeout=30).status_code
    assert [PICTURE[1]] == [medium.content for medium in anna.messages[0].media]


# STOP, START, HELP.


@pytest.mark.parametrize("word", ["STOP", "stopall", " Unsubscribe ", "CANCEL", "end", "Quit", "REVOKE", "optout"])
def test_stop_is_answered_by_the_number_itself_posted_and_obeyed(
    simulator: TwilioSimulator, client: Client, product: Product, anna: Phone, word: str
) -> None:
    anna.send(SMS_NUMBER, word)
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=ANNA, from_=SMS_NUMBER, body="Hello")
    assert simulator.settle()

    assert (21610, 400) == (refused.value.code, refused.value.status)
    assert ["customer", "carrier"] == [message.author for message in anna.messages]
    assert [word] == [params["Body"] for params in product.messages()]
    assert "OptOutType" not in product.messages()[0]
    client.messages.create(to=BEN, from_=SMS_NUMBER, body="Ben still gets it.")


def test_start_opts_in_again(simulator: TwilioSimulator, client: Client, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "STOP")
    anna.send(SMS_NUMBER, "yes")
    client.messages.create(to=ANNA, from_=SMS_NUMBER, body="Hello")
    assert simulator.settle()

    assert ["customer", "carrier", "customer", "carrier", "business"] == [message.author for message in anna.messages]


def test_yes_is_an_answer_when_nobody_opted_out(simulator: TwilioSimulator, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "YES")
    anna.send(SMS_NUMBER, "stop it please")
    assert ["customer", "customer"] == [message.author for message in anna.messages]


def test_help_is_answered_by_the_number_itself(simulator: TwilioSimulator, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "help")
    assert ["customer", "carrier"] == [message.author for message in anna.messages]


def test_twilio_does_not_handle_stop_on_whatsapp(simulator: TwilioSimulator, client: Client, anna: Phone) -> None:
    anna.send(WHATSAPP_NUMBER, "STOP", "whatsapp")
    client.messages.create(to=f"whatsapp:{ANNA}", from_=f"whatsapp:{WHATSAPP_NUMBER}", body="Hello")
    assert simulator.settle()

    assert ["customer", "business"] == [message.author for message in anna.messages]


def test_a_messaging_service_is_left_with_all_its_numbers(product: Product) -> None:
    numbers = (SMS_NUMBER, "+4915735980003")
    with running_simulator(product.url, sms=numbers, service_sid="MG" + "1" * 32, says_opt_out_type=True) as simulator:
        simulator.phone(ANNA).send(numbers[0], "STOP")
        with pytest.raises(TwilioRestException) as refused:
            twilio_client(simulator).messages.create(to=ANNA, from_=numbers[1], body="Hello")
        assert simulator.settle()

        assert 21610 == refused.value.code
        assert "STOP" == product.messages()[0]["OptOutType"]


# The webhook's answer.


@pytest.mark.parametrize(
    ("response", "warning"),
    [
        (lambda: Response("<Response/>", mimetype="text/xml"), None),
        (lambda: Response(status=204), None),
        (lambda: Response("", status=200), 11200),
        (lambda: Response("ok"), 11200),
        (lambda: Response("<Other/>"), 11200),
        (lambda: Response("no", status=403), 11200),
    ],
)
def test_an_answer_that_is_no_twiml_is_a_warning(
    simulator: TwilioSimulator, product: Product, anna: Phone, response: object, warning: int | None
) -> None:
    product.respond = response  # type: ignore[assignment]
    anna.send(SMS_NUMBER, "Hi")
    assert simulator.settle()

    (posted,) = simulator.webhooks
    assert warning == posted.warning
    assert 0 < posted.seconds < 5


def test_nobody_can_answer_with_another_document_type_bomb(
    simulator: TwilioSimulator, product: Product, anna: Phone
) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE Response [<!ENTITY e0 "x">{levels}]><Response>&e11;</Response>'
    product.respond = lambda: Response(bomb, mimetype="text/xml")
    anna.send(SMS_NUMBER, "Hi")
    assert simulator.settle()
    assert 11200 == simulator.webhooks[0].warning


def test_messages_of_one_phone_come_in_order(simulator: TwilioSimulator, product: Product, anna: Phone) -> None:
    ben = simulator.phone(BEN)
    for number in range(20):
        anna.send(SMS_NUMBER, f"{number}")
        ben.send(SMS_NUMBER, f"{number}")
    assert simulator.settle()

    for who in (ANNA, BEN):
        assert [str(number) for number in range(20)] == [
            one["Body"] for one in product.messages() if one["From"] == who
        ]


def test_a_number_that_is_not_the_products_cant_be_written_to(simulator: TwilioSimulator, anna: Phone) -> None:
    with pytest.raises(ValueError, match="not a number of the product"):
        anna.send("+4915735989999", "Hi")
    with pytest.raises(ValueError, match="nothing to send"):
        anna.send(SMS_NUMBER, "")
    with pytest.raises(ValueError, match="not a customer's number"):
        simulator.phone(SMS_NUMBER)


def test_time_only_goes_forward(simulator: TwilioSimulator) -> None:
    with pytest.raises(ValueError, match="forward"):
        simulator.forward(timedelta(hours=-1))
