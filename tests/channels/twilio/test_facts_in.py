"""What comes from Twilio: one test or more for each fact of a correct integration, by its number."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from channels.attachments import Attachment
from channels.customer import Address, Customer
from channels.file_types import content_type
from channels.phone.phones import Phone
from db import Database
from tests.channels.twilio.conftest import House, a_house
from tests.channels.twilio.facing import SID, an_sms, picture, post, sms_of, whatsapp_of
from tests.phone import ACCOUNT_SID, ANNA, AUTH_TOKEN, SMS_NUMBER, WHATSAPP_NUMBER
from tests.waiting import until

# 1. The signature.


def test_fact_01_a_signed_message_is_taken_and_a_forged_one_is_refused_without_a_word(house: House) -> None:
    url = f"{house.url}/webhooks/twilio/sms"

    assert 200 == post(url, an_sms())[0]
    for forged in ("", "abc", RequestValidator("another token").compute_signature(url, an_sms())):
        status, said = post(url, an_sms(sid="SM" + "1" * 32), forged or "x")
        assert 403 == status
        assert not any(word in said.lower() for word in ("signature", "token", "twilio"))
    assert 1 == len(house.messages("customer"))


def test_fact_01_a_signature_cant_be_used_for_other_words_or_another_door(house: House) -> None:
    url = f"{house.url}/webhooks/twilio/sms"
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, an_sms("Hello"))

    assert 403 == post(url, an_sms("Give me everything"), signature)[0]
    assert 403 == post(f"{url}?more=1", an_sms("Hello"), signature)[0]
    assert 403 == post(f"{house.url}/webhooks/twilio/status", an_sms("Hello"), signature)[0]
    assert [] == house.messages()


def test_fact_01_behind_a_proxy_the_public_address_is_what_is_signed(sqlite_database: Database, tmp_path: Path) -> None:
    public = "https://help.example.com"
    with a_house(sqlite_database, tmp_path, {}, public_url=public) as house:
        path = "/webhooks/twilio/sms?a=%20b%2Fc"

        assert 200 == post(house.url + path, an_sms(), signed_url=public + path)[0]
        assert 403 == post(house.url + path, an_sms())[0]


def test_fact_01_another_accounts_messages_are_refused(house: House) -> None:
    url = f"{house.url}/webhooks/twilio/sms"
    assert 403 == post(url, an_sms() | {"AccountSid": "AC" + "9" * 32})[0]


# 2. All parameters, untrimmed.


def test_fact_02_unknown_and_untrimmed_parameters_are_part_of_the_signature(house: House) -> None:
    url = f"{house.url}/webhooks/twilio/sms"

    assert 200 == post(url, an_sms("  Hello \n", Neu="  kommt ohne Ankündigung ", Empty=""))[0]
    assert ["Hello"] == [message.text for message in house.messages("customer")]


def test_fact_02_json_is_signed_by_the_hash_of_its_body(house: House) -> None:
    body = json.dumps({"MessageSid": SID}).encode()
    url = f"{house.url}/webhooks/twilio/status?bodySHA256={sha256(body).hexdigest()}"
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, {})

    def status(content: bytes) -> int:
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/json"}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, content, headers), timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code

    assert [204, 403] == [status(body), status(body + b" ")]


def test_fact_02_status_callbacks_are_signed_too(house: House) -> None:
    url = f"{house.url}/webhooks/twilio/status?delivery=1"
    report = {"MessageSid": SID, "MessageStatus": "delivered", "AccountSid": ACCOUNT_SID}

    assert [204, 403] == [post(url, report)[0], post(url, report, "forged")[0]]


# 3. Store, then answer at once.


def test_fact_03_the_webhook_is_answered_with_twiml_while_the_bot_still_thinks(house: House, anna: Phone) -> None:
    house.bot.may_answer.clear()
    status, said = post(f"{house.url}/webhooks/twilio/sms", an_sms())

    assert 200 == status
    assert [] == house.bot.heard
    assert "Response" == ElementTree.fromstring(said).tag
    house.bot.may_answer.set()
    assert ["I heard: Hello"] == sms_of(anna)


def test_fact_03_what_is_no_message_is_answered_too_and_changes_nothing(house: House) -> None:
    url = f"{house.url}/webhooks/twilio/sms"
    for broken in ({"From": ""}, {"MessageSid": "1"}, {"From": "+1\u0000"}):
        assert 200 == post(url, an_sms() | broken)[0]
    assert [] == house.messages()


# 4. The same message twice.


def test_fact_04_one_sid_is_one_message_also_at_the_same_moment(database: Database, tmp_path: Path) -> None:
    with a_house(database, tmp_path, {}) as house:
        url = f"{house.url}/webhooks/twilio/sms"
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(lambda _: post(url, an_sms())[0], range(8)))

        assert [200] * 8 == statuses
        assert 1 == len(house.messages("customer"))
        assert ["I heard: Hello"] == sms_of(house.phone())


def test_fact_04_sms_and_whatsapp_of_a_new_number_at_one_moment_are_one_customer(
    database: Database, tmp_path: Path
) -> None:
    with a_house(database, tmp_path, {}) as house:
        by_sms, by_whatsapp = an_sms(sid="SM" + "1" * 32), an_sms(sid="SM" + "2" * 32)
        by_whatsapp |= {"From": f"whatsapp:{ANNA}", "To": f"whatsapp:{WHATSAPP_NUMBER}"}
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda one: post(f"{house.url}/webhooks/twilio/sms", one), (by_sms, by_whatsapp)))

        assert 1 == len(house.conversations())
        with house.database.reading() as session:
            assert 1 == len(list(session.scalars(select(Customer))))


# 11. Media.


def attachments(house: House) -> list[Attachment]:
    with house.database.reading() as session:
        return list(session.scalars(select(Attachment).order_by(Attachment.position)))


def test_fact_11_a_picture_is_fetched_checked_and_kept_and_the_customer_hears_of_it(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_house(sqlite_database, tmp_path, {"media_ready_after": 0.3}) as house:
        content = picture()
        house.phone().send(WHATSAPP_NUMBER, "", "whatsapp", media=[("image/jpeg", content)])
        until(lambda: house.bot.heard)
        until(lambda: attachments(house)[0].state == "stored")

        [kept] = attachments(house)
        assert (content, "image/png", len(content)) == (kept.content, kept.content_type, kept.size)
        assert "/sends_attachment" == house.bot.heard[0][0]


def test_fact_11_a_caption_is_the_question(house: House, anna: Phone) -> None:
    anna.send(WHATSAPP_NUMBER, "What is this part?", "whatsapp", media=[("image/png", picture())])

    assert ["I heard: What is this part?"] == whatsapp_of(anna)


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script>", b"<svg xmlns='x'/>", b"MZ\x90\0\x03", b"\x7fELF\x02\0", b"PK\x03\x04"],
)
def test_fact_11_what_it_is_counts_and_not_what_it_says_it_is(house: House, anna: Phone, content: bytes) -> None:
    anna.send(WHATSAPP_NUMBER, "", "whatsapp", media=[("image/png", content)])
    until(lambda: attachments(house) and attachments(house)[0].state == "refused")

    assert attachments(house)[0].content is None
    assert attachments(house)[0].reason
    assert "I could not open what you sent." in " ".join(whatsapp_of(anna, 2))


def test_fact_11_documents_and_voice_notes_are_known_by_their_content() -> None:
    known = {
        b"%PDF-1.7 ...": "application/pdf",
        b"OggS\0\x02 opus": "audio/ogg",
        b"\0\0\0\x20ftypisom....": "video/mp4",
        b"BEGIN:VCARD\nVERSION:3.0": "text/vcard",
        "Größe 42".encode(): "text/plain",
    }
    assert list(known.values()) == [content_type(content) for content in known]


def test_fact_11_what_is_too_large_is_not_kept(sqlite_database: Database, tmp_path: Path) -> None:
    with a_house(sqlite_database, tmp_path, {}, media_mb=1) as house:
        house.phone().send(WHATSAPP_NUMBER, "", "whatsapp", media=[("application/pdf", b"%PDF-" + b"x" * 1_100_000)])
        until(lambda: attachments(house) and attachments(house)[0].state == "refused")

        assert "It is larger than 1 MB." == attachments(house)[0].reason


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/2010-04-01/Accounts/{sid}/Messages/1/Media/1",
        "http://127.0.0.1:{other}/2010-04-01/Accounts/{sid}/Media/1",
        "{api}/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages/1/Media/1",
        "{api}/2010-04-01/Accounts/{sid}/../../../health",
        "file:///etc/passwd",
    ],
)
def test_fact_11_our_credentials_cant_be_had_by_a_forged_address(house: House, address: str) -> None:
    forged = address.format(sid=ACCOUNT_SID, api=house.simulator.api_url, other=house.url.rsplit(":", 1)[1])
    media = {"NumMedia": "1", "MediaUrl0": forged, "MediaContentType0": "image/png"}
    post(f"{house.url}/webhooks/twilio/sms", an_sms("", **media))
    until(lambda: attachments(house) and attachments(house)[0].state == "refused")

    assert "Its address is not one of Twilio's." == attachments(house)[0].reason


def test_fact_11_what_was_fetched_is_deleted_at_twilio_if_we_say_so(sqlite_database: Database, tmp_path: Path) -> None:
    with a_house(sqlite_database, tmp_path, {}, delete_media=True) as house:
        sent = house.phone().send(WHATSAPP_NUMBER, "", "whatsapp", media=[("image/png", picture())])
        until(lambda: attachments(house) and attachments(house)[0].state == "stored")

        until(lambda: not sent.media_at_twilio)


def test_fact_11_a_place_is_told_in_words(house: House, anna: Phone) -> None:
    post(
        f"{house.url}/webhooks/twilio/whatsapp",
        an_sms("", Latitude="51.34", Longitude="12.37", Label="Leipzig") | {"From": f"whatsapp:{ANNA}"},
    )
    [message] = until(lambda: house.messages("customer"))

    assert ("📍 Leipzig", "/sends_attachment") == (message.text, message.payload)
    assert 51.34 == message.extra["location"]["latitude"]


# 12. One number is one customer; a number is not needed.


def test_fact_12_sms_and_whatsapp_of_one_number_are_one_customer_and_one_conversation(
    house: House, anna: Phone
) -> None:
    anna.send(SMS_NUMBER, "Hello")
    sms_of(anna)
    anna.send(WHATSAPP_NUMBER, "It is me again", "whatsapp")

    assert ["I heard: It is me again"] == whatsapp_of(anna)
    assert 1 == len(house.conversations())
    assert [None, "sms"] == [context.elsewhere for _, context in house.bot.heard]


def test_fact_12_somebody_who_hides_their_number_is_a_customer_too(house: House) -> None:
    hidden = house.simulator.phone("whatsapp:BR.1503912345678901", "Carla")
    hidden.send(WHATSAPP_NUMBER, "Olá", "whatsapp")

    assert ["I heard: Olá"] == whatsapp_of(hidden)
    with house.database.reading() as session:
        assert ("BR.1503912345678901", "Carla") == (
            session.scalars(select(Address.value)).one(),
            session.scalars(select(Customer.name)).one(),
        )


def test_fact_12_two_people_cant_see_each_others_messages(house: House, anna: Phone, ben: Phone) -> None:
    anna.send(SMS_NUMBER, "I am Anna")
    ben.send(SMS_NUMBER, "I am Ben")

    assert (["I heard: I am Anna"], ["I heard: I am Ben"]) == (sms_of(anna), sms_of(ben))
    assert 2 == len(house.conversations())


# Not to copy from Rasa's connector.


def test_a_message_that_is_only_media_is_no_error(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "", media=[("image/png", picture())])

    assert ["I heard: /sends_attachment"] == sms_of(anna)


def test_every_character_comes_as_it_was_written(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "¡Hola! ¿Qué tal? @anna 😀")

    assert ["I heard: ¡Hola! ¿Qué tal? @anna 😀"] == sms_of(anna)
