"""What the tests of Twilio's facts say and read: signed posts, and what a phone got."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

from PIL import Image
from sqlalchemy import update
from twilio.request_validator import RequestValidator

from channels.customer import Address
from channels.phone.phones import Phone
from db import utc_now
from tests.channels.twilio.conftest import House
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
        with urllib.request.urlopen(request, timeout=30) as answer:
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
