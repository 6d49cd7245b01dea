"""Anna's phone: what she sends reaches the server as Twilio would bring it."""

from __future__ import annotations

from itertools import count
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from sqlalchemy import select
from twilio.request_validator import RequestValidator

from channels.conversation import Message
from channels.outbox import Delivery
from db import Database
from tests.server import Server

ACCOUNT, TOKEN = "AC" + "0" * 32, "a token"
OUR_SMS, OUR_WHATSAPP = "+4915735980001", "+4915735980002"
HERS = "+4915112345678"
SETTINGS = {
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_API_URL": "http://127.0.0.1:9",
    "SMS_NUMBERS": OUR_SMS,
    "WHATSAPP_NUMBERS": OUR_WHATSAPP,
    "PHONE_REGION": "DE",
}
"""Of a server whose Twilio can't be reached: what it sends stays in its outbox."""

_numbers = count(1)


def sends(server: Server, text: str, channel: str = "whatsapp", number: str = HERS, **more: str) -> None:
    prefix = "whatsapp:" if channel == "whatsapp" else ""
    ours = OUR_WHATSAPP if channel == "whatsapp" else OUR_SMS
    params = {
        "AccountSid": ACCOUNT,
        "MessageSid": f"SM{next(_numbers):032x}",
        "From": prefix + number,
        "To": prefix + ours,
        "Body": text,
        **more,
    }
    url = f"{server.url}/webhooks/twilio/{channel}"
    signature = RequestValidator(TOKEN).compute_signature(url, params)
    request = Request(url, urlencode(params).encode(), {"X-Twilio-Signature": signature})
    try:
        urlopen(request, timeout=10).close()
    except HTTPError as error:
        raise AssertionError(f"{error}: {server.log()[-2000:]}") from None


def digits_texted(server: Server) -> str:
    """The code in the last SMS that the server would send."""
    database = Database(server.database_url)
    messages = select(Message.text).join(Delivery, Delivery.message_id == Message.id).order_by(Delivery.id.desc())
    with database.reading() as session:
        found = next(text[:6] for text in session.scalars(messages) if text[:6].isdigit())
    database.close()
    return found
