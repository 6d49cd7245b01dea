"""Sends WhatsApp messages: with buttons and lists inside the 24 hours, by a template or as an SMS after them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from channels.customer import Address
from channels.formatting import as_plain
from channels.names import SMS, WHATSAPP
from channels.outbox import Outgoing, Redirected, Sent, Transport, TransportError
from channels.saying import Link, Saying, saying_of
from channels.twilio.errors import WINDOW_CLOSED, sentence
from channels.twilio.sending import Sending
from channels.whatsapp.contents import Contents
from channels.whatsapp.form import Form, Text, whatsapp_form, whatsapp_text
from db import Database

WINDOW = timedelta(hours=24)
"""How long after the customer's last message one may write freely:
https://www.twilio.com/docs/whatsapp/key-concepts#the-24-hour-customer-service-window
"""
IN_TEMPLATE = 500
"""Characters of a message that are put into a template."""
NOT_UNDERSTOOD = (21655, 21656, 63005, 63013, 63021)
"""A content was refused: the same is said in plain text."""


def make_transport(
    database: Database, sending: Sending, contents: Contents, link: Link, templates: Mapping[str, str]
) -> Transport:
    """`templates`: by language, the sid of an approved template with one variable, for after the 24 hours."""

    def send(outgoing: Outgoing) -> Sent:
        saying = saying_of(outgoing.message)
        if not _is_open(outgoing):
            return _send_template(outgoing, saying)
        try:
            return _send_form(outgoing, saying)
        except TransportError as error:
            if error.code in NOT_UNDERSTOOD:
                return _send_text(outgoing, whatsapp_text(saying, link))
            if error.code == WINDOW_CLOSED:
                return _send_template(outgoing, saying)
            raise

    def _send_form(outgoing: Outgoing, saying: Saying) -> Sent:
        form = whatsapp_form(saying, link)
        if isinstance(form, Text):
            return _send_text(outgoing, form)
        return sending.send(outgoing, contents.fields(form), form.body)

    def _send_text(outgoing: Outgoing, form: Text) -> Sent:
        if len(form.bodies) == 1:
            return sending.send(outgoing, {"body": form.bodies[0]}, form.bodies[0])
        return sending.send_parts(outgoing, form.bodies)

    def _send_template(outgoing: Outgoing, saying: Saying) -> Sent:
        # It may have gone as it is while that was allowed.
        taken = _taken_before(outgoing, saying)
        if taken:
            return taken
        template = templates.get(saying.locale)
        if template:
            text = _in_template(saying, link)
            fields = {"content_sid": template, "content_variables": json.dumps({"1": text})}
            return sending.send(outgoing, fields, text)
        instead = _sms_instead(database, outgoing)
        if instead:
            raise Redirected(instead, sentence(WINDOW_CLOSED))
        raise TransportError(sentence(WINDOW_CLOSED), permanent=True, code=WINDOW_CLOSED)

    def _taken_before(outgoing: Outgoing, saying: Saying) -> Sent | None:
        try:
            return sending.taken(outgoing, _last_body(whatsapp_form(saying, link)))
        except TransportError as error:
            if error.code == WINDOW_CLOSED:
                return None
            raise

    return send


def _in_template(saying: Saying, link: Link) -> str:
    """One line; where there are files, it has room for their addresses."""
    files = "".join(f" {link(file.url)}" for file in saying.files)
    return " ".join(as_plain(saying.text, link, saying.locale).split())[: max(0, IN_TEMPLATE - len(files))] + files


def _last_body(form: Form) -> str:
    return form.bodies[-1] if isinstance(form, Text) else form.body


def _is_open(outgoing: Outgoing) -> bool:
    return bool(outgoing.now and outgoing.heard_at and outgoing.now - outgoing.heard_at < WINDOW)


def _sms_instead(database: Database, outgoing: Outgoing) -> Address | None:
    """A number of the customer's from which they have written by SMS, and which they have not stopped."""
    with database.reading() as session:
        customer = select(Address.customer_id).filter_by(channel=WHATSAPP, value=outgoing.address).scalar_subquery()
        query = select(Address).where(
            Address.customer_id == customer,
            Address.channel == SMS,
            Address.heard_at.isnot(None),
            Address.stopped_at.is_(None),
        )
        found: Address | None = session.scalars(query.order_by(Address.heard_at.desc())).first()
        return found
