"""Sends SMS."""

from __future__ import annotations

from dataclasses import replace

from channels.names import SMS
from channels.outbox import Outgoing, Sent, Transport, TransportError
from channels.saying import Link, saying_of
from channels.sms.form import sms_texts
from channels.sms.gsm import segments as count_segments
from channels.twilio.errors import OPTED_OUT
from channels.twilio.sending import Sending
from channels.twilio.status import opted_out
from db import Database, utc_now


def make_transport(database: Database, sending: Sending, link: Link, segments: int) -> Transport:
    """`segments`: how many an answer may have."""

    def send(outgoing: Outgoing) -> Sent:
        bodies = sms_texts(saying_of(outgoing.message), link, segments)
        try:
            return replace(
                sending.send_parts(outgoing, bodies), segments=sum(count_segments(one).count for one in bodies)
            )
        except TransportError as error:
            if error.code == OPTED_OUT:
                with database.transaction() as session:
                    # Not the message's channel: what began in WhatsApp may go by SMS.
                    opted_out(session, SMS, outgoing.address, utc_now())
            raise

    return send
