"""Going on by phone, over the doors that a chat page knocks at."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import segno
from limits.storage import MemoryStorage
from sqlalchemy import select

from app.settings import Settings
from app.wiring import Served, wire_web
from channels.conversation import Conversation, Message, messages_after
from channels.customer import Address, Customer
from channels.inbound import Inbound, Rules, receive
from channels.linking.codes import forget_codes
from channels.linking.continuing import Continuing, Ways, deep_link, draw
from channels.linking.heeding import heed_links
from channels.linking.texting import Texting
from channels.outbox import Delivery
from db import Database, utc_now
from tests.cast import MONDAY, echo
from tests.channels.linking.people import says
from tests.channels.linking.test_texted_codes import PHONE as SMS
from tests.channels.linking.test_texted_codes import RULES
from tests.channels.test_webchat import Page

SHOP = "https://shop.example"
SECRET = "a secret of the shop, 32 characters or more"
NUMBER = "+4915112345678"
SETTINGS = Settings(
    company="Fennimor",
    allowed_origins=(SHOP,),
    twilio_account_sid="AC" + "0" * 32,
    twilio_auth_token="token",
    twilio_api_url="http://127.0.0.1:9",
    sms_numbers=("+4915735980001",),
    whatsapp_numbers=("+4915735980002",),
    identity_secret=SECRET,
)


@pytest.fixture
def served(sqlite_database: Database) -> Iterator[Served]:
    served = wire_web(SETTINGS, sqlite_database, echo)
    yield served
    served.stop()


def post(served: Served, door: str, origin: str | None = SHOP, **body: Any) -> tuple[int, dict[str, Any]]:
    headers = {"Origin": origin} if origin else {}
    answer = served.app.test_client().post(f"/widget/{door}", json=body, headers=headers)
    return answer.status_code, answer.json or {}


def texted(database: Database) -> str:
    """The last digits that were put into the outbox."""
    with database.reading() as session:
        messages = select(Message.text).join(Delivery, Delivery.message_id == Message.id).order_by(Delivery.id.desc())
        return next(text[:6] for text in session.scalars(messages) if text[:6].isdigit())


def from_phone(database: Database, text: str, channel: str = "whatsapp") -> None:
    inbound = Inbound(channel, NUMBER, text, f"SM{text}", sender="+4915735980002")
    receive(database, inbound, utc_now(), Rules(heed=heed_links))


def test_the_chat_is_told_where_it_can_go_on(served: Served, sqlite_database: Database) -> None:
    config = served.app.test_client().get("/widget/config", headers={"Origin": SHOP}).json or {}
    assert {"sms": "+4915735980001", "whatsapp": "+4915735980002"} == config["phone"]

    without = wire_web(Settings(), sqlite_database, echo)
    assert (without.app.test_client().get("/widget/config").json or {})["phone"] is None
    assert 404 == post(without, "continue", None, session_id="x", channel="sms")[0]
    without.stop()


def test_a_link_opens_the_messenger_with_a_code(served: Served, sqlite_database: Database) -> None:
    page = Page(served)
    status, offer = post(served, "continue", session_id=page.session, channel="whatsapp", locale="de")

    assert (200, 10) == (status, offer["minutes"])
    link = urlsplit(offer["link"])
    assert ("wa.me", "/4915735980002") == (link.hostname, link.path)
    [text] = parse_qs(link.query)["text"]
    assert text.endswith(offer["code"])
    assert "fortsetzen" in text
    from_phone(sqlite_database, text)
    page.socket.emit("session_request", {"session_id": page.session, "after": 0})
    assert [["+49 ··· 78"]] == page.wait_for("phones")


def test_links_of_every_way() -> None:
    assert "https://wa.me/4930?text=a%20%26%20b" == deep_link("whatsapp", "+4930", "a & b")
    assert "sms:+4930?&body=a%20%26%20b%3F" == deep_link("sms", "+4930", "a & b?")
    there = deep_link("sms", "+4930", "a & b", "https://help.example/phone")
    assert "https://help.example/phone?channel=sms&to=%2B4930&text=a+%26+b" == there


def test_a_qr_code_is_drawn_as_it_is_with_its_quiet_zone() -> None:
    link = "https://wa.me/4915735980002?text=hello"
    qr = draw(link)
    bars = [tuple(map(int, bar)) for bar in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", qr.path)]
    dark = {(x + step, y) for x, y, length in bars for step in range(length)}

    code = segno.make_qr(link, error="l", boost_error=False)
    assert qr.size == code.symbol_size(border=4)[0]
    expected = {(x, y) for y, row in enumerate(code.matrix_iter(border=4)) for x, is_dark in enumerate(row) if is_dark}
    assert expected == dark


def test_the_digits_come_by_sms_and_connect(served: Served, sqlite_database: Database) -> None:
    page = Page(served)
    assert (200, {"sent": True}) == post(served, "text-code", session_id=page.session, number=NUMBER)
    status, answer = post(served, "check-code", session_id=page.session, code=texted(sqlite_database))

    assert (200, {"connected": ["+49 ··· 78"]}) == (status, answer)
    assert page.heard("missed")
    with sqlite_database.reading() as session:
        said = session.scalars(select(Message.text).order_by(Message.created_at)).all()
        assert "@shop.example #" in said[0]
        assert "NOT ME" in said[1]


def test_a_code_does_not_renew_what_is_over_by_silence(sqlite_database: Database) -> None:
    texting = Texting(RULES, MemoryStorage())
    continuing = Continuing(sqlite_database, Ways(), texting, timedelta(hours=5))
    with sqlite_database.transaction() as session:
        old = says(session, SMS, "my secret", MONDAY)
    continuing.text_code("anna", NUMBER, "192.0.2.1", "en", None, MONDAY + timedelta(hours=5, minutes=1))
    receive(sqlite_database, Inbound("sms", NUMBER, "Hello", "SM1"), MONDAY + timedelta(hours=6))

    with sqlite_database.reading() as session:
        first, new = session.execute(
            select(Conversation.close_reason, Conversation.id).order_by(Conversation.opened_at)
        ).all()
        assert (old.id, "silence") == (first.id, first.close_reason)
        assert ["Hello"] == [one.text for one in messages_after(session, new.id, 1)]


def test_the_digits_cant_be_read_in_what_was_said_after_their_time(sqlite_database: Database) -> None:
    continuing = Continuing(sqlite_database, Ways(), Texting(RULES, MemoryStorage()))
    receive(sqlite_database, Inbound("sms", NUMBER, "My order is 123456", "SM1"), MONDAY)
    continuing.text_code("anna", NUMBER, "192.0.2.1", "en", "shop.example", MONDAY)
    digits = texted(sqlite_database)

    for minutes, is_masked in ((9, False), (10, True), (60 * 48, True)):
        with sqlite_database.transaction() as session:
            forget_codes(session, MONDAY + timedelta(minutes=minutes))
        with sqlite_database.reading() as session:
            asked, said = session.scalars(select(Message.text).order_by(Message.seq)).all()
        assert "My order is 123456" == asked
        assert is_masked == (digits not in said)
        assert said.replace("······", digits).endswith(f"\n\n@shop.example #{digits}")


@pytest.mark.parametrize(
    ("door", "body", "reason"),
    [
        ("text-code", {"number": "123"}, "no_number"),
        ("text-code", {"number": ["x"]}, "no_number"),
        ("text-code", {}, "no_number"),
        ("check-code", {"code": "123456"}, "no_code"),
        ("check-code", {}, "no_code"),
        ("continue", {"channel": "fax"}, "no_way"),
        ("continue", {"channel": {"a": 1}}, "no_way"),
        ("continue", {}, "no_way"),
    ],
)
def test_what_cant_be_done_is_refused_in_words(served: Served, door: str, body: dict[str, Any], reason: str) -> None:
    for locale, word in (("en", "is no|No code|can't"), ("de", "ist kein|wurde kein|geht hier nicht")):
        status, answer = post(served, door, session_id=Page(served).session, locale=locale, **body)
        assert (400, reason) == (status, answer["reason"])
        assert re.search(word, answer["error"])


def test_an_attempt_that_is_refused_is_counted(served: Served, sqlite_database: Database) -> None:
    session = Page(served).session
    post(served, "text-code", session_id=session, number=NUMBER)
    right = texted(sqlite_database)
    wrong = "000000" if right != "000000" else "000001"
    reasons = [post(served, "check-code", session_id=session, code=wrong)[1]["reason"] for _ in range(5)]

    assert ["wrong"] * 4 + ["too_many_tries"] == reasons
    assert "too_many_tries" == post(served, "check-code", session_id=session, code=right)[1]["reason"]


@pytest.mark.usefixtures("one_moment")
def test_codes_cant_be_asked_for_without_end(sqlite_database: Database) -> None:
    served = wire_web(replace(SETTINGS, network_rate="3/minute"), sqlite_database, echo)
    answers = [post(served, "continue", session_id=Page(served).session, channel="sms") for _ in range(5)]
    served.stop()

    assert [200, 200, 200, 429, 429] == [status for status, _ in answers]


def test_too_many_codes_are_too_many(served: Served) -> None:
    session = Page(served).session
    answers = [post(served, "text-code", session_id=session, number=NUMBER) for _ in range(6)]

    assert [200] * 5 + [429] == [status for status, _ in answers]


@pytest.mark.parametrize("door", ["continue", "text-code", "check-code"])
@pytest.mark.parametrize("session_id", ["forged", None, 5, "x" * 1000])
def test_nobody_can_go_on_with_a_session_they_forged(served: Served, door: str, session_id: object) -> None:
    status, answer = post(served, door, session_id=session_id, channel="sms", number=NUMBER, code="1")
    assert (400, "forged") == (status, answer["reason"])


@pytest.mark.parametrize("door", ["continue", "text-code", "check-code"])
def test_a_site_that_is_not_allowed_can_do_nothing(served: Served, sqlite_database: Database, door: str) -> None:
    body = {"session_id": Page(served).session, "channel": "sms", "number": NUMBER, "code": "1"}
    status, answer = post(served, door, "https://evil.example", **body)

    assert (403, "not_allowed") == (status, answer["reason"])
    with sqlite_database.reading() as session:
        assert [] == session.scalars(select(Address)).all()


def test_a_browser_may_ask_from_another_site(served: Served) -> None:
    answer = served.app.test_client().options("/widget/continue", headers={"Origin": SHOP})

    assert (200, SHOP) == (answer.status_code, answer.headers["Access-Control-Allow-Origin"])
    assert "Content-Type" == answer.headers["Access-Control-Allow-Headers"]


def test_a_code_in_a_message_is_heard_and_the_rest_is_answered(served: Served, sqlite_database: Database) -> None:
    page = Page(served)
    page.say("Where is my parcel?")
    page.wait_for("bot_uttered")
    _, offer = post(served, "continue", session_id=page.session, channel="whatsapp")
    from_phone(sqlite_database, f"{offer['code']} and when does it come?")

    again = Page(served, session_id=page.session, after=0)
    [thread] = again.wait_for("thread")
    said = [(one["metadata"]["channel"], one["metadata"]["author"], one["text"]) for one in thread]
    assert ("whatsapp", "customer", "and when does it come?") in said
    assert [("whatsapp", "bot")] == [one[:2] for one in said if "Connected" in one[2]]


def test_after_not_me_the_page_knows_no_phone(served: Served, sqlite_database: Database) -> None:
    page = Page(served)
    _, offer = post(served, "continue", session_id=page.session, channel="whatsapp")
    from_phone(sqlite_database, offer["code"])
    from_phone(sqlite_database, "not me")

    assert [[]] == Page(served, session_id=page.session, after=0).wait_for("phones")


# Who is signed in.


def identity(sub: str, key: str = SECRET, **more: Any) -> str:
    return jwt.encode({"sub": sub, "name": sub.title(), "exp": time.time() + 3600} | more, key, "HS256")


def names(database: Database) -> list[str | None]:
    with database.reading() as session:
        people = select(Customer.name).where(Customer.id.in_(select(Address.customer_id)))
        return sorted(session.scalars(people), key=str)


def test_a_page_that_says_who_it_is_is_known(served: Served, sqlite_database: Database) -> None:
    page = Page(served, identity=identity("anna"))
    assert ["Anna"] == names(sqlite_database)

    other = Page(served, identity=identity("anna"))
    with sqlite_database.reading() as session:
        assert 1 == len({one.customer_id for one in session.scalars(select(Address))})
    assert page.session != other.session


def test_a_number_that_the_site_verifies_later_is_connected_then(served: Served) -> None:
    page = Page(served, identity=identity("anna"))
    verified = identity("anna", phone_number=NUMBER, phone_number_verified=True)

    assert [["+49 ··· 78"]] == Page(served, session_id=page.session, identity=verified, after=0).wait_for("phones")


def test_a_page_that_signs_in_somebody_else_begins_anew(served: Served, sqlite_database: Database) -> None:
    anna = Page(served, identity=identity("anna"))
    anna.say("my secret")
    anna.wait_for("bot_uttered")
    ben = Page(served, session_id=anna.session, identity=identity("ben"), after=0)

    assert ben.session != anna.session
    assert [[]] == ben.wait_for("thread")
    assert ["Anna", "Ben"] == names(sqlite_database)


def test_a_page_that_changes_who_it_is_cant_hear_the_one_before(served: Served) -> None:
    page = Page(served, identity=identity("anna"))
    tab = Page(served, session_id=page.session, identity=identity("anna"))
    page.socket.emit("session_request", {"session_id": page.session, "identity": identity("ben")}, callback=True)
    tab.say("my secret")
    tab.wait_for("bot_uttered")

    assert [] == page.heard("bot_uttered", "user_said")


def test_after_signing_out_nothing_can_be_read(served: Served) -> None:
    anna = Page(served, identity=identity("anna"))
    anna.say("my secret")
    anna.wait_for("bot_uttered")
    out = Page(served, session_id=anna.session, identity="", after=0)

    assert out.session != anna.session
    assert [[]] == out.wait_for("thread")


def test_a_visitor_who_never_signed_in_keeps_the_chat_where_nobody_is(served: Served) -> None:
    page = Page(served)
    assert page.session == Page(served, session_id=page.session, identity="").session


@pytest.mark.parametrize("token", ["forged", identity("anna", "x" * 32), 5, ["x"], "x" * 10_000])
def test_a_forged_identity_cant_change_anything_and_the_developer_is_told(
    served: Served, sqlite_database: Database, token: object
) -> None:
    page = Page(served)
    again = Page(served, session_id=page.session, identity=token)

    assert page.session == again.session
    assert again.wait_for("identity")[0]["problem"]
    with sqlite_database.reading() as session:
        assert [] == session.scalars(select(Address)).all()


def test_where_no_key_is_set_no_identity_is_believed(sqlite_database: Database) -> None:
    served = wire_web(replace(SETTINGS, identity_secret=""), sqlite_database, echo)
    page = Page(served, identity=identity("anna"))
    served.stop()

    assert "IDENTITY_SECRET" in page.wait_for("identity")[0]["problem"]
