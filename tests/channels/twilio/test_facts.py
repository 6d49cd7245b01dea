"""What a correct Twilio integration must handle: one test or more for each fact, by its number."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from PIL import Image
from sqlalchemy import select, update
from twilio.request_validator import RequestValidator

from bot.reply import Button, Said
from channels.attachments import Attachment
from channels.consent import Consent
from channels.customer import Address, Customer
from channels.delivering import CLAIM
from channels.file_types import content_type
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
from tests.phone import ACCOUNT_SID, ANNA, AUTH_TOKEN, SMS_NUMBER, WHATSAPP_NUMBER
from tests.waiting import until

SID = "SM" + "0" * 32
Params = dict[str, str]


def an_sms(body: str = "Hello", sid: str = SID, **more: str) -> Params:
    return {"MessageSid": sid, "AccountSid": ACCOUNT_SID, "From": ANNA, "To": SMS_NUMBER, "Body": body, **more}


def post(
    url: str, params: Params, signature: str | None = None, signed_url: str = "", **headers: str
) -> tuple[int, str]:
    signature = signature or RequestValidator(AUTH_TOKEN).compute_signature(signed_url or url, params)
    request = urllib.request.Request(url, urlencode(params).encode(), {"X-Twilio-Signature": signature, **headers})
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def sms_of(phone: Phone, count: int = 1) -> list[str]:
    return [message.body for message in phone.wait_for(count, "sms", SMS_NUMBER)]


def whatsapp_of(phone: Phone, count: int = 1) -> list[str]:
    return [message.body for message in phone.wait_for(count, "whatsapp", WHATSAPP_NUMBER)]


def picture(size: int = 40) -> bytes:
    written = BytesIO()
    Image.new("RGB", (size, size), "teal").save(written, "PNG")
    return written.getvalue()


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
            with urllib.request.urlopen(urllib.request.Request(url, content, headers), timeout=5) as answer:
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
    house.bot.seconds = 2
    began = time.monotonic()
    status, said = post(f"{house.url}/webhooks/twilio/sms", an_sms())

    assert 200 == status
    assert time.monotonic() - began < house.bot.seconds
    assert "Response" == ElementTree.fromstring(said).tag
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
    house.simulator.faults.retry_after = 60
    house.simulator.faults.set(rate_limited=1)
    anna.send(SMS_NUMBER, "Hello")
    until(lambda: house.deliveries() and house.deliveries()[0].error)

    [delivery] = house.deliveries()
    assert ("pending", 20429) == (delivery.state, delivery.error_code)
    assert delivery.due_at - utc_now() > timedelta(seconds=50)
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
        urllib.request.build_opener(Stay).open(link, timeout=5)
    with redirected.value:
        return str(redirected.value.headers["Location"])


def test_fact_08_short_addresses_lead_nowhere_else(house: House) -> None:
    for path in ("zzzzzzzz", "1", "..%2f", "2" * 40, "%00"):
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"{house.url}/a/{path}", timeout=5)
        with missing.value:
            assert 404 == missing.value.code


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
    house.simulator.settle()

    assert ["failed"] == [one.state for one in house.deliveries()]
    assert ["carrier"] == [one.author for one in anna.messages if not one.is_inbound]


def test_fact_09_an_opt_out_that_only_twilio_knows_of_is_kept_when_it_tells(house: House, anna: Phone) -> None:
    house.simulator.faults.set(opted_out=1)
    anna.send(SMS_NUMBER, "Hello")

    assert [("stopped", "provider", "21610")] == until(lambda: consents(house))


# 10. Pace and loops.


def test_fact_10_a_number_keeps_its_pace(sqlite_database: Database, tmp_path: Path) -> None:
    with a_house(sqlite_database, tmp_path, {}, segments_per_second=0.1) as house:
        for number in (ANNA, "+4915187654321"):
            house.phone(number).send(SMS_NUMBER, "Hello")
        until(lambda: len(house.deliveries()) == 2)
        until(lambda: [one.state for one in house.deliveries()].count("sent") == 1)
        until(lambda: any(one.due_at > utc_now() + timedelta(seconds=5) for one in house.deliveries()))

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
    until(lambda: any(one.state == "pending" for one in house.deliveries()))
    time.sleep(0.5)

    assert 20 == [one.state for one in house.deliveries()].count("sent")


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


# 13. WhatsApp's 24 hours.


def late(house: House, anna: Phone, said: str = "Hello") -> None:
    """The reply to Anna's message waits until a day has passed."""
    house.simulator.faults.set(server_error=1)
    anna.send(WHATSAPP_NUMBER, said, "whatsapp")
    until(lambda: house.deliveries() and house.deliveries()[-1].error)
    house.simulator.forward(timedelta(hours=25))
    with house.database.transaction() as session:
        a_day_ago = utc_now() - timedelta(hours=25)
        session.execute(update(Address).where(Address.channel == "whatsapp").values(heard_at=a_day_ago))
    house.simulator.faults.set(server_error=0)
    house.hurry()


def test_fact_13_after_a_day_the_template_is_sent(sqlite_database: Database, tmp_path: Path) -> None:
    with a_house(sqlite_database, tmp_path, {}, template="Your answer from Fennimor: {{1}}") as house:
        late(house, house.phone())

        assert ["Your answer from Fennimor: I heard: Hello"] == whatsapp_of(house.phone())


def test_fact_13_without_a_template_it_goes_by_sms_to_whom_writes_by_sms(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "First by SMS")
    sms_of(anna)
    late(house, anna)

    assert "I heard: Hello" == sms_of(anna, 2)[-1]


def test_fact_13_otherwise_it_is_given_up_with_a_reason(house: House, anna: Phone) -> None:
    late(house, anna)
    until(lambda: house.deliveries()[0].state == "failed")

    assert (63016, SENTENCES[63016][0]) == (house.deliveries()[0].error_code, house.deliveries()[0].error)


def test_fact_13_a_window_that_closes_on_the_way_is_noticed_by_the_report(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with a_house(sqlite_database, tmp_path, {}, template="Your answer: {{1}}") as house:
        house.bot.seconds = 1.0
        house.phone().send(WHATSAPP_NUMBER, "Hello", "whatsapp")
        until(lambda: house.messages("customer"))
        house.simulator.forward(timedelta(hours=25))  # Their clock, not ours.

        assert (
            "Your answer: I heard: Hello"
            == until(
                lambda: [one.body for one in house.phone().messages if not one.is_inbound and one.status == "delivered"]
            )[-1]
        )


# 14. Buttons and lists.


def test_fact_14_up_to_three_options_are_buttons_and_a_pressed_one_is_a_choice(house: House, anna: Phone) -> None:
    house.says("Help me choose", 3)
    anna.send(WHATSAPP_NUMBER, "Help me choose", "whatsapp")
    [offered] = anna.wait_for(1, "whatsapp", WHATSAPP_NUMBER)
    assert ["Option 1", "Option 2", "Option 3"] == [button.title for button in offered.buttons]
    anna.press(offered, 1)
    whatsapp_of(anna, 2)

    assert "/chooses_option2" == house.bot.heard[-1][0]
    assert "Option 2" == house.messages("customer")[-1].text


@pytest.mark.parametrize("options", [4, 10])
def test_fact_14_up_to_ten_are_a_list(house: House, anna: Phone, options: int) -> None:
    house.says("Help me choose", options)
    anna.send(WHATSAPP_NUMBER, "Help me choose", "whatsapp")
    [offered] = anna.wait_for(1, "whatsapp", WHATSAPP_NUMBER)
    assert options == len(offered.items)
    anna.choose(offered, options - 1)
    whatsapp_of(anna, 2)

    assert f"/chooses_option{options}" == house.bot.heard[-1][0]


def test_fact_14_more_are_numbered(house: House, anna: Phone) -> None:
    house.says("Help me choose", 11)
    anna.send(WHATSAPP_NUMBER, "Help me choose", "whatsapp")

    [body] = whatsapp_of(anna)
    assert "11" in body
    assert "Option 11" in body


def test_fact_14_by_sms_options_are_numbered_in_one_message(house: House, anna: Phone) -> None:
    house.says("Help me choose", 3)
    anna.send(SMS_NUMBER, "Help me choose")

    [body] = sms_of(anna)
    assert ["1 Option 1", "2 Option 2", "3 Option 3"] == body.splitlines()[1:4]


def test_fact_14_shapes_are_registered_once(house: House, anna: Phone) -> None:
    house.says("Help me choose", 3)
    for count in (1, 2):
        anna.send(WHATSAPP_NUMBER, "Help me choose", "whatsapp")
        whatsapp_of(anna, count)

    assert 1 == len(house.simulator.contents)


def test_fact_14_lists_of_different_shapes_are_never_mistaken_for_each_other(house: House, anna: Phone) -> None:
    # Four described items have as many variables as six plain ones.
    long = tuple(Button(f"An option of more than twenty-four letters {n}", f"/chooses_option{n}") for n in range(4))
    house.bot.says["long"] = Said("Which one?", buttons=long)
    house.says("short", 6)
    for count, text in enumerate(("long", "short"), start=1):
        anna.send(WHATSAPP_NUMBER, text, "whatsapp")
        offered = anna.wait_for(count, "whatsapp", WHATSAPP_NUMBER)

    assert [4, 6] == [len(one.items) for one in offered]
    assert [button.title for button in long] == [item.description for item in offered[0].items]
    assert [f"Option {n}" for n in range(1, 7)] == [item.item for item in offered[1].items]


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


# 16. WhatsApp's own formatting.


def test_fact_16_markdown_becomes_whatsapps_formatting(house: House, anna: Phone) -> None:
    house.bot.says["Hello"] = Said("**Bold** and *slanted* and [a page](https://example.com/a_b_c)\n\n- one\n- two")
    anna.send(WHATSAPP_NUMBER, "Hello", "whatsapp")

    [body] = whatsapp_of(anna)
    assert "*Bold* and _slanted_" in body
    assert "https://example.com/a_b_c" in body
    assert "**" not in body
    assert "](" not in body


def test_fact_16_a_text_longer_than_one_body_comes_in_parts_and_each_once(house: House, anna: Phone) -> None:
    house.bot.says["Tell me all"] = Said("\n\n".join(f"Paragraph {n}. " + "word " * 60 for n in range(8)))
    anna.send(WHATSAPP_NUMBER, "Tell me all", "whatsapp")
    until(lambda: house.deliveries() and house.deliveries()[0].state == "sent")
    parts = whatsapp_of(anna, 2)

    assert all(len(part) <= 1600 for part in parts)
    assert 1 == sum("Paragraph 7" in part for part in parts)


# Not to copy from Rasa's connector.


def test_a_message_that_is_only_media_is_no_error(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "", media=[("image/png", picture())])

    assert ["I heard: /sends_attachment"] == sms_of(anna)


def test_every_character_comes_as_it_was_written(house: House, anna: Phone) -> None:
    anna.send(SMS_NUMBER, "¡Hola! ¿Qué tal? @anna 😀")

    assert ["I heard: ¡Hola! ¿Qué tal? @anna 😀"] == sms_of(anna)


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
